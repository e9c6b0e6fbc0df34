"""A proposal: edits to one bundle, in order, each with who wants it and why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from leadqual.agreement.edits import KINDS, Change, Edit, disagreement
from leadqual.errors import ProposalError, counted

__all__ = ["Conflict", "Proposal", "compose"]

_FORMAT = 1
_KEYS = ("format", "bundle", "name", "edits")


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two edits that cannot both hold.

    Parameters
    ----------
    first, second
        Their numbers in the proposal, from 0.
    why
        What they disagree about, a sentence that names both authors.
    """

    first: int
    second: int
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Edits to the bundle of one digest.

    Parameters
    ----------
    bundle
        Digest of the bundle they are about.
    edits
        In the order in which they were made.
    name
        What people call it; "" when nothing.

    Examples
    --------
    >>> from leadqual.agreement import PinBand
    >>> proposal = Proposal("0" * 64).with_edit(Edit(PinBand("Source", "Webinar", 10), "Ana", "sales"))
    >>> proposal = proposal.with_edit(Edit(PinBand("Source", "Webinar", 30), "Ben", "marketing"))
    >>> print(proposal.conflicts[0].why)
    Ana (sales) and Ben (marketing) give the band "Webinar" of Source 10 and 30 points.
    >>> proposal.undo().conflicts
    ()
    """

    bundle: str
    edits: tuple[Edit, ...] = ()
    name: str = ""

    def with_edit(self, edit: Edit) -> Proposal:
        """Return the proposal with one more edit at its end."""
        return replace(self, edits=(*self.edits, edit))

    def undo(self, number: int | None = None) -> Proposal:
        """Return the proposal without its last edit, or without the edit of that number, counted from 0.

        Raises
        ------
        ProposalError
            When there is no such edit.
        """
        last = len(self.edits) - 1
        at = last if number is None else number
        if not 0 <= at <= last:
            raise ProposalError(f"the proposal has {len(self.edits)} edits, and no edit {at} to take back.")
        return replace(self, edits=self.edits[:at] + self.edits[at + 1 :])

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Pairs of edits that cannot both hold, in order."""
        found = []
        for j, second in enumerate(self.edits):
            for i, first in enumerate(self.edits[:j]):
                why = disagreement(first.change, second.change)
                if why is not None:
                    found.append(Conflict(i, j, f"{_who(first)} and {_who(second)} {why}."))
        return tuple(found)

    def check(self) -> None:
        """Raise ProposalError where edits conflict."""
        if self.conflicts:
            raise ProposalError(
                f"{counted(len(self.conflicts), 'pair')} of edits in conflict, none may be: {self.conflicts[0].why} "
                "Take one back."
            )

    @property
    def digest(self) -> str:
        """SHA-256 over everything in the proposal."""
        return hashlib.sha256(self.to_json().encode("utf-8", "surrogatepass")).hexdigest()

    def to_json(self) -> str:
        """Return the text of the proposal's file: the same proposal gives the same text."""
        edits = [edit.to_dict() for edit in self.edits]
        content = dict(zip(_KEYS, (_FORMAT, self.bundle, self.name, edits), strict=True))
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str, *, kinds: Mapping[str, type[Change]] = KINDS) -> Proposal:
        """Read a proposal's file.

        Parameters
        ----------
        text
            What it holds.
        kinds
            The kinds of change that its edits may be, by name.

        Raises
        ------
        ProposalError
            When the text is not a proposal, naming the edit that is wrong.
        """
        try:
            value = json.loads(text)
        except (json.JSONDecodeError, RecursionError) as error:
            raise ProposalError(f"the proposal is not JSON ({type(error).__name__}); save it again.") from None
        return cls.from_dict(value, kinds=kinds)

    @classmethod
    def from_dict(cls, value: Any, *, kinds: Mapping[str, type[Change]] = KINDS) -> Proposal:
        """Read a proposal from parsed JSON; raises ProposalError as `from_json` does."""
        if not isinstance(value, dict) or set(value) != set(_KEYS):
            raise ProposalError(
                f"a proposal must be a JSON object with {', '.join(_KEYS)} and nothing else; write it so (see leadqual "
                "agreement price --help), or let leadqual save it."
            )
        if value["format"] != _FORMAT:
            raise ProposalError(
                f'the proposal has another format, this leadqual reads format {_FORMAT}; write "format": {_FORMAT}, '
                "or upgrade leadqual where a newer one saved it."
            )
        if (
            not isinstance(value["bundle"], str)
            or not isinstance(value["name"], str)
            or not isinstance(value["edits"], list)
        ):
            raise ProposalError("a proposal must have texts as bundle and name, and a list of edits; save it again.")
        edits = [Edit.from_dict(entry, f"edit {i}", kinds=kinds) for i, entry in enumerate(value["edits"], start=1)]
        return cls(value["bundle"], tuple(edits), value["name"])

    def save(self, path: str | Path) -> Path:
        """Write the proposal's file and return its path."""
        Path(path).write_text(self.to_json(), encoding="utf-8")
        return Path(path)

    @classmethod
    def load(cls, path: str | Path) -> Proposal:
        """Read a proposal's file; raises ProposalError where it cannot be read or is none."""
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ProposalError(
                f"{path} cannot be read as a proposal ({type(error).__name__}); name another file."
            ) from None
        return cls.from_json(text)


def compose(*proposals: Proposal) -> Proposal:
    """Return one proposal with the edits of all, in order; an edit that is there already is not repeated.

    Raises
    ------
    ProposalError
        When they are about different bundles, or there are none.
    """
    if len({proposal.bundle for proposal in proposals}) != 1:
        raise ProposalError(
            f"{len(proposals)} proposals are about {len({p.bundle for p in proposals})} bundles, which must be one; "
            "make them again on the present bundle."
        )
    edits = dict.fromkeys(edit for proposal in proposals for edit in proposal.edits)
    name = " + ".join(proposal.name for proposal in proposals if proposal.name)
    return Proposal(proposals[0].bundle, tuple(edits), name)


def _who(edit: Edit) -> str:
    return f"{edit.author or 'someone'} ({edit.role})" if edit.role else edit.author or "someone"
