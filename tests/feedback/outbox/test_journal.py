import os
import stat

import pytest

from leadqual.feedback.outbox import file_lock, journal
from leadqual.feedback.outbox.journal import Journal


@pytest.fixture(params=["by the operating system", "by SQLite"], autouse=True)
def locking(request, monkeypatch):
    """Have journals locked in both ways, whatever this machine offers."""
    if request.param == "by SQLite":
        monkeypatch.setattr(file_lock, "fcntl", None)
    return request.param


def test_a_living_journal_is_left_alone_and_one_left_behind_is_taken_up(tmp_path):
    made = Journal.create(tmp_path)
    made.write(["one", "two"])
    assert Journal.left_behind(tmp_path) == []
    made.release()
    (found,) = Journal.left_behind(tmp_path)
    assert (found.path, found.lines(), found.size) == (made.path, ([b"one", b"two"], b""), 8)
    assert Journal.left_behind(tmp_path) == []
    found.write(["three"])
    assert found.lines()[0] == [b"one", b"two", b"three"]
    found.remove()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("what", ["locked by another", "deleted"])
def test_who_takes_a_new_journal_for_left_behind_harms_nobody(tmp_path, monkeypatch, what):
    """One who starts in the moment between a journal's making and its lock finds it without an owner."""
    lock, taken = journal.lock_file, []

    def first_taken(path, file):
        if not taken:
            other = os.open(path, os.O_RDWR)
            taken.append((path, other, lock(path, other)))
            if what == "deleted":
                Journal(*taken[0])._release(gone=True)  # as `remove` does, which waits for this one
        return lock(path, file)

    with monkeypatch.context() as patched:
        patched.setattr(journal, "lock_file", first_taken)
        made = Journal.create(tmp_path)
    assert made.path != taken[0][0]
    made.write(["one"])
    if what == "locked by another":
        assert taken[0][0].exists()
        Journal(*taken[0]).remove()
    assert [path for path in tmp_path.iterdir() if path.suffix == ".journal"] == [made.path]
    made.remove()
    Journal.left_behind(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_which_every_journal_is_taken_away_is_an_error_and_not_a_loop(tmp_path, monkeypatch):
    monkeypatch.setattr(journal, "lock_file", lambda _path, _file: None)
    with pytest.raises(OSError, match="taken away"):
        Journal.create(tmp_path)


def test_what_makers_left_who_died_is_swept_up(tmp_path):
    (tmp_path / "feedback-0.new").touch()
    (tmp_path / "feedback-0.lock").touch()
    assert Journal.left_behind(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_failed_leaves_nothing_that_counts(tmp_path, monkeypatch):
    made = Journal.create(tmp_path)
    made.write(["one"])
    with monkeypatch.context() as patched:

        def full(_file):
            raise OSError(28, "No space left on device")

        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            made.write(["a long line that is not acknowledged"])
    made.write(["two"])
    assert made.lines() == ([b"one", b"two"], b"")
    made.remove()


def test_its_files_are_its_owners_alone(tmp_path):
    before = os.umask(0)
    try:
        made = Journal.create(tmp_path)
        journal.keep_refused(tmp_path, [b"one"])
    finally:
        os.umask(before)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    made.remove()
