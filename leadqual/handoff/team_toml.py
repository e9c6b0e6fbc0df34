"""A team's file: TOML read into a `Team`, with every key known and every slip named."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from leadqual.errors import HandoffError
from leadqual.handoff.team import ASPECTS, REASON_KINDS, Escalation, Rule, Seller, Team
from leadqual.handoff.working_hours import WEEKDAYS, Span, WorkingHours

__all__ = ["EXAMPLE", "example_team", "parse_team", "read_team"]

EXAMPLE = """\
crm_link = "https://crm.example/lead/{id}"
show = []                       # of grade, points, probability; what is shown tells which leads were drawn

[fields]                        # which field of a lead says where it belongs
territory = "country"
language = "language"

[teams.europe]
zone = "Europe/Berlin"
country = "DE"                  # whose holidays are free
subdivision = "BE"
[teams.europe.hours]            # lunch is the gap between two spans
mon = ["09:00-12:30", "13:30-18:00"]
tue = ["09:00-12:30", "13:30-18:00"]
wed = ["09:00-12:30", "13:30-18:00"]
thu = ["09:00-12:30", "13:30-18:00"]
fri = ["09:00-12:30", "13:30-16:00"]

[teams.china]
zone = "Asia/Shanghai"
country = "CN"                  # its make-up working days are worked
[teams.china.hours]
mon = ["09:00-12:00", "13:00-18:00"]
tue = ["09:00-12:00", "13:00-18:00"]
wed = ["09:00-12:00", "13:00-18:00"]
thu = ["09:00-12:00", "13:00-18:00"]
fri = ["09:00-12:00", "13:00-18:00"]

[[sellers]]
id = "S-1"
team = "europe"
weekly_capacity = 20
territories = ["DE", "AT", "FR"]
languages = ["de", "en"]

[[sellers]]
id = "S-2"
team = "europe"
weekly_capacity = 10
away_from = 2026-08-03
away_to = 2026-08-14

[[sellers]]
id = "S-3"
team = "china"
weekly_capacity = 25
territories = ["CN"]

[[rules]]                       # the first that holds decides
field = "country"
equals = "CN"
team = "china"

[[rules]]
field = "country"
in = ["DE", "AT"]
team = "europe"

[escalation]
after_hours = 4                 # working hours past the deadline
to = "M-1"
pool_after_hours = 16

[reasons]
rejected = ["no budget", "wrong region", "duplicate"]
disqualified = ["no need", "competitor's customer"]
recycled = ["not now"]
lost = ["price", "chose another", "no decision"]
"""

_SPAN = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*-\s*([01]?\d|2[0-4]):([0-5]\d)")
_TEAM_KEYS = ("zone", "hours", "country", "subdivision", "make_up", "closed_days", "open_days")
_SELLER_KEYS = (
    *("id", "team", "weekly_capacity", "territories", "products", "languages"),
    *("away_from", "away_to"),
)
_KEYS = ("crm_link", "show", "fields", "teams", "sellers", "rules", "escalation", "reasons")


def read_team(path: str | Path) -> Team:
    """Read a team's file.

    Parameters
    ----------
    path
        A TOML file, such as `EXAMPLE`.

    Raises
    ------
    HandoffError
        When it cannot be read, or `parse_team` refuses it.
    """
    name = Path(path).name
    try:
        text = Path(path).read_text("utf-8-sig")
    except OSError as error:
        why = error.strerror or "it cannot be opened"
        raise HandoffError(
            f"the team's file {name} cannot be read ({why}), it must be a TOML file; name one."
        ) from None
    except UnicodeDecodeError:
        raise HandoffError(f"the team's file {name} is not in UTF-8, it must be; save it so.") from None
    return parse_team(text)


def parse_team(text: str) -> Team:
    """Return the team that a TOML text describes.

    Parameters
    ----------
    text
        The text; `EXAMPLE` has every part of it.

    Raises
    ------
    HandoffError
        When it is no TOML, has a key that is not known or a value of another kind, or contradicts itself.

    Examples
    --------
    >>> team = parse_team(EXAMPLE)
    >>> [(seller.id, seller.weekly_capacity) for seller in team.sellers]
    [('S-1', 20), ('S-2', 10), ('S-3', 25)]
    >>> parse_team(EXAMPLE.replace("weekly_capacity = 20", "weekly_capacty = 20"))
    Traceback (most recent call last):
    leadqual.errors.HandoffError: sellers 1 has the key 'weekly_capacty', it must be one of id, team, weekly_capacity, \
