"""Every reason a points table can give, numbered once from the strongest to the weakest."""

from __future__ import annotations

from collections.abc import Callable

from leadqual.bundle import PointsTable
from leadqual.bundle.choices import ChoiceLists
from leadqual.bundle.encoding import encoders
from leadqual.reasons import Reason, reasons_by_code, strongest_first

__all__ = ["RankedReasons"]


class RankedReasons:
    """The reasons for every code of every field; a reason's rank is its place from the strongest, from 0.

    To sort a lead's reasons is then to sort small whole numbers. Reasons of equal strength stand in the order of
    the fields.

    Parameters
    ----------
    table
        The points table.

    Attributes
    ----------
    encoders
        One per field.
    reasons
        The reason of each rank.
    points
        Its points.
    notes
        What a score says for the ranks whose value is unusual. Choices of one list say it of its column, so that equal
        notes are one.
    choices
        The lists of choices that a lead's columns hold, None where the table scores none.
    ranks
        For each field, the rank of each code of its encoder.
    readers
        For each field: its name, its encoder's `encode`, the rank of each code, and the rank where it is absent.
    """

    __slots__ = ("choices", "encoders", "notes", "points", "ranks", "readers", "reasons")

    def __init__(self, table: PointsTable) -> None:
        self.encoders = encoders(table)
        lists = ChoiceLists(table.fields, table.missing_values)
        self.choices: ChoiceLists | None = lists if lists.lists else None
        every = [
            (strongest_first(reason), i, code, reason)
            for i, encoder in enumerate(self.encoders)
            for code, reason in enumerate(reasons_by_code(encoder))
        ]
        every.sort(key=lambda entry: entry[:3])
        rank_of = {(i, code): rank for rank, (_, i, code, _) in enumerate(every)}
        self.reasons: tuple[Reason, ...] = tuple(entry[3] for entry in every)
        self.points = tuple(reason.points for reason in self.reasons)
        columns = {field.name: field.choice.column for field in table.fields if field.choice is not None}
        self.notes = {
            rank: f"{columns.get(reason.field, reason.field)}: {reason.note}"
            for rank, reason in enumerate(self.reasons)
            if reason.note is not None
        }
        self.ranks = tuple(
            tuple(rank_of[i, code] for code in range(len(encoder.places))) for i, encoder in enumerate(self.encoders)
        )
        self.readers: tuple[tuple[str, Callable[[object], int], tuple[int, ...], int], ...] = tuple(
            (encoder.field.name, encoder.encode, ranks, ranks[encoder.absent_code])
            for encoder, ranks in zip(self.encoders, self.ranks, strict=True)
        )
