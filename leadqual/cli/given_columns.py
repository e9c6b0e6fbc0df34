"""What commands that score say about the columns and values they were given; and when they stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from leadqual.scorer.given_fields import GivenFields
    from leadqual.scorer.unlike_training import UnlikeTraining

__all__ = ["partial_option", "tell_given", "tell_unlike"]

partial_option = click.option(
    "--partial", is_flag=True, help="Go on where the columns of more than half of the scored fields are absent."
)


def tell_given(given: GivenFields) -> None:
    """Say which columns are read under another name, and which are absent."""
    from leadqual.cli import console

    if given.keys:
        read = ", ".join(f'{column} from "{key}"' for column, key in given.keys.items())
        console.remark(f"{len(given.keys)} scored fields are read from columns of another name: {read}.")
    if given.absent:
        named = ", ".join(
            column + (f" (may be {' or '.join(given.unclear[column])})" if column in given.unclear else "")
            for column in given.absent
        )
        console.remark(f"{len(given.absent)} scored fields are not in the leads and count as missing: {named}.")


def tell_unlike(strange: UnlikeTraining) -> None:
    """Say in which fields most leads have values that training has not seen or that cannot be read."""
    from leadqual.cli import console

    if strange.fields:
        named = ", ".join(f"{name} ({count:,} of {strange.leads:,})" for name, count in strange.fields.items())
        console.remark(
            f"In {len(strange.fields)} of {strange.scored} scored fields most leads have values that training has not "
            f"seen or that cannot be read: {named}. If these are leads of another company or another export, their "
            "scores say little; check the columns, or train on leads like these."
        )
