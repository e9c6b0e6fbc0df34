"""What the README shows is what the code does."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

import leadqual
from leadqual.agreement import CapBand, Edit, Proposal
from leadqual.bundle import Bundle
from leadqual.cli.commands import commands as leadqual_commands

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


@pytest.mark.slow
def test_the_capture_is_what_the_demo_prints(tmp_path):
    run = subprocess.run(
        [Path(sys.executable).with_name("leadqual"), "demo"],
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "90", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=True,
    )
    printed = {line.rstrip() for line in run.stdout.decode("utf-8").splitlines()}
    (capture,) = blocks("text")
    shown = [line.rstrip() for line in capture.splitlines() if line.strip() != "..."]
    assert len(shown) > 25
    assert [line for line in shown if line not in printed] == []


def test_the_python_lines_train_and_score(tmp_path):
    (code,) = blocks("python")
    for name in ("leads.csv", "leads.toml"):
        (tmp_path / name).write_bytes((ROOT / "data" / name).read_bytes())
    (tmp_path / "models").mkdir()
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "points" in run.stdout


def commands() -> list[list[str]]:
    """Return the words of every command shown, in order, comments left out."""
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    return [shlex.split(line, comments=True) for line in lines]


@pytest.mark.slow
def test_every_leadqual_command_works_as_shown_one_after_the_other(tmp_path, monkeypatch):
    (tmp_path / "leads.csv").write_bytes((ROOT / "data" / "leads.csv").read_bytes())
    monkeypatch.chdir(tmp_path)
    shown = [words[1:] for words in commands() if words[0] == "leadqual"]
    assert len(shown) > 15
    finds = {"audit", "monitor"}  # they end with 1 where they find something, which the README says beside them
    for words in shown:
        if "proposal.json" in words and not (tmp_path / "proposal.json").exists():
            bundle = Bundle.load(tmp_path / "models" / "leads.json")
            edit = Edit(CapBand("Intent", "Demo request", 20), "Ana", "sales")
            Proposal(bundle.digest).with_edit(edit).save(tmp_path / "proposal.json")  # as the page's visitors save it
        if words[:2] == ["review", "serve"]:
            assert says_where_it_is([*words, "--port", "0"], tmp_path)
            continue
        run = CliRunner(env={"COLUMNS": "80"}).invoke(leadqual_commands, words)  # one process: a start takes seconds
        assert run.exit_code in ({0, 1} if words[0] in finds else {0}), (words, run.output, run.exception)
        assert not run.stderr.startswith("leadqual: "), (words, run.stderr)
    assert {"scored.csv", "review.html", "worklist.csv", "monitor.html"} <= {path.name for path in tmp_path.iterdir()}


def says_where_it_is(words: list[str], folder: Path) -> bool:
    """Start a command that serves until it is stopped, and tell whether it says the address."""
    program = Path(sys.executable).with_name("leadqual")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [program, *words], cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        assert server.stdout is not None
        try:
            return any("http://127.0.0.1:" in line for line in server.stdout)
        finally:
            server.terminate()


def test_what_is_installed_and_made_is_there():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    (installed,) = [words for words in commands() if words[0] == "pip"]
    assert installed[:3] == ["pip", "install", "-c"]
    assert set(re.fullmatch(r"\.\[(.+)\]", installed[-1])[1].split(",")) <= set(extras)
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE)
    assert set(re.findall(r"\bmake (demo|test|docs|sample|[a-z]+)\b(?=`|  )", README)) <= set(targets)


def test_names_in_it_are_public():
    for name in re.findall(r"`leadqual\.(\w+)`", README):
        assert name in leadqual.__all__


def test_it_is_read_in_five_screens():
    assert len(README.splitlines()) <= 5 * 50


def test_every_file_it_points_to_is_there():
    missing = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if not (ROOT / link).exists()]
    assert missing == []
