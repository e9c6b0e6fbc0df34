"""``leadqual handoff``: give picked leads to sellers with a deadline, and list what each has."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from leadqual.cli.feedback import store_option
from leadqual.cli.given_columns import partial_option, tell_given, tell_unlike
from leadqual.cli.options import json_option, known_as_of_option, need_packages, part, reading_options

if TYPE_CHECKING:
    from leadqual.handoff import QueuedLead

__all__ = ["command"]

_FILE = click.Path(path_type=Path)
_COLUMNS = ("lead", "owner", "due", "overdue", "overdue_hours", "state", "grade", "points", "probability")
_team_option = click.option("--team", required=True, type=_FILE, help="TOML file: sellers, hours, rules.")


@click.group("handoff", short_help="Which seller has which lead, and by when they must follow up.")
def command() -> None:
    """Give picked leads to sellers with a deadline in working time, and list what each has."""


@command.command("example")
def example_command() -> None:
    """Print a team's file to begin with: sellers, hours, holidays, rules and escalation, each with a comment."""
    from leadqual.handoff.team_toml import EXAMPLE

    click.echo(EXAMPLE, nl=False)


@command.command("check")
@click.argument("team", type=_FILE)
@json_option
def check_command(team: Path, as_json: bool) -> None:
    """Read the file TEAM and say what is in it, or the first contradiction."""
    from leadqual.cli import console
    from leadqual.errors import counted
    from leadqual.handoff import read_team

    found = read_team(team)
    told: dict[str, Any] = {
        "teams": {one.team: one.zone for one in found.hours},
        "sellers": len(found.sellers),
        "weekly_capacity": sum(one.weekly_capacity for one in found.sellers),
        "rules": len(found.rules),
        "fields": list(found.field_names),
    }
    if as_json:
        console.as_json(told)
        return
    zones = ", ".join(f"{name} ({zone})" for name, zone in told["teams"].items())
    click.echo(f"Teams: {zones}.")
    capacity, rules = counted(told["weekly_capacity"], "lead"), counted(told["rules"], "rule")
    click.echo(f"{counted(told['sellers'], 'seller')} can take {capacity} a week; {rules}.")


