"""How a policy was chosen, in the bundle's file: known codes with their figures, or the text of an older file."""

import json
from dataclasses import replace
from pathlib import Path
from string import Formatter

import pytest

from leadqual.bundle import Bundle
from leadqual.bundle.format import FORMAT, dumps, loads
from leadqual.bundle.policy_facts import POLICY_FACTS
from leadqual.errors import BundleError
from leadqual.fact import Fact, fact
from leadqual.reports.language import LANGUAGES, Language, catalogue
from leadqual.reports.summary import summarize

# one fact of each code, with what its sentence says in English
SAID = {
    fact("policy_by_hand"): "The thresholds were given by hand.",
    fact("policy_capacity_share", share=0.125): "Sales can work 12.5% of leads.",
    fact("policy_capacity_a_week", capacity=50.0, leads=237.5): (
        "Sales can work 50 of the 237.5 leads that come in a week."
    ),
    fact("policy_value", contact=400.5, win=5000.0, probability=0.0801): (
        "A contact costs 400.5 and a win is worth 5000, so a contact pays from a probability of 8.0% on."
    ),
    fact("policy_promise", precision=0.35, confidence=0.95, points=1120, leads=1200, wins=495, share=0.5): (
        "Leads with 1,120 points or more keep the promise of a win rate of 35.0% or more, with 95% confidence: "
        "495 of 1,200 won, and they are 50.0% of leads."
    ),
    fact("policy_sql_from", points=119, share=0.198): "19.8% of leads have 119 points or more and are SQLs.",
    fact("policy_sql_none"): "No lead is an SQL.",
    fact("policy_sql_tie", points=120, share=0.3): (
        "The leads with the most points, 120, are 30.0% of leads and cannot be told apart, so no lead is an SQL. "
        "More capacity, or points that differ more, would change that."
    ),
    fact("policy_mql_base_rate", base_rate=0.0993): "An MQL has a probability of at least the base rate of 9.9%.",
    fact("policy_mql_is_sql", base_rate=0.5): (
        "All leads at or above the base rate of 50.0% are SQLs, so MQL begins at the same points."
    ),
    fact("policy_mql_is_sql_below", base_rate=0.5, probability=0.275): (
        "SQL begins below the base rate of 50.0%, so MQL begins at the same points, with a probability of 27.5%."
    ),
    fact("policy_all"): "Sales work all leads, so every lead is an MQL and an SQL.",
    fact("policy_by_odds", best=0.667, base_rate=0.5, fair=0.333): (
        "Grades go by probability, not by capacity: A from 66.7% (twice the odds of the base rate of 50.0%), "
        "B from the base rate, C from 33.3% (half its odds)."
    ),
    fact("policy_empty", grades=("A", "C")): "Grades without leads: A and C.",
}


def with_chosen(bundle, chosen):
    return replace(bundle, policy=replace(bundle.policy, chosen_by=chosen))


def test_there_is_one_of_each_code_above():
    assert [found.code for found in SAID] == list(POLICY_FACTS)


@pytest.mark.parametrize("found", SAID, ids=lambda found: found.code)
def test_each_code_survives_the_file_and_is_said_in_each_language(bundle, found):
    chosen = with_chosen(bundle, (found,))
    assert loads(dumps(chosen), Bundle) == chosen
    assert summarize(chosen).policy == SAID[found]
    for language in LANGUAGES:
        words = catalogue(language)[found.code]
        assert {name for _, name, _, _ in Formatter().parse(words) if name is not None} == set(POLICY_FACTS[found.code])
        said = Language(language).say(found)
        assert said.endswith("." if language == "en" else "。")
        assert "{" not in said


def test_several_are_said_one_after_the_other(bundle):
    chosen = with_chosen(bundle, (fact("policy_sql_none"), fact("policy_by_hand")))
    assert summarize(chosen).policy == "No lead is an SQL. The thresholds were given by hand."
    assert Language("zh").joined(chosen.policy.chosen_by) == "没有线索是 SQL。门槛由人工设定。"


def test_what_a_policy_was_chosen_by_is_part_of_what_is_agreed(bundle):
    first, second = (with_chosen(bundle, (fact("policy_capacity_share", share=share),)) for share in (0.1, 0.2))
    assert len({bundle.digest, first.digest, second.digest}) == 3


