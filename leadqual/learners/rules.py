"""A team's hand-made scoring rule, read as a points table."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from leadqual.bundle.field_points import Band, FieldPoints, Kind
from leadqual.bundle.labels import band_label
from leadqual.bundle.points_table import PointsTable
from leadqual.bundle.values import read_boolean, read_category
from leadqual.errors import RuleError

__all__ = ["points_from_rules"]

_CONDITIONS = ("is", "in", "not_in", "at_least", "below", "missing", "known")
_BOOLEAN_WORDS = frozenset({"yes", "no", "true", "false"})


@dataclass(frozen=True, slots=True)
class _Rule:
    """One line of the rule; exactly one kind of condition is set."""

    field: str
    points: int
    values: tuple[object, ...] = ()
    negated: bool = False
    low: float | None = None
    high: float | None = None
    missing: bool = False
    known: bool = False

    @property
    def numeric(self) -> bool:
        return self.low is not None or self.high is not None

    @property
    def listed(self) -> bool:
        return bool(self.values)

    def worth_missing(self) -> int:
        """Points of a lead without a value: a condition on a value does not hold for it, ``not_in`` included."""
        return self.points if self.missing else 0

    def worth_number(self, low: float | None) -> int:
        """Points of the numbers from ``low`` (None: from minus infinity) up to the next border."""
        at = float("-inf") if low is None else low
        inside = (self.low is None or at >= self.low) and (self.high is None or at < self.high)
        return self.points if self.known or (self.numeric and inside) else 0

    def worth_value(self, value: str | None, kind: Kind) -> int:
        """Points of a value; None stands for every value that no rule lists."""
        names = {_text(own, kind) for own in self.values}
        holds = self.known or (self.listed and (value in names) != self.negated)
        return self.points if holds and not self.missing else 0


def points_from_rules(source: str | Path | Mapping[str, Any]) -> PointsTable:
    """Read a hand-made rule as a points table, to compare with a fitted one or to start from.

    A lead's points are ``base_points`` plus the points of each rule that holds. The TOML has ``base_points`` (0 when
    left out), ``points_to_double_odds`` (20 when left out: how many of the rule's points the team thinks double the
    odds) and ``[[rule]]`` tables with ``field``, whole ``points`` and one condition: ``is = "x"`` (or ``true``), ``in
    = [...]``, ``not_in = [...]``, ``at_least`` and/or ``below`` a number, ``missing = true`` or ``known = true``.

    Parameters
    ----------
    source
        A path, TOML text (told by its line breaks), or what the TOML says as a mapping.

    Returns
    -------
    PointsTable
        For each field a partition of its values: where several rules on a field hold, their points add up.

    Raises
    ------
    RuleError
        When the source cannot be read, a rule has an unknown key, no or several conditions, or a field is a number in
        one rule and a category in another.

    Examples
    --------
    >>> table = points_from_rules({"rule": [{"field": "Need", "is": "Urgent", "points": 15},
    ...                                     {"field": "Visits", "at_least": 3, "points": 5}]})
    >>> [(band.label, band.points) for band in table.field("Visits").bands]
    [('under 3', 0), ('3 and more', 5), ('missing', 0)]
    """
    data = _data(source)
    unknown = sorted(set(data) - {"rule", "base_points", "points_to_double_odds"})
    entries = data.get("rule")
    if unknown or not isinstance(entries, list) or not entries:
        what = f"has unknown keys {', '.join(unknown)}" if unknown else "has no [[rule]] tables"
        raise RuleError(
            f"the rule {what}; it must hold base_points, points_to_double_odds and [[rule]] tables; correct it."
        )
    rules = [_read(entry, number) for number, entry in enumerate(entries, start=1)]
    fields = dict.fromkeys(rule.field for rule in rules)
    return PointsTable(
        tuple(_field(name, [rule for rule in rules if rule.field == name]) for name in fields),
        base_points=_whole(data.get("base_points", 0), "base_points"),
        points_to_double_odds=_positive(data.get("points_to_double_odds", 20)),
    )


def _data(source: str | Path | Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(source, Mapping):
        return source
    try:
        text = source if isinstance(source, str) and "\n" in source else Path(source).read_text(encoding="utf-8-sig")
        return tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RuleError(
            f"the rule cannot be read ({error}); it must be TOML with [[rule]] tables; correct it."
        ) from error


def _read(entry: Any, number: int) -> _Rule:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("field"), str):
        raise RuleError(f"rule {number} names no field; it must have field, points and a condition; add them.")
    where = f"rule {number} on {entry['field']}"
    unknown = sorted(set(entry) - {"field", "points", *_CONDITIONS})
    if unknown:
        raise RuleError(
            f"{where} has unknown keys {', '.join(unknown)}; it must use {', '.join(_CONDITIONS)}; correct it."
        )
    conditions = [key for key in _CONDITIONS if key in entry]
    if len(conditions) != 1 and set(conditions) != {"at_least", "below"}:
        raise RuleError(
            f"{where} has {len(conditions)} conditions; it must have one of {', '.join(_CONDITIONS)} "
            f"(at_least and below may go "
            "together); write one [[rule]] for each."
        )
    field, points = entry["field"], _whole(entry.get("points"), f"points of {where}")
    if conditions[0] in ("at_least", "below"):
        low, high = (None if entry.get(key) is None else _number(entry[key], where) for key in ("at_least", "below"))
        if low is not None and high is not None and not low < high:
            raise RuleError(f"{where} has at_least not under below; no number can be in between; correct it.")
        return _Rule(field, points, low=low, high=high)
    if conditions[0] in ("missing", "known"):
        if entry[conditions[0]] is not True:
            raise RuleError(f"{where} must say {conditions[0]} = true, or leave it out; correct it.")
        return _Rule(field, points, missing=conditions[0] == "missing", known=conditions[0] == "known")
    values = [entry["is"]] if conditions[0] == "is" else entry[conditions[0]]
    if not isinstance(values, list) or not values or any(isinstance(value, (dict, list)) for value in values):
        raise RuleError(f"{where} must give {conditions[0]} a list with at least one value; correct it.")
    return _Rule(field, points, values=tuple(values), negated=conditions[0] == "not_in")


def _field(name: str, rules: Sequence[_Rule]) -> FieldPoints:
    if any(rule.numeric for rule in rules) and any(rule.listed for rule in rules):
        raise RuleError(
            f"rules on {name} treat it both as a number and as a list of values; they must agree; use "
            f"at_least/below, or "
            "is/in, for all of them."
        )
    missing = Band(band_label(missing=True), sum(rule.worth_missing() for rule in rules), missing=True)
    if any(rule.numeric for rule in rules):
        edges = sorted({end for rule in rules for end in (rule.low, rule.high) if end is not None})
        ends: list[float | None] = [None, *edges, None]
        bands = [
            Band(band_label((low, high)), sum(rule.worth_number(low) for rule in rules), interval=(low, high))
            for low, high in pairwise(ends)
        ]
        return FieldPoints(name, "numeric", (*bands, missing))
    kind = _kind([value for rule in rules for value in rule.values])
    names = list(dict.fromkeys(_text(value, kind) for rule in rules for value in rule.values))
    if kind == "boolean":
        names = ["yes", "no"]
    bands = [Band(value, sum(rule.worth_value(value, kind) for rule in rules), values=(value,)) for value in names]
    if kind != "boolean":
        rest = sum(rule.worth_value(None, kind) for rule in rules)
        bands.append(Band("any other value", rest, other=True))
    return FieldPoints(name, kind, (*bands, missing))


def _kind(values: Sequence[object]) -> Kind:
    words = [str(value).strip().lower() for value in values]
    return "boolean" if words and all(word in _BOOLEAN_WORDS for word in words) else "category"


def _text(value: object, kind: Kind) -> str:
    return (read_boolean(value) if kind == "boolean" else None) or read_category(value)


def _whole(value: object, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 100_000:
        raise RuleError(f"{what} must be a whole number from -100,000 to 100,000; correct it.")
    return value


def _positive(value: object) -> int:
    number = _whole(value, "points_to_double_odds")
    if number < 1:
        raise RuleError("points_to_double_odds must be 1 or more; correct it.")
    return number


def _number(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) == float("inf"):
        raise RuleError(f"{where} must give at_least and below a number; correct it.")
    return float(value)
