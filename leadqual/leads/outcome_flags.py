"""Flags beside the outcome: Yes/No columns that a CRM keeps itself, and whether the outcome agrees with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle.values import is_single, read_boolean, read_category
from leadqual.errors import SchemaError
from leadqual.leads.outcome_states import LOST, OPEN, WON, read_states
from leadqual.leads.schema import Schema
from leadqual.tables.distinct import distinct_values
from leadqual.vocabulary.column_names import plain_name, word_set
from leadqual.vocabulary.crm import recognise
from leadqual.vocabulary.header_words import english_words
from leadqual.vocabulary.outcome_words import meaning, yes_or_no

__all__ = ["TOLERATED", "Flags", "check_flags", "read_flags", "settled_by_flags"]

TOLERATED = 0.02
"""Share of a value's leads, or of the wins, in which flag and outcome may differ: records changed during the export."""

_FILLING = word_set("is has was hs deal lead opportunity opp flag closed close c custom")
_GLUED = {
    **dict.fromkeys(("iswon", "isclosedwon", "hsisclosedwon", "closedwon", "dealwon"), "won"),
    **dict.fromkeys(("islost", "isclosedlost", "hsisclosedlost", "closedlost", "deallost"), "lost"),
    **dict.fromkeys(("isclosed", "hsisclosed", "isdealclosed"), "closed"),
}
_STATES = word_set("statecode wonstatus")  # columns of which each value names a state
_CODES = {"0": OPEN, "1": WON, "2": LOST}  # Dynamics 365: open; won or qualified; lost or disqualified
_UNKNOWN = -1


