"""The shape of the package, read from its source: who may import whom, and what a module may be and do."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Best placed first. A part imports only from rows below its own; parts on one row never import each other.
ROWS = (
    ("cli",),
    ("web",),
    ("review",),
    ("reports",),
    ("meetings", "simulation"),
    ("retraining",),
    ("monitoring", "handoff"),
    ("agreement", "export"),
    ("training",),
    ("evaluation",),
    ("scorecard", "learners", "calibration", "thresholds"),
    ("audit", "feedback"),
    ("inference",),
    ("leads",),
    ("tables", "vocabulary"),
    ("database",),
    ("measures",),
    ("scorer",),
    ("reasons",),
    ("bundle",),
    ("fact",),
    ("errors",),
)
ROW = {part: number for number, row in enumerate(ROWS) for part in row}
DEPLOYED = ("scorer", "reasons", "bundle", "errors")

# Where a dependency may be imported; a folder ends with a slash, "" is all of the learned half.
HOMES = {
    "alembic": ("database/", "feedback/migrations/", "agreement/migrations/"),
    "charset_normalizer": ("tables/",),
    "click": ("cli/",),
    "cryptography": ("agreement/",),
    "holidays": ("handoff/public_holidays.py",),
    "glum": ("scorecard/fit.py",),
    "interpret": ("learners/",),
    "babel": ("reports/",),
    "jinja2": ("reports/", "review/"),
    "joblib": ("",),
    "markupsafe": ("reports/", "review/"),
    "matplotlib": ("evaluation/plots.py", "reports/"),
    "mlflow": ("retraining/mlflow_errors.py", "retraining/mlflow_registry.py", "scorer/registry.py", "export/"),
    "numpy": ("",),
    "openpyxl": ("tables/workbook.py", "review/"),
    "pandas": ("",),
    "pyarrow": ("tables/", "cli/"),
    "orjson": ("feedback/columns.py",),
    "pyspark": ("export/",),
    "rich": ("cli/", "reports/"),
    "scipy": ("",),
    "sklearn": ("",),
    "sqlalchemy": (
        *("database/", "tables/sources.py", "feedback/", "agreement/ledger.py"),
        *("retraining/mlflow_errors.py", "retraining/mlflow_registry.py"),
    ),
    "sqlglot": ("export/",),
    "starlette": ("web/",),
    "uvicorn": ("cli/", "web/connections.py"),
    "h11": ("web/connections.py",),
    "tabmat": ("scorecard/fit.py",),
    "threadpoolctl": ("scorecard/fit.py",),
}
# The deployed half may use these where the caller has them: inside a function, never on import.
LAZY = {
    (file, package)
    for file in ("scorer/columns.py", "scorer/choice_columns.py", "scorer/batch.py", "scorer/spreadsheet_cells.py")
    for package in ("numpy", "pandas")
} | {("scorer/registry.py", "mlflow")}
# Their names are loaded when they are used: an app that scores, or records scores, has none of what learning needs.
LAZY_INITS = ("__init__.py", "feedback/__init__.py")
NAMELESS = {"utils", "util", "helpers", "helper", "common", "base", "misc", "core", "tools"}
CLOCKS = {"now", "utcnow", "today"}
MAX_LINES = 400


@dataclass(frozen=True)
class Import:
    """One imported module: its dotted name, its line, when it runs, and what is taken from it."""

    module: str
    line: int
    when: Literal["import", "call", "never"]
    names: tuple[str, ...] = ()


def imports(tree: ast.Module, package: str) -> Iterator[Import]:
    """Yield every import of a file of the dotted ``package``, wherever in the file it stands."""
    on_import = set(_run_on_import(tree))
    for_types = {below for node in ast.walk(tree) if _for_types(node) for below in ast.walk(node)}
    for node in ast.walk(tree):
        found: list[str] = []
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parent = package.rsplit(".", node.level - 1)[0] if node.level else ""
            module = ".".join(filter(None, (parent, node.module)))
            found = [f"{module}.{alias.name}" for alias in node.names] if module == "leadqual" else [module]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("import_module", "__import__"):
            found = [arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant)]
        names = tuple(alias.name for alias in node.names) if isinstance(node, ast.ImportFrom) else ()
        when: Literal["import", "call", "never"] = (
            "never" if node in for_types else "import" if node in on_import else "call"
        )
        for module in found:
            yield Import(module, node.lineno, when, names)


def _run_on_import(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run when the file is imported: all but the bodies of functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        yield child
        yield from _run_on_import(child)


def _for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).split(".")[-1] == "TYPE_CHECKING"


def part_of(path: str) -> str:
    """Return the part a file below leadqual/ belongs to: ``"leads"`` for leads/schema.py, ``""`` for the package."""
    part = path.split("/")[0].removesuffix(".py")
    return {"__init__": "", "__main__": "cli"}.get(part, part)


def violations(root: Path) -> list[str]:
    """Return one sentence for everything in ``root``/leadqual that breaks a rule, in the order of the files."""
    found = []
    imported: dict[str, list[Import]] = {}
    for file in sorted((root / "leadqual").rglob("*.py")):
        path = file.relative_to(root / "leadqual").as_posix()
        text = file.read_text("utf-8")
        tree = ast.parse(text)
        package = ".".join(("leadqual", *Path(path).parent.parts))
        imported[path] = list(imports(tree, package))
        sentences = [
            *_wrong_name(path),
            *_wrong_layer(path, imports(tree, package)),
            *_wrong_home(path, imports(tree, package)),
            *_wrong_init(path, tree),
            *_wrong_calls(path, tree),
        ]
        if (lines := text.count("\n")) > MAX_LINES:
            sentences.append(f"has {lines} lines, more than {MAX_LINES}")
        if not ast.get_docstring(tree):
            sentences.append("has no docstring")
        found += [f"leadqual/{path}: {sentence}" for sentence in sentences]
    return found + [f"leadqual/{circle[0]}: is in a circle: {' -> '.join(circle)}" for circle in _circles(imported)]


def _circles(imported: dict[str, list[Import]]) -> Iterator[tuple[str, ...]]:
    """Yield a shortest circle for each group of files that need each other, wherever in a file its imports stand.

    Imports inside functions and for type checkers count: they hide a circle, they do not open it.
    """
    files = {}
    for path in imported:
        files[".".join(("leadqual", *Path(path).with_suffix("").parts)).removesuffix(".__init__")] = path
    needs = {path: _needed(found, files) - {path} for path, found in imported.items()}
    told: set[str] = set()
    for start in needs:
        circle = _way_back(start, needs)
        if circle and told.isdisjoint(circle):
            yield circle
        told.update(circle)


def _needed(found: list[Import], files: dict[str, str]) -> set[str]:
    """Return the files that imports name; ``from leadqual.bundle import format`` names the module, not the package."""
    needed = set()
    for each in found:
        if each.module == "leadqual" and each.when == "call":
            continue  # the public map, which opens what is installed
        modules = [f"{each.module}.{name}" for name in each.names] or [each.module]
        needed |= {files.get(module, files.get(each.module)) for module in modules}
    return {file for file in needed if file is not None}


def _way_back(start: str, needs: dict[str, set[str]]) -> tuple[str, ...]:
    """Return the shortest way from a file along its imports back to itself, both ends named; () where there is none."""
    ways, seen = [(start,)], set[str]()
    for way in ways:  # grows as it is walked
        for file in sorted(needs[way[-1]] - seen):
            if file == start:
                return (*way, start)
            seen.add(file)
            ways.append((*way, file))
    return ()


def _wrong_name(path: str) -> Iterator[str]:
    for name in Path(path).with_suffix("").parts:
        if name.strip("_") in NAMELESS:
            yield f"{name} says nothing about what it holds"


def _wrong_layer(path: str, found: Iterator[Import]) -> Iterator[str]:
    part = part_of(path)
    if part and part not in ROW:
        yield f"{part} has no row among the layers"
        return
    for each in found:
        package, _, rest = each.module.partition(".")
        other = rest.split(".")[0]
        if package != "leadqual" or other == part:
            continue
        if each.module == "leadqual" and each.when == "call":
            continue  # what runs may ask the public map, which opens what is installed
        if part == "" and (other in DEPLOYED or each.when == "never"):
            continue  # the package itself opens the deployed half, and names the rest for type checkers
        if other not in ROW:
            yield f"line {each.line} imports {each.module}, which has no row among the layers"
        elif part == "" or ROW[other] <= ROW[part]:
            yield f"line {each.line} imports {each.module}, which is not below {part or 'the package itself'}"


def _wrong_home(path: str, found: Iterator[Import]) -> Iterator[str]:
    part = part_of(path)
    deployed = part in (*DEPLOYED, "")
    for each in found:
        package = each.module.split(".")[0]
        if package == "leadqual" or package in sys.stdlib_module_names:
            continue
        if deployed and each.when != "never":
            if (path, package) not in LAZY:
                yield f"line {each.line} imports {package}; the deployed half needs the standard library only"
            elif each.when == "import":
                yield f"line {each.line} imports {package} on import; the deployed half may only do so in a function"
        elif package not in HOMES:
            yield f"line {each.line} imports {package}, which has no home"
        elif not path.startswith(HOMES[package]):
            yield f"line {each.line} imports {package} outside its home"


def _wrong_init(path: str, tree: ast.Module) -> Iterator[str]:
    if Path(path).name != "__init__.py":
        return
    for number, node in enumerate(tree.body):
        docstring = number == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        names = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
        if not (docstring or names or isinstance(node, (ast.Import, ast.ImportFrom)) or _opens_lazily(path, node)):
            yield f"line {node.lineno} is neither docstring, import nor __all__"


def _opens_lazily(path: str, node: ast.stmt) -> bool:
    """Tell whether it is part of how the package itself, or feedback, loads its names when they are used."""
    table = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_HOMES"
    hook = isinstance(node, ast.FunctionDef) and node.name in ("__getattr__", "__dir__")
    return path in LAZY_INITS and (table or hook or _for_types(node))


def _wrong_calls(path: str, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called == "print":
            yield f"line {node.lineno} prints; only the command line speaks"
        elif part_of(path) != "cli" and (called.split(".")[-1] in CLOCKS or called in ("time.time", "time.time_ns")):
            yield f"line {node.lineno} reads the clock; time is an argument"


def test_every_rule_of_the_architecture_holds() -> None:
    assert violations(ROOT) == []


@pytest.mark.parametrize(
    ("path", "text", "sentence"),
    [
        ("leads/a.py", "from leadqual.reports import x", "line 2 imports leadqual.reports, which is not below leads"),
        ("leads/a.py", "import leadqual.cli.main", "line 2 imports leadqual.cli.main, which is not below leads"),
        ("leads/a.py", "from leadqual import training", "line 2 imports leadqual.training, which is not below leads"),
        ("leads/a.py", "from ..training import x", "line 2 imports leadqual.training, which is not below leads"),
        ("leads/deep/a.py", "from ...cli import x", "line 2 imports leadqual.cli, which is not below leads"),
        ("leads/a.py", "def f():\n    import leadqual.cli", "line 3 imports leadqual.cli, which is not below leads"),
        ("leads/a.py", "from leadqual.sales import x", "line 2 imports leadqual.sales, which has no row among"),
        ("sales/a.py", "x = 1", "sales has no row among the layers"),
        ("learners/a.py", "import leadqual.scorecard", "line 2 imports leadqual.scorecard, which is not below learn"),
        ("__init__.py", "from leadqual.leads import x", "line 2 imports leadqual.leads, which is not below the pack"),
        ("leads/a.py", "import click", "line 2 imports click outside its home"),
        ("scorecard/a.py", "from glum import x", "line 2 imports glum outside its home"),
        ("export/a.py", "import sqlalchemy.orm", "line 2 imports sqlalchemy outside its home"),
        ("leads/a.py", "import polars", "line 2 imports polars, which has no home"),
        ("leads/a.py", "import_module('mlflow')", "line 2 imports mlflow outside its home"),
        ("bundle/a.py", "def f():\n    import numpy", "line 3 imports numpy; the deployed half needs the standard"),
        ("scorer/columns.py", "import numpy", "line 2 imports numpy on import"),
        ("scorer/columns.py", "class A:\n    import pandas", "line 3 imports pandas on import"),
        ("scorer/a.py", "if TYPE_CHECKING:\n    import polars", "line 3 imports polars, which has no home"),
        ("leads/__init__.py", "x = 1", "line 2 is neither docstring, import nor __all__"),
        ("leads/__init__.py", "def __getattr__(name): ...", "line 2 is neither docstring, import nor __all__"),
        ("__init__.py", "def f(): ...", "line 2 is neither docstring, import nor __all__"),
        ("leads/utils.py", "x = 1", "utils says nothing about what it holds"),
        ("leads/_base/a.py", "x = 1", "_base says nothing about what it holds"),
        ("leads/a.py", "x = 1\n" * 400, "has 402 lines, more than 400"),
        ("leads/a.py", "print('x')", "line 2 prints"),
        ("leads/a.py", "datetime.now()", "line 2 reads the clock"),
        ("leads/a.py", "x = pd.Timestamp.today()", "line 2 reads the clock"),
        ("leads/a.py", "time.time()", "line 2 reads the clock"),
    ],
)
def test_a_breach_is_noticed(tmp_path: Path, path: str, text: str, sentence: str) -> None:
    file = tmp_path / "leadqual" / path
    file.parent.mkdir(parents=True)
    file.write_text(f'"""What it holds."""\n{text}\n')
    found = violations(tmp_path)
    assert len(found) == 1
    assert found[0].startswith(f"leadqual/{path}: {sentence}")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("from leadqual.leads.b import x", "from leadqual.leads.a import y"),
        ("from leadqual.leads import b", "def f():\n    from . import a"),
        ("import leadqual.leads.b", "if TYPE_CHECKING:\n    from leadqual.leads.a import y"),
        ("def f():\n    from .c import x", "from .a import y"),
        ("from .b import x", "def f():\n    import_module('leadqual.leads.c')"),
    ],
)
def test_a_circle_inside_a_part_is_noticed_wherever_its_imports_stand(tmp_path: Path, first: str, second: str) -> None:
    """The last two go round by a third module."""
    folder = tmp_path / "leadqual" / "leads"
    folder.mkdir(parents=True)
    third = "from .b import x" if ".c" in first else "from .a import x" if ".c" in second else "from .a import z"
    for name, text in (("__init__", "from .a import y"), ("a", first), ("b", second), ("c", third)):
        (folder / f"{name}.py").write_text(f'"""What it holds."""\n{text}\n')
    (found,) = violations(tmp_path)
    assert found.startswith("leadqual/leads/a.py: is in a circle: leads/a.py -> ")
    assert found.endswith(" -> leads/a.py")
    assert ("leads/c.py" in found) == (".c" in first + second)


def test_a_module_without_docstring_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "leadqual").mkdir()
    (tmp_path / "leadqual" / "errors.py").write_text("x = 1\n")
    assert violations(tmp_path) == ["leadqual/errors.py: has no docstring"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("cli/a.py", "import click, rich, datetime\nfrom leadqual.leads import x\ndatetime.datetime.now()"),
        ("scorer/columns.py", "def f():\n    import numpy"),
        ("scorer/a.py", "if TYPE_CHECKING:\n    import pandas"),
        ("scorer/a.py", "from leadqual.bundle import Bundle\nfrom . import columns\nimport json"),
        ("training/a.py", "from leadqual import scorecard\nfrom leadqual.errors import LeadqualError"),
        ("tables/sources.py", "import sqlalchemy"),
        ("feedback/__init__.py", "_HOMES = {}\ndef __getattr__(name): ..."),
        ("__init__.py", "from leadqual.scorer import Scorer\n__all__ = ['Scorer']"),
        ("__init__.py", "if TYPE_CHECKING:\n    from leadqual.leads import x\n_HOMES = {}\ndef __getattr__(name): ..."),
        ("__main__.py", "from leadqual.cli import main"),
    ],
)
def test_what_is_allowed_passes(tmp_path: Path, path: str, text: str) -> None:
    file = tmp_path / "leadqual" / path
    file.parent.mkdir(parents=True)
    file.write_text(f'"""What it holds."""\n{text}\n')
    assert violations(tmp_path) == []


@pytest.mark.parametrize(
    "module",
    ["leadqual", "leadqual.scorer", "leadqual.bundle", "leadqual.reasons", "leadqual.feedback", "leadqual.database"],
)
def test_what_apps_import_loads_nothing_but_the_standard_library(module: str) -> None:
    code = (
        f"import sys; before = set(sys.modules); import {module}; "
        "print(*sorted({name.split('.')[0] for name in set(sys.modules) - before}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "leadqual" in run.stdout.split()
    assert [name for name in run.stdout.split() if name != "leadqual" and name not in sys.stdlib_module_names] == []


def test_the_map_in_contributing_names_every_module_and_no_other() -> None:
    spec = importlib.util.spec_from_file_location("module_map", ROOT / ".github" / "module_map.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    text = (ROOT / ".github" / "CONTRIBUTING.md").read_text("utf-8")
    written = text.split(module.BEGIN)[1].split(module.END)[0].strip().splitlines()
    assert written == module.module_map(ROOT).splitlines(), "run `make map`"
