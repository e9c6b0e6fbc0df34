"""Tells whether a notebook and its text hold the same cells, and the notebook its outputs."""

import sys

import jupytext

text, notebook = (jupytext.read(path) for path in sys.argv[1:3])
if [(cell.cell_type, cell.source) for cell in text.cells] != [(cell.cell_type, cell.source) for cell in notebook.cells]:
    sys.exit(f"{sys.argv[2]} does not hold the cells of {sys.argv[1]}; run `make notebooks`")
code = [cell for cell in notebook.cells if cell.cell_type == "code"]
if not any(cell.outputs for cell in code) or any(cell.execution_count is None for cell in code if cell.source.strip()):
    sys.exit(f"{sys.argv[2]} has cells that were not run; run `make notebooks`")
