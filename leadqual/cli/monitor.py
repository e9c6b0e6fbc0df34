"""``leadqual monitor``: whether what is deployed still holds."""

from __future__ import annotations

from pathlib import Path

import click

from leadqual.cli.feedback import store_option
from leadqual.cli.options import json_option, known_as_of_option, language_option, need_packages

__all__ = ["command"]


@click.command("monitor", short_help="Whether what is deployed still holds, and what to do if not.")
@click.argument("bundle", type=click.Path(path_type=Path))
@store_option
@known_as_of_option()
@click.option("--html", type=click.Path(path_type=Path), help="Also write it as a page with pictures.")
@language_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, bundle: Path, store: str, as_of: str | None, html: Path | None, language: str, as_json: bool
) -> None:
    """Watch BUNDLE by the feedback ledger; exit code 1 where something calls for a remedy.

    Watched are inputs, new values, volume, the win rate, whether probabilities come true, whether points rank as
    before, and whether leads, follow-up and outcomes still arrive. All may be looked at every week: without change,
    each test of outcomes raises a false alarm in at most 5 % of cases in two years, those of inputs in a year; volume
    and arrival about as rarely.
    """
    need_packages("the feedback ledger", "feedback", "alembic")
    if html is not None:
        need_packages("the page", "report", "jinja2")
    from leadqual.bundle import Bundle
    from leadqual.cli import console
    from leadqual.cli.feedback import scored_history, time_now
    from leadqual.monitoring import monitor
    from leadqual.reports.monitoring_plain import monitoring_plain
    from leadqual.reports.monitoring_terminal import show_monitoring

    loaded, at = Bundle.load(bundle), as_of or time_now()
    report = monitor(loaded, scored_history(store, as_of=at, bundle=loaded.digest), as_of=at)
    if html is not None:
        from leadqual.reports.monitoring_html import monitoring_page

        html.parent.mkdir(parents=True, exist_ok=True)
        html.write_text(monitoring_page(report, language=language), "utf-8")
        click.echo(f"Wrote {html}.", err=True)
    if as_json:
        console.as_json(monitoring_plain(report))
    else:
        show_monitoring(console.console(), report)
    ctx.exit(1 if report.remedy else 0)