@command.command("run")
@click.argument("bundle", type=_FILE)
@click.argument("leads", type=_FILE)
@_team_option
@click.option("--schema", type=_FILE, help="The schema of LEADS, which says which of them are closed, and how old.")
@click.option(
    "--capacity",
    type=click.IntRange(min=0),
    help="How many to pick in each run; the policy's share if left out.",
)
@click.option("--explore", callback=part, metavar="SHARE", help="Share that is drawn; the policy's if left out.")
@click.option("--recycled", is_flag=True, help="Leads that sales gave back may be handed out again.")
@click.option("--id", "id_field", help="The column with the leads' ids; the bundle's if left out.")
@click.option("--seed", required=True, type=click.IntRange(min=0), help="Of the draw and of ties.")
@known_as_of_option()
@partial_option
@store_option
@reading_options
@json_option
def run_command(
    bundle: Path, leads: Path, team: Path, schema: Path | None, capacity: int | None, explore: float | None,
    recycled: bool, id_field: str | None, seed: int, as_of: str | None, partial: bool, store: str,
    encoding: str | None, sheet: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Score LEADS with BUNDLE, pick, give to sellers, escalate what is overdue, take back what is too long.

    Made to be run by cron: what was done stays done, and is in the feedback ledger. Hours are working hours of the
    seller's team. Leads in the pool that LEADS does not have stay there, and are counted.
    """
    need_packages("the feedback ledger", "feedback", "alembic")
    from leadqual.bundle import Bundle
    from leadqual.cli import console
    from leadqual.cli.feedback import time_now
    from leadqual.feedback import FeedbackStore
    from leadqual.handoff import read_team
    from leadqual.leads import Schema
    from leadqual.retraining import pick_and_hand_over
    from leadqual.tables.sources import read_source

    loaded, sellers = Bundle.load(bundle), read_team(team)
    known = None if schema is None else Schema.read(schema)
    if known is not None:
        encoding, sheet = encoding or known.encoding, sheet or known.sheet
    source = read_source(leads, encoding=encoding, sheet=sheet)
    with FeedbackStore(store) as book:
        done = pick_and_hand_over(
            loaded, source.table, book, sellers, at=as_of or time_now(), aged_at=as_of, seed=seed, id_field=id_field,
            schema=known, capacity=capacity, explore=explore, recycled=recycled, partial=partial,
        )  # fmt: skip
    tell_given(done.given)
    tell_unlike(done.pick.strange)
    console.remarks([*source.notes, *done.pick.notes])
    found = done.hand_over
    told: dict[str, Any] = {
        "picked": done.pick.rank + done.pick.random,
        "assigned": len(found.assignment.assigned),
        "unassigned": dict(done.unassigned),
    }
    told |= {name: len(getattr(found, name)) for name in ("escalated", "returned", "ownerless", "not_given")}
    if as_json:
        console.as_json(told | {"loads": [asdict(one) for one in found.assignment.loads]})
        return
    click.echo(f"{told['picked']:,} picked, {told['assigned']:,} given to sellers, {told['escalated']:,} escalated, "
               f"{told['returned']:,} taken back.")  # fmt: skip
    for reason, count in done.unassigned.items():
        click.echo(f"  in the pool: {count:,} ({reason})")
    if found.not_given:
        click.echo(f"  in the pool: {len(found.not_given):,} that LEADS does not have")
    if found.ownerless:
        click.echo(f"  {len(found.ownerless):,} have a seller who is not in the team; give them to somebody.")


@command.command("queue")
@_team_option
@click.option("--seller", metavar="ID", help="Whose list; everybody's if left out.")
@click.option("--bundle", type=_FILE, help="What scored the leads, to say what speaks for each.")
@known_as_of_option()
@click.option("--out", type=_FILE, help="Write the list as CSV here instead.")
@store_option
@json_option
def queue_command(
    team: Path, seller: str | None, bundle: Path | None, as_of: str | None, out: Path | None, store: str, as_json: bool
) -> None:
    """List the leads that sellers have, the earliest deadline first, as CSV."""
    need_packages("the feedback ledger", "feedback", "alembic")
    from leadqual.bundle import Bundle
    from leadqual.cli import console
    from leadqual.cli.feedback import opened_store, time_now
    from leadqual.cli.whole_file import whole_file
    from leadqual.errors import HandoffError
    from leadqual.handoff import episodes, queue, read_team

    sellers, loaded = read_team(team), None if bundle is None else Bundle.load(bundle)
    if seller is not None and sellers.seller(seller) is None:
        raise HandoffError("--seller names nobody in the team, it must name one of its sellers; correct the id.")
    with opened_store(store) as book:
        found = queue(
            episodes(book.events(), as_of=as_of or time_now(), team=sellers), sellers, seller=seller, bundle=loaded
        )
    rows = [_row(one) for one in found]
    if as_json:
        console.as_json({"leads": rows})
    elif out is not None:
        with whole_file(out) as path:
            path.write_text(_as_csv(rows), "utf-8")
        click.echo(f"Wrote {len(rows):,} leads to {out}.", err=True)
    else:
        click.echo(_as_csv(rows), nl=False)


def _row(one: QueuedLead) -> dict[str, Any]:
    said = {name: getattr(one, name) for name in _COLUMNS}
    return said | {"reasons": "; ".join(f"{why.field}: {why.band}" for why in one.reasons), "link": one.link}


def _as_csv(rows: list[dict[str, Any]]) -> str:
    from leadqual.scorer.spreadsheet_cells import safe_cell

    text = io.StringIO()
    writer = csv.DictWriter(text, (*_COLUMNS, "reasons", "link"), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: safe_cell(one) if isinstance(one, str) else one for name, one in row.items()})
    return text.getvalue()
