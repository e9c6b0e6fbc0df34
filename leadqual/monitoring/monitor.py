"""Everything that is watched about a deployed bundle, and what it calls for."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np
import pandas as pd

from leadqual.bundle import Bundle
from leadqual.errors import FeedbackError
from leadqual.fact import Fact
from leadqual.feedback.history import moment
from leadqual.feedback.standing import Standing, lead_standing
from leadqual.monitoring.belonging import counting, ledger_accounts, outcome_worth
from leadqual.monitoring.calibration_decay import base_rate_shift, calibration_decay
from leadqual.monitoring.cohort import matured_leads
from leadqual.monitoring.expected import expected_performance
from leadqual.monitoring.finding import MonitoringFinding, Remedy
from leadqual.monitoring.freshness import follow_up_freshness, outcome_freshness
from leadqual.monitoring.growth import growth
from leadqual.monitoring.input_drift import input_drift, learned_from, new_values
from leadqual.monitoring.promise_doubt import promise_doubt
from leadqual.monitoring.ranking_decay import held_ranking, ranking_decay, ranking_margin
from leadqual.monitoring.volume import volume

__all__ = ["MonitoringReport", "monitor"]

_ORDER = {"alarm": 0, "warning": 1, "not applicable": 2, "fine": 3}
_URGENT: tuple[Remedy, ...] = ("look at the data source", "retrain", "recalibrate")
_RECENT_DAYS = 28


@dataclass(frozen=True, slots=True)
class MonitoringReport:
    """What was watched, the most serious first.

    Parameters
    ----------
    bundle
        Digest of the bundle.
    as_of
        The date it is of (ISO 8601).
    leads, matured
        How many leads it scored, and how many of them could be judged.
    basis
        Whom the judgement holds for; see `leadqual.monitoring.cohort.Cohort`.
    findings
        One per thing that was watched.
    left_out
        Which leads were left out of the judgement, and why; empty where none was.
    counted_by
        What counts as one: ``"accounts"``; ``"days"`` where no account is known and leads of one day repeat each other;
        ``"leads"`` where no account is known and nothing says so: then leads are assumed to be independent.
    accounts
        How many accounts the leads belong to; None where the ledger knows none.
    design_effect
        How many recent leads are worth one independent lead, on average over the fields, at least 1.
    """

    bundle: str
    as_of: str
    leads: int
    matured: int
    basis: str
    findings: tuple[MonitoringFinding, ...]
    left_out: tuple[Fact, ...] = ()
    counted_by: Literal["accounts", "days", "leads"] = "leads"
    accounts: int | None = None
    design_effect: float = 1.0

    @property
    def remedy(self) -> Remedy:
        """What the alarms together call for; "" for nothing.

        Where the data source is in doubt, that comes first: a model learned from a broken export would be worse.
        """
        called = {finding.remedy for finding in self.findings if finding.severity == "alarm"}
        return next((remedy for remedy in _URGENT if remedy in called), "")

    @property
    def retraining_pays(self) -> bool:
        """Whether a challenger is worth building: an alarm calls for it, or much more is known than before."""
        return self.remedy in ("retrain", "recalibrate") or any(one.severity == "warning" for one in self.of("LQ608"))

    def of(self, code: str) -> tuple[MonitoringFinding, ...]:
        """Return the findings of one code."""
        return tuple(finding for finding in self.findings if finding.code == code)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain data; `leadqual.reports.monitoring_plain` has it with sentences."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        facts = {
            "findings": [one.to_dict() for one in self.findings],
            "left_out": [one.to_dict() for one in self.left_out],
        }
        return found | facts | {"remedy": self.remedy}


def monitor(
    bundle: Bundle, history: pd.DataFrame, *, as_of: str, seed: int = 0, standing: Standing | None = None
) -> MonitoringReport:
    """Watch a deployed bundle.

    Parameters
    ----------
    bundle
        What is deployed.
    history
        The leads it scored, as known by that date; see `leadqual.feedback.feedback_history` with its digest.
    as_of
        The date (ISO 8601).
    seed
        Of the draws.
    standing
        Where they stand, where that was judged already; see `leadqual.feedback.Snapshot`. None: it is judged here.

    Raises
    ------
    FeedbackError
        When the history holds scores of another bundle.

    Examples
    --------
    >>> from leadqual.feedback import feedback_history, scored_table
    >>> from leadqual.leads import read_leads
    >>> from leadqual.simulation import SampleSettings, simulate
    >>> from leadqual.training import train
    >>> sample = simulate(SampleSettings(leads=1500), seed=1)
    >>> bundle = train(read_leads(sample.table, sample.schema), name="demo").bundle
    >>> events = scored_table(bundle, sample.table, id_field=sample.schema.id, at="2026-05-01")
    >>> report = monitor(bundle, feedback_history(events, as_of="2026-05-02"), as_of="2026-05-02")
    >>> report.leads, report.of("LQ605")[0].severity
    (1500, 'not applicable')
    """
    strange = int((history["bundle"] != bundle.digest).sum())
    if strange:
        raise FeedbackError(
            f"{strange} of {len(history)} scores are of other bundles, all must be of this one; pass bundle=its digest."
        )
    now = moment(as_of)
    recent = history[history["scored_at"] > now - pd.Timedelta(days=_RECENT_DAYS)]
    window = bundle.window_days or 90
    if standing is None:
        standing = lead_standing(history, window_days=window, as_of=as_of)
    cohort = matured_leads(history, standing)
    settings = dict(bundle.provenance.settings)
    by_account = "accounts" in settings
    # a retrained bundle may rest on worked leads alone: then its figures are none of all leads
    of_all = settings.get("base rate of") != "worked"
    ranked_all = settings.get("retrained on") != "worked" and not cohort.by_promise
    doubt = promise_doubt(bundle, cohort.points)
    counted = counting(history, recent, len(bundle.points_table.fields), by_account=by_account)
    account = ledger_accounts(history)
    findings = [
        *input_drift(bundle, recent, seed=seed, counted=counted),
        *new_values(bundle, recent, counted=counted),
        volume(history, as_of=as_of),
        base_rate_shift(
            cohort,
            bundle.base_rate if of_all else None,
            learned_from=int(settings.get("base rate from", learned_from(bundle))),
            doubt=doubt,
        ),
        calibration_decay(cohort, doubt=doubt),
        ranking_decay(cohort, expected=held_ranking(bundle), margin=None if ranked_all else ranking_margin(bundle)),
        expected_performance(bundle, recent),
        growth(bundle, history, standing, as_of=as_of),
        outcome_freshness(history, standing, as_of=as_of),
        follow_up_freshness(history, as_of=as_of),
    ]
    findings.sort(key=lambda one: (_ORDER[one.severity], one.code, one.field or ""))
    by = counted.by
    if by == "leads":
        by = outcome_worth(cohort.probability, cohort.won, cohort.account, cohort.day)[1]
    return MonitoringReport(
        bundle.digest,
        as_of,
        len(history),
        len(cohort.won),
        cohort.basis,
        tuple(findings),
        cohort.left_out,
        counted_by=by,
        accounts=None if account is None else len(np.unique(account)),
        design_effect=max(counted.design_effect, 1.0),
    )
