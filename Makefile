# Everything happens in .venv; a fresh clone needs Python 3.11 or later and make. `make` alone lists the targets.
PYTHON ?= python3
VENV := .venv
DATA := data
BUNDLE := models/sample.json
DOCS := docs
RUN := $(VENV)/bin
PIP := $(RUN)/python -m pip --disable-pip-version-check --no-input
INSTALL := $(PIP) install --quiet --no-compile --constraint requirements.lock

.DEFAULT_GOAL := help
.PHONY: help setup tools demo test lint types sample notebooks docs lock map

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | awk -F '\t' '{printf "  make %-10s %s\n", $$1, $$2}'

demo: setup ## simulate a company's history, train on it, score the open leads
	@$(RUN)/leadqual demo

test: tools ## run the whole test suite on two cores; PYTEST_ARGS adds options
	$(RUN)/python -m pytest -n 2 --dist loadfile $(PYTEST_ARGS)

lint: tools ## check style and format
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .

types: tools ## check types
	$(RUN)/mypy

sample: setup ## make data/ and models/sample.json again
	$(RUN)/leadqual sample $(DATA) --leads 3000 --months 18 --seed 0 --force
	$(RUN)/leadqual train $(DATA)/leads.csv --prior $(DATA)/rules.toml --capacity 20% --undated --out $(BUNDLE)

notebooks: tools ## run the notebooks and keep their outputs
	for source in notebooks/*.py; do $(RUN)/python .ci/run_notebook.py $$source $${source%.py}.ipynb || exit 1; done

docs: tools ## write the API reference into docs/, from the docstrings; a warning fails
	rm -rf $(DOCS)
	$(RUN)/python .ci/api_reference.py $(DOCS)

lock: tools ## pin the newest versions that pyproject.toml allows, for every platform
	$(PIP) install --quiet uv
	printf 'hatchling\neditables\n' | $(RUN)/uv pip compile --quiet --universal --upgrade --python-version 3.11 --extra dev \
		--custom-compile-command "make lock" --output-file requirements.lock pyproject.toml -

map: ## write the rows and the map of the modules in .github/CONTRIBUTING.md again
	@$(PYTHON) .github/module_map.py

setup: $(VENV)/.setup ## install what the demo and training need
tools: $(VENV)/.tools ## install what tests, checks and notebooks need too

$(VENV)/.setup: pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "leadqual needs Python 3.11 or later, and $(PYTHON) is not (or is not installed);" \
			"name one that is: make $(or $(MAKECMDGOALS),setup) PYTHON=python3.12" >&2; exit 1; }
	@$(RUN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV) || { \
		echo "$(PYTHON) cannot make a virtual environment with pip in it; on Debian and Ubuntu install the package" \
			"python3-venv, elsewhere a complete Python, then run make again" >&2; exit 1; }
	@$(RUN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(VENV) holds a Python before 3.11; delete $(VENV), then run make again" >&2; exit 1; }
	@echo "Installing leadqual into $(VENV) (once; about a minute)"
	@$(INSTALL) hatchling editables
	@$(INSTALL) --no-build-isolation --editable '.[train]'
	@touch $@

$(VENV)/.tools: $(VENV)/.setup
	@echo "Installing the tools for tests, checks and notebooks (once; about a minute)"
	@$(INSTALL) --no-build-isolation --editable '.[dev]'
	@touch $@
