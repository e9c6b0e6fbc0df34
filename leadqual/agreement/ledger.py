"""The ledger of agreements: entries that can be added and never changed, each chained to the one before by hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from leadqual.agreement.agreement import Agreement, statement
from leadqual.agreement.keys import signed_with
from leadqual.agreement.ledger_text import check_content, check_text
from leadqual.agreement.proposal import Proposal
from leadqual.agreement.roles import READING_ROLES, REQUIRED_ROLES, same_role
from leadqual.bundle import Bundle, SignOff
from leadqual.database import DatabaseKind, open_database
from leadqual.errors import AgreementError

__all__ = ["START", "Entry", "Fault", "Ledger"]

START = "0" * 64
"""What the first entry names as the one before."""

_KIND = DatabaseKind(
    noun="the ledger",
    entry="an entry",
    entries="entries",
    extra="agreement",
    migrations=Path(__file__).parent / "migrations",
    version_table="leadqual_agreement_version",
    tables=("leadqual_agreement_entry",),
    refusal=AgreementError,
    unwanted=AgreementError,
    lock=6_104_202_607,
)
_KINDS = (
    *("bundle", "proposal", "sign-off", "sign-off withdrawal", "comment", "roles"),
    # events of a served review: invitations, sign-ins, edits, withdrawals
    *("invitation", "revocation", "sign-in", "refusal", "edit", "withdrawal"),
)
_COLUMNS = "number, kind, content, recorded_at, previous, hash"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the ledger.

    Parameters
    ----------
    number
        From 1, without gaps.
    kind
        ``"bundle"``, ``"proposal"``, ``"sign-off"``, ``"sign-off withdrawal"``, ``"comment"``, ``"roles"``, or one of a
        review: ``"invitation"``, ``"revocation"``, ``"sign-in"``, ``"refusal"``, ``"edit"``, ``"withdrawal"``.
    content
        What it records, as plain data.
    recorded_at
        When (ISO 8601, UTC).
    previous
        Hash of the entry before; 64 zeros for the first.
    hash
        SHA-256 over all of the above.
    """

    number: int
    kind: str
    content: dict[str, Any]
    recorded_at: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the ledger that was changed, removed or reordered.

    Parameters
    ----------
    number
        The entry where it shows.
    what
        What is wrong, a sentence.
    """

    number: int
    what: str


class Ledger:
    """Bundles, proposals, comments and sign-offs, in the order in which they were recorded.

    Parameters
    ----------
    url
        SQLAlchemy URL, or the path of an SQLite file, which is made where there is none.

    Raises
    ------
    DependencyError
        When alembic or the database's driver is not installed.
    AgreementError
        When the database cannot be opened, or is of a newer leadqual.

    Examples
    --------
    >>> import tempfile
    >>> ledger = Ledger(Path(tempfile.mkdtemp()) / "agreement.db")
    >>> _ = ledger.record("comment", {"text": "Webinar leads are students"}, recorded_at="2026-05-01T09:00:00Z")
    >>> [entry.kind for entry in ledger.entries()], ledger.verify()
    (['comment'], ())
    """

    def __init__(self, url: str | Path) -> None:
        self._database = open_database(url, _KIND)
        self._engine = self._database.engine

    def record(self, kind: str, content: dict[str, Any], *, recorded_at: str) -> Entry:
        """Append an entry, also while others append, and return it once it is stored durably.

        Raises
        ------
        AgreementError
            When the kind is unknown, the time is empty, the content could not be read back, or the database does not
            take it.
        """
        import sqlalchemy

        if kind not in _KINDS or not recorded_at:
            raise AgreementError(f"an entry must have a time and be one of {', '.join(_KINDS)}; correct it.")
        check_content(content, "an entry")
        check_text(recorded_at, "a time")
        whole = json.loads(json.dumps(content))
        insert = sqlalchemy.text(
            f"INSERT INTO leadqual_agreement_entry ({_COLUMNS}) "  # noqa: S608  # columns are constants
            "VALUES (:number, :kind, :content, :recorded_at, :previous, :hash)"
        )

        def add(connection: Any) -> Entry:
            entry = _entry(self._last(connection), kind, whole, recorded_at)
            connection.execute(insert, asdict(entry) | {"content": _text(whole)})
            return entry

        # another writer may take the same number first
        return self._database.write(add, may_collide=True)

    def record_bundle(self, bundle: Bundle, *, recorded_at: str, proposals: Sequence[Proposal] = ()) -> Entry:
        """Record a bundle under its digest, with where it came from; again only if it is not there yet."""
        for entry in self.entries("bundle"):
            if entry.content["digest"] == bundle.digest:
                return entry
        settings = dict(bundle.provenance.settings)
        known = [proposal.digest for proposal in proposals] or [
            digest for digest in settings.get("proposals", "").split() if digest
        ]
        content = {
            "digest": bundle.digest,
            "name": bundle.name,
            "parent": settings.get("parent"),
            "proposals": known,
            "version": sum(1 for _ in self.entries("bundle")) + 1,
        }
        return self.record("bundle", content, recorded_at=recorded_at)

    def record_proposal(self, proposal: Proposal, *, recorded_at: str) -> Entry:
        """Record a proposal with all its edits."""
        content = {"digest": proposal.digest, "proposal": json.loads(proposal.to_json())}
        return self.record("proposal", content, recorded_at=recorded_at)

    def record_sign_off(self, sign_off: SignOff) -> Entry:
        """Record a sign-off; again only if it is not there yet."""
        content = asdict(sign_off)
        for entry in self.entries("sign-off"):
            if entry.content == content:
                return entry
        return self.record("sign-off", content, recorded_at=sign_off.signed_at)

    def withdraw_sign_off(
        self,
        digest: str,
        *,
        name: str,
        role: str,
        reason: str = "",
        recorded_at: str,
        private_key: bytes | None = None,
        passphrase: str | None = None,
    ) -> Entry:
        """Record that somebody takes back the sign-off that they gave; the sign-off stays in the ledger.

        Parameters
        ----------
        digest
            What was signed.
        name, role
            Who signed, and for which team.
        reason
            Why they take it back.
        recorded_at
            When (ISO 8601, UTC).
        private_key, passphrase
            Their key (PEM) and what opens it; needed where the sign-off was made with a key.

        Raises
        ------
        AgreementError
            When they did not sign that digest, took the sign-off back before, or the key is not the one it was made
            with.
        """
        given = [
            entry
            for entry in _sign_offs(tuple(self.entries()))[0]
            if entry.content["digest"] == digest
            and entry.content["name"] == name.strip()
            and same_role(entry.content["role"], role)
        ]
        if not given:
            raise AgreementError(
                f"the ledger has no sign-off of {digest[:12]} by that name for that role, only who signed can take it "
                "back; leadqual agreement status shows who did."
            )
        sign_off = SignOff(**given[-1].content)
        if sign_off.signature:
            made = None if private_key is None else signed_with(statement(sign_off), private_key, passphrase)
            if made != sign_off.signature:
                raise AgreementError(
                    "the sign-off was made with a key, it is taken back with the same key; pass that key."
                )
        content = {"sign_off": given[-1].number, "digest": digest, "name": sign_off.name, "role": sign_off.role}
        return self.record("sign-off withdrawal", content | {"reason": reason.strip()}, recorded_at=recorded_at)

    @property
    def required_roles(self) -> tuple[str, ...]:
        """The roles that must sign: what was recorded last, else marketing and sales."""
        return _required(self.entries("roles"))

    def knows(self, digest: str) -> bool:
        """Tell whether a bundle is in the ledger."""
        return any(entry.content["digest"] == digest for entry in self.entries("bundle"))

    def require_roles(self, roles: Sequence[str], *, recorded_at: str) -> Entry:
        """Record which roles must sign from now on."""
        if not roles or not all(isinstance(role, str) and role.strip() for role in roles):
            raise AgreementError("no role is required to sign, at least one must be; name the roles, such as sales.")
        named = list(dict.fromkeys(role.strip().casefold() for role in roles))
        if not set(named).isdisjoint(READING_ROLES):
            raise AgreementError(
                f"{' and '.join(READING_ROLES)} only read and cannot be required to sign; name others."
            )
        return self.record("roles", {"roles": named}, recorded_at=recorded_at)

    def entries(self, kind: str | None = None, *, after: int = 0) -> Iterator[Entry]:
        """Yield the entries, or those of one kind, in order; only those whose number is above ``after``."""
        import sqlalchemy

        select = f"SELECT {_COLUMNS} FROM leadqual_agreement_entry WHERE number > :after ORDER BY number"  # noqa: S608  # columns are constants
        with self._database.reading() as connection:
            rows = connection.execute(sqlalchemy.text(select), {"after": after}).all()
        for number, of_kind, content, recorded_at, previous, digest in rows:
            if kind is None or of_kind == kind:
                yield Entry(number, of_kind, _parsed(content), recorded_at, previous, digest)

    @property
    def head(self) -> str:
        """Hash of the last entry; 64 zeros for an empty ledger. Kept elsewhere, it tells when the end was cut off."""
        with self._database.reading() as connection:
            return self._last(connection)[1]

    def verify(self, *, head: str | None = None) -> tuple[Fault, ...]:
        """Look for entries that were changed, removed or reordered.

        Parameters
        ----------
        head
            A hash that the ledger is known to have ended with; None: entries cut off at the end are not noticed.

        Returns
        -------
        tuple of Fault
            Empty where everything is as it was recorded.
        """
        return _faults(self.entries(), head)

    def agreement(self, digest: str) -> Agreement:
        """Return where the agreement on one bundle stands.

        Raises
        ------
        AgreementError
            When the ledger was tampered with, or the bundle is not in it.
        """
        entries = tuple(self.entries())
        faults = _faults(entries)
        if faults:
            raise AgreementError(
                f"the ledger has {len(faults)} faults, the first at entry {faults[0].number}: {faults[0].what}; "
                "nothing in it counts until it is restored."
            )
        found = [entry for entry in entries if entry.kind == "bundle" and entry.content["digest"] == digest]
        if not found:
            raise AgreementError(f"{digest[:12]} is not in the ledger; record it with leadqual agreement sign.")
        content = found[0].content
        standing, gone = _sign_offs(entries)
        signed, withdrawn = ([SignOff(**entry.content) for entry in some] for some in (standing, gone))
        return Agreement(
            digest=digest,
            required=_required(entries),
            sign_offs=tuple(one for one in signed if one.digest == digest),
            withdrawn=tuple(one for one in withdrawn if one.digest == digest),
            by_ledger=True,
            version=content["version"],
            parent=content["parent"],
            proposals=tuple(content["proposals"]),
            void=tuple(one for one in signed if one.digest == content["parent"]),
        )

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def _last(self, connection: Any) -> tuple[int, str]:
        import sqlalchemy

        row = connection.execute(
            sqlalchemy.text("SELECT number, hash FROM leadqual_agreement_entry ORDER BY number DESC LIMIT 1")
        ).first()
        return (0, START) if row is None else (int(row[0]), str(row[1]))


def _entry(last: tuple[int, str], kind: str, content: dict[str, Any], recorded_at: str) -> Entry:
    plain = Entry(last[0] + 1, kind, content, recorded_at, last[1], "")
    return replace(plain, hash=_hash(plain))


def _hash(entry: Entry) -> str:
    hashed = [entry.number, entry.kind, _text(entry.content), entry.recorded_at, entry.previous]
    return hashlib.sha256(json.dumps(hashed).encode()).hexdigest()


def _text(content: dict[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def _parsed(text: str) -> dict[str, Any]:
    """Return an entry's content; what was damaged stays visible as such, and fails its hash."""
    try:
        content = json.loads(text)
    except ValueError:
        return {"damaged": text}
    return content if isinstance(content, dict) else {"damaged": text}


