import numpy as np
import pytest

from leadqual.meetings.handed_over import count_handed_over, handed_over

NOW = np.datetime64("2026-11-23T08:00:00", "us")


def counted(book, hours):
    history = book.as_of("2026-11-23T08:00:00").history()
    span = np.timedelta64("NaT") if np.isnan(hours) else np.timedelta64(int(60 * hours), "m")
    return count_handed_over("", history, history["scored_at"].to_numpy() + span, now=NOW)


def test_leads_that_nobody_picked_were_not_handed_over(book):
    for lead, picked in (("L-1", "rank"), ("L-2", ""), ("L-3", "override")):
        book.scored(lead, "2026-11-17T09:00:00", picked=picked)
    history = book.as_of("2026-11-23").history()
    assert dict(zip(history["lead"], handed_over(history), strict=True)) == {"L-1": True, "L-2": False, "L-3": True}


@pytest.mark.parametrize(
    ("happened", "due", "in_time", "overdue"),
    [
        ([], 1, 0, 1),  # nobody worked it, and the deadline is over
        ([("worked", "2026-11-17T10:00:00")], 1, 1, 0),
        ([("worked", "2026-11-18T09:00:00")], 1, 1, 0),  # at the very deadline
        ([("worked", "2026-11-18T09:00:01")], 1, 0, 0),
        ([("rejected", "2026-11-17T10:00:00")], 0, 0, 0),  # decided before the deadline: nothing is due any more
        ([("rejected", "2026-11-19T10:00:00")], 1, 0, 0),  # decided too late, without a first work
        ([("lost", "2026-11-19T10:00:00")], 1, 0, 0),
        ([("worked", "2026-11-17T10:00:00"), ("rejected", "2026-11-17T11:00:00")], 1, 1, 0),
    ],
)
def test_a_lead_is_due_in_time_or_overdue(book, happened, due, in_time, overdue):
    book.scored("L-1", "2026-11-17T09:00:00")
    for kind, at in happened:
        book.add(kind, "L-1", at)
    found = counted(book, 24.0)
    assert (found.due, found.in_time, found.overdue) == (due, in_time, overdue)


def test_before_the_deadline_a_waiting_lead_is_neither_due_nor_overdue(book):
    book.scored("L-1", "2026-11-22T09:00:00")
    found = counted(book, 24.0)
    assert (found.due, found.overdue) == (0, 0)


def test_without_a_deadline_nothing_is_due(book):
    book.scored("L-1", "2026-11-10T09:00:00")
    book.add("worked", "L-1", "2026-11-20T09:00:00")
    found = counted(book, np.nan)
    assert (found.leads, found.due, found.overdue) == (1, 0, 0)


def test_counts_and_expected_wins_add_up(book):
    for number, (chance, kind) in enumerate(
        [(0.5, "accepted"), (0.25, "rejected"), (0.125, "recycled"), (0.1, None), (0.05, "disqualified")]
    ):
        book.scored(f"L-{number}", "2026-11-17T09:00:00", probability=chance)
        if kind is not None:
            book.add(kind, f"L-{number}", "2026-11-17T12:00:00")
    found = counted(book, 24.0)
    assert (found.leads, found.accepted, found.rejected, found.recycled, found.disqualified) == (5, 1, 1, 1, 1)
    # who was disqualified after contact had been taken
    assert (found.taken, found.decided) == (2, 3)
    assert found.expected_wins == pytest.approx(1.025)
    assert found.late == found.due - found.in_time == 1
