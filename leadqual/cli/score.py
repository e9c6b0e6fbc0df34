"""``leadqual score``: leads in, points, probability, grade and reasons out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from leadqual.cli.given_columns import partial_option
from leadqual.cli.options import json_option, reading_options

if TYPE_CHECKING:
    from leadqual.cli.scored_file import ScoredFile

__all__ = ["command"]


@click.command("score", short_help="Score leads: points, probability, grade and reasons.")
@click.argument("bundle", type=click.Path())
@click.argument("leads", type=click.Path(allow_dash=True))
@click.option("--out", required=True, help="A .csv or .parquet file, or - for CSV on standard output.")
@click.option("--reasons", default=3, show_default=True, type=click.IntRange(min=0), help="For and against, at most.")
@click.option(
    "--rows", default=50_000, show_default=True, type=click.IntRange(min=1), help="Leads in memory at a time."
)
@partial_option
@reading_options
@json_option
def command(
    bundle: str, leads: str, out: str, reasons: int, rows: int, partial: bool, encoding: str | None, sheet: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Score LEADS with the BUNDLE that train wrote.

    LEADS is a CSV or Parquet file or an Excel workbook, or - for a stream. One row per lead comes out: id, points,
    score from 0 to 100, probability of winning with its interval, grade, qualification (none, MQL, SQL), follow-up
    hours, the strongest reasons for and against, and notes on what is unusual. With --out - the counts go to standard
    error.

    A field is read from the column of its name, or else from one that is its alias or differs in case, space,
    underscore, hyphen or accent alone, which is said. Where the columns of more than half of the scored fields are
    absent it stops, and names them; --partial goes on.

    In CSV, text that a spreadsheet would run as a formula (=, +, -, @ or a tab in front) has an apostrophe in front;
    numbers stay as they are. Where leadqual reads ids from such a file, it reads them without it. Parquet has every
    value as it is.
    """
    from leadqual.cli import console
    from leadqual.cli.given_columns import tell_given, tell_unlike
    from leadqual.cli.scored_file import score_file
    from leadqual.scorer import Scorer

    with console.progress() as progress:
        scorer = Scorer.load(bundle)
        done = score_file(
            scorer, leads, out, rows=rows, reasons=reasons, progress=progress, partial=partial, encoding=encoding,
            sheet=sheet,
        )  # fmt: skip
    console.remarks(done.notes)
    absent = done.given.absent if done.given else ()
    if done.given:
        tell_given(done.given)
    tell_unlike(done.strange)
    if done.id_column is None:
        console.remark("The leads have no column of ids that the bundle knows; id is the row number, from 1.")
    aside = out == "-"
    names = [grade.name for grade in scorer.bundle.policy.grades]
    if as_json:
        counts = {"grades": {name: done.grades[name] for name in names}}
        counts["qualifications"] = {name: done.qualifications[name] for name in ("SQL", "MQL", "none")}
        told = {"out": out, "leads": done.leads, "with_notes": done.noted, "absent_fields": list(absent)}
        told["read_from"] = dict(done.given.keys) if done.given else {}
        told["unlike_training"] = dict(done.strange.fields)
        console.as_json(told | counts, err=aside)
    else:
        click.echo(_told(done, names, out), err=aside)


def _told(done: ScoredFile, grades: list[str], out: str) -> str:
    counts = ", ".join(f"{done.grades[name]:,} {name}" for name in grades)
    where = "" if out == "-" else f" into {out}"
    noted = f"; {done.noted:,} have a note" if done.noted else ""
    qualified = f"{done.qualifications['SQL']:,} SQL, {done.qualifications['MQL']:,} MQL"
    return f"Scored {done.leads:,} leads{where}: {counts}; {qualified}{noted}."
