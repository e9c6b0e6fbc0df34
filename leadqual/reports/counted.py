"""What counts as one in a monitoring report, in a sentence."""

from __future__ import annotations

from leadqual.monitoring import MonitoringReport

__all__ = ["counted_sentence"]


def counted_sentence(report: MonitoringReport) -> str:
    """Say whether accounts or leads were counted, and what was assumed.

    Parameters
    ----------
    report
        See `leadqual.monitoring.monitor`.

    Examples
    --------
    >>> counted_sentence(MonitoringReport("b" * 64, "2026-05-01", 0, 0, "all", ()))
    'No account is known: leads are taken as independent of each other.'
    """
    worth = f"{report.design_effect:.1f} leads count as one where their values are compared"
    if report.counted_by == "accounts" or report.accounts is not None:
        known = f"{report.accounts or 0:,} accounts are counted, not their leads"
        return f"{known}; {worth}." if report.design_effect > 1 else f"{known}."
    if report.counted_by == "days":
        return (
            f"No account is known, and leads of one day are alike, as those of one company are: {worth}. Name the "
            "column of the company as account in [lead] and train again, to count companies."
        )
    return "No account is known: leads are taken as independent of each other."
