"""Runs a notebook's text where it lies, and writes it with its outputs: run_notebook.py SOURCE.py TARGET.ipynb."""

import sys
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

source, target = map(Path, sys.argv[1:3])
notebook = jupytext.read(source)
for number, cell in enumerate(notebook.cells):
    cell["id"] = f"cell-{number}"  # else random, and new with every run
NotebookClient(
    notebook, timeout=600, record_timing=False, resources={"metadata": {"path": str(source.parent)}}
).execute()
nbformat.write(notebook, target)
