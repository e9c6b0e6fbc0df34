"""What the README shows is what the code does."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

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
    assert len(shown) > 50
    assert [line for line in shown if line not in printed] == []


def test_the_python_lines_train_and_score(tmp_path):
    (code,) = blocks("python")
    for name in ("leads.csv", "leads.toml"):
        (tmp_path / name).write_bytes((ROOT / "data" / name).read_bytes())
    (tmp_path / "models").mkdir()
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "points" in run.stdout


def test_every_file_it_points_to_is_there():
    missing = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if not (ROOT / link).exists()]
    assert missing == []
