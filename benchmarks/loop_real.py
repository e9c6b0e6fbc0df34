"""The loop on real leads, as if each month were live: beside never retraining, and blind retraining every month.

LEADQUAL_REAL_DATA=... python -m benchmarks.loop_real
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.machine import described, table
from benchmarks.real_leads import by_time
from benchmarks.validity_loop import scored_rows
from leadqual.bundle import Bundle
from leadqual.feedback import lead_standing
from leadqual.leads import Schema, read_leads
from leadqual.monitoring import calibration_decay, growth, held_ranking, matured_leads, ranking_decay
from leadqual.retraining import decide, gather_experience, retrain
from leadqual.training import train

__all__ = ["Live", "live", "main"]

_START = pd.Timestamp("2026-01-01")
_MONTH, _WINDOW = 30, 29
_PERIODS, _FIRST = 16, 4
_CAPACITY = 0.2


@dataclass(slots=True)
class Live:
    """One way to run a model, over the months in which it was live.

    Parameters
    ----------
    loss
        Log loss of each lead, nats, as they came.
    caught
        Wins among the best fifth of each month.
    changes
        How often the model was replaced.
    """

    loss: list[np.ndarray] = field(default_factory=list)
    caught: int = 0
    changes: int = 0


def live(values: pd.DataFrame, won: np.ndarray, features: tuple) -> dict[str, Live]:
    """Run three ways through the months of one data set; a month's outcomes are known when the next one begins.

    The sets' own months are too few, so leads in time order are cut into 16 equal parts, which stand for months; the
    first four are what the first model learns from.
    """
    schema = Schema(features, outcome="won", won=("1",), lost=("0",), id="id", order="n")
    whole = values.assign(won=won.astype(int).astype(str), n=np.arange(len(won)), id=[f"L{i}" for i in range(len(won))])
    leads = read_leads(whole, schema).table
    edges = np.linspace(0, len(won), _PERIODS + 1).astype(int)

    def trained(end: int) -> Bundle:
        return train(read_leads(whole.iloc[:end], schema), name="demo", force=True).bundle

    first = trained(edges[_FIRST])
    models = {"never": first, "blind": first, "loop": first}
    kept: list[pd.DataFrame] = []
    bundles = {first.digest: first}
    found = {name: Live() for name in models}
    for month in range(_FIRST, _PERIODS):
        rows = np.arange(edges[month], edges[month + 1])
        times = pd.Series(_START + pd.to_timedelta(_MONTH * (month + (rows - rows[0]) / len(rows)), unit="D"))
        part, y = leads.iloc[rows], won[rows]
        for name, model in models.items():
            scored = scored_rows(model, part, times)
            p = scored["probability"].to_numpy()
            found[name].loss.append(-np.log(np.where(y == 1, p, 1 - p)))
            best = np.argsort(-scored["points"].to_numpy(), kind="stable")[: round(_CAPACITY * len(rows))]
            found[name].caught += int(y[best].sum())
            if name == "loop":
                scored["outcome"] = np.where(y == 1, "won", "lost")
                scored["closed_at"] = (times + pd.Timedelta(days=1)).where(y == 1)
                kept.append(scored)
        models["blind"] = trained(edges[month + 1])
        found["blind"].changes += 1
        turned = _turn(models["loop"], pd.concat(kept, ignore_index=True), bundles, month)
        found["loop"].changes += turned.digest != models["loop"].digest
        models["loop"] = bundles[turned.digest] = turned
    return found


def _turn(champion: Bundle, history: pd.DataFrame, bundles: dict[str, Bundle], month: int) -> Bundle:
    as_of = str(_START + pd.Timedelta(days=_MONTH * (month + 2)))
    mine = history[history["bundle"] == champion.digest]
    standing = lead_standing(mine, window_days=_WINDOW, as_of=as_of)
    cohort = matured_leads(mine, standing)
    watched = (calibration_decay(cohort), ranking_decay(cohort, expected=held_ranking(champion)))
    more = growth(champion, mine, standing, as_of=as_of).severity == "warning"
    if not more and not any(finding.severity == "alarm" for finding in watched):
        return champion
    experience = gather_experience(history, bundles, window_days=_WINDOW, as_of=as_of)
    retrained = retrain(champion, experience)
    best, evidence = retrained.challengers[retrained.best], retrained.evidence[retrained.best]
    return best.bundle if decide(champion, best.bundle, evidence).verdict == "propose" else champion


def main() -> None:
    """Run both sets that have a signal."""
    print(described())
    folder = Path(os.environ["LEADQUAL_REAL_DATA"])
    rows = []
    for name in ("xeducation", "olist"):
        for way, run in live(*by_time(folder, name)).items():
            rows.append([name, way, f"{np.concatenate(run.loss).mean():.4f}", str(run.caught), str(run.changes)])
    print(table(["set", "way", "log loss", "wins at 20 %", "changes"], rows))


if __name__ == "__main__":
    main()
