"""``leadqual feedback``: what was scored, what sales did, and how it ended."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from leadqual.cli.given_columns import partial_option, tell_given
from leadqual.cli.options import json_option, known_as_of_option, need_packages, reading_options

if TYPE_CHECKING:
    pass

__all__ = ["command", "opened_store", "scored_history", "store_option", "time_now"]

_FILE = click.Path(path_type=Path)
store_option = click.option(
    "--store", default="feedback.db", show_default=True, metavar="URL", help="The ledger: an SQLite file or a URL."
)


@click.group("feedback", short_help="What was scored, what sales did with it, and how it ended.")
def command() -> None:
    """Keep what was scored, what sales did with it, and how it ended: what monitoring and retraining learn from."""
    need_packages("the feedback ledger", "feedback", "alembic")


@command.command("record")
@click.argument("bundle", type=_FILE)
@click.argument("leads", type=_FILE)
@click.option("--id", "id_field", help="The column with the leads' ids; the bundle's if left out.")
@click.option(
    "--picked", type=click.Choice(["rank", "random", "override", "none"]), help="Why sales got them; none if left out."
)
@click.option("--picked-column", metavar="NAME", help="The column that says so of each lead, instead.")
@click.option(
    "--propensity",
    type=click.FloatRange(0, 1, min_open=True),
    help="The chance with which they were drawn, which --picked random needs.",
)
@click.option("--propensity-column", metavar="NAME", help="The column that says so of each lead, instead.")
@click.option("--at", "at", metavar="TIME", help="When they were scored; now if left out.")
@partial_option
@reading_options
@store_option
def record(
    bundle: Path, leads: Path, id_field: str | None, picked: str | None, picked_column: str | None,
    propensity: float | None, propensity_column: str | None, at: str | None, partial: bool, encoding: str | None,
    sheet: str | None, store: str,
) -> None:  # fmt: skip
    """Score LEADS with BUNDLE and record the scores, with the bands used and nothing else about the leads."""
    from leadqual.bundle import Bundle
    from leadqual.cli import console
    from leadqual.errors import counted
    from leadqual.feedback import FeedbackStore, record_scores
    from leadqual.tables.sources import read_source

    if None not in (picked, picked_column) or None not in (propensity, propensity_column):
        raise click.UsageError("an option and its column say the same; pass one of them.")
    loaded, source = Bundle.load(bundle), read_source(leads, encoding=encoding, sheet=sheet)
    console.remarks(source.notes)
    with FeedbackStore(store) as book:
        found = record_scores(
            book, loaded, source.table, known_at=time_now(), at=at, id_field=id_field,
            picked="" if picked == "none" else picked or "", picked_column=picked_column, propensity=propensity,
            propensity_column=propensity_column, partial=partial,
        )  # fmt: skip
    tell_given(found.given)
    click.echo(f"{counted(found.leads, 'lead')} scored, {found.new:,} of the scores new.")


@command.command("import")
@click.argument("file", type=_FILE)
@click.option(
    "--mapping",
    "mappings",
    multiple=True,
    required=True,
    metavar="NAME=COLUMN",
    help="What a column says, such as lead=Id, outcome=Stage, won=Closed Won|Gewonnen; or a TOML file of them.",
)
@click.option(
    "--reasons-as-other",
    is_flag=True,
    help='Have reasons that the mapping does not list, or that look like free text, become "other".',
)
@click.option(
    "--lost-at",
    metavar="known|COLUMN",
    help="When leads were lost whose loss has no date: known, when the export was made, or the column that says it.",
)
@click.option(
    "--known-at", metavar="TIME", help="When the export was made, which must be said of an old one; now if left out."
)
@click.option("--newest", is_flag=True, help="The export is newer than all imported before, though it may not look so.")
@reading_options
@store_option
@json_option
def import_command(
    file: Path, mappings: tuple[str, ...], reasons_as_other: bool, lost_at: str | None, known_at: str | None,
    newest: bool, encoding: str | None, sheet: str | None, store: str, as_json: bool,
) -> None:  # fmt: skip
    """Take follow-up and outcomes from a CRM's export FILE; importing it again changes nothing.

    FILE is a CSV or Parquet file or an Excel workbook. How it is read is said in the mapping as in a schema, in
    [reading] or as NAME=VALUE: day_first, decimal, thousands, missing_values, encoding and sheet.

    Reasons are kept where they seem to be chosen from a list (few different ones, no sentences), or where the mapping
    lists them (reasons); free text is not kept. A lead that had ended and is open in FILE is recorded as reopened.
    """
    from dataclasses import asdict, replace

    from leadqual.cli import console
    from leadqual.errors import counted
    from leadqual.feedback import FeedbackColumns, FeedbackStore, import_events
    from leadqual.tables.sources import read_source

    columns = FeedbackColumns.from_mapping(
        _mapping(mappings)
        | ({"reasons_as_other": True} if reasons_as_other else {})
        | ({"lost_at": lost_at} if lost_at is not None else {})
    )
    source = read_source(file, encoding=encoding or columns.encoding, sheet=sheet or columns.sheet)
    with FeedbackStore(store) as book:
        found = import_events(book, source.table, columns, known_at=known_at or time_now(), newest=newest)
    found = replace(found, notes=(*source.notes, *found.notes))
    if as_json:
        console.as_json(asdict(found))
        return
    click.echo(f"{counted(found.rows, 'row')}, {counted(found.events, 'event')}, {found.new:,} of them new.")
    refused = (
        f"{counted(count, 'row')} with {why} {'was' if count == 1 else 'were'} left out."
        for why, count in found.refused.items()
    )
    console.remarks([*found.notes, *refused, *([found.doubt] if found.doubt else [])])


@command.command("merge-ids")
@click.argument("file", type=_FILE)
@click.option("--was", required=True, metavar="COLUMN", help="The column of ids that went, such as Id.")
@click.option("--into", required=True, metavar="COLUMN", help="The column of ids that stand now: MasterRecordId, say.")
@click.option("--known-at", metavar="TIME", help="When that became known; now if left out.")
@store_option
@json_option
def merge_ids_command(file: Path, was: str, into: str, known_at: str | None, store: str, as_json: bool) -> None:
    """Tell the ledger which ids changed (merged, converted), so that both are one lead; again changes nothing."""
    from dataclasses import asdict

    from leadqual.cli import console
    from leadqual.errors import counted
    from leadqual.feedback import merge_ids
    from leadqual.tables.sources import read_source

    source = read_source(file)
    with opened_store(store) as book:
        found = merge_ids(book, source.table, was=was, into=into, known_at=known_at or time_now())
    if as_json:
        console.as_json(asdict(found))
        return
    click.echo(f"{counted(found.rows, 'row')}, {counted(found.pairs, 'id')} that changed, {found.new:,} of them new.")
    console.remarks([*source.notes, *found.notes])


@command.command("status")
@store_option
@click.option("--bundle", type=_FILE, help="Whose follow-up deadlines count.")
@known_as_of_option()
@json_option
def status(store: str, bundle: Path | None, as_of: str | None, as_json: bool) -> None:
    """Show how many leads were scored, worked, accepted, won, and what is overdue."""
    from dataclasses import asdict

    from leadqual.bundle import Bundle
    from leadqual.cli import console
    from leadqual.feedback import FeedbackStore, feedback_history, feedback_status
    from leadqual.reports.feedback_terminal import show_feedback

    at = as_of or time_now()
    with FeedbackStore(_there(store)) as book:
        history = feedback_history(book.events(as_of=at), as_of=at)
    found = feedback_status(history, as_of=at, policy=None if bundle is None else Bundle.load(bundle).policy)
    if as_json:
        console.as_json(asdict(found))
    else:
        show_feedback(console.console(), found)


@command.command("forget")
@click.argument("lead")
@click.option("--unseen", is_flag=True, help="Also where the ledger has no events of LEAD: it is kept out from now on.")
@store_option
def forget(lead: str, unseen: bool, store: str) -> None:
    """Erase one person from the ledger; counts stay right, and a later import does not bring them back.

    Copies are not reached: backups of the ledger, exports of the CRM, and *.refused files beside an app's journals;
    delete what they hold of the person, too. An event that still lies in an app's journal is left out when it comes.
    """
    from leadqual.errors import counted

    with opened_store(store) as book:
        erased = book.forget(lead, at=time_now(), unseen=unseen)
    has = "has" if erased == 1 else "have"
    click.echo(f"{counted(erased, 'event')} {has} no name any more." if erased else "The lead is kept out from now on.")


@command.command("replay")
@click.argument("bundle", type=_FILE)
@store_option
@click.pass_context
def replay_command(ctx: click.Context, bundle: Path, store: str) -> None:
    """Compute every past score of BUNDLE again; exit code 1 where one differs."""
    from leadqual.bundle import Bundle
    from leadqual.errors import counted
    from leadqual.feedback import replay

    loaded = Bundle.load(bundle)
    with opened_store(store) as book:
        mine = [event for event in book.events(kinds=["scored"]) if event.content.get("bundle") == loaded.digest]
    whole = [event for event in mine if "codes" in event.content]
    wrong = sum(not replay(event, loaded).agrees for event in whole)
    click.echo(
        f"{counted(len(whole), 'score')} computed again, {wrong:,} differ; {len(mine) - len(whole):,} are of forgotten "
        "people."
    )
    ctx.exit(1 if wrong else 0)


def _mapping(pairs: tuple[str, ...]) -> dict[str, Any]:
    import tomllib

    from leadqual.errors import FeedbackError

    found: dict[str, Any] = {}
    for one in pairs:
        name, equals, column = one.partition("=")
        if equals:
            found[name.strip()] = column.strip()
            continue
        try:
            found |= tomllib.loads(Path(one).read_text("utf-8-sig"))
        except (OSError, ValueError) as error:
            raise FeedbackError(
                f"a mapping must be NAME=COLUMN or a TOML file, one is neither ({type(error).__name__}); correct it."
            ) from None
    return found


def _there(url: str) -> str:
    from leadqual.errors import FeedbackError

    path = url.partition("?")[0].removeprefix("sqlite:///")
    if "://" not in path and not Path(path).exists():
        raise FeedbackError(f"there is no feedback ledger {path}; record scores first, or name one with --store.")
    return url


def opened_store(url: str) -> Any:
    """Open a feedback ledger that is there."""
    from leadqual.feedback import FeedbackStore

    return FeedbackStore(_there(url))


def scored_history(store: str, *, as_of: str, bundle: str | None = None) -> Any:
    """Return the history of a ledger, or refuse where it holds no score: nothing said of no lead would be true.

    Parameters
    ----------
    store
        The ledger.
    as_of
        As it was known then.
    bundle
        Digest of the bundle whose scores count; None: those of any.

    Raises
    ------
    FeedbackError
        When no lead had been scored, or none by that bundle.
    """
    from leadqual.errors import FeedbackError
    from leadqual.feedback import feedback_history

    with opened_store(store) as book:
        history = feedback_history(book.events(as_of=as_of), as_of=as_of, bundle=bundle)
        if len(history):
            return history
        others = len(feedback_history(book.events(kinds=["scored"], as_of=as_of), as_of=as_of))
        ever = [event.known_at or event.at for event in book.events(kinds=["scored"])]
    if others:
        raise FeedbackError(
            f"the ledger knows {others} scored leads by {as_of}, none of them scored by this bundle; name the bundle "
            "that scored them."
        )
    if ever:
        raise FeedbackError(
            f"the ledger knows no score by {as_of}, its first became known at {min(ever)[:19]}; pass a later --as-of."
        )
    raise FeedbackError("the ledger holds no scores; record some with leadqual feedback record or pick first.")


def time_now() -> str:
    """Return the time, as ledgers hold it."""
    return datetime.now(UTC).isoformat(timespec="seconds")
