import re
from dataclasses import replace

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


def said(store):
    """Return what the ledger says of outcomes and the like, in the order in which it became known."""
    return [(one.kind, one.at[:10], dict(one.content)) for one in store.events()]  # noqa: PD008  # no DataFrame


def test_a_reason_that_is_free_text_is_left_out_and_what_sales_decided_is_kept(store):
    free = EXPORT.assign(Why=["", "call ana@example.com", "", "", ""])
    found = import_events(store, free, COLUMNS, known_at="2026-07-01")
    note, unlisted = found.notes
    assert note.startswith("1 reason that looks like free text was left out; list those to keep as reasons in the ")
    assert note.endswith('or have the others become "other" (reasons_as_other).')
    assert unlisted == (
        '1 row with 1 value of Stage that the mapping lists nowhere (won and lost) counts as open: "Proposal" (1); '
        "list each where it means something."
    )
    assert ("rejected", "2026-05-04", {}) in said(store)
    assert not any("ana@" in str(event) for event in store.events())


def rejected(reasons):
    rows = range(len(reasons))
    return pd.DataFrame({"Id": [f"L-{i}" for i in rows], "Is": "Rejected", "At": "2026-05-01", "Why": reasons})


REASONS = FeedbackColumns("Id", disposition="Is", disposition_at="At", reason="Why")


@pytest.mark.parametrize(
    ("columns", "kept", "note"),
    [
        (
            REASONS,
            {None},
            r"12 reasons that look like free text \(12 different ones in 12 rows; a list has at most 50, each ",
        ),
        (
            replace(REASONS, reasons=("Note 3", "note 4")),
            {None, "Note 3", "note 4"},
            "10 reasons that the mapping does",
        ),
        (replace(REASONS, reasons_as_other=True), {"other"}, '12 reasons that .* became "other"'),
        (replace(REASONS, reasons=("Note 3",), reasons_as_other=True), {"Note 3", "other"}, "11 reasons that the"),
    ],
)
def test_a_column_in_which_people_type_is_no_list_unless_the_mapping_has_one(store, columns, kept, note):
    found = import_events(store, rejected([f"Note {i}" for i in range(12)]), columns, known_at="2026-07-01")
    assert found.new == 12
    assert {event.content.get("reason") for event in store.events()} == kept
    assert re.match(note, found.notes[0])
    assert "Note" not in found.notes[0]


def test_a_stage_that_is_free_text_is_left_out(store):
    table = pd.DataFrame({"Id": ["1", "2"], "Now": ["Proposal", "Met Ana. She will call."], "Since": "2026-05-01"})
    found = import_events(store, table, FeedbackColumns("Id", stage="Now", stage_at="Since"), known_at="2026-07-01")
    assert said(store) == [("stage", "2026-05-01", {"stage": "Proposal"})]
    assert found.notes == (
        "1 stage that looks like free text was left out; list those to keep as stages in the mapping.",
    )


def test_ids_that_a_spreadsheet_made_floats_meet_their_leads(store):
    store.append([score("7"), score("12")], known_at="2026-05-01")
    table = pd.DataFrame({"Id": ["7.0", None, "12.0"], "Stage": "Won", "Closed": "2026-05-20"})
    columns = FeedbackColumns("Id", outcome="Stage", closed_at="Closed")
    found = import_events(store, table, columns, known_at="2026-07-01")
    assert found.notes == ("2 ids of Id are whole numbers written like 7.0, and were read like 7.",)
    assert feedback_history(store.events(), as_of="2026-07-02")["outcome"].tolist() == ["won", "won"]
    assert import_events(store, table.assign(Id=[7.0, None, 12.0]), columns, known_at="2026-07-02").new == 0


def test_an_export_whose_ids_are_addresses_ends_in_one_sentence_that_repeats_none(store):
    with pytest.raises(FeedbackError, match="Id holds e-mail addresses in 3 of 5 rows") as told:
        import_events(store, EXPORT.assign(Id=["a@b.example", "c@d.example", "e@f.example", "4", "5"]), COLUMNS,
                      known_at="2026-07-01")  # fmt: skip
    assert "a@b" not in str(told.value)
    assert list(store.events()) == []
    found = import_events(store, EXPORT.assign(Id=["1", "c@d.example", "3", "4", "5"]), COLUMNS, known_at="2026-07-01")
    assert found.refused["an e-mail address as its id"] == 1


