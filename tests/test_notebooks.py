"""The notebooks as they are kept: paired with their text, run to the end, light, and without a trace of a machine."""

import itertools
import re
import shutil
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(path.stem for path in FOLDER.glob("*.py"))
# A path of some machine, an object's address, and an identifier drawn at random.
TRACES = (
    r"/(home|root|Users|tmp|var|opt|work|mnt|private)/",
    r"\b[A-Z]:\\",
    r"\b0x[0-9a-f]{6,}",
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-",
)


def outputs_of(notebook) -> list:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def said_by(notebook) -> str:
    """Everything that the outputs say, pictures left out."""
    texts = []
    for output in outputs_of(notebook):
        texts.append(output.get("text", ""))
        texts += [text for kind, text in output.get("data", {}).items() if kind.startswith("text/")]
    return "\n".join(texts)


def kinds_of(notebook) -> list[list[str]]:
    """Return the kinds of each cell's outputs; what is printed comes in one piece or several, as the clock has it."""
    kinds = [[output.output_type for output in cell.get("outputs", [])] for cell in notebook.cells]
    return [[kind for kind, _ in itertools.groupby(of_cell)] for of_cell in kinds]


def stderr_or_error(notebook) -> list:
    return [one for one in outputs_of(notebook) if one.output_type == "error" or one.get("name") == "stderr"]


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS[:2] == ["01_train_from_history", "02_review_weights"]
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == NOTEBOOKS


@pytest.fixture(params=NOTEBOOKS)
def name(request) -> str:
    return request.param


@pytest.fixture
def kept(name):
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def test_it_holds_the_cells_of_its_text(name, kept) -> None:
    text = jupytext.read(FOLDER / f"{name}.py")
    assert [(cell.cell_type, cell.source) for cell in kept.cells] == [
        (cell.cell_type, cell.source) for cell in text.cells
    ], "run `make notebooks`"


def test_every_cell_was_run_in_order_and_none_failed_or_warned(kept) -> None:
    code = [cell for cell in kept.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert stderr_or_error(kept) == []


def test_it_shows_plots_and_tables(kept) -> None:
    shown = [output.get("data", {}) for output in outputs_of(kept)]
    assert sum("image/png" in data for data in shown) >= 3
    assert any("Every lead starts with" in data.get("text/html", "") for data in shown), "no points table"


def test_it_is_light(name) -> None:
    assert (FOLDER / f"{name}.ipynb").stat().st_size < 1_000_000


def test_it_names_no_machine(kept) -> None:
    said = said_by(kept)
    assert [found.group() for trace in TRACES for found in re.finditer(trace, said)] == []
    assert str(ROOT) not in said


@pytest.mark.slow
def test_it_runs_and_writes_nothing_beside_itself(name, kept, tmp_path) -> None:
    for folder in ("data", "models"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    home = tmp_path / "notebooks"
    home.mkdir()
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    notebook = jupytext.read(FOLDER / f"{name}.py")
    NotebookClient(notebook, timeout=1200, kernel_name="python3", resources={"metadata": {"path": str(home)}}).execute()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert stderr_or_error(notebook) == []
    assert kinds_of(notebook) == kinds_of(kept)