territories, products, languages, away_from, away_to; correct it (did you mean weekly_capacity?).
    """
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise HandoffError(f"the team's file is no TOML ({error}), it must be; correct it.") from None
    _check_keys(found, _KEYS, "the team's file")
    fields = _table(found.get("fields", {}), "fields")
    _check_keys(fields, ASPECTS, "fields")
    reasons = _table(found.get("reasons", {}), "reasons")
    _check_keys(reasons, REASON_KINDS, "reasons")
    teams = _table(found.get("teams", {}), "teams")
    return Team(
        hours=tuple(_hours(name, _table(one, f"teams.{name}")) for name, one in teams.items()),
        sellers=tuple(_seller(one, f"sellers {i}") for i, one in enumerate(_tables(found, "sellers"), 1)),
        crm_link=_text(found, "crm_link", "the team's file", default=""),
        aspect_fields={aspect: _text(fields, aspect, "fields") for aspect in fields},
        rules=tuple(_rule(one, f"rules {i}") for i, one in enumerate(_tables(found, "rules"), 1)),
        escalation=_escalation(_table(found["escalation"], "escalation")) if "escalation" in found else None,
        reasons={kind: _texts(reasons, kind, "reasons") for kind in reasons},
        shown=_texts(found, "show", "the team's file"),
    )


def example_team() -> Team:
    """Return the team of `EXAMPLE`, to try things with.

    Examples
    --------
    >>> example_team().hours[0].zone
    'Europe/Berlin'
    """
    return parse_team(EXAMPLE)


def _hours(name: str, found: Mapping[str, Any]) -> WorkingHours:
    where = f"teams.{name}"
    _check_keys(found, _TEAM_KEYS, where)
    week = _table(found.get("hours", {}), f"{where}.hours")
    _check_keys(week, WEEKDAYS, f"{where}.hours")
    return WorkingHours(
        team=name,
        zone=_text(found, "zone", where),
        week=tuple(_spans(week, day, f"{where}.hours") for day in WEEKDAYS),
        country=_text(found, "country", where, default=""),
        subdivision=_text(found, "subdivision", where, default=""),
        make_up=_spans(found, "make_up", where),
        closed_days=_days(found, "closed_days", where),
        open_days=_days(found, "open_days", where),
    )


def _seller(found: Mapping[str, Any], where: str) -> Seller:
    _check_keys(found, _SELLER_KEYS, where)
    if "weekly_capacity" not in found:
        raise HandoffError(f"{where} has no weekly_capacity, it must be there; add it.")
    return Seller(
        id=_text(found, "id", where),
        team=_text(found, "team", where),
        weekly_capacity=found["weekly_capacity"],
        territories=_texts(found, "territories", where),
        products=_texts(found, "products", where),
        languages=_texts(found, "languages", where),
        away_from=_day(found["away_from"], f"{where} away_from") if "away_from" in found else None,
        away_to=_day(found["away_to"], f"{where} away_to") if "away_to" in found else None,
    )


def _rule(found: Mapping[str, Any], where: str) -> Rule:
    _check_keys(found, ("field", "equals", "in", "team", "seller"), where)
    if ("equals" in found) == ("in" in found):
        raise HandoffError(f"{where} must have either equals or in; give exactly one of them.")
    values = (_text(found, "equals", where),) if "equals" in found else _texts(found, "in", where)
    team, seller = (_text(found, key, where, default="") for key in ("team", "seller"))
    return Rule(_text(found, "field", where), values, team, seller)


def _escalation(found: Mapping[str, Any]) -> Escalation:
    _check_keys(found, ("after_hours", "to", "pool_after_hours"), "escalation")
    pool = _number(found, "pool_after_hours") if "pool_after_hours" in found else None
    return Escalation(_number(found, "after_hours"), _text(found, "to", "escalation"), pool)


def _check_keys(found: Mapping[str, Any], known: Collection[str], where: str) -> None:
    for key in found:
        if key not in known:
            near = difflib.get_close_matches(key.casefold(), list(known), n=1, cutoff=0.5)
            meant = f" (did you mean {near[0]}?)" if near else ""
            raise HandoffError(f"{where} has the key {key!r}, it must be one of {', '.join(known)}; correct it{meant}.")


def _table(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise HandoffError(f"{where} is {_kind(value)}, it must be a table; write it as [{where}].")
    return value


def _tables(found: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    several = found.get(key, [])
    if not isinstance(several, list):
        raise HandoffError(f"{key} is {_kind(several)}, it must be a list of tables; write each as [[{key}]].")
    return [_table(one, f"{key} {i}") for i, one in enumerate(several, 1)]


def _text(found: Mapping[str, Any], key: str, where: str, *, default: str | None = None) -> str:
    if key not in found and default is not None:
        return default
    value = found.get(key)
    if not isinstance(value, str) or not value.strip():
        got = "is not there" if key not in found else "is an empty text" if isinstance(value, str) else "is no text"
        raise HandoffError(f'{where}: {key} {got}, it must be a text; write it as {key} = "...".')
    return value


def _texts(found: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = found.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise HandoffError(f'{where}: {key} must be a list of texts that are not empty; write it as {key} = ["..."].')
    return tuple(value)


def _number(found: Mapping[str, Any], key: str) -> float:
    value = found.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise HandoffError(f"escalation: {key} must be a number of working hours; write it as {key} = 4.")
    return float(value)


def _spans(found: Mapping[str, Any], key: str, where: str) -> tuple[Span, ...]:
    spans = []
    for text in _texts(found, key, where):
        match = _SPAN.fullmatch(text.strip())
        if match is None:
            raise HandoffError(f'{where}: {key} has {text!r}, it must be from when to when; write it as "09:00-17:30".')
        hour, minute, end_hour, end_minute = map(int, match.groups())
        spans.append((60 * hour + minute, 60 * end_hour + end_minute))
    return tuple(spans)


def _day(value: object, what: str) -> date:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise HandoffError(f"{what} must be a date without a time; write it as 2026-08-03.")
    return value


def _days(found: Mapping[str, Any], key: str, where: str) -> frozenset[date]:
    value = found.get(key, [])
    if not isinstance(value, list):
        raise HandoffError(f"{where}: {key} must be a list of dates; write it as {key} = [2026-12-24].")
    return frozenset(_day(one, f"{where}: {key}") for one in value)


def _kind(value: object) -> str:
    names = {str: "a text", bool: "true or false", int: "a number", float: "a number", list: "a list"}
    return names.get(type(value), "something else")
