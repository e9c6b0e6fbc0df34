"""Writes the rows of the parts and the map of the modules into CONTRIBUTING.md, from what the code says."""

import ast
from pathlib import Path

BEGIN = "<!-- the map: `make map` writes it -->"
END = "<!-- the end of the map -->"
BEGIN_ROWS = "<!-- the rows: `make map` writes them -->"
END_ROWS = "<!-- the end of the rows -->"


def module_map(root: Path) -> str:
    """Return one line of Markdown for every module below ``root``/leadqual, in the order of their paths."""
    lines = []
    for path in sorted((root / "leadqual").rglob("*.py"), key=lambda path: (path.parent.parts, path.name)):
        docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        summary = " ".join(docstring.split("\n\n")[0].split())
        lines.append(f"- `{path.relative_to(root).as_posix()}`: {summary}")
    return "\n".join(lines)


def part_rows(root: Path) -> str:
    """Return the rows that tests/test_architecture.py holds the imports to, as a block of Markdown."""
    tree = ast.parse((root / "tests" / "test_architecture.py").read_text("utf-8"))
    found = {
        ast.unparse(node.targets[0]): ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("ROWS", "DEPLOYED")
    }
    lines = [" | ".join(row) for row in found["ROWS"]]
    first = next(number for number, row in enumerate(found["ROWS"]) if row[0] in found["DEPLOYED"])
    lines.insert(first, "---- below: deployed, with the standard library only; nothing is learned there ----")
    return "\n".join(f"  {line}" for line in ["```text", *lines, "```"])


def between(text: str, begin: str, end: str, lines: str) -> str:
    """Return the text of CONTRIBUTING.md with what stands between two marks replaced; the indent of ``end`` stays."""
    before, rest = text.split(begin)
    old, after = rest.split(end)
    return f"{before}{begin}\n{lines}\n{old.rpartition(chr(10))[2]}{end}{after}"


if __name__ == "__main__":
    root = Path(__file__).resolve().parents[1]
    page = root / ".github" / "CONTRIBUTING.md"
    text = page.read_text("utf-8")
    text = between(text, BEGIN_ROWS, END_ROWS, part_rows(root))
    page.write_text(between(text, BEGIN, END, module_map(root)), "utf-8")
