"""How long fitting, scoring and starting take, beside LightGBM, EBM and a scikit-learn pipeline.

    python -m benchmarks.speed                        # 10,000, 100,000 and 1,000,000 leads of 30 fields
    python -m benchmarks.speed --rows 10000 --ebm 0   # quick; EBM on none

Times are seconds of the wall clock, the least of a few runs; compare them as ratios within one run.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from benchmarks.machine import described, table
from benchmarks.planted import FIELDS, Planted, planted_leads
from leadqual.bundle import Bundle
from leadqual.leads import Feature, SampleSettings, Schema, read_leads, simulate
from leadqual.scorecard import ScorecardClassifier
from leadqual.scorer import Scorer
from leadqual.training import train

ROWS = (10_000, 100_000, 1_000_000)
_BATCH = 100_000


def main() -> None:
    """Measure, and print Markdown tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__.split("\n\n")[0])
    parser.add_argument("--rows", type=int, nargs="+", default=list(ROWS), help="leads to fit")
    parser.add_argument("--ebm", type=int, default=100_000, help="most leads to fit EBM to, it takes long")
    chosen = parser.parse_args()
    print(described())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # EBM's, about plots nobody makes here
        print(f"\n### Fit, {FIELDS} fields, seconds\n\n{_fits(chosen.rows, chosen.ebm)}")
        bundle = _bundle(_BATCH)
        print(f"\n### Score a batch of {_BATCH:,}, microseconds a lead\n\n{_batches(bundle, chosen.ebm)}")
        print(f"\n### One lead from a dict, microseconds\n\n{_single(bundle)}")
    print(f"\n### A fresh process to the first score, milliseconds\n\n{_starts(bundle)}")
    print(f"\nSame leads, schema and seed, twice: {_same()}.")


def _fits(rows: list[int], most_for_ebm: int) -> str:
    lines = []
    for count in rows:
        leads = planted_leads(count)
        once = _least(
            lambda leads=leads: ScorecardClassifier(strength=10.0, half_life=None).fit(leads.table, leads.won)
        )
        order = np.arange(count)
        chosen = _least(lambda leads=leads, o=order: ScorecardClassifier().fit(leads.table, leads.won, created_at=o), 1)
        light = _least(lambda leads=leads: _lightgbm(leads))
        ebm = _least(lambda leads=leads: _ebm(leads), 1) if count <= most_for_ebm else None
        lines.append([f"{count:,}", *map(_seconds, (once, chosen, light, ebm)), _ratio(light, once), _ratio(ebm, once)])
    head = ["leads", "leadqual, one fit", "leadqual, settings chosen forward", "LightGBM", "EBM"]
    return table([*head, "LightGBM / one fit", "EBM / one fit"], lines)


def _one_fit(leads: Planted) -> Any:
    return ScorecardClassifier(strength=10.0, half_life=None).fit(leads.table, leads.won)


def _chosen_forward(leads: Planted) -> Any:
    return ScorecardClassifier().fit(leads.table, leads.won, created_at=np.arange(len(leads.won)))


def _lightgbm(leads: Planted) -> Any:
    from lightgbm import LGBMClassifier

    return LGBMClassifier(n_jobs=2, verbose=-1).fit(_as_categories(leads.table), leads.won)


def _ebm(leads: Planted) -> Any:
    from interpret.glassbox import ExplainableBoostingClassifier

    return ExplainableBoostingClassifier(n_jobs=2).fit(leads.table, leads.won)


def _pipeline(leads: Planted) -> Any:
    numbers = leads.table.select_dtypes("number").columns.tolist()
    others = [name for name in leads.table.columns if name not in numbers]
    columns = ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(), StandardScaler()), numbers),
            ("others", OneHotEncoder(handle_unknown="ignore"), others),
        ]
    )
    return make_pipeline(columns, LogisticRegression(max_iter=1000)).fit(leads.table, leads.won)


def _as_categories(leads: pd.DataFrame) -> pd.DataFrame:
    return leads.astype(dict.fromkeys(leads.select_dtypes("str").columns, "category"))


