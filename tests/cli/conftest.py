"""A small simulated company, and the bundle that the command line trains on it; made once."""

import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from leadqual.cli.commands import commands


class Shell:
    """Runs commands in a folder, as a user there would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: object, input: str | bytes | None = None, **env: Any) -> Result:  # noqa: A002  # click's name for it
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            return CliRunner(env={"COLUMNS": "80", **env}).invoke(commands, [str(one) for one in arguments], input)
        finally:
            os.chdir(before)


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with leads.csv, leads.toml, rules.toml, truth.csv and models/leads.json."""
    folder = tmp_path_factory.mktemp("company")
    shell = Shell(folder)
    assert shell("sample", ".", "--leads", 900, "--months", 9, "--seed", 3).exit_code == 0
    trained = shell("train", "leads.csv", "--prior", "rules.toml", "--capacity", "20%", "--undated")
    assert trained.exit_code == 0, trained.output
    (folder / "trained.txt").write_text(trained.stdout, "utf-8")
    return folder


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Return a shell in an empty folder."""
    return Shell(tmp_path)
