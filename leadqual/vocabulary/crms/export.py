"""One kind of record as one CRM exports it, and how its tables are written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from leadqual.vocabulary.column_names import plain_name

__all__ = ["CrmExport", "Known", "known", "labels"]

# When a field is known: when the lead is created, only later, or nobody said.
Known = Literal["at_creation", "later", "unknown"]


@dataclass(frozen=True, slots=True)
class CrmExport:
    """One kind of record as one CRM exports it.

    Field names are written as `column_names.plain_name` does, so that a label ("Created Date") and an API name
    ("CreatedDate") are the same. Custom fields are not in the table and are treated like any other column.

    Parameters
    ----------
    crm, record
        Names for people: ``"Salesforce"``, ``"leads"``.
    marks
        Field names by which the export is recognised; two of them, and four known fields in all, must be there.
    roles
        Role -> its fields, the best first.
    won, lost, open
        Values of the outcome that mean so in this CRM beyond the usual words, their letters and digits in lower case.
    known
        Fields whose time of being known differs from what their name suggests.
    single
        Fields that name or number one record, so that nothing can be learned from them.
    hint
        What a person should know about this export, a sentence; empty when there is nothing.
    deleted
        Fields that mark records which were deleted or merged into others, the best first.
    flags
        Yes/No fields, beyond those whose name says won, lost or closed, that say whether a record is won.
    labels
        The names of one field, its API name first, as many as the CRM has for it.
    """

    crm: str
    record: str
    marks: frozenset[str]
    roles: Mapping[str, tuple[str, ...]]
    won: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    known: Mapping[str, Known] = field(default_factory=dict)
    single: frozenset[str] = frozenset()
    hint: str = ""
    deleted: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    labels: tuple[tuple[str, ...], ...] = ()

    def found_in(self, columns: Iterable[str]) -> tuple[int, int]:
        """Return how many marks, and how many of all its known fields, are among the columns."""
        names = {plain_name(column) for column in columns}
        everything = self.marks | set(self.known) | {name for fields in self.roles.values() for name in fields}
        return len(names & self.marks), len(names & everything)


def known(*, later: str = "", unknown: str = "", at_creation: str = "") -> dict[str, Known]:
    """Return when fields are known: field names separated by spaces."""
    found: dict[str, Known] = dict.fromkeys(later.split(), "later")
    found |= dict.fromkeys(unknown.split(), "unknown")
    return found | dict.fromkeys(at_creation.split(), "at_creation")


def labels(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the names of each field: names separated by ``=``, fields by ``|``.

    Examples
    --------
    >>> labels("LeadSource=Lead Source|Industry=Industry")
    (('LeadSource', 'Lead Source'), ('Industry', 'Industry'))
    """
    return tuple(tuple(name.strip() for name in one.split("=")) for one in text.split("|"))
