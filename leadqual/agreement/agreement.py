"""The agreement: which digest is meant, who must sign it, and whether they have."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from leadqual.agreement.keys import check_signature, signed_with
from leadqual.agreement.ledger_text import check_text
from leadqual.agreement.roles import REQUIRED_ROLES, read_role, same_role
from leadqual.bundle import Bundle, SignOff
from leadqual.errors import AgreementError, counted

__all__ = ["Agreement", "agreement_on", "in_force", "load_agreed", "signed", "statement"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Where the agreement on one bundle stands.

    Parameters
    ----------
    digest
        What is agreed on: SHA-256 over schema, constraints, points, calibration and policy.
    version
        Its number in the ledger, from 1; None where there is no ledger, or it is not in it.
    parent
        Digest of the bundle it came from; None for the first.
    proposals
        Digests of the proposals it contains, in order.
    required
        The roles that must sign.
    sign_offs
        Sign-offs of this digest, in order.
    void
        Sign-offs of the bundle it came from, which do not count for this one.
    withdrawn
        Sign-offs of this digest that their signers took back; empty where only the bundle's file was read.
    by_ledger
        True where the ledger was asked; a bundle's file alone cannot know whether a sign-off was withdrawn.
    """

    digest: str
    required: tuple[str, ...] = REQUIRED_ROLES
    sign_offs: tuple[SignOff, ...] = ()
    version: int | None = None
    parent: str | None = None
    proposals: tuple[str, ...] = ()
    void: tuple[SignOff, ...] = ()
    withdrawn: tuple[SignOff, ...] = ()
    by_ledger: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """The roles that must sign and have not."""
        return tuple(
            role for role in self.required if not any(same_role(role, sign_off.role) for sign_off in self.sign_offs)
        )

    @property
    def holds(self) -> bool:
        """Whether each required role has signed this digest."""
        return not self.missing

    def __str__(self) -> str:
        signed_by = ", ".join(f"{one.name} for {one.role}" for one in self.sign_offs) or "nobody"
        sentence = f"{self.digest[:12]}: signed by {signed_by}"
        sentence += "; it holds." if self.holds else f"; {' and '.join(self.missing)} must still sign."
        if self.withdrawn:
            sentence += f" Withdrawn: {', '.join(f'{one.name} for {one.role}' for one in self.withdrawn)}."
        if self.void:
            are = "is" if len(self.void) == 1 else "are"
            sentence += (
                f" {counted(len(self.void), 'signature')} under {str(self.parent)[:12]} {are} void: what was signed "
            )
            sentence += "has changed."
        return sentence

    def require(self) -> None:
        """Raise AgreementError unless the agreement holds."""
        if not self.holds:
            raise AgreementError(
                f"{self.digest[:12]} is not agreed on: {' and '.join(self.missing)} must sign this very digest and "
                "have not; run leadqual agreement sign."
            )


def agreement_on(
    bundle: Bundle, *, required: Sequence[str] = REQUIRED_ROLES, public_keys: Mapping[str, bytes] | None = None
) -> Agreement:
    """Return where the agreement on a bundle stands by the sign-offs in its own file.

    Parameters
    ----------
    bundle
        The bundle. Its file cannot know whether a sign-off was withdrawn later: ask the ledger where there is one.
    required
        The roles that must sign.
    public_keys
        Public key (PEM) of each person who may sign, by name; None: signatures are not checked.

    Raises
    ------
    AgreementError
        When no role is required, or a signature is missing or false where keys are given.

    Examples
    --------
    See `signed`.
    """
    if not required:
        raise AgreementError("no role is required to sign, at least one must be; name the roles, such as sales.")
    mine = tuple(one for one in bundle.sign_offs if one.digest == bundle.digest)
    if public_keys is not None:
        for sign_off in mine:
            if sign_off.name not in public_keys:
                raise AgreementError(
                    f"there is no public key of who signed for {sign_off.role}; pass it, or let them sign again."
                )
            check_signature(statement(sign_off), sign_off.signature, public_keys[sign_off.name], sign_off.role)
    return Agreement(bundle.digest, tuple(dict.fromkeys(required)), mine, parent=_setting(bundle, "parent"))


