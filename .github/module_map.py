"""Writes the map of the modules into CONTRIBUTING.md, one line each, from the first lines of their docstrings."""

import ast
from pathlib import Path

BEGIN = "<!-- the map: `make map` writes it -->"
END = "<!-- the end of the map -->"


def module_map(root: Path) -> str:
    """Return one line of Markdown for every module below ``root``/leadqual, in the order of their paths."""
    lines = []
    for path in sorted((root / "leadqual").rglob("*.py"), key=lambda path: (path.parent.parts, path.name)):
        docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        summary = " ".join(docstring.split("\n\n")[0].split())
        lines.append(f"- `{path.relative_to(root).as_posix()}`: {summary}")
    return "\n".join(lines)


def with_map(text: str, lines: str) -> str:
    """Return the text of CONTRIBUTING.md with the map replaced."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{lines}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    root = Path(__file__).resolve().parents[1]
    page = root / ".github" / "CONTRIBUTING.md"
    text = page.read_text("utf-8")
    page.write_text(with_map(text, module_map(root)), "utf-8")
