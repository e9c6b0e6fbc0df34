"""Records scores where leadqual[feedback] alone is installed: record_alone.py BUNDLE LEADS FOLDER."""
# ruff: noqa: S101, T201  # it checks and tells

import csv
import stat
import sys
from importlib.util import find_spec
from pathlib import Path

HEAVY = ("numpy", "pandas", "scipy", "sklearn", "pyarrow", "glum", "click", "rich")
found = [name for name in HEAVY if find_spec(name) is not None]
assert not found, f"leadqual[feedback] must stay light, and brings {', '.join(found)}"
if "without-fcntl" in sys.argv:
    sys.modules["fcntl"] = None  # as on Windows

from leadqual import Scorer  # noqa: E402  # after what may not be there
from leadqual.errors import DependencyError  # noqa: E402  # as above
from leadqual.feedback import FeedbackStore, FeedbackWriter, ScoreRecorder  # noqa: E402  # as above

bundle, leads, folder = map(Path, sys.argv[1:4])
scorer = Scorer.load(bundle)
recorder = ScoreRecorder(scorer.bundle)
with leads.open(encoding="utf-8", newline="") as file:
    rows = list(csv.DictReader(file))
name = scorer.bundle.id_field or "id"
with FeedbackStore(folder / "feedback.db") as store:
    with FeedbackWriter(store, folder / "journal", now=lambda: "2026-06-01T00:00:00Z") as writer:
        for row in rows:
            writer.record(recorder.scored(row[name], row, at="2026-06-01T00:00:00Z"))
        writer.flush()
    recorded = {event.lead: event.content["points"] for event in store.events(kinds=["scored"])}
expected = {row[name]: scorer.score_one(row).points for row in rows}
assert recorded == expected, "the ledger does not hold the scores that the scorer gives"
assert not list((folder / "journal").iterdir()), "something was left in the journal"
assert stat.S_IMODE((folder / "feedback.db").stat().st_mode) == 0o600, "others may read the ledger"
try:
    from leadqual.feedback import feedback_history  # noqa: F401  # it must not be there
except DependencyError as error:
    print(error)
else:
    sys.exit("feedback_history was imported without pandas")
print(f"{len(recorded):,} scores recorded with leadqual[feedback] alone")
