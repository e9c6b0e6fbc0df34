"""Options that several commands share, and how their values are read."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from leadqual.errors import DependencyError, LeadqualError

__all__ = [
    "as_of_option",
    "is_database",
    "json_option",
    "known_as_of_option",
    "language_option",
    "need_packages",
    "new_file",
    "parsed",
    "part",
    "percentage",
    "query_option",
    "reading_options",
    "source_name",
    "window_days",
    "window_option",
]

_WINDOW = re.compile(r"(\d{1,6})\s*(d|w|)", re.ASCII)
_SHARE = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\s*(%?)", re.ASCII)
_DAYS = {"d": 1, "": 1, "w": 7}

json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON, for scripts.")
language_option = click.option(
    "--language", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Of the page."
)
query_option = click.option("--query", help="The SQL query, when LEADS is a database URL.")


def reading_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how a file of leads is read, where that is not found out or not in the schema."""
    for option in (
        click.option(
            "--sheet", metavar="NAME", help="The sheet, when LEADS is an Excel workbook in which several hold a table."
        ),
        click.option(
            "--encoding",
            metavar="NAME",
            help="The encoding of a CSV file, such as windows-1251 or gb18030; the schema's, or found out.",
        ),
    ):
        function = option(function)
    return function


def parsed(read: Callable[[str], Any]) -> Callable[[click.Context, click.Parameter, str | None], Any]:
    """Return a click callback that reads an option with a function of the library; its refusal is wrong usage."""

    def callback(ctx: click.Context, parameter: click.Parameter, value: str | None) -> Any:
        if value is None:
            return None
        try:
            return read(value)
        except LeadqualError as error:
            raise click.BadParameter(str(error), ctx, parameter) from error

    return callback


def need_packages(what: str, extra: str, *packages: str) -> None:
    """Refuse before the work, not after it, where the page cannot be drawn."""
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        raise DependencyError(
            f"{what} needs {' and '.join(missing)}, which the train extra leaves out; "
            f'get it with: pip install "leadqual[{extra}]"'
        )


def percentage(ctx: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    """Read a share: 30%, or 0.3."""
    if value is None:
        return None
    share = _share(value)
    if share is None or not 0 < share < 1:
        raise click.BadParameter(f"{value!r} is no share above 0 and below 1; write it as 30% or 0.3.", ctx, parameter)
    return share


def part(ctx: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    """Read a share that may be none or all: 0%, 10%, or 0.1."""
    if value is None:
        return None
    share = _share(value)
    if share is None or not 0 <= share <= 1:
        raise click.BadParameter(f"{value!r} is no share from 0 to 1; write it as 10% or 0.1.", ctx, parameter)
    return share


def _share(value: str) -> float | None:
    written = _SHARE.fullmatch(value.strip())
    return float(written[1]) / (100 if written[2] else 1) if written else None


def window_days(ctx: click.Context, parameter: click.Parameter, value: str) -> int:
    """Read a window: 90d, 13w, or a number of days."""
    from leadqual.leads.outcomes import MAX_WINDOW_DAYS

    written = _WINDOW.fullmatch(value.strip().lower())
    days = int(written[1]) * _DAYS[written[2]] if written else 0
    if not 1 <= days <= MAX_WINDOW_DAYS:
        raise click.BadParameter(
            f"{value!r} is no window of up to {MAX_WINDOW_DAYS:,} days; write it as 90d or 13w.", ctx, parameter
        )
    return days


def is_database(source: str) -> bool:
    """Tell whether a source is a database URL rather than a file."""
    return "://" in source


def source_name(source: str) -> str:
    """Return a source as it may be kept: a file's name without its folder, a database without its credentials."""
    if is_database(source):
        return f"{source.partition('://')[0]}://..."
    return source if source == "-" else Path(source).name


def new_file(path: Path, *, force: bool) -> None:
    """Refuse, as wrong usage, to replace a file that people may have edited.

    Raises
    ------
    click.UsageError
        When the file is there and ``force`` is not set.
    """
    if path.exists() and not force:
        raise click.UsageError(f"{path} is there already; pass --force to replace it, or name another file.")


def _time(value: str) -> str:
    """Return a time as it was given, once it can be read as one."""
    from leadqual.errors import FeedbackError
    from leadqual.feedback import instant

    try:
        instant(value)
    except FeedbackError:
        raise FeedbackError(f"{value!r} is no time; write it as 2026-05-01 or 2026-05-01T09:00:00+02:00.") from None
    return value


def known_as_of_option(otherwise: str = "now") -> Callable[..., Any]:
    """Return the option that says as of when a ledger is read; what holds if it is left out is said in the help."""
    return click.option(
        "--as-of", metavar="TIME", callback=parsed(_time), help=f"As it was known then; {otherwise} if left out."
    )


window_option = click.option(
    "--window",
    default="90d",
    show_default=True,
    callback=window_days,
    metavar="DAYS",
    help="How long a lead has to win.",
)
as_of_option = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The date as of which outcomes count; latest in LEADS.",
)
