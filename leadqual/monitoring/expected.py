"""LQ607: what recent leads are expected to bring before any of them has ended."""

from __future__ import annotations

import pandas as pd

from leadqual.bundle import Bundle
from leadqual.monitoring.finding import MonitoringFinding
from leadqual.monitoring.promised_ranking import promised_ranking

__all__ = ["expected_performance"]

_FEWEST = 30


def expected_performance(bundle: Bundle, recent: pd.DataFrame) -> MonitoringFinding:
    """Estimate wins, SQL precision and ranking from the scores alone (LQ607).

    If probabilities are right, a lead of probability p wins with p, so the mean of p is the expected win rate, that of
    SQLs their precision, and the expected concordance follows as well (confidence-based estimation; nannyml's CBPE).
    This sees other leads coming. It cannot see that leads with the same fields win more or less often than before:
    only outcomes show that.
    """
    check = "what recent leads will bring"
    if len(recent) < _FEWEST:
        said = f"{len(recent)} leads are recent, {_FEWEST} must be; wait for more."
        return MonitoringFinding("LQ607", check, "not applicable", said, "wait")
    p, points = recent["probability"].to_numpy(), recent["points"].to_numpy()
    sql = points >= bundle.policy.sql_points
    figures = {"leads": float(len(p)), "win_rate": float(p.mean()), "auc": promised_ranking(points, p) or 0.5}
    said = f"{len(p)} recent leads: {p.sum():.0f} wins to be expected if all are worked ({100 * p.mean():.1f} %)"
    if sql.any():
        figures |= {"sql_precision": float(p[sql].mean()), "sql_share": float(sql.mean())}
        said += f", {100 * p[sql].mean():.0f} % of SQLs"
    said += ". This sees which leads come, not whether leads like them win as before."
    grades = [grade.name for grade in bundle.policy.grades]
    return MonitoringFinding(
        "LQ607",
        check,
        "fine",
        said,
        "",
        None,
        figures,
        series=tuple(float(p[(recent["grade"] == grade).to_numpy()].sum()) for grade in grades),
        shows="wins to be expected of recent leads, by grade",
        labels=tuple(f"grade {grade}" for grade in grades),
    )
