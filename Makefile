# Two commands for a bare machine with Python 3.11: `make demo` and `make test`.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
export MPLBACKEND := Agg
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test check lint types floors unit bench bench-all docs clean

demo: $(VENV)/.installed-demo
	$(BIN)/hallways demo --out demo-run

test: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

bench: $(VENV)/.installed-bench
	$(BIN)/python benchmarks/school_of_1000.py

bench-all: $(VENV)/.installed-bench
	$(BIN)/python benchmarks/school_of_1000.py
	$(BIN)/python benchmarks/changes.py
	$(BIN)/python benchmarks/shares.py
	$(BIN)/python benchmarks/scaling.py

docs: $(VENV)/.installed-test
	$(BIN)/python docs/make_reference.py
	$(BIN)/python docs/make_verification.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed-demo: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/.installed-test: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test]"
	touch $@ $(VENV)/.installed-demo

$(VENV)/.installed-bench: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[benchmark]"
	touch $@ $(VENV)/.installed-demo

clean:
	rm -rf $(VENV) demo-run .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
