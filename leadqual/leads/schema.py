"""The schema of a table of leads: which column plays which role, and which columns may be scored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Any, Literal, get_args

from leadqual.bundle.values import MISSING_VALUES
from leadqual.errors import SchemaError
from leadqual.leads import schema_toml
from leadqual.leads.feature import DECIMALS, THOUSANDS, Feature, Kind, Known

__all__ = ["ANY_VALUE", "Feature", "Kind", "Known", "Schema", "State"]

State = Literal["won", "lost", "open"]

ANY_VALUE = "*"
# What the digest leaves out where it is not used, so that schemas from before these keys keep theirs.
_NEWER: dict[str, Any] = dict.fromkeys(
    ("encoding", "sheet", "thousands", "account", "deleted", "repeats", "created_after", "imported")
) | {"decimal": ".", "overrides": ()}
_NEWER_OF_FEATURE: dict[str, Any] = {"thousands": None, "separator": None, "choice": None, "aliases": ()}
REPEATS = ("first", "last")
IMPORTED = ("leave_out", "keep")


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
        A column that marks records which were deleted or merged into others; such leads are left out. It holds Yes and
        No, or is empty for records that stand (a date of deletion, the record merged into). None when there is none.
    repeats
        Which row stands for a lead whose id is in several rows: the ``"first"`` or the ``"last"`` of the file. None:
        such rows are refused, unless they are equal throughout.
    created_after
        Leads created on this day (ISO date) or before are left out, such as those that a migration gave its own date;
        None keeps all.
    imported
        ``"leave_out"``: customers imported as leads (won on arrival, see `leadqual.leads.imported`) are left out.
        ``"keep"`` or None: they are kept.
    overrides
        Yes/No columns saying won or closed that the lists of won, lost and open are to overrule where they disagree.
        Any other such column that disagrees with them is an error.
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
    repeats: str | None = None
    created_after: str | None = None
    imported: str | None = None
    overrides: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in ("features", "won", "lost", "open", "missing_values", "overrides"):
                if isinstance(value, str) or not isinstance(value, Iterable):
                    raise SchemaError(f"{field.name} must be several values; give a tuple of them.")
                object.__setattr__(self, field.name, tuple(value))
            elif value == "":
                raise SchemaError(f"{field.name} is empty; say what it is, or leave the key out.")
        for section, key, allowed in (
            ("reading", "decimal", DECIMALS),
            ("reading", "thousands", THOUSANDS),
            ("lead", "repeats", REPEATS),
            ("lead", "imported", IMPORTED),
        ):
            value = getattr(self, key)
            if value not in allowed and not (value is None and key != "decimal"):
                raise SchemaError(
                    f"[{section}] {key} is {value!r}; it must be one of {', '.join(map(repr, allowed))}: "
                    "choose one of them."
                )
        self._check_day()
        object.__setattr__(self, "features", tuple(map(self._settled, self.features)))
        self._check_marks()
        self._check_features()
        self._check_outcome()

    def _check_marks(self) -> None:
        both: dict[str, tuple[str | None, str | None]] = {"[reading]": (self.decimal, self.thousands)}
        both |= {f"feature {feature.name!r}": (feature.decimal, feature.thousands) for feature in self.features}
        for where, (decimal, thousands) in both.items():
            if thousands is not None and thousands == decimal:
                raise SchemaError(
                    f"{where} has {decimal!r} as decimal and as thousands; the two marks must differ: correct one of "
                    "them, or leave thousands out."
                )

    def _check_day(self) -> None:
        if self.created_after is None:
            return
        try:
            date.fromisoformat(self.created_after)
        except ValueError:
            raise SchemaError("[lead] created_after is no ISO date; write it as 2026-05-01.") from None
        if self.created_at is None:
            raise SchemaError("[lead] created_after needs created_at; name that column, or delete created_after.")

    def _settled(self, feature: Feature) -> Feature:
        """Return the feature with the schema's marks where it has none of its own."""
        decimal = feature.decimal or self.decimal
        # The schema's mark of thousands belongs to the schema's decimal mark: 1.200,5 is not read as 1,200.5 is.
        thousands = self.thousands if feature.thousands is None and decimal == self.decimal else feature.thousands
        return replace(feature, decimal=decimal, thousands=thousands)

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
        """SHA-256 over everything the schema says, as 64 hexadecimal digits; choices count as the list they are of."""
        used = _used(self._arguments(), _NEWER)
        listed: list[dict[str, Any]] = []
        for feature in used["features"]:
            choice = feature["choice"]
            if choice is not None:
                own = {"name": choice["column"], "kind": "choices", "separator": choice["separator"], "choice": None}
                feature = feature | own
            listed += [feature] if choice is None or feature not in listed else []
        used["features"] = [_used(feature, _NEWER_OF_FEATURE) for feature in listed]
        text = json.dumps(used, ensure_ascii=True, sort_keys=True)
        return hashlib.sha256(text.encode("ascii")).hexdigest()

    def _arguments(self) -> dict[str, Any]:
        arguments = {field.name: getattr(self, field.name) for field in fields(self)}
        arguments["features"] = [
            {field.name: getattr(feature, field.name) for field in fields(feature)} for feature in self.features
        ]
        for feature in arguments["features"]:
            feature["choice"] = None if feature["choice"] is None else asdict(feature["choice"])
        return arguments

    def document(self) -> dict[str, Any]:
        """Return what the schema says beyond the defaults, in the form that `schema_toml.render` writes."""
        arguments = self._arguments()
        if self.decimal == ".":
            del arguments["decimal"]
        if self.missing_values == MISSING_VALUES:
            del arguments["missing_values"]
        elif not self.missing_values:
            arguments["missing_values"] = []  # an empty tuple would mean "not given"
        for written, feature in zip(arguments["features"], self.features, strict=True):
            unsaid = (("decimal", self.decimal), ("thousands", self.thousands), ("actionable", False))
            for key, default in unsaid:
                if getattr(feature, key) == default:
                    del written[key]
            if not feature.aliases:
                del written["aliases"]
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
            ``[lead]`` with the roles, repeats, created_after and imported, ``[outcome]`` with column, won, lost, open
            and overrides, ``[reading]`` with encoding,
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
