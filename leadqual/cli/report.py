"""``leadqual report``: one HTML file with everything that a bundle says, and what would have happened."""

from __future__ import annotations

from pathlib import Path

import click

from leadqual.cli.options import json_option, language_option, need_packages, parsed, reading_options
from leadqual.cli.train import read_capacity

__all__ = ["command"]

_FILE = click.Path(path_type=Path)


@click.command("report", short_help="Write a page with the evaluation of a bundle, month by month.")
@click.argument("model", type=_FILE)
@click.argument("leads", type=_FILE, required=False)
@click.option("--schema", type=_FILE, help="What the columns are; LEADS as .toml when left out.")
@click.option("--prior", type=_FILE, help="Today's rule (TOML), to start from and to compare with.")
@click.option("--out", type=_FILE, help="Where the page goes; MODEL as .html when left out.")
@click.option("--capacity", callback=parsed(read_capacity), help="What sales can work, such as 20%; 20% of leads.")
@click.option("--yardsticks/--no-yardsticks", default=True, show_default=True, help="Compare with other learners too.")
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(min=1), help="Periods computed at once.")
@language_option
@reading_options
@json_option
def command(
    model: Path,
    leads: Path | None,
    schema: Path | None,
    prior: Path | None,
    out: Path | None,
    capacity: object,
    yardsticks: bool,
    jobs: int,
    language: str,
    encoding: str | None,
    sheet: str | None,
    as_json: bool,
) -> None:
    """Write one HTML file on the bundle MODEL; it opens without a network and prints well.

    With LEADS, the history, it walks forward: at the start of each month a scorecard learns from what was known then
    and judges the month's leads, beside the base rate, today's rule and other learners.
    """
    need_packages("the report", "report", "jinja2", "matplotlib")
    from leadqual.audit import audit_leads
    from leadqual.bundle import Bundle
    from leadqual.cli import console
    from leadqual.evaluation import History, backtest
    from leadqual.leads import Schema, label_outcomes, read_leads
    from leadqual.learners import points_from_rules
    from leadqual.reports.report import report_of
    from leadqual.reports.report_html import report_html
    from leadqual.thresholds import Capacity
    from leadqual.training.fields import chosen_fields, still_scored

    bundle = Bundle.load(model)
    out = out or model.with_suffix(".html")
    audit = found = None
    notes: tuple[str, ...] = ()
    with console.progress() as progress:
        if leads is not None:
            described = Schema.read(schema or leads.with_suffix(".toml"))
            history = read_leads(leads, described, encoding=encoding, sheet=sheet)
            notes = history.notes
            outcomes = label_outcomes(history, window_days=bundle.window_days or 90)
            audit = audit_leads(history, outcomes)
            history, _ = chosen_fields(history, audit)
            _, rule, _ = still_scored(history, (), None if prior is None else points_from_rules(prior))
            can = capacity if isinstance(capacity, Capacity) else Capacity(share=0.2)
            found = backtest(
                History(history, outcomes, prior=rule, seed=bundle.provenance.seed),
                capacity_share=can.share_of(outcomes.leads_per_week),
                yardsticks=yardsticks,
                n_jobs=jobs,
                progress=progress,
            )
        progress("drawing", 0, 0)
        report = report_of(bundle, audit=audit, backtest=found)
        text = report_html(report, language=language)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, "utf-8")
    console.remarks(notes)
    differences, warnings = console.sentences(report.differences), console.sentences(report.warnings)
    if as_json:
        console.as_json({"report": str(out), "differences": differences, "warnings": warnings})
        return
    for sentence in differences:
        click.echo(sentence)
    for warning in warnings:
        click.echo(f"! {warning}")
    click.echo(f"Wrote {out} ({console.file_size(out)}).")
