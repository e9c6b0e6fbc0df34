"""``leadqual promote``: a first champion, or one that both teams signed by hand."""

from __future__ import annotations

from pathlib import Path

import click

from leadqual.cli.agreement import known_agreement, ledger_option
from leadqual.cli.loop import registry_options
from leadqual.cli.options import need_packages

__all__ = ["command"]


@click.command("promote", short_help="Make a bundle that both teams signed the champion.")
@click.argument("bundle", type=click.Path(path_type=Path))
@registry_options
@ledger_option
@click.option("--unsigned", is_flag=True, help="Promote it though nobody has signed it: for trying things out.")
@click.option(
    "--repair", is_flag=True, help="Give the version that was registered as BUNDLE its file back; promote nothing."
)
def command(bundle: Path, model: str, registry: str, ledger: str, unsigned: bool, repair: bool) -> None:
    """Register BUNDLE and make it the champion; it must be agreed on, and no sign-off withdrawn in the ledger."""
    need_packages("the registry", "retrain", "mlflow")
    from leadqual.bundle import Bundle
    from leadqual.reports.report import report_of
    from leadqual.reports.report_html import report_html
    from leadqual.retraining import Registry, record_of

    loaded = Bundle.load(bundle)
    if repair:
        version = Registry(model, registry).repair(loaded)
        click.echo(f"Version {version.version} of {model} has its file: {version.digest[:12]}.")
        return
    if not unsigned:
        known_agreement(loaded, ledger).require()
    book = Registry(model, registry)
    record = record_of(loaded, report=lambda bundle: report_html(report_of(bundle)))
    present = book.at("champion")
    version = book.register(loaded, kind="by hand", record=record)
    book.promote(version, champion=None if present is None else present.digest)
    click.echo(f"Version {version.version} of {model} is the champion: {version.digest[:12]}.")
