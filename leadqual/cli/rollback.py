"""``leadqual rollback``: the previous champion again."""

from __future__ import annotations

import click

from leadqual.cli.loop import registry_options
from leadqual.cli.options import need_packages

__all__ = ["command"]


@click.command("rollback", short_help="Make the previous champion the champion again.")
@registry_options
def command(model: str, registry: str) -> None:
    """Make the previous champion the champion again, at once."""
    need_packages("the registry", "retrain", "mlflow")
    from leadqual.retraining import Registry

    version = Registry(model, registry).rollback()
    click.echo(f"Version {version.version} of {model} is the champion again: {version.digest[:12]}.")
