"""``leadqual pick``: which open leads sales work: the best by points, and a few drawn at random, all of it recorded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from leadqual.cli.feedback import store_option
from leadqual.cli.given_columns import partial_option, tell_given, tell_unlike
from leadqual.cli.options import json_option, need_packages, part, reading_options

if TYPE_CHECKING:
    from leadqual.retraining import Pick

__all__ = ["command"]

_FILE = click.Path(path_type=Path)


@click.command("pick", short_help="The open leads that sales work: the best, and a few drawn at random.")
@click.argument("bundle", type=_FILE)
@click.argument("leads", type=_FILE)
@click.option("--schema", type=_FILE, help="The schema of LEADS, which says which of them are closed, and how old.")
@click.option(
    "--capacity", type=click.IntRange(min=0),
    help="How many leads sales can work; the policy's share of those that came since the last pick if left out.",
)  # fmt: skip
@click.option(
    "--explore", callback=part, metavar="SHARE",
    help="Share of the capacity that is drawn at random, whatever the scores say; the policy's if left out.",
)  # fmt: skip
@click.option(
    "--out", required=True, type=_FILE,
    help="Where the list goes (CSV); text that a spreadsheet would run has an apostrophe in front.",
)  # fmt: skip
@click.option(
    "--carry", multiple=True, metavar="COLUMN", help="A column of LEADS that the list shows, too; repeatable."
)
@click.option("--show-scores", is_flag=True, help="Show grade, points and probability, which tell who was drawn.")
@click.option("--recycled", is_flag=True, help="Leads that sales gave back may be handed out again.")
@click.option("--id", "id_field", help="The column with the leads' ids; the bundle's if left out.")
@click.option("--at", "at", metavar="TIME", help="When they are scored and handed out; now if left out.")
@click.option("--seed", required=True, type=click.IntRange(min=0), help="Of the draw; another one each time.")
@partial_option
@store_option
@reading_options
@json_option
def command(
    bundle: Path, leads: Path, schema: Path | None, capacity: int | None, explore: float | None, out: Path,
    carry: tuple[str, ...], show_scores: bool, recycled: bool, id_field: str | None, at: str | None, seed: int,
    partial: bool, store: str, encoding: str | None, sheet: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Score LEADS with BUNDLE, pick the open ones that sales work, and record scores in the feedback ledger.

    Leads that ended or were handed out before, as the ledger knows, are left out; with --schema also those that LEADS
    calls closed, and those whose window has passed. A small share of the capacity is drawn at random from the leads
    that came since the last pick, before anyone looks at the scores, and logged with the chance of being drawn; how
    large it is, is part of the policy that both teams sign. Leads that nobody works look lost, so only such leads say
    what all leads are worth: calibration, monitoring and promotion are judged on them. The list holds id, deadline,
    hours to follow up and what speaks for each lead, in an order that does not tell which were drawn.
    """
    need_packages("the feedback ledger", "feedback", "alembic")
    if out.is_dir():
        raise click.UsageError(f"{out} is a folder, the list must be a file; name one with --out.")
    from leadqual.bundle import Bundle
    from leadqual.cli import console
    from leadqual.cli.feedback import time_now
    from leadqual.cli.whole_file import whole_file
    from leadqual.errors import FeedbackError
    from leadqual.feedback import FeedbackStore
    from leadqual.leads import Schema
    from leadqual.retraining import pick_leads
    from leadqual.scorer.given_fields import FieldKeys
    from leadqual.scorer.spreadsheet_cells import safe_table
    from leadqual.tables.sources import read_source

    known = None if schema is None else Schema.read(schema)
    if known is not None:
        encoding, sheet = encoding or known.encoding, sheet or known.sheet
    loaded, now = Bundle.load(bundle), time_now()
    source = read_source(leads, encoding=encoding, sheet=sheet)
    tell_given(FieldKeys(loaded.points_table).require_most(source.table.columns, partial=partial))
    with FeedbackStore(store) as book:
        found = pick_leads(
            loaded, source.table, book, at=at or now, aged_at=at, seed=seed, id_field=id_field,
            schema=known, capacity=capacity, explore=explore, carry=carry,
            show_scores=show_scores, recycled=recycled,
        )  # fmt: skip
        if out.exists() and not len(found.leads):
            raise FeedbackError(
                f"no lead was picked ({found.open:,} are open, {found.fresh:,} of them new), and {out} holds an "
                "earlier list, which stays as it is; pick when leads have come, pass --capacity to work "
                "open leads that wait, or name another file."
            )
        with whole_file(out) as path:
            safe_table(found.leads).to_csv(path, index=False)
            new = book.append(found.events, known_at=now)
    tell_unlike(found.strange)
    if as_json:
        told = {"out": str(out), "leads": found.rows, "open": found.open, "fresh": found.fresh, "new": new}
        told |= {"rank": found.rank, "random": found.random, "capacity": found.capacity}
        told |= {"propensity": found.propensity, "left_out": dict(found.left_out)}
        console.as_json(told | {"notes": [*source.notes, *found.notes]})
        return
    click.echo(_told(found, out))
    console.remarks([*source.notes, *found.notes])


def _told(found: Pick, out: Path) -> str:
    from leadqual.errors import counted

    chance = f" (each with a chance of {100 * found.propensity:.1f}%)" if found.random else ""
    lines = [f"{counted(found.rows, 'row')}: {counted(found.open, 'open lead')}, {found.fresh:,} of them new."]
    lines += [f"  left out: {counted(count, 'row')} {why}" for why, count in found.left_out.items()]
    lines.append(f"{found.rank:,} picked by rank and {found.random:,} drawn at random{chance}, into {out}.")
    return "\n".join(lines)
