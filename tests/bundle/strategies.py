"""Hypothesis strategies for valid bundles and for leads as odd as CRMs make them; tests get it as a fixture."""

import datetime
import math
from collections import UserDict
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from leadqual.bundle import (
    AppliedEdits,
    Band,
    Bundle,
    Evidence,
    FieldPoints,
    Grade,
    Measure,
    Performance,
    PointsTable,
    Policy,
    ProbabilityCurve,
    Provenance,
    ReliabilityBin,
    ScoreScale,
    SignOff,
)
from leadqual.bundle.declared import Amount, Count, Points, Share
from leadqual.bundle.missing_codes import MissingCodes
from leadqual.bundle.policy_facts import POLICY_FACTS
from leadqual.bundle.values import MISSING_VALUES, is_missing
from leadqual.fact import Fact

MISSING_CODES = ("-999", "3", "99999.0", "-99.9", "0", "unknown")
CATEGORIES = ("Webinar", "Fair", "3", "0", "1", "yes", "no", "1.5", "Großkunde", "select x", "(average)", "True", "2.0")

texts = st.text(st.characters(codec="utf-8"), max_size=20)
names = texts.filter(bool)
counts = st.integers(0, 2**53)
shares = st.floats(0, 1)
amounts = st.floats(0, 1e12)
finite = st.floats(allow_nan=False, allow_infinity=False)
whole_points = st.integers(-60, 60)


@st.composite
def numeric_fields(draw, name="visits"):
    edges = sorted(draw(st.sets(st.one_of(st.integers(-5, 40).map(float), finite), max_size=5)))
    ends = [None, *edges, None]
    bands = [
        Band(f"band {i}", draw(whole_points), draw(shares), interval=(ends[i], ends[i + 1]))
        for i in range(len(ends) - 1)
    ]
    missing = draw(st.sampled_from(("none", "own", "first")))
    if missing == "own":
        bands.append(Band("missing", draw(whole_points), missing=True))
    elif missing == "first":
        bands[0] = replace(bands[0], missing=True)
    seen = draw(st.none() | st.tuples(finite, finite).map(sorted).map(tuple))
    return FieldPoints(
        name, "numeric", tuple(bands), draw(whole_points), draw(st.sampled_from(".,")), seen, **_rest(draw)
    )


@st.composite
def listed_fields(draw, name="source", kind="category", values=CATEGORIES):
    chosen = draw(st.lists(st.sampled_from(values), unique=True, max_size=6))
    if kind == "category":
        own = names.map(str.strip).filter(lambda text: text and not is_missing(text) and text not in chosen)
        chosen += draw(st.lists(own, unique=True, max_size=2))
    bands = [Band(value, draw(whole_points), draw(shares), values=(value,)) for value in chosen]
    if len(bands) > 2:
        bands[:2] = [Band("two", draw(whole_points), values=(chosen[0], chosen[1]))]
    if not bands or draw(st.booleans()):
        bands.append(Band("missing", draw(whole_points), missing=True))
    if draw(st.booleans()):
        bands.append(Band("other", draw(whole_points), other=True))
    return FieldPoints(name, kind, tuple(bands), draw(whole_points), **_rest(draw))


def _rest(draw):
    return {
        "dimension": draw(st.none() | names),
        "actionable": draw(st.booleans()),
        "thousands": draw(st.none() | st.sampled_from(("'", " "))),
        "aliases": tuple(draw(st.lists(names.map("alias of {}".format), unique=True, max_size=2))),
    }


@st.composite
def points_tables(draw):
    kinds = draw(st.lists(st.sampled_from(("numeric", "category", "boolean")), max_size=5))
    columns = draw(st.lists(names, min_size=len(kinds), max_size=len(kinds), unique=True))
    fields = [
        draw(
            numeric_fields(name)
            if kind == "numeric"
            else listed_fields(name, kind, CATEGORIES if kind == "category" else ("yes", "no"))
        )
        for name, kind in zip(columns, kinds, strict=True)
    ]
    missing_values = (*MISSING_VALUES, *draw(st.lists(st.sampled_from(MISSING_CODES), unique=True, max_size=2)))
    # a value that is read as missing is no value of a band
    fields = [without_missing(field, missing_values) for field in fields]
    return PointsTable(
        tuple(fields),
        draw(st.integers(-200, 200)),
        draw(st.integers(1, 100)),
        missing_values,
        draw(st.sampled_from((1, 2))),
    )


