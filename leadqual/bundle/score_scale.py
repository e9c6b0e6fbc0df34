"""The score scale: whole points to a score from 0 to 100."""

from dataclasses import dataclass
from typing import Annotated

from leadqual.bundle.declared import Points, whole_from

__all__ = ["ScoreScale"]


@dataclass(frozen=True, slots=True)
class ScoreScale:
    """A lead's rank among the training leads: score 80 means more points than 80 % of them (ties count half).

    Parameters
    ----------
    first_points
        The points of the first entry; the next entries are for one point more each.
    score
        Whole score, 0 to 100, never falling; points beyond the ends get the entry at that end.
    """

    first_points: Points
    score: tuple[Annotated[int, whole_from(0, 100)], ...]

    def at(self, points: int) -> int:
        """Return the score, 0 to 100, of a lead with ``points``."""
        return self.score[min(max(points - self.first_points, 0), len(self.score) - 1)]
