from dataclasses import replace

import numpy as np
import pandas as pd

from leadqual.feedback import Event
from leadqual.handoff import episodes
from leadqual.meetings.deadlines import Deadlines


def given(book, lead, at, due):
    """Add that a lead was given to a seller, and return the lead's episodes as of the end of the year."""
    book.events.append(Event("assigned", lead, at, {"seller": "S-1", "due": due}))
    return episodes(sorted(book.events, key=lambda one: one.at), as_of="2026-12-31")


def hours_after(deadline, scored):
    return ((deadline - np.datetime64(scored)) / np.timedelta64(1, "h")).tolist()


def test_without_a_seller_hours_are_by_the_clock(book, bundle):
    for grade in "ABCD":
        book.scored(f"L-{grade}", "2026-11-17T09:00:00", grade=grade)
    found = Deadlines(bundle.policy).of(book.as_of("2026-11-23").history(), as_of="2026-11-23")
    assert hours_after(found[:3], "2026-11-17T09:00:00") == [4.0, 24.0, 72.0]
    assert np.isnat(found[3])


def test_half_hours_count(book, bundle):
    book.scored("L-1", "2026-11-17T09:00:00", grade="A")
    grades = tuple(replace(one, follow_up_hours=1.5) for one in bundle.policy.grades)
    found = Deadlines(replace(bundle.policy, grades=grades)).of(book.as_of("2026-11-23").history(), as_of="2026-11-23")
    assert hours_after(found, "2026-11-17T09:00:00") == [1.5]


def test_who_has_a_seller_has_the_deadline_that_was_given(book, bundle):
    book.scored("L-1", "2026-11-17T09:00:00", grade="A")
    book.scored("L-2", "2026-11-17T09:00:00", grade="A")
    clocks = Deadlines(bundle.policy, given(book, "L-1", "2026-11-17T10:00:00", "2026-11-19T10:00:00"))
    history = book.as_of("2026-11-23").history()
    assert hours_after(clocks.of(history, as_of="2026-11-23"), "2026-11-17T09:00:00") == [49.0, 4.0]
    assert (clocks.by_team(history), clocks.by_team(history[history["lead"] == "L-2"])) == (1, 0)


def test_what_was_given_later_is_not_known_earlier(book, bundle):
    book.scored("L-1", "2026-11-17T09:00:00", grade="A")
    clocks = Deadlines(bundle.policy, given(book, "L-1", "2026-11-18T10:00:00", "2026-11-19T10:00:00"))
    history = book.as_of("2026-11-23").history()
    assert hours_after(clocks.of(history, as_of="2026-11-18T09:00:00"), "2026-11-17T09:00:00") == [4.0]


def test_no_lead_has_no_deadline(book, bundle):
    assert len(Deadlines(bundle.policy).of(book.as_of("2026-11-23").history(), as_of="2026-11-23")) == 0
    assert pd.Series(dtype="str").isin({}).sum() == 0
