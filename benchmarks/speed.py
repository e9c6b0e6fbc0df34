"""How long fitting, scoring and starting take, beside LightGBM, EBM and a scikit-learn pipeline.

    python -m benchmarks.speed                                    # 10,000, 100,000 and 1,000,000 leads of 30 fields
    python -m benchmarks.speed --rows 10000 --skip-ebm-above 0    # quick; EBM on none

Prints Markdown, or JSON with --json. Compare times within one run only: it says how busy the machine was.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.clock import Timing, in_turns
from benchmarks.machine import described, table
from benchmarks.peers import EBM, LIGHTGBM, LIGHTGBM_ONE_THREAD, LOGISTIC, Peer, fit_pipeline
from benchmarks.planted import FIELDS, Planted, planted_leads
from benchmarks.planted_bundle import planted_bundle, planted_history
from benchmarks.processes import digests_of_processes, starts
from leadqual.bundle import Bundle
from leadqual.scorecard import ScorecardClassifier
from leadqual.scorer import Scorer
from leadqual.training import train

Rows = list[list[str]]
Section = tuple[str, list[str], Rows]

ROWS = (10_000, 100_000, 1_000_000)
_BATCH = 100_000
_BUNDLE = 20_000
_ONE_FIT, _FORWARD, _WHOLE = "leadqual, one fit", "leadqual, settings chosen forward", "leadqual, train(): to a bundle"


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--rows", type=int, nargs="+", default=list(ROWS), help="leads to fit")
    parser.add_argument(
        "--skip-ebm-above", type=int, default=100_000, metavar="N", help="most leads to fit EBM to: it takes long"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    chosen = parser.parse_args()
    load = os.getloadavg()[0]
    sections = [_fits(count, chosen.skip_ebm_above) for count in chosen.rows]
    _progress(f"a bundle of {_BUNDLE:,} leads")
    bundle = planted_bundle(_BUNDLE)
    sections += [_batches(bundle), _single(bundle), _starts(bundle), _same()]
    after = os.getloadavg()[0]
    about = f"{described()} Load average {load:.1f} at the start (this run not in it), {after:.1f} at the end (in it)."
    if chosen.json:
        print(json.dumps({"about": about, "tables": [_plain(section) for section in sections]}, indent=1))
        return
    print(about)
    for title, head, rows in sections:
        print(f"\n### {title}\n\n{table(head, rows)}")


def _fits(count: int, most_for_ebm: int) -> Section:
    """Fit each learner to the same leads, and see what it learned on others, of which the truth is known."""
    leads, other = planted_leads(count), planted_leads(_BATCH + 1)
    runs = 1 if count >= 1_000_000 else 3
    jobs: dict[str, tuple[Callable[[], Any], int]] = {
        _ONE_FIT: (_told(count, _ONE_FIT, partial(_one_fit, leads)), 3),
        _FORWARD: (_told(count, _FORWARD, partial(_chosen_forward, leads)), runs),
        _WHOLE: (_told(count, _WHOLE, partial(train, planted_history(leads), name="speed")), 1),
    }
    absent = []
    for peer, times in ((LIGHTGBM, 3), (LIGHTGBM_ONE_THREAD, 3), (EBM, 1), (LOGISTIC, runs)):
        if peer is EBM and count > most_for_ebm:
            absent.append([peer.name, f"not run above {most_for_ebm:,} leads", "", "", ""])
        elif peer.available:
            jobs[peer.name] = (_told(count, peer.name, partial(peer.learn, leads.table, leads.won)), times)
        else:
            absent.append([peer.name, f"{peer.package} is not installed", "", "", ""])
    timings = in_turns(jobs)
    own = timings[_ONE_FIT].least
    rows = [
        [name, *_seconds(timing), f"{timing.least / own:.2f}", f"{_excess(name, timing.result, other):.1f}"]
        for name, timing in timings.items()
    ]
    head = ["", "seconds, fastest run", "slowest (runs)", "times one fit", "excess log loss x 1000"]
    return f"Fit, {count:,} leads of {FIELDS} fields", head, rows + absent


def _one_fit(leads: Planted) -> ScorecardClassifier:
    return ScorecardClassifier(strength=10.0, prior_weight=1.0, half_life=None).fit(leads.table, leads.won)


def _chosen_forward(leads: Planted) -> ScorecardClassifier:
    return ScorecardClassifier().fit(leads.table, leads.won, created_at=np.arange(len(leads.won)))


def _excess(name: str, learned: Any, other: Planted) -> float:
    """Return how much worse than the truth the probabilities are, in thousandths of a nat a lead."""
    if name == _WHOLE:
        predicted = Scorer(learned.bundle).score(other.table, reasons=0)["probability"].to_numpy()
    elif name in (_ONE_FIT, _FORWARD):
        predicted = learned.predict_proba(other.table)[:, 1]
    else:
        predicted = learned(other.table)
    truth = 1 / (1 + np.exp(-other.log_odds))
    return 1000 * float(np.mean(_cross_entropy(truth, predicted) - _cross_entropy(truth, truth)))


def _cross_entropy(truth: NDArray[np.float64], predicted: NDArray[np.float64]) -> NDArray[np.float64]:
    predicted = np.clip(predicted, 1e-12, 1 - 1e-12)
    return -truth * np.log(predicted) - (1 - truth) * np.log1p(-predicted)


def _batches(bundle: Bundle) -> Section:
    small, batch = planted_leads(10_000), planted_leads(_BATCH).table
    scorer = Scorer(bundle)
    jobs: dict[str, tuple[Callable[[], Any], int]] = {
        "leadqual, no reasons": (partial(scorer.score, batch, reasons=0), 5),
        "leadqual, three reasons for and against": (partial(scorer.score, batch), 5),
    }
    for peer in (LIGHTGBM, EBM, LOGISTIC):
        if peer.available:
            _progress(f"scoring with {peer.name}")
            jobs[peer.name] = (partial(peer.learn(small.table, small.won), batch), 5)
    timings = in_turns(jobs)
    own = timings["leadqual, no reasons"].least
    rows = [
        [name, f"{t.least / _BATCH * 1e6:.2f}", f"{t.greatest / _BATCH * 1e6:.2f}", f"{t.least / own:.2f}"]
        for name, t in timings.items()
    ]
    head = ["", "microseconds a lead, fastest run", "slowest of 5", "times leadqual, no reasons"]
    return f"Score a DataFrame of {_BATCH:,} leads", head, rows + _missing((LIGHTGBM, EBM), 3)


def _single(bundle: Bundle) -> Section:
    small = planted_leads(10_000)
    scorer, pipeline = Scorer(bundle), fit_pipeline(small.table, small.won)
    leads = [{str(name): value for name, value in row.items()} for row in small.table.head(1000).to_dict("records")]
    texts = [{name: "" if pd.isna(value) else str(value) for name, value in lead.items()} for lead in leads]
    frames = [small.table.iloc[[i]] for i in range(20)]
    groups: dict[str, tuple[Callable[[], Any], int]] = {
        "leadqual, all reasons, from a dict": (partial(_each, scorer.score_one, leads), 15),
        "leadqual, the same, every value text": (partial(_each, scorer.score_one, texts), 15),
        "scikit-learn pipeline, from a ready one-row DataFrame": (partial(_each, pipeline.predict_proba, frames), 5),
        "scikit-learn pipeline, from a dict": (
            partial(_each, partial(_from_dict, pipeline, small.table), leads[:20]),
            5,
        ),
    }
    for peer in (LIGHTGBM, EBM):
        if peer.available:
            scores = peer.learn(small.table, small.won)
            groups[f"{peer.name}, from a ready one-row DataFrame"] = (partial(_each, scores, frames), 5)
    timings = in_turns(groups)
    each = {name: (timing.least / timing.result, timing.median / timing.result) for name, timing in timings.items()}
    own = each["leadqual, all reasons, from a dict"][0]
    rows = [[n, f"{least * 1e6:.1f}", f"{mid * 1e6:.1f}", f"{least / own:.1f}"] for n, (least, mid) in each.items()]
    head = ["", "microseconds, fastest run", "median run", "times leadqual from a dict"]
    return f"One lead of {FIELDS} fields", head, rows + _missing((LIGHTGBM, EBM), 3)


def _each(job: Callable[[Any], Any], leads: list[Any]) -> int:
    for lead in leads:
        job(lead)
    return len(leads)


def _from_dict(pipeline: Any, like: pd.DataFrame, lead: dict[str, object]) -> Any:
    return pipeline.predict_proba(pd.DataFrame([lead]).astype(like.dtypes.to_dict()))


def _starts(bundle: Bundle) -> Section:
    _progress("fresh processes")
    timings = starts(bundle)
    rows = []
    for name, timing in timings.items():
        beyond = timing.median - timings["bare, " + name.split(", ")[1]].median
        rows.append([name, f"{timing.median * 1e3:.0f}", f"{beyond * 1e3:.0f}", str(len(timing.seconds))])
    return "A fresh process to the first score", ["", "milliseconds, median", "beyond the bare one", "runs"], rows


def _same() -> Section:
    _progress("the same bytes")
    found = digests_of_processes(10_000)
    verdict = "the same bytes" if len(set(found)) == 1 else "DIFFERENT bytes"
    rows = [["train() on the same 10,000 leads and seed in two processes with other hash seeds", verdict]]
    return "Same inputs, same bytes", ["", ""], rows


def _missing(peers: tuple[Peer, ...], blanks: int) -> Rows:
    return [[p.name, f"{p.package} is not installed", *[""] * (blanks - 1)] for p in peers if not p.available]


def _seconds(timing: Timing) -> tuple[str, str]:
    runs = len(timing.seconds)
    return f"{timing.least:.2f}", f"{timing.greatest:.2f} ({runs})" if runs > 1 else "one run"


def _plain(section: Section) -> dict[str, object]:
    title, head, rows = section
    return {"title": title, "rows": [dict(zip(["what", *head[1:]], row, strict=True)) for row in rows]}


def _told(count: int, name: str, job: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        _progress(f"{count:,} leads: {name}")
        return job()

    return run


def _progress(what: str) -> None:
    print(f"... {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
