"""The TOML file of a schema: which sections and keys it may have, reading it, and writing it with comments."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from leadqual.errors import SchemaError

__all__ = ["LeftOut", "parse", "render"]

LEAD_KEYS = (
    "id",
    "created_at",
    "closed_at",
    "order",
    "value",
    "owner",
    "account",
    "deleted",
    "repeats",
    "created_after",
    "imported",
)
OUTCOME_KEYS = ("column", "won", "lost", "open", "overrides")
READING_KEYS = ("encoding", "sheet", "day_first", "decimal", "thousands", "missing_values")
FEATURE_KEYS = ("name", "kind", "known", "separator", "decimal", "thousands", "dimension", "actionable", "aliases")
_SECTIONS = {"lead": LEAD_KEYS, "outcome": OUTCOME_KEYS, "reading": READING_KEYS}
_LISTS = frozenset({"won", "lost", "open", "missing_values", "overrides", "aliases"})
_TRUTHS = frozenset({"day_first", "actionable"})


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A column that is not a feature, written as a comment so that a person can put it back.

    Parameters
    ----------
    name
        The column.
    kind, known
        What it would be as a feature.
    why
        Why it was left out.
    separator
        What stands between the choices of a list; None for any other kind.
    """

    name: str
    kind: str
    known: str
    why: str
    separator: str | None = None


def parse(text: str) -> dict[str, Any]:
    r"""Read the TOML text of a schema into the keyword arguments of ``Schema``.

    Parameters
    ----------
    text
        The file's text.

    Returns
    -------
    dict
        Role names, ``outcome``, ``won``, ``lost``, ``open``, ``day_first``, ``missing_values`` as far as they are
        given, and ``features``: a list of dictionaries with the keyword arguments of ``Feature``.

    Raises
    ------
    SchemaError
        When the text is not TOML, has an unknown section or key, or a value of the wrong type.

    Examples
    --------
    >>> parse('[lead]\nid = "Lead ID"\n[[feature]]\nname = "Source"\nkind = "category"')
    {'id': 'Lead ID', 'features': [{'name': 'Source', 'kind': 'category'}]}
    """
    try:
        document = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise SchemaError(f"the schema is not valid TOML: {error}; correct it at that place.") from None
    _allowed("the schema", document, (*_SECTIONS, "feature"))
    read: dict[str, Any] = {}
    for section, keys in _SECTIONS.items():
        given = document.get(section, {})
        if not isinstance(given, dict):
            raise SchemaError(f"{section} must be a section; write [{section}] with its keys below it.")
        _allowed(f"[{section}]", given, keys)
        read |= {("outcome" if key == "column" else key): _typed(f"[{section}]", key, given[key]) for key in given}
    features = document.get("feature", [])
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        raise SchemaError("feature must be a list of sections; write [[feature]] once for each feature.")
    read["features"] = [_feature(place, given) for place, given in enumerate(features, start=1)]
    return read


def _feature(place: int, given: dict[str, Any]) -> dict[str, Any]:
    where = f"[[feature]] number {place}"
    _allowed(where, given, FEATURE_KEYS)
    for key in ("name", "kind"):
        if key not in given:
            raise SchemaError(f"{where} has no {key}; add it, or delete that section.")
    return {key: _typed(where, key, value) for key, value in given.items()}


def _allowed(where: str, given: Mapping[str, Any], keys: Iterable[str]) -> None:
    unknown = [key for key in given if key not in set(keys)]
    if unknown:
        raise SchemaError(
            f"{where} has the unknown key {', '.join(map(repr, unknown))}; allowed are {', '.join(keys)}: "
            "correct the spelling or delete it."
        )


def _typed(where: str, key: str, value: Any) -> Any:
    if key in _LISTS:
        if isinstance(value, list) and all(isinstance(text, str) for text in value):
            return tuple(value)
        raise SchemaError(f'{where} {key} must be a list of texts; write {key} = ["...", "..."].')
    if key in _TRUTHS:
        if isinstance(value, bool):
            return value
        raise SchemaError(f"{where} {key} must be true or false, without quotes.")
    if isinstance(value, str):
        return value
    if key == "created_after" and isinstance(value, date):
        return value.isoformat()[:10]
    raise SchemaError(f'{where} {key} must be a text; write {key} = "...".')


def render(
    arguments: Mapping[str, Any],
    *,
    head: Iterable[str] = (),
    why: Mapping[str, str] | None = None,
    left_out: Iterable[LeftOut] = (),
) -> str:
    """Write what `parse` reads, with comments.

    Parameters
    ----------
    arguments
        As returned by `parse`; None and empty values are left out.
    head
        Sentences for the top of the file.
    why
        Column -> the reason for what is said about it; key in brackets (``"[won]"``, ``"[day_first]"``) -> the reason
        for its value.
    left_out
        Columns to add at the end as features that are commented out.

    Returns
    -------
    str
        TOML text, ending in a newline.
    """
    why = why or {}
    lines = [*(f"# {_one_line(sentence)}" for sentence in head)]
    for section, keys in _SECTIONS.items():
        body: list[str] = []
        for key in keys:
            value = arguments.get("outcome" if key == "column" else key)
            if value is None or value == ():
                continue
            reason = why.get(f"[{key}]") or (why.get(value) if isinstance(value, str) else None)
            body += [f"# {_one_line(reason)}"] if reason else []
            body.append(f"{key} = {_value(value)}")
        if body:
            lines += ["", f"[{section}]", *body]
    for feature in arguments["features"]:
        reason = why.get(feature["name"])
        lines += ["", "[[feature]]", *([f"# {_one_line(reason)}"] if reason else [])]
        lines += [f"{key} = {_value(feature[key])}" for key in FEATURE_KEYS if feature.get(key) is not None]
    out = list(left_out)
    if out:
        lines += ["", "# Columns that are not features. To use one, remove the '# ' before its lines."]
    for column in out:
        lines += ["", f"# Left out: {_one_line(column.why)}", "# [[feature]]"]
        unset = [key for key in ("name", "kind", "known", "separator") if getattr(column, key) is not None]
        lines += [f"# {key} = {_value(getattr(column, key))}" for key in unset]
    return "\n".join(lines).strip("\n") + "\n"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _one_line(text: str) -> str:
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())
