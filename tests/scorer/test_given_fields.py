import pickle

import numpy as np
import pandas as pd
import pytest

from leadqual.bundle import (
    Band,
    Bundle,
    Choice,
    FieldPoints,
    Grade,
    PointsTable,
    Policy,
    ProbabilityCurve,
    Provenance,
    ScoreScale,
)
from leadqual.errors import AbsentFieldError, LeadError
from leadqual.feedback import ScoreRecorder, scored_table
from leadqual.scorer import Scorer
from leadqual.scorer.given_fields import FieldKeys


def listed(name, aliases=()):
    bands = (Band("Web", 7, values=("Web",)), Band("Fair", -7, values=("Fair",)), Band("missing", -3, missing=True))
    return FieldPoints(name, "category", bands, aliases=aliases)


TABLE = PointsTable(
    (listed("Lead Source", ("LeadSource", "utm_source")), listed("Größe"), listed("Need"), listed("Région")), 100
)


def bundle_of(table=TABLE):
    return Bundle(
        "b",
        90,
        0.3,
        table,
        ProbabilityCurve(90, (0.2, 0.3, 0.4), (0.1, 0.2, 0.3), (0.3, 0.4, 0.5), 0.95, "none", "", 9, 2),
        ScoreScale(80, (20, 50, 80)),
        Policy((Grade("A", 120, 4.0), Grade("D", None, None)), 100, 120, ()),
        Provenance("", "", "", "", 0, 0, 0, 0, 0, None, None, None, 0),
        id_field="Id",
    )


WHOLE = {"Lead Source": "Web", "Größe": "Web", "Need": "Web", "Région": "Web"}
READ = [
    {"utm_source": "Web", "Größe": "Web", "Need": "Web", "Région": "Web"},
    {"lead_source": "Web", "grösse": "Web", " NEED": "Web", "Region": "Web"},
    {"LEADSOURCE": "Web", "\ufeffGröße": "Web", "need ": "Web", "re_gion": "Web"},
    {"UTM Source": "Web", "Gro\u0308ße": "Web", "Need": "Web", "Re\u0301gion": "Web"},
]


@pytest.mark.parametrize("lead", READ)
def test_aliases_and_spellings_are_read_and_noted_wherever_leads_are_scored(lead):
    bundle = bundle_of()
    scorer, whole = Scorer(bundle), Scorer(bundle).score_one(WHOLE)
    for strict in (False, True):
        score = scorer.score_one(lead, strict=strict)
        assert score.points == whole.points == 128
        assert score.reasons == whole.reasons
    renamed = [key for key in lead if key not in WHOLE]
    assert [note.partition(": read from ")[2] for note in score.notes] == [f'"{key}"' for key in renamed]
    table = scorer.score(pd.DataFrame([lead, lead]), strict=True)
    assert table["points"].tolist() == [128, 128]
    assert table["notes"].tolist() == [" | ".join(score.notes)] * 2
    assert scorer.next_grade(lead) == scorer.next_grade(WHOLE)
    recorded = ScoreRecorder(bundle, strict=True).scored("L-1", lead, at="2026-05-01", keep_values=True)
    assert recorded.content["points"] == 128
    assert recorded.content["values"] == WHOLE
    (event,) = scored_table(bundle, pd.DataFrame([{"Id": "L-1", **lead}]), id_field="Id", at="2026-05-01")
    assert (event.content["points"], event.content["codes"]) == (128, recorded.content["codes"])


def test_a_field_under_its_own_name_is_read_there_even_where_it_is_empty():
    score = Scorer(bundle_of()).score_one({**WHOLE, "Lead Source": None, "LeadSource": "Fair", "NEED": "Fair"})
    assert (score.points, score.notes) == (100 - 3 + 21, ())


@pytest.mark.parametrize(
    ("others", "named"),
    [
        ({"lead_source": "Web", "LEAD SOURCE": "Web"}, '"lead_source", "LEAD SOURCE"'),
        ({"LeadSource": "Web", "utm_source": "Fair"}, '"LeadSource", "utm_source"'),
    ],
)
def test_where_several_keys_could_be_a_field_none_is_read_and_all_are_named(others, named):
    lead = {key: value for key, value in WHOLE.items() if key != "Lead Source"} | others
    scorer = Scorer(bundle_of())
    score = scorer.score_one(lead)
    assert score.points == 100 - 3 + 21
    assert score.notes == (
        f"Lead Source: may be {named}, which is not read",
        "Lead Source: not given; counted as missing",
    )
    assert scorer.score(pd.DataFrame([lead]))["notes"].tolist() == [" | ".join(score.notes)]
    with pytest.raises(AbsentFieldError, match="may be"):
        scorer.score_one(lead, strict=True)


def test_an_exact_alias_wins_over_another_spelling():
    lead = {"LeadSource": "Web", "lead source": "Fair", "Größe": "Web", "Need": "Web", "Région": "Web"}
    assert Scorer(bundle_of()).score_one(lead).points == 128


def test_a_key_that_could_be_two_fields_is_read_as_none():
    table = PointsTable((listed("Source", ("src",)), listed("Origin", ("src",))), 100)
    given = FieldKeys(table).find(["src"])
    assert (given.keys, given.absent) == ({}, ("Source", "Origin"))
    assert given.unclear == {"Source": ("src",), "Origin": ("src",)}


