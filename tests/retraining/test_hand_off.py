"""From score to seller in one run: everything is in the ledger, and a second run finds nothing left to do."""

from pathlib import Path

import pytest

from leadqual.bundle import Bundle
from leadqual.errors import LeadError
from leadqual.feedback import FeedbackStore
from leadqual.handoff import episodes, parse_team
from leadqual.leads.reading import read_table
from leadqual.retraining import pick_and_hand_over

ROOT = Path(__file__).resolve().parents[2]
AT = "2026-05-04T08:00:00Z"
TEAM = parse_team("""
[fields]
territory = "Region"
[teams.all]
zone = "UTC"
[teams.all.hours]
mon = ["09:00-17:00"]
tue = ["09:00-17:00"]
[[sellers]]
id = "S-1"
team = "all"
weekly_capacity = 200
territories = ["Europe"]
[[sellers]]
id = "S-2"
team = "all"
weekly_capacity = 200
territories = ["North America"]
""")


@pytest.fixture(scope="module")
def bundle():
    return Bundle.load(ROOT / "models" / "sample.json")


@pytest.fixture(scope="module")
def leads():
    return read_table(ROOT / "data" / "leads.csv").head(300)


@pytest.fixture
def store(tmp_path):
    with FeedbackStore(tmp_path / "f.db") as opened:
        yield opened


def run(bundle, leads, store, **more):
    return pick_and_hand_over(bundle, leads, store, TEAM, at=AT, seed=3, **({"capacity": 60, "explore": 0.1} | more))


def test_every_picked_lead_gets_a_seller_of_its_region_or_stays_in_the_pool_with_the_reason(bundle, leads, store):
    done = run(bundle, leads, store)
    assert done.pick.rank + done.pick.random == 60
    region = dict(zip(leads["Lead ID"], leads["Region"], strict=True))
    given = {one.lead: one.seller for one in done.hand_over.assignment.assigned}
    assert all(seller == {"Europe": "S-1", "North America": "S-2"}[region[lead]] for lead, seller in given.items())
    assert dict(done.unassigned) == {"no_eligible_seller": 60 - len(given)}
    assert 0 < len(given) < 60


def test_the_ledger_holds_the_scores_and_whose_each_lead_is(bundle, leads, store):
    done = run(bundle, leads, store)
    found = {one.lead: one for one in episodes(store.events(), as_of=AT, team=TEAM)}
    assert len(found) == 60
    given = {one.lead: one.seller for one in done.hand_over.assignment.assigned}
    assert {lead: one.owner for lead, one in found.items() if one.owner} == given
    assert {one.state for one in found.values()} == {"assigned", "pool"}


def test_a_run_again_at_the_same_time_changes_nothing(bundle, leads, store):
    run(bundle, leads, store)
    before = list(store.events())
    again = run(bundle, leads, store, capacity=0)
    assert list(store.events()) == before
    assert again.hand_over.events == ()


def test_leads_without_most_of_the_scored_columns_are_refused_before_anything_is_written(bundle, leads, store):
    few = leads[["Lead ID", "Region", "Need"]]
    with pytest.raises(LeadError):
        run(bundle, few, store)
    assert list(store.events()) == []
    assert run(bundle, few, store, partial=True).given.absent != ()
