"""The weekly report with its sentences, as plain data: for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from leadqual.meetings import WeekReport
from leadqual.reports.language import Language
from leadqual.reports.monitoring_plain import sentences

__all__ = ["week_plain"]


def week_plain(report: WeekReport, language: str = "en") -> dict[str, Any]:
    """Return a weekly report as plain data.

    Parameters
    ----------
    report
        See `leadqual.meetings.weekly`.
    language
        ``"en"`` or ``"zh"``, for the sentences; keys and codes stay.

    Raises
    ------
    LeadqualError
        When there is no such language.

    Examples
    --------
    See ``tests/reports/test_week_plain.py``.
    """
    words = Language(language)
    return {
        "week": {
            "number": report.week.number,
            "first": report.week.monday.isoformat(),
            "last": report.week.sunday.isoformat(),
            "zone": report.week.zone,
        },
        "as_of": report.as_of,
        "bundle": report.bundle,
        "duties": [
            asdict(one) | {"course": list(one.course), "kept": one.kept, "weeks_missed": one.weeks_missed}
            for one in report.duties
        ],
        "handed_over": {
            "all": asdict(report.all),
            "grades": [asdict(one) for one in report.grades],
            "drawn": asdict(report.drawn),
            "before": asdict(report.before),
        },
        "response": asdict(report.response),
        "response_before": asdict(report.response_before),
        "matured": asdict(report.matured) | {"unusual": report.matured.unusual},
        "by_field": None if report.by_field is None else report.by_field.name,
        "by_band": [asdict(one) | {"unusual": one.unusual} for one in report.by_band],
        "other_bundles": report.other_bundles,
        "changes": list(words.say_all(report.changes)),
        "rejections": dict(report.rejections),
        "rejections_before": dict(report.rejections_before),
        "disqualified": dict(report.disqualified),
        "disqualified_before": dict(report.disqualified_before),
        "disagreements": [asdict(one) for one in report.disagreements],
        "sellers": [asdict(one) for one in report.sellers],
        "alarms": [
            {"code": one.code, "field": one.field, "said": sentences(one, words), "remedy": one.remedy}
            for one in report.alarms
        ],
        "notes": list(words.say_all(report.notes)),
    }
