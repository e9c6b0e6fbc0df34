"""LQ606: whether won leads still have more points than others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leadqual.bundle import Bundle
from leadqual.fact import fact
from leadqual.leads.accounts import correlation
from leadqual.measures import auc
from leadqual.monitoring.belonging import outcome_worth
from leadqual.monitoring.cohort import Cohort
from leadqual.monitoring.detector import EVIDENCE, Detection, detect
from leadqual.monitoring.finding import MonitoringFinding
from leadqual.monitoring.promised_ranking import promised_ranking

__all__ = ["held_ranking", "ranking_decay", "ranking_margin", "watch_ranking"]

Floats = NDArray[np.float64]
_BETS = (0.1, 0.3, 0.6, 1.0)
_MIN_LEADS = 20


def watch_ranking(
    points: NDArray[np.int64],
    won: Floats,
    week: NDArray[np.int64],
    *,
    expected: float | None = None,
    probability: Floats | None = None,
    margin: float = 0.0,
    seed: int = 0,
    account: NDArray[np.int64] | None = None,
    worth: Floats | None = None,
) -> tuple[Detection, int]:
    r"""Bet, pair by pair, that a won lead has no longer more points than one that did not win.

    Each week's won leads are drawn together with as many others of that week, each used once, so that pairs are
    independent; :math:`s` is 1 where the won lead has more points, 1/2 at a tie, else 0. While :math:`E s \ge c`, the
    expected concordance, :math:`\prod (1 + \lambda (c - s))` has a mean of at most 1 (betting: Waudby-Smith and Ramdas
    2023, doi:10.1093/jrsssb/qkad009).

    Parameters
    ----------
    points, won, week
        Of n matured leads, (n,).
    expected
        The concordance (AUC) that is held to, 0 to 1; None: what was promised for each week's leads.
    probability
        What was promised for each lead, (n,); needed where ``expected`` is None.
    margin
        By how much less than promised the concordance may be without being a change.
    seed
        Of the drawing of pairs.
    account
        Number of each lead's account, (n,): of each week one lead of an account is drawn. None: all count.
    worth
        How many independent leads each is worth, (n,); a pair's bet is taken to the power of the lesser of its two.
        None: 1.

    Returns
    -------
    detection, pairs
        The evidence week by week, and how many pairs there were.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> points, week = rng.integers(0, 200, 6000), np.arange(6000) // 60
    >>> watch_ranking(points, (rng.random(6000) < 0.1) * 1.0, week, expected=0.7)[0].alarm is not None
    True
    """
    rng = np.random.default_rng(seed)
    if account is not None:
        mixed = rng.permutation(len(won))
        first = np.unique(np.column_stack((week, account))[mixed], axis=0, return_index=True)[1]
        drawn = np.sort(mixed[first])
        points, won, week = points[drawn], won[drawn], week[drawn]
        probability = None if probability is None else probability[drawn]
        worth = None if worth is None else worth[drawn]
    weeks = int(week.max()) + 1 if len(week) else 0
    ratios = np.zeros((weeks, len(_BETS)))
    pairs = 0
    for number in range(weeks):
        winners, others = (np.flatnonzero((week == number) & (won == label)) for label in (1, 0))
        size = min(len(winners), len(others))
        if size == 0:
            continue
        of_one, of_other = rng.permutation(winners)[:size], rng.permutation(others)[:size]
        one, other = points[of_one], points[of_other]
        held = expected
        if held is None:
            # of these leads alone: their points may lie closer together than those of another week
            mine = week == number
            held = (promised_ranking(points[mine], np.asarray(probability)[mine]) or 0.5) - margin
        s = np.where(one > other, 1.0, np.where(one == other, 0.5, 0.0))
        power = 1.0 if worth is None else np.minimum(worth[of_one], worth[of_other])
        ratios[number] = [float((power * np.log1p(bet * (held - s))).sum()) for bet in _BETS]
        pairs += size
    return detect(ratios), pairs


def held_ranking(bundle: Bundle) -> float | None:
    """Return the concordance that a bundle is held to: the low end of what was measured on its own later leads.

    Where the evidence has no interval, the standard error is that of Hanley and McNeil (1982,
    doi:10.1148/radiology.143.1.7063747) for as many wins and other leads.

    Parameters
    ----------
    bundle
        What is deployed.

    Returns
    -------
    float or None
        0 to 1; None where nothing was measured.
    """
    found = _measured_ranking(bundle)
    return None if found is None else found[1]


def ranking_margin(bundle: Bundle) -> float | None:
    """Return by how much lower than measured the concordance on a bundle's own later leads may be, 0 to 1.

    Parameters
    ----------
    bundle
        What is deployed.

    Returns
    -------
    float or None
        The figure less its low end; see `held_ranking`. None where nothing was measured.
    """
    found = _measured_ranking(bundle)
    return None if found is None else found[0] - found[1]


def _measured_ranking(bundle: Bundle) -> tuple[float, float] | None:
    """Return the concordance on a bundle's own later leads, and its low end; None where nothing was measured."""
    if bundle.evidence is None:
        return None
    measures = [m for one in bundle.evidence.performances if one.who == "scorecard" for m in one.measures]
    auc = next((measure for measure in measures if measure.name == "auc"), None)
    wins, others = bundle.evidence.wins, bundle.evidence.tested_on - bundle.evidence.wins
    if auc is None or auc.value is None or wins < 1 or others < 1:
        return None
    a = auc.value
    if auc.low is not None:
        return a, auc.low
    one, two = a / (2 - a), 2 * a * a / (1 + a)
    variance = (a * (1 - a) + (wins - 1) * (one - a * a) + (others - 1) * (two - a * a)) / (wins * others)
    return a, min(a, max(a - 1.96 * float(np.sqrt(max(variance, 0.0))), 0.5))


