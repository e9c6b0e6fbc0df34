"""The evidence: how well the scores held up on later leads, as it is kept in the bundle."""

from dataclasses import dataclass

from leadqual.bundle.declared import Count, Name, Number, Share, Told, Words

__all__ = ["Evidence", "Measure", "Performance", "ReliabilityBin"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure.

    Parameters
    ----------
    name
        ``"log_loss"``, ``"brier"``, ``"auc"``, ``"average_precision"``, ``"calibration_error"``,
        ``"predicted_over_actual"``, ``"wins_in_top_10"``, ``"wins_in_top_20"``, ``"wins_in_top_30"``,
        ``"precision_at_capacity"``, ``"wins_at_capacity"``.
    value
        The figure; None where it is undefined (an AUC without wins).
    low, high
        Its 95 % interval; None where none was computed.
    """

    name: Name
    value: Number | None
    low: Number | None = None
    high: Number | None = None


@dataclass(frozen=True, slots=True)
class Performance:
    """All figures of one way to score.

    Parameters
    ----------
    who
        ``"scorecard"``, ``"base rate"``, ``"prior rule"``, ``"new accounts"``: the scorecard on leads of
        accounts that it has not seen, or ``"without suspects"``: the scorecard without the fields
        that may know the outcome.
    measures
        The figures.
    """

    who: Name
    measures: tuple[Measure, ...]

    def value(self, name: str) -> float | None:
        """Return the figure of that name; raises KeyError when it was not measured."""
        for measure in self.measures:
            if measure.name == name:
                return measure.value
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Leads of similar probability: what was promised and what came.

    Parameters
    ----------
    predicted
        Mean calibrated probability.
    actual
        Share that won.
    leads
        How many leads.
    """

    predicted: Share
    actual: Share
    leads: Count


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was measured, on which leads.

    Parameters
    ----------
    method
        How training and test leads were separated; a text in bundles before format 4.
    test_from, test_to
        First and last creation date (ISO) of the test leads; None where the history has no dates.
    trained_on, tested_on, wins
        How many leads the measured scorecard was trained on, how many it was tested on, and wins among the latter.
    performances
        The scorecard first, then what it is compared with.
    reliability
        Test leads in bins of equal size by probability; empty when there were too few.
    warnings
        What the reader must know: what could not be checked, what holds only under a condition; texts in bundles before
        format 4.
    """

    method: Told
    test_from: Words | None
    test_to: Words | None
    trained_on: Count
    tested_on: Count
    wins: Count
    performances: tuple[Performance, ...]
    reliability: tuple[ReliabilityBin, ...] = ()
    warnings: tuple[Told, ...] = ()

    def performance(self, who: str) -> Performance:
        """Return the figures of one way to score; raises KeyError when it was not measured."""
        for performance in self.performances:
            if performance.who == who:
                return performance
        raise KeyError(who)