OUTCOMES = FeedbackColumns("Id", outcome="Stage", closed_at="Closed")


def outcomes(*rows):
    return pd.DataFrame(rows, columns=["Id", "Stage", "Closed"])


def test_a_lead_that_comes_back_to_what_it_was_is_recorded_again(store):
    won, lost = ("1", "Won", "2026-05-01"), ("1", "Lost", "2026-05-10")
    store.append([score("1")], known_at="2026-04-01")
    for day, row in enumerate((won, won, lost, won, won, lost, won), start=1):
        table = outcomes(row, (f"of day {day}", "Won", "2026-05-20"))
        stood = [] if day == 1 else feedback_history(store.events(), as_of="2026-07-01")["outcome"].tolist()
        changed = stood != [row[1].lower()]
        assert import_events(store, table, OUTCOMES, known_at=f"2026-06-{day:02d}").new == 1 + changed
        assert import_events(store, table, OUTCOMES, known_at=f"2026-06-{day:02d}T01:00").new == 0
    for day, outcome in ((2, "won"), (3, "lost"), (4, "won"), (6, "lost"), (7, "won")):
        history = feedback_history(store.events(), as_of=f"2026-06-{day:02d}T12:00")
        assert history["outcome"].tolist() == [outcome]


def test_an_old_export_that_is_imported_again_brings_nothing_back(store):
    old = outcomes(("1", "Won", "2026-05-01"), ("2", "Won", "2026-05-02"))
    later = outcomes(("1", "Lost", "2026-05-10"), ("2", "Won", "2026-05-02"))
    store.append([score("1")], known_at="2026-04-01")
    assert [import_events(store, one, OUTCOMES, known_at=f"2026-06-0{k}").new for k, one in enumerate((old, later), 1)]
    again = import_events(store, old, OUTCOMES, known_at="2026-06-03")
    assert again.new == 0
    assert "taken for one that was imported before" in again.notes[0]
    assert feedback_history(store.events(), as_of="2026-07-01")["outcome"].tolist() == ["lost"]
    assert import_events(store, later, OUTCOMES, known_at="2026-06-03").notes == ()


def test_an_old_export_that_says_when_it_was_made_changes_nothing(store):
    won, lost = outcomes(("1", "Won", "2026-05-01")), outcomes(("1", "Lost", "2026-05-10"))
    import_events(store, won, OUTCOMES, known_at="2026-06-01")
    import_events(store, lost, OUTCOMES, known_at="2026-06-02")
    assert import_events(store, won, OUTCOMES, known_at="2026-06-01").new == 0


def test_an_export_that_comes_again_unchanged_is_no_old_one(store):
    columns = replace(OUTCOMES, worked_at="Touched")
    table = outcomes(("1", "Won", "2026-05-01")).assign(Touched="2026-04-01")
    assert import_events(store, table, columns, known_at="2026-06-01").new == 2
    again = import_events(store, table, columns, known_at="2026-06-02")
    assert (again.new, again.notes) == (0, ())


def test_an_old_export_is_known_as_one_though_someone_in_it_was_forgotten(store):
    won = outcomes(("1", "Won", "2026-05-01"), ("2", "Lost", "2026-05-02"))
    lost = outcomes(("1", "Lost", "2026-05-10"), ("2", "Lost", "2026-05-02"))
    import_events(store, won, OUTCOMES, known_at="2026-06-01")
    import_events(store, lost, OUTCOMES, known_at="2026-06-02")
    store.forget("2", at="2026-06-03")
    assert import_events(store, won, OUTCOMES, known_at="2026-06-04").new == 0


def test_an_import_reads_no_other_leads(store, monkeypatch):
    store.append([Event("won", f"L-{number}", "2026-05-01") for number in range(1500)], known_at="2026-05-02")
    read, as_stored = [], Event.as_stored
    monkeypatch.setattr(Event, "as_stored", lambda *said: read.append(said) or as_stored(*said))
    table = outcomes(*((f"L-{number}", "Won", "2026-05-01") for number in range(700)))
    assert import_events(store, table, OUTCOMES, known_at="2026-06-02").new == 0
    assert len(read) == 700


