"""``leadqual score``: leads in, points, probability, grade and reasons out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

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
@reading_options
@json_option
def command(
    bundle: str, leads: str, out: str, reasons: int, rows: int, encoding: str | None, sheet: str | None, as_json: bool
) -> None:
    """Score LEADS with the BUNDLE that train wrote.

    LEADS is a CSV or Parquet file or an Excel workbook, or - for a stream. One row per lead comes out: id, points,
    score from 0 to 100, probability of winning with its interval, grade, qualification (none, MQL, SQL), follow-up
    hours, the strongest reasons for and against, and notes on what is unusual. With --out - the counts go to standard
    error.
    """
    from leadqual.cli import console
    from leadqual.cli.scored_file import score_file
    from leadqual.scorer import Scorer

    with console.progress() as progress:
        scorer = Scorer.load(bundle)
        done = score_file(
            scorer, leads, out, rows=rows, reasons=reasons, progress=progress, encoding=encoding, sheet=sheet
        )
    console.remarks(done.notes)
    if done.absent:
        console.remark(
            f"{len(done.absent)} scored fields are not in the leads and count as missing: {', '.join(done.absent)}."
        )
    if done.numbered:
        console.remark("The leads have no column of ids that the bundle knows; id is the row number, from 1.")
    aside = out == "-"
    names = [grade.name for grade in scorer.bundle.policy.grades]
    if as_json:
        counts = {"grades": {name: done.grades[name] for name in names}}
        counts["qualifications"] = {name: done.qualifications[name] for name in ("SQL", "MQL", "none")}
        told = {"out": out, "leads": done.leads, "with_notes": done.noted, "absent_fields": list(done.absent)}
        console.as_json(told | counts, err=aside)
    else:
        click.echo(_told(done, names, out), err=aside)


def _told(done: ScoredFile, grades: list[str], out: str) -> str:
    counts = ", ".join(f"{done.grades[name]:,} {name}" for name in grades)
    where = "" if out == "-" else f" into {out}"
    noted = f"; {done.noted:,} have a note" if done.noted else ""
    qualified = f"{done.qualifications['SQL']:,} SQL, {done.qualifications['MQL']:,} MQL"
    return f"Scored {done.leads:,} leads{where}: {counts}; {qualified}{noted}."
