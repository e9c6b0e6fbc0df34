"""LQ604 and LQ605: whether leads win as often as before, and as often as their probabilities say."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leadqual.calibration.interval import clopper_pearson
from leadqual.fact import Fact, fact
from leadqual.measures import log_odds_losses
from leadqual.monitoring.belonging import outcome_worth
from leadqual.monitoring.cohort import Cohort
from leadqual.monitoring.detector import EVIDENCE, Detection, detect
from leadqual.monitoring.finding import MonitoringFinding, Remedy

__all__ = ["CalibrationWatch", "base_rate_shift", "calibration_decay", "watch_calibration"]

Floats = NDArray[np.float64]
SHIFTS = (-0.9, -0.5, 0.5, 0.9)
"""Changes of the log-odds of every lead that are looked for."""
SLOPES = (0.6,)
"""Changes of how far apart leads are that are looked for."""
TOLERANCE = 0.03
"""How far off all log-odds may be from the first day, as every fitted curve is, without that being a change."""
_MIN_LEADS = 50
_OFF_BUT_FINE = fact("off_but_fine")


@dataclass(frozen=True, slots=True, eq=False)
class CalibrationWatch:
    """What matured leads say about probabilities.

    Parameters
    ----------
    detection
        The evidence week by week; alternatives are `SHIFTS`, then `SLOPES`.
    predicted, actual
        Wins that the probabilities promised, and that came, by week, (t,).
    """

    detection: Detection
    predicted: Floats
    actual: Floats

    @property
    def shifted(self) -> float:
        """Share of the evidence that speaks for a shift of all leads alike, 0 to 1; the rest is for the slope."""
        return float(self.detection.shares[: len(SHIFTS)].sum())


def watch_calibration(
    probability: Floats,
    won: Floats,
    week: NDArray[np.int64],
    *,
    limit: float | None = None,
    worth: Floats | None = None,
    tolerance: float = TOLERANCE,
) -> CalibrationWatch:
    r"""Add up the likelihood ratios of matured leads for each way in which probabilities may have gone wrong.

    An alternative says that a lead of probability p wins with :math:`q = \sigma(a + b (\mathrm{logit}\,p - m))`, with m
    the mean of logit p over the leads seen before that week; a week's ratio is the product of
    :math:`(q/p)^y ((1-q)/(1-p))^{1-y}`, of mean 1 where p is right. The ratio is taken against p as it is and moved by
    ``tolerance`` up and down, and by steps of at most `TOLERANCE` between, whichever explains the week best, so that it
    favours no alternative there either.

    Parameters
    ----------
    probability, won
        What n matured leads were promised, and whether they won, (n,).
    week
        The week of each, from 0, (n,).
    limit
        See `leadqual.monitoring.detector.threshold`.
    worth
        How many independent leads each is worth, (n,), to whose power its ratio is taken: with 1/m for each of the m
        leads of an account the mean stays at most 1 however alike they are (Hölder's inequality). None: 1.
    tolerance
        How far off all log-odds may be from the first day without that being a change.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> p = rng.uniform(0.05, 0.4, 3000)
    >>> week = np.arange(3000) // 60
    >>> fine = watch_calibration(p, (rng.random(3000) < p) * 1.0, week)
    >>> worse = watch_calibration(p, (rng.random(3000) < p / 2) * 1.0, week)
    >>> fine.detection.alarm is None, worse.detection.alarm < 12
    (True, True)
    """
    p = np.clip(np.asarray(probability, dtype=np.float64), 1e-6, 1 - 1e-6)
    weeks = int(week.max()) + 1 if len(week) else 0
    logit = np.log(p / (1 - p))
    seen, total = np.bincount(week, minlength=weeks), np.bincount(week, logit, minlength=weeks)
    before, sum_before = np.cumsum(seen) - seen, np.cumsum(total) - total
    # the first week has nothing before it, and any centre that does not look at outcomes keeps the mean at 1
    centre = np.where(before > 0, sum_before / np.maximum(before, 1), total / np.maximum(seen, 1))
    z = logit - centre[week]
    alternatives = [logit + shift for shift in SHIFTS] + [centre[week] + slope * z for slope in SLOPES]
    ratios = np.empty((weeks, len(alternatives)))
    if weeks:
        steps = math.ceil(round(tolerance / TOLERANCE, 9))
        offs = tolerance * np.arange(-steps, steps + 1) / steps
        right = np.max([_weekly(logit + off, won, week, worth) for off in offs], axis=0)
        ratios = np.column_stack([_weekly(other, won, week, worth) - right for other in alternatives])
    return CalibrationWatch(
        detection=detect(ratios, limit=limit),
        predicted=np.asarray(np.bincount(week, p, minlength=weeks), dtype=np.float64),
        actual=np.asarray(np.bincount(week, won, minlength=weeks), dtype=np.float64),
    )


def _weekly(logit: Floats, won: Floats, week: NDArray[np.int64], worth: Floats | None) -> Floats:
    """Return the log-likelihood of each week's outcomes, (t,)."""
    gain = -log_odds_losses(won, logit)
    return np.asarray(np.bincount(week, gain if worth is None else gain * worth), dtype=np.float64)


def calibration_decay(cohort: Cohort, *, doubt: float = 0.0) -> MonitoringFinding:
    """Tell whether probabilities still come true (LQ605): what was promised for these leads, and what came.

    Where the evidence speaks for a shift of all leads alike, recalibrating mends it; where leads have come closer
    together or further apart, the points themselves no longer say what they did.

    Parameters
    ----------
    cohort
        Matured leads.
    doubt
        How far off the log-odds of such leads may be from the first day, where that is more than `TOLERANCE`; see
        `leadqual.monitoring.promise_doubt`. It is used where leads were picked or worked.
    """
    worth, by = outcome_worth(cohort.probability, cohort.won, cohort.account, cohort.day)
    independent = len(cohort.won) if worth is None else int(worth.sum())
    if independent < _MIN_LEADS:
        return _too_few("LQ605", independent)
    found = _watched(cohort, worth, doubt)
    ratio = float(found.actual.sum() / found.predicted.sum())
    low, high = (end * len(cohort.won) / float(found.predicted.sum()) for end in _rate_interval(cohort, worth))
    alarm = found.detection.alarm
    figures = {
        "predicted": float(found.predicted.sum()),
        "actual": float(found.actual.sum()),
        "leads": float(len(cohort.won)),
        "ratio_low": low,
        "ratio_high": high,
        "evidence": float(found.detection.statistic[-1]),
        "shifted": found.shifted,
    }
    figures |= {} if by == "leads" else {"independent": float(independent)}
    came = fact(
        "wins_came",
        actual=int(found.actual.sum()),
        predicted=float(found.predicted.sum()),
        ratio=ratio,
        low=low,
        high=high,
        leads=len(cohort.won),
        basis=cohort.holds_for,
    )
    if alarm is None:
        facts = (came,) if low <= 1 <= high else (came, _OFF_BUT_FINE)
        return MonitoringFinding(
            "LQ605", "fine", facts, "", None, figures, _series(found.detection), _limit(found), EVIDENCE
        )
    remedy: Remedy = "recalibrate" if found.shifted > 0.5 else "retrain"
    moved = fact("miscalibrated_alike" if found.shifted > 0.5 else "miscalibrated_apart", week=alarm + 1)
    return MonitoringFinding(
        "LQ605",
        "alarm",
        (moved, came),
        remedy,
        None,
        figures | {"week": float(alarm)},
        _series(found.detection),
        _limit(found),
        EVIDENCE,
    )


def base_rate_shift(
    cohort: Cohort, base_rate: float | None, *, learned_from: int | None = None, doubt: float = 0.0
) -> MonitoringFinding:
    """Tell whether leads win as often as those that the bundle was trained on (LQ604).

    A shift alone calls for nothing: better or worse leads may come, and be scored as such. It is a remedy's context.

    Leads that were picked or worked are other leads than all, and win at another rate without any change. They are
    compared with what was promised for them instead, by the test of LQ605, so that both agree.

    Parameters
    ----------
    cohort
        Matured leads.
    base_rate
        The win rate of all leads that the bundle was trained on, 0 to 1; None where it is that of worked leads alone.
    learned_from
        How many leads, or accounts, that win rate rests on: it may be off by 1.96 standard errors from the first day.
        None: it is taken as known, as far as `TOLERANCE` goes.
    doubt
        As in `calibration_decay`.
    """
    if base_rate is None or cohort.by_promise:
        return _promised_rate(cohort, base_rate, doubt)
    said_before = np.full(len(cohort.won), base_rate)
    worth, _ = outcome_worth(said_before, cohort.won, cohort.account, cohort.day)
    independent = len(cohort.won) if worth is None else int(worth.sum())
    if independent < _MIN_LEADS:
        return _too_few("LQ604", independent)
    unsure = 0.0 if learned_from is None else 1.96 / math.sqrt(learned_from * base_rate * (1 - base_rate))
    found = watch_calibration(said_before, cohort.won, cohort.week, worth=worth, tolerance=max(TOLERANCE, unsure))
    low, high = (1 / (1 + (1 / base_rate - 1) * math.exp(-off)) for off in (-unsure, unsure))
    figures = _rates(cohort, worth) | {"base_rate": base_rate, "base_rate_low": low, "base_rate_high": high}
    alarm = found.detection.alarm
    outside = figures["rate_low"] > high or figures["rate_high"] < low
    trained = fact("trained_rate_within", rate=base_rate, low=low, high=high)
    won = fact(
        "matured_win_rate",
        **_won(figures, cohort),
        trained=trained if unsure else fact("trained_rate", rate=base_rate),
    )
    facts: tuple[Fact, ...] = (won, _OFF_BUT_FINE) if outside else (won,)
    if alarm is not None:
        facts = (fact("win_rate_moved", week=alarm + 1), won, fact("see_calibration"))
    return _rate_finding(alarm, facts, figures, found)


def _promised_rate(cohort: Cohort, base_rate: float | None, doubt: float) -> MonitoringFinding:
    """Tell whether leads that are not like all win as often as was promised for them (LQ604)."""
    worth, _ = outcome_worth(cohort.probability, cohort.won, cohort.account, cohort.day)
    independent = len(cohort.won) if worth is None else int(worth.sum())
    if independent < _MIN_LEADS:
        return _too_few("LQ604", independent)
    found = _watched(cohort, worth, doubt)
    figures = _rates(cohort, worth)
    alarm = found.detection.alarm
    facts = [fact("promised_win_rate", **_won(figures, cohort))]
    if base_rate is not None:
        figures |= {"base_rate": base_rate}
        facts.append(fact("trained_on_other_leads", rate=base_rate))
    facts.append(fact("same_test_as_calibration"))
    if alarm is not None:
        alike = found.shifted > 0.5
        facts.insert(0, fact("promise_broken_alike" if alike else "promise_broken_apart", week=alarm + 1))
    elif not figures["rate_low"] <= figures["promised"] <= figures["rate_high"]:
        facts.append(_OFF_BUT_FINE)
    return _rate_finding(alarm, tuple(facts), figures, found)


def _watched(cohort: Cohort, worth: Floats | None, doubt: float) -> CalibrationWatch:
    tolerance = max(TOLERANCE, doubt if cohort.by_promise else 0.0)
    return watch_calibration(cohort.probability, cohort.won, cohort.week, worth=worth, tolerance=tolerance)


def _rate_finding(
    alarm: int | None, facts: tuple[Fact, ...], figures: dict[str, float], found: CalibrationWatch
) -> MonitoringFinding:
    return MonitoringFinding(
        "LQ604",
        "fine" if alarm is None else "warning",
        facts,
        "" if alarm is None else "wait",
        None,
        figures,
        _series(found.detection),
        _limit(found),
        EVIDENCE,
    )


def _rates(cohort: Cohort, worth: Floats | None) -> dict[str, float]:
    low, high = _rate_interval(cohort, worth)
    return {
        "rate": float(cohort.won.mean()),
        "rate_low": low,
        "rate_high": high,
        "promised": float(cohort.probability.mean()),
        "leads": float(len(cohort.won)),
    }


def _won(figures: dict[str, float], cohort: Cohort) -> dict[str, float | int | str]:
    """Return what both sentences about the win rate say of it."""
    return {
        "rate": figures["rate"],
        "low": figures["rate_low"],
        "high": figures["rate_high"],
        "promised": figures["promised"],
        "leads": len(cohort.won),
        "basis": cohort.holds_for,
    }


def _rate_interval(cohort: Cohort, worth: Floats | None) -> tuple[float, float]:
    """Return the 95 % interval of the win rate (Clopper and Pearson's), of as many leads as they are worth."""
    leads = float(len(cohort.won) if worth is None else worth.sum())
    low, high = clopper_pearson(np.array([cohort.won.mean() * leads]), np.array([leads]), 0.025)
    return float(low[0]), float(high[0])


def _too_few(code: str, leads: int) -> MonitoringFinding:
    few = fact("few_leads_matured", leads=leads, needed=_MIN_LEADS, more=_MIN_LEADS - leads)
    return MonitoringFinding(code, "not applicable", (few,), "wait")


def _series(detection: Detection) -> tuple[float, ...]:
    """Return the evidence as it is drawn: its logarithm, as it grows by factors."""
    return tuple(float(value) for value in np.log10(np.maximum(detection.statistic, 1e-3)))


def _limit(found: CalibrationWatch) -> float:
    return float(np.log10(found.detection.limit))
