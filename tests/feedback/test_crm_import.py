import pandas as pd
import pytest

from leadqual.errors import FeedbackError
from leadqual.feedback import Event, FeedbackColumns, feedback_history, import_events

EXPORT = pd.DataFrame(
    {
        "Id": ["1", "2", "3", "4", None],
        "First Touch": ["2026-05-02", None, "2026-05-03", "2026-05-03", "2026-05-03"],
        "Decision": ["Accepted", "Rejected", "Rejected", "maybe", "Accepted"],
        "Decided": ["2026-05-03", "2026-05-04", None, "2026-05-04", "2026-05-04"],
        "Why": [None, "no budget", "no budget", None, None],
        "Stage": ["Closed Won", "Closed Lost", "Proposal", "Gewonnen", "Closed Won"],
        "Closed": ["2026-06-01", "2026-06-02", None, "2026-06-03", "2026-06-01"],
        "Amount": ["1,200.50", "", "", "-", "3"],
    }
)
COLUMNS = FeedbackColumns(
    "Id", worked_at="First Touch", disposition="Decision", disposition_at="Decided", reason="Why",
    outcome="Stage", closed_at="Closed", value="Amount", won=("Closed Won", "Gewonnen"),
)  # fmt: skip


def score(lead):
    return Event("scored", lead, "2026-05-01", {"bundle": "b", "points": 1, "probability": 0.2, "grade": "A"})


def test_an_export_becomes_events_once(store):
    store.append([score(lead) for lead in "1234"], known_at="2026-05-01")
    found = import_events(store, EXPORT, COLUMNS, known_at="2026-07-01")
    assert (found.rows, found.events, found.new) == (5, 8, 8)
    assert found.refused == {"no id": 1, "a disposition without its time": 1}
    assert import_events(store, EXPORT, COLUMNS, known_at="2026-08-01").new == 0
    history = feedback_history(store.events(), as_of="2026-07-02").set_index("lead")
    assert history["outcome"].to_dict() == {"1": "won", "2": "lost", "3": "open", "4": "won"}
    assert history["value"]["1"] == 1200.5
    assert history["disposition"].to_dict() == {"1": "accepted", "2": "rejected", "3": "", "4": ""}
    assert history["reason"]["2"] == "no budget"
    assert history["worked_at"]["3"] == pd.Timestamp("2026-05-03")


def test_an_export_that_has_moved_on_adds_what_is_new(store):
    import_events(store, EXPORT, COLUMNS, known_at="2026-07-01")
    later = EXPORT.assign(
        Stage=["Closed Won", "Closed Lost", "Closed Won", "Gewonnen", None],
        Closed=["2026-06-01", "2026-06-02", "2026-07-05", "2026-06-03", None],
    )
    assert import_events(store, later, COLUMNS, known_at="2026-08-01").new == 1


def test_reasons_that_are_free_text_are_left_out_and_counted(store):
    free = EXPORT.assign(Why=["", "call ana@example.com", "", "", ""])
    found = import_events(store, free, COLUMNS, known_at="2026-07-01")
    assert found.refused["a reason, stage or id that is no short label"] == 1
    assert not any("ana@" in str(event) for event in store.events())


def test_what_the_mapping_names_must_be_there(store):
    with pytest.raises(FeedbackError, match="lacks First Touch"):
        import_events(store, EXPORT.drop(columns="First Touch"), COLUMNS, known_at="2026-07-01")
    with pytest.raises(FeedbackError, match="outcome without closed_at"):
        FeedbackColumns("Id", outcome="Stage")
    with pytest.raises(FeedbackError, match="1 values that are no dates"):
        import_events(store, EXPORT.assign(Closed=["soon", *EXPORT["Closed"][1:]]), COLUMNS, known_at="2026-07-01")


def test_a_mapping_as_people_write_it():
    said = {"lead": "Id", "outcome": "Stage", "closed_at": "Closed", "won": "Closed Won|Gewonnen", "lost": ["Lost"]}
    columns = FeedbackColumns.from_mapping(said)
    assert (columns.won, columns.lost) == (("Closed Won", "Gewonnen"), ("Lost",))
    for wrong in ({}, {"lead": "Id", "colour": "x"}):
        with pytest.raises(FeedbackError, match="must name lead"):
            FeedbackColumns.from_mapping(wrong)
