"""LQ601 and LQ602: whether leads come with other values than those that were learned from."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle import Bundle, FieldPoints
from leadqual.monitoring.finding import MonitoringFinding, Remedy, Severity

__all__ = ["input_drift", "new_values", "psi", "psi_p_value"]

Floats = NDArray[np.float64]
_FEWEST = 30
_LEVEL = 0.05
_DRAWS = 2000
_WARNING, _ALARM = 0.02, 0.1


def psi(expected: Floats, actual: Floats) -> Floats:
    r"""Return the population stability index of counts against counts.

    :math:`\sum_b (a_b - e_b) \ln (a_b / e_b)` over the bands' shares, half a lead added to each so that an empty band
    has a finite index.

    Parameters
    ----------
    expected, actual
        Leads in each of k bands, (..., k).

    Examples
    --------
    >>> float(psi(np.array([500, 500]), np.array([50, 50]))) == 0
    True
    """
    shares = [(counts + 0.5) / (counts + 0.5).sum(axis=-1, keepdims=True) for counts in (expected, actual)]
    return np.asarray(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum(axis=-1))


def psi_p_value(expected: Floats, actual: Floats, *, seed: int = 0) -> tuple[float, float, float]:
    """Return the index, its mean without drift, and how often it is as large without drift.

    The sampling distribution is drawn, not looked up: the recent leads are drawn again from all leads together, so that
    the test is exact (a fixed limit of 0.10 cries drift in 84 % of samples of 50 leads, and misses it in large ones).

    Parameters
    ----------
    expected, actual
        Leads in each band, (k,).
    seed
        Of the draws.

    Examples
    --------
    >>> index, mean, p = psi_p_value(np.array([500.0, 500.0]), np.array([30.0, 20.0]))
    >>> p > 0.05, psi_p_value(np.array([500.0, 500.0]), np.array([45.0, 5.0]))[2] < 0.01
    (True, True)
    """
    rng = np.random.default_rng(seed)
    then, now = (np.rint(counts).astype(np.int64) for counts in (expected, actual))
    drawn_now = rng.multivariate_hypergeometric(then + now, int(now.sum()), size=_DRAWS, method="marginals")
    drawn = psi((then + now - drawn_now).astype(np.float64), drawn_now.astype(np.float64))
    index = float(psi(then.astype(np.float64), now.astype(np.float64)))
    return index, float(drawn.mean()), float((1 + (drawn >= index - 1e-12).sum()) / (1 + _DRAWS))


def input_drift(bundle: Bundle, recent: pd.DataFrame, *, seed: int = 0) -> list[MonitoringFinding]:
    """Compare the bands of recent leads with those of the training leads, field by field (LQ601).

    A drift must be both surely there (Holm's correction over the fields, 5 % for all together) and large enough to
    matter: the index beyond its mean without drift must exceed 0.02 for a warning and 0.1 for an alarm.

    Parameters
    ----------
    bundle
        Whose bands are meant.
    recent
        Recent leads with their ``codes``; see `leadqual.feedback.feedback_history`.
    seed
        Of the draws.
    """
    check = "leads come with the values that were learned from"
    codes = [row for row in recent["codes"] if row is not None]
    if len(codes) < _FEWEST:
        said = f"{len(codes)} recent leads have bands, {_FEWEST} must have; wait for more."
        return [MonitoringFinding("LQ601", check, "not applicable", said, "wait")]
    trained = max(bundle.provenance.mature, 1)
    results = []
    for i, field in enumerate(bundle.points_table.fields):
        expected = np.array([band.share for band in field.bands])
        actual = np.bincount([row[i] for row in codes if row[i] is not None], minlength=len(field.bands))
        if expected.sum() <= 0 or actual.sum() == 0 or len(field.bands) < 2:
            continue
        counts = np.rint(expected / expected.sum() * trained)
        results.append(
            (field, expected / expected.sum(), actual, psi_p_value(counts, actual.astype(np.float64), seed=seed))
        )
    order = sorted(range(len(results)), key=lambda k: results[k][3][2])
    sure: set[int] = set()
    for place, k in enumerate(order):
        if results[k][3][2] > _LEVEL / (len(order) - place):
            break
        sure.add(k)
    return [_drift(check, *result, k in sure) for k, result in enumerate(results)]


def _drift(
    check: str,
    field: FieldPoints,
    expected: Floats,
    actual: NDArray[np.int64],
    found: tuple[float, float, float],
    sure: bool,
) -> MonitoringFinding:
    index, mean, p = found
    excess = index - mean
    share = actual / actual.sum()
    most = int(np.argmax(np.abs(share - expected)))
    severity: Severity = "fine"
    if sure and excess > _WARNING:
        severity = "alarm" if excess > _ALARM else "warning"
    said = (
        f"{field.name}: stability index {index:.3f}, {mean:.3f} to be expected without drift; most in "
        f'"{field.bands[most].label}", {100 * expected[most]:.0f} % then and {100 * share[most]:.0f} % now.'
    )
    figures = {"psi": index, "expected_psi": mean, "p_value": p, "leads": float(actual.sum())}
    remedy: Remedy = "" if severity == "fine" else "look at the data source" if severity == "alarm" else "wait"
    return MonitoringFinding("LQ601", check, severity, said, remedy, field.name, figures, tuple(map(float, share)))


def new_values(bundle: Bundle, recent: pd.DataFrame) -> list[MonitoringFinding]:
    """Count recent leads whose value no band takes (LQ602): a new category, another unit, a broken export."""
    check = "values are known"
    codes = [row for row in recent["codes"] if row is not None]
    if len(codes) < _FEWEST:
        said = f"{len(codes)} recent leads have bands, {_FEWEST} must have; wait for more."
        return [MonitoringFinding("LQ602", check, "not applicable", said, "wait")]
    found = []
    for i, field in enumerate(bundle.points_table.fields):
        other = {k for k, band in enumerate(field.bands) if band.other}
        was = sum(band.share for band in field.bands if band.other)
        unknown = sum(row[i] is None or row[i] in other for row in codes) / len(codes)
        # three standard errors above what there was, and enough to matter
        limit = was + 3 * np.sqrt(max(was * (1 - was), 0.25 / len(codes)) / len(codes)) + 0.02
        severity: Severity = "fine" if unknown <= limit else "alarm" if unknown > was + 0.2 else "warning"
        said = (
            f"{field.name}: {100 * unknown:.1f} % of recent leads have values that were not learned from, "
            f"{100 * was:.1f} % had in training."
        )
        remedy: Remedy = "" if severity == "fine" else "look at the data source"
        figures = {"share": float(unknown), "trained_share": float(was)}
        found.append(MonitoringFinding("LQ602", check, severity, said, remedy, field.name, figures))
    return found
