"""``leadqual show`` shows a bundle, to people and to scripts."""

import json
from pathlib import Path

import pytest

from leadqual.bundle import Bundle
from leadqual.reports.summary import summarize


@pytest.mark.parametrize("columns", ["80", "120"])
def test_it_shows_every_part_within_the_width(company: Path, shell, columns: str) -> None:
    result = shell("show", company / "models" / "leads.json", COLUMNS=columns)
    assert result.exit_code == 0
    assert max(len(line) for line in result.stdout.splitlines()) <= int(columns)
    for title in ("Points table", "What points mean", "Policy", "How it held up on later leads", "Where it comes from"):
        assert f"\n{title}\n" in result.stdout


def test_json_is_the_summary(company: Path, shell) -> None:
    path = company / "models" / "leads.json"
    told = json.loads(shell("show", path, "--json").stdout)
    assert told == json.loads(json.dumps(summarize(Bundle.load(path)).to_dict()))