def test_under_the_first_rule_another_spelling_is_named_and_not_read():
    scorer = Scorer(bundle_of(PointsTable((listed("Need"),), 100, reading=1)))
    score = scorer.score_one({"need": "Web"})
    assert score.points == 97
    assert score.notes == ('Need: may be "need", which is not read', "Need: not given; counted as missing")


def test_strict_names_every_absent_field():
    for scorer, strict in ((Scorer(bundle_of(), strict=True), None), (Scorer(bundle_of()), True)):
        for leads in ([{"Need": "Web"}], pd.DataFrame([{"Need": "Web"}])):
            with pytest.raises(AbsentFieldError, match="3 of the fields") as raised:
                scorer.score(leads, strict=strict)
            assert raised.value.fields == ("Lead Source", "Größe", "Région")
            assert "Web" not in str(raised.value)
            assert pickle.loads(pickle.dumps(raised.value)).fields == raised.value.fields  # noqa: S301
        assert scorer.score([WHOLE], strict=strict)[0].points == 128
        assert scorer.score_one({}, strict=False).points == 88
    assert pickle.loads(pickle.dumps(Scorer(bundle_of(), strict=True))).strict  # noqa: S301
    with pytest.raises(AbsentFieldError):
        ScoreRecorder(bundle_of(), strict=True).scored("L-1", {}, at="2026-05-01")


@pytest.mark.parametrize(
    ("given", "partial", "fine"), [(2, False, True), (1, False, False), (1, True, True), (0, True, False)]
)
def test_most_columns_must_be_there(given, partial, fine):
    keys = FieldKeys(TABLE)
    columns = [*list(WHOLE)[4 - given :], "Needs", "Id"]
    if fine:
        assert len(keys.require_most(columns, partial=partial).absent) == 4 - given
        return
    with pytest.raises(LeadError, match="absent are Lead Source") as raised:
        keys.require_most(columns, partial=partial)
    assert ("--partial" in str(raised.value)) == (given > 0)
    assert 'Need (the leads have "Needs")' in str(raised.value)


def test_a_row_of_numbers_of_few_bits_keeps_them():
    bands = (Band("low", -5, interval=(None, 0.7)), Band("high", 9, interval=(0.7, None)))
    scorer = Scorer(
        bundle_of(PointsTable((FieldPoints("a", "numeric", bands), FieldPoints("b", "numeric", bands)), 100))
    )
    leads = pd.DataFrame({"a": [0.7, 0.6], "b": [0.7, 0.7]}, dtype=np.float32)
    assert scorer.score(leads)["points"].tolist() == [118, 104]
    assert [scorer.score_one(leads.iloc[i]).points for i in range(2)] == [118, 104]
    assert scorer.score_one({"a": 0.7, "b": 0.7}).points == 118


def chosen(choice):
    bands = (Band("yes", 9, values=("yes",)), Band("no", -4, values=("no",)), Band("missing", -1, missing=True))
    of_list = Choice("Products", choice, ";")
    return FieldPoints(f"Products: {choice}", "boolean", bands, choice=of_list, aliases=("products__c", "items"))


LISTED = Scorer(bundle_of(PointsTable((chosen("ERP"), chosen("BI"), listed("Need")), 100)))


@pytest.mark.parametrize(
    ("lead", "points", "notes"),
    [
        ({"Products": "ERP", "Need": "Web"}, 112, ()),
        ({"products__c": "ERP", "Need": "Web"}, 112, ('Products: read from "products__c"',)),
        ({"PRODUCTS": "ERP", "Need": "Web"}, 112, ('Products: read from "PRODUCTS"',)),
        (
            {"products__c": "ERP", "items": "BI", "Need": "Web"},
            105,
            (
                'Products: may be "products__c", "items", which is not read',
                "Products: not given; counted as missing",
            ),
        ),
        ({"Products: ERP": "yes", "items": "BI", "Need": "Web"}, 125, ('Products: read from "items"',)),
    ],
)
def test_a_list_of_choices_is_found_as_any_field_is_alone_and_in_a_table(lead, points, notes):
    alone, row = LISTED.score_one(lead), LISTED.score(pd.DataFrame([lead])).iloc[0]
    assert (alone.points, alone.notes) == (points, notes)
    assert (row["points"], row["notes"]) == (points, " | ".join(notes))


@pytest.mark.parametrize(
    "lead", [{"products__c": "ERP", "items": "BI"}, {"Products: ERP": "yes"}, {}], ids=["unclear", "one of two", "none"]
)
def test_strict_refuses_a_list_of_which_not_all_choices_are_known(lead):
    for score in (lambda one: LISTED.score_one(one, strict=True), lambda one: LISTED.score([one], strict=True)):
        with pytest.raises(AbsentFieldError) as caught:
            score(lead | {"Need": "Web"})
        assert caught.value.fields == ("Products",)
    with pytest.raises(AbsentFieldError):
        LISTED.score(pd.DataFrame([lead | {"Need": "Web"}]), strict=True)
    split = {"Products: ERP": "yes", "Products: BI": "no", "Need": "Web"}
    assert LISTED.score_one(split, strict=True).points == 112
