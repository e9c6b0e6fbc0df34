"""Endings without a date: losses that have none, and ended leads that are open again."""

import pandas as pd
import pytest

from leadqual.errors import FeedbackError
from leadqual.feedback import Event, FeedbackColumns, feedback_history, import_events

NAMES = ["Id", "Stage", "Closed", "Changed"]
COLUMNS = FeedbackColumns("Id", outcome="Stage", closed_at="Closed")
KNOWN = FeedbackColumns("Id", outcome="Stage", closed_at="Closed", lost_at="known")


def export(*rows):
    return pd.DataFrame([[*row, None, None][:4] for row in rows], columns=NAMES)


def score(lead):
    return Event("scored", lead, "2026-04-01", {"bundle": "b", "points": 1, "probability": 0.2, "grade": "A"})


def outcomes(store, as_of="2026-12-31"):
    history = feedback_history(store.events(as_of=as_of), as_of=as_of).set_index("lead")
    return history["outcome"].to_dict()


LOSSES = export(*((f"{k}", "Lost", None, "2026-05-20") for k in range(32)))


def test_losses_without_a_date_wait_and_the_note_names_both_ways(store):
    found = import_events(store, LOSSES, COLUMNS, known_at="2026-06-01")
    assert (found.new, found.refused) == (0, {"a loss without its time": 32})
    assert found.notes[0].startswith("32 of 32 rows with a loss do not say when, and wait: pass --lost-at known")
    assert "--lost-at COLUMN" in found.notes[0]


def test_a_loss_became_known_with_the_export_that_first_says_it(store):
    store.append([score(f"{k}") for k in range(32)], known_at="2026-04-01")
    assert import_events(store, LOSSES, KNOWN, known_at="2026-06-01").new == 32
    for later in ("2026-06-02", "2026-07-01"):
        assert import_events(store, LOSSES, KNOWN, known_at=later).new == 0
    history = feedback_history(store.events(), as_of="2026-12-31")
    assert set(history["outcome"]) == {"lost"}
    assert set(history["closed_at"]) == {pd.Timestamp("2026-06-01")}


def test_a_column_may_say_when_leads_were_lost(store):
    columns = FeedbackColumns("Id", outcome="Stage", closed_at="Closed", lost_at="Changed")
    assert import_events(store, LOSSES, columns, known_at="2026-06-01").new == 32
    assert set(feedback_history([score("0"), *store.events()], as_of="2026-12-31")["closed_at"]) == {
        pd.Timestamp("2026-05-20")
    }
    dated = export(("a", "Lost", "2026-05-02", "2026-05-20"), ("b", "Won", None, "2026-05-20"))
    found = import_events(store, dated, columns, known_at="2026-06-02")
    assert (found.new, found.refused) == (1, {"a win without its time": 1})
    only = FeedbackColumns("Id", outcome="Stage", lost_at="known")
    assert import_events(store, export(("c", "Lost")), only, known_at="2026-06-03").new == 1
    with pytest.raises(FeedbackError, match="lost_at without outcome"):
        FeedbackColumns("Id", lost_at="known")


def test_a_loss_that_was_taken_back_does_not_come_again(store):
    table = export(("1", "Lost"))
    import_events(store, table, KNOWN, known_at="2026-06-01")
    (wrong,) = store.events()
    store.append([Event("withdrawn", "1", "2026-06-02", corrects=wrong.key)], known_at="2026-06-02")
    assert import_events(store, table, KNOWN, known_at="2026-06-03").new == 0


def test_a_lead_that_goes_from_won_back_to_open_is_reopened_once(store):
    store.append([score("1")], known_at="2026-04-01")
    import_events(store, export(("1", "Won", "2026-05-01")), COLUMNS, known_at="2026-06-01")
    again = export(("1", "Negotiation", None))
    found = import_events(store, again, COLUMNS, known_at="2026-06-02")
    assert (found.events, found.new) == (1, 1)
    assert found.notes[-1] == "Leads that had ended in the ledger and are open again, recorded as reopened: 1."
    assert import_events(store, again, COLUMNS, known_at="2026-06-03").new == 0
    assert (outcomes(store, "2026-06-01T12:00"), outcomes(store)) == ({"1": "won"}, {"1": "open"})
    assert import_events(store, export(("1", "Lost", "2026-06-10")), COLUMNS, known_at="2026-06-11").new == 1
    assert outcomes(store) == {"1": "lost"}


def test_an_export_that_may_be_older_reopens_nothing_unless_it_is_said_to_be_the_newest(store):
    store.append([score("1"), score("2")], known_at="2026-04-01")
    old = export(("1", "Open", None), ("2", "Won", "2026-05-02"))
    import_events(store, old, COLUMNS, known_at="2026-06-01")
    import_events(store, export(("1", "Won", "2026-06-05"), ("2", "Won", "2026-05-02")), COLUMNS, known_at="2026-06-08")
    found = import_events(store, old, COLUMNS, known_at="2026-06-09")
    assert found.new == 0
    assert found.notes[-1].startswith("1 lead ended in the ledger and open here stay ended")
    assert outcomes(store) == {"1": "won", "2": "won"}
    assert import_events(store, old, COLUMNS, known_at="2026-06-09", newest=True).new == 1
    assert outcomes(store) == {"1": "open", "2": "won"}


def test_a_mapping_that_lacks_a_value_reopens_nothing(store):
    won = export(*((f"{k}", "Gewonnen", "2026-05-01") for k in range(20)))
    import_events(store, won, FeedbackColumns("Id", outcome="Stage", closed_at="Closed", won=("Gewonnen",)),
                  known_at="2026-06-01")  # fmt: skip
    with pytest.raises(FeedbackError, match=r"20 of the 20 leads that have ended .* would be open again"):
        import_events(store, won, COLUMNS, known_at="2026-06-02")
    listed = FeedbackColumns("Id", outcome="Stage", closed_at="Closed", open=("Open",))
    assert import_events(store, won, listed, known_at="2026-06-02").new == 0


def test_values_that_the_mapping_lists_nowhere_are_named_where_they_are_words_of_a_list(store):
    table = export(("1", "Stalled"), ("2", "Stalled"), ("3", "Junk"), ("4", "Won", "2026-05-01"))
    (note,) = import_events(store, table, COLUMNS, known_at="2026-06-01").notes
    assert note.startswith("3 rows with 2 values of Stage that the mapping lists nowhere (won and lost) count as open")
    assert '"Stalled" (2), "Junk" (1)' in note
    (note,) = import_events(store, export(("5", "ana@x.example")), COLUMNS, known_at="2026-06-01").notes
    assert "ana" not in note


def test_reasons_that_the_ledger_has_kept_stay_when_the_column_grows_into_free_text(store):
    columns = FeedbackColumns("Id", disposition="Is", disposition_at="At", reason="Why")

    def table(reasons):
        rows = range(len(reasons))
        return pd.DataFrame({"Id": [f"L-{i}" for i in rows], "Is": "Rejected", "At": "2026-05-01", "Why": reasons})

    few = [f"reason {k % 40}" for k in range(80)]
    import_events(store, table(few), columns, known_at="2026-06-01")
    many = [*few, *(f"typed {k}" for k in range(60))]
    found = import_events(store, table(many), columns, known_at="2026-06-02")
    assert found.new == 60  # those of the new leads; nothing that was kept is lost
    assert found.notes[0].startswith(
        "60 reasons that look like free text (100 different ones in 140 rows; a list has at"
    )
    assert found.notes[0].endswith("80 rows with reasons that the ledger has kept before keep them.")
    assert sum("reason" in event.content for event in store.events()) == 80
