# Everything that a developer runs. `make help` lists it.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
VENV = $(PYTHON) -m venv
SUDO := $(shell test "$$(id -u)" = 0 || echo sudo)
APT_INSTALL = $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends
PIP_QUIETLY := -m pip install --quiet --disable-pip-version-check

.PHONY: help setup demo local bench faults flood package check test clean chromium

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.ready .venv-emulator/.ready ## Install what is needed; costs nothing when nothing changed

demo: setup ## Watch a city's calls become texts, answers and a satisfaction figure
	@$(BIN)/tenfour demo

local: setup ## Run a city until Ctrl-C; stack.json and logs are in .build/city
	@$(BIN)/tenfour local --state .build/city

bench: setup ## Measure what deciding costs, beside reading an update
	@$(BIN)/tenfour bench

faults: setup ## Break calls to AWS and carriers, kill functions, look at every text, ten minutes
	@$(BIN)/tenfour faults

flood: setup ## Count what a big city's worst minutes cost, five minutes
	@$(BIN)/tenfour flood

package: setup ## Package the stack
	@$(BIN)/tenfour package

check: setup ## Style and types, without running anything
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy

test: check chromium ## Run every test, on two cores in a few minutes
	@$(BIN)/python -m pytest -n 4 --dist worksteal --durations 8

clean: ## Remove everything that was made
	rm -rf .build .venv .venv-emulator .chalice/deployments .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info

.venv/.ready: requirements.txt requirements-dev.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed"; exit 2; }
	@echo "Installing packages into .venv …"
	@$(VENV) .venv 2>/dev/null || { $(APT_INSTALL) python3-venv >/dev/null && $(VENV) .venv; }
	@$(BIN)/python $(PIP_QUIETLY) -r requirements-dev.txt
	@$(BIN)/python $(PIP_QUIETLY) --no-deps --editable .
	@touch $@

.venv-emulator/.ready: requirements-emulator.txt .venv/.ready
	@echo "Installing the AWS emulator into .venv-emulator …"
	@$(VENV) .venv-emulator
	@.venv-emulator/bin/python $(PIP_QUIETLY) -r requirements-emulator.txt
	@touch $@

# Pages are tested in Debian's Chromium; a Debian without python3-venv gets that too. Nothing else is installed.
chromium:
	@command -v chromium >/dev/null || { echo "Installing Chromium …"; $(APT_INSTALL) chromium fonts-dejavu-core >/dev/null; }