def _bundle(count: int) -> Bundle:
    """Train all the way, so that what is timed is what is deployed."""
    leads = planted_leads(count // 5)
    numeric = set(leads.table.select_dtypes("number").columns)
    features = tuple(
        Feature(name, "numeric" if name in numeric else "boolean" if leads.table[name].dtype == bool else "category")
        for name in leads.table.columns
    )
    leads.table["won"], leads.table["order"] = leads.won.astype(str), range(len(leads.won))
    schema = Schema(features, outcome="won", won=("1",), lost=("0",), order="order")
    return train(read_leads(leads.table, schema), name="speed").bundle


def _batches(bundle: Bundle, most_for_ebm: int) -> str:
    small, batch = planted_leads(10_000), planted_leads(_BATCH)
    scorer, light, pipeline = Scorer(bundle), _lightgbm(small), _pipeline(small)
    categories = _as_categories(batch.table)
    own = _least(lambda: scorer.score(batch.table))
    plain = _least(lambda: scorer.score(batch.table, reasons=0))
    rows = [
        ["leadqual, with three reasons for and against", _each(own), ""],
        ["leadqual, without reasons", _each(plain), ""],
    ]
    peers = {
        "LightGBM": lambda: light.predict_proba(categories),
        "pipeline": lambda: pipeline.predict_proba(batch.table),
    }
    if most_for_ebm >= len(small.won):
        ebm = _ebm(small)
        peers["EBM"] = lambda: ebm.predict_proba(batch.table)
    for name, score in peers.items():
        taken = _least(score)
        rows.append([name, _each(taken), _ratio(taken, plain)])
    return table(["", "a lead", "times leadqual without reasons"], rows)


def _single(bundle: Bundle) -> str:
    small = planted_leads(10_000)
    scorer, pipeline = Scorer(bundle), _pipeline(small)
    leads = small.table.head(1000).to_dict("records")
    own = _least(lambda: [scorer.score_one(lead) for lead in leads], 7) / len(leads)
    rows = [small.table.iloc[[i]] for i in range(20)]
    peer = _least(lambda: [pipeline.predict_proba(row) for row in rows]) / len(rows)
    reasons = _least(lambda: [scorer.score_one(lead).reasons for lead in leads], 7) / len(leads)
    lines = [
        ["leadqual, points, probability, interval, grade", f"{own * 1e6:.1f}", ""],
        ["leadqual, with all reasons", f"{reasons * 1e6:.1f}", ""],
        ["scikit-learn pipeline, probability", f"{peer * 1e6:.0f}", _ratio(peer, reasons)],
    ]
    return table(["", "a lead", "times leadqual with reasons"], lines)


def _starts(bundle: Bundle) -> str:
    code = (
        "from leadqual.scorer import Scorer\nimport sys\n"
        "assert Scorer.load(sys.argv[1]).score_one({'field_00': 1.5}).probability"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = bundle.save(Path(folder) / "bundle.json")
        taken: dict[str, list[float]] = {"pass": [], code: []}
        for _ in range(15):  # in turns, so that a busy moment meets both
            for program, times in taken.items():
                begun = time.perf_counter()
                subprocess.run([sys.executable, "-c", program, str(path)], check=True)
                times.append(time.perf_counter() - begun)
    bare, whole = (float(np.median(times)) * 1000 for times in taken.values())
    rows = [["interpreter alone", f"{bare:.0f}"], ["load and score", f"{whole:.0f}"], ["beyond", f"{whole - bare:.0f}"]]
    return table(["", "median of 15"], rows)


def _same() -> str:
    sample = simulate(SampleSettings(leads=3000), seed=0)
    texts = [train(read_leads(sample.table, sample.schema), name="same").bundle.digest for _ in range(2)]
    return "the same bytes" if texts[0] == texts[1] else "NOT the same bytes"


def _least(job: Callable[[], Any], runs: int = 3) -> float:
    taken = []
    for _ in range(runs):
        begun = time.perf_counter()
        job()
        taken.append(time.perf_counter() - begun)
    return min(taken)


def _seconds(taken: float | None) -> str:
    return "not run" if taken is None else f"{taken:.2f}"


def _each(taken: float) -> str:
    return f"{taken / _BATCH * 1e6:.2f}"


def _ratio(other: float | None, own: float) -> str:
    return "" if other is None else f"{other / own:.1f}"


if __name__ == "__main__":
    main()