def signed(
    bundle: Bundle,
    *,
    name: str,
    role: str,
    signed_at: str,
    comment: str = "",
    private_key: bytes | None = None,
    passphrase: str | None = None,
    required: Sequence[str] = REQUIRED_ROLES,
) -> Bundle:
    """Return the bundle with one more sign-off of its digest.

    Parameters
    ----------
    bundle
        What is accepted.
    name, role
        Who signs, and for which team.
    signed_at
        When (ISO 8601, UTC).
    comment
        What they add.
    private_key, passphrase
        Their Ed25519 key (PEM) and what opens it; None: signed by name alone.
    required
        The roles that sign; those of the ledger where there is one.

    Raises
    ------
    AgreementError
        When the name or role is empty, nobody signs for that role, the role has signed already, or one person would
        sign for two roles.

    Examples
    --------
    >>> from leadqual.leads import read_leads
    >>> from leadqual.simulation import SampleSettings, simulate
    >>> from leadqual.training import train
    >>> sample = simulate(SampleSettings(leads=1500), seed=1)
    >>> bundle = train(read_leads(sample.table, sample.schema), name="demo").bundle
    >>> bundle = signed(bundle, name="Ana", role="sales", signed_at="2026-05-01T09:00:00Z")
    >>> agreement_on(bundle).missing
    ('marketing',)
    >>> agreement_on(signed(bundle, name="Ben", role="marketing", signed_at="2026-05-01T10:00:00Z")).holds
    True
    """
    if not name.strip() or not role.strip():
        raise AgreementError("a sign-off must have a name and a role; say who signs, and for which team.")
    for text, what in ((name, "the name"), (role, "the role"), (comment, "the comment")):
        check_text(text, what)
    name, role = name.strip(), read_role(role, required)
    for other in bundle.sign_offs:
        if same_role(other.role, role):
            raise AgreementError(f"{role} has signed these points already; one signature per role counts.")
        if other.name == name:
            raise AgreementError(
                f"the same person has signed for {other.role}, which must be someone else; let someone of {role} sign."
            )
    sign_off = SignOff(name, role, signed_at, bundle.digest, comment)
    if private_key is not None:
        sign_off = replace(sign_off, signature=signed_with(statement(sign_off), private_key, passphrase))
    return replace(bundle, sign_offs=(*bundle.sign_offs, sign_off))


def in_force(bundle: Bundle, agreement: Agreement) -> Bundle:
    """Return the bundle with the sign-offs that count: all of the ledger, and those of its file that nobody took back.

    Parameters
    ----------
    bundle
        As its file has it.
    agreement
        Where the agreement on it stands by the ledger.
    """
    known = {_identity(one) for one in (*agreement.sign_offs, *agreement.withdrawn)}
    more = (one for one in bundle.sign_offs if _identity(one) not in known)
    return replace(bundle, sign_offs=(*agreement.sign_offs, *more))


def load_agreed(
    path: str,
    *,
    required: Sequence[str] = REQUIRED_ROLES,
    public_keys: Mapping[str, bytes] | None = None,
) -> Bundle:
    """Read a bundle that both teams agreed on, and refuse any other.

    Parameters
    ----------
    path
        The bundle's file.
    required, public_keys
        As in `agreement_on`.

    Raises
    ------
    BundleError
        When the file is not exactly what was saved.
    AgreementError
        When the agreement does not hold, or a signature is false.

    Examples
    --------
    See `signed`.
    """
    bundle = Bundle.load(path)
    agreement_on(bundle, required=required, public_keys=public_keys).require()
    return bundle


def statement(sign_off: SignOff) -> bytes:
    """Return what a signature signs: digest, name, role, time and comment, in one unambiguous text."""
    signed = [sign_off.digest, sign_off.name, sign_off.role, sign_off.signed_at, sign_off.comment]
    return json.dumps(["leadqual sign-off 1", *signed], ensure_ascii=True).encode()


def _identity(sign_off: SignOff) -> tuple[str, str, str]:
    return sign_off.name, sign_off.role, sign_off.signed_at


def _setting(bundle: Bundle, name: str) -> str | None:
    return dict(bundle.provenance.settings).get(name)
