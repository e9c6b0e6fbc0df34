"""The policy: grades, MQL and SQL thresholds and follow-up hours, as a rule that can be printed."""

from dataclasses import dataclass
from typing import Annotated, Literal

from leadqual.bundle.declared import Amount, Name, Points, Share, Since
from leadqual.bundle.policy_facts import Chosen

__all__ = ["Grade", "Policy", "Qualification"]

Qualification = Literal["none", "MQL", "SQL"]


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade of leads and what is owed to them.

    Parameters
    ----------
    name
        ``"A"`` to ``"D"``.
    minimum_points
        The fewest points of a lead in this grade; None for the last grade, which takes the rest.
    follow_up_hours
        Within how many hours sales follow up; None when they need not.
    share
        Share of leads expected in this grade, 0 to 1; None where it was not measured.
    per_week
        Leads expected per week; None where the volume is unknown.
    win_rate
        Expected win rate in this grade (mean calibrated probability); None where not measured or the grade is empty.
    """

    name: Name
    minimum_points: Points | None
    follow_up_hours: Amount | None
    share: Share | None = None
    per_week: Amount | None = None
    win_rate: Share | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """A rule from points to grade, qualification and follow-up deadline.

    Parameters
    ----------
    grades
        Best first; their ``minimum_points`` fall, only the last has None.
    mql_points
        A lead with at least so many points is a marketing qualified lead (MQL).
    sql_points
        A lead with at least so many points is a sales qualified lead (SQL); never below ``mql_points``.
    chosen_by
        How the thresholds were chosen: the facts of `leadqual.bundle.policy_facts`; a text in bundles before format 4.
    capacity_per_week
        Leads sales can work per week; None where it was given as a share or not at all.
    capacity_share
        The share of all leads that sales can work, 0 to 1; None where the policy was given by hand.
    explore
        The share of what sales work that is drawn at random before anyone looks at the scores, 0 to 1: what comes of
        these leads holds for all, and keeps later training honest. None where nobody decided it.
    """

    grades: tuple[Grade, ...]
    mql_points: Points
    sql_points: Points
    chosen_by: Chosen
    capacity_per_week: Amount | None = None
    capacity_share: Share | None = None
    explore: Annotated[Share | None, Since(2, None)] = None

    def grade(self, points: int) -> Grade:
        """Return the grade of a lead with ``points``."""
        for grade in self.grades:
            if grade.minimum_points is None or points >= grade.minimum_points:
                return grade
        raise AssertionError("the last grade takes every lead")

    def qualification(self, points: int) -> Qualification:
        """Return ``"SQL"``, ``"MQL"`` or ``"none"`` for a lead with ``points``."""
        return "SQL" if points >= self.sql_points else "MQL" if points >= self.mql_points else "none"
