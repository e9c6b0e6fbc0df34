"""Reasons for a lead's points, which sum exactly to them, and what would lift it to the next grade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from leadqual.bundle import PointsTable, Policy
from leadqual.bundle.encoding import FieldEncoder

__all__ = [
    "Change",
    "NextGrade",
    "Reason",
    "fewest_changes",
    "next_grade",
    "points_by_dimension",
    "reasons_by_code",
    "reasons_for",
    "strongest_first",
]


@dataclass(frozen=True, slots=True)
class Reason:
    """One field's part in a lead's points.

    Parameters
    ----------
    field
        The column of the lead.
    band
        The label of the band it falls in, ``"(average)"`` where no band takes its value.
    points
        The points of that band minus the field's average points; above 0 speaks for the lead, below against it.
    note
        What is unusual about the value; None when nothing is.

    Examples
    --------
    >>> print(Reason("Need", "Urgent", 31))
    Need: Urgent (+31)
    """

    field: str
    band: str
    points: int
    note: str | None = None

    def __str__(self) -> str:
        return f"{self.field}: {self.band} ({self.points:+d})"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one field that would lift a lead.

    Parameters
    ----------
    field
        The column of the lead.
    band
        The label of the band it would have to be in.
    points
        How many points the lead would gain.
    """

    field: str
    band: str
    points: int

    def __str__(self) -> str:
        return f"{self.field}: {self.band} ({self.points:+d})"


@dataclass(frozen=True, slots=True)
class NextGrade:
    """What it takes to reach the next better grade.

    Parameters
    ----------
    grade
        The name of the next better grade.
    points_needed
        How many points are missing to it, at least 1.
    changes
        Single changes of actionable fields that are enough alone, the smallest first, at most one a field; empty when
        none is.
    """

    grade: str
    points_needed: int
    changes: tuple[Change, ...]


def reasons_by_code(encoder: FieldEncoder) -> tuple[Reason, ...]:
    """Return the reason that each code of a field's encoder gives, in the order of its places."""
    average = encoder.field.average_points
    return tuple(
        Reason(encoder.field.name, place.label, place.points - average, place.note) for place in encoder.places
    )


def reasons_for(encoders: Sequence[FieldEncoder], codes: Sequence[int]) -> tuple[Reason, ...]:
    """Return the reasons for one lead, strongest first.

    Parameters
    ----------
    encoders
        One per field of the points table.
    codes
        The lead's code in each, as many.

    Returns
    -------
    tuple of Reason
        One per field. Their points sum exactly to the lead's points minus the table's ``average_points``.

    Examples
    --------
    >>> from leadqual.bundle import Band, FieldPoints, PointsTable
    >>> from leadqual.bundle.encoding import encoders
    >>> need = FieldPoints("Need", "category", (Band("Urgent", 31, values=("Urgent",)),
    ...                                         Band("Later", -9, values=("Later",))), average_points=2)
    >>> reader, = encoders(PointsTable((need,)))
    >>> [str(reason) for reason in reasons_for([reader], [reader.encode("Urgent")])]
    ['Need: Urgent (+29)']
    """
    found = [reasons_by_code(encoder)[code] for encoder, code in zip(encoders, codes, strict=True)]
    return tuple(sorted(found, key=strongest_first))


def strongest_first(reason: Reason) -> int:
    """Return the sort key that puts the strongest reason first, for or against; equals keep the fields' order."""
    return -abs(reason.points)


