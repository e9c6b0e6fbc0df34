"""``leadqual review``: the page that both teams open."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from leadqual.cli.agreement import held_history, history_options, ledger_option
from leadqual.cli.options import language_option, need_packages

if TYPE_CHECKING:
    from leadqual.agreement import Ledger
    from leadqual.bundle import Bundle

__all__ = ["command"]

_MAX_LEADS = 10_000


def _addresses(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Read addresses and networks; a name or * would let whoever comes under it claim any address."""
    import ipaddress

    found = []
    for value in values:
        try:
            network = ipaddress.ip_network(value.strip(), strict=False)
        except ValueError:
            raise click.BadParameter(
                f"{value!r} is no IP address or network; write it as 10.1.2.3 or 10.0.0.0/8.", ctx, parameter
            ) from None
        found.append(str(network.network_address if network.num_addresses == 1 else network))
    return tuple(found)


@click.group("review", short_help="The page that both teams open: weights, sliders, and what edits cost.")
def command() -> None:
    """Look at the weights together, try what you think is right, and see at once what it costs or gains."""


@command.command("export")
@click.argument("bundle", type=click.Path(path_type=Path))
@history_options
@click.option("--html", "out", type=click.Path(path_type=Path), help="Where the page goes.")
@click.option("--xlsx", type=click.Path(path_type=Path), help="Where the workbook goes, for teams with spreadsheets.")
@language_option
def export(bundle: Path, out: Path | None, xlsx: Path | None, language: str, **history: Any) -> None:
    """Write the review page of BUNDLE as one file, which opens from disk without a network, or as a workbook, or both.

    The page carries at most 10,000 earlier and 10,000 later leads, as band numbers and outcomes: nothing that tells who
    they are. The workbook carries no leads; what it proposes comes back with leadqual review import.
    """
    if out is None and xlsx is None:
        raise click.UsageError("there is nothing to write; name a file with --html, --xlsx or both.")
    if xlsx is not None and xlsx.suffix.lower() != ".xlsx":
        raise click.UsageError(f"{xlsx} must be named .xlsx, or spreadsheets do not open it; name it so.")
    if xlsx is not None:
        need_packages("the workbook", "review", "openpyxl", "jinja2")
    need_packages("the review page", "agreement", "jinja2")
    from leadqual.agreement import explain_weights, thinned
    from leadqual.audit import audit_leads
    from leadqual.bundle import Bundle
    from leadqual.cli import console
    from leadqual.review import page_data, review_page

    loaded = Bundle.load(bundle)
    leads, outcomes, held = held_history(loaded, **history)
    with console.progress() as progress:
        progress("measuring what each field adds", 0, 0)
        audit = audit_leads(leads, outcomes)
        weights = explain_weights(loaded, held, audit=audit)
    if out is not None:
        page = review_page(page_data(loaded, thinned(held, _MAX_LEADS), weights, audit=audit), language=language)
        out.write_text(page, "utf-8")
        click.echo(f"Wrote {out} ({console.file_size(out)}). Open it in a browser; it needs no network.")
    if xlsx is not None:
        from leadqual.review.workbook import workbook

        workbook(loaded, weights, xlsx)
        click.echo(f"Wrote {xlsx} ({console.file_size(xlsx)}). Fill in what is yellow, then leadqual review import.")


@command.command("import")
@click.argument("workbook", type=click.Path(path_type=Path))
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Where the proposal goes.")
def import_command(workbook: Path, bundle: Path, out: Path) -> None:
    """Make a proposal of what WORKBOOK, an export of BUNDLE, proposes, or name each cell that cannot be read."""
    need_packages("the workbook", "review", "openpyxl", "jinja2")
    from leadqual.bundle import Bundle
    from leadqual.review.returned_workbook import read_workbook

    proposal = read_workbook(workbook, Bundle.load(bundle))
    proposal.save(out)
    for edit in proposal.edits:
        click.echo(f"{edit.change}{f' ({edit.reason})' if edit.reason else ''}")
    count = "1 edit" if len(proposal.edits) == 1 else f"{len(proposal.edits)} edits"
    click.echo(f"Wrote {out} with {count}. See what they cost with leadqual agreement price.")


@command.command("invite")
@click.option("--name", required=True, help="Who may come.")
@click.option("--role", required=True, help="marketing or sales (or who else must sign), viewer or seller (who read).")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 366), help="How long the link opens it.")
@click.option("--at", "address", default="http://127.0.0.1:8765", show_default=True, help="Where the review is served.")
@ledger_option
def invite_command(name: str, role: str, days: int, address: str, ledger: str) -> None:
    """Let someone come to a served review: prints a link that is theirs alone, and is kept nowhere."""
    need_packages("the served review", "review", "starlette", "uvicorn", "jinja2")
    from leadqual.agreement import READING_ROLES, Ledger
    from leadqual.web.invitations import invite

    secret = invite(Ledger(ledger), name=name, role=role, at=_now(), days=days)
    click.echo(f"{address.rstrip('/')}/enter#{secret}")
    does = "reads as a" if role.strip().casefold() in READING_ROLES else "speaks for"
    click.echo(f"note Give it to {name} alone: whoever has it {does} {role}.", err=True)


