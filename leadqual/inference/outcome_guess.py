"""Guessing the outcome: which column says how a lead ended, and which of its values mean won, lost and open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle.values import read_boolean
from leadqual.errors import SchemaError
from leadqual.inference.outcome_candidates import candidates_listed, values_listed
from leadqual.inference.profile import ColumnProfile
from leadqual.leads.outcome_states import read_states
from leadqual.leads.schema import ANY_VALUE, Schema, State
from leadqual.vocabulary.column_names import plain_name
from leadqual.vocabulary.crm import CrmExport
from leadqual.vocabulary.outcome_words import meaning, plain_value
from leadqual.vocabulary.personal import contact_value

__all__ = ["OutcomeGuess", "ambiguous", "guess_outcome", "settle_flag", "state_of"]

_SEPARATOR = "|"
_STATES: tuple[State, ...] = ("won", "lost", "open")
_COLUMN_WORDS = ("status", "stage", "outcome", "result", "state", "disposition", "lifecycle", "label", "target")
_FLAG_WORDS = (
    "converted", "conversion", "won", "win", "outcome", "target", "label", "purchased", "sold", "enrolled", "signed",
    "success",
)  # fmt: skip
_DATE_WORDS = ("won", "converted", "conversion", "purchase", "purchased", "sold", "signed", "customer")


@dataclass(frozen=True, slots=True)
class OutcomeGuess:
    """Which column says how a lead ended, and what its values mean.

    Parameters
    ----------
    column
        The column; None where the leads have no outcome.
    won, lost, open
        Its values, spelled as they are found.
    why
        The reason for the column; "" without one.
    why_values
        The reasons for the values, by ``"[won]"``, ``"[lost]"``, ``"[open]"``.
    flag
        True where the column only says won or not won, so that not won may be lost or still open.
    """

    column: str | None
    won: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    why: str = ""
    why_values: tuple[tuple[str, str], ...] = ()
    flag: bool = False

    def states(self, table: pd.DataFrame) -> NDArray[np.int8]:
        """Return how each of n leads ended by this guess, as `read_states` does; the guess must have a column."""
        schema = Schema((), outcome=self.column, won=self.won, lost=self.lost, open=self.open)
        return read_states(table, schema)


def ambiguous(role: str, candidates: Sequence[ColumnProfile]) -> SchemaError:
    """Return the error that lists the candidates of a role and says how to choose."""
    shown = values_listed if role == "outcome" else (lambda _: "")
    named = ", ".join(f"{profile.name!r}{shown(profile)}" for profile in candidates)
    return SchemaError(
        f'{role} may be any of {named}; it must be one column: name it with --role "{role}=COLUMN" (in Python '
        f"roles={{{role!r}: 'COLUMN'}}), or say that there is none with --role \"{role}=\"."
    )


def guess_outcome(
    profiles: Mapping[str, ColumnProfile],
    crm: CrmExport | None,
    roles: Mapping[str, str],
    table: pd.DataFrame | None = None,
) -> OutcomeGuess:
    """Find the outcome.

    A column whose values say won comes first, then a Yes/No column named as one, then a date that only won leads have.

    Parameters
    ----------
    profiles
        The columns by name.
    crm
        The recognised export; None for another table.
    roles
        What the user said: ``outcome`` (a column, or "" for none), and ``won``, ``lost``, ``open`` (values separated
        by ``|``).
    table
        The leads: of several fitting columns that tell every lead alike, the first is taken. None: not looked at.

    Raises
    ------
    SchemaError
        When there is none or more than one, or no value that means won; it lists the candidates.
    """
    told: dict[State, tuple[str, ...]] = {state: _split(roles.get(state, "")) for state in _STATES}
    if "outcome" in roles:
        if not roles["outcome"]:
            return OutcomeGuess(None)
        return _read_as_outcome(profiles[roles["outcome"]], crm, told, "named by you")
    if crm is not None:
        for name in crm.roles.get("outcome", ()):
            found = next((profile for profile in profiles.values() if plain_name(profile.name) == name), None)
            if found is not None and (any(told.values()) or _tells_won(found, crm)):
                why = f"the field of {crm.crm} {crm.record} that says how they ended"
                return _read_as_outcome(found, crm, told, why)
    return _by_content(list(profiles.values()), crm, told, table)


def _by_content(
    profiles: Sequence[ColumnProfile],
    crm: CrmExport | None,
    told: Mapping[State, tuple[str, ...]],
    table: pd.DataFrame | None,
) -> OutcomeGuess:
    listing = [profile for profile in profiles if _lists_outcomes(profile)]
    both = [profile for profile in listing if _states(profile, None)["lost"]]
    if len(listing) > 1 and len(both) == 1:
        listing = both
    if len(listing) > 1 and table is not None:
        listing = _without_twins(listing, table)
    if listing:
        return _read_as_outcome(_only(listing), crm, told, "its values say won")
    flags = [
        profile
        for profile in profiles
        if profile.distinct == 2 and (profile.boolean or profile.yes) and profile.has(*_FLAG_WORDS)
    ]
    if flags:
        return _read_as_outcome(_only(flags), crm, told, "a Yes/No column whose name says that it is the outcome")
    dates = [profile for profile in profiles if profile.is_date and profile.share < 0.95 and profile.has(*_DATE_WORDS)]
    if dates:
        return _read_as_outcome(_only(dates), crm, told, "a date that only won leads have")
    raise SchemaError(
        f"no column says which leads were won{candidates_listed(profiles)}; one must, to learn from: "
        'name it with --role "outcome=COLUMN", and where '
        'its values are unusual what they mean with --role "won=VALUE|VALUE" and --role "lost=VALUE" (in Python '
        "roles={'outcome': 'COLUMN', 'won': 'VALUE'}), or say that there is none with --role \"outcome=\"."
    )


def _without_twins(listing: Sequence[ColumnProfile], table: pd.DataFrame) -> list[ColumnProfile]:
    """Leave out columns that give every lead the same outcome as an earlier column: a status and its reason, say."""
    kept: list[ColumnProfile] = []
    seen: list[NDArray[np.int8]] = []
    for profile in listing:
        states = _states(profile, None)
        told = OutcomeGuess(profile.name, states["won"], states["lost"], states["open"]).states(table)
        if not any(np.array_equal(told, other) for other in seen):
            kept.append(profile)
            seen.append(told)
    return kept


def _only(candidates: Sequence[ColumnProfile]) -> ColumnProfile:
    if len(candidates) > 1:
        raise ambiguous("outcome", candidates)
    return candidates[0]


def _check_people(profile: ColumnProfile) -> None:
    """Refuse an outcome whose values would put people into the schema."""
    reached = sum(map(contact_value, profile.values))
    if profile.personal is None and not reached:
        return
    what = profile.personal or "e-mail addresses or telephone numbers"
    raise SchemaError(
        f"{profile.name!r} cannot be the outcome: its values look like {what}, and the schema would list them; name a "
        'column whose values say how leads ended with --role "outcome=COLUMN", or correct them.'
    )


def _lists_outcomes(profile: ColumnProfile) -> bool:
    states = _states(profile, None)
    if profile.boolean or profile.personal is not None or not states["won"] or profile.distinct < 2:
        return False
    return bool(states["lost"]) or profile.has(*_COLUMN_WORDS)


def _tells_won(profile: ColumnProfile, crm: CrmExport) -> bool:
    return profile.boolean or bool(_states(profile, crm)["won"])


def _split(text: str) -> tuple[str, ...]:
    return tuple(value.strip() for value in text.split(_SEPARATOR) if value.strip())


def _states(profile: ColumnProfile, crm: CrmExport | None) -> dict[State, tuple[str, ...]]:
    """Sort a column's values into won, lost and open by words; a value on no list is open."""
    found: dict[State, list[str]] = {"won": [], "lost": [], "open": []}
    for value in profile.values:
        found[state_of(value, crm) or "open"].append(value)
    return {state: tuple(values) for state, values in found.items()}