def ranking_decay(cohort: Cohort, *, expected: float | None, margin: float | None = None) -> MonitoringFinding:
    """Tell whether points still rank leads as well as on the bundle's own later leads (LQ606).

    Leads that were picked or worked mostly have many points, and rank lower among themselves than all leads do. They
    are held to what their own probabilities promise of their ranking, less the margin.

    Parameters
    ----------
    cohort
        Matured leads.
    expected
        The low end of the concordance that the bundle's evidence gives; None where it has none.
    margin
        See `ranking_margin`: where given, all leads are held to what was promised for them. None: only those that are
        no measure of all, without a margin.
    """
    if expected is None:
        return MonitoringFinding("LQ606", "not applicable", (fact("ranking_not_measured"),), "retrain")
    wins = int(cohort.won.sum())
    if wins < _MIN_LEADS:
        few = fact("few_wins_matured", leads=wins, needed=_MIN_LEADS)
        return MonitoringFinding("LQ606", "not applicable", (few,), "wait")
    ranking = auc(cohort.won, cohort.points)
    if ranking is None or len(cohort.won) - wins < _MIN_LEADS:
        few = fact("few_losses_matured", leads=len(cohort.won) - wins, needed=_MIN_LEADS)
        return MonitoringFinding("LQ606", "not applicable", (few,), "wait")
    worth, by = outcome_worth(cohort.probability, cohort.won, cohort.account, cohort.day)
    if by == "accounts" and cohort.account is not None:
        worth = _over_weeks(cohort, cohort.account)
    figures = {"auc": ranking}
    if margin is not None or cohort.by_promise:
        margin = margin or 0.0
        promised = promised_ranking(cohort.points, cohort.probability) or 0.5
        ranks = fact(
            "ranking_promised", auc=ranking, basis=cohort.holds_for, promised=promised, least=promised - margin
        )
        figures |= {"promised": promised}
        held, expected = None, promised - margin
    else:
        ranks = fact("ranking_measured", auc=ranking, basis=cohort.holds_for, least=expected)
        held = expected
    detection, pairs = watch_ranking(
        cohort.points,
        cohort.won,
        cohort.week,
        expected=held,
        probability=cohort.probability,
        margin=margin or 0.0,
        account=cohort.account,
        worth=worth,
    )
    alarm = detection.alarm
    series = tuple(float(value) for value in np.log10(np.maximum(detection.statistic, 1e-3)))
    figures |= {"expected": expected, "pairs": float(pairs)}
    limit = float(np.log10(detection.limit))
    if alarm is None:
        return MonitoringFinding("LQ606", "fine", (ranks,), "", None, figures, series, limit, EVIDENCE)
    facts = (fact("ranking_worse", week=alarm + 1), ranks)
    return MonitoringFinding("LQ606", "alarm", facts, "retrain", None, figures, series, limit, EVIDENCE)


def _over_weeks(cohort: Cohort, account: NDArray[np.int64]) -> Floats:
    """Return how many independent draws one lead of an account and week is worth, as accounts come back, (n,)."""
    within = correlation(cohort.won, cohort.probability, account, centred=True)
    pairs = np.unique(np.column_stack((account, cohort.week)), axis=0)
    weeks = np.bincount(pairs[:, 0], minlength=int(account.max()) + 1)[account]
    return np.asarray(1 / (1 + (weeks - 1) * within.upper))