@dataclass(frozen=True, slots=True, eq=False)
class Flags:
    """What the flags of a table of n leads say.

    Parameters
    ----------
    columns
        The flags, in the table's order.
    won, closed
        1 yes, 0 no, -1 where no flag says it, int8 (n,).
    winning
        The Yes/No column that says won, with its values for yes and no; None where there is none.
    """

    columns: tuple[str, ...]
    won: NDArray[np.int8]
    closed: NDArray[np.int8]
    winning: tuple[str, str, str] | None = None

    def against(self, won: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Tell which leads (n,) the flags call won and ``won`` does not, or the other way round."""
        differing: NDArray[np.bool_] = (self.won != _UNKNOWN) & ((self.won == 1) != won)
        return differing


def read_flags(table: pd.DataFrame, *, besides: Collection[str] = ()) -> Flags | None:
    """Read the flags of a table.

    A flag is a Yes/No column whose name says won, lost or closed and nothing else (``hs_is_closed_won``, ``IsWon``,
    ``Closed``), one that a recognised CRM keeps (``IsConverted``), or a column of states (``statecode``).

    Parameters
    ----------
    table
        Raw values of n leads.
    besides
        Columns that do not count: the outcome itself.

    Returns
    -------
    Flags, or None where there is none.

    Examples
    --------
    >>> flags = read_flags(pd.DataFrame({"stage": ["7", "8"], "IsWon": ["yes", "no"], "IsClosed": ["yes", "yes"]}))
    >>> flags.columns, flags.won.tolist(), flags.closed.tolist()
    (('IsWon', 'IsClosed'), [1, 0], [1, 1])
    """
    crm = recognise(table.columns)
    own = frozenset() if crm is None else crm.flags
    won = np.full(len(table), _UNKNOWN, dtype=np.int8)
    closed, lost = won.copy(), won.copy()
    columns, winning = [], None
    for name in map(str, table.columns):
        if name in besides:
            continue
        if plain_name(name) in _STATES:
            states = _states(table[name])
            known = states != -2
            won[known] = np.where(won[known] == 1, 1, states[known] == WON)
            closed[known] = states[known] != OPEN
            columns += [name] if known.any() else []
            continue
        says = _says(name, own)
        read = None if says is None else _yes_no(table[name])
        if read is None:
            continue
        values, yes, no = read
        columns.append(name)
        target = {"won": won, "lost": lost, "closed": closed}[str(says)]
        np.maximum(target, values, out=target)
        if says == "won" and winning is None and yes and no:
            winning = (name, yes, no)
    if not columns:
        return None
    won[(won == _UNKNOWN) & (lost == 1)] = 0
    closed[(won == 1) | (lost == 1)] = 1
    closed[(closed == _UNKNOWN) & (won == 0) & (lost == 0)] = 0
    return Flags(tuple(columns), won, closed, winning)


def _says(name: str, own: frozenset[str]) -> str | None:
    plain = plain_name(name)
    if plain in own:
        return "won"
    if plain in _GLUED:
        return _GLUED[plain]
    words = set(english_words(name))
    rest = words - _FILLING
    if rest in ({"won"}, {"lost"}):
        return rest.pop()
    return "closed" if not rest and "closed" in words else None


def _yes_no(column: pd.Series) -> tuple[NDArray[np.int8], str, str] | None:
    """Return a Yes/No column as 1, 0 and -1, with the texts of yes and no; None where it is no such column."""
    found = distinct_values(column)
    known = [value for value, empty in zip(found.values, found.missing, strict=True) if not empty]
    if not known or not all(map(is_single, known)):
        return None
    texts = [read_category(value) for value in known]
    yes, no = yes_or_no(tuple(dict.fromkeys(texts)))
    readings = [
        read_boolean(value) or {yes: "yes", no: "no"}.get(text) for value, text in zip(known, texts, strict=True)
    ]
    if None in readings or len(known) > 4:
        return None
    text_of = dict(zip(readings, texts, strict=True))
    codes = iter(1 if reading == "yes" else 0 for reading in readings)
    coded = np.array([_UNKNOWN if empty else next(codes) for empty in found.missing] + [_UNKNOWN], dtype=np.int8)
    return coded[found.codes], text_of.get("yes", ""), text_of.get("no", "")


def _states(column: pd.Series) -> NDArray[np.int8]:
    """Return a column of states as won, lost and open; -2 where a value says none of them."""
    found = distinct_values(column)
    named = {"won": WON, "lost": LOST, "open": OPEN}
    extra = {"qualified": WON, "disqualified": LOST, "pending": OPEN}
    read = []
    for value, empty in zip(found.values, found.missing, strict=True):
        text = read_category(value).casefold() if is_single(value) and not empty else ""
        read.append(extra.get(text, _CODES.get(text, named.get(meaning(text) or "", -2))))
    return np.array([*read, -2], dtype=np.int8)[found.codes]


def settled_by_flags(column: pd.Series, flags: Flags) -> Mapping[str, str] | None:
    """Return what the flags say each value of a column means: ``"won"``, ``"lost"``, ``"open"`` or ``"not won"``.

    A value whose leads the flags do not tell alike, `TOLERATED` aside, makes the answer None: then the column says
    something else than the flags. Values of which the flags know nothing are not in the answer.

    Examples
    --------
    >>> table = pd.DataFrame({"stage": ["7", "7", "8"], "IsWon": [True, True, False], "IsClosed": [True, True, True]})
    >>> dict(settled_by_flags(table["stage"], read_flags(table)))
    {'7': 'won', '8': 'lost'}
    """
    found = distinct_values(column)
    settled: dict[str, str] = {}
    for place, value in enumerate(found.values):
        there = (found.codes == place) & (flags.won != _UNKNOWN)
        if found.missing[place] or not there.any():
            continue
        won = float(flags.won[there].mean())
        if TOLERATED < won < 1 - TOLERATED:
            return None
        told = there & (flags.closed != _UNKNOWN)
        closed = float(flags.closed[told].mean()) if told.sum() >= (1 - TOLERATED) * there.sum() else 0.5
        text = read_category(value)
        if won >= 1 - TOLERATED:
            settled[text] = "won"
        else:
            settled[text] = "lost" if closed >= 1 - TOLERATED else "open" if closed <= TOLERATED else "not won"
    return settled


def check_flags(table: pd.DataFrame, schema: Schema) -> list[str]:
    """Compare the outcome with the flags that the schema does not overrule; note what few leads differ in.

    Raises
    ------
    SchemaError
        When more than `TOLERATED` of the wins stand otherwise.
    """
    if schema.outcome is None:
        return []
    flags = read_flags(table, besides=(schema.outcome, *schema.overrides, *_dates(schema)))
    if flags is None:
        return []
    won = read_states(table, schema) == WON
    against = flags.against(won)
    if not against.any():
        return []
    missed = int((against & ~won).sum())
    note = (
        f"{schema.outcome} disagrees with {' and '.join(flags.columns)} about {int(against.sum()):,} leads: {missed:,} "
        f"are won by the flag and not by the schema, {int((against & won).sum()):,} the other way round"
    )
    if against.sum() > TOLERATED * max(int(won.sum()), int((flags.won == 1).sum()), 1):
        ways = f"column = {flags.winning[0]!r} in [outcome], or " if flags.winning else ""
        named = ", ".join(f'"{name}"' for name in flags.columns)
        raise SchemaError(
            f"{note}; a lead is won or it is not: correct the values of won, lost and open (init finds them by the "
            f"flag), take the flag with {ways}write overrides = [{named}] in [outcome] where the flag is wrong."
        )
    return [f"{note}; the schema's outcome counts."]


def _dates(schema: Schema) -> tuple[str, ...]:
    return tuple(name for name in (schema.created_at, schema.closed_at, schema.deleted) if name is not None)
