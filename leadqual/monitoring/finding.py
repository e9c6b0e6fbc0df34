"""What monitoring found about one thing: how serious it is, the figures and their course, and what to do."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from leadqual.fact import Fact

__all__ = ["MonitoringFinding", "Remedy", "Severity"]

Severity = Literal["alarm", "warning", "fine", "not applicable"]
Remedy = Literal["", "wait", "recalibrate", "retrain", "look at the data source"]


@dataclass(frozen=True, slots=True)
class MonitoringFinding:
    """One thing that was watched.

    Parameters
    ----------
    code
        What was watched: stable, such as ``"LQ605"``.
    severity
        ``"alarm"``: do what the remedy says; ``"warning"``: look; ``"fine"``; ``"not applicable"``: could not be
        watched.
    facts
        What was found, a sentence each, the most important first; never the values of a lead.
    remedy
        What to do; "" where there is nothing to do.
    field
        The field it is about; None where it is about all.
    figures
        The figures behind it, by name.
    series
        What its picture shows: one number per week, the oldest first, or one per label; empty where there is nothing to
        show yet.
    limit
        The line in the picture above which there is an alarm; None without one.
    shows
        What the numbers of the picture are; None where there is no picture.
    labels
        What each number is of; empty where they are weeks.
    before
        What each number was in training, as many; empty where that says nothing.
    """

    code: str
    severity: Severity
    facts: tuple[Fact, ...]
    remedy: Remedy = ""
    field: str | None = None
    figures: Mapping[str, float] = dataclasses.field(default_factory=dict)
    series: tuple[float, ...] = ()
    limit: float | None = None
    shows: Fact | None = None
    labels: tuple[str, ...] = ()
    before: tuple[float, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as plain data."""
        found = {one.name: getattr(self, one.name) for one in dataclasses.fields(self)}
        shows = None if self.shows is None else self.shows.to_dict()
        return found | {"facts": [one.to_dict() for one in self.facts], "figures": dict(self.figures), "shows": shows}
