"""What a benchmark ran on, as a sentence under its tables."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

__all__ = ["described", "table"]

_PACKAGES = (
    "leadqual",
    "scikit-learn",
    "pandas",
    "numpy",
    "glum",
    "lightgbm",
    "interpret-core",
    "catboost",
    "optbinning",
)


def described() -> str:
    """Return date, cores, Python and the versions of what is installed."""
    installed = []
    for package in _PACKAGES:
        try:
            installed.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    today = datetime.now(UTC).date()
    return f"{today}, {cores} cores, {platform.system()}, Python {platform.python_version()}, {', '.join(installed)}."


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
