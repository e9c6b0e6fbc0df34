"""A ledger that is written by hand, and a week in it."""

from pathlib import Path
from typing import Any

from leadqual.bundle import Bundle
from leadqual.feedback import Event, Snapshot
from leadqual.feedback.columns import in_columns

BUNDLE = Bundle.load(Path(__file__).resolve().parents[2] / "models" / "sample.json")
"""The sample's bundle: a window of 90 days, A within 4 hours, B within 24, C within 72, D never."""

MONDAY = "2026-11-23T08:00:00"


class Book:
    """Events written by hand, each known when it happened."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.events: list[Event] = []

    def scored(self, lead: str, at: str, **content: Any) -> None:
        """Add a score: grade B, a probability of 0.2, picked by rank, in no band, where nothing else is said."""
        usual = {
            "bundle": self.bundle.digest,
            "points": 120,
            "probability": 0.2,
            "grade": "B",
            "picked": "rank",
            "codes": [0] * len(self.bundle.points_table.fields),
        }
        self.events.append(Event("scored", lead, at, usual | content))

    def add(self, kind: str, lead: str, at: str, **content: Any) -> None:
        """Add what happened to a lead."""
        self.events.append(Event(kind, lead, at, content))

    def as_of(self, time: str) -> Snapshot:
        """Return the ledger as it was known then."""
        rows = (
            (one.kind, one.lead, one.at, one.content, one.at, one.key, one.corrects, number)
            for number, one in enumerate(sorted(self.events, key=lambda one: one.at))
        )
        return Snapshot(in_columns(rows), time)


def written_week() -> Book:
    """Return a week (16 to 22 November) of five leads, the week before of two, and three that were scored in August."""
    book = Book(BUNDLE)
    book.scored("A-1", "2026-11-16T09:00:00", grade="A", probability=0.5)
    book.add("worked", "A-1", "2026-11-16T11:00:00")
    book.add("accepted", "A-1", "2026-11-17T09:00:00")
    book.scored("A-2", "2026-11-17T09:00:00", grade="A", probability=0.4)
    book.add("worked", "A-2", "2026-11-17T15:00:00")  # six hours, two late
    book.add("rejected", "A-2", "2026-11-18T09:00:00", reason="no budget")
    book.scored("B-1", "2026-11-18T09:00:00", grade="B", probability=0.2, picked="random", propensity=0.1)
    book.scored("B-2", "2026-11-22T09:00:00", grade="B", probability=0.2)  # due on Monday at nine
    book.scored("D-1", "2026-11-19T09:00:00", grade="D", probability=0.1, picked="")  # not handed over
    book.scored("P-1", "2026-11-10T09:00:00", grade="A", probability=0.3)
    book.add("worked", "P-1", "2026-11-10T10:00:00")
    book.add("rejected", "P-1", "2026-11-19T10:00:00", reason="not a fit")  # not known a week earlier
    book.scored("P-2", "2026-11-11T09:00:00", grade="B", probability=0.3)
    book.add("worked", "P-2", "2026-11-20T09:00:00")  # nor is this
    # the window of 90 days of these ended on 17, 18 and 19 November
    for lead, day, chance in (("M-1", 19, 0.6), ("M-2", 20, 0.3), ("M-3", 21, 0.1)):
        book.scored(lead, f"2026-08-{day}T09:00:00", grade="B", probability=chance)
        book.add("worked", lead, f"2026-08-{day}T10:00:00")
    book.add("won", "M-1", "2026-09-10T00:00:00")
    book.add("lost", "M-2", "2026-09-10T00:00:00")
    return book