def state_of(value: str, crm: CrmExport | None) -> State | None:
    """Return what a value means by the CRM's own words, or by the usual ones; None where neither says it."""
    if crm is not None:
        plain = plain_name(plain_value(value))
        for state, words in (("won", crm.won), ("lost", crm.lost), ("open", crm.open)):
            if plain in words:
                return state  # type: ignore[return-value]  # one of the three
    return meaning(value)


def _read_as_outcome(
    profile: ColumnProfile, crm: CrmExport | None, told: Mapping[State, tuple[str, ...]], why: str
) -> OutcomeGuess:
    _check_people(profile)
    if any(told.values()):
        return _as_told(profile, told, why)
    states = _states(profile, crm)
    flag = profile.boolean or bool(profile.yes)
    if states["won"] and not (flag and crm is None):
        unknown = sum(state_of(value, crm) is None for value in states["open"])
        reason = ("[open]", f"{unknown} of these are not usual words for it; check that they are neither won nor lost")
        return OutcomeGuess(
            profile.name, states["won"], states["lost"], states["open"], why, (reason,) if unknown else ()
        )
    if flag:
        yes = tuple(value for value in profile.values if value == profile.yes or read_boolean(value) == "yes")
        no = tuple(value for value in profile.values if value == profile.no or read_boolean(value) == "no")
        if not yes:
            raise SchemaError(f"{profile.name!r} is Yes for no lead, so nothing can be learned; export won leads too.")
        return OutcomeGuess(profile.name, yes, (), no, why, flag=True)
    if profile.is_date:
        reason = ("[won]", "any date means won; a lead without one is open until the window has passed")
        return OutcomeGuess(profile.name, (ANY_VALUE,), why=why, why_values=(reason,))
    raise SchemaError(
        f"{profile.name!r} has {profile.distinct} different values and none is a usual word for won"
        f"{values_listed(profile)}; say which are "
        "with --role \"won=VALUE|VALUE\" and --role \"lost=VALUE\" (in Python roles={'won': 'VALUE'})."
    )


