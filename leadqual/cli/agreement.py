"""``leadqual agreement``: who signed which points, what changed, what a proposal costs."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from leadqual.cli.given_columns import tell_given
from leadqual.cli.options import json_option, reading_options

if TYPE_CHECKING:
    from leadqual.agreement import Agreement, LaterLeads
    from leadqual.bundle import Bundle
    from leadqual.leads import Leads, Outcomes

__all__ = ["command", "held_history", "history_options", "known_agreement", "ledger_option"]

_FILE = click.Path(path_type=Path)
_LEDGER = "agreement.db"
_PROPOSAL = """PROPOSAL is what the review page saves, or:

\b
{"format": 1, "bundle": "DIGEST", "name": "", "edits": [
 {"edit": "pin", "field": "Intent", "band": "Demo", "points": 25, "author": "Ana", "role": "sales"},
 {"edit": "leave out", "field": "Region"}, {"edit": "threshold", "threshold": "SQL", "points": 120}]}
"""

ledger_option = click.option(
    "--ledger", default=_LEDGER, show_default=True, metavar="URL", help="The ledger: an SQLite file or a database URL."
)


def history_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that name the history a bundle was trained on."""
    for option in (
        click.option("--constraints", type=_FILE, help="The constraints the bundle was trained with (TOML)."),
        click.option("--prior", type=_FILE, help="The rule the bundle was trained with (TOML)."),
        click.option("--schema", type=_FILE, help="What the columns are; LEADS as .toml when left out."),
        click.option("--leads", required=True, type=_FILE, help="The history: CSV, Parquet or an Excel workbook."),
    ):
        function = option(function)
    return reading_options(function)


@click.group("agreement", short_help="Who signed which points, what changed, and what a proposal costs.")
def command() -> None:
    """Agree on points: price a proposal, apply it, sign the result, and see what was agreed when.

    A bundle is agreed on when marketing and sales have both signed its digest. Any later change of a point,
    threshold or probability is another digest, which nobody has signed.
    """


@command.command("status")
@click.argument("bundle", type=_FILE)
@ledger_option
@click.option("--role", "roles", multiple=True, help="A role that must sign; default marketing and sales.")
@json_option
@click.pass_context
def status(ctx: click.Context, bundle: Path, ledger: str, roles: tuple[str, ...], as_json: bool) -> None:
    """Show who has signed BUNDLE and who must still; exit code 1 where the agreement does not hold."""
    from dataclasses import replace

    from leadqual.bundle import Bundle
    from leadqual.cli import console
    from leadqual.reports.agreement_terminal import show_agreement

    found = known_agreement(Bundle.load(bundle), ledger)
    if roles:
        found = replace(found, required=roles)
    if as_json:
        console.as_json(
            {
                "digest": found.digest,
                "version": found.version,
                "parent": found.parent,
                "proposals": list(found.proposals),
                "holds": found.holds,
                "missing": list(found.missing),
                "signed": [{"name": o.name, "role": o.role, "signed_at": o.signed_at} for o in found.sign_offs],
                "withdrawn": [{"name": o.name, "role": o.role, "signed_at": o.signed_at} for o in found.withdrawn],
                "by_ledger": found.by_ledger,
                "void": [{"name": o.name, "role": o.role, "digest": o.digest} for o in found.void],
            }
        )
    else:
        show_agreement(console.console(), found)
    ctx.exit(0 if found.holds else 1)


@command.command("sign")
@click.argument("bundle", type=_FILE)
@click.option("--name", required=True, help="Who signs.")
@click.option("--role", required=True, help="For which team, such as marketing or sales.")
@click.option("--comment", default="", help="What they add.")
@click.option("--key", type=_FILE, help="Their private key; LEADQUAL_PASSPHRASE or a prompt opens it.")
@ledger_option
def sign(bundle: Path, name: str, role: str, comment: str, key: Path | None, ledger: str) -> None:
    """Sign BUNDLE: its digest is accepted, recorded in the ledger and written into its file."""
    from leadqual.agreement import Ledger, in_force, signed
    from leadqual.bundle import Bundle

    private = None if key is None else key.read_bytes()
    at, loaded, book = _now(), Bundle.load(bundle), Ledger(ledger)
    if book.knows(loaded.digest):
        loaded = in_force(loaded, book.agreement(loaded.digest))
    accepted = signed(
        loaded,
        name=name,
        role=role,
        signed_at=at,
        comment=comment,
        private_key=private,
        passphrase=_passphrase() if private is not None and b"ENCRYPTED" in private else None,
        required=book.required_roles,
    )
    book.record_bundle(accepted, recorded_at=at)
    for sign_off in accepted.sign_offs:
        book.record_sign_off(sign_off)
    accepted.save(bundle)
    click.echo(str(book.agreement(accepted.digest)))
    click.echo(f"The ledger ends with {book.head[:16]}; kept elsewhere, it shows when the end is cut off.")


