"""Meetings: the figures that marketing and sales go through together each week, as data."""

from __future__ import annotations

from leadqual.meetings.disagreement import Disagreement
from leadqual.meetings.duty import Duty, Sla
from leadqual.meetings.handed_over import HandedOver
from leadqual.meetings.promise_kept import PromiseKept
from leadqual.meetings.response_time import ResponseTime
from leadqual.meetings.seller_week import SellerWeek
from leadqual.meetings.week import Week
from leadqual.meetings.week_report import WeekReport, weekly

__all__ = [
    "Disagreement",
    "Duty",
    "HandedOver",
    "PromiseKept",
    "ResponseTime",
    "SellerWeek",
    "Sla",
    "Week",
    "WeekReport",
    "weekly",
]
