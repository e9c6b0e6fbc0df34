"""Which key of a lead holds each field: its own name, an alias, or another spelling; and which fields are absent."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadqual.bundle import PointsTable
from leadqual.errors import AbsentFieldError, LeadError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FieldKeys", "GivenFields", "plain_key"]

_MAX_ABSENT = 0.5
_MAX_NAMED = 40
_CLOSE = 0.75


@dataclass(frozen=True, slots=True)
class GivenFields:
    """What a lead's keys, or a table's columns, have of the fields that are scored.

    Parameters
    ----------
    keys
        The key that holds a field, for each column of a field that is there under another name.
    absent
        The columns of fields that are not there, in the order of the fields.
    unclear
        For an absent column the keys that may be it, of which none is read; columns without such keys are left out.
    notes
        What a score says about how fields were found, by the first field of each column; fields of which there is
        nothing to say are left out.
    """

    keys: Mapping[str, str]
    absent: tuple[str, ...]
    unclear: Mapping[str, tuple[str, ...]]
    notes: Mapping[str, str]

    def filled(self, lead: Mapping[str, object]) -> dict[str, object]:
        """Return a lead with its fields under their own names."""
        return {**lead, **{column: lead[key] for column, key in self.keys.items()}}

    def renamed(self, leads: pd.DataFrame) -> pd.DataFrame:
        """Return a table of leads with its fields under their own names."""
        return leads.rename(columns={key: column for column, key in self.keys.items()}) if self.keys else leads

    def require_all(self) -> None:
        """Raise AbsentFieldError where a field is absent."""
        if self.absent:
            raise AbsentFieldError(
                f"{len(self.absent)} of the fields that the bundle scores are absent ({self._named()}), each must be "
                "given; pass None where a value is unknown, or score without strict.",
                self.absent,
            )

    def _named(self) -> str:
        named = [
            column + (f", may be {' or '.join(self.unclear[column])}" if column in self.unclear else "")
            for column in self.absent[:_MAX_NAMED]
        ]
        more = len(self.absent) - _MAX_NAMED
        return "; ".join(named) + (f"; and {more} more" if more > 0 else "")


class FieldKeys:
    """Finds the fields of a points table among the keys of a lead.

    A field is read from its own name. Where that is absent, from the one key that no field has for its name and that is
    one of its aliases; or, where none is, that differs from its name or an alias in case, space, underscore, hyphen or
    accent alone. Where several keys could be a field, or one key several fields, none is read. Under the first rule
    of reading none is read at all, as such a bundle scores as it was signed; the key is named.

    Parameters
    ----------
    table
        The points table.

    Examples
    --------
    >>> from leadqual.bundle import Band, FieldPoints
    >>> source = FieldPoints("Lead Source", "category", (Band("any", 0, other=True),), aliases=("utm_source",))
    >>> names = FieldKeys(PointsTable((source,)))
    >>> names.find(["lead_source", "id"]).keys, names.find(["UTM_Source"]).keys, names.find(["Source"]).absent
    ({'Lead Source': 'lead_source'}, {'Lead Source': 'UTM_Source'}, ('Lead Source',))
    >>> names.find(["lead_source", "LEAD SOURCE"]).unclear
    {'Lead Source': ('lead_source', 'LEAD SOURCE')}
    """

    def __init__(self, table: PointsTable) -> None:
        self.reading = table.reading
        self._fields = tuple(field.column for field in table.fields)
        self.columns = tuple(dict.fromkeys(self._fields))
        self._first = {field.column: field.name for field in reversed(table.fields)}
        self._names: dict[str, set[str]] = {column: set() for column in self.columns}
        for field in table.fields:
            self._names[field.column].add(field.name)
        self._own = frozenset((*self.columns, *table.names))
        self._aliases: dict[str, set[str]] = {}
        self._plain: dict[str, set[str]] = {}
        for field in table.fields:
            for name in (field.column, *field.aliases):
                self._plain.setdefault(plain_key(name), set()).add(field.column)
            for name in field.aliases:
                self._aliases.setdefault(name, set()).add(field.column)

    def find(self, keys: Iterable[object]) -> GivenFields:
        """Return what these keys have of the fields."""
        there = list(keys)
        given = set(there)
        # a list of choices that an app has split is there without its column where all its fields are
        absent = [column for column, names in self._names.items() if column not in given and not names <= given]
        others = [key for key in there if isinstance(key, str) and key not in self._own]
        by_alias = self._candidates(absent, others, self._aliases, plain=False)
        by_spelling = self._candidates(absent, others, self._plain, plain=True)
        found = {column: by_alias.get(column) or by_spelling[column] for column in absent if column in by_spelling}
        uses: dict[str, int] = {}
        for key in (key for several in found.values() for key in several):
            uses[key] = uses.get(key, 0) + 1
        clear = {
            column: several[0]
            for column, several in found.items()
            if len(several) == 1 and uses[several[0]] == 1 and self.reading != 1
        }
        unclear = {column: tuple(several) for column, several in found.items() if column not in clear}
        notes = {self._first[column]: f'{column}: read from "{key}"' for column, key in clear.items()}
        for column, several in unclear.items():
            named = ", ".join(f'"{key}"' for key in several)
            notes[self._first[column]] = f"{column}: may be {named}, which is not read"
        return GivenFields(clear, tuple(column for column in absent if column not in clear), unclear, notes)

    def require_most(self, columns: Iterable[object], *, partial: bool = False) -> GivenFields:
        """Return what the columns of a table have of the fields, where that is enough to score its leads.

        Parameters
        ----------
        columns
            The names of the table's columns.
        partial
            True to go on where some field is there.

        Raises
        ------
        LeadError
            When more than half of the fields are absent, and ``partial`` is not set; or all of them.
        """
        there = [str(column) for column in columns]
        given = self.find(there)
        absent = [column for column in self._fields if column in given.absent]
        total = len(self._fields)
        if not absent or len(absent) <= total * _MAX_ABSENT or (partial and len(absent) < total):
            return given
        named = "; ".join(f"{column}{self._close(column, there)}" for column in given.absent[:_MAX_NAMED])
        more = len(given.absent) - _MAX_NAMED
        named += f"; and {more} more" if more > 0 else ""
        way = "" if len(absent) == total else ", or pass --partial to score them with the rest"
        share = f"none of the {total}" if len(absent) == total else f"{total - len(absent)} of the {total}"
        raise LeadError(
            f"the leads have {share} fields that the bundle scores, they must have most of them; absent are {named}. "
            f"Export these columns under these names{way}."
        )

    def _close(self, column: str, there: list[str]) -> str:
        plain = {plain_key(name): name for name in there if name not in self._own}
        close = difflib.get_close_matches(plain_key(column), plain, n=1, cutoff=_CLOSE)
        return f' (the leads have "{plain[close[0]]}")' if close else ""

    def _candidates(
        self, absent: list[str], keys: list[str], index: Mapping[str, set[str]], *, plain: bool
    ) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key in keys:
            for column in index.get(plain_key(key) if plain else key, ()):
                if column in absent:
                    found.setdefault(column, []).append(key)
        return found


def plain_key(name: str) -> str:
    """Return a key without case, accents, space, underscores and hyphens.

    Examples
    --------
    >>> plain_key("Größe_Firma"), plain_key("grosse firma"), plain_key("LeadSource") == plain_key("lead-source")
    ('grossefirma', 'grossefirma', True)
    """
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(
        one for one in unicodedata.normalize("NFKD", letters)
        if not (unicodedata.combining(one) or one.isspace() or one in "_-\ufeff\u200b")
    )  # fmt: skip
