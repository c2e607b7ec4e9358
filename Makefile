# One command each; `make help` lists them. Needs make and Python 3.11 or newer, and nothing from outside this folder.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8501
PY := .venv/bin/python
export PYTHON

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run check test bench sample demo-google clean

help: ## this list
	@echo "make run     set everything up, read the sheets (the made-up sample until you name your own), serve http://127.0.0.1:$(PORT)"
	@echo "make check   format, lint, types, import contracts and the quick tests: under a minute"
	@echo "make test    format, lint, types, import contracts and every test, the browser's too"
	@echo "make bench   speed, as ratios against a baseline in the same run"
	@echo "make sample  write data/sample/*.xlsx and its register again (the same bytes every time)"
	@echo "make demo-google  the same as run, with the sample in a stand-in for Google Sheets on this machine"
	@echo "make clean   remove .venv, caches and the sample's database; your own figures in var/ stay"

# The stamps are newer than the requirements they installed, so a second run starts at once.
.venv/installed: requirements.txt scripts/environment.sh
	@scripts/environment.sh requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt requirements.txt scripts/environment.sh
	@scripts/environment.sh requirements-dev.txt
	@touch .venv/installed $@

# Exit 1 is a source that failed or was held: the last good figures are served, and the page says why.
run: .venv/installed
	@$(PY) -m kpis sync || [ $$? -eq 1 ]
	@echo "http://127.0.0.1:$(PORT)  (Ctrl+C stops it)" >&2
	@exec $(PY) -m streamlit run app.py --server.address 127.0.0.1 --server.port $(PORT)

# What a change must pass before it is committed; `make test` is what it must pass before it lands.
check: .venv/installed-dev
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) .venv/bin/lint-imports
	$(PY) -m pytest -q -n auto -m "not browser and not slow"

# Browser tests share one browser and one server, so they run one after the other.
test: .venv/installed-dev
	@scripts/chromium.sh
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) .venv/bin/lint-imports
	$(PY) -m pytest -n auto -m "not browser"
	$(PY) -m pytest -m browser

bench: .venv/installed-dev
	@scripts/chromium.sh
	$(PY) -m bench

# Its own key, database and sheets lie in var/demo-google; nothing goes out to Google.
demo-google: .venv/installed-dev
	@$(PY) -m tests.google_stand_in -- $(MAKE) run

sample: .venv/installed
	$(PY) -m data.sample.make

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache var/sample var/bench
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
