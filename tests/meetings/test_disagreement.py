from datetime import date

from leadqual.meetings import Week
from leadqual.meetings.disagreement import disagreements

WEEK = Week(date(2026, 11, 16))


def found(book):
    return disagreements(book.as_of("2026-11-23").history(), WEEK, high=["A", "B"], low=["D"])


def test_a_high_lead_that_was_rejected_and_a_low_one_that_won_are_named(book):
    book.scored("L-1", "2026-11-10T00:00:00", grade="A", probability=0.7)
    book.add("rejected", "L-1", "2026-11-17T00:00:00", reason="wrong contact")
    book.scored("L-2", "2026-11-08T00:00:00", grade="D", probability=0.02, picked="random", propensity=0.1)
    book.add("won", "L-2", "2026-11-20T00:00:00")
    first, second = found(book)
    assert (first.lead, first.happened, first.reason, first.days, first.drawn) == ("L-2", "won", "", 12.0, True)
    assert (second.lead, second.happened, second.reason, second.days) == ("L-1", "rejected", "wrong contact", 7.0)


def test_others_are_not(book):
    book.scored("L-1", "2026-11-10T00:00:00", grade="A")  # rejected in another week
    book.add("rejected", "L-1", "2026-11-12T00:00:00")
    book.scored("L-2", "2026-11-10T00:00:00", grade="D")  # low and rejected
    book.add("rejected", "L-2", "2026-11-17T00:00:00")
    book.scored("L-3", "2026-11-10T00:00:00", grade="A")  # high and won
    book.add("won", "L-3", "2026-11-17T00:00:00")
    book.scored("L-4", "2026-11-10T00:00:00", grade="A")  # rejected, and won all the same
    book.add("rejected", "L-4", "2026-11-17T00:00:00")
    book.add("won", "L-4", "2026-11-18T00:00:00")
    book.scored("L-5", "2026-11-10T00:00:00", grade="A", picked="")  # nobody handed it over
    book.add("rejected", "L-5", "2026-11-17T00:00:00")
    assert found(book) == ()
