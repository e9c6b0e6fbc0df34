"""The registry of measures: what each is called, when it is better, its unit, and how it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

__all__ = ["PERFORMANCE_MEASURES", "PRICED_MEASURES", "Better", "MeasureDefinition"]

Better = Literal["higher", "lower", "nearest one"]
Unit = Literal["share", "nats", "squared error", "probability", "ratio", "wins"]


@dataclass(frozen=True, slots=True)
class MeasureDefinition:
    """What a measure is, apart from any value of it. Its names for people are in the catalogues of `leadqual.reports`.

    Parameters
    ----------
    name
        Its name in `leadqual.bundle.Measure` or `leadqual.agreement.PricedMeasure`.
    better
        Which of two values is better: the ``"higher"``, the ``"lower"``, or the one ``"nearest one"``.
    unit
        ``"share"`` (0 to 1, of leads or of wins), ``"nats"`` a lead, ``"squared error"`` a lead, ``"probability"``
        (that one lead ranks above another), ``"ratio"``, or ``"wins"`` (in the period that a price names).
    digits
        Digits after the decimal point; those of the percentage where the unit is ``"share"`` and it is written so.
    percentage
        Whether it is written as a percentage.
    """

    name: str
    better: Better
    unit: Unit
    digits: int
    percentage: bool = False

    @property
    def form(self) -> str:
        """How it is written, in the words of a format specification and of a catalogue's figures.

        Examples
        --------
        >>> PERFORMANCE_MEASURES["log_loss"].form, PERFORMANCE_MEASURES["wins_in_top_20"].form
        ('.4', '.1%')
        """
        return f".{self.digits}%" if self.percentage else f".{self.digits}"

    def written(self, value: float, *, signed: bool = False) -> str:
        """Return a value, or the difference of two, as plain text.

        Parameters
        ----------
        value
            The value, in its unit.
        signed
            Whether a plus stands before a value above 0.

        Examples
        --------
        >>> PRICED_MEASURES["precision_sql"].written(0.125), PRICED_MEASURES["log_loss"].written(0.25, signed=True)
        ('12.5%', '+0.2500')
        """
        return f"{value:{'+' if signed else ''}.{self.digits}{'%' if self.percentage else 'f'}}"

    def distance(self, value: float) -> float:
        """Return how far a value is from the best one, on a scale that only orders values: less is better.

        Examples
        --------
        >>> sorted([0.9, 1.2, 1.05], key=PERFORMANCE_MEASURES["predicted_over_actual"].distance)
        [1.05, 0.9, 1.2]
        """
        return {"higher": -value, "lower": value, "nearest one": abs(value - 1)}[self.better]


def _by_name(*definitions: MeasureDefinition) -> Mapping[str, MeasureDefinition]:
    return MappingProxyType({one.name: one for one in definitions})


_LOG_LOSS = MeasureDefinition("log_loss", "lower", "nats", 4)
_PREDICTED_OVER_ACTUAL = MeasureDefinition("predicted_over_actual", "nearest one", "ratio", 3)

PERFORMANCE_MEASURES = _by_name(
    MeasureDefinition("wins_in_top_10", "higher", "share", 1, percentage=True),
    MeasureDefinition("wins_in_top_20", "higher", "share", 1, percentage=True),
    MeasureDefinition("wins_in_top_30", "higher", "share", 1, percentage=True),
    MeasureDefinition("precision_at_capacity", "higher", "share", 1, percentage=True),
    MeasureDefinition("wins_at_capacity", "higher", "share", 1, percentage=True),
    MeasureDefinition("auc", "higher", "probability", 3),
    MeasureDefinition("average_precision", "higher", "share", 3),
    _LOG_LOSS,
    MeasureDefinition("brier", "lower", "squared error", 4),
    MeasureDefinition("calibration_error", "lower", "share", 1, percentage=True),
    _PREDICTED_OVER_ACTUAL,
)
"""What `leadqual.evaluation.performance` measures of one way to score, by name, in the order people should read it."""

PRICED_MEASURES = _by_name(
    _LOG_LOSS,
    _PREDICTED_OVER_ACTUAL,
    # of a price: wins in a quarter, or of 1,000 leads; of a performance: the share of all wins
    MeasureDefinition("wins_at_capacity", "higher", "wins", 1),
    MeasureDefinition("precision_sql", "higher", "share", 1, percentage=True),
    MeasureDefinition("precision_mql", "higher", "share", 1, percentage=True),
)
"""What `leadqual.agreement.price` compares before and after a proposal, by name, in the order people should read it."""
