"""LQ604 and LQ605: whether leads win as often as before, and as often as their probabilities say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
_FEWEST = 50


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
) -> CalibrationWatch:
    r"""Add up the likelihood ratios of matured leads for each way in which probabilities may have gone wrong.

    An alternative says that a lead of probability p wins with :math:`q = \sigma(a + b (\mathrm{logit}\,p - m))`, with m
    the mean of logit p over the leads seen before that week; a week's ratio is the product of
    :math:`(q/p)^y ((1-q)/(1-p))^{1-y}`, of mean 1 where p is right. The ratio is taken against p as it is and moved by
    `TOLERANCE` up and down, whichever explains the week best, so that it favours no alternative there either.

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
        right = np.max([_weekly(logit + off, won, week, worth) for off in (-TOLERANCE, 0.0, TOLERANCE)], axis=0)
        ratios = np.column_stack([_weekly(other, won, week, worth) - right for other in alternatives])
    return CalibrationWatch(
        detection=detect(ratios, limit=limit),
        predicted=np.asarray(np.bincount(week, p, minlength=weeks), dtype=np.float64),
        actual=np.asarray(np.bincount(week, won, minlength=weeks), dtype=np.float64),
    )


def _weekly(logit: Floats, won: Floats, week: NDArray[np.int64], worth: Floats | None) -> Floats:
    """Return the log-likelihood of each week's outcomes, (t,)."""
    gain = np.where(won == 1, -np.logaddexp(0, -logit), -np.logaddexp(0, logit))
    return np.asarray(np.bincount(week, gain if worth is None else gain * worth), dtype=np.float64)


def calibration_decay(cohort: Cohort) -> MonitoringFinding:
    """Tell whether probabilities still come true (LQ605).

    Where the evidence speaks for a shift of all leads alike, recalibrating mends it; where leads have come closer
    together or further apart, the points themselves no longer say what they did.
    """
    check = "probabilities come true"
    worth, by = outcome_worth(cohort.probability, cohort.won, cohort.account, cohort.day)
    independent = len(cohort.won) if worth is None else int(worth.sum())
    if independent < _FEWEST:
        return _too_few("LQ605", check, independent)
    found = watch_calibration(cohort.probability, cohort.won, cohort.week, worth=worth)
    ratio = float(found.actual.sum() / found.predicted.sum())
    alarm = found.detection.alarm
    figures = {
        "predicted": float(found.predicted.sum()),
        "actual": float(found.actual.sum()),
        "leads": float(len(cohort.won)),
        "evidence": float(found.detection.statistic[-1]),
        "shifted": found.shifted,
    }
    figures |= {} if by == "leads" else {"independent": float(independent)}
    said = (
        f"{found.actual.sum():.0f} wins came where {found.predicted.sum():.0f} were promised ({ratio:.2f} times) "
        f"among {len(cohort.won)} matured leads, {cohort.said}."
    )
    if alarm is None:
        return MonitoringFinding(
            "LQ605", check, "fine", said, "", None, figures, _series(found.detection), _limit(found), EVIDENCE
        )
    remedy: Remedy = "recalibrate" if found.shifted > 0.5 else "retrain"
    kind = "all leads moved alike" if remedy == "recalibrate" else "leads moved apart from each other, or together"
    said = f"Probabilities no longer come true since about week {alarm + 1}: {kind}. {said}"
    return MonitoringFinding(
        "LQ605",
        check,
        "alarm",
        said,
        remedy,
        None,
        figures | {"week": float(alarm)},
        _series(found.detection),
        _limit(found),
        EVIDENCE,
    )


def base_rate_shift(cohort: Cohort, base_rate: float) -> MonitoringFinding:
    """Tell whether leads win as often as those that the bundle was trained on (LQ604).

    A shift alone calls for nothing: better or worse leads may come, and be scored as such. It is a remedy's context.
    """
    check = "leads win as often as before"
    said_before = np.full(len(cohort.won), base_rate)
    worth, _ = outcome_worth(said_before, cohort.won, cohort.account, cohort.day)
    independent = len(cohort.won) if worth is None else int(worth.sum())
    if independent < _FEWEST:
        return _too_few("LQ604", check, independent)
    found = watch_calibration(said_before, cohort.won, cohort.week, worth=worth)
    rate = float(cohort.won.mean())
    said = f"{100 * rate:.1f} % of matured leads won, {100 * base_rate:.1f} % of those trained on, {cohort.said}."
    alarm = found.detection.alarm
    return MonitoringFinding(
        "LQ604",
        check,
        "fine" if alarm is None else "warning",
        said if alarm is None else f"The win rate has moved since about week {alarm + 1}. {said}",
        "" if alarm is None else "wait",
        None,
        {"rate": rate, "base_rate": base_rate, "leads": float(len(cohort.won))},
        _series(found.detection),
        _limit(found),
        EVIDENCE,
    )


def _too_few(code: str, check: str, leads: int) -> MonitoringFinding:
    said = f"{leads} leads have matured, {_FEWEST} must have; wait for about {_FEWEST - leads} more."
    return MonitoringFinding(code, check, "not applicable", said, "wait")


def _series(detection: Detection) -> tuple[float, ...]:
    """Return the evidence as it is drawn: its logarithm, as it grows by factors."""
    return tuple(float(value) for value in np.log10(np.maximum(detection.statistic, 1e-3)))


def _limit(found: CalibrationWatch) -> float:
    return float(np.log10(found.detection.limit))
