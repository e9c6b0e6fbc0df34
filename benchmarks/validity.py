"""Whether promises hold: many simulated worlds, each with its own outcomes, judged by the truth.

python -m benchmarks.validity precision      # a promised win rate
python -m benchmarks.validity interval       # the interval of a probability, overall and by segment
python -m benchmarks.validity signal         # refusing noise, and not refusing a signal (slow)
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import joblib
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit

from benchmarks.interval_worlds import SHAPES, Coverage, card_worlds, curve_worlds
from benchmarks.machine import described, table
from leadqual.errors import EvidenceError
from leadqual.leads import Feature, Leads, Schema, read_leads
from leadqual.thresholds import certify_precision
from leadqual.training import train

__all__ = ["main", "precision_worlds", "signal_worlds"]

PRECISION, FEASIBLE, BASE_RATES = 0.30, 0.115, (0.05, 0.08, 0.12)
_MANY = 400_000
_UNIT = np.log(2) / 20


@dataclass(frozen=True, slots=True)
class Kept:
    """How often a promise was made and broken.

    Parameters
    ----------
    outcomes, worlds, base_rate
        Outcomes in each world, how many worlds, and the share of leads that win.
    broken
        Share of worlds in which the certified threshold's true win rate is below the promise.
    none
        Share of worlds in which nothing was certified.
    share
        Mean share of leads certified, those without counting as 0.
    """

    outcomes: int
    worlds: int
    base_rate: float
    broken: float
    none: float
    share: float


def precision_worlds(outcomes: int, *, worlds: int, base_rate: float = 0.12, seed: int = 0) -> Kept:
    """Promise 30 % where the best 11.5 % of leads truly win 30 % of the time, and ``base_rate`` of all do."""
    points, truth = _population(base_rate)
    order = np.argsort(-points, kind="stable")
    distinct, first = np.unique(-points[order], return_index=True)
    reached = np.append(first[1:], len(points))
    precise = dict(zip((-distinct).tolist(), (np.cumsum(truth[order])[reached - 1] / reached).tolist(), strict=True))
    shares = dict(zip((-distinct).tolist(), (reached / len(points)).tolist(), strict=True))
    rng = np.random.default_rng(seed)
    broken, found = 0, []
    for _ in range(worlds):
        rows = rng.integers(0, len(points), outcomes)
        won = rng.random(outcomes) < truth[rows]
        promise = certify_precision(points[rows], won.astype(float), precision=PRECISION)
        if promise.points is not None:
            broken += precise[promise.points] < PRECISION
            found.append(shares[promise.points])
    return Kept(outcomes, worlds, base_rate, broken / worlds, 1 - len(found) / worlds, float(np.sum(found)) / worlds)


def signal_worlds(outcomes: int, *, worlds: int, auc: float, seed: int = 0) -> float:
    """Return the share of worlds in which training would accept the fields as predictive.

    Six fields, of which one ranks with the AUC given and the others say nothing; 20 % of leads win.
    """
    weight = 0.0 if auc == 0.5 else float(brentq(lambda w: _auc(w) - auc, 0.0, 5.0))
    start = float(brentq(lambda a: expit(a + weight * _normal()).mean() - 0.2, -10, 10))
    accepted = 0
    for world in range(worlds):
        rng = np.random.default_rng([seed, world])
        fields: dict[str, object] = {f"number {i}": rng.normal(size=outcomes) for i in range(4)}
        fields |= {f"category {i}": rng.choice(list("abcdef"), outcomes) for i in range(2)}
        won = rng.random(outcomes) < expit(start + weight * np.asarray(fields["number 0"]))
        columns = pd.DataFrame(fields).assign(won=np.where(won, "1", "0"), row=np.arange(outcomes))
        features = tuple(Feature(name, "numeric" if name[0] == "n" else "category") for name in fields)
        leads = read_leads(columns, Schema(features, outcome="won", won=("1",), lost=("0",), order="row"))
        accepted += _is_accepted(leads)
    return accepted / worlds


def _is_accepted(leads: Leads) -> bool:
    """Return whether training gives a bundle, or refuses as the fields do not predict outcomes."""
    try:
        train(leads, name="world")
    except EvidenceError:
        return False
    return True


def main() -> None:
    """Run what is asked for, and print Markdown tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.validity", description=__doc__.split("\n\n")[0])
    parser.add_argument("what", choices=["precision", "interval", "signal"])
    parser.add_argument("--worlds", type=int, default=None)
    chosen = parser.parse_args()
    print(described())
    if chosen.what == "precision":
        _print_precision(chosen.worlds or 1000)
    elif chosen.what == "interval":
        _print_interval(chosen.worlds or 200)
    else:
        worlds = chosen.worlds or 200
        rows = [[f"{auc:.2f}", f"{signal_worlds(2000, worlds=worlds, auc=auc):.1%}"] for auc in (0.5, 0.65)]
        print(table(["true AUC, 2,000 outcomes", "accepted"], rows))


