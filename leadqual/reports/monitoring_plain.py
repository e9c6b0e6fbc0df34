"""A monitoring report with its sentences, as plain data and as a table: for JSON, notebooks, the terminal and pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from leadqual.fact import Fact, fact
from leadqual.monitoring import MonitoringFinding, MonitoringReport
from leadqual.reports.language import Language

__all__ = ["counted_by", "monitoring_plain", "monitoring_table", "sentences", "to_do"]


def counted_by(report: MonitoringReport) -> Fact:
    """Return whether accounts or leads were counted, and what was assumed.

    Parameters
    ----------
    report
        See `leadqual.monitoring.monitor`.

    Examples
    --------
    >>> Language("en").say(counted_by(MonitoringReport("b" * 64, "2026-05-01", 0, 0, "all", ())))
    'No account is known: leads are taken as independent of each other.'
    """
    if report.counted_by == "accounts" or report.accounts is not None:
        accounts = report.accounts or 0
        if report.design_effect > 1:
            return fact("counted_accounts_worth", accounts=accounts, worth=report.design_effect)
        return fact("counted_accounts", accounts=accounts)
    if report.counted_by == "days":
        return fact("counted_days", worth=report.design_effect)
    return fact("counted_leads")


def to_do(report: MonitoringReport) -> Fact:
    """Return what the report calls for; where nothing is called for, whether there was enough to tell.

    Parameters
    ----------
    report
        See `leadqual.monitoring.monitor`.
    """
    early = sum(finding.severity == "not applicable" for finding in report.findings)
    if not report.remedy and early:
        return fact("to_do_early", early=early, checks=len(report.findings))
    code = report.remedy
    if code == "look at the data source":
        return fact("to_do_source_first", remedy=code)
    return fact("to_do", remedy=code)


def sentences(finding: MonitoringFinding, language: Language) -> str:
    """Return what was found, its sentences one after the other.

    Parameters
    ----------
    finding, language
        What, and in which language.
    """
    return language.joined(finding.facts)


def monitoring_plain(report: MonitoringReport, language: str = "en") -> dict[str, Any]:
    """Return a report as plain data with its sentences.

    Parameters
    ----------
    report
        See `leadqual.monitoring.monitor`.
    language
        ``"en"`` or ``"zh"``.

    Examples
    --------
    >>> monitoring_plain(MonitoringReport("b" * 64, "2026-05-01", 0, 0, "all", ()))["findings"]
    []
    """
    words, found = Language(language), report.to_dict()
    found["findings"] = [
        _finding(finding, plain, words) for finding, plain in zip(report.findings, found["findings"], strict=True)
    ]
    found["notes"] = list(words.say_all(report.left_out))
    return found


def _finding(finding: MonitoringFinding, plain: Mapping[str, Any], words: Language) -> dict[str, Any]:
    check = words.words[f"check_{finding.code}"]
    shows = "" if finding.shows is None else words.say(finding.shows)
    return {**plain, "check": check, "said": sentences(finding, words), "shows": shows}


def monitoring_table(report: MonitoringReport, language: str = "en") -> pd.DataFrame:
    """Return a row for each finding: code, check, field, severity, said, remedy.

    Parameters
    ----------
    report, language
        As in `monitoring_plain`.

    Examples
    --------
    >>> monitoring_table(MonitoringReport("b" * 64, "2026-05-01", 0, 0, "all", ())).columns.tolist()
    ['code', 'check', 'field', 'severity', 'said', 'remedy']
    """
    columns = ["code", "check", "field", "severity", "said", "remedy"]
    return pd.DataFrame(monitoring_plain(report, language)["findings"], columns=columns)
