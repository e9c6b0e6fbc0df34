"""Feedback: the ledger of scores given, what sales did with them, and how it ended. It knows a bundle by its digest.

An app that records its scores needs ``leadqual[feedback]`` alone. What reads the ledger as tables is loaded when it is
first used, and needs ``leadqual[train]``.

Examples
--------
>>> from leadqual import feedback
>>> "ScoreRecorder" in dir(feedback)
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from leadqual.feedback.account_hash import account_hash
from leadqual.feedback.events import KINDS, Event, instant
from leadqual.feedback.importing.merged_ids import MergedIds, merge_ids
from leadqual.feedback.lead_ids import lead_id_column
from leadqual.feedback.open_leads import KnownLeads, known_leads
from leadqual.feedback.outbox.writer import FeedbackWriter, WriterState
from leadqual.feedback.recorded_scores import RecordedScores, record_scores
from leadqual.feedback.scored import ScoreRecorder, named_leads, scored_table
from leadqual.feedback.standing_ids import standing_ids
from leadqual.feedback.store import FeedbackStore

if TYPE_CHECKING:
    from leadqual.feedback.follow_up_times import FeedbackStatus, feedback_status
    from leadqual.feedback.history import feedback_history
    from leadqual.feedback.importing.crm_columns import FeedbackColumns
    from leadqual.feedback.importing.crm_import import Imported, import_events
    from leadqual.feedback.picked import read_picked, read_propensity
    from leadqual.feedback.replayed import Replayed, replay, values_of
    from leadqual.feedback.snapshot import Snapshot
    from leadqual.feedback.standing import Standing, lead_standing

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
    "RecordedScores",
    "Replayed",
    "ScoreRecorder",
    "Snapshot",
    "Standing",
    "WriterState",
    "account_hash",
    "feedback_history",
    "feedback_status",
    "import_events",
    "instant",
    "known_leads",
    "lead_id_column",
    "lead_standing",
    "merge_ids",
    "named_leads",
    "read_picked",
    "read_propensity",
    "record_scores",
    "replay",
    "scored_table",
    "standing_ids",
    "values_of",
]

_HOMES = {
    "FeedbackColumns": "leadqual.feedback.importing.crm_columns",
    "FeedbackStatus": "leadqual.feedback.follow_up_times",
    "Imported": "leadqual.feedback.importing.crm_import",
    "Replayed": "leadqual.feedback.replayed",
    "Snapshot": "leadqual.feedback.snapshot",
    "Standing": "leadqual.feedback.standing",
    "feedback_history": "leadqual.feedback.history",
    "feedback_status": "leadqual.feedback.follow_up_times",
    "import_events": "leadqual.feedback.importing.crm_import",
    "lead_standing": "leadqual.feedback.standing",
    "read_picked": "leadqual.feedback.picked",
    "read_propensity": "leadqual.feedback.picked",
    "replay": "leadqual.feedback.replayed",
    "values_of": "leadqual.feedback.replayed",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"leadqual.feedback has no {name!r}; it has {', '.join(__all__)}.")
    try:
        return getattr(import_module(home), name)
    except ModuleNotFoundError as error:
        from leadqual.errors import DependencyError

        raise DependencyError(
            f'{name} needs {error.name}, which is not installed; pip install "leadqual[feedback,train]".'
        ) from None


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
