"""LQ608: whether so much more is known than the bundle learned from that learning again may pay."""

from __future__ import annotations

import math

import pandas as pd

from leadqual.bundle import Bundle
from leadqual.feedback.history import moment
from leadqual.monitoring.belonging import ledger_accounts
from leadqual.monitoring.finding import MonitoringFinding
from leadqual.monitoring.freshness import weekly_counts
from leadqual.monitoring.input_drift import learned_from

__all__ = ["growth"]

_STEP = 1.5
_LOOK_BACK_DAYS = 31


def growth(bundle: Bundle, history: pd.DataFrame, *, as_of: str) -> MonitoringFinding:
    """Compare the matured leads of the ledger with those that the bundle learned from (LQ608).

    A challenger is worth building each time their number has grown by a half: once there are half as many new ones as
    the bundle learned from, then 1.25 times as many, and so on. So few tries leave chance little room; whether the
    challenger is better is decided on its evidence alone.

    Parameters
    ----------
    bundle
        What is deployed.
    history
        See `leadqual.feedback.feedback_history`.
    as_of
        The date (ISO 8601).
    """
    check = "how much more is known"
    now = moment(as_of)
    ripe = history["scored_at"] + pd.Timedelta(days=bundle.window_days or 90)
    learned, noun = max(bundle.provenance.mature, 1), "leads"
    account = ledger_accounts(history)
    if account is not None and "accounts" in dict(bundle.provenance.settings):
        # an account counts once, when its first lead has matured
        ripe, learned, noun = ripe.groupby(account).min().sort_values(), learned_from(bundle), "accounts"
    new, before = (int((ripe <= day).sum()) for day in (now, now - pd.Timedelta(days=_LOOK_BACK_DAYS)))
    steps, steps_before = (int(math.log(1 + count / learned) / math.log(_STEP)) for count in (new, before))
    said = f"{new} {noun} have matured since; the bundle learned from {learned}."
    figures = {"new": float(new), "learned": float(learned)}
    matured = weekly_counts(ripe, as_of=as_of)
    course = new - matured.sum() + matured.cumsum()
    called = steps > steps_before
    return MonitoringFinding(
        "LQ608",
        check,
        "warning" if called else "fine",
        f"Much more is known. {said}" if called else said,
        "retrain" if called else "",
        None,
        figures,
        series=tuple(map(float, course)),
        limit=learned * (_STEP ** (steps if called else steps + 1) - 1),
        shows="leads that have matured since",
    )