@command.command("revoke")
@click.option("--name", required=True, help="Whose links end.")
@ledger_option
def revoke_command(name: str, ledger: str) -> None:
    """End all links of one person, at once also where they are signed in."""
    need_packages("the served review", "review", "starlette", "uvicorn", "jinja2")
    from leadqual.agreement import Ledger
    from leadqual.errors import counted
    from leadqual.web.invitations import revoke

    click.echo(f"Ended {counted(revoke(Ledger(ledger), name=name, at=_now()), 'link')}.")


@command.command("serve")
@click.argument("bundle", type=click.Path(path_type=Path))
@history_options
@ledger_option
@click.option("--out", type=click.Path(path_type=Path), help="The settled bundle; BUNDLE.agreed.json if left out.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen: this machine alone.")
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65535))
@click.option("--name", "names", multiple=True, help="A host name under which people reach it.")
@click.option("--certificate", type=click.Path(path_type=Path, exists=True), help="For https: the certificate (PEM).")
@click.option("--certificate-key", type=click.Path(path_type=Path, exists=True), help="For https: its key (PEM).")
@click.option(
    "--trusted-proxy",
    "proxies",
    multiple=True,
    metavar="ADDRESS",
    callback=_addresses,
    help="The address (or network, 10.0.0.0/8) of a proxy in front, whose word on who the client is counts.",
)
@language_option
def serve(
    bundle: Path,
    ledger: str,
    out: Path | None,
    host: str,
    port: int,
    names: tuple[str, ...],
    certificate: Path | None,
    certificate_key: Path | None,
    proxies: tuple[str, ...],
    language: str,
    **history: Any,
) -> None:
    """Serve the review page of BUNDLE to the people who were invited, until it is stopped.

    What they propose, say and sign goes to the ledger. A bundle they settle on goes to OUT, with their signatures;
    where OUT is there already and came from BUNDLE, the review goes on with it.
    """
    need_packages("the served review", "review", "starlette", "uvicorn", "jinja2")
    import time

    import uvicorn

    from leadqual.agreement import Ledger, explain_weights, thinned
    from leadqual.audit import audit_leads
    from leadqual.bundle import Bundle
    from leadqual.cli import console
    from leadqual.review import page_data
    from leadqual.web.connections import limited_protocol
    from leadqual.web.room import Prepared, Room
    from leadqual.web.service import review_app

    def prepare(of: Bundle) -> Prepared:
        leads, outcomes, held = held_history(of, **history)
        audit = audit_leads(leads, outcomes)
        weights = explain_weights(of, held, audit=audit)
        return held, page_data(of, thinned(held, _MAX_LEADS), weights, audit=audit)

    target = out or bundle.with_name(f"{bundle.stem}.agreed.json")
    book = Ledger(ledger)
    current = _continued(Bundle.load(bundle), book, target)
    with console.progress() as progress:
        progress("measuring what each field adds", 0, 0)
        room = Room(current, book, prepare, out=target, at=_now())
    local = host in ("127.0.0.1", "localhost", "::1")
    if not local and certificate is None:
        console.remark("Without a certificate whoever can listen on the network can read along; use https.")
    hosts = [*names, *(() if host in ("0.0.0.0", "::") else (host,)), "127.0.0.1", "localhost"]  # noqa: S104  # compared
    app = review_app(
        room,
        now=lambda: datetime.now(UTC),
        clock=time.monotonic,
        hosts=hosts,
        language=language,
        secure=certificate is not None,
    )
    click.echo(f"The review is at {'http' if certificate is None else 'https'}://{host}:{port}; stop it with Ctrl+C.")
    click.echo("Let people in with leadqual review invite --name NAME --role ROLE.", err=True)
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        # without a proxy that is named here, anybody could claim any address
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        http=limited_protocol(unlimited=proxies),
        ws="none",
        ssl_certfile=certificate,
        ssl_keyfile=certificate_key,
    )


def _continued(bundle: Bundle, book: Ledger, out: Path) -> Bundle:
    """Return what a review of the bundle left, or the bundle where there was none."""
    from leadqual.bundle import Bundle
    from leadqual.errors import AgreementError

    if not out.exists():
        return bundle
    left = Bundle.load(out)
    parents = {entry.content["digest"]: entry.content["parent"] for entry in book.entries("bundle")}
    digest: str | None = left.digest
    while digest is not None:
        if digest == bundle.digest:
            return left
        digest = parents.get(digest)
    raise AgreementError(f"{out} is there and did not come from this bundle; name another file with --out.")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
