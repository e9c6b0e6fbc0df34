"""Feedback: the ledger of scores given, what sales did with them, and how it ended. It knows a bundle by its digest."""

from leadqual.feedback.crm_columns import FeedbackColumns
from leadqual.feedback.crm_import import Imported, import_events
from leadqual.feedback.events import KINDS, Event, instant
from leadqual.feedback.follow_up_times import FeedbackStatus, feedback_status
from leadqual.feedback.history import feedback_history
from leadqual.feedback.merged_ids import MergedIds, merge_ids, standing_ids
from leadqual.feedback.open_leads import KnownLeads, known_leads
from leadqual.feedback.picked import read_picked, read_propensity
from leadqual.feedback.replay import Replayed, replay, values_of
from leadqual.feedback.scored import ScoreRecorder, named_leads, scored_table
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
    "KnownLeads",
    "MergedIds",
    "Replayed",
    "ScoreRecorder",
    "Standing",
    "WriterState",
    "feedback_history",
    "feedback_status",
    "import_events",
    "instant",
    "known_leads",
    "lead_standing",
    "merge_ids",
    "named_leads",
    "read_picked",
    "read_propensity",
    "replay",
    "scored_table",
    "standing_ids",
    "values_of",
]
