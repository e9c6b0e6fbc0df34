"""The group of commands: each is imported when it is called, and a refusal becomes one sentence."""

from __future__ import annotations

from importlib import import_module
from typing import IO, Any

import click

from leadqual.errors import LeadqualError

__all__ = ["NAMES", "Refusal", "commands"]

NAMES = (
    "init",
    "audit",
    "train",
    "score",
    "show",
    "report",
    "agreement",
    "review",
    "pick",
    "handoff",
    "feedback",
    "meeting",
    "monitor",
    "retrain",
    "loop",
    "promote",
    "rollback",
    "demo",
    "sample",
)


class Refusal(click.ClickException):
    """The data or the bundle is not good enough, and why."""

    exit_code = 1

    def show(self, file: IO[Any] | None = None) -> None:
        """Say why, on standard error."""
        click.echo(f"leadqual: {self.message}", file=file, err=file is None)


class Commands(click.Group):
    """Finds a command in the module of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Return the names in the order in which people need them."""
        return list(NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # as above
        """Return one command; None when there is none of that name."""
        if cmd_name not in NAMES:
            return None
        found: click.Command = import_module(f"leadqual.cli.{cmd_name}").command
        return found

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; every error of leadqual ends in one sentence and exit code 1."""
        try:
            return super().invoke(ctx)
        except LeadqualError as error:
            raise Refusal(str(error)) from error
        except OSError as error:
            if error.filename is None:
                raise
            raise Refusal(f"{error.filename}: {error.strerror}; name a file that you may read or write.") from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="leadqual")
def commands() -> None:
    """Learn from won and lost leads a points table both teams can hold, and score leads with it.

    First time here: leadqual demo. With your own leads: init, audit, train, then score.

    Exit codes: 0 done, 1 the data or the bundle is not good enough (and why), 2 wrong usage.
    """