@command.command("withdraw")
@click.argument("bundle", type=_FILE)
@click.option("--name", required=True, help="Who signed.")
@click.option("--role", required=True, help="For which team they signed.")
@click.option("--reason", default="", help="Why they take it back.")
@click.option("--key", type=_FILE, help="The private key that they signed with, if they did.")
@ledger_option
def withdraw(bundle: Path, name: str, role: str, reason: str, key: Path | None, ledger: str) -> None:
    """Take a sign-off of BUNDLE back: only who gave it can; an entry of its own in the ledger.

    Other copies of the bundle's file still hold the sign-off; promote, loop and status go by the ledger.
    """
    from leadqual.agreement import in_force
    from leadqual.bundle import Bundle

    loaded, book = Bundle.load(bundle), _ledger(ledger)
    private = None if key is None else key.read_bytes()
    words = _passphrase() if private is not None and b"ENCRYPTED" in private else None
    book.withdraw_sign_off(
        loaded.digest, name=name, role=role, reason=reason, recorded_at=_now(), private_key=private, passphrase=words
    )
    found = book.agreement(loaded.digest)
    in_force(loaded, found).save(bundle)
    click.echo(str(found))


@command.command("roles")
@click.option("--require", "roles", multiple=True, help="A role that must sign from now on; once for each.")
@ledger_option
def roles_command(roles: tuple[str, ...], ledger: str) -> None:
    """Show which roles must sign, or say so with --require."""
    from leadqual.agreement import Ledger

    book = Ledger(ledger) if roles else _ledger(ledger)
    if roles:
        book.require_roles(roles, recorded_at=_now())
    click.echo(f"Must sign: {', '.join(book.required_roles)}.")


@command.command("log")
@ledger_option
@json_option
def log(ledger: str, as_json: bool) -> None:
    """Show everything in the ledger, in order."""
    from dataclasses import asdict

    from leadqual.cli import console
    from leadqual.reports.agreement_terminal import show_log

    entries = list(_ledger(ledger).entries())
    if as_json:
        console.as_json([asdict(entry) for entry in entries])
    else:
        show_log(console.console(), entries)


@command.command("verify")
@ledger_option
@click.option("--head", help="The hash it is known to have ended with; the first 16 characters will do.")
@click.pass_context
def verify(ctx: click.Context, ledger: str, head: str | None) -> None:
    """Look for entries that were changed, removed or reordered; exit code 1 where there are any."""
    book = _ledger(ledger)
    if head is not None:
        whole = [entry.hash for entry in book.entries() if entry.hash.startswith(head)]
        head = whole[0] if whole else head
    faults = book.verify(head=head)
    for fault in faults:
        click.echo(f"entry {fault.number}: {fault.what}")
    if not faults:
        click.echo(f"{len(list(book.entries()))} entries, none changed, removed or reordered; head {book.head[:16]}.")
    ctx.exit(1 if faults else 0)


@command.command("diff")
@click.argument("before", type=_FILE)
@click.argument("after", type=_FILE)
@click.option("--leads", type=_FILE, help="Leads to count grade changes on: CSV, Parquet or Excel.")
@reading_options
@json_option
def diff(before: Path, after: Path, leads: Path | None, encoding: str | None, sheet: str | None, as_json: bool) -> None:
    """Show what changed from the bundle BEFORE to the bundle AFTER, like a release note."""
    from dataclasses import asdict

    from leadqual.agreement.difference import difference
    from leadqual.bundle import Bundle
    from leadqual.cli import console
    from leadqual.reports.agreement_terminal import show_difference
    from leadqual.scorer.given_fields import FieldKeys
    from leadqual.tables.sources import read_source

    table = None if leads is None else read_source(leads, encoding=encoding, sheet=sheet).table
    bundles = Bundle.load(before), Bundle.load(after)
    found = difference(*bundles, table)
    if table is not None:
        given = [FieldKeys(bundle.points_table).find(table.columns) for bundle in bundles]
        for one in given[:1] if given[0] == given[1] else given:
            tell_given(one)
    if as_json:
        moves = [{"from": a, "to": b, "leads": count} for (a, b), count in found.moves.items()]
        console.as_json(asdict(found) | {"moves": moves})
    else:
        show_difference(console.console(), found)


@command.command("weights")
@click.argument("bundle", type=_FILE)
@history_options
@json_option
def weights(bundle: Path, as_json: bool, **history: Any) -> None:
    """Show what each field of BUNDLE adds, what its points rest on, and how stable they are."""
    import json

    from leadqual.agreement import explain_weights
    from leadqual.bundle import Bundle
    from leadqual.cli import console
    from leadqual.reports.weights_terminal import show_weights

    loaded = Bundle.load(bundle)
    found = explain_weights(loaded, held_history(loaded, **history)[2])
    if as_json:
        console.as_json(json.loads(found.to_frame().to_json(orient="records")))
    else:
        show_weights(console.console(), found)


