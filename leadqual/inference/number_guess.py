"""How the numbers of an export are read: decimal marks and thousands that its columns settle, and units that differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from leadqual.errors import SchemaError
from leadqual.leads.schema import Feature
from leadqual.leads.schema_toml import LeftOut
from leadqual.tables.number_marks import NumberMarks, SettledMarks, agreed_decimal, scan_numbers, settle_marks
from leadqual.tables.units import scan_units

__all__ = ["GuessedNumbers", "settle_numbers", "unread_numbers"]

_UNREAD = r"\s*[-+]?\d[\d.,' \u00a0\u202f]*\s*[^\W\d_]{1,6}\.?\s*"

_MIN_NUMBERS = 0.8
_SEVERAL = "its values are in several units, less than 95% in one"


@dataclass(frozen=True, slots=True)
class GuessedNumbers:
    """How the numbers of a table are read.

    Parameters
    ----------
    features
        The features with their marks, each with its reason.
    left_out
        Columns whose values are in several units.
    decimal, thousands
        The marks of the whole file.
    why
        What says the decimal mark of the file.
    notes
        What a person should know.
    """

    features: list[tuple[Feature, str]]
    left_out: list[LeftOut]
    decimal: str
    thousands: str | None
    why: str
    notes: tuple[str, ...]


def settle_numbers(
    table: pd.DataFrame, features: Sequence[tuple[Feature, str]], roles: Mapping[str, str]
) -> GuessedNumbers:
    """Settle the marks of all numeric features.

    Parameters
    ----------
    table
        n leads.
    features
        The features with their reasons.
    roles
        What the user said: ``decimal``, ``thousands`` and ``decimal:COLUMN``.

    Raises
    ------
    SchemaError
        When all values of a column with a mark have exactly three digits behind it, and nothing settles whether these
        are thousands; it names the columns.
    """
    numeric = [feature for feature, _ in features if feature.kind == "numeric"]
    marks = {feature.name: scan_numbers(table[feature.name]) for feature in numeric}
    agreed = agreed_decimal(marks)
    told = roles.get("decimal") or {".": ",", ",": "."}.get(roles.get("thousands", ""))
    whole = told or agreed or "."
    settled = {
        name: settle_marks(found, agreed=agreed, told=roles.get(f"decimal:{name}") or told)
        for name, found in marks.items()
    }
    scored = {feature.name for feature in numeric if feature.known != "later"}
    asking = [name for name, found in settled.items() if found is None and name in scored]
    if asking:
        raise _two_ways(asking, marks)
    kept: list[tuple[Feature, str]] = []
    left_out: list[LeftOut] = []
    notes: list[str] = []
    for feature, why in features:
        if feature.kind != "numeric":
            kept.append((feature, why))
            continue
        units = scan_units(table[feature.name])
        if units.several:
            left_out.append(LeftOut(feature.name, feature.kind, feature.known, f"{_SEVERAL}: {units.listed}"))
            notes.append(f"{feature.name} is left out, as {_SEVERAL} ({units.listed}); convert them to one.")
            continue
        if units.mixed:
            notes.append(
                f"{feature.name} has values in several units ({units.listed}), read as bare numbers; convert them."
            )
            why = f"{why}; in several units: {units.listed}"
        found = settled[feature.name] or SettledMarks(whole)
        kept.append((_marked(feature, found, whole), "; ".join(filter(None, (why, found.why)))))
    reason = "said by you" if told else "some numbers can be read in no other way"
    return GuessedNumbers(kept, left_out, whole, roles.get("thousands"), reason, tuple(notes))


def unread_numbers(table: pd.DataFrame, left_out: Sequence[LeftOut]) -> list[str]:
    """Say which columns that are left out hold numbers with letters behind them: ``1.2k``, ``3,4 Mio``, ``12万``.

    Parameters
    ----------
    table
        n leads.
    left_out
        The columns that are no features.
    """
    notes = []
    for column in left_out:
        values = table[column.name].dropna()
        if column.kind != "category" or not len(values) or table[column.name].dtype.kind in "fiubM":
            continue
        if values.astype("str").str.fullmatch(_UNREAD).mean() >= _MIN_NUMBERS:
            notes.append(
                f"{column.name} is left out, as its values are numbers with letters behind them (such as 1.2k), which "
                "are not read; to score it, export it as plain numbers."
            )
    return notes


def _marked(feature: Feature, found: SettledMarks, whole: str) -> Feature:
    return replace(feature, decimal=None if found.decimal == whole else found.decimal, thousands=found.thousands)


def _two_ways(names: Sequence[str], marks: Mapping[str, NumberMarks]) -> SchemaError:
    mark = marks[names[0]].asks or "."
    other = "," if mark == "." else "."
    named = f"{', '.join(map(repr, names))} {'has' if len(names) == 1 else 'have'}"
    return SchemaError(
        f"{named} numbers such as 1{mark}200 that can be read as 1200 or as 1.2, all with three digits behind it, "
        "and none that can be read in one way only; say which mark is the decimal one with "
        f"--role decimal={other} (1200) or --role decimal={mark} (1.2), of one column with "
        f"--role \"decimal:{names[0]}={other}\" (in Python roles={{'decimal': '{other}'}})."
    )
