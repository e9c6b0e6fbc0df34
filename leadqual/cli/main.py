"""The entry point: the commands where their libraries are installed, else a sentence that says how to get them."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from importlib.util import find_spec

__all__ = ["main"]

_NEEDED = ("click", "rich", "numpy", "pandas", "scipy", "sklearn")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line.

    Parameters
    ----------
    arguments
        What stands after the program's name; None: this process's own.

    Raises
    ------
    SystemExit
        Always: code 0 when done, 1 when the data or a bundle is not good enough, 2 for wrong usage.
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a lead's name must not end the program.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    missing = next((name for name in _NEEDED if find_spec(name) is None), None)
    if missing is not None:
        sys.stderr.write(
            f"leadqual: the command line needs {missing}, which the base install leaves out; "
            'get it with: pip install "leadqual[train]"\n'
        )
        raise SystemExit(1)
    from leadqual.cli.commands import commands

    commands(args=None if arguments is None else list(arguments), prog_name="leadqual")
