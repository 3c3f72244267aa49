# relmetrics: everything that is done here more than once. `make` alone lists it.
# Needs Python 3.11 or newer with its venv module, git and make. Everything is installed into .venv, nothing elsewhere.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
LOCK := requirements-dev.lock
# Tests, docs and bench use two processes; the numbers that this project publishes are for two cores.
JOBS ?= 2
# What pytest counted, for the closing line of `make test`.
COUNTS := $(VENV)/pytest-counts

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export NO_MKDOCS_2_WARNING := 1

.PHONY: help
help: ## Show this list
	@echo "relmetrics: make <target>"
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sort \
	  | awk 'BEGIN {FS = ":.*## "} {printf "  %-12s %s\n", $$1, $$2}'

.PHONY: demo
demo: $(VENV)/.installed ## Install the package into .venv, run it on the bundled example, say where the report is
	@$(BIN)/relmetrics demo

.PHONY: test
test: quality tests docs ## Lint, types, import contract, tests, strict documentation build (needs no system package)
	@. ./$(COUNTS); if [ "$$skipped" -eq 0 ]; then \
	  echo "make test: all passed, 0 skipped ($$passed tests)"; \
	else \
	  echo "make test: all passed, $$skipped skipped of $$((passed + skipped)) (needs Chromium, LibreOffice, PostgreSQL or ../shared: see 'make test-all')"; \
	fi

.PHONY: test-all
test-all: needs-shared quality ## The same, and fail if anything is skipped (needs ../shared and system packages)
	@RELMETRICS_NO_SKIPS=1 $(MAKE) --no-print-directory tests
	@$(MAKE) --no-print-directory docs
	@. ./$(COUNTS); echo "make test-all: all passed, $$skipped skipped ($$passed tests)"

.PHONY: quality
quality: lint types contract

.PHONY: tests
tests: $(VENV)/.installed-dev ## Only the tests (more than one process: JOBS=2)
	@rm -f $(COUNTS)
	@RELMETRICS_COUNTS=$(COUNTS) $(PY) -m pytest -q -n $(JOBS)

.PHONY: lint
lint: $(VENV)/.installed-dev ## Style and likely mistakes (ruff)
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || \
	  { echo "Some files are not formatted (named by 'ruff format --check .'); 'make format' does it."; exit 1; }
	@echo "lint: clean"

.PHONY: format
format: $(VENV)/.installed-dev ## Format the code, and mend what ruff can mend safely
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format .

.PHONY: types
types: $(VENV)/.installed-dev ## Types (mypy --strict on src)
	@$(BIN)/mypy

.PHONY: contract
contract: $(VENV)/.installed-dev ## Direction of imports between the layers (import-linter)
	@$(BIN)/lint-imports --no-cache --no-logo 2>&1 || { echo "The layers stand in ARCHITECTURE.md and pyproject.toml."; exit 1; }

.PHONY: docs
docs: $(VENV)/.installed-dev ## Build the documentation site into site/, strictly
	@$(BIN)/mkdocs build --quiet --strict
	@echo "docs: site/index.html"

.PHONY: bench
bench: $(VENV)/.installed-dev ## Speed, as ratios against a bare scan of the same files, and whole-process times
	@$(PY) tests/bench.py

.PHONY: scores
scores: $(VENV)/.installed-dev ## Plant every known mistake, validate clean submissions, and write docs/methods/scores.md
	@$(PY) tests/scores.py

.PHONY: lock
lock: ## Write requirements-dev.lock anew, from what a fresh environment gets today
	@rm -rf $(VENV)-lock
	@$(call make_venv,$(VENV)-lock)
	@$(VENV)-lock/bin/python -m pip install -qq --editable '.[dev]'
	@{ echo "# Versions that the tests run with, for 'make demo' and 'make test'. Made by 'make lock'; do not edit."; \
	   $(VENV)-lock/bin/python -m pip freeze --exclude-editable --exclude relmetrics; } > $(LOCK)
	@rm -rf $(VENV)-lock
	@echo "$(LOCK): $$(grep -c == $(LOCK)) packages"

.PHONY: clean
clean: ## Remove what was built, the caches and .venv
	@rm -rf $(VENV) $(VENV)-lock build dist site .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: needs-shared
needs-shared:
	@echo "make test-all needs shared/ beside this checkout (../shared, or its path in RELMETRICS_SHARED), Chromium, LibreOffice, poppler and PostgreSQL."
	@shared="$${RELMETRICS_SHARED:-../shared}"; [ -d "$$shared/data" ] || \
	  { echo "There is no folder $$shared/data here, so it stops. 'make test' runs everything that needs none of this."; exit 1; }

# --- environments -------------------------------------------------------------------------------------------------

# Any Python from 3.11 on that can make an environment with pip in it; PYTHON=... chooses another.
define make_venv
	set -e; \
	if ! $(1)/bin/python -m pip --version >/dev/null 2>&1; then \
	  for candidate in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	    if "$$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	      found="$$candidate"; break; \
	    fi; \
	  done; \
	  if [ -z "$${found:-}" ]; then \
	    echo "relmetrics needs Python 3.11 or newer, with its venv module. None was found."; \
	    echo "On Debian or Ubuntu: sudo apt install python3 python3-venv. Elsewhere: https://www.python.org/downloads/"; \
	    exit 1; \
	  fi; \
	  "$$found" -m venv --clear $(1); \
	fi
endef

# A stamp says that an environment is complete, so that the second run is quick; it is written last.
$(VENV)/.installed: pyproject.toml $(LOCK)
	@$(call make_venv,$(VENV))
	@echo "Installing relmetrics into $(VENV) (the first time takes a minute or two) ..."
	@$(PY) -m pip install -qq --constraint $(LOCK) --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml $(LOCK)
	@$(call make_venv,$(VENV))
	@echo "Installing relmetrics and what its tests need into $(VENV) (the first time takes a few minutes) ..."
	@$(PY) -m pip install -qq --requirement $(LOCK)
	@$(PY) -m pip install -qq --no-deps --editable .
	@touch $@ $(VENV)/.installed
