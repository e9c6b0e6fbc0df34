from dataclasses import replace

from leadqual.feedback import Event
from leadqual.feedback.importing.changes import changes

WON, LOST = Event("won", "L", "2026-05-01", {"value": 3.0}), Event("lost", "L", "2026-05-10")


def known(*events):
    """Return events as a ledger learned them, one a day."""
    return [replace(event, known_at=f"2026-06-{day:02d}") for day, event in enumerate(events, start=1)]


def test_each_return_has_a_key_of_its_own_and_always_the_same():
    ledger = known(WON, LOST)
    (back,) = changes([WON], ledger, known_at="2026-06-05")
    assert (back.kind, back.at, back.content) == (WON.kind, WON.at, WON.content)
    assert changes([WON], ledger, known_at="2026-06-06")[0].key == back.key  # two imports of one file at once
    (lost,) = changes([LOST], known(WON, LOST, back), known_at="2026-06-05")
    (again,) = changes([WON], known(WON, LOST, back, lost), known_at="2026-06-05")
    assert len({WON.key, LOST.key, back.key, lost.key, again.key}) == 5


def test_how_it_stood_when_the_export_was_made_is_what_counts():
    ledger = known(WON, LOST)
    assert changes([WON], ledger, known_at="2026-06-01") == []
    (early,) = changes([LOST], ledger, known_at="2026-06-01")
    assert early.key != LOST.key


def test_other_leads_and_kinds_are_apart():
    ledger = known(WON, replace(LOST, lead="M", key=""), Event("rejected", "L", "2026-05-10"))
    assert changes([WON], ledger, known_at="2026-06-09") == []


def test_work_is_only_ever_added():
    assert [e.key for e in changes([Event("worked", "L", "2026-05-01")], [], known_at="2026-06-01")]


def test_a_correction_stands_against_what_the_export_still_says():
    right = Event("won", "L", "2026-05-01", {"value": 4.0}, corrects=WON.key)
    assert changes([WON], known(WON, right), known_at="2026-06-09") == []
    assert changes([LOST], known(WON, right), known_at="2026-06-09") == [LOST]
