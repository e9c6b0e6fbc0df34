"""``leadqual demo``: everything once, on a simulated company."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from leadqual.cli.options import json_option

if TYPE_CHECKING:
    from leadqual.reports.demonstration import Demonstration
    from leadqual.reports.summary import Summary

__all__ = ["command"]

_NEXT = """
Now with your own leads: export won, lost and open ones as leads.csv, then
  {leadqual} init leads.csv
      infers what each column is and writes leads.toml: look at it, and edit it
  {leadqual} train leads.csv --capacity 20%
      learns what counts, measures it on later leads, writes models/leads.json
  {leadqual} score models/leads.json new-leads.csv --out scored.csv
      scores leads, with reasons
All that this bundle says: {leadqual} show {out}
"""


@click.command("demo", short_help="See all of it once, on a simulated company.")
@click.option(
    "--out", default="models/demo.json", show_default=True, type=click.Path(path_type=Path), help="The bundle."
)
@click.option("--leads", default=6_000, show_default=True, type=click.IntRange(min=1), help="How many to simulate.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="Seed of all that is random.")
@json_option
def command(out: Path, leads: int, seed: int, as_json: bool) -> None:
    """Simulate a company's CRM, learn from its history, and score its open leads.

    Shows the points table, how well the scores held up on later leads, and the ten best open leads with the reasons.
    """
    from leadqual.cli import console
    from leadqual.reports.demonstration import demonstrate
    from leadqual.reports.summary import summarize

    with console.progress() as progress:
        shown = demonstrate(
            leads=leads,
            seed=seed,
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            command=f"leadqual demo --leads {leads} --seed {seed}",
            progress=progress,
        )
    shown.training.bundle.save(out)
    summary = summarize(shown.training.bundle)
    if as_json:
        console.as_json(_told(shown, summary, out))
        return
    _show(shown, summary)
    click.echo(f"\nWrote the bundle: {out} ({console.file_size(out)}).")
    click.echo(_NEXT.format(leadqual=console.program(), out=out).rstrip())


def _told(shown: Demonstration, summary: Summary, out: Path) -> dict[str, Any]:
    best = [{"lead": one.lead, "age_days": one.age_days, **one.score.to_dict()} for one in shown.best]
    counts = {"bundle": str(out), "leads": shown.leads, "open_leads": shown.open_leads}
    counts["past_window"] = shown.past_window
    return counts | {"best": best, "summary": summary.to_dict()}


def _show(shown: Demonstration, summary: Summary) -> None:
    from leadqual.cli import console
    from leadqual.reports.leads_terminal import show_leads
    from leadqual.reports.terminal import Sections, heading

    terminal = console.console()
    sections = Sections(terminal, summary)
    outcomes = shown.training.outcomes
    terminal.print(
        f"A simulated company's CRM: {shown.leads:,} leads, {shown.open_leads:,} of them open. Learned from the "
        f"{outcomes.won + outcomes.lost:,} old enough to judge, {outcomes.won:,} of them won. {shown.past_window:,} "
        f"that nobody closed came more than {outcomes.window_days} days ago: they count as not won, and not as open.\n",
        width=sections.width,
    )
    parts = (sections.title(), sections.points(6), sections.policy(), sections.evaluation(), sections.reliability())
    for part in parts:
        if part is not None:
            terminal.print(part, width=sections.width)
    terminal.print(heading("The ten best open leads"))
    show_leads(terminal, shown.best, window_days=summary.window_days)