def test_a_stage_and_a_decision_come_back_too(store):
    columns = FeedbackColumns("Id", stage="Now", stage_at="Since", disposition="Is", disposition_at="Since")
    tables = [
        pd.DataFrame(
            {"Id": ["1", f"of day {day}"], "Now": [stage, "A"], "Is": [kind, None], "Since": ["2026-05-01"] * 2}
        )
        for day, (stage, kind) in enumerate(
            (("A", "accepted"), ("B", "rejected"), ("A", "accepted"), ("A", "accepted"))
        )
    ]
    new = [import_events(store, one, columns, known_at=f"2026-06-0{day}").new for day, one in enumerate(tables, 1)]
    assert new == [3, 3, 3, 1]


def test_rows_of_one_lead_hold_in_the_order_in_which_they_happened(store):
    table = outcomes(("1", "Lost", "2026-05-10"), ("1", "Won", "2026-05-01"), ("2", "Won", "2026-05-05"))
    store.append([score("1"), score("2")], known_at="2026-04-01")
    assert import_events(store, table, OUTCOMES, known_at="2026-06-01").new == 3
    assert [(kind, at) for kind, at, _ in said(store) if kind != "scored"] == [
        ("won", "2026-05-01"),
        ("won", "2026-05-05"),
        ("lost", "2026-05-10"),
    ]
    assert feedback_history(store.events(), as_of="2026-07-01")["outcome"].tolist() == ["lost", "won"]
    assert import_events(store, table, OUTCOMES, known_at="2026-06-02").new == 0
    more = outcomes(*table.to_numpy().tolist(), ("1", "Won", "2026-05-02"))
    assert import_events(store, more, OUTCOMES, known_at="2026-06-03").new == 2  # and what holds still holds
    assert feedback_history(store.events(), as_of="2026-07-01")["outcome"].tolist() == ["lost", "won"]
    assert import_events(store, more, OUTCOMES, known_at="2026-06-04").new == 0


def test_what_was_taken_back_by_hand_is_not_brought_back(store):
    table = outcomes(("1", "Won", "2026-05-01"))
    import_events(store, table, OUTCOMES, known_at="2026-06-01")
    (wrong,) = store.events()
    store.append([Event("withdrawn", "1", "2026-06-02", corrects=wrong.key)], known_at="2026-06-02")
    assert import_events(store, table, OUTCOMES, known_at="2026-06-03").new == 0


def test_what_the_mapping_names_must_be_there_once(store):
    with pytest.raises(FeedbackError, match="lacks First Touch"):
        import_events(store, EXPORT.drop(columns="First Touch"), COLUMNS, known_at="2026-07-01")
    with pytest.raises(FeedbackError, match="has Closed more than once"):
        import_events(store, pd.concat([EXPORT, EXPORT["Closed"]], axis=1), COLUMNS, known_at="2026-07-01")
    with pytest.raises(FeedbackError, match="1 values that are no dates"):
        import_events(store, EXPORT.assign(Closed=["soon", *EXPORT["Closed"][1:]]), COLUMNS, known_at="2026-07-01")
    assert import_events(store, EXPORT.head(0), COLUMNS, known_at="2026-07-01").rows == 0


def test_an_export_of_leads_that_nobody_scored_is_doubted(store):
    """Another column named as lead would fill the ledger with what are no ids."""
    store.append([score("1"), score("2")], known_at="2026-04-01")
    rows = [(name, "Won", "2026-05-01") for name in "123"]
    known = import_events(store, outcomes(*rows), OUTCOMES, known_at="2026-06-01")
    assert (known.leads, known.unscored, known.doubt) == (3, 1, "")
    strange = import_events(store, outcomes(*rows, ("4", "Won", "2026-05-02"), ("5", "Won", "2026-05-02")), OUTCOMES,
                            known_at="2026-06-02")  # fmt: skip
    assert strange.doubt.startswith("3 of the 5 leads")
