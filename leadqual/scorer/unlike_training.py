"""Fields in which most leads have values that training has not seen: another company's leads, or another export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from leadqual.bundle import PointsTable
from leadqual.bundle.encoding import ABOVE_RANGE, BELOW_RANGE, NEW_IN_OTHER, NEW_VALUE, UNREADABLE

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["UnlikeTraining"]

_STRANGE = (NEW_VALUE, NEW_IN_OTHER, UNREADABLE, BELOW_RANGE, ABOVE_RANGE)
_MOST = 0.5


class UnlikeTraining:
    """Counts, over tables of scores, the leads whose value in a field is new, out of range, or cannot be read.

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
        self.scored = len(table.fields)
        self._counts = dict.fromkeys(table.names, 0)
        self._notes = {f"{name}: {note}": name for name in table.names for note in _STRANGE}
        # The share of leads with rare values in training is usual; only more than that is strange.
        self._usual = {
            field.name: sum(band.share for band in field.bands if band.other and not band.values)
            for field in table.fields
        }

    def add(self, notes: pd.Series) -> None:
        """Count the notes of n scores, as `Scorer.score` gives them for a table."""
        self.leads += len(notes)
        for text, count in notes[notes != ""].value_counts().items():
            said = f" | {text} | "
            for note, name in self._notes.items():
                if f" | {note} | " in said:
                    self._counts[name] += int(count)

    @property
    def fields(self) -> Mapping[str, int]:
        """The fields where that holds for more than half of the leads, with how many."""
        return {
            name: count
            for name, count in self._counts.items()
            if count > self.leads * (self._usual[name] + (1 - self._usual[name]) * _MOST)
        }
