"""The package is a map: every name is there, and nothing is loaded before it is used."""

import ast
import importlib
import importlib.metadata
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import leadqual

ROOT = Path(__file__).parents[1]


def test_every_name_comes_from_its_home():
    for name in leadqual.__all__:
        thing = getattr(leadqual, name)
        home = importlib.import_module(leadqual._HOMES[name])
        assert name in home.__all__
        assert getattr(home, name) is thing
        assert thing.__module__.startswith("leadqual.")
        assert thing.__doc__
    assert set(leadqual.__all__) <= set(dir(leadqual))


def test_type_checkers_are_told_of_the_same_names_in_the_same_homes():
    (block,) = [node for node in ast.parse(Path(leadqual.__file__).read_text("utf-8")).body if isinstance(node, ast.If)]
    told = {alias.name: node.module for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert told == leadqual._HOMES
    assert list(leadqual._HOMES) == leadqual.__all__


def test_no_name_hides_a_subpackage():
    assert not {path.stem for path in (ROOT / "leadqual").iterdir()} & set(leadqual.__all__)


def test_a_notebook_reads_infers_constrains_prices_and_trains_with_one_import():
    needed = "infer_schema read_table read_leads label_outcomes audit_leads read_constraints Schema Capacity LeadValue"
    assert set(f"{needed} Promise train backtest simulate Scorer points_from_rules".split()) <= set(leadqual.__all__)


def test_the_version_is_the_one_installed():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert leadqual.__version__ == importlib.metadata.version("leadqual") == project["version"]
    assert "__version__" in dir(leadqual)


def test_a_folder_that_was_never_installed_says_that_its_version_is_unknown(monkeypatch):
    def no_such(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", no_such)
    assert leadqual.__version__ == "0+unknown"


def test_an_unknown_name_is_named_with_those_there_are():
    with pytest.raises(AttributeError, match="leadqual has no 'Predictor'; it has Bundle"):
        _ = leadqual.Predictor


def test_importing_the_package_loads_nothing_else():
    code = "import leadqual, sys; print(sorted(m for m in sys.modules if m.startswith('leadqual') or m == 'numpy'))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "['leadqual']"
