"""``leadqual loop``: one round of watching, retraining, deciding and promoting, for cron."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from leadqual.cli.agreement import ledger_option
from leadqual.cli.feedback import store_option
from leadqual.cli.options import json_option, known_as_of_option, need_packages

__all__ = ["command", "registry_options"]


def registry_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that name a model in a registry."""
    for option in (
        click.option("--model", default="leadqual", show_default=True, help="The registered model."),
        click.option(
            "--registry",
            default="sqlite:///mlflow.db",
            show_default=True,
            metavar="URI",
            help="Where MLflow keeps runs and versions: an SQLite store or the address of a server.",
        ),
    ):
        function = option(function)
    return function


@click.command("loop", short_help="One round: watch, retrain if called for, decide, promote or propose.")
@click.option("--once", is_flag=True, required=True, help="Run one round and end; cron runs the next.")
@registry_options
@store_option
@ledger_option
@click.option("--folder", type=click.Path(path_type=Path), default=Path("loop"), show_default=True, help="Its state.")
@known_as_of_option("today, at midnight UTC,")
@click.option("--constraints", type=click.Path(path_type=Path), help="What the agreement demands (TOML).")
@click.option("--retrain", "always", is_flag=True, help="Retrain even where nothing calls for it.")
@json_option
def command(
    once: bool,  # noqa: ARG001  # says that it ends
    model: str,
    registry: str,
    store: str,
    ledger: str,
    folder: Path,
    as_of: str | None,
    constraints: Path | None,
    always: bool,
    as_json: bool,
) -> None:
    """Watch the champion; where that calls for it, build challengers, compare them with it, and promote or propose.

    A challenger is promoted only when it is surely better on matured leads, and both teams have signed it. A round that
    was broken off goes on where it was when it is run again with the same --as-of.
    """
    need_packages("the registry", "retrain", "mlflow")
    from dataclasses import fields

    from leadqual.agreement import Ledger
    from leadqual.cli import console
    from leadqual.cli.feedback import opened_store, time_now
    from leadqual.reports.report import report_of
    from leadqual.reports.report_html import report_html
    from leadqual.retraining import Registry, run_loop
    from leadqual.scorecard import read_constraints

    at = as_of or time_now()[:10]
    with opened_store(store) as book:
        outcome = run_loop(
            Registry(model, registry),
            book,
            Ledger(ledger),
            folder,
            as_of=at,
            now=time_now(),
            constraints=() if constraints is None else read_constraints(constraints),
            always=always,
            report=lambda bundle: report_html(report_of(bundle)),
        )
    if as_json:
        found = {one.name: getattr(outcome, one.name) for one in fields(outcome) if one.name != "reasons"}
        console.as_json(found | {"said": console.sentences(outcome.reasons)})
        return
    click.echo(f"{outcome.as_of[:10]}: {outcome.did}. Champion {outcome.champion[:12]}.")
    for sentence in console.sentences(outcome.reasons):
        click.echo(f"  {sentence}")
    if outcome.did == "proposed":
        click.echo(f"Look at {folder / 'challenger.json'}, then let both teams run leadqual agreement sign on it.")
