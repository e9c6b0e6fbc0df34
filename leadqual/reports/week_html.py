"""The weekly report as one HTML file: it opens without a network, on a phone too, and prints on two pages."""

from __future__ import annotations

from collections.abc import Sequence

from leadqual.meetings import WeekReport
from leadqual.reports.environment import page_environment
from leadqual.reports.language import Language
from leadqual.reports.week_shown import show_week

__all__ = ["week_page"]


def week_page(
    report: WeekReport, *, language: str = "en", missing: Sequence[str] | None = None, crm_link: str | None = None
) -> str:
    """Return the page.

    Parameters
    ----------
    report
        See `leadqual.meetings.weekly`.
    language, missing, crm_link
        As in `leadqual.reports.week_shown.show_week`.

    Raises
    ------
    LeadqualError
        When there is no such language, or ``crm_link`` is no web address with ``{id}`` in it.
    """
    shown = show_week(report, language=language, missing=missing, crm_link=crm_link)
    return page_environment(Language(language)).get_template("week.html.jinja").render(shown=shown)
