"""The layout of a bundle's file: which keys it has, in which order, and how they are set in lines that diff well."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from leadqual.bundle.contents import Contents
from leadqual.bundle.evidence import Evidence, Measure, Performance, ReliabilityBin
from leadqual.bundle.field_points import Band, Choice, FieldPoints
from leadqual.bundle.points_table import PointsTable
from leadqual.bundle.policy import Grade, Policy
from leadqual.bundle.probability_curve import ProbabilityCurve
from leadqual.bundle.provenance import AppliedEdits, Provenance
from leadqual.bundle.record import Reader, choice, flag, number, optional, pair, record, several, text, whole
from leadqual.bundle.score_scale import ScoreScale
from leadqual.bundle.sign_off import SignOff
from leadqual.errors import BundleError

__all__ = ["LINE_LENGTH", "plain", "read_bundle", "render"]

LINE_LENGTH = 160
B = TypeVar("B", bound=Contents)
LARGEST_POINTS = 1_000_000  # sums of them stay exact in every language that reads the file

_points = whole(-LARGEST_POINTS, LARGEST_POINTS)
_count = whole(0)
_share = number(0, 1)
_words = text()
_name = text(empty=False)


def _read_entry(value: object, where: str) -> tuple[int, float, float, float]:
    if not isinstance(value, list) or len(value) != 4:
        raise BundleError(f"{where} has the wrong length, must be [points, probability, low, high]")
    return (
        _points(value[0], f"{where}[1]"),
        number(0, 1, inside=True)(value[1], f"{where}[2]"),
        _share(value[2], f"{where}[3]"),
        _share(value[3], f"{where}[4]"),
    )


def _curve(entries: tuple[tuple[int, float, float, float], ...], **rest: Any) -> ProbabilityCurve:
    if not entries:
        raise BundleError("curve.entries is empty, must hold at least one entry")
    points, probability, low, high = zip(*entries, strict=True)
    step = next((i for i, value in enumerate(points) if value != points[0] + i), None)
    if step is not None:
        raise BundleError(f"curve.entries[{step + 1}] is out of step, must be for one point more than the one before")
    return ProbabilityCurve(first_points=points[0], probability=probability, low=low, high=high, **rest)


_band = record(
    Band,
    label=_name,
    points=_points,
    share=_share,
    values=several(text()),
    interval=optional(pair(optional(number()), optional(number()))),
    missing=flag,
    other=flag,
)
_field = record(
    FieldPoints,
    name=_name,
    kind=choice("numeric", "category", "boolean"),
    bands=several(_band),
    average_points=_points,
    decimal=choice(".", ","),
    seen=optional(pair(number(), number())),
    dimension=optional(_name),
    actionable=flag,
    thousands=optional(choice(".", ",", "'", " ")),
    aliases=several(_name),
    choice=optional(record(Choice, column=_name, choice=_name, separator=choice(";", ",", "|", "json"))),
)
_table = record(
    PointsTable,
    fields=several(_field),
    base_points=_points,
    points_to_double_odds=whole(1, LARGEST_POINTS),
    missing_values=several(_words),
    reading=whole(1, 2),
)
_probability_curve = record(
    _curve,
    entries=several(_read_entry),
    coverage=number(0, 1, inside=True),
    method=_name,
    interval_method=_words,
    leads=_count,
    wins=_count,
)
_grade = record(
    Grade,
    name=_name,
    minimum_points=optional(_points),
    follow_up_hours=optional(number(0)),
    share=optional(_share),
    per_week=optional(number(0)),
    win_rate=optional(_share),
)
_policy = record(
    Policy,
    grades=several(_grade),
    mql_points=_points,
    sql_points=_points,
    chosen_by=_words,
    capacity_per_week=optional(number(0)),
    capacity_share=optional(_share),
    explore=optional(_share),
)
_provenance = record(
    Provenance,
    created_at=_words,
    command=_words,
    data_fingerprint=_words,
    schema_digest=_words,
    leads=_count,
    mature=_count,
    won=_count,
    lost=_count,
    open=_count,
    first_lead=optional(_words),
    last_lead=optional(_words),
    as_of=optional(_words),
    seed=whole(),
    settings=several(pair(_name, _words)),
    versions=several(pair(_name, _words)),
    learned=optional(_table),
    edits=several(record(AppliedEdits, by=choice("override", "refit"), edits=several(_name), policy=_policy)),
)
_measure = record(Measure, name=_name, value=optional(number()), low=optional(number()), high=optional(number()))
_evidence = record(
    Evidence,
    method=_words,
    test_from=optional(_words),
    test_to=optional(_words),
    trained_on=_count,
    tested_on=_count,
    wins=_count,
    performances=several(record(Performance, who=_name, measures=several(_measure))),
    reliability=several(record(ReliabilityBin, predicted=_share, actual=_share, leads=_count)),
    warnings=several(_words),
)
_CONTENTS: dict[str, Reader[Any]] = {
    "name": _name,
    "window_days": optional(whole(1)),
    "base_rate": number(0, 1, inside=True),
    "points_table": _table,
    "curve": _probability_curve,
    "scale": record(ScoreScale, first_points=_points, score=several(whole(0, 100))),
    "policy": _policy,
    "provenance": _provenance,
    "evidence": optional(_evidence),
    "constraints": several(_words),
    "id_field": optional(_name),
    "account_field": optional(_name),
    "sign_offs": several(
        record(SignOff, name=_name, role=_name, signed_at=_words, digest=_words, comment=_words, signature=_words)
    ),
}


def read_bundle(value: object, build: Callable[..., B]) -> B:
    """Return what ``build`` makes of a bundle as plain data, read strictly.

    Parameters
    ----------
    value
        What `plain` gave.
    build
        `Contents`, or the bundle that extends it.

    Raises
    ------
    BundleError
        When a key is missing or unknown, or a value is not what its field takes; the message says where.
    """
    return record(build, **_CONTENTS)(value, "")


def plain(value: Any) -> Any:
    """Return a bundle, or any part of it, as the dicts, lists and scalars of its file.

    A probability curve becomes one entry ``[points, probability, low, high]`` per whole point, so that a changed
    curve reads as changed lines. Numbers of numpy become Python's.
    """
    if isinstance(value, ProbabilityCurve):
        return _plain_curve(value)
    if hasattr(value, "__dataclass_fields__"):
        return {key: plain(getattr(value, key)) for key in value.__dataclass_fields__}
    if isinstance(value, (tuple, list)):
        return [plain(entry) for entry in value]
    return value.item() if type(value).__module__ == "numpy" and hasattr(value, "item") else value


def _plain_curve(curve: ProbabilityCurve) -> dict[str, Any]:
    first = plain(curve.first_points)
    if not len(curve.probability) == len(curve.low) == len(curve.high):
        raise BundleError("curve has a different number of probabilities, lows and highs, must have one of each")
    columns = plain(curve.probability), plain(curve.low), plain(curve.high)
    entries = [[first + i, *entry] for i, entry in enumerate(zip(*columns, strict=True))]
    rest = ("coverage", "method", "interval_method", "leads", "wins")
    return {"entries": entries} | {key: plain(getattr(curve, key)) for key in rest}


def render(value: Any, indent: str = "", room: int = LINE_LENGTH) -> str:
    """Return plain data as JSON text: whatever fits in a line stands in one, lists of scalars are filled.

    Parameters
    ----------
    value
        Dicts, lists and scalars.
    indent
        What the lines after the first start with.
    room
        How many characters are left in the first line.

    Examples
    --------
    >>> print(render({"name": "demo", "grades": [{"name": name, "share": 0.25, "points": 100} for name in "ABCD"]}))
    {
      "name": "demo",
      "grades": [
        {"name": "A", "share": 0.25, "points": 100},
        {"name": "B", "share": 0.25, "points": 100},
        {"name": "C", "share": 0.25, "points": 100},
        {"name": "D", "share": 0.25, "points": 100}
      ]
    }
    """
    flat = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if not isinstance(value, (dict, list)) or len(flat) <= room - len(indent) - 1:
        return flat
    inner = indent + "  "
    if isinstance(value, dict):
        lines = []
        for key, entry in value.items():
            start = json.dumps(key, ensure_ascii=False) + ": "
            lines.append(start + render(entry, inner, LINE_LENGTH - len(start)))
        return "{\n" + inner + f",\n{inner}".join(lines) + f"\n{indent}}}"
    if any(isinstance(entry, (dict, list)) for entry in value):
        lines = [render(entry, inner) for entry in value]
    else:
        lines = _filled(value, LINE_LENGTH - len(inner))
    return "[\n" + inner + f",\n{inner}".join(lines) + f"\n{indent}]"


def _filled(scalars: list[Any], width: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for scalar in scalars:
        shown = json.dumps(scalar, ensure_ascii=False, allow_nan=False)
        if line and len(line) + len(shown) + 3 > width:
            lines.append(line)
            line = shown
        else:
            line = f"{line}, {shown}" if line else shown
    return [*lines, line]
