"""Builds the API reference from the docstrings: one page a module; says what is wrong, and fails on a warning.

    python .ci/api_reference.py FOLDER

Every name in the ``__all__`` of any module must be on that module's page.
"""
# ruff: noqa: T201  # it tells

import dataclasses
import importlib
import re
import sys
import typing
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pdoc.doc
import pdoc.render

ROOT = Path(__file__).resolve().parents[1]


def documented(root: Path) -> Iterator[str]:
    """Yield the dotted name of every module below ``root``/leadqual but the migrations, packages before their parts."""
    for path in sorted((root / "leadqual").rglob("*.py"), key=lambda path: (path.parent.parts, path.name)):
        parts = path.relative_to(root).with_suffix("").parts
        if "migrations" not in parts and parts[-1] != "__main__":
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def opened(name: str) -> ModuleType:
    """Import a module, load what it would only load when used, and look up the types of named tuples and dataclasses.

    A dataclass has the types of its parent's fields as text, which only the parent's module can read.
    """
    module = importlib.import_module(name)
    for each in getattr(module, "__all__", ()):
        setattr(module, each, getattr(module, each))
    for each in vars(module).values():
        if isinstance(each, type) and issubclass(each, tuple) and each.__module__ == name:
            each.__new__.__annotations__ = typing.get_type_hints(each)
        if isinstance(each, type) and dataclasses.is_dataclass(each) and dataclasses.is_dataclass(each.__base__):
            types = typing.get_type_hints(each)
            each.__init__.__annotations__ |= {one: types[one] for one in each.__init__.__annotations__ if one in types}
    return module


def page_file(name: str, folder: Path) -> Path:
    """Return the file of a module's page."""
    return folder / f"{name.replace('.', '/')}.html"


def missing(module: ModuleType, folder: Path) -> list[str]:
    """Return the public names of a module that are not on its page in ``folder``."""
    page = page_file(module.__name__, folder)
    there = set(re.findall(r'id="([^"]+)"', page.read_text("utf-8"))) if page.exists() else set()
    return [f"{module.__name__}.{name}" for name in getattr(module, "__all__", ()) if name not in there]


def build(names: list[str], folder: Path) -> list[str]:
    """Write the pages of the named modules into ``folder``, and return one sentence for everything that is wrong."""
    modules = [opened(name) for name in names]
    pdoc.render.configure(docformat="numpy", footer_text="leadqual", show_source=False)
    pages = {name: pdoc.doc.Module(module) for name, module in zip(names, modules, strict=True)}
    for name, page in pages.items():  # `__all__` lists names, from which pdoc would conclude that there are no modules
        page.submodules = [below for other, below in pages.items() if other.rpartition(".")[0] == name]
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        for name, page in pages.items():
            file = page_file(name, folder)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(pdoc.render.html_module(page, pages), "utf-8")
        (folder / "index.html").write_text(pdoc.render.html_index(pages), "utf-8")
        (folder / "search.js").write_text(pdoc.render.search_index(pages), "utf-8")
    return [
        *(f"warning: {each.message}" for each in warned),
        *(f"missing: {name}" for module in modules for name in missing(module, folder)),
    ]


def main() -> int:
    """Build the reference into the folder named on the command line; 1 where anything is wrong."""
    folder = Path(sys.argv[1])
    names = list(documented(ROOT))
    wrong = build(names, folder)
    print("\n".join([*wrong, f"{len(names)} modules, {len(wrong)} things wrong: {folder / 'index.html'}"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
