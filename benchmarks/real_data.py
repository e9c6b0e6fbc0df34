"""The last quarter in time of real leads: whole points in at most six bands, beside peers and the prototype.

LEADQUAL_REAL_DATA=... python -m benchmarks.real_data
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
from sklearn.metrics import log_loss, roc_auc_score

from benchmarks.machine import described, table
from benchmarks.real_leads import by_time
from leadqual.bundle.values import MISSING_VALUES
from leadqual.learners.yardsticks import YARDSTICKS
from leadqual.scorecard import ScorecardClassifier

# EVIDENCE of the project's start: a prototype of this scorecard on the same split, log loss and AUC.
PROTOTYPE = {"xeducation": (0.4121, 0.887), "olist": (0.2691, 0.711)}


def main() -> None:
    """Print a table for each data set."""
    folder = os.environ.get("LEADQUAL_REAL_DATA")
    if not folder:
        sys.exit("LEADQUAL_REAL_DATA is not set; point it at the folder of real lead data.")
    print(described())
    for name, quoted in PROTOTYPE.items():
        print(f"\n{name}\n\n{_measured(Path(folder), name, quoted)}")


def _measured(folder: Path, name: str, quoted: tuple[float, float]) -> str:
    leads, won, features = by_time(folder, name)
    cut = len(won) - len(won) // 4
    early, late, later = leads[:cut], leads[cut:], won[cut:]
    card = ScorecardClassifier(features).fit(early, won[:cut], created_at=np.arange(cut))
    bands = max(len(field.bands) for field in card.points_table_.fields)
    rows = [_row(f"leadqual, whole points, at most {bands} bands", later, card.predict_proba(late)[:, 1])]
    rows.append(["prototype (quoted)", f"{quoted[0]:.4f}", f"{quoted[1]:.3f}"])
    rows.append(_row("base rate", later, np.full(len(later), won[:cut].mean())))
    for peer in YARDSTICKS.values():
        if peer.available:
            said = peer.fit(early, won[:cut].astype(float), features, MISSING_VALUES)(late)
            rows.append(_row(peer.name, later, said))
        else:
            rows.append([peer.name, "not installed", ""])
    return table(["", "log loss", "AUC"], rows)


def _row(name: str, won: np.ndarray, probability: np.ndarray) -> list[str]:
    return [name, f"{log_loss(won, probability):.4f}", f"{roc_auc_score(won, probability):.3f}"]


if __name__ == "__main__":
    main()
