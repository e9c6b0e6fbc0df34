"""Progress is for people at a terminal only, and what is said to type can be typed."""

import io
import sys
from pathlib import Path

import pytest

from leadqual.cli import console


def test_progress_is_silent_where_standard_error_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with console.progress() as report:
        report("reading", 0, 0)
        report("fitting", 1, 3)
    assert capsys.readouterr() == ("", "")


def test_progress_names_the_step_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with console.progress() as report:
        report("reading leads", 0, 0)
        report("choosing the strength", 1, 3)
    assert "choosing the strength" in terminal.getvalue()


def test_the_program_is_named_as_it_can_be_typed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    program = tmp_path / "bin" / "leadqual"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(program)])
    monkeypatch.setenv("PATH", "")
    assert console.program() == "bin/leadqual"
    monkeypatch.chdir(program.parent)
    monkeypatch.setattr(sys, "argv", [str(program)])
    monkeypatch.chdir("/")
    assert console.program() == str(program.relative_to("/"))
    monkeypatch.setenv("PATH", str(program.parent))
    assert console.program() == "leadqual"
    monkeypatch.setattr(sys, "argv", ["/usr/bin/pytest"])
    assert console.program() == "leadqual"


def test_a_remark_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    console.remarks(["one", "two", "one"])
    assert capsys.readouterr().err.split() == ["note", "one", "note", "two"]
