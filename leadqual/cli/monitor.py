"""``leadqual monitor``: whether what is deployed still holds."""

from __future__ import annotations

from pathlib import Path

import click

from leadqual.cli.feedback import store_option
from leadqual.cli.options import json_option, need_packages

__all__ = ["command"]


@click.command("monitor", short_help="Whether what is deployed still holds, and what to do if not.")
@click.argument("bundle", type=click.Path(path_type=Path))
@store_option
@click.option("--as-of", metavar="TIME", help="As it was known then; now if left out.")
@click.option("--html", type=click.Path(path_type=Path), help="Also write it as a page with pictures.")
@json_option
@click.pass_context
def command(ctx: click.Context, bundle: Path, store: str, as_of: str | None, html: Path | None, as_json: bool) -> None:
    """Watch BUNDLE by the feedback ledger; exit code 1 where something calls for a remedy.

    Watched are inputs, new values, volume, the win rate, whether probabilities come true and whether points rank as
    before. Sequential tests may be looked at every week: in two years without change at most 5 % raise an alarm.
    """
    need_packages("the feedback ledger", "feedback", "alembic")
    from leadqual.bundle import Bundle
    from leadqual.cli import console
    from leadqual.cli.feedback import opened_store, time_now
    from leadqual.feedback import feedback_history
    from leadqual.monitoring import monitor
    from leadqual.reports.monitoring_terminal import show_monitoring

    loaded, at = Bundle.load(bundle), as_of or time_now()
    with opened_store(store) as book:
        history = feedback_history(book.events(as_of=at), as_of=at, bundle=loaded.digest)
    report = monitor(loaded, history, as_of=at)
    if as_json:
        console.as_json(report.to_dict())
    else:
        show_monitoring(console.console(), report)
    if html is not None:
        need_packages("the page", "report", "jinja2")
        from leadqual.reports.monitoring_html import monitoring_page

        html.write_text(monitoring_page(report), "utf-8")
        click.echo(f"Wrote {html}.", err=True)
    ctx.exit(1 if report.remedy else 0)