def next_grade(
    table: PointsTable, policy: Policy, encoders: Sequence[FieldEncoder], codes: Sequence[int]
) -> NextGrade | None:
    """Return what would lift one lead to the next better grade.

    It is arithmetic on the points table: it says what the lead would score, not that the change makes it win.

    Parameters
    ----------
    table, policy
        Of one bundle.
    encoders, codes
        One encoder per field of the table, and the lead's code in each.

    Returns
    -------
    NextGrade or None
        None when the lead has the best grade already.
    """
    places = [encoder.places[code] for encoder, code in zip(encoders, codes, strict=True)]
    points = table.base_points + sum(place.points for place in places)
    minima = [grade.minimum_points for grade in policy.grades if grade.minimum_points is not None]
    target = min((minimum for minimum in minima if minimum > points), default=None)
    if target is None:
        return None
    changes = []
    for field, place in zip(table.fields, places, strict=True):
        gains = [
            Change(field.name, band.label, band.points - place.points)
            for band in field.bands
            # To withhold a value, or to become "any other", is no advice.
            if (band.values or band.interval) and band.points - place.points >= target - points
        ]
        if field.actionable and gains:
            changes.append(min(gains, key=_gain))
    return NextGrade(policy.grade(target).name, target - points, tuple(sorted(changes, key=_gain)))


def fewest_changes(
    table: PointsTable, encoders: Sequence[FieldEncoder], codes: Sequence[int], *, at_least: int
) -> tuple[Change, ...] | None:
    """Return the fewest changes of actionable fields that lift a lead to so many points, the smallest among those.

    It is arithmetic on the points table, as in `next_grade`.

    Parameters
    ----------
    table
        The points table.
    encoders, codes
        One encoder per field of the table, and the lead's code in each.
    at_least
        The points to reach, such as a policy's ``sql_points``.

    Returns
    -------
    tuple of Change or None
        The changes, largest first; empty when the lead has the points already, None when no changes are enough.

    Examples
    --------
    >>> from leadqual.bundle import Band, FieldPoints, PointsTable
    >>> from leadqual.bundle.encoding import encoders
    >>> need = FieldPoints("Need", "category", (Band("Urgent", 31, values=("Urgent",)),
    ...                                         Band("Later", -9, values=("Later",))), actionable=True)
    >>> table = PointsTable((need,), base_points=100)
    >>> reader, = encoders(table)
    >>> [str(change) for change in fewest_changes(table, [reader], [reader.encode("Later")], at_least=120)]
    ['Need: Urgent (+40)']
    """
    places = [encoder.places[code] for encoder, code in zip(encoders, codes, strict=True)]
    needed = at_least - table.base_points - sum(place.points for place in places)
    if needed <= 0:
        return ()
    # the changes that gain so many points with so many fields; what gains more than is needed is kept apart by its gain
    ways: dict[tuple[int, int], tuple[Change, ...]] = {(0, 0): ()}
    for field, place in zip(table.fields, places, strict=True):
        if not field.actionable:
            continue
        gains = {
            band.points - place.points: Change(field.name, band.label, band.points - place.points)
            for band in field.bands
            if (band.values or band.interval) and band.points > place.points
        }
        for (count, gained), made in list(ways.items()):
            for gain, change in gains.items():
                ways.setdefault((count + 1, gained + gain), (*made, change))
    enough = [way for way in ways if way[1] >= needed]
    return tuple(sorted(ways[min(enough)], key=_gain, reverse=True)) if enough else None


def points_by_dimension(table: PointsTable, reasons: Sequence[Reason]) -> dict[str | None, int]:
    """Return a lead's reasons summed by what they are evidence of: need, intent, budget and so on.

    Parameters
    ----------
    table
        The points table that the reasons come from.
    reasons
        All reasons of one lead.

    Returns
    -------
    dict
        Points by dimension, in the order of the table; None for fields without one. They sum to what the reasons sum
        to.

    Raises
    ------
    KeyError
        When a reason is of a field that the table does not score.

    Examples
    --------
    >>> from leadqual.bundle import FieldPoints, PointsTable
    >>> table = PointsTable((FieldPoints("Need", "category", (), dimension="need"), FieldPoints("Age", "numeric", ())))
    >>> points_by_dimension(table, [Reason("Age", "(average)", 2), Reason("Need", "Urgent", 31)])
    {'need': 31, None: 2}
    """
    of_field = {field.name: field.dimension for field in table.fields}
    found: dict[str | None, int] = dict.fromkeys(of_field.values(), 0)
    for reason in reasons:
        found[of_field[reason.field]] += reason.points
    return found


def _gain(change: Change) -> int:
    return change.points
