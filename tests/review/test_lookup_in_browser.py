"""A lead pasted into the page gets the points, grade, probability and reasons that the scorer gives it."""

import json

import numpy as np
import pytest

from leadqual.bundle import Band, FieldPoints, PointsTable
from leadqual.bundle.choices import read_choices
from leadqual.bundle.encoding import FieldEncoder
from leadqual.bundle.values import MISSING_VALUES
from leadqual.reasons import points_by_dimension
from leadqual.scorer import Scorer

STRANGE = [
    *(
        "",
        " - ",
        "N/A",
        "select",
        "1,234.5",
        "1.234,5",
        "$ 1,200",
        "99%",
        "EUR 12",
        "-€ 7",
        "\u22123",
        "1e3",
        "1e999",
        ".5",
    ),
    *(
        "5.",
        "12,50",
        "1,23,456",
        "1'000",
        "1 000",
        "1\u2019000",
        "1\u2009000",
        "1\u202f000",
        "1.000",
        "1,000",
        "a lot",
        "Yes",
        " no ",
        "T",
        "0",
        "maybe",
        "None",
        "webinar",
    ),
    *(0, 3, -2.5, 1e300, True, False, None),
    *(-999, "-999", "-999.0", " -999 ", "-999.00", "€ -999", "3.0", "1.0", "0.0", "-0.0", "007", "3.00", 99.5, "99,5"),
]


def looked_up(page, text):
    page.fill("#lead", text)
    said = page.text_content("#lead-said") if page.locator("#lead-said").count() else page.text_content("#looked-up")
    reasons = page.eval_on_selector_all("[data-reason]", "nodes => nodes.map(n => [n.dataset.reason, n.textContent])")
    return said, dict(reasons)


def leads(reviewed, count):
    rows = reviewed.held.later.sample(count, random_state=0)
    names = reviewed.bundle.points_table.names
    return [{name: row[name] for name in names if row[name] == row[name]} for _, row in rows.iterrows()]


def plain(value):
    return value.item() if isinstance(value, np.generic) else value if isinstance(value, int | float) else str(value)


@pytest.mark.parametrize("form", ["json", "lines", "rows"])
def test_a_pasted_lead_is_scored_as_the_scorer_scores_it(page, reviewed, form):
    scorer = Scorer(reviewed.bundle)
    for lead in leads(reviewed, 12):
        lead = {name: plain(value) for name, value in lead.items()}
        texts = {name: str(value) for name, value in lead.items()}
        text = {
            "json": json.dumps(lead),
            "lines": "\n".join(f"{name}: {value}" for name, value in texts.items()),
            "rows": "\t".join(texts) + "\n" + "\t".join(texts.values()),
        }[form]
        expected = scorer.score_one(lead if form == "json" else texts)
        said, reasons = looked_up(page, text)
        assert f"{expected.points} points, grade {expected.grade}" in said
        assert f"wins with {100 * expected.probability:.1f}%" in said
        worth = {reason.field: reason.points for reason in expected.reasons}
        assert {name: int(text) for name, text in reasons.items() if int(text)} == {
            name: points for name, points in worth.items() if points
        }


def test_what_would_lift_a_lead_and_its_evidence_by_dimension_are_the_librarys(page, reviewed):
    scorer, lifted = Scorer(reviewed.bundle), 0
    table = reviewed.bundle.points_table
    for lead in leads(reviewed, 25):
        lead = {name: plain(value) for name, value in lead.items()}
        looked_up(page, json.dumps(lead))
        changes = scorer.changes_to_sql(lead)
        said = page.text_content("#lead-lift")
        if changes is None:
            assert said == "No change that people can make lifts it to SQL."
        else:
            told = ", ".join(f"{one.field}: {one.band} ({one.points:+d})" for one in changes)
            assert said == (f"Would lift it to SQL, by the points alone: {told}." if changes else "")
            lifted += bool(changes)
        sums = points_by_dimension(table, scorer.score_one(lead).reasons)
        shown = page.eval_on_selector_all("[data-dimension]", "nodes => nodes.map(n => n.textContent)")
        assert shown == [f"{name} {points:+d}" if points else f"{name} 0" for name, points in sums.items() if name]
    assert lifted > 3


