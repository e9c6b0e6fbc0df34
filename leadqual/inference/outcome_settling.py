"""The guessed outcome compared with the table's flags: what the flags decide, and notes where they disagree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle.values import read_category
from leadqual.errors import SchemaError
from leadqual.inference.outcome_guess import OutcomeGuess, state_of
from leadqual.leads.outcome_flags import TOLERATED, Flags, read_flags, settled_by_flags
from leadqual.leads.outcome_states import WON
from leadqual.leads.schema import ANY_VALUE
from leadqual.tables.distinct import distinct_values
from leadqual.vocabulary.column_names import plain_name
from leadqual.vocabulary.crm import CrmExport

__all__ = ["SettledOutcome", "settle_outcome"]

_SAID = ("won", "lost", "open")


@dataclass(frozen=True, slots=True)
class SettledOutcome:
    """An outcome that agrees with the flags of its table, or says in what it does not.

    Parameters
    ----------
    guess
        The outcome.
    overrides
        The flags that the user's own values overrule.
    notes
        A sentence where flags changed something, or are overruled.
    """

    guess: OutcomeGuess
    overrides: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def settle_outcome(
    table: pd.DataFrame, guess: OutcomeGuess, crm: CrmExport | None, roles: Mapping[str, str]
) -> SettledOutcome:
    """Compare an outcome with the flags beside it (``hs_is_closed_won``, ``IsWon``, ``statecode``).

    Where the flags tell the leads of each value alike, they say what the value means, whatever its name. Where they do
    not, the flag becomes the outcome. Values that the user said stay as they were said, and the disagreement is noted.

    Parameters
    ----------
    table
        Raw values of n leads.
    guess
        The outcome by names and words.
    crm
        The recognised export; None for another table.
    roles
        What the user said.

    Raises
    ------
    SchemaError
        When flags and outcome disagree and neither can be taken: the user named the column, no Yes/No column says won,
        or the flags call nobody won. It counts the leads.
    """
    if guess.column is None:
        return SettledOutcome(guess)
    flags = read_flags(table, besides=(guess.column,))
    if guess.flag and "outcome" not in roles and crm is not None:
        staged = _stage_of(table, guess, crm)
        if staged is not None:
            return SettledOutcome(staged)
    if flags is None:
        return SettledOutcome(guess)
    won = guess.states(table) == WON
    against = flags.against(won)
    named = " and ".join(flags.columns)
    counts = (
        f"{int(against.sum()):,} leads: {int((against & ~won).sum()):,} are won by the flag and not by "
        f"{guess.column!r}, {int((against & won).sum()):,} the other way round"
    )
    if any(roles.get(state) for state in _SAID):
        if not against.any():
            return SettledOutcome(guess)
        note = f"The values that you said for {guess.column!r} contradict {named} about {counts}. Yours count."
        return SettledOutcome(guess, flags.columns, (note,))
    meanings = None if ANY_VALUE in guess.won else settled_by_flags(table[guess.column], flags)
    if meanings is not None:
        return _by_value(guess, crm, flags, meanings, won, table)
    wins = max(int(won.sum()), int((flags.won == 1).sum()), 1)
    if against.sum() <= TOLERATED * wins:
        note = f"{guess.column!r} and {named} disagree about {counts}; {guess.column!r} counts."
        return SettledOutcome(guess, (), (note,) if against.any() else ())
    if "outcome" in roles or flags.winning is None or not (flags.won == 1).any():
        way = f' take the flag with --role "outcome={flags.winning[0]}",' if flags.winning else ""
        raise SchemaError(
            f"{guess.column!r} and {named} disagree about {counts}; a lead is won or it is not:{way} or say with "
            '--role "won=VALUE|VALUE" which values are won whatever the flag says.'
        )
    column, yes, no = flags.winning
    why = f"a flag that says won; {guess.column!r} disagrees with it about {int(against.sum()):,} leads"
    note = f"{guess.column!r} and {named} disagree about {counts}. The flag {column!r} was taken as the outcome."
    return SettledOutcome(OutcomeGuess(column, (yes,), (), (no,), why, flag=True), (), (note,))


def _texts(column: pd.Series) -> list[str]:
    found = distinct_values(column)
    return [read_category(value) for value, empty in zip(found.values, found.missing, strict=True) if not empty]


def _by_value(
    guess: OutcomeGuess,
    crm: CrmExport | None,
    flags: Flags,
    meanings: Mapping[str, str],
    won: NDArray[np.bool_],
    table: pd.DataFrame,
) -> SettledOutcome:
    """Give each value the meaning that the flags give it, and say how many leads that moves."""
    lists: dict[str, list[str]] = {"won": [], "lost": [], "open": []}
    settled = 0
    for state in _SAID:
        for value in getattr(guess, state):
            means = meanings.get(value, state)
            if means == "not won":
                means = state if state != "won" else "open"
            lists[means].append(value)
            settled += means != state
    named = " and ".join(flags.columns)
    if not lists["won"]:
        raise SchemaError(
            f"{named} calls none of the {len(won):,} leads won, {guess.column!r} calls {int(won.sum()):,} so; one of "
            'them is wrong: leave the flag out of the export, or say with --role "won=VALUE|VALUE" which values are '
            "won whatever the flag says."
        )
    changed = replace(
        guess, won=tuple(lists["won"]), lost=tuple(lists["lost"]), open=tuple(lists["open"]), why_values=()
    )
    reasons = [("[won]", f"{named} says so, whatever the values are called")] if settled else []
    unknown = sum(state_of(value, crm) is None and value not in meanings for value in changed.open)
    if unknown:
        reasons.append(
            ("[open]", f"{unknown} of these are not usual words for it; check that they are neither won nor lost")
        )
    moved = (changed.states(table) == WON) != won
    if not moved.any():
        return SettledOutcome(replace(changed, why_values=tuple(reasons)))
    note = (
        f"What the values of {guess.column!r} mean was taken from {named}: {int((moved & ~won).sum()):,} leads are won "
        f"and {int((moved & won).sum()):,} not won that the names of their values alone would have put otherwise."
    )
    return SettledOutcome(replace(changed, why_values=tuple(reasons)), (), (note,))


def _stage_of(table: pd.DataFrame, guess: OutcomeGuess, crm: CrmExport) -> OutcomeGuess | None:
    """Return the stage whose values a flag settles, which says lost and open too; None where there is none."""
    flags = read_flags(table)
    for plain in crm.roles.get("outcome", ()):
        name = next((str(column) for column in table.columns if plain_name(str(column)) == plain), None)
        if name == guess.column or flags is None:
            return None
        meanings = None if name is None else settled_by_flags(table[name], flags)
        if not meanings or "won" not in meanings.values():
            continue
        lists: dict[str, list[str]] = {"won": [], "lost": [], "open": []}
        for value in _texts(table[name]):
            by_word, means = state_of(value, crm) or "open", meanings.get(value)
            if means is None:
                means = by_word
            elif means == "not won":
                means = "lost" if by_word == "lost" else "open"
            lists[means].append(value)
        why = (
            f"the field of {crm.crm} {crm.record} that says how they ended; {guess.column!r} says what its values mean"
        )
        return OutcomeGuess(name, tuple(lists["won"]), tuple(lists["lost"]), tuple(lists["open"]), why)
    return None
