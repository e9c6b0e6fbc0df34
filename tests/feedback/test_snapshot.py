import numpy as np
import pandas as pd

from leadqual.feedback import Event, FeedbackStore, Snapshot, feedback_history, lead_standing

SCORE = {"points": 120, "probability": 0.2, "grade": "A"}


def same(one, other):
    for name in ("mature", "drawn", "worked", "won", "days_to_win", "judged"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    for name in ("basis", "unrecorded_wins", "unworked_draws", "selected"):
        assert getattr(one, name) == getattr(other, name)


def test_the_ledger_is_read_once_and_judged_once_for_all_who_ask(tmp_path):
    events = [Event("scored", f"L{i}", "2026-01-01", SCORE | {"bundle": "bc"[i % 2]}) for i in range(6)]
    events += [Event("worked", "L1", "2026-01-02"), Event("won", "L2", "2026-02-01")]
    with FeedbackStore(tmp_path / "f.db") as store:
        store.append(events, known_at="2026-03-01")
        snapshot = Snapshot.read(store, as_of="2026-06-01")
    for bundle in (None, "b", "c", "d"):
        history = feedback_history(events, as_of="2026-06-01", bundle=bundle)
        same(
            snapshot.standing(window_days=90, bundle=bundle),
            lead_standing(history, window_days=90, as_of="2026-06-01"),
        )
        known = ["followed_known_at", "ended_known_at"]  # the ledger's, not the event's own
        pd.testing.assert_frame_equal(snapshot.history(bundle=bundle).drop(columns=known), history.drop(columns=known))
        assert snapshot.history(bundle=bundle) is snapshot.history(bundle=bundle)
        assert snapshot.standing(window_days=90, bundle=bundle) is snapshot.standing(window_days=90, bundle=bundle)
