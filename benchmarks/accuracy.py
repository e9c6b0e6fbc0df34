"""How well whole points predict later leads, beside what else could be used: the last quarter, and walking forward.

LEADQUAL_REAL_DATA=... python -m benchmarks.accuracy [DATA SET ...]
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import log_loss, roc_auc_score

from benchmarks.accuracy_peers import ACCURACY_PEERS
from benchmarks.leadforge_leads import TIERS, leadforge_leads
from benchmarks.machine import described, table
from benchmarks.real_leads import by_time
from leadqual.bundle.values import MISSING_VALUES
from leadqual.leads import Feature, forward_folds
from leadqual.learners.yardsticks import YARDSTICKS
from leadqual.scorecard import ScorecardClassifier

__all__ = ["Accuracy", "History", "measured", "measured_rows"]

Floats = NDArray[np.float64]

CARD = "leadqual, whole points"
PEERS = YARDSTICKS | ACCURACY_PEERS
# EVIDENCE of the project's start: a prototype of this scorecard on the same last quarters, log loss and AUC.
PROTOTYPE = {"xeducation": (0.4121, 0.887), "olist": (0.2691, 0.711)}
_BLOCKS = 5


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Leads of one data set in time order.

    Parameters
    ----------
    leads
        Raw values of n leads.
    won
        Outcome of each, 1 or 0, (n,).
    features
        What may be learned from.
    """

    leads: pd.DataFrame
    won: NDArray[np.int64]
    features: tuple[Feature, ...]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How well one learner predicted.

    Parameters
    ----------
    name
        Who predicted.
    last_quarter, walked
        Log loss on the last quarter, and on all later blocks together; nats per lead.
    auc, walked_auc
        Area under the ROC curve of the same predictions.
    """

    name: str
    last_quarter: float
    auc: float
    walked: float
    walked_auc: float


def main() -> None:
    """Print a table for each data set."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__.split("\n\n")[0])
    parser.add_argument(
        "names", nargs="*", metavar="DATA SET", help="xeducation, olist, or leadforge-TIER; default all"
    )
    parser.add_argument("--leads", type=int, default=5000, help="leads of each leadforge tier")
    chosen = parser.parse_args()
    sources = _sources(chosen.leads)
    unknown = set(chosen.names) - set(sources)
    if unknown:
        sys.exit(f"{', '.join(sorted(unknown))}: no such data set; there are {', '.join(sources)}.")
    missing = [name for name, peer in PEERS.items() if not peer.available]
    print(described() + (f" Not installed: {', '.join(missing)}." if missing else ""))
    for name in chosen.names or sources:
        print(f"\n{name}\n\n{_shown(name, measured(sources[name]()))}", flush=True)


def measured(history: History, *, peers: Mapping[str, object] = PEERS, n_jobs: int = 2) -> list[Accuracy]:
    """Let everyone learn from the first three quarters, and from what is before each of five later blocks."""
    cut = len(history.won) - len(history.won) // 4
    splits = [(np.arange(cut), np.arange(cut, len(history.won)))]
    splits += forward_folds(np.arange(len(history.won)), folds=_BLOCKS)
    who = [CARD, "base rate", *(name for name in peers if PEERS[name].available)]
    jobs = [(name, split) for name in who for split in splits]
    predicted = joblib.Parallel(n_jobs=n_jobs)(
        joblib.delayed(_predicted)(history, name, *split) for name, split in jobs
    )
    per_split = len(splits)
    later = np.concatenate([rows for _, rows in splits[1:]])
    return [
        _accuracy(name, history.won, splits[0][1], later, predicted[k * per_split : (k + 1) * per_split])
        for k, name in enumerate(who)
    ]


def measured_rows(found: list[Accuracy]) -> list[list[str]]:
    """Return the rows of the Markdown table; the distance is to the best of all in per cent of its log loss."""
    best, best_walked = min(one.last_quarter for one in found), min(one.walked for one in found)
    return [
        [
            one.name,
            f"{one.last_quarter:.4f}",
            f"{one.last_quarter / best - 1:+.1%}",
            f"{one.auc:.3f}",
            f"{one.walked:.4f}",
            f"{one.walked / best_walked - 1:+.1%}",
            f"{one.walked_auc:.3f}",
        ]
        for one in found
    ]


def _shown(name: str, found: list[Accuracy]) -> str:
    rows = measured_rows(found)
    if name in PROTOTYPE:
        quoted, auc = PROTOTYPE[name]
        rows.insert(1, ["prototype (quoted)", f"{quoted:.4f}", "", f"{auc:.3f}", "", "", ""])
    return table(["", "last quarter: log loss", "to the best", "AUC", "walking: log loss", "to the best", "AUC"], rows)


def _predicted(history: History, name: str, earlier: NDArray[np.int64], later: NDArray[np.int64]) -> Floats:
    """Return what one learner, in a process of its own, says about the later rows."""
    early, won = history.leads.iloc[earlier], history.won[earlier]
    late = history.leads.iloc[later]
    if name == "base rate":
        return np.full(len(later), won.mean())
    if name == CARD:
        card = ScorecardClassifier(history.features).fit(early, won, created_at=np.arange(len(won)))
        return np.asarray(card.predict_proba(late)[:, 1])
    with warnings.catch_warnings():
        # peers warn about what their own dependencies will change
        warnings.simplefilter("ignore")
        return PEERS[name].fit(early, won.astype(np.float64), history.features, MISSING_VALUES)(late)


def _accuracy(
    name: str, won: NDArray[np.int64], last: NDArray[np.int64], later: NDArray[np.int64], predicted: list[Floats]
) -> Accuracy:
    walked = np.concatenate(predicted[1:])
    return Accuracy(
        name,
        last_quarter=float(log_loss(won[last], predicted[0])),
        auc=float(roc_auc_score(won[last], predicted[0])),
        walked=float(log_loss(won[later], walked)),
        walked_auc=float(roc_auc_score(won[later], walked)),
    )


def _sources(leads: int) -> dict[str, Callable[[], History]]:
    folder = os.environ.get("LEADQUAL_REAL_DATA")
    sources: dict[str, Callable[[], History]] = {}
    if folder:
        sources |= {name: lambda name=name: History(*by_time(Path(folder), name)) for name in PROTOTYPE}
    else:
        print("LEADQUAL_REAL_DATA is not set: without the real data sets.", file=sys.stderr)
    if importlib.util.find_spec("leadforge"):
        sources |= {f"leadforge-{tier}": lambda tier=tier: History(*leadforge_leads(tier, leads)) for tier in TIERS}
    else:
        print('leadforge is not installed (pip install -e ".[bench]"): without its tiers.', file=sys.stderr)
    return sources


if __name__ == "__main__":
    main()
