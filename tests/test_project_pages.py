"""What the pages beside the code say: the changelog's form and moved names, the rows and rules of CONTRIBUTING."""

import importlib
import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
CONTRIBUTING = (ROOT / ".github" / "CONTRIBUTING.md").read_text("utf-8")
SECURITY = (ROOT / ".github" / "SECURITY.md").read_text("utf-8")
KINDS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]


def moved() -> list[tuple[str, str]]:
    """Return the old and the new dotted name of everything that the changelog says has moved."""
    pairs = []
    for old, names, new in re.findall(r"^ *\| `([\w.]+)` \| (.+) \| `([\w.]+)` \|$", CHANGELOG, flags=re.MULTILINE):
        for name, renamed in re.findall(r"`(\w+)`(?: \(the module\))?(?: as `(\w+)`)?", names):
            pairs.append((f"{old}.{name}", f"{new}.{renamed or name}"))
    return pairs


def found(name: str) -> bool:
    """Tell whether a dotted name is a module, or a name in one."""
    package, _, last = name.rpartition(".")
    try:
        return importlib.util.find_spec(name) is not None or hasattr(importlib.import_module(package), last)
    except ModuleNotFoundError:
        return hasattr(importlib.import_module(package), last)


def test_the_changelog_keeps_to_its_form():
    assert CHANGELOG.startswith("# Changelog\n")
    sections = re.split(r"^## ", CHANGELOG, flags=re.MULTILINE)[1:]
    assert sections[0].startswith("[Unreleased]\n")
    for section in sections:
        kinds = re.findall(r"^### (.+)$", section, flags=re.MULTILINE)
        assert set(kinds) <= set(KINDS)
        assert len(kinds) == len(set(kinds))
    assert all(re.match(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d\n", section) for section in sections[1:])


def test_whatever_moved_is_where_the_changelog_says():
    assert len(moved()) > 60
    assert [new for _, new in moved() if not found(new)] == []


@pytest.mark.parametrize(
    "pair",
    [
        ("leadqual.leads.csv_text", "leadqual.tables.csv_text"),
        ("leadqual.leads.infer_schema", "leadqual.inference.infer_schema"),
        ("leadqual.leads.sample_export", "leadqual.simulation.export"),
        ("leadqual.review.service", "leadqual.web.service"),
        ("leadqual.feedback.journal", "leadqual.feedback.outbox.journal"),
        ("leadqual.feedback.replay", "leadqual.feedback.replayed"),
    ],
)
def test_the_changelog_says_where_a_name_went(pair):
    assert pair in moved()


def test_the_rows_in_contributing_are_those_that_the_imports_are_held_to():
    spec = importlib.util.spec_from_file_location("module_map", ROOT / ".github" / "module_map.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = CONTRIBUTING.split(module.BEGIN_ROWS)[1].split(module.END_ROWS)[0].strip("\n ")
    assert written == module.part_rows(ROOT).strip(), "run `make map`"
    assert written.splitlines()[1].strip() == "cli"
    assert "  scorer\n" in written.split("---- below")[1]


def test_every_file_that_the_pages_point_to_is_there():
    for folder, text in ((ROOT, CHANGELOG), (ROOT / ".github", CONTRIBUTING), (ROOT / ".github", SECURITY)):
        links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if not link.startswith("https://")]
        assert [link for link in links if not (folder / link).exists()] == []


def test_nobody_is_sent_to_an_address_that_does_not_exist():
    assert "@" not in SECURITY
    assert "http" not in SECURITY
