"""The room in which people review one bundle: what each may do, and everything that was done, in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from typing import Any, get_args

from leadqual.agreement import (
    READING_ROLES,
    Agreement,
    Edit,
    Entry,
    LaterLeads,
    Ledger,
    amend,
    in_force,
    override,
    price,
    signed,
)
from leadqual.agreement.ledger_text import shown_content
from leadqual.agreement.price import By, Price
from leadqual.agreement.roles import same_role
from leadqual.bundle import Bundle, SignOff
from leadqual.errors import AgreementError, ProposalError
from leadqual.web.draft import Draft, StaleEditError, draft_of
from leadqual.web.invitations import Guest, invited

__all__ = ["Prepared", "Room"]

Prepared = tuple[LaterLeads, dict[str, Any]]
_MAX_TEXT_LENGTH = 2000
_MAX_EDITS = 500


class Room:
    """One bundle under review by several people at once.

    What anyone does is checked and recorded in one step; what others see is read from the ledger alone, so that a
    restart loses nothing.

    Parameters
    ----------
    bundle
        What is reviewed first.
    ledger
        Where everything is recorded.
    prepare
        Returns a bundle's later leads and what its page knows; see `leadqual.review.page_data`.
    out
        The file that a settled bundle and its sign-offs are written to.
    at
        Now (ISO 8601, UTC).

    Raises
    ------
    AgreementError
        When the ledger was tampered with.

    Examples
    --------
    See `leadqual.web.service.review_app`.
    """

    def __init__(
        self, bundle: Bundle, ledger: Ledger, prepare: Callable[[Bundle], Prepared], *, out: Path, at: str
    ) -> None:
        faults = ledger.verify()
        if faults:
            raise AgreementError(
                f"the ledger has {len(faults)} faults, the first at entry {faults[0].number}: {faults[0].what}; "
                "restore it before people add to it."
            )
        self._ledger, self._prepare, self._out = ledger, prepare, out
        self._lock = Lock()
        self._entries: list[Entry] = []
        self._bundle: Bundle = bundle
        self._held, self._data = prepare(bundle)
        ledger.record_bundle(bundle, recorded_at=at)
        for sign_off in bundle.sign_offs:
            ledger.record_sign_off(sign_off)
        self._bundle = in_force(bundle, self._agreement())

    @property
    def bundle(self) -> Bundle:
        """What is under review now."""
        return self._bundle

    @property
    def data(self) -> Mapping[str, Any]:
        """What its page knows."""
        return self._data

    def entries(self) -> tuple[Entry, ...]:
        """Return all entries of the ledger, reading those that are new."""
        with self._lock:
            self._read()
            return tuple(self._entries)

    def enter(self, secret: str, *, at: str) -> Guest | None:
        """Let someone in by the secret of their link; None where it opens nothing."""
        guest = invited(self.entries(), secret, at=at)
        if guest is not None:
            self._record("sign-in", {"name": guest.name, "role": guest.role}, at)
        return guest

    def welcome(self, guest: Guest, *, at: str) -> bool:
        """Tell whether someone who came in may still be here."""
        gone = {entry.content["invitation"] for entry in self.entries() if entry.kind == "revocation"}
        return guest.number not in gone and at <= guest.until

    def state(self, guest: Guest) -> dict[str, Any]:
        """Return all that others did, as the page shows it to one of them."""
        entries = self.entries()
        draft, agreement = draft_of(self._bundle.digest, entries), self._agreement()
        mine_to_sign = any(same_role(guest.role, role) for role in agreement.missing)
        state = {
            "digest": self._bundle.digest,
            "version": agreement.version,
            "seen": entries[-1].number,
            "me": {"name": guest.name, "role": guest.role},
            "edits": [
                {"number": one.number, "edit": one.edit.to_dict(), "at": one.at, "mine": _theirs(one.edit, guest)}
                for one in draft.edits
            ],
            "conflicts": [[first, second] for first, second, _ in draft.conflicts],
            "unreadable": list(draft.unreadable),
            "may_edit": self.may_write(guest),
            "comments": [asdict(comment) for comment in draft.comments],
            "agreement": {
                "required": list(agreement.required),
                "missing": list(agreement.missing),
                "holds": agreement.holds,
                "signed": [asdict(one) | {"signature": bool(one.signature)} for one in agreement.sign_offs],
                "mine_to_sign": mine_to_sign and guest.name not in {one.name for one in agreement.sign_offs},
                "mine_signed": any(_by(one, guest) for one in agreement.sign_offs),
                "withdrawn": [{"name": one.name, "role": one.role} for one in agreement.withdrawn],
            },
        }
        shown: dict[str, Any] = shown_content(state)  # earlier versions stored texts that no page can be sent
        return shown

    def may_write(self, guest: Guest) -> bool:
        """Tell whether a guest may propose, comment, settle and sign; viewers and sellers only read."""
        return guest.role not in READING_ROLES

    def propose(self, guest: Guest, change: Mapping[str, Any], *, seen: int, at: str) -> int:
        """Record an edit as this guest's and return its number.

        Raises
        ------
        ProposalError
            When it is no edit, cannot be made on these points, or there are too many.
        StaleEditError
            When somebody else has proposed about the same since ``seen``.
        """
        edit = Edit.from_dict({**change, "author": guest.name, "role": guest.role})
        if len(edit.reason) > _MAX_TEXT_LENGTH:
            raise ProposalError(f"a reason has more than {_MAX_TEXT_LENGTH} characters; say it shorter.")
        self._check_makeable(edit)
        with self._lock:
            draft = self._draft()
            if len(draft.edits) >= _MAX_EDITS:
                raise ProposalError(f"there are {_MAX_EDITS} edits, which is the most; settle or withdraw some.")
            content = {
                "bundle": self._bundle.digest,
                "edit": edit.to_dict(),
                "replaces": list(draft.replaced_by(edit, seen)),
            }
            return self._ledger.record("edit", content, recorded_at=at).number

    def withdraw(self, guest: Guest, number: int, *, at: str) -> None:
        """Take an edit of this guest back.

        Raises
        ------
        ProposalError
            When it is not there, or somebody else's.
        """
        with self._lock:
            found = [one for one in self._draft().edits if one.number == number]
            if not found:
                raise ProposalError("that edit is not there any more, only what stands can be taken back; look again.")
            if not _theirs(found[0].edit, guest):
                raise ProposalError("that edit is somebody else's, only its author can take it back; ask them.")
            content = {"bundle": self._bundle.digest, "edit": number, "name": guest.name, "role": guest.role}
            self._ledger.record("withdrawal", content, recorded_at=at)

    def comment(self, guest: Guest, text: str, *, field: str = "", at: str) -> None:
        """Record what this guest says, about one field or about all.

        Raises
        ------
        ProposalError
            When the text is empty or too long, or there is no such field.
        """
        if not 0 < len(text.strip()) <= _MAX_TEXT_LENGTH:
            raise ProposalError(f"a comment must have 1 to {_MAX_TEXT_LENGTH} characters; write it again.")
        if field and field not in self._bundle.points_table.names:
            raise ProposalError("the comment is about a field that is not scored; choose one of the page's.")
        content = {"bundle": self._bundle.digest, "name": guest.name, "role": guest.role}
        self._record("comment", content | {"text": text.strip(), "field": field}, at)

    def price(self, *, by: By) -> Price:
        """Say what all edits that stand cost, on all later leads; nothing is recorded, and others need not wait.

        Raises
        ------
        ProposalError
            When there are no edits, edits conflict, or they cannot be made.
        """
        if by not in get_args(By):
            raise ProposalError(f"edits are applied by {' or '.join(get_args(By))}; choose one of them.")
        with self._lock:
            proposal, held = self._draft().proposal, self._held
        if not proposal.edits:
            raise ProposalError("there is no edit to price, at least one must be there; propose one.")
        return price(proposal, held, by=by)

    def settle(self, guest: Guest, *, by: By, seen: int, at: str) -> Bundle:
        """Make a bundle of all edits that stand: the next version, which nobody has signed yet.

        Raises
        ------
        ProposalError
            When there are no edits, edits conflict, or they cannot be made.
        StaleEditError
            When somebody has changed the draft since ``seen``.
        """
        if by not in get_args(By):
            raise ProposalError(f"edits are applied by {' or '.join(get_args(By))}; choose one of them.")
        with self._lock:
            draft = self._draft()
            if any(one.number > seen for one in draft.edits) or draft.withdrawn > seen:
                raise StaleEditError("the edits have changed since you last looked; look at them, then settle again.")
            if not draft.edits:
                raise ProposalError("there is no edit to settle, at least one must be there; sign the points as is.")
            proposal = draft.proposal
            proposal.check()
            after = amend(
                self._bundle, proposal, self._held, by=by, created_at=at, command=f"settled in review by {guest.role}"
            )
            prepared = self._prepare(after)  # nothing is recorded before all that can fail has been done
            self._ledger.record_proposal(proposal, recorded_at=at)
            self._ledger.record_bundle(after, recorded_at=at)
            after.save(self._out)
            self._bundle, (self._held, self._data) = after, prepared
        return after

    def sign(self, guest: Guest, digest: str, *, comment: str = "", at: str) -> Agreement:
        """Sign the points under review for this guest's role.

        Raises
        ------
        AgreementError
            When other points are under review by now, the role has signed or need not, or the person signed already.
        ProposalError
            When the comment is too long.
        """
        if len(comment) > _MAX_TEXT_LENGTH:
            raise ProposalError(f"a comment has more than {_MAX_TEXT_LENGTH} characters; say it shorter.")
        with self._lock:
            if digest != self._bundle.digest:
                raise AgreementError("the points have changed since you last looked; look at them, then sign those.")
            agreement = self._agreement()
            if not any(same_role(guest.role, role) for role in agreement.required):
                raise AgreementError(f"nobody needs to sign for {guest.role}; comment instead.")
            after = signed(
                in_force(self._bundle, agreement),  # others may sign elsewhere meanwhile
                name=guest.name,
                role=guest.role,
                signed_at=at,
                comment=comment.strip(),
                required=agreement.required,
            )
            self._ledger.record_sign_off(after.sign_offs[-1])
            self._bundle = after
            after.save(self._out)
            return self._agreement()

    def withdraw_sign_off(self, guest: Guest, *, reason: str = "", at: str) -> Agreement:
        """Take back the sign-off that this guest gave for the points under review.

        Raises
        ------
        AgreementError
            When they have not signed these points, or signed with a key.
        ProposalError
            When the reason is too long.
        """
        if len(reason) > _MAX_TEXT_LENGTH:
            raise ProposalError(f"a reason has more than {_MAX_TEXT_LENGTH} characters; say it shorter.")
        with self._lock:
            self._ledger.withdraw_sign_off(
                self._bundle.digest, name=guest.name, role=guest.role, reason=reason, recorded_at=at
            )
            agreement = self._agreement()
            self._bundle = in_force(self._bundle, agreement)
            self._bundle.save(self._out)
            return agreement

    def refuse(self, guest: Guest, what: str, *, at: str) -> None:
        """Record that this guest tried something that they may not do."""
        self._record("refusal", {"name": guest.name, "role": guest.role, "what": what}, at)

    def _agreement(self) -> Agreement:
        return self._ledger.agreement(self._bundle.digest)

    def _record(self, kind: str, content: dict[str, Any], at: str) -> None:
        self._ledger.record(kind, content, recorded_at=at)

    def _read(self) -> None:
        last = self._entries[-1].number if self._entries else 0
        self._entries.extend(self._ledger.entries(after=last))

    def _draft(self) -> Draft:
        self._read()
        return draft_of(self._bundle.digest, self._entries)

    def _check_makeable(self, edit: Edit) -> None:
        """Refuse an edit that names what is not there, before others see it."""
        change = edit.change
        if change.added_field is not None:
            if change.added_field not in {feature.name for feature in self._held.features}:
                raise ProposalError(
                    "only a field that the schema knows at creation can be brought back; name one of those."
                )
            return
        try:
            override(self._bundle.points_table, [change])
        except ProposalError:
            # it may be about what the edits that stand make of the points
            standing = [one.edit.change for one in draft_of(self._bundle.digest, self.entries()).edits]
            override(self._bundle.points_table, [*standing, change])


def _by(sign_off: SignOff, guest: Guest) -> bool:
    return sign_off.name == guest.name and same_role(sign_off.role, guest.role)


def _theirs(edit: Edit, guest: Guest) -> bool:
    return edit.author == guest.name and same_role(edit.role, guest.role)
