"""Whether promises hold where leads belong to companies: each world simulated with and without accounts.

python -m benchmarks.validity_accounts drift      # LQ601 and LQ602: three leads a company and day, nothing changed
python -m benchmarks.validity_accounts decay      # LQ604 to LQ606: outcomes alike within a company, nothing changed
python -m benchmarks.validity_accounts stranger   # one account that is 30 % of the history
python -m benchmarks.validity_accounts interval   # the interval of a probability
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from benchmarks.machine import described, table
from leadqual.bundle import Bundle
from leadqual.bundle.field_points import Band, FieldPoints
from leadqual.bundle.points_table import PointsTable
from leadqual.calibration import fit_curve
from leadqual.monitoring import base_rate_shift, calibration_decay, input_drift, new_values, ranking_decay
from leadqual.monitoring.belonging import counting
from leadqual.monitoring.cohort import Cohort
from leadqual.scorecard import ScorecardClassifier

__all__ = ["decay_worlds", "drift_worlds", "interval_worlds", "main", "stranger_worlds"]

Floats = NDArray[np.float64]
SHARES = np.array([0.3, 0.25, 0.2, 0.15, 0.07, 0.03])
_UNIT = np.log(2) / 20
_START = pd.Timestamp("2025-01-06")


def drift_worlds(bundle: Bundle, *, worlds: int, company: int, counted: str, weeks: int = 52, seed: int = 0) -> float:
    """Return the share of years of weekly looks with a finding of LQ601 or LQ602 where nothing has changed.

    Sixty leads a week in six fields; each company sends ``company`` equal leads on one day.

    Parameters
    ----------
    bundle
        Any, for the parts that are not watched here.
    counted
        ``"accounts"``, ``"days"`` (no account is known, repeats are looked for), or ``"rows"``.
    """
    found = 0
    for world in range(worlds):
        rng = np.random.default_rng([seed, world])
        learned = 3000
        draws = rng.multinomial(learned // company, SHARES, size=6) / (learned // company)
        fields = tuple(
            FieldPoints(
                f"f{i}",
                "numeric" if i % 2 else "category",
                tuple(Band(f"b{k}", 0, float(share), other=k == 5 and not i % 2) for k, share in enumerate(one)),
            )
            for i, one in enumerate(draws)
        )
        settings = (("accounts", str(learned // company)),) if counted == "accounts" else ()
        watched = replace(
            bundle,
            points_table=PointsTable(fields),
            provenance=replace(bundle.provenance, mature=learned, settings=settings),
        )
        history = _scored(rng, weeks * 60 // company, company, weeks)
        found += any(_drifted(watched, look, history, counted) for look in _looks(weeks))
    return found / worlds


def _scored(rng: np.random.Generator, companies: int, company: int, weeks: int) -> pd.DataFrame:
    codes = np.repeat(rng.choice(len(SHARES), p=SHARES, size=(companies, 6)), company, axis=0)
    day = np.repeat(np.sort(rng.integers(0, weeks * 7, companies)), company)
    return pd.DataFrame(
        {
            "scored_at": _START + pd.to_timedelta(day, unit="D"),
            "account": np.repeat([f"a{i}" for i in range(companies)], company),
            "codes": [tuple(row) for row in codes.tolist()],
        }
    )


def _looks(weeks: int) -> Iterator[pd.Timestamp]:
    for week in range(4, weeks + 1):
        yield _START + pd.Timedelta(weeks=week)


def _drifted(bundle: Bundle, now: pd.Timestamp, history: pd.DataFrame, counted: str) -> bool:
    known = history[history["scored_at"] < now]
    recent = known[known["scored_at"] >= now - pd.Timedelta(days=28)]
    way = None if counted == "rows" else counting(known, recent, 6, by_account=counted == "accounts")
    findings = [*input_drift(bundle, recent, counted=way), *new_values(bundle, recent, counted=way)]
    return any(one.severity in ("warning", "alarm") for one in findings)


def decay_worlds(
    *, worlds: int, company: int, alike: float, counted: str, shift: float = 0.0, weeks: int = 104, seed: int = 0
) -> tuple[float, float, float]:
    """Return the share of histories of two years in which LQ604, LQ605 and LQ606 each found a change.

    Parameters
    ----------
    company
        Leads that a company sends on one day.
    alike
        Share of companies whose leads all end alike; the others' end independently.
    counted
        ``"accounts"``, ``"days"`` or ``"rows"``.
    shift
        By how much all log-odds change after a year; 0: nothing does.
    """
    found = np.zeros(3)
    base = float(expit(np.random.default_rng(1).normal(-1.7, 0.8, 200_000)).mean())
    for world in range(worlds):
        rng = np.random.default_rng([seed, world])
        companies = weeks * 30 // company
        day = np.sort(rng.integers(0, weeks * 7, companies))
        logit = rng.normal(-1.7, 0.8, companies)
        p = np.repeat(expit(logit), company)
        true = np.repeat(expit(logit + shift * (day >= weeks * 7 / 2)), company)
        shared = np.repeat(rng.random(companies) < alike, company)
        own, all_of = rng.random(len(p)), np.repeat(rng.random(companies), company)
        won = (np.where(shared, all_of, own) < true) * 1.0
        days = np.repeat(day, company)
        cohort = Cohort(
            points=np.rint(100 + np.log(p / (1 - p)) / _UNIT).astype(np.int64),
            probability=p,
            won=won,
            week=days // 7,
            basis="all",
            account=np.repeat(np.arange(companies), company) if counted == "accounts" else None,
            day=days if counted != "rows" else None,
        )
        checks = (base_rate_shift(cohort, base), calibration_decay(cohort), ranking_decay(cohort, expected=0.68))
        found += [one.severity in ("warning", "alarm") for one in checks]
    first, second, third = (float(one) for one in found / worlds)
    return first, second, third


def stranger_worlds(*, worlds: int, with_account: bool, rate: float = 0.5, seed: int = 0) -> Floats:
    """Return what is predicted for a stranger in the industry of an account that is 30 % of the history, (worlds,).

    Of 5,000 leads 1,500 are one account's, which wins at ``rate``; 200 others are of its industry. Strangers win 8 % of
    the time in every industry.
    """
    predicted = np.empty(worlds)
    for world in range(worlds):
        rng = np.random.default_rng([seed, world])
        industry = rng.choice(list("ABCDEFGH"), 5000)
        industry[:1700] = "X"
        chance = np.where(np.arange(5000) < 1500, rate, 0.08)
        account = np.where(np.arange(5000) < 1500, "the large one", np.arange(5000).astype("U"))
        leads = pd.DataFrame({"industry": industry, "source": rng.choice(list("pqr"), 5000)})
        card = ScorecardClassifier().fit(
            leads,
            (rng.random(5000) < chance) * 1,
            created_at=rng.random(5000) * 700,
            account=account if with_account else None,
        )
        predicted[world] = card.predict_proba(pd.DataFrame({"industry": ["X"], "source": ["p"]}))[0, 1]
    return predicted


def interval_worlds(
    *, worlds: int, company: int, alike: float, with_account: bool, seed: int = 0
) -> tuple[float, float]:
    """Return the coverage of 95 % intervals at 15 numbers of points, and their mean width, with 1,500 leads."""
    at = np.arange(65, 136, 5)
    truth = expit((at - 100) * _UNIT - 1.5)
    held, width = [], []
    for world in range(worlds):
        rng = np.random.default_rng([seed, world])
        companies = 1500 // company
        points = np.repeat(rng.integers(60, 141, companies), company)
        account = np.repeat(np.arange(companies), company)
        shared = np.repeat(rng.random(companies) < alike, company)
        draw = np.where(shared, np.repeat(rng.random(companies), company), rng.random(len(points)))
        won = (draw < expit((points - 100) * _UNIT - 1.5)) * 1.0
        curve = fit_curve(points, won, base_rate=0.2, account=account if with_account else None)
        ends = np.array([curve.at(int(one))[1:] for one in at])
        held.append(np.mean((ends[:, 0] <= truth) & (truth <= ends[:, 1])))
        width.append(np.mean(ends[:, 1] - ends[:, 0]))
    return float(np.mean(held)), float(np.mean(width))


def main() -> None:
    """Run what is asked for, and print Markdown tables."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.validity_accounts", description=__doc__.split("\n\n")[0]
    )
    parser.add_argument("what", choices=["drift", "decay", "stranger", "interval"])
    parser.add_argument("--worlds", type=int, default=None)
    chosen = parser.parse_args()
    print(described())
    {"drift": _drift, "decay": _decay, "stranger": _stranger, "interval": _interval}[chosen.what](chosen.worlds)


