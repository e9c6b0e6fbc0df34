"""``leadqual audit``: what would make a score look better than it is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from leadqual.cli.options import as_of_option, is_database, json_option, query_option, reading_options, window_option

__all__ = ["command"]


@click.command("audit", short_help="Find fields that know the outcome, and whatever else a score would trip over.")
@click.argument("leads")
@click.option(
    "--schema",
    type=click.Path(path_type=Path),
    help="What the columns are, as init wrote it; LEADS as .toml when left out.",
)
@window_option
@as_of_option
@reading_options
@query_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    leads: str,
    schema: Path | None,
    window: int,
    as_of: datetime | None,
    encoding: str | None,
    sheet: str | None,
    query: str | None,
    as_json: bool,
) -> None:
    """Look for what would make a score look better than it is, or should not be scored.

    LEADS is a CSV or Parquet file or an Excel workbook, - for a stream, or a database URL with --query. Exit code 1
    says that something is certain or likely: a field that train would leave out, or too few wins to learn from.
    Findings that only want a look do not change it.
    """
    from leadqual.audit import audit_leads
    from leadqual.cli import console
    from leadqual.leads import Schema, label_outcomes, read_leads
    from leadqual.reports.audit_plain import audit_plain
    from leadqual.reports.audit_terminal import show_audit

    if (leads == "-" or is_database(leads)) and schema is None:
        raise click.UsageError("LEADS is no file that a schema could stand beside; name one with --schema.")
    described = Schema.read(schema or Path(leads).with_suffix(".toml"))
    with console.progress() as progress:
        progress("reading leads", 0, 0)
        history = read_leads(leads, described, query=query, encoding=encoding, sheet=sheet)
        progress("auditing", 0, 0)
        audit = audit_leads(
            history, label_outcomes(history, window_days=window, as_of=None if as_of is None else as_of.date())
        )
    console.remarks(history.notes)
    if as_json:
        console.as_json(audit_plain(audit))
    else:
        show_audit(console.console(), audit)
    ctx.exit(0 if audit.passed else 1)
