import fcntl
from pathlib import Path

import pytest

from leadqual.feedback.journal import Journal


def test_a_journal_is_locked_before_others_can_find_it(tmp_path, monkeypatch):
    """Else a writer that starts at that moment takes it for left behind and deletes it, with all that comes."""
    rename, seen = Path.rename, []

    def look(self, target):
        with self.open("rb") as other, pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        seen.append(self)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", look)
    journal = Journal.create(tmp_path)
    assert len(seen) == 1
    assert not seen[0].match("feedback-*.journal")
    assert Journal.left_behind(tmp_path) == []
    journal.release()
    assert [one.path for one in Journal.left_behind(tmp_path)] == [journal.path]


def test_a_journal_whose_maker_died_is_swept_up_and_one_who_lives_makes_another(tmp_path, monkeypatch):
    (tmp_path / "feedback-0.new").touch()
    assert Journal.left_behind(tmp_path) == []
    assert list(tmp_path.iterdir()) == []
    rename, swept = Path.rename, []

    def sweep(self, target):
        if not swept:
            swept.append(self.unlink())
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", sweep)
    journal = Journal.create(tmp_path)
    assert [path.suffix for path in tmp_path.iterdir()] == [".journal"]
    journal.remove()
