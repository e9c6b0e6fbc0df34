"""An edit: a change, and who wants it why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leadqual.agreement.edits.change import Change
from leadqual.agreement.edits.kinds import KINDS
from leadqual.agreement.ledger_text import check_text
from leadqual.errors import ProposalError

__all__ = ["Edit"]

_PEOPLE = ("author", "role", "reason")


@dataclass(frozen=True, slots=True)
class Edit:
    """A change, and who wants it why.

    Parameters
    ----------
    change
        What is to change.
    author, role
        Who proposes it, and for which team, such as ``"marketing"``.
    reason
        Why, in their words; "" when they gave none.

    Raises
    ------
    ProposalError
        When the change says nothing, or points are no whole numbers from -1000 to 1000.

    Examples
    --------
    >>> from leadqual.agreement import PinBand
    >>> edit = Edit(PinBand("Source", "Webinar", 10), "Ana", "sales", "too many students")
    >>> Edit.from_dict(edit.to_dict()) == edit, str(edit.change)
    (True, 'Source, Webinar: 10 points')
    """

    change: Change
    author: str = ""
    role: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        self.change.check()
        for text, what in ((self.author, "the author"), (self.role, "the role"), (self.reason, "the reason")):
            check_text(text, what, ProposalError)

    def to_dict(self) -> dict[str, Any]:
        """Return the edit as JSON holds it; what is not given is left out."""
        return self.change.to_dict() | {"author": self.author, "role": self.role, "reason": self.reason}

    @classmethod
    def from_dict(
        cls, value: Mapping[str, Any], where: str = "the edit", *, kinds: Mapping[str, type[Change]] = KINDS
    ) -> Edit:
        """Read an edit of one of the ``kinds`` from parsed JSON; raises ProposalError, naming ``where``."""
        named = value.get("edit") if isinstance(value, Mapping) else None
        kind = kinds.get(named) if isinstance(named, str) else None
        if kind is None:
            raise ProposalError(f'{where} must say "edit" with one of {", ".join(kinds)}; correct it.')
        people = {key: value.get(key, "") for key in _PEOPLE}
        change = kind.from_dict({key: entry for key, entry in value.items() if key not in ("edit", *_PEOPLE)}, where)
        if not all(isinstance(text, str) for text in people.values()):
            raise ProposalError(f"{where} must have texts as author, role and reason; correct it.")
        try:
            return cls(change, **people)
        except ProposalError as error:
            raise ProposalError(f"{where}: {error}") from None
