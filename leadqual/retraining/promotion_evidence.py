"""The evidence for a promotion: champion and challenger on the same matured leads, which neither has seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leadqual.evaluation import resamples, time_blocks
from leadqual.leads.accounts import Correlation, correlation
from leadqual.measures import log_losses

__all__ = ["PromotionEvidence", "SegmentCheck", "promotion_evidence"]

Floats = NDArray[np.float64]
_MIN_IN_SEGMENT = 50


@dataclass(frozen=True, slots=True)
class SegmentCheck:
    """How a challenger's promises came true in one part of the business.

    Parameters
    ----------
    field, value
        The segment.
    leads
        How many of the leads are in it.
    predicted, actual
        Wins promised and wins that came.
    low, high
        95 % interval of predicted / actual; None where nothing was won.
    champion
        Wins that the champion promised there; None where that is unknown.
    """

    field: str
    value: str
    leads: int
    predicted: float
    actual: float
    low: float | None
    high: float | None
    champion: float | None = None

    @property
    def nearer(self) -> bool:
        """Whether the challenger's promise was nearer to what came than the champion's."""
        return _nearer(self.predicted, self.champion, self.actual)


@dataclass(frozen=True, slots=True)
class PromotionEvidence:
    """What a decision rests on.

    Parameters
    ----------
    leads, wins
        Matured leads that both were judged on, and wins among them.
    difference, low, high
        Log loss of the challenger less that of the champion, nats a lead (below 0: the challenger is better), and its
        interval at ``level`` by block bootstrap in time, both on the same drawn leads.
    level
        Of that interval; above 0.95 where several challengers were tried.
    ratio, ratio_low, ratio_high
        Predicted over actual wins of the challenger with its 95 % interval; None where nothing was won.
    slope, slope_low, slope_high
        Slope of outcomes on the challenger's log-odds: 1 where they are as far apart as they should be.
    point_change
        Most points by which a band differs from the champion's.
    segments
        Parts of the business with at least 50 of the leads.
    basis
        Which leads it holds for: ``"random"`` (all), ``"worked"`` (leads like those that were worked) or ``"all"`` (all
        that were to be worked, as the ledger does not say which were).
    champion_ratio, champion_ratio_low, champion_ratio_high
        Predicted over actual wins of the champion with its 95 % interval; None where nothing was won, or it is unknown.
    """

    leads: int
    wins: int
    difference: float
    low: float
    high: float
    level: float
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    slope: float
    slope_low: float
    slope_high: float
    point_change: int
    segments: tuple[SegmentCheck, ...]
    basis: str
    champion_ratio: float | None = None
    champion_ratio_low: float | None = None
    champion_ratio_high: float | None = None

    @property
    def nearer(self) -> bool:
        """Whether the challenger's promises came nearer to what came, over all leads, than the champion's."""
        return self.ratio is not None and _nearer(self.ratio, self.champion_ratio, 1.0)

    @property
    def more_needed(self) -> int | None:
        """About how many more outcomes would settle a difference of this size; None where more would not help."""
        if self.high < 0 or self.low > 0 or self.difference >= 0:
            return None
        half = (self.high - self.low) / 2
        return int(np.ceil(self.leads * ((half / self.difference) ** 2 - 1) / 10) * 10) or 10


def promotion_evidence(
    won: Floats,
    champion: Floats,
    challenger: Floats,
    time: Floats,
    *,
    point_change: int = 0,
    segments: Mapping[str, NDArray] | None = None,
    account: NDArray[np.int64] | None = None,
    basis: str = "random",
    tried: int = 1,
    repetitions: int = 2000,
    seed: int = 0,
) -> PromotionEvidence:
    """Compare two sets of probabilities on the same leads.

    Parameters
    ----------
    won
        Outcomes of n matured leads, 1 or 0, (n,).
    champion, challenger
        What each said of them before they ended, (n,).
    time
        When they were scored, days, (n,).
    point_change
        See `PromotionEvidence`.
    segments
        For each field the value of each lead, (n,).
    account
        Number of each lead's account, (n,): its leads are drawn together, and count in the intervals of slope and
        segments by how alike their outcomes are. None: leads are independent.
    basis
        Which leads it holds for: ``"random"`` (all), ``"worked"`` (leads like those that were worked) or ``"all"`` (all
        that were to be worked, as the ledger does not say which were).
    tried
        How many challengers compete: the interval is Bonferroni's for so many.
    repetitions, seed
        Of the bootstrap.

    Raises
    ------
    EvidenceError
        When all leads are of one time.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> p = rng.uniform(0.05, 0.5, 2000)
    >>> won = (rng.random(2000) < p) * 1.0
    >>> found = promotion_evidence(won, np.full(2000, won.mean()), p, np.arange(2000.0))
    >>> found.high < 0, 0.9 < found.ratio < 1.1
    (True, True)
    """
    level = 1 - 0.05 / max(tried, 1)
    old, new = (np.clip(np.asarray(p, dtype=np.float64), 1e-6, 1 - 1e-6) for p in (champion, challenger))
    draws = resamples(time_blocks(time, dated=True, account=account), repetitions=repetitions, seed=seed)
    one = np.ones(len(won))
    change = log_losses(won, new) - log_losses(won, old)
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = draws.sums(change) / draws.sums(one)
        ratios, before = (draws.sums(one) / draws.sums(won) for one in (new, old))
    low, high = np.quantile(drawn[np.isfinite(drawn)], [(1 - level) / 2, (1 + level) / 2])
    ratios, before = (one[np.isfinite(one)] for one in (ratios, before))
    wins = float(won.sum())
    within = None if account is None else correlation(won, new, account, centred=True)
    slope, error = _slope(won, new)
    error *= 1.0 if account is None or within is None else within.design_effect(account) ** 0.5
    return PromotionEvidence(
        leads=len(won),
        wins=int(wins),
        difference=float(change.mean()),
        low=float(low),
        high=float(high),
        level=level,
        ratio=float(new.sum() / wins) if wins else None,
        ratio_low=float(np.quantile(ratios, 0.025)) if wins and len(ratios) else None,
        ratio_high=float(np.quantile(ratios, 0.975)) if wins and len(ratios) else None,
        slope=slope,
        slope_low=slope - 1.96 * error,
        slope_high=slope + 1.96 * error,
        point_change=point_change,
        segments=_segments(won, new, old, segments or {}, account, within),
        basis=basis,
        champion_ratio=float(old.sum() / wins) if wins else None,
        champion_ratio_low=float(np.quantile(before, 0.025)) if wins and len(before) else None,
        champion_ratio_high=float(np.quantile(before, 0.975)) if wins and len(before) else None,
    )


def _slope(won: Floats, p: Floats) -> tuple[float, float]:
    """Return the slope of a logistic regression of outcomes on log-odds, and its standard error (Cox 1958)."""
    x = np.log(p / (1 - p))
    design = np.column_stack([np.ones(len(x)), x])
    beta = np.array([0.0, 1.0])
    information = np.eye(2)
    for _ in range(50):
        q = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        # a ridge of one thousandth of a lead keeps constant log-odds from having no solution
        information = design.T @ (design * (q * (1 - q))[:, None]) + 1e-3 * np.eye(2)
        step = np.linalg.solve(information, design.T @ (won - q) - 1e-3 * (beta - np.array([0.0, 1.0])))
        beta = beta + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-9:
            break
    return float(beta[1]), float(np.sqrt(np.linalg.inv(information)[1, 1]))


def _nearer(one: float, other: float | None, actual: float) -> bool:
    """Tell whether one promise is nearer to what came than another, as a ratio."""
    if other is None or min(one, other, actual) <= 0:
        return False
    return bool(abs(np.log(one / actual)) < abs(np.log(other / actual)))


def _segments(
    won: Floats,
    p: Floats,
    old: Floats,
    segments: Mapping[str, NDArray],
    account: NDArray[np.int64] | None,
    within: Correlation | None,
) -> tuple[SegmentCheck, ...]:
    found = []
    for field, values in segments.items():
        names, place = np.unique(np.asarray(values).astype(str), return_inverse=True)
        for k, name in enumerate(names):
            mine = place == k
            if mine.sum() < _MIN_IN_SEGMENT:
                continue
            predicted, actual = float(p[mine].sum()), float(won[mine].sum())
            # wins of a segment are few: the interval is that of a count whose variance the promises give
            effect = 1.0 if account is None or within is None else within.design_effect(account[mine])
            error = 1.96 * float(np.sqrt(effect * (p[mine] * (1 - p[mine])).sum()))
            low = predicted / (actual + error) if actual else None
            high = predicted / max(actual - error, 1e-9) if actual > error else None
            found.append(
                SegmentCheck(field, str(name), int(mine.sum()), predicted, actual, low, high, float(old[mine].sum()))
            )
    return tuple(found)