def without_missing(field, missing_values):
    """Return the field with bands that list no value which is read as missing."""
    nothing = MissingCodes.of(missing_values)
    if field.kind != "category":
        return field
    bands = [replace(band, values=tuple(v for v in band.values if not is_missing(v, nothing))) for band in field.bands]
    kept = [band for band in bands if band.values or band.missing or band.other]
    return replace(field, bands=tuple(kept) or (Band("other", 0, other=True),))


@st.composite
def probability_curves(draw):
    entries = draw(st.lists(st.tuples(*[st.floats(1e-6, 1 - 1e-6)] * 3).map(sorted), min_size=1, max_size=30))
    middle = sorted(entry[1] for entry in entries)
    low = [min(entry[0], value) for entry, value in zip(entries, middle, strict=True)]
    high = [max(entry[2], value) for entry, value in zip(entries, middle, strict=True)]
    leads = draw(counts)
    return ProbabilityCurve(
        draw(st.integers(-100, 150)),
        tuple(middle),
        tuple(low),
        tuple(high),
        draw(st.floats(0.01, 0.99)),
        draw(names),
        draw(texts),
        leads,
        draw(st.integers(0, leads)),
    )


@st.composite
def policy_facts(draw):
    """One of the facts that say how a policy was chosen, with any figures that its code takes."""
    code = draw(st.sampled_from(sorted(POLICY_FACTS)))
    grades = st.lists(st.sampled_from("ABCD"), max_size=4).map(tuple)
    drawn = {Amount: amounts, Count: counts, Points: whole_points, Share: shares}
    return Fact(code, {name: draw(drawn.get(kind, grades)) for name, kind in POLICY_FACTS[code].items()})


@st.composite
def policies(draw):
    minima = sorted(draw(st.lists(st.integers(-100, 250), max_size=4)), reverse=True)
    optional = [st.none() | amounts, st.none() | shares, st.none() | amounts, st.none() | shares]
    grades = [Grade("ABCDE"[i], points, *map(draw, optional)) for i, points in enumerate([*minima, None])]
    mql, sql = sorted(draw(st.tuples(st.integers(-100, 250), st.integers(-100, 250))))
    return Policy(
        tuple(grades),
        mql,
        sql,
        draw(texts | st.lists(policy_facts(), max_size=3).map(tuple)),
        draw(st.none() | amounts),
        draw(st.none() | shares),
        draw(st.none() | shares),
    )


@st.composite
def evidences(draw):
    tested = draw(counts)
    measure = st.builds(Measure, names, st.none() | finite, st.none() | finite, st.none() | finite)
    measures = st.lists(measure, max_size=3, unique_by=lambda measure: measure.name).map(tuple)
    performances = st.lists(st.builds(Performance, names, measures), max_size=3, unique_by=lambda found: found.who)
    bins = st.lists(st.builds(ReliabilityBin, shares, shares, counts), max_size=3).map(tuple)
    return Evidence(
        draw(texts),
        draw(st.none() | texts),
        draw(st.none() | texts),
        draw(counts),
        tested,
        draw(st.integers(0, tested)),
        tuple(draw(performances)),
        draw(bins),
        tuple(draw(st.lists(texts, max_size=2))),
    )


@st.composite
def provenances(draw):
    won, lost = draw(st.integers(0, 2**40)), draw(st.integers(0, 2**40))
    days = [draw(st.none() | texts) for _ in range(3)]
    pairs = st.lists(st.tuples(names, texts), max_size=2).map(tuple)
    said = [draw(texts) for _ in range(4)]
    numbers = (draw(counts), won + lost, won, lost, draw(counts))
    by = st.sampled_from(("override", "refit"))
    step = st.builds(AppliedEdits, by, st.lists(names, max_size=2).map(tuple), policies())
    edits = tuple(draw(st.lists(step, max_size=2)))
    learned = draw(points_tables()) if edits else None
    seed = draw(st.integers(-(2**53), 2**53))
    return Provenance(*said, *numbers, *days, seed, draw(pairs), draw(pairs), learned, edits)


