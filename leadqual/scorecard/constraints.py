"""What the teams demand of the points before they are fitted: direction, cap, pinned points, excluded field."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from leadqual.bundle.missing_codes import MissingCodes
from leadqual.bundle.values import is_missing, read_boolean, read_category
from leadqual.errors import ConstraintError

__all__ = [
    "Cap",
    "Constraint",
    "Direction",
    "Exclude",
    "Pin",
    "check_constraints",
    "read_constraints",
    "settled_constraints",
]


@dataclass(frozen=True, slots=True)
class Direction:
    """More of a numeric field never is worth less (``"up"``) or never worth more (``"down"``)."""

    field: str
    direction: Literal["up", "down"]

    def __str__(self) -> str:
        return f"{self.field}: points only go {self.direction} as the number rises"


@dataclass(frozen=True, slots=True)
class Cap:
    """No band of a field is worth more than ``at_most`` or less than ``at_least`` points; None leaves an end open."""

    field: str
    at_most: int | None = None
    at_least: int | None = None

    def __str__(self) -> str:
        ends = [f"at most {self.at_most}"] if self.at_most is not None else []
        ends += [f"at least {self.at_least}"] if self.at_least is not None else []
        return f"{self.field}: {' and '.join(ends)} points"


@dataclass(frozen=True, slots=True)
class Pin:
    """One band of a field is worth exactly so many points, counted from the average of its other bands.

    Parameters
    ----------
    field
        The field.
    points
        What the band is worth.
    values
        Category or boolean values that form the band; empty for another kind of band.
    interval
        ``(low, high)`` of a numeric band, low included, high not; None at an end leaves it open.
    missing
        True: the band of leads without a value.
    """

    field: str
    points: int
    values: tuple[str, ...] = ()
    interval: tuple[float | None, float | None] | None = None
    missing: bool = False

    def __str__(self) -> str:
        if self.missing:
            band = "missing"
        elif self.interval is not None:
            low, high = self.interval
            band = " and ".join(
                ([f"at least {low:g}"] if low is not None else []) + ([f"below {high:g}"] if high is not None else [])
            )
        else:
            band = " or ".join(self.values)
        return f"{self.field}: {band} is worth {self.points} points"


@dataclass(frozen=True, slots=True)
class Exclude:
    """The field is not scored."""

    field: str

    def __str__(self) -> str:
        return f"{self.field}: not scored"


Constraint = Direction | Cap | Pin | Exclude

# What a table may hold beside its field, by what it demands.
_FORMS = {
    "direction": frozenset({"direction"}),
    "cap": frozenset({"at_most", "at_least_points"}),
    "points": frozenset({"points", "is", "in", "at_least", "below", "missing"}),
    "exclude": frozenset({"exclude"}),
}
_KEYS = frozenset({"field"}).union(*_FORMS.values())


def read_constraints(path: str | Path) -> tuple[Constraint, ...]:
    r"""Read constraints from a TOML file of ``[[constraint]]`` tables.

    Each names a ``field`` and one of: ``direction = "up"`` or ``"down"``; ``at_most = 20`` and/or ``at_least_points =
    -10``; ``points = 10`` with the band it pins (``is``, ``in``, ``at_least`` and/or ``below``, or ``missing =
    true``); ``exclude = true``.

    Raises
    ------
    ConstraintError
        When the file is no TOML, a key is unknown, or a table says none or several of these.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "constraints.toml"
    >>> _ = path.write_text('[[constraint]]\nfield = "Visits"\ndirection = "up"')
    >>> read_constraints(path)
    (Direction(field='Visits', direction='up'),)
    """
    try:
        data = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConstraintError(
            f"{path} cannot be read as constraints ({error}); it must be TOML with [[constraint]] tables; correct it."
        ) from error
    entries = data.get("constraint")
    if set(data) - {"constraint"} or not isinstance(entries, list):
        raise ConstraintError(f"{path} must hold [[constraint]] tables and nothing else; move or remove the rest.")
    return tuple(_read(entry, i) for i, entry in enumerate(entries, start=1))


def _read(entry: Mapping[str, Any], number: int) -> Constraint:
    where = f"constraint {number}"
    if not isinstance(entry, Mapping):
        raise ConstraintError(f"{where} is no table; it must be written as [[constraint]]; correct it.")
    unknown = sorted(set(entry) - _KEYS)
    if unknown or not isinstance(entry.get("field"), str):
        what = f"has unknown keys {', '.join(unknown)}" if unknown else "names no field"
        raise ConstraintError(f"{where} {what}; it must have field and some of {', '.join(sorted(_KEYS))}; correct it.")
    field = entry["field"]
    demands = [key for key in ("direction", "points", "exclude") if key in entry]
    demands += ["cap"] if {"at_most", "at_least_points"} & set(entry) else []
    if len(demands) != 1:
        raise ConstraintError(
            f"{where} on {field} says {len(demands)} things; it must say one of direction, "
            f"at_most/at_least_points, points, "
            "exclude; write one [[constraint]] for each."
        )
    form = demands[0]
    beside = sorted(set(entry) - {"field"} - _FORMS[form])
    if beside:
        raise ConstraintError(
            f"{where} on {field} has {', '.join(beside)}, which must not stand beside {form}; a cap is at_most and "
            "at_least_points; correct it."
        )
    if form == "direction":
        return Direction(field, entry["direction"])
    if form == "cap":
        return Cap(field, entry.get("at_most"), entry.get("at_least_points"))
    if form == "exclude":
        if entry["exclude"] is not True:
            raise ConstraintError(f"{where} on {field} must say exclude = true, or be left out; correct it.")
        return Exclude(field)
    return _read_pin(entry, field, where)


def _read_pin(entry: Mapping[str, Any], field: str, where: str) -> Pin:
    places = [key for key in ("is", "in", "missing") if key in entry]
    places += ["at_least/below"] if {"at_least", "below"} & set(entry) else []
    if len(places) != 1:
        raise ConstraintError(
            f"{where} pins points on {field} with {len(places)} bands; it must have one of is, in, at_least/below or "
            "missing = true; write one [[constraint]] for each."
        )
    if places[0] == "missing":
        if entry["missing"] is not True:
            raise ConstraintError(f"{where} on {field} must say missing = true, or leave it out; correct it.")
        return Pin(field, entry["points"], missing=True)
    if places[0] == "at_least/below":
        ends = (entry.get("at_least"), entry.get("below"))
        if any(isinstance(e, bool) or not isinstance(e, int | float | None) or not _finite(e) for e in ends):
            raise ConstraintError(f"{where} on {field} must give at_least and below a number; correct it.")
        low, high = (None if end is None else float(end) for end in ends)
        return Pin(field, entry["points"], interval=(low, high))
    values = [entry["is"]] if places[0] == "is" else entry["in"]
    if not isinstance(values, list) or not values or any(isinstance(value, dict | list) for value in values):
        raise ConstraintError(f"{where} on {field} must give {places[0]} a list with at least one value; correct it.")
    return Pin(field, entry["points"], tuple(read_category(value) for value in values))


def _finite(number: float | None) -> bool:
    return number is None or math.isfinite(number)


def settled_constraints(
    constraints: Sequence[Constraint], kinds: Mapping[str, str], missing_values: Collection[str]
) -> tuple[Constraint, ...]:
    """Return the constraints with pinned values spelt as a lead's values are read.

    Parameters
    ----------
    constraints
        What is demanded; see `check_constraints` for whether it can be.
    kinds
        The kind of each field, by name.
    missing_values
        Texts that mean "no value", in lower case.

    Raises
    ------
    ConstraintError
        When a pinned value is no value of its field's kind, or is read as missing.

    Examples
    --------
    >>> settled_constraints([Pin("Opt in", 5, ("TRUE",))], {"Opt in": "boolean"}, ())
    (Pin(field='Opt in', points=5, values=('yes',), interval=None, missing=False),)
    """
    settled: list[Constraint] = []
    for constraint in constraints:
        if isinstance(constraint, Pin) and constraint.values:
            boolean = kinds[constraint.field] == "boolean"
            nothing = [value for value in constraint.values if is_missing(value, MissingCodes.of(missing_values))]
            read = [read_boolean(value) if boolean else read_category(value) for value in constraint.values]
            if (nothing and not boolean) or None in read:
                what = "is read as missing" if nothing else "is neither yes nor no"
                raise ConstraintError(
                    f"a pin on {constraint.field} names a value that {what}; it must be a value of a lead; pin "
                    "missing = true, or correct it."
                )
            constraint = replace(constraint, values=tuple(dict.fromkeys(value for value in read if value is not None)))
        settled.append(constraint)
    return tuple(settled)


def check_constraints(constraints: Sequence[Constraint], kinds: Mapping[str, str]) -> None:
    """Raise ConstraintError where constraints contradict each other or the fields they name.

    Parameters
    ----------
    constraints
        What is demanded.
    kinds
        The kind of each field that can be scored, by name.
    """
    for constraint in constraints:
        if constraint.field not in kinds:
            raise ConstraintError(
                f"a constraint names the field {constraint.field}, which is not among the "
                f"{len(kinds)} fields to score; "
                "correct the name or add the field to the schema."
            )
        _check_one(constraint, kinds[constraint.field])
    excluded = {c.field for c in constraints if isinstance(c, Exclude)}
    for field in {c.field for c in constraints}:
        own = [c for c in constraints if c.field == field]
        if field in excluded and any(not isinstance(c, Exclude) for c in own):
            raise ConstraintError(f"{field} is excluded and constrained as well; remove one of the two.")
        for kind in (Direction, Cap):
            if sum(isinstance(c, kind) for c in own) > 1:
                raise ConstraintError(f"{field} has several {kind.__name__.lower()} constraints; keep one.")
        _check_pins(field, own)


def _check_one(constraint: Constraint, kind: str) -> None:
    field = constraint.field
    if isinstance(constraint, Direction):
        if constraint.direction not in ("up", "down"):
            raise ConstraintError(f'the direction of {field} must be "up" or "down"; correct it.')
        if kind != "numeric":
            raise ConstraintError(
                f"{field} is a {kind} field and has no direction; a direction needs a numeric field; "
                f"pin the points of its "
                "values instead."
            )
    numbers: Iterable[object] = ()
    if isinstance(constraint, Cap):
        numbers = [end for end in (constraint.at_most, constraint.at_least) if end is not None]
        if not numbers:
            raise ConstraintError(f"the cap on {field} has no end; give at_most or at_least.")
        if (constraint.at_most is not None and constraint.at_most < 0) or (constraint.at_least or 0) > 0:
            raise ConstraintError(
                f"the cap on {field} leaves out 0 points, which the average lead has; at_most must be 0 or more and "
                "at_least 0 or less; widen it."
            )
    if isinstance(constraint, Pin):
        numbers = [constraint.points]
        if (constraint.interval is not None and kind != "numeric") or (constraint.values and kind == "numeric"):
            raise ConstraintError(f"{field} is a {kind} field; pin a band of that kind.")
        low, high = constraint.interval or (None, None)
        if low is not None and high is not None and not low < high:
            raise ConstraintError(f"the pinned interval of {field} is empty; its low end must be below its high end.")
    if any(isinstance(number, bool) or not isinstance(number, int) or abs(number) > 1000 for number in numbers):
        raise ConstraintError(
            f"points in a constraint on {field} must be whole numbers from -1000 to 1000; correct them."
        )


def _check_pins(field: str, own: Collection[Constraint]) -> None:
    pins = [c for c in own if isinstance(c, Pin)]
    caps = [c for c in own if isinstance(c, Cap)]
    for i, pin in enumerate(pins):
        for cap in caps:
            if (cap.at_most is not None and pin.points > cap.at_most) or (
                cap.at_least is not None and pin.points < cap.at_least
            ):
                raise ConstraintError(f"{field} has pinned points outside its cap; change one of the two.")
        if any(_overlap(pin, other) for other in pins[:i]):
            raise ConstraintError(f"{field} has two pinned bands that overlap; make them one.")
    for direction in (c for c in own if isinstance(c, Direction)):
        ordered = sorted((p for p in pins if p.interval), key=lambda p: _ends(p)[0])
        points = [pin.points for pin in ordered]
        if points != sorted(points, reverse=direction.direction == "down"):
            raise ConstraintError(f"the pinned points of {field} run against its direction; change one of the two.")


def _ends(pin: Pin) -> tuple[float, float]:
    low, high = pin.interval or (None, None)
    return (float("-inf") if low is None else low, float("inf") if high is None else high)


def _overlap(one: Pin, other: Pin) -> bool:
    if one.interval is not None and other.interval is not None:
        (low, high), (low2, high2) = _ends(one), _ends(other)
        return low < high2 and low2 < high
    return bool(set(one.values) & set(other.values)) or (one.missing and other.missing)
