"""LQ601 and LQ602: whether leads come with other values than those that were learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from leadqual.bundle import Bundle, FieldPoints
from leadqual.fact import Fact, fact
from leadqual.monitoring.belonging import Counting
from leadqual.monitoring.finding import MonitoringFinding, Remedy, Severity

__all__ = ["BandShift", "band_shift", "input_drift", "learned_from", "new_values", "psi"]

Floats = NDArray[np.float64]
_MIN_LEADS = 30
_LOOKS = 52
"""Looks a year, which share the 5 % of it."""
_LEVEL = 0.05 / _LOOKS / 2
"""Of one look, for all fields together; one half each for values that moved and values that are new."""
_DRAWS = 500
_WARNING, _ALARM = 0.02, 0.1
_NEW_WARNING, _NEW_ALARM = 0.02, 0.2


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


@dataclass(frozen=True, slots=True)
class BandShift:
    """How far leads have moved between the bands of a field.

    Parameters
    ----------
    psi
        The stability index; see `psi`.
    expected_psi
        Its mean without drift, for as many leads.
    p_value
        How often, at most, some band would move as far without drift; exact, 0 to 1.
    """

    psi: float
    expected_psi: float
    p_value: float


def band_shift(expected: Floats, actual: Floats, *, ordered: bool = False, seed: int = 0) -> BandShift:
    """Compare recent leads with those trained on, band by band.

    Without drift the recent leads of a band are a draw without replacement from all leads of that band, then and now,
    so their number is hypergeometric (Fisher's exact test, doi:10.2307/2340521); the smallest two-sided tail counts,
    times the number of bands (Bonferroni). It has no floor, as one of drawn samples has, so that a field can be sure
    among hundreds; and it holds in small samples, in which an index above 0.10 is no sign at all (84 % of samples of 50
    leads exceed it without drift).

    Parameters
    ----------
    expected, actual
        Leads in each of k bands, (k,).
    ordered
        Whether neighbouring bands are alike, as those of numbers are: all bands up to each are then looked at too.
    seed
        Of the draws for the mean of the index.

    Examples
    --------
    >>> then = np.array([500.0, 500.0])
    >>> band_shift(then, np.array([30.0, 20.0])).p_value > 0.05, band_shift(then, np.array([45.0, 5.0])).p_value < 1e-6
    (True, True)
    """
    then, now = (np.rint(counts).astype(np.int64) for counts in (expected, actual))
    drawn_now = np.random.default_rng(seed).multivariate_hypergeometric(
        then + now, int(now.sum()), size=_DRAWS, method="marginals"
    )
    drawn = psi((then + now - drawn_now).astype(np.float64), drawn_now.astype(np.float64))
    parts = [(then, now)]
    if ordered:
        parts.append((np.cumsum(then)[1:-1], np.cumsum(now)[1:-1]))
    was, come = (np.concatenate(counts) for counts in zip(*parts, strict=True))
    more, fewer = _tails(was, come, int(then.sum()), int(now.sum()))
    p = float(np.minimum(2 * np.minimum(more, fewer).min() * len(was), 1.0))
    index = float(psi(then.astype(np.float64), now.astype(np.float64)))
    return BandShift(index, float(drawn.mean()), p)


def _tails(was: NDArray[np.int64], come: NDArray[np.int64], trained: int, recent: int) -> tuple[Floats, Floats]:
    """Return how often as many recent leads or more, and as many or fewer, are there without drift, (k,) each."""
    usual = (trained + recent, was + come, recent)
    more, fewer = stats.hypergeom.sf(come - 1, *usual), stats.hypergeom.cdf(come, *usual)
    return np.asarray(more, dtype=np.float64), np.asarray(fewer, dtype=np.float64)


def _sure(p_values: Sequence[float]) -> set[int]:
    """Return which of several p-values are sure at the level of one look, by Holm's correction."""
    order = sorted(range(len(p_values)), key=lambda k: p_values[k])
    sure: set[int] = set()
    for place, k in enumerate(order):
        if p_values[k] > _LEVEL / (len(order) - place):
            break
        sure.add(k)
    return sure


def input_drift(
    bundle: Bundle, recent: pd.DataFrame, *, seed: int = 0, counted: Counting | None = None
) -> list[MonitoringFinding]:
    """Compare the bands of recent leads with those of the training leads, field by field (LQ601).

    A drift must be both surely there and large enough to matter: the index beyond its mean without drift must exceed
    0.02 for a warning and 0.1 for an alarm. Surely there means that in a year of weekly looks without drift, at most
    5 % raise anything here or in `new_values`: the 5 % are shared evenly by the 52 looks (Bonferroni, as leads of
    overlapping looks are the same ones), by the two findings, and by the fields as Holm (1979) has it.

    Parameters
    ----------
    bundle
        Whose bands are meant.
    recent
        Recent leads with their ``codes``; see `leadqual.feedback.feedback_history`.
    seed
        Of the draws.
    counted
        How leads are counted that belong together; see `leadqual.monitoring.belonging.counting`. None: each counts.
    """
    codes, weight = _counted(recent, counted)
    if weight.sum() < _MIN_LEADS:
        return [MonitoringFinding("LQ601", "not applicable", (_too_few(weight, counted),), "wait")]
    trained = learned_from(bundle)
    results = []
    for i, field in enumerate(bundle.points_table.fields):
        expected = np.array([band.share for band in field.bands])
        band = np.array([len(field.bands) if code is None else code for code in (row[i] for row in codes)])
        actual = np.asarray(np.bincount(band, weight, len(field.bands) + 1)[: len(field.bands)], dtype=np.float64)
        if expected.sum() <= 0 or actual.sum() == 0 or len(field.bands) < 2:
            continue
        shares = expected / expected.sum()
        ordered = field.kind == "numeric"
        effect = 1.0 if counted is None else float(counted.effect[i])
        found = band_shift(shares * trained / effect, actual / effect, ordered=ordered, seed=seed)
        results.append((field, shares, actual, found))
    sure = _sure([found.p_value for *_, found in results])
    return [_drift(*result, k in sure) for k, result in enumerate(results)]


def learned_from(bundle: Bundle) -> int:
    """Return how many independent leads the shares of a bundle rest on: its accounts, where it has them."""
    return max(int(dict(bundle.provenance.settings).get("accounts", bundle.provenance.mature)), 1)


def _counted(recent: pd.DataFrame, counted: Counting | None) -> tuple[list[Sequence[int | None]], Floats]:
    """Return the bands of the leads that have them, and how much each counts."""
    codes = [row for row in recent["codes"] if row is not None]
    if counted is None:
        return codes, np.ones(len(codes))
    return codes, counted.weight[[row is not None for row in recent["codes"]]]


def _too_few(weight: Floats, counted: Counting | None) -> Fact:
    by_account = counted is not None and counted.by == "accounts"
    count = round(float(weight.sum()))
    return fact("few_accounts_banded" if by_account else "few_leads_banded", count=count, needed=_MIN_LEADS)


def _drift(
    field: FieldPoints,
    expected: Floats,
    actual: Floats,
    found: BandShift,
    sure: bool,
) -> MonitoringFinding:
    excess = found.psi - found.expected_psi
    share = actual / actual.sum()
    most = int(np.argmax(np.abs(share - expected)))
    severity: Severity = "fine"
    if sure and excess > _WARNING:
        severity = "alarm" if excess > _ALARM else "warning"
    moved = fact(
        "bands_moved",
        field=field.name,
        psi=found.psi,
        expected=found.expected_psi,
        band=field.bands[most].label,
        then=float(expected[most]),
        now=float(share[most]),
    )
    figures = asdict(found) | {"leads": float(actual.sum())}
    remedy: Remedy = "" if severity == "fine" else "look at the data source" if severity == "alarm" else "wait"
    return MonitoringFinding(
        "LQ601",
        severity,
        (moved,),
        remedy,
        field.name,
        figures,
        series=tuple(map(float, share)),
        shows=fact("shows_shares_by_band"),
        labels=tuple(band.label for band in field.bands),
        before=tuple(map(float, expected)),
    )


def _unlearned(field: FieldPoints) -> float:
    """Return the share of training leads whose value no band was learned from: those of "other" bands and of none."""
    if not any(band.share for band in field.bands):
        return 0.0  # nothing is known
    learned = sum(band.share for band in field.bands if not band.other)
    return max(0.0, 1.0 - learned)


def new_values(bundle: Bundle, recent: pd.DataFrame, *, counted: Counting | None = None) -> list[MonitoringFinding]:
    """Count recent leads whose value no band takes (LQ602): a new category, another unit, a broken export.

    More than in training must surely be there, as often as `input_drift` says, and at least 2 percentage points more
    for a warning and 20 for an alarm.

    Parameters
    ----------
    bundle, recent, counted
        See `input_drift`.
    """
    codes, weight = _counted(recent, counted)
    leads = float(weight.sum())
    if leads < _MIN_LEADS:
        return [MonitoringFinding("LQ602", "not applicable", (_too_few(weight, counted),), "wait")]
    trained, results = learned_from(bundle), []
    for i, field in enumerate(bundle.points_table.fields):
        other = {k for k, band in enumerate(field.bands) if band.other}
        was = _unlearned(field)
        unknown = float(weight[[row[i] is None or row[i] in other for row in codes]].sum())
        effect = 1.0 if counted is None else float(counted.effect[i])
        before, now = np.array([round(was * trained / effect)]), np.array([round(unknown / effect)])
        p = float(_tails(before, now, max(round(trained / effect), 1), max(round(leads / effect), int(now[0])))[0][0])
        results.append((field, was, unknown / leads, p))
    sure = _sure([p for *_, p in results])
    found = []
    for k, (field, was, share, p) in enumerate(results):
        severity: Severity = "fine"
        if k in sure and share > was + _NEW_WARNING:
            severity = "alarm" if share > was + _NEW_ALARM else "warning"
        unknown_now = fact("values_not_learned", field=field.name, now=share, then=was)
        remedy: Remedy = "" if severity == "fine" else "look at the data source"
        figures = {"share": share, "trained_share": was, "p_value": p}
        found.append(
            MonitoringFinding(
                "LQ602",
                severity,
                (unknown_now,),
                remedy,
                field.name,
                figures,
                series=(share,),
                shows=fact("shows_share_not_learned"),
                labels=(field.name,),
                before=(float(was),),
            )
        )
    return found