@st.composite
def bundles(draw):
    bundle = Bundle(
        draw(names),
        draw(st.none() | st.integers(1, 5000)),
        draw(st.floats(1e-9, 1 - 1e-9)),
        draw(points_tables()),
        draw(probability_curves()),
        ScoreScale(
            draw(st.integers(-100, 150)),
            tuple(sorted(draw(st.lists(st.integers(0, 100), min_size=1, max_size=40)))),
        ),
        draw(policies()),
        draw(provenances()),
        draw(st.none() | evidences()),
        tuple(draw(st.lists(texts, max_size=2))),
        draw(st.none() | names),
    )
    signed = st.builds(SignOff, names, names, texts, st.just(bundle.digest), texts)
    return replace(bundle, sign_offs=tuple(draw(st.lists(signed, max_size=2))))


class Hostile:
    """Raises whatever is asked of it."""

    __hash__ = None

    def __eq__(self, other):
        raise RuntimeError("no comparison")

    def __ne__(self, other):
        raise RuntimeError("no comparison")

    def __str__(self):
        raise RuntimeError("no text")

    __repr__ = __str__

    def __float__(self):
        raise RuntimeError("no number")

    def __getattr__(self, name):
        raise RuntimeError("no attribute")


odd_values = st.sampled_from(
    [
        *(None, float("nan"), float("inf"), -float("inf"), pd.NA, pd.NaT, np.datetime64("NaT"), np.float64("nan")),
        *(True, False, np.True_, np.False_, 0, 1, 1.0, 3.0, -0.0, 1.5, 2**53 + 1, -(2**70), 10**400, 10**5000),
        *(
            -999,
            -999.0,
            "-999",
            "-999.0",
            "-999,0",
            Decimal("-999"),
            np.int16(-999),
            np.float32(-99.9),
            "-99.90",
            -99.9,
        ),
        *(np.float32(0.7), np.float32(0.1), np.float16(0.7), np.float32(3.4e38), np.float16("inf"), np.float32("nan")),
        *(np.int64(3), np.uint8(1), np.float32(1.5), np.float64(2.0), np.longdouble(3), 2 + 1j, np.complex128(1)),
        *(Decimal("1.50"), Decimal("1.5"), Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal(3)),
        *("", " ", "Select", " N/A ", "nan", "-", "<NA>", " Webinar ", "webinar", "Fair", "YES", "f", "on", "0"),
        *(
            "3",
            "3.0",
            " 7 ",
            "1,234.5",
            "1.234,5",
            "12,50",
            "€ 99",
            "5 %",
            "1e3",
            "1e999",
            "-4",
            "\u22124",
            "a lot",
            "٣",
        ),
        *("x" * 200, "\ud800", "a\x00b", "Großkunde", "yes", "no", "2.0"),
        *([], [3], (1, 2), {"a": 1}, {1}, b"3", bytearray(b"3"), np.array(3.0), np.array([1, 2]), np.str_("Fair")),
        *(datetime.datetime(2026, 5, 1, 12), datetime.date(2026, 5, 1), datetime.timedelta(3)),
        *(pd.Timestamp("2026-05-01", tz="UTC"), np.datetime64("2026-05-01"), np.timedelta64(3, "D"), UserDict()),
        *(object, len, Hostile(), pd.Interval(0, 1), pd.Period("2026-05"), pd.Series([1, 2])),
    ]
)


def raw_values(field):
    """Values of one field: those it knows, its edges, and everything odd."""
    known = [value for band in field.bands for value in band.values]
    for band in field.bands:
        for edge in band.interval or ():
            if edge is not None:
                known += [edge, math.nextafter(edge, -math.inf), str(edge)]
    usual = st.sampled_from(known) if known else st.nothing()
    return st.one_of(usual, odd_values, finite, st.integers(-50, 50), st.text(max_size=5))


@st.composite
def leads(draw, table):
    """One lead, from which fields may be absent and to which others may be added."""
    found = {field.name: draw(raw_values(field)) for field in table.fields if draw(st.integers(0, 5))}
    return found | draw(st.dictionaries(st.sampled_from(("extra", "id")), odd_values, max_size=1))