def _as_told(profile: ColumnProfile, told: Mapping[State, tuple[str, ...]], why: str) -> OutcomeGuess:
    spelled = {value.casefold(): value for value in profile.values}
    listed = {value.casefold(): state for state, values in told.items() for value in values}
    absent = [value for value in listed if value != ANY_VALUE and value not in spelled]
    if absent:
        raise SchemaError(
            f"{len(absent)} of the values given for won, lost and open are not in {profile.name!r}; give them as they "
            "are spelled there."
        )
    if ANY_VALUE in told["won"]:
        return OutcomeGuess(profile.name, (ANY_VALUE,), why=why, why_values=(("[won]", "said by you"),))
    by_words = _states(profile, None) if not told["lost"] else {"won": (), "lost": (), "open": ()}
    lost = [value for value in by_words["lost"] if value.casefold() not in listed]
    found: dict[State, list[str]] = {"won": [], "lost": lost, "open": []}
    for plain, value in spelled.items():
        if value not in lost:
            found[listed.get(plain, "open")].append(value)
    if not found["won"]:
        raise SchemaError("no value is said to mean won; add --role \"won=VALUE\" (in Python roles={'won': ...}).")
    rest = (("[won]", "said by you"), ("[open]", "every value that was not said to be won or lost"))
    return OutcomeGuess(
        profile.name, tuple(found["won"]), tuple(found["lost"]), tuple(found["open"]), why=why, why_values=rest
    )


def settle_flag(guess: OutcomeGuess, *, dated: bool) -> OutcomeGuess:
    """Say what "not won" means: open where creation dates let the window decide, lost where nothing else can."""
    if not guess.flag:
        return guess
    if dated:
        reason = ("[open]", "not won may be lost or still open: the window decides, by the creation date")
        return replace(guess, why_values=(reason,))
    reason = (
        "[lost]",
        "without creation dates nothing tells lost from open, so every lead that is not won counts as lost",
    )
    return replace(guess, lost=guess.open, open=(), why_values=(reason,))
