# One target per command; `make help` lists them. Needs make and Python 3.11 or newer.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8501
PY := .venv/bin/python
export PYTHON

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run check test bench sample demo-google clean

help: ## this list
	@echo "make run     install, read the sheets (the made-up sample unless sources.toml names yours), serve http://127.0.0.1:$(PORT)"
	@echo "make check   check format, lint, types and import contracts, run the quick tests: under a minute"
	@echo "make test    check format, lint, types and import contracts, run all tests, including the browser tests"
	@echo "make bench   measure speed, as ratios to a baseline in the same run"
	@echo "make sample  write data/sample/*.xlsx and its register (the same bytes every time)"
	@echo "make demo-google  like run, with the sample in a stand-in for Google Sheets on this machine"
	@echo "make clean   remove .venv, caches and the sample's database; your own data in var/ stays"

# A stamp that is newer than its requirements file skips the installation.
.venv/installed: requirements.txt scripts/environment.sh
	@scripts/environment.sh requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt requirements-lake.txt requirements.txt scripts/environment.sh
	@scripts/environment.sh requirements-dev.txt
	@touch .venv/installed $@

# Exit 1: a source failed or was held. The last good figures are served, and the page says why.
run: .venv/installed
	@$(PY) -m kpis sync || [ $$? -eq 1 ]
	@echo "http://127.0.0.1:$(PORT)  (Ctrl+C stops it)" >&2
	@exec $(PY) -m streamlit run app.py --server.address 127.0.0.1 --server.port $(PORT)

# What a change must pass before it is committed; `make test` is what it must pass before it lands.
check: .venv/installed-dev
	@scripts/postgres.sh
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) .venv/bin/lint-imports
	$(PY) -m pytest -q -n auto -m "not browser and not slow"

# Browser tests share one browser and one server, so they run one after the other.
test: .venv/installed-dev
	@scripts/chromium.sh
	@scripts/web_servers.sh
	@scripts/postgres.sh
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) .venv/bin/lint-imports
	$(PY) -m pytest -n auto --dist worksteal -m "not browser"
	$(PY) -m pytest -m browser

bench: .venv/installed-dev
	@scripts/chromium.sh
	@scripts/postgres.sh
	$(PY) -m bench

# Its key, database and sheets are in var/demo-google; no request goes to Google.
demo-google: .venv/installed-dev
	@$(PY) -m tests.google_stand_in -- $(MAKE) run

sample: .venv/installed
	$(PY) -m data.sample.make

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache var/sample var/bench
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