@command.command("price", epilog=_PROPOSAL)
@click.argument("bundle", type=_FILE)
@click.argument("proposal", type=_FILE)
@history_options
@click.option("--by", type=click.Choice(["override", "refit"]), default="override", show_default=True)
@json_option
def price_command(bundle: Path, proposal: Path, by: Any, as_json: bool, **history: Any) -> None:
    """Show what PROPOSAL costs or gains against BUNDLE on the later part of its history."""
    from leadqual.agreement import Proposal, price
    from leadqual.bundle import Bundle
    from leadqual.cli import console
    from leadqual.reports.agreement_terminal import show_price

    found = price(Proposal.load(proposal), held_history(Bundle.load(bundle), **history)[2], by=by)
    if as_json:
        console.as_json(found.to_dict())
    else:
        show_price(console.console(), found)


@command.command("apply")
@click.argument("bundle", type=_FILE)
@click.argument("proposal", type=_FILE)
@history_options
@click.option("--by", type=click.Choice(["override", "refit"]), default="override", show_default=True)
@click.option("--out", required=True, type=_FILE, help="Where the new bundle goes.")
@ledger_option
def apply_command(bundle: Path, proposal: Path, by: Any, out: Path, ledger: str, **history: Any) -> None:
    """Make a new bundle of BUNDLE with PROPOSAL in it: a version of its own, which nobody has signed yet."""
    from leadqual.agreement import Ledger, Proposal, amend
    from leadqual.bundle import Bundle

    before, wanted, at = Bundle.load(bundle), Proposal.load(proposal), _now()
    after = amend(
        before,
        wanted,
        held_history(before, **history)[2],
        by=by,
        created_at=at,
        command=f"leadqual agreement apply {bundle.name} {proposal.name} --by {by}",
    )
    after.save(out)
    book = Ledger(ledger)
    book.record_bundle(before, recorded_at=at)
    book.record_proposal(wanted, recorded_at=at)
    book.record_bundle(after, recorded_at=at)
    from leadqual.agreement.difference import difference

    for one in difference(before, after).thresholds:
        click.echo(f"{one.name}: {one.before} to {one.after}")
    click.echo(f"Wrote {out}. {book.agreement(after.digest)}")


@command.command("keygen")
@click.argument("name", type=_FILE)
def keygen(name: Path) -> None:
    """Make a key to sign with: NAME.key, which its owner keeps, and NAME.pub, which others check with."""
    from leadqual.agreement import new_key
    from leadqual.errors import AgreementError

    private, public = name.with_name(f"{name.name}.key"), name.with_name(f"{name.name}.pub")
    if private.exists() or public.exists():
        raise AgreementError(
            f"{private} or {public.name} is there already, and keys are never overwritten; choose another."
        )
    words = _passphrase(confirm=True)
    if not words:
        click.echo("note The key is not locked: whoever has the file can sign with it.", err=True)
    secret, shown = new_key(words or None)
    with os.fdopen(os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secret)
    public.write_bytes(shown)
    click.echo(f"Wrote {private} (keep it to yourself) and {public} (give it to others).")


def known_agreement(bundle: Bundle, ledger: str) -> Agreement:
    """Return where the agreement on a bundle stands: by the ledger, or by its own file where no ledger knows it."""
    from leadqual.agreement import Ledger, agreement_on
    from leadqual.cli import console

    if "://" in ledger or Path(ledger).exists():
        book = Ledger(ledger)
        if book.knows(bundle.digest):
            return book.agreement(bundle.digest)
        required = book.required_roles
        console.remark("The ledger does not know this bundle; what counts is in its own file.")
        return agreement_on(bundle, required=required)
    console.remark("There is no ledger: the bundle's file alone cannot tell whether a sign-off was withdrawn.")
    return agreement_on(bundle)


def _ledger(url: str) -> Any:
    from leadqual.agreement import Ledger
    from leadqual.errors import AgreementError

    if "://" not in url and not Path(url).exists():
        raise AgreementError(f"there is no ledger {url}; sign a bundle first, or name one with --ledger.")
    return Ledger(url)


def held_history(
    bundle: Bundle,
    *,
    leads: Path,
    schema: Path | None,
    prior: Path | None,
    constraints: Path | None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> tuple[Leads, Outcomes, LaterLeads]:
    """Read the history a bundle was trained on, label it as it was then, and keep its later part apart."""
    from leadqual.agreement import hold_later
    from leadqual.cli import console
    from leadqual.leads import Schema, label_outcomes, read_leads
    from leadqual.learners import points_from_rules
    from leadqual.scorecard import read_constraints

    history = read_leads(leads, Schema.read(schema or leads.with_suffix(".toml")), encoding=encoding, sheet=sheet)
    outcomes = label_outcomes(history, window_days=bundle.window_days or 90, as_of=bundle.provenance.as_of)
    held = hold_later(
        bundle,
        history,
        outcomes,
        constraints=() if constraints is None else read_constraints(constraints),
        prior=None if prior is None else points_from_rules(prior),
    )
    if held.unknown_edits:
        console.remark(
            f"{held.unknown_edits} proposals were applied to this bundle before its file named their edits: what is "
            "compared with is learned without them. Edits applied from now on are kept."
        )
    return history, outcomes, held


def _passphrase(*, confirm: bool = False) -> str:
    known = os.environ.get("LEADQUAL_PASSPHRASE")
    if known is not None:
        return known
    asked = click.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm, default="", show_default=False)
    return str(asked)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
