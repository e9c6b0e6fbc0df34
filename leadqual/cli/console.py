"""What the commands say: results on standard output, progress and remarks on standard error."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from leadqual.fact import Fact

__all__ = ["as_json", "console", "file_size", "progress", "program", "remark", "remarks", "sentences"]


def console() -> Console:
    """Return the console of standard output."""
    return Console(highlight=False, soft_wrap=False)


def remark(sentence: str) -> None:
    """Say something besides the result, on standard error."""
    Console(stderr=True, highlight=False).print(Text("note ", "dim") + Text(sentence))


def sentences(found: Iterable[Fact | str]) -> list[str]:
    """Return facts as English sentences, each once; a text as it is."""
    from leadqual.reports.language import sentences as as_sentences

    return list(as_sentences(found))


def remarks(found: Iterable[Fact | str]) -> None:
    """Say several things besides the result, each once."""
    for sentence in sentences(found):
        remark(sentence)


def as_json(value: Any, *, err: bool = False) -> None:
    """Print a result for scripts: one JSON document."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False), err=err)


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Show how far a long step is, on standard error; nothing where that is no terminal.

    Yields
    ------
    callable
        ``progress(step, done, total)``; a total of 0 is unknown.
    """
    stderr = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=stderr, transient=True, disable=not stderr.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def report(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total or None)

        yield report


def program() -> str:
    """Return what to type to run leadqual again: its name, or its path where it is not on the search path."""
    own = Path(sys.argv[0])
    if own.name != "leadqual" or shutil.which("leadqual") == str(own):
        return "leadqual"
    own = own.absolute()
    return str(own.relative_to(Path.cwd())) if own.is_relative_to(Path.cwd()) else str(own)


def file_size(path: Path) -> str:
    """Return how large a file is, in words."""
    return f"{path.stat().st_size / 1000:,.0f} kB"
