"""LQ608: whether so much more is known than the bundle learned from that learning again may pay."""

from __future__ import annotations

import math

import pandas as pd

from leadqual.bundle import Bundle
from leadqual.fact import fact
from leadqual.feedback.history import moment
from leadqual.feedback.standing import Standing
from leadqual.monitoring.belonging import ledger_accounts
from leadqual.monitoring.finding import MonitoringFinding
from leadqual.monitoring.freshness import weekly_counts

__all__ = ["growth"]

_STEP = 1.5
_LOOK_BACK_DAYS = 31


def growth(bundle: Bundle, history: pd.DataFrame, standing: Standing, *, as_of: str) -> MonitoringFinding:
    """Compare the matured leads that can be learned from with those that the bundle learned from (LQ608).

    A lead that nobody worked teaches nothing, so it does not count; see `leadqual.feedback.Standing.worked`.

    A challenger is worth building each time their number has grown by a half: once there are half as many new ones as
    the bundle learned from, then 1.25 times as many, and so on. So few tries leave chance little room; whether the
    challenger is better is decided on its evidence alone.

    Parameters
    ----------
    bundle
        What is deployed.
    history
        See `leadqual.feedback.feedback_history`.
    standing
        Where they stand; see `leadqual.feedback.lead_standing`.
    as_of
        The date (ISO 8601).
    """
    now = moment(as_of)
    window = bundle.window_days or 90
    ripe = history["scored_at"][standing.worked] + pd.Timedelta(days=window)
    account, settings = ledger_accounts(history), dict(bundle.provenance.settings)
    all_worked, by_account = bool(standing.worked[standing.mature].all()), False
    counted: str | int = bundle.provenance.mature
    if account is not None and "accounts" in settings:
        # an account counts once, when its first lead has matured
        ripe = ripe.groupby(account[standing.worked]).min().sort_values()
        by_account = True
        counted = settings.get("learned from", settings["accounts"])
    elif "accounts" not in settings:
        counted = settings.get("learned from", counted)
    learned = max(int(counted), 1)
    new, before = (int((ripe <= day).sum()) for day in (now, now - pd.Timedelta(days=_LOOK_BACK_DAYS)))
    steps, steps_before = (int(math.log(1 + count / learned) / math.log(_STEP)) for count in (new, before))
    figures = {"new": float(new), "learned": float(learned)}
    matured = weekly_counts(ripe, as_of=as_of)
    course = new - matured.sum() + matured.cumsum()
    called = steps > steps_before
    if by_account:
        grown = fact("accounts_matured" if all_worked else "worked_accounts_matured", new=new, learned=learned)
        shows = fact("shows_accounts_matured" if all_worked else "shows_worked_accounts_matured")
    else:
        grown = fact("leads_matured" if all_worked else "worked_leads_matured", new=new, learned=learned)
        shows = fact("shows_leads_matured" if all_worked else "shows_worked_leads_matured")
    return MonitoringFinding(
        "LQ608",
        "warning" if called else "fine",
        (fact("much_more_is_known"), grown) if called else (grown,),
        "retrain" if called else "",
        None,
        figures,
        series=tuple(map(float, course)),
        limit=learned * (_STEP ** (steps if called else steps + 1) - 1),
        shows=shows,
    )
