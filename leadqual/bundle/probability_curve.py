"""The probability curve: whole points to a calibrated probability of winning, with an interval."""

from dataclasses import dataclass

from leadqual.bundle.declared import Chance, Count, Name, Points, Share, Told

__all__ = ["ProbabilityCurve"]


@dataclass(frozen=True, slots=True)
class ProbabilityCurve:
    """A table with one entry per whole point; points beyond its ends get the entry at that end.

    Parameters
    ----------
    first_points
        The points of the first entry; the next entries are for one point more each.
    probability
        Calibrated probability of winning within the window, never falling, each in (0, 1).
    low, high
        Ends of the interval at each entry; ``low <= probability <= high``.
    coverage
        What the interval promises, for example 0.95.
    method
        How the curve was learned: ``"logistic"``, ``"quadratic"``, ``"beta"``, or ``"none"`` (the points' own odds).
    interval_method
        How the interval was made and what it guarantees; a text in bundles before format 4, "" where nothing is said.
    leads, wins
        How many leads, and wins among them, it was learned from.
    """

    first_points: Points
    probability: tuple[Chance, ...]
    low: tuple[Share, ...]
    high: tuple[Share, ...]
    coverage: Chance
    method: Name
    interval_method: Told
    leads: Count
    wins: Count

    @property
    def last_points(self) -> int:
        """The points of the last entry."""
        return self.first_points + len(self.probability) - 1

    def at(self, points: int) -> tuple[float, float, float]:
        """Return probability, low and high for a lead with ``points``."""
        entry = min(max(points - self.first_points, 0), len(self.probability) - 1)
        return self.probability[entry], self.low[entry], self.high[entry]
