"""``leadqual meeting``: the figures that marketing and sales go through together."""

from __future__ import annotations

from pathlib import Path

import click

from leadqual.cli.agreement import known_agreement, ledger_option
from leadqual.cli.feedback import store_option
from leadqual.cli.options import json_option, known_as_of_option, language_option, need_packages

__all__ = ["command"]

_FILE = click.Path(path_type=Path)


@click.group("meeting", short_help="The week both teams meet over: what each owes, what came of it, what changed.")
def command() -> None:
    """Show the figures that marketing and sales go through together, taken from the feedback ledger."""
    need_packages("the feedback ledger", "feedback", "alembic")


@command.command("weekly")
@click.argument("bundle", type=_FILE)
@store_option
@known_as_of_option()
@click.option("--sla", type=_FILE, help="TOML file with the targets both teams agreed on; without it none are shown.")
@click.option("--team", type=_FILE, help="The file of handoff: sellers' load, and deadlines in their working hours.")
@click.option("--by", metavar="FIELD", help="Compare promised and won by this scored field; the strongest if left out.")
@click.option(
    "--zone",
    default="UTC",
    show_default=True,
    metavar="NAME",
    help="The time zone in which weeks begin: Europe/Lisbon.",
)
@ledger_option
@click.option("--crm-link", metavar="ADDRESS", help="A lead's page: https://crm.example/lead/{id}; or the team's.")
@click.option("--html", type=_FILE, help="Also write it as a page.")
@language_option
@json_option
def weekly_command(
    bundle: Path, store: str, as_of: str | None, sla: Path | None, team: Path | None, by: str | None, zone: str,
    ledger: str, crm_link: str | None, html: Path | None, language: str, as_json: bool,
) -> None:  # fmt: skip
    """Show the last full week of leads scored with BUNDLE: Monday to Sunday before --as-of.

    Who kept what was agreed, wins beside the promise, speed to lead, what surely changed since the week before, and
    the leads on which the score and people disagree.
    """
    if html is not None:
        need_packages("the page", "report", "jinja2")
    from leadqual.bundle import Bundle
    from leadqual.cli import console
    from leadqual.cli.feedback import opened_store, time_now
    from leadqual.feedback import Snapshot
    from leadqual.handoff import episodes, read_team
    from leadqual.meetings import Sla, weekly
    from leadqual.reports.week_plain import week_plain
    from leadqual.reports.week_shown import check_link
    from leadqual.reports.week_terminal import show_weekly

    check_link(crm_link)
    loaded, targets = Bundle.load(bundle), None if sla is None else Sla.read(sla)
    sellers = None if team is None else read_team(team)
    if sellers is not None:
        crm_link = crm_link or sellers.crm_link or None
    with opened_store(store) as book:
        snapshot = Snapshot.read(book, as_of=as_of or time_now())
        given = (
            () if sellers is None else episodes(book.events(as_of=snapshot.as_of), as_of=snapshot.as_of, team=sellers)
        )
    report = weekly(snapshot, loaded, sla=targets, team=sellers, episodes=given, by=by, zone=zone)
    missing = known_agreement(loaded, ledger).missing
    if html is not None:
        from leadqual.reports.week_html import week_page

        html.parent.mkdir(parents=True, exist_ok=True)
        html.write_text(week_page(report, language=language, missing=missing, crm_link=crm_link), "utf-8")
        click.echo(f"Wrote {html}.", err=True)
    if as_json:
        console.as_json(week_plain(report) | {"must_sign": list(missing)})
    else:
        show_weekly(console.console(), report, missing=missing)
