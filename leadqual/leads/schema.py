"""The schema of a table of leads: which column plays which role, and which columns may be scored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from os import PathLike
from pathlib import Path
from typing import Any, Literal, get_args

from leadqual.bundle.values import MISSING_VALUES
from leadqual.errors import SchemaError
from leadqual.leads import schema_toml

__all__ = ["ANY_VALUE", "Feature", "Kind", "Known", "Schema", "State"]

Kind = Literal["numeric", "category", "boolean", "choices"]
Known = Literal["at_creation", "later", "unknown"]
State = Literal["won", "lost", "open"]

ANY_VALUE = "*"
DECIMALS = (".", ",")
THOUSANDS = (".", ",", "'", " ")
SEPARATORS = (";", ",", "|", "json")
# What the digest leaves out where it is not used, so that schemas from before these keys keep theirs.
_NEWER = {"encoding": None, "sheet": None, "decimal": ".", "thousands": None, "account": None, "deleted": None}
_NEWER_OF_FEATURE = {"thousands": None, "separator": None}


@dataclass(frozen=True, slots=True)
class Feature:
    """One column that may be scored.

    Parameters
    ----------
    name
        The column.
    kind
        ``"numeric"``, ``"category"``, ``"boolean"`` (Yes/No, true/false, 1/0) or ``"choices"`` (a list such as
        ``ERP;BI``, each choice of which is scored as a yes/no field of its own).
    known
        ``"at_creation"``: its value is there when the lead is scored. ``"later"``: it is filled in as the lead is
        worked or closed, so it is never scored. ``"unknown"``: nobody has said yet; it is scored all the same.
    decimal
        The decimal mark of numbers that come as text: ``"."`` or ``","``; None takes the schema's. Of no effect on
        other kinds.
    thousands
        The mark between groups of three digits: ``"."``, ``","``, ``"'"`` or ``" "`` (any kind of space); None takes
        the schema's.
    separator
        What stands between two choices of a list: ``";"``, ``","``, ``"|"`` or ``"json"``; needed for choices, None
        for every other kind.
    dimension
        What the field is evidence of (need, intent, budget, decision chain, fit, engagement); None when nobody said.
    actionable
        True when a person can influence it.
    """

    name: str
    kind: Kind
    known: Known = "at_creation"
    decimal: str | None = None
    dimension: str | None = None
    actionable: bool = False
    thousands: str | None = None
    separator: str | None = None

    def __post_init__(self) -> None:
        if not self.name:
            raise SchemaError("a feature has an empty name; name the column, or delete the feature.")
        for key, value, allowed in (
            ("kind", self.kind, get_args(Kind)),
            ("known", self.known, get_args(Known)),
            ("decimal", self.decimal, DECIMALS),
            ("thousands", self.thousands, THOUSANDS),
            ("separator", self.separator, SEPARATORS),
        ):
            if value not in allowed and not (value is None and key in ("decimal", "thousands", "separator")):
                raise SchemaError(
                    f"feature {self.name!r} has {key} = {value!r}; {key} must be one of "
                    f"{', '.join(map(repr, allowed))}: choose one of them."
                )
        if (self.separator is None) == (self.kind == "choices"):
            raise SchemaError(
                f"feature {self.name!r} is {self.kind} and has "
                f"{'no separator' if self.separator is None else 'a separator'}; a list of choices must have one and "
                'no other kind may: write kind = "choices" and separator = ";", or leave both out.'
            )


@dataclass(frozen=True, slots=True)
class Schema:
    """Which column plays which role, and which columns may be scored.

    Parameters
    ----------
    features
        The columns that may be scored, in the order of the points table.
    outcome
        The column that says how the lead ended; None for leads that are only scored.
    won, lost, open
        Values of the outcome, compared without case and surrounding space. ``won=("*",)`` means that any value is a win
        (a date of winning, say) and no value is open. An empty outcome is open, unless one of the three lists ``""``.
    id
        The column that identifies a lead; None when there is none.
    created_at, closed_at
        When the lead came in, and when it was won or lost; None where the history does not say.
    order
        A column that orders the leads in time where there is no creation date (a running number); None otherwise.
    value
        What the deal is worth, a number; None when unknown.
    owner
        Who works the lead; None when unknown.
    account
        The account (company) that a lead belongs to; None when every lead stands alone.
    deleted
        A Yes/No column that marks records which were deleted or merged into others; such leads are left out. None
        when there is none.
    encoding
        The encoding of text files, a name that Python knows; None: it is found out.
    sheet
        The sheet of a workbook; None: the only one that holds a table.
    decimal, thousands
        The decimal mark and the mark between groups of three digits, for numbers that come as text; a feature's own
        setting wins. ``thousands`` None takes any usual mark but the decimal one.
    day_first
        How a date such as 3/4/2026 is read: True 3 April, False March 4. None: it is decided from the dates of the
        column that can be read in one way only, and is an error where there are none.
    missing_values
        Texts that mean "no value", compared without case and surrounding space.

    Raises
    ------
    SchemaError
        When features repeat, a role is also a feature, outcome values are missing or in two lists, or two roles that
        must differ share a column.

    Examples
    --------
    >>> schema = Schema((Feature("Source", "category"),), outcome="Status", won=("Closed Won",), lost=("Closed Lost",))
    >>> [feature.name for feature in schema.scored]
    ['Source']
    >>> Schema.from_toml(schema.to_toml()) == schema
    True
    """

    features: tuple[Feature, ...]
    outcome: str | None = None
    won: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    id: str | None = None
    created_at: str | None = None
    closed_at: str | None = None
    order: str | None = None
    value: str | None = None
    owner: str | None = None
    day_first: bool | None = None
    missing_values: tuple[str, ...] = MISSING_VALUES
    account: str | None = None
    deleted: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    decimal: str = "."
    thousands: str | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in ("features", "won", "lost", "open", "missing_values"):
                if isinstance(value, str) or not isinstance(value, Iterable):
                    raise SchemaError(f"{field.name} must be several values; give a tuple of them.")
                object.__setattr__(self, field.name, tuple(value))
            elif value == "":
                raise SchemaError(f"{field.name} is empty; say what it is, or leave the key out.")
        for key, value, allowed in (("decimal", self.decimal, DECIMALS), ("thousands", self.thousands, THOUSANDS)):
            if value not in allowed and not (value is None and key == "thousands"):
                raise SchemaError(
                    f"[reading] {key} is {value!r}; it must be one of {', '.join(map(repr, allowed))}: "
                    "choose one of them."
                )
        object.__setattr__(self, "features", tuple(map(self._settled, self.features)))
        self._check_features()
        self._check_outcome()

    def _settled(self, feature: Feature) -> Feature:
        """Return the feature with the schema's marks where it has none of its own."""
        thousands = self.thousands if feature.thousands is None and feature.decimal is None else feature.thousands
        return replace(feature, decimal=feature.decimal or self.decimal, thousands=thousands)

    def _check_features(self) -> None:
        names = [feature.name for feature in self.features]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise SchemaError(f"the features {_listed(repeated)} are given more than once; keep one of each.")
        for role in ("outcome", "id", "created_at", "closed_at", "order", "account", "deleted"):
            column = getattr(self, role)
            if column in names:
                raise SchemaError(
                    f"{column!r} is both {role} and a feature; a column has one part to play: delete the feature, "
                    f"or name another column as {role}."
                )
        if self.created_at is not None and self.created_at in (self.closed_at, self.outcome):
            other = "closed_at" if self.created_at == self.closed_at else "the outcome"
            raise SchemaError(
                f"{self.created_at!r} is both created_at and {other}; they must be two columns: leave one of them out."
            )

    def _check_outcome(self) -> None:
        listed = {state: getattr(self, state) for state in get_args(State)}
        if self.outcome is None:
            given = [state for state, values in listed.items() if values]
            if given:
                raise SchemaError(
                    f"there are values for {_listed(given)} but no outcome; name it in [outcome], or delete them."
                )
            return
        if not self.won:
            raise SchemaError(
                f"the outcome {self.outcome!r} has no won values; list the values that mean won in [outcome] won, "
                'or write won = ["*"] when any value does.'
            )
        if ANY_VALUE in (*self.lost, *self.open) or (ANY_VALUE in self.won and sum(map(len, listed.values())) > 1):
            raise SchemaError(
                '"*" stands for any value, so it must be the only value of won, with lost and open empty.'
            )
        seen: dict[str, str] = {}
        for state, values in listed.items():
            for value in values:
                if not isinstance(value, str):
                    raise SchemaError(f"the values of {state} must be texts; write each of them in quotes.")
                first = seen.setdefault(_key(value), state)
                if first != state:
                    raise SchemaError(f"{value!r} is listed as {first} and as {state}; keep it in one of the two.")

    @property
    def scored(self) -> tuple[Feature, ...]:
        """The features that may be scored: those not known later only."""
        return tuple(feature for feature in self.features if feature.known != "later")

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the schema names, roles first, each once."""
        roles = (
            self.id, self.created_at, self.closed_at, self.order, self.value, self.owner, self.account, self.deleted,
            self.outcome,
        )  # fmt: skip
        named = [*(column for column in roles if column is not None), *(feature.name for feature in self.features)]
        return tuple(dict.fromkeys(named))

    @property
    def digest(self) -> str:
        """SHA-256 over everything the schema says, as 64 hexadecimal digits."""
        said = _used(self._arguments(), _NEWER)
        said["features"] = [_used(feature, _NEWER_OF_FEATURE) for feature in said["features"]]
        text = json.dumps(said, ensure_ascii=True, sort_keys=True)
        return hashlib.sha256(text.encode("ascii")).hexdigest()

    def _arguments(self) -> dict[str, Any]:
        arguments = {field.name: getattr(self, field.name) for field in fields(self)}
        arguments["features"] = [
            {field.name: getattr(feature, field.name) for field in fields(feature)} for feature in self.features
        ]
        return arguments

    def document(self) -> dict[str, Any]:
        """Return what the schema says beyond the defaults, in the form that `schema_toml.render` writes."""
        arguments = self._arguments()
        if self.decimal == ".":
            del arguments["decimal"]
        if self.missing_values == MISSING_VALUES:
            del arguments["missing_values"]
        elif not self.missing_values:
            arguments["missing_values"] = []  # an empty tuple would be taken for "not said"
        for written, feature in zip(arguments["features"], self.features, strict=True):
            unsaid = (("decimal", self.decimal), ("thousands", self.thousands), ("actionable", False))
            for key, default in unsaid:
                if getattr(feature, key) == default:
                    del written[key]
        return arguments

    def to_toml(self) -> str:
        """Write the schema as TOML text; `from_toml` reads it back to an equal schema."""
        return schema_toml.render(self.document())

    @classmethod
    def from_toml(cls, text: str) -> Schema:
        """Read a schema from TOML text.

        Parameters
        ----------
        text
            ``[lead]`` with the roles, ``[outcome]`` with column, won, lost and open, ``[reading]`` with encoding,
            sheet, day_first, decimal, thousands and missing_values, and one ``[[feature]]`` with name, kind, known, ...
            for each feature.

        Raises
        ------
        SchemaError
            When the text is not TOML, or says what a schema cannot say.
        """
        arguments = schema_toml.parse(text)
        features = tuple(Feature(**feature) for feature in arguments.pop("features"))
        return cls(features, **arguments)

    def write(self, path: str | PathLike[str]) -> Path:
        """Write the schema as a TOML file and return its path."""
        target = Path(path)
        target.write_text(self.to_toml(), encoding="utf-8", newline="\n")
        return target

    @classmethod
    def read(cls, path: str | PathLike[str]) -> Schema:
        """Read a schema from a TOML file.

        Raises
        ------
        SchemaError
            When the file is not there, is not UTF-8, or says what a schema cannot say; the message names the file.
        """
        source = Path(path)
        try:
            return cls.from_toml(source.read_text(encoding="utf-8-sig"))
        except FileNotFoundError:
            raise SchemaError(f"there is no schema at {source}; `leadqual init LEADS.csv` writes one.") from None
        except OSError as error:
            raise SchemaError(f"the schema {source} cannot be opened ({error.strerror}); give a file.") from None
        except UnicodeDecodeError:
            raise SchemaError(f"the schema {source} is not UTF-8 text; save it as UTF-8.") from None
        except SchemaError as error:
            raise SchemaError(f"{source}: {error}") from None


def _used(arguments: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in arguments.items() if key not in defaults or value != defaults[key]}


def _key(value: str) -> str:
    return value.strip().casefold()


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(repr, names))
