"""``leadqual show``: what a bundle says."""

from __future__ import annotations

import click

from leadqual.cli.options import json_option

__all__ = ["command"]


@click.command("show", short_help="Show a bundle: points, policy, evaluation, provenance.")
@click.argument("bundle", type=click.Path())
@json_option
def command(bundle: str, as_json: bool) -> None:
    """Show what a BUNDLE says.

    That is its points table, what points mean, the policy, how the scores held up on later leads, and where all of it
    comes from.
    """
    from leadqual.bundle import Bundle
    from leadqual.cli import console
    from leadqual.reports.summary import summarize
    from leadqual.reports.terminal import show_summary

    summary = summarize(Bundle.load(bundle))
    if as_json:
        console.as_json(summary.to_dict())
    else:
        show_summary(console.console(), summary)
