"""Recording scores where none of what learning needs is installed, and where Python has no fcntl, as on Windows."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCKED = ("numpy", "pandas", "scipy", "sklearn", "pyarrow", "click", "rich", "glum", "joblib", "fcntl")
BLOCK = f"""
import sys
sys.modules.update(dict.fromkeys({BLOCKED!r}))
"""
RECORDS = """
from leadqual.bundle import Bundle
from leadqual.feedback import FeedbackStore, FeedbackWriter, ScoreRecorder
bundle, folder = Bundle.load(sys.argv[1]), sys.argv[2]
recorder = ScoreRecorder(bundle)
with FeedbackStore(folder + "/f.db") as store:
    with FeedbackWriter(store, folder + "/journal", now=lambda: "2026-06-01T00:00:00Z") as writer:
        for number in range(50):
            writer.record(recorder.scored(f"L{number}", {"industry": "x", "none": None}, at="2026-05-01"))
        writer.flush()
    assert len(list(store.events())) == 50
    assert store.forget("L7", at="2026-06-02") == 1
"""
LACKS = """
from leadqual.errors import DependencyError
from leadqual import feedback
for name in feedback.__all__:
    try:
        getattr(feedback, name)
    except DependencyError as error:
        print(name, str(error))
"""


def run(code, *arguments):
    done = subprocess.run([sys.executable, "-c", BLOCK + code, *map(str, arguments)], capture_output=True, text=True,
                          cwd=ROOT, timeout=300, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_scores_are_recorded_with_sqlalchemy_and_alembic_alone(tmp_path, bundle):
    run(RECORDS, bundle.save(tmp_path / "bundle.json"), tmp_path)
    with sqlite3.connect(tmp_path / "f.db") as connection:
        leads = {lead for (lead,) in connection.execute("SELECT lead FROM leadqual_feedback_event WHERE kind='scored'")}
    connection.close()
    assert len(leads & {f"L{number}" for number in range(50)}) == 49
    assert list((tmp_path / "journal").iterdir()) == []


def test_what_reads_the_ledger_as_tables_says_in_a_sentence_what_it_needs(bundle):
    said = run(LACKS).splitlines()
    assert {line.split()[0] for line in said} == {
        *(
            "FeedbackStatus",
            "Imported",
            "Replayed",
            "Snapshot",
            "Standing",
            "feedback_history",
            "feedback_status",
            "import_events",
        ),
        *("lead_standing", "read_picked", "read_propensity", "replay", "values_of"),
    }
    assert all('is not installed; pip install "leadqual[feedback,train]".' in line for line in said)


def test_every_name_is_there_and_a_wrong_one_is_refused():
    from leadqual import feedback

    assert all(getattr(feedback, name).__name__ for name in feedback.__all__ if name != "KINDS")
    assert set(feedback.__all__) <= set(dir(feedback))
    with pytest.raises(AttributeError, match="has no 'nonsense'"):
        feedback.nonsense  # noqa: B018  # asking is the test