def _faults(entries: Iterable[Entry], head: str | None = None) -> tuple[Fault, ...]:
    """Return what was changed, removed or reordered; see `Ledger.verify`."""
    faults, previous, number, hashes = [], START, 0, {START}
    for entry in entries:
        if entry.number != number + 1:
            faults.append(Fault(entry.number, f"entries {number + 1} to {entry.number - 1} are gone"))
        elif entry.previous != previous:
            faults.append(Fault(entry.number, "it does not follow the entry before it"))
        plain = replace(entry, hash="")
        if _hash(plain) != entry.hash:
            faults.append(Fault(entry.number, "it was changed after it was recorded"))
        previous, number = entry.hash, entry.number
        hashes.add(entry.hash)
    if head is not None and head not in hashes:
        faults.append(Fault(number, "the ledger once ended with an entry that is gone"))
    return tuple(faults)


def _required(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return the roles that must sign: what was recorded last, else marketing and sales."""
    recorded = [entry.content["roles"] for entry in entries if entry.kind == "roles"]
    return tuple(recorded[-1]) if recorded else REQUIRED_ROLES


def _sign_offs(entries: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Return the sign-offs that stand, and those that were taken back."""
    gone = {entry.content["sign_off"] for entry in entries if entry.kind == "sign-off withdrawal"}
    given = [entry for entry in entries if entry.kind == "sign-off"]
    return [one for one in given if one.number not in gone], [one for one in given if one.number in gone]
