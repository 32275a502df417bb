# Two commands: `make demo` and `make test`. Both work from a fresh clone and may be run again at any time.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint format lock wheel check-wheel clean ready

demo: ready
	@$(BIN)/wb demo

# Lint, types, SQL style, import rules, tests: all of them run, and all of them must pass.
test: ready
	@$(BIN)/python tools/run_checks.py

lint: ready
	@$(BIN)/python tools/run_checks.py --only lint

format: ready
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .
	$(BIN)/sqlfluff fix dbt_like_sql

# The locks name versions and hashes, never an index: use whichever registry pip is set up for.
LOCK := pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-strip-extras --generate-hashes --no-header
lock: ready
	$(BIN)/uv $(LOCK) pyproject.toml --all-extras -o requirements.lock
	$(BIN)/uv $(LOCK) requirements-bootstrap.in -o requirements-bootstrap.lock

wheel: ready
	$(BIN)/python -m build --wheel --no-isolation

# The wheel with its own dependencies in an empty environment: needs the registry, and half a minute.
check-wheel: ready
	$(BIN)/python tools/check_wheel.py --full

clean:
	rm -rf .venv .wb dist build

# Does nothing in a tenth of a second when .venv is whole and fits the locks; see tools/install.py.
ready:
	@$(PYTHON) tools/check_python.py
	@$(PYTHON) tools/install.py
