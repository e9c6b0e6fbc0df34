"""Fields in which most leads have values that training has not seen: another company's leads, or another export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from leadqual.bundle import FieldPoints, PointsTable
from leadqual.bundle.encoding import ABOVE_RANGE, BELOW_RANGE, NEW_IN_OTHER, NEW_VALUE, NO_CHOICE_SCORED, UNREADABLE

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["UnlikeTraining"]

_STRANGE = (NEW_VALUE, NEW_IN_OTHER, UNREADABLE, BELOW_RANGE, ABOVE_RANGE, NO_CHOICE_SCORED)
_MAX_UNLIKE = 0.5


class UnlikeTraining:
    """Counts, over tables of scores, the leads whose value in a field is new, out of range, or cannot be read.

    A list of choices is one field, by the name of its column; it is strange where none of its choices is scored.

    Parameters
    ----------
    table
        The points table that scored them.

    Examples
    --------
    >>> import pandas as pd
    >>> from leadqual.bundle import Band, FieldPoints
    >>> need = FieldPoints("Need", "category", (Band("high", 5, values=("high",)),))
    >>> strange = UnlikeTraining(PointsTable((need,)))
    >>> strange.add(pd.Series(["Need: new value; counted as average", "", "Need: new value; counted as average"]))
    >>> strange.fields
    {'Need': 2}
    """

    def __init__(self, table: PointsTable) -> None:
        self.leads = 0
        of_column: dict[str, list[FieldPoints]] = {}
        for field in table.fields:
            of_column.setdefault(field.column, []).append(field)
        self.scored = len(of_column)
        self._counts = dict.fromkeys(of_column, 0)
        self._notes = {f"{name}: {note}": name for name in of_column for note in _STRANGE}
        # The share of leads with rare values in training is usual; only more than that is strange.
        self._usual = {name: min(map(_usual_share, fields)) for name, fields in of_column.items()}

    def add(self, notes: pd.Series) -> None:
        """Count the notes of n scores, as `Scorer.score` gives them for a table."""
        self.leads += len(notes)
        for text, count in notes[notes != ""].value_counts().items():
            words = f" | {text} | "
            for note, name in self._notes.items():
                if f" | {note} | " in words:
                    self._counts[name] += int(count)

    @property
    def fields(self) -> Mapping[str, int]:
        """The fields where that holds for more than half of the leads, with how many."""
        return {
            name: count
            for name, count in self._counts.items()
            if count > self.leads * (self._usual[name] + (1 - self._usual[name]) * _MAX_UNLIKE)
        }


def _usual_share(field: FieldPoints) -> float:
    """Return the share of training leads that may be strange: with a value that is not named, or without a choice."""
    if field.choice is not None:
        return sum(band.share for band in field.bands if "no" in band.values)
    return sum(band.share for band in field.bands if band.other and not band.values)