def _print_precision(worlds: int) -> None:
    found = [precision_worlds(n, worlds=worlds, base_rate=rate) for rate in BASE_RATES for n in (500, 2000, 5000)]
    rows = [
        [f"{one.base_rate:.0%}", f"{one.outcomes:,}", f"{one.broken:.1%}", f"{one.none:.1%}", f"{one.share:.1%}"]
        for one in found
    ]
    print(
        table(["leads that win", "outcomes", "promise broken", "nothing certified", "share of leads certified"], rows)
    )


def _print_interval(worlds: int) -> None:
    jobs = [(shape, rate, n) for shape in SHAPES for rate in (0.03, 0.12, 0.3) for n in (500, 2000, 5000)]
    found = joblib.Parallel(n_jobs=2)(
        joblib.delayed(curve_worlds)(shape, base_rate=rate, outcomes=n, worlds=worlds) for shape, rate, n in jobs
    )
    head = ["win rate by points", "leads that win", "outcomes", "covered", *found[0].segments, "mean width"]
    rows = [[shape, f"{rate:.0%}", f"{n:,}", *_covered(one)] for (shape, rate, n), one in zip(jobs, found, strict=True)]
    print(table(head, rows))
    fewer = max(worlds // 4, 1)
    whole = joblib.Parallel(n_jobs=2)(joblib.delayed(card_worlds)(n, worlds=fewer) for n in (500, 2000, 5000))
    print(f"\nPoints learned too, {fewer} worlds each:\n")
    rows = [[f"{n:,}", *_covered(one)] for n, one in zip((500, 2000, 5000), whole, strict=True)]
    print(table(["outcomes", "covered", *whole[0].segments, "mean width"], rows))


def _covered(one: Coverage) -> list[str]:
    return [f"{share:.1%}" for share in (one.overall, *one.segments.values(), one.width)]


def _population(base_rate: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    rng = np.random.default_rng(12345)
    normal = rng.normal(size=_MANY)

    def start(weight: float) -> float:
        return float(brentq(lambda a: expit(a + weight * normal).mean() - base_rate, -15, 5))

    best = normal >= np.quantile(normal, 1 - FEASIBLE)
    weight = float(brentq(lambda w: expit(start(w) + w * normal)[best].mean() - PRECISION, 0.1, 4.0))
    logits = start(weight) + weight * normal
    return np.rint(100 + logits / _UNIT).astype(np.int64), expit(logits)


def _normal() -> NDArray[np.float64]:
    return np.random.default_rng(1).normal(size=100_000)


def _auc(weight: float) -> float:
    normal = _normal()
    truth = expit(-1.4 + weight * normal)
    order = np.argsort(normal)
    lost_below = np.cumsum(1 - truth[order])
    return float((truth[order] * lost_below).sum() / (truth.sum() * (1 - truth).sum()))


if __name__ == "__main__":
    main()
