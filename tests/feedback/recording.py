"""What tests of the writer record, and the writer they record it with."""

from leadqual.feedback import Event, FeedbackWriter

NOW = "2026-06-01"


def worked(number):
    return Event("worked", f"L{number}", "2026-05-01")


def writer(store, tmp_path):
    return FeedbackWriter(store, tmp_path / "journal", now=lambda: NOW)
