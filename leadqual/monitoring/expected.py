"""LQ607: what recent leads are expected to bring before any of them has ended."""

from __future__ import annotations

import pandas as pd

from leadqual.bundle import Bundle
from leadqual.fact import fact
from leadqual.monitoring.finding import MonitoringFinding
from leadqual.monitoring.promised_ranking import promised_ranking

__all__ = ["expected_performance"]

_MIN_LEADS = 30


def expected_performance(bundle: Bundle, recent: pd.DataFrame) -> MonitoringFinding:
    """Estimate wins, SQL precision and ranking from the scores alone (LQ607).

    If probabilities are right, a lead of probability p wins with p, so the mean of p is the expected win rate, that of
    SQLs their precision, and the expected concordance follows as well (confidence-based estimation; nannyml's CBPE).
    This sees other leads coming. It cannot see that leads with the same fields win more or less often than before:
    only outcomes show that.
    """
    if len(recent) < _MIN_LEADS:
        few = fact("few_recent_leads", leads=len(recent), needed=_MIN_LEADS)
        return MonitoringFinding("LQ607", "not applicable", (few,), "wait")
    p, points = recent["probability"].to_numpy(), recent["points"].to_numpy()
    sql = points >= bundle.policy.sql_points
    figures = {"leads": float(len(p)), "win_rate": float(p.mean()), "auc": promised_ranking(points, p) or 0.5}
    facts = [fact("expected_wins", leads=len(p), wins=float(p.sum()), rate=float(p.mean()))]
    if sql.any():
        figures |= {"sql_precision": float(p[sql].mean()), "sql_share": float(sql.mean())}
        facts.append(fact("expected_of_sqls", rate=float(p[sql].mean())))
    facts.append(fact("expected_from_scores"))
    grades = [grade.name for grade in bundle.policy.grades]
    return MonitoringFinding(
        "LQ607",
        "fine",
        tuple(facts),
        "",
        None,
        figures,
        series=tuple(float(p[(recent["grade"] == grade).to_numpy()].sum()) for grade in grades),
        shows=fact("shows_expected_wins"),
        labels=tuple(grades),
    )
