"""The notebooks as they are kept: paired with their text, run to the end, light, and without a trace of a machine."""

import json
from pathlib import Path

import jupytext
import pytest

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NOTEBOOKS = sorted(path.stem for path in FOLDER.glob("*.py"))


def test_there_are_notebooks() -> None:
    assert "01_train_from_history" in NOTEBOOKS
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == NOTEBOOKS


@pytest.fixture(params=NOTEBOOKS)
def kept(request) -> tuple[Path, dict]:
    path = FOLDER / f"{request.param}.ipynb"
    return path, json.loads(path.read_text("utf-8"))


def test_it_holds_the_cells_of_its_text(kept) -> None:
    path, _ = kept
    text, notebook = jupytext.read(path.with_suffix(".py")), jupytext.read(path)
    assert [(cell.cell_type, cell.source) for cell in notebook.cells] == [
        (cell.cell_type, cell.source) for cell in text.cells
    ], "run `make notebooks`"


def test_every_cell_was_run_in_order_and_none_failed_or_warned(kept) -> None:
    code = [cell for cell in kept[1]["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell["outputs"]]
    assert {output["output_type"] for output in outputs} <= {"display_data", "execute_result", "stream"}
    assert [output for output in outputs if output.get("name") == "stderr"] == []
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= 3


def test_it_is_light_and_names_no_machine(kept) -> None:
    path, notebook = kept
    assert path.stat().st_size < 1_000_000
    texts = [
        text
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        for text in (output.get("text", []), *(v for k, v in output.get("data", {}).items() if k.startswith("text")))
    ]
    said = json.dumps(texts)
    assert str(Path.home()) + "/" not in said
    assert str(FOLDER.parent) not in said
    assert "/tmp/" not in said  # noqa: S108  # looked for, not written to