@pytest.mark.parametrize("reading", [1, 2])
@pytest.mark.parametrize("codes", [(), ("-999",), ("3", "-999.0"), ("99,5", "0")])
@pytest.mark.parametrize("decimal", [".", ","])
def test_any_value_falls_in_the_band_that_the_scorer_puts_it_in(page, decimal, codes, reading):
    numbers = (
        Band("a", 1, interval=(None, 0.0)),
        Band("b", 2, interval=(0.0, 99.5)),
        Band("c", 3, interval=(99.5, None)),
    )
    fields = [
        FieldPoints("n", "numeric", numbers, decimal=decimal),
        FieldPoints("m", "numeric", (*numbers, Band("missing", 4, missing=True)), decimal=decimal),
        *(FieldPoints("t", "numeric", numbers, decimal=decimal, thousands=mark) for mark in "' "),
        FieldPoints("t", "numeric", numbers, decimal=decimal, thousands="," if decimal == "." else "."),
        FieldPoints("c", "category", (Band("w", 1, values=("webinar", "yes", "3")), Band("o", 2, other=True))),
        FieldPoints("d", "category", (Band("w", 1, values=("webinar", "0")), Band("?", 2, missing=True))),
        FieldPoints("b", "boolean", (Band("y", 1, values=("yes",)), Band("n", 2, values=("no",), missing=True))),
    ]
    missing_values = (*PointsTable(()).missing_values, *codes)
    for field in fields:
        encoder = FieldEncoder(field, missing_values, reading=reading)
        bands = [
            {"interval": list(band.interval) if band.interval else None, "values": list(band.values)}
            | {"missing": band.missing, "other": band.other}
            for band in field.bands
        ]
        given = {"kind": field.kind, "decimal": decimal, "thousands": field.thousands, "bands": bands}
        found = page.evaluate(
            "([field, values, missing, reading]) => values.map((value) => bandOf(field, value, missing, reading))",
            [given, STRANGE, list(missing_values), reading],
        )
        assert found == [encoder.places[encoder.encode(value)].band for value in STRANGE]


LISTS = [
    *("ERP;BI", " ERP ; BI;", "ERP;;ERP", ";", "", "n/a", '["ERP", "BI"]', "['ERP', 'BI']", "['ERP' 'BI']", "[ERP]"),
    *(
        '"ERP; cloud";BI',
        '19" rack;BI',
        "ERP\uff1bBI",
        "Cafe\u0301",
        "[]",
        "ERP, BI",
        "ERP|BI",
        "[3, 4.0]",
        '["a", ["b"]]',
    ),
    *(["ERP", "BI"], ["ERP", None, ""], [], [["ERP"]], {"ERP": 1}, 7, 4.5, True, None),
]


@pytest.mark.parametrize("separator", [";", ",", "|", "json"])
def test_any_list_has_the_choices_that_the_library_reads(page, separator):
    found = page.evaluate(
        "([lists, separator, missing]) => lists.map((one) => readChoices(one, separator, missing))",
        [LISTS, separator, list(MISSING_VALUES)],
    )
    expected = [read_choices(one, separator) for one in LISTS]
    assert found == [None if one is None else list(one) for one in expected]


def test_a_pasted_list_is_a_yes_or_no_for_each_choice(page):
    fields = [
        {"name": f"Products: {one}", "choice": {"column": "Products", "choice": one, "separator": ";"}}
        for one in ("ERP", "BI")
    ]
    names = ["Products", "Products: ERP", "Products: BI"]
    lead = "([fields, text, names]) => withChoices({ fields, missing_values: [''] }, pastedLead(text, names))"
    for text in ("Products: ERP; x", '{"Products": ["ERP"]}', "products\tneed\nERP\tUrgent"):
        found = page.evaluate(lead, [fields, text, names])
        assert (found["Products: ERP"], found["Products: BI"]) == ("yes", "no")
    assert page.evaluate(lead, [fields, "Products: ERP: no\nProducts: BI: yes", names]) == {
        "Products: ERP": "no", "Products: BI": "yes",
    }  # fmt: skip


def test_what_is_no_lead_is_said(page):
    assert "cannot be read" in looked_up(page, "{")[0]
    assert "cannot be read" in looked_up(page, "hello")[0]
    assert "1 of its fields are not scored" in looked_up(page, "favourite colour: blue")[0]
    page.fill("#lead", "")
    assert page.text_content("#looked-up") == ""


def test_a_lead_moves_with_the_proposal_while_it_is_dragged(page, reviewed):
    field = reviewed.bundle.points_table.fields[0]
    band = next(band for band in field.bands if band.values)
    said, _ = looked_up(page, f"{field.name}: {band.values[0]}")
    points = int(said.split()[0])
    slider = page.locator(f'input[type=range][data-field="{field.name}"][data-band="{band.label}"]')
    slider.evaluate("(node, value) => { node.value = value; node.dispatchEvent(new Event('input')); }", band.points - 7)
    assert f"{points - 7} points as proposed" in page.text_content("#lead-said")