def _table(head: list[str], rows: list[list[object]]) -> str:
    return table(head, [[str(cell) for cell in row] for row in rows])


def _drift(worlds: int | None) -> None:
    bundle = Bundle.load(Path(__file__).parents[1] / "models" / "sample.json")
    rows: list[list[object]] = [
        [company, counted, f"{drift_worlds(bundle, worlds=worlds or 20, company=company, counted=counted):.1%}"]
        for company in (1, 3)
        for counted in ("rows", "days", "accounts")
    ]
    print(_table(["leads a company and day", "counted", "years with LQ601 or LQ602"], rows))


def _decay(worlds: int | None) -> None:
    rows: list[list[object]] = []
    for company, alike, shift in ((1, 0.0, 0.0), (3, 0.5, 0.0), (3, 1.0, 0.0), (3, 0.5, 0.9)):
        for counted in ("rows", "days", "accounts"):
            found = decay_worlds(worlds=worlds or 100, company=company, alike=alike, counted=counted, shift=shift)
            rows.append([company, f"{alike:.0%}", shift, counted, *(f"{one:.1%}" for one in found)])
    print(_table(["leads a company", "alike", "shift after a year", "counted", "LQ604", "LQ605", "LQ606"], rows))


def _stranger(worlds: int | None) -> None:
    rows: list[list[object]] = []
    for rate in (0.5, 0.16, 0.08):
        for with_account in (False, True):
            predicted = stranger_worlds(worlds=worlds or 10, with_account=with_account, rate=rate)
            rows.append(
                [
                    f"{rate:.0%}",
                    with_account,
                    f"{predicted.mean():.1%}",
                    f"{predicted.min():.1%} to {predicted.max():.1%}",
                ]
            )
    print(_table(["the account wins", "accounts known", "predicted for strangers (true 8 %)", "from, to"], rows))


def _interval(worlds: int | None) -> None:
    rows: list[list[object]] = []
    for company, alike in ((1, 0.0), (3, 0.0), (3, 0.5), (3, 1.0), (8, 0.0), (8, 1.0)):
        for with_account in (False, True):
            held, width = interval_worlds(worlds=worlds or 60, company=company, alike=alike, with_account=with_account)
            rows.append([company, f"{alike:.0%}", with_account, f"{held:.1%}", f"{width:.3f}"])
    print(_table(["leads a company", "alike", "accounts known", "coverage of 95 %", "width"], rows))


if __name__ == "__main__":
    main()
