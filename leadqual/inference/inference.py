"""Inferring a schema: every guess with its reason, an ambiguous role as an error, nothing decided silently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle.values import MISSING_VALUES
from leadqual.errors import LeadError, SchemaError
from leadqual.inference.feature_guess import guess_feature
from leadqual.inference.history_guess import check_header, find_history, unread_dates
from leadqual.inference.number_guess import settle_numbers, unread_numbers
from leadqual.inference.outcome_guess import OutcomeGuess, guess_outcome, settle_flag
from leadqual.inference.outcome_settling import settle_outcome
from leadqual.inference.profile import ColumnProfile, profile_column
from leadqual.inference.role_guess import Ended, guess_role
from leadqual.leads import schema_toml
from leadqual.leads.outcome_states import OPEN, WON
from leadqual.leads.schema import Feature, Schema
from leadqual.leads.schema_toml import LeftOut
from leadqual.tables.date_oddities import far_off
from leadqual.tables.dates import agreed_day_first, date_notes, read_unchecked, refuse_half_swapped
from leadqual.tables.odoo_cells import FALSE, empty_by_false, name_references, without_false
from leadqual.tables.rows import RowNumbers
from leadqual.tables.scanned_dates import DateText, scan_dates
from leadqual.tables.sources import Source, read_source
from leadqual.tables.units import scan_currencies
from leadqual.vocabulary.crm import CrmExport, aliases_of, recognise

__all__ = ["InferredSchema", "infer_schema"]

_COLUMN_ROLES = ("outcome", "created_at", "closed_at", "id", "order", "value", "owner", "account", "deleted")
_SETTINGS = ("repeats", "created_after", "imported")
_ROLES = (*_COLUMN_ROLES, "won", "lost", "open", "day_first", "decimal", "thousands", *_SETTINGS)
_DECIMAL_OF = "decimal:"  # and the column
_NO_ROLES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class InferredSchema:
    """A schema, and the reason for everything in it.

    Parameters
    ----------
    schema
        The schema; a person should read it once.
    why
        Column -> the reason for what is said about it, for every column of the table; and the reasons for
        ``"[won]"``, ``"[lost]"``, ``"[open]"`` and ``"[day_first]"`` where there is more to say.
    left_out
        The columns that are neither a role nor a feature.
    notes
        What a person should know: the CRM that was recognised, roles that nothing plays.
    """

    schema: Schema
    why: Mapping[str, str]
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()

    def to_toml(self) -> str:
        """Write the schema as TOML, with the reasons and the columns that were left out as comments."""
        return schema_toml.render(self.schema.document(), head=self.notes, why=self.why, left_out=self.left_out)


def infer_schema(
    table: Source,
    *,
    roles: Mapping[str, str] = _NO_ROLES,
    query: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> InferredSchema:
    """Infer a schema from a table of leads.

    Parameters
    ----------
    table
        A table as `read_table` gives it, or whatever that reads; n leads.
    query, encoding, sheet
        As for `read_table`.
    roles
        What the user says: a role (``outcome``, ``created_at``, ``closed_at``, ``id``, ``order``, ``value``,
        ``owner``, ``account``, ``deleted``) -> its column, or "" where no column plays it; ``won``, ``lost``, ``open``
        -> values of the outcome, separated by ``|``; ``day_first`` -> ``"true"`` or ``"false"``; ``decimal`` -> the
        decimal mark of all numbers, or ``decimal:COLUMN`` -> that of one column, ``"."`` or ``","``; ``thousands`` ->
        the mark between thousands; ``repeats``, ``created_after``, ``imported`` -> as in the schema.

    Raises
    ------
    SchemaError
        When several columns fit a role equally well, no column is the outcome, dates or numbers can be read in two
        ways, or ``roles`` names what is not there. It lists the candidates and says how to choose.
    LeadError
        When the table has no leads, or two columns of one name.

    Examples
    --------
    >>> table = pd.DataFrame({"Lead ID": ["a", "b", "c"], "Created": ["2026-01-05", "2026-01-06", "2026-01-07"],
    ...                       "Source": ["Web", "Web", "Fair"], "Status": ["Won", "Lost", "New"]})
    >>> inferred = infer_schema(table)
    >>> inferred.schema.created_at, inferred.schema.won, [feature.name for feature in inferred.schema.features]
    ('Created', ('Won',), ['Source'])
    >>> inferred.why["Created"]
    'a date whose name says that the lead began then'
    """
    source = read_source(table, query=query, encoding=encoding, sheet=sheet)
    table, references = name_references(source.table)
    _check_roles(roles, table)
    if not len(table):
        raise SchemaError("the table has no leads, so nothing can be inferred; export it again with its rows.")
    empty = empty_by_false(table)
    table = table.assign(**{name: without_false(table[name]) for name in empty})
    profiles = {name: profile_column(name, table[name]) for name in table.columns}
    check_header(table.columns)
    crm = recognise(table.columns)
    settled = settle_outcome(table, guess_outcome(profiles, crm, roles, table), crm, roles)
    outcome = settled.guess
    ended = _ended(table, outcome)
    chosen, why = _guess_roles(profiles, crm, roles, outcome, ended)
    outcome = settle_flag(outcome, dated=chosen.get("created_at") is not None)
    if outcome.column is not None:
        why[outcome.column] = "; ".join(filter(None, (outcome.why, why.get(outcome.column))))
    features, left_out = _guess_features(profiles, crm, ended, frozenset(why))
    numbers = settle_numbers(table, features, roles)
    features, left_out = numbers.features, [*left_out, *numbers.left_out]
    if crm is not None:
        features = [(replace(feature, aliases=aliases_of(crm, feature.name)), reason) for feature, reason in features]
    for guessed in features:
        why[guessed[0].name] = guessed[1]
    why |= {column.name: column.why for column in left_out} | dict(outcome.why_values)
    scanned = {chosen[role]: scan_dates(table[chosen[role]]) for role in ("created_at", "closed_at") if role in chosen}
    day_first, reason = _day_first(scanned, roles)
    moments = read_unchecked(scanned, day_first=day_first)
    why |= {"[day_first]": reason} if reason else {}
    why |= {"[encoding]": "found out from the letters of the file"} if source.encoding and encoding is None else {}
    why |= {"[missing_values]": "false stands for an empty cell, as Odoo writes it"} if empty else {}
    why |= {"[decimal]": numbers.why} if numbers.decimal != "." else {}
    schema = Schema(
        tuple(feature for feature, _ in features),
        outcome=outcome.column,
        won=outcome.won,
        lost=outcome.lost,
        open=outcome.open,
        day_first=day_first,
        id=chosen.get("id"),
        created_at=chosen.get("created_at"),
        closed_at=chosen.get("closed_at"),
        order=chosen.get("order"),
        value=chosen.get("value"),
        owner=chosen.get("owner"),
        deleted=chosen.get("deleted"),
        overrides=settled.overrides,
        repeats=roles.get("repeats") or None,
        created_after=roles.get("created_after") or None,
        imported=roles.get("imported") or None,
        missing_values=(*MISSING_VALUES, FALSE) if empty else MISSING_VALUES,
        encoding=source.encoding,
        sheet=source.sheet,
        decimal=numbers.decimal,
        thousands=numbers.thousands,
        account=chosen.get("account"),
    )
    found = find_history(table, schema, moments)
    if found.customers and schema.imported is None:
        schema = replace(schema, imported="leave_out")
        why["[imported]"] = found.why_imported
    why |= {"[overrides]": "the values of this outcome overrule these flags, as you said"} if settled.overrides else {}
    notes = (
        *source.notes,
        *references,
        *_false_note(empty),
        *_date_notes(scanned, moments, source.rows),
        *numbers.notes,
        *unread_numbers(table, left_out),
    )
    unread = [profile for name, profile in profiles.items() if name not in (*chosen.values(), outcome.column)]
    notes = (*settled.notes, *found.notes, *unread_dates(unread), *notes, *_currency_notes(table))
    return InferredSchema(schema, why, tuple(left_out), (*_notes(table, crm, schema), *notes))


def _false_note(empty: Mapping[str, int]) -> tuple[str, ...]:
    if not empty:
        return ()
    note = (
        f"False stands for an empty cell in {sum(empty.values()):,} cells of {', '.join(empty)}, as Odoo writes it; "
        "missing_values in [reading] says so."
    )
    return (note,)


def _currency_notes(table: pd.DataFrame) -> list[str]:
    return [
        f"{name} names several currencies ({units.listed}): amounts beside it are bare numbers; convert them."
        for name, units in scan_currencies(table).items()
    ]


def _date_notes(
    scanned: Mapping[str, DateText], moments: Mapping[str, NDArray[np.datetime64]], rows: RowNumbers
) -> list[str]:
    notes = []
    for name, dates in scanned.items():
        notes += date_notes(name, dates, far_off(moments[name]) | dates.out_of_range, rows)
    return notes


def _check_roles(roles: Mapping[str, str], table: pd.DataFrame) -> None:
    for role, column in roles.items():
        if role.startswith(_DECIMAL_OF):
            _check_decimal_of(role.removeprefix(_DECIMAL_OF), column, table)
            continue
        if role not in _ROLES:
            raise SchemaError(f"{role!r} is no role; the roles are {', '.join(_ROLES)}: choose one of them.")
        if role in _COLUMN_ROLES and column and column not in table.columns:
            raise SchemaError(
                f"{column!r} was given as {role}, but the table has no such column; it has "
                f"{', '.join(map(repr, table.columns))}: choose one of them."
            )
    if roles.get("decimal", ".") not in (".", ","):
        raise SchemaError("decimal must be a dot or a comma; write decimal=, where 1.200 is 1200.")
    if roles.get("day_first", "true") not in ("true", "false"):
        raise SchemaError("day_first must be true or false; write day_first=true for 3/4/2026 as 3 April.")


def _check_decimal_of(name: str, mark: str, table: pd.DataFrame) -> None:
    if name not in table.columns or mark not in (".", ","):
        raise SchemaError(
            f"decimal:{name} is {mark!r}; it must name a column of the table and be a dot or a comma: write "
            '"decimal:COLUMN=,", say.'
        )


def _ended(table: pd.DataFrame, outcome: OutcomeGuess) -> Ended | None:
    if outcome.column is None:
        return None
    states = outcome.states(table)
    return Ended(states == WON, states != OPEN)


def _guess_roles(
    profiles: Mapping[str, ColumnProfile],
    crm: CrmExport | None,
    roles: Mapping[str, str],
    outcome: OutcomeGuess,
    ended: Ended | None,
) -> tuple[dict[str, str], dict[str, str]]:
    """Return role -> column, and column -> reason."""
    chosen: dict[str, str] = {}
    why: dict[str, str] = {}
    given = {column for role, column in roles.items() if role in _COLUMN_ROLES and column}
    if outcome.column is not None:
        given.add(outcome.column)
    for role in _COLUMN_ROLES[1:]:
        if role == "order" and "created_at" in chosen and "order" not in roles:
            continue
        # A running number may both name the leads and order them; a date of winning both end them and be the outcome;
        # a status may say how leads ended, and which were merged.
        shared = {"order": chosen.get("id"), "closed_at": outcome.column, "deleted": outcome.column}.get(role)
        taken = frozenset((given | set(chosen.values())) - {shared})
        guess = guess_role(role, profiles, crm=crm, roles=roles, taken=taken, ended=ended)
        if guess.column is not None:
            chosen[role] = guess.column
            why[guess.column] = "; ".join(dict.fromkeys(filter(None, (why.get(guess.column), guess.why))))
    return chosen, why


def _guess_features(
    profiles: Mapping[str, ColumnProfile], crm: CrmExport | None, ended: Ended | None, taken: frozenset[str]
) -> tuple[list[tuple[Feature, str]], list[LeftOut]]:
    features: list[tuple[Feature, str]] = []
    left_out: list[LeftOut] = []
    for name, profile in profiles.items():
        if name in taken:
            continue
        guess = guess_feature(profile, crm=crm, ended=ended)
        if guess.feature is not None:
            features.append((guess.feature, guess.why))
        if guess.left_out is not None:
            left_out.append(guess.left_out)
    return features, left_out


def _day_first(scanned: Mapping[str, DateText], roles: Mapping[str, str]) -> tuple[bool | None, str | None]:
    for name, dates in scanned.items():
        try:
            refuse_half_swapped(name, dates)
        except LeadError as error:
            raise SchemaError(str(error)) from None
    if "day_first" in roles:
        return roles["day_first"] == "true", "said by you"
    agreed = agreed_day_first(scanned.values())
    if agreed is not None:
        example = "25/3/2026" if agreed else "3/25/2026"
        return agreed, f"there are dates such as {example}, which can be read in no other way"
    unsettled = {
        name: dates
        for name, dates in scanned.items()
        if dates.either.any() and not (dates.only_day_first | dates.only_month_first).any()
    }
    dotted = all(dates.all_dotted(dates.either) for dates in unsettled.values())
    if unsettled and not dotted:
        raise SchemaError(
            f"{', '.join(map(repr, unsettled))} has dates such as 3/4/2026 that can be read day first or month first, "
            "and none that can be read in one way only; say which with --role day_first=true or --role day_first=false "
            "(in Python roles={'day_first': 'true'})."
        )
    return (True, "dates with dots are day first wherever they are used") if unsettled else (None, None)


def _notes(table: pd.DataFrame, crm: CrmExport | None, schema: Schema) -> tuple[str, ...]:
    first = (
        f"Inferred from {len(table):,} leads with {table.shape[1]} columns. Read every line once: above all when each "
        "feature is known (at_creation, later or unknown), for what is known later gives the outcome away."
    )
    notes = [first]
    if crm is not None:
        notes.append(f"Recognised as {crm.record} exported from {crm.crm}. {crm.hint}".strip())
    if schema.created_at is None:
        then = f"{schema.order!r} orders them" if schema.order else "the rows count as being in time order"
        notes.append(f"No column says when a lead was created: {then}. Name one as created_at if there is one.")
    if schema.outcome is not None and schema.closed_at is None:
        notes.append("No column says when a lead was won or lost: name one as closed_at if there is one.")
    if schema.id is None:
        notes.append("No column identifies a lead: name one as id if there is one.")
    return tuple(notes)
