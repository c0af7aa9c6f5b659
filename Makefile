# Needs Python 3.11+ and make, nothing else: every target first sets up .venv where that is out of date.
# Variables: PYTHON=/path/to/python3.12   PORT=8123 (run)   ARGS='-k sheet' (test, prove, bench)

.DEFAULT_GOAL := help
.PHONY: help setup run test check prove bench

# Compiled modules are kept, also where the environment forbids to write them beside the sources: without them
# each process that a test starts compiles a thousand modules (4 s instead of 1.5 s).
PY := env -u PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX="$(CURDIR)/.venv/bytecode" .venv/bin/python
export PYTHON

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-7s %s\n", $$1, $$2}' Makefile

setup: .venv/.ready ## install everything into .venv (the other targets do it themselves)

.venv/.ready: pyproject.toml uv.lock .ci/setup
	@.ci/setup

run: .venv/.ready ## the whole product with a simulated upstream, on http://127.0.0.1:8000 or PORT=…
	@exec $(PY) -m service demo $(if $(PORT),--port $(PORT))

test: .venv/.ready ## all tests, at reduced size (ARGS='-k sheet' for some)
	@$(PY) -m pytest -m "not prove" -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

check: .venv/.ready ## format, lint, floors, types
	@$(PY) -m ruff format --check --quiet .
	@$(PY) -m ruff check --quiet .
	@$(PY) -c 'import sys; from importlinter.cli import lint_imports_command as lint; sys.exit(lint())' --no-cache
	@$(PY) -m mypy

prove: .venv/.ready ## all tests at full size: takes its time
	@MUSTER_PROVE=1 $(PY) -m pytest -m "prove or not prove" $(ARGS)

bench: .venv/.ready ## the figures of docs/benchmarks.md
	@$(PY) -m benchmarks $(ARGS)