def test_a_text_of_an_older_file_is_kept_and_said_as_it_is(bundle):
    old = with_chosen(bundle, "SQL: <as> it {was} & is.")
    assert loads(dumps(old), Bundle) == old
    assert json.loads(dumps(old))["policy"]["chosen_by"] == "SQL: <as> it {was} & is."
    assert summarize(old).policy == "SQL: <as> it {was} & is."


@pytest.mark.parametrize("version", [1, 2, 3])
def test_files_of_earlier_formats_say_what_they_said_and_their_digests_stay(version):
    text = Path(__file__).with_name(f"format_{version}.json").read_text()
    recorded, found = json.loads(text), loads(text, Bundle)
    assert recorded["format"] == version
    assert found.policy.chosen_by == recorded["policy"]["chosen_by"]
    assert found.policy.chosen_by.startswith("SQL: sales can work 20 % of leads, and ")
    assert summarize(found).policy.startswith(found.policy.chosen_by)
    again = json.loads(dumps(found))
    assert (again["format"], again["digest"]) == (FORMAT, recorded["digest"])
    assert again["policy"]["chosen_by"] == recorded["policy"]["chosen_by"]


SHARE = {"code": "policy_sql_from", "figures": {"points": 119, "share": 0.2}}


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (None, "policy.chosen_by is null, must be a list of at most 10"),
        (SHARE, "policy.chosen_by is an object, must be a list of at most 10"),
        ([SHARE] * 11, "policy.chosen_by is a list of 11, must be a list of at most 10"),
        (["by hand"], "policy.chosen_by[1] is text, must be an object"),
        ([SHARE, {}], "policy.chosen_by[2].code is missing"),
        ([SHARE | {"why": ""}], 'policy.chosen_by[1] has the unknown key "why"'),
        ([SHARE | {"code": 3}], "policy.chosen_by[1].code is a whole number, must be text"),
        (
            [SHARE | {"code": "policy_sql_until"}],
            "policy.chosen_by[1].code is not known, must be one of policy_by_hand",
        ),
        ([SHARE | {"code": "who_base_rate", "figures": {}}], "policy.chosen_by[1].code is not known"),
        ([SHARE | {"code": "policy_all"}], 'policy.chosen_by[1].figures has the unknown key "points"'),
        ([SHARE | {"figures": []}], "policy.chosen_by[1].figures is a list of 0, must be an object"),
        ([SHARE | {"figures": {"points": 119}}], "policy.chosen_by[1].figures.share is missing"),
        ([SHARE | {"figures": {"points": 119.5, "share": 0}}], "figures.points is a decimal number, must be a whole"),
        ([SHARE | {"figures": {"points": 10**7, "share": 0}}], "policy.chosen_by[1].figures.points is out of range"),
        ([SHARE | {"figures": {"points": 119, "share": 1.5}}], "figures.share is 1.5, must be from 0 to 1"),
        ([SHARE | {"figures": {"points": 119, "share": "all"}}], "figures.share is text, must be a number"),
        ([SHARE | {"figures": {"points": 119, "share": 10**400}}], "figures.share is not finite"),
        ([SHARE | {"figures": {"points": 119, "share": SHARE}}], "figures.share is an object, must be a number"),
        ([{"code": "policy_empty", "figures": {"grades": ["E"]}}], 'figures.grades[1] is text, must be "A" or "B"'),
        (
            [{"code": "policy_empty", "figures": {"grades": ["A"] * 5}}],
            "grades is a list of 5, must be a list of at most",
        ),
    ],
)
def test_what_is_no_known_fact_is_refused(bundle, chosen, said):
    value = json.loads(dumps(bundle))
    value["policy"]["chosen_by"] = chosen
    with pytest.raises(BundleError) as refusal:
        loads(json.dumps(value), Bundle)
    assert said in str(refusal.value)
    assert str(refusal.value).endswith("; restore the file as it was saved, or train again.")


def test_a_figure_changed_by_hand_is_refused(bundle):
    text = dumps(with_chosen(bundle, (fact("policy_sql_from", points=119, share=0.2),)))
    with pytest.raises(BundleError, match="as its digest tells"):
        loads(text.replace('"points": 119, "share": 0.2', '"points": 119, "share": 0.3'), Bundle)


@pytest.mark.parametrize(
    "found", [Fact("policy_sql_until"), fact("policy_all", x=1), Fact("policy_value", {"win": "x"})]
)
def test_an_unknown_fact_is_never_written(bundle, found):
    with pytest.raises(BundleError, match=r"contradicts itself: policy\.chosen_by\[1\]"):
        dumps(with_chosen(bundle, (found,)))
