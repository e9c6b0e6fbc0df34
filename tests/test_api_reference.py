"""The API reference: every public name is in it, and whatever is wrong with it is said."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("api_reference", ROOT / ".ci" / "api_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_module_is_documented_but_the_migrations(reference):
    names = list(reference.documented(ROOT))
    assert names[0] == "leadqual"
    assert {"leadqual.errors", "leadqual.feedback.outbox.writer", "leadqual.evaluation.plots"} <= set(names)
    assert not [name for name in names if "migrations" in name or "__" in name]
    assert len(names) == len(set(names))


def test_lazy_names_named_tuples_and_packages_are_on_their_pages(reference, tmp_path):
    names = ["leadqual", "leadqual.feedback", "leadqual.scorer", "leadqual.scorer.points_scores"]
    assert reference.build(names, tmp_path) == []
    package = (tmp_path / "leadqual.html").read_text("utf-8")
    assert {"train", "Scorer", "infer_schema"} <= set(re.findall(r'id="([^"]+)"', package))
    assert 'href="leadqual/feedback.html"' in package
    assert 'href="leadqual/scorer/standing.html"' not in package
    assert 'id="feedback_history"' in (tmp_path / "leadqual" / "feedback.html").read_text("utf-8")
    assert "feedback_history" in (tmp_path / "search.js").read_text("utf-8")
    assert "leadqual.html" in (tmp_path / "index.html").read_text("utf-8")


def test_no_page_holds_a_place_in_memory_or_on_this_machine(reference, tmp_path):
    reference.build(["leadqual", "leadqual.scorer"], tmp_path)
    pages = "".join(path.read_text("utf-8") for path in tmp_path.rglob("*.html"))
    assert " at 0x" not in pages
    assert str(ROOT) not in pages


def test_a_name_that_is_on_no_page_is_named(reference, tmp_path):
    import leadqual.bundle

    assert "leadqual.bundle.Bundle" in reference.missing(leadqual.bundle, tmp_path)


def test_a_warning_is_said(reference, tmp_path, monkeypatch):
    (tmp_path / "half_typed.py").write_text('"""A."""\n__all__ = ["f"]\ndef f(x: "Nowhere"):\n    """B."""\n', "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    (wrong,) = set(reference.build(["half_typed"], tmp_path / "pages"))
    assert wrong.startswith("warning: ")
    assert "Nowhere" in wrong
