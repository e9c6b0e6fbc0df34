"""What only fresh processes show: how long starting takes, and whether the same inputs give the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import joblib

import leadqual
from benchmarks.clock import Timing, in_turns
from benchmarks.peers import fit_pipeline
from benchmarks.planted import planted_leads
from leadqual.bundle import Bundle

__all__ = ["digests_of_processes", "starts"]

_RUNS = 21
_PATHS = "import sys; sys.path[:0] = sys.argv[2:]; "
_PROGRAMS = {
    "bare": _PATHS,
    "leadqual": _PATHS + "from leadqual.scorer import Scorer; Scorer.load(sys.argv[1]).score_one({'field_00': 1.5})",
}
_PIPELINE = (
    _PATHS + "import joblib; model, row = joblib.load(sys.argv[1]); assert 0 <= model.predict_proba(row)[0, 1] <= 1"
)
_DIGEST = (
    "import hashlib; from benchmarks.planted_bundle import planted_bundle; from leadqual.bundle.format import dumps; "
    "print(hashlib.sha256(dumps(planted_bundle({rows})).encode()).hexdigest())"
)


def starts(bundle: Bundle) -> Mapping[str, Timing]:
    """Return the times of whole processes: one that ends at once, one that loads and scores, one with scikit-learn.

    All are isolated (``-I``): neither environment variables nor user packages enter. "no site" is without the search
    for installed packages too (``-S``); the pipeline cannot do without.
    """
    root = str(Path(leadqual.__file__).parent.parent)
    with tempfile.TemporaryDirectory() as folder:
        path = str(bundle.save(Path(folder) / "bundle.json"))
        pipeline = str(Path(folder) / "pipeline.joblib")
        leads = planted_leads(10_000)
        joblib.dump((fit_pipeline(leads.table, leads.won), leads.table.head(1)), pipeline)
        jobs: dict[str, tuple[Callable[[], object], int]] = {}
        for site in ("site", "no site"):
            flags = ["-I"] if site == "site" else ["-I", "-S"]
            for name, program in _PROGRAMS.items():
                jobs[f"{name}, {site}"] = (partial(_run, [*flags, "-c", program, path, root]), _RUNS)
        jobs["pipeline, site"] = (partial(_run, ["-I", "-c", _PIPELINE, pipeline]), 5)
        for job, _ in jobs.values():
            job()  # bytecode is compiled once, not at every start
        return in_turns(jobs)


def digests_of_processes(rows: int) -> list[str]:
    """Return SHA-256 of the bundle's text from two processes that order their sets differently."""
    found = []
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", _DIGEST.format(rows=rows)],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        found.append(done.stdout.strip())
    return found


def _run(arguments: list[str]) -> None:
    subprocess.run([sys.executable, *arguments], check=True)
