"""Feedback: the ledger of scores given, what sales did with them, and how it ended. It knows a bundle by its digest."""

from leadqual.feedback.account_hash import account_hash
from leadqual.feedback.crm_columns import FeedbackColumns
from leadqual.feedback.crm_import import Imported, import_events
from leadqual.feedback.events import KINDS, Event, instant
from leadqual.feedback.follow_up_times import FeedbackStatus, feedback_status
from leadqual.feedback.history import feedback_history
from leadqual.feedback.picked import read_picked, read_propensity
from leadqual.feedback.replay import Replayed, replay, values_of
from leadqual.feedback.scored import ScoreRecorder, scored_table
from leadqual.feedback.standing import Standing, lead_standing
from leadqual.feedback.store import FeedbackStore
from leadqual.feedback.writer import FeedbackWriter, WriterState

__all__ = [
    "Event",
    "FeedbackColumns",
    "FeedbackStatus",
    "FeedbackStore",
    "FeedbackWriter",
    "Imported",
    "KINDS",
    "Replayed",
    "ScoreRecorder",
    "Standing",
    "WriterState",
    "account_hash",
    "feedback_history",
    "feedback_status",
    "import_events",
    "instant",
    "lead_standing",
    "read_picked",
    "read_propensity",
    "replay",
    "scored_table",
    "values_of",
]
