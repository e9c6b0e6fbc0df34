"""The draft of a served review: edits in force, comments, and edits that came too late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from leadqual.agreement import Edit, Entry, Proposal
from leadqual.agreement.edits import Change, disagreement
from leadqual.agreement.ledger_text import shown_text
from leadqual.agreement.roles import same_role
from leadqual.errors import ProposalError

__all__ = ["Comment", "Draft", "StaleEditError", "StandingEdit", "draft_of"]


class StaleEditError(ProposalError):
    """Someone changed what an edit is about after its author had last looked.

    Parameters
    ----------
    by
        The edit that came in between, or None where one was taken back.
    """

    def __init__(self, message: str, by: StandingEdit | None = None) -> None:
        super().__init__(message)
        self.by = by


@dataclass(frozen=True, slots=True)
class StandingEdit:
    """An edit that was not withdrawn.

    Parameters
    ----------
    number
        Of its entry in the ledger.
    edit
        What is to change, by whom.
    at
        When it was recorded (ISO 8601, UTC).
    """

    number: int
    edit: Edit
    at: str


@dataclass(frozen=True, slots=True)
class Comment:
    """What someone said about the points, or about one field.

    Parameters
    ----------
    number
        Of its entry in the ledger.
    name, role, text
        Who said what, for which team.
    field
        The field it is about; "" for all of it.
    at
        When (ISO 8601, UTC).
    """

    number: int
    name: str
    role: str
    text: str
    field: str
    at: str


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything about one bundle that is not settled.

    Parameters
    ----------
    bundle
        Its digest.
    edits
        Those that stand, in the order in which they were made.
    comments
        In order.
    withdrawn
        Number of the entry that took an edit back last; 0 where none did.
    unreadable
        Numbers of entries that an earlier version stored and this one cannot read; they count as not made.
    """

    bundle: str
    edits: tuple[StandingEdit, ...] = ()
    comments: tuple[Comment, ...] = ()
    withdrawn: int = 0
    unreadable: tuple[int, ...] = ()

    @property
    def proposal(self) -> Proposal:
        """The edits that stand, as one proposal."""
        return Proposal(self.bundle, tuple(one.edit for one in self.edits))

    @property
    def conflicts(self) -> tuple[tuple[int, int, str], ...]:
        """Pairs of entries that cannot both hold, and why."""
        return tuple(
            (self.edits[pair.first].number, self.edits[pair.second].number, pair.why)
            for pair in self.proposal.conflicts
        )

    def replaced_by(self, edit: Edit, seen: int) -> tuple[int, ...]:
        """Return the author's own earlier edits that a new one takes the place of.

        Edits of other people are never replaced: where one disagrees, both stand until somebody takes theirs back.

        Parameters
        ----------
        edit
            The new edit.
        seen
            Number of the last entry that its author had seen.

        Raises
        ------
        StaleEditError
            When somebody else's edit of the same came in since then.
        """
        own = []
        for one in self.edits:
            if not _about_the_same(one.edit.change, edit.change):
                continue
            if one.edit.author == edit.author and same_role(one.edit.role, edit.role):
                own.append(one.number)
            elif one.number > seen:
                raise StaleEditError(
                    f"{one.edit.author} ({one.edit.role}) has changed the same since you last looked, an edit must be "
                    "about what is there; look at it, then propose yours again or leave it.",
                    one,
                )
        return tuple(own)


def draft_of(bundle: str, entries: Sequence[Entry]) -> Draft:
    """Read the draft about one bundle from a ledger's entries.

    Examples
    --------
    >>> from leadqual.agreement import PinBand
    >>> edit = Edit(PinBand("Source", "Webinar", 10), "Ana", "sales").to_dict()
    >>> entry = Entry(1, "edit", {"bundle": "b", "edit": edit, "replaces": []}, "2026-05-01T09:00:00Z", "", "")
    >>> [one.edit.author for one in draft_of("b", [entry]).edits], draft_of("c", [entry]).edits
    (['Ana'], ())
    """
    standing: dict[int, StandingEdit] = {}
    comments, withdrawn, unreadable = [], 0, []
    for entry in entries:
        content = entry.content
        if content.get("bundle") != bundle:
            continue
        if entry.kind == "edit":
            try:
                edit = Edit.from_dict(content.get("edit", {}))
            except ProposalError:
                unreadable.append(entry.number)
                continue
            for number in content.get("replaces", ()):
                standing.pop(number, None)
            standing[entry.number] = StandingEdit(entry.number, edit, entry.recorded_at)
        elif entry.kind == "withdrawal":
            standing.pop(content.get("edit", 0), None)
            withdrawn = entry.number
        elif entry.kind == "comment":
            comments.append(_comment(entry, content))
    return Draft(bundle, tuple(standing.values()), tuple(comments), withdrawn, tuple(unreadable))


def _comment(entry: Entry, content: dict[str, Any]) -> Comment:
    name, role, text, field = (shown_text(content.get(key)) for key in ("name", "role", "text", "field"))
    return Comment(entry.number, name, role, text, field, entry.recorded_at)


def _about_the_same(one: Change, other: Change) -> bool:
    """Tell whether two changes are of one kind about one thing, or cannot both hold."""
    if disagreement(one, other) is not None or disagreement(other, one) is not None:
        return True
    return type(one) is type(other) and one.target == other.target
