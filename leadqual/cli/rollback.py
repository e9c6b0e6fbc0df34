"""``leadqual rollback``: the previous champion again."""

from __future__ import annotations

import click

from leadqual.cli.agreement import known_agreement, ledger_option
from leadqual.cli.loop import registry_options
from leadqual.cli.options import need_packages

__all__ = ["command"]


@click.command("rollback", short_help="Make the previous champion the champion again.")
@registry_options
@ledger_option
def command(model: str, registry: str, ledger: str) -> None:
    """Make the previous champion the champion again, at once, also where a sign-off was withdrawn, which is said."""
    need_packages("the registry", "retrain", "mlflow")
    from leadqual.cli import console
    from leadqual.errors import AgreementError
    from leadqual.retraining import Registry

    book = Registry(model, registry)
    version = book.rollback()
    click.echo(f"Version {version.version} of {model} is the champion again: {version.digest[:12]}.")
    try:
        agreement = known_agreement(book.bundle("champion"), ledger)
    except AgreementError as error:  # it has been gone back to all the same
        console.remark(str(error))
        return
    if agreement.withdrawn and not agreement.holds:
        console.remark(
            f"It is not agreed on any more: {' and '.join(agreement.missing)} must sign it again; run leadqual "
            "agreement sign."
        )
