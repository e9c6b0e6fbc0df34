"""``leadqual init``: the schema of an export, inferred, for people to edit."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from leadqual.cli.options import is_database, json_option, new_file, query_option, reading_options, source_name

__all__ = ["command"]


def _roles(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    roles = {}
    for value in values:
        role, equals, column = value.partition("=")
        if not (role and equals):
            raise click.BadParameter("write it as ROLE=COLUMN, such as created_at='Create Date'.", ctx, parameter)
        roles[role.strip()] = column
    return roles


@click.command("init", short_help="Write the schema of an export: what each column is, and why.")
@click.argument("leads")
@click.option("--out", type=click.Path(path_type=Path), help="Where to write; beside LEADS, as .toml, when left out.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    callback=_roles,
    metavar="ROLE=COLUMN",
    help="Say a role yourself, as often as needed; won=Yes, lost=No and open=New say values of the outcome, "
    "decimal=, and day_first=true how numbers and dates are read.",
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@reading_options
@query_option
@json_option
def command(
    leads: str, out: Path | None, roles: dict[str, str], force: bool, encoding: str | None, sheet: str | None,
    query: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Write the schema of the export LEADS: what each column is, and why.

    LEADS is a CSV or Parquet file or an Excel workbook, - for a stream, or a database URL with --query. The roles are
    outcome, id, created_at, closed_at, order, value, owner and deleted (a mark of deleted or merged records);
    repeats=first or repeats=last keeps one row of a lead in several, created_after=DATE leaves older leads out, and
    imported=keep keeps customers that were imported as leads. Where several columns could play a role, or dates or
    numbers can be read in two ways, nothing is written and the message says how to choose with --role. Look at the
    schema and edit it before you train.
    """
    from leadqual.cli import console
    from leadqual.cli.whole_file import whole_file
    from leadqual.inference import infer_schema
    from leadqual.reports.schema_terminal import ROLES, show_schema

    named = "leads" if leads == "-" or is_database(leads) else leads
    path = out or Path(named).with_suffix(".toml")
    new_file(path, force=force)
    inferred = infer_schema(leads, roles=roles, query=query, encoding=encoding, sheet=sheet)
    with whole_file(path) as unfinished:
        unfinished.write_text(inferred.to_toml(), encoding="utf-8", newline="\n")
    schema = inferred.schema
    if as_json:
        what = {role: getattr(schema, role) for role in (*ROLES, "won", "lost", "open")}
        features = [asdict(feature) for feature in schema.features]
        left_out = [column.name for column in inferred.left_out]
        console.as_json(
            {"schema": str(path), **what, "features": features, "left_out": left_out, "why": dict(inferred.why)}
            | {"notes": list(inferred.notes)}
        )
        return
    show_schema(console.console(), inferred)
    again = source_name(leads) if is_database(leads) else leads
    click.echo(f"Wrote {path}. Look at it, above all at when each field is known. Then:")
    click.echo(f"  {console.program()} train {again} --schema {path} --out models/{path.stem}.json")
