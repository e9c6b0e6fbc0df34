"""Reports: what a bundle says, as plain data, and its display in a terminal."""

from leadqual.reports.summary import Summary, summarize

__all__ = ["Summary", "summarize"]
