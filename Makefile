# Everything that a developer runs. `make help` lists it.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
VENV = $(PYTHON) -m venv
SUDO := $(shell test "$$(id -u)" = 0 || echo sudo)
APT_INSTALL = $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends
PIP_QUIETLY := -m pip install --quiet --disable-pip-version-check

.PHONY: help setup demo local bench cost package words audit check test clean chromium postgresql mono simulate fuzz mutate faults flood

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.ready .venv-emulator/.ready ## Install what is needed; costs nothing when nothing changed

demo: setup ## Watch a city's calls become texts, answers and a satisfaction figure
	@$(BIN)/tenfour demo

local: setup ## Run a city until Ctrl-C; stack.json and logs are in .build/city
	@$(BIN)/tenfour local --state .build/city

simulate: setup ## Play ten thousand bad days on a virtual clock; each promise is checked in all of them
	@$(BIN)/tenfour simulate

fuzz: setup ## Throw thousands of broken inputs at every reader, route and rule
	@TENFOUR_FUZZ=3000 $(BIN)/python -m pytest tests/fuzz -n 2 --dist worksteal

bench: setup ## Measure handlers beside bare ones, cold starts, timers, pages, queries, what an incident costs
	@$(BIN)/tenfour bench

mutate: setup ## Change the domain in hundreds of ways, one by one, and see which no test notices
	@$(BIN)/python -m rigs.mutate.command

cost: setup ## Write docs/operator/cost.md from calls that are made and counted
	@$(BIN)/tenfour cost --out docs/operator/cost.md

faults: setup ## Break calls to AWS and carriers, kill functions, look at every text, ten minutes
	@$(BIN)/tenfour faults

flood: setup ## Count what a big city's worst minutes cost, five minutes
	@$(BIN)/tenfour flood

words: setup ## Build what people say out of chalicelib/words/phrases
	@$(BIN)/python -m rigs.words.command

package: setup ## Package the stack
	@$(BIN)/tenfour package

audit: setup .venv-audit/.ready ## Look for keys, known weaknesses, and findings in the package that docs/operator/security.md does not explain
	@$(BIN)/python -m pytest -q tests/security/test_secrets.py
	@.venv-audit/bin/pip-audit --strict --no-deps --disable-pip --requirement requirements.txt
	@$(BIN)/tenfour package --out .build/audit
	@.venv-audit/bin/checkov --skip-download --framework cloudformation --file .build/audit/template.json --compact \
		--quiet --skip-check $$(grep -o '^| CKV_AWS_[0-9]*' docs/operator/security.md | cut -c 3- | paste -sd ,)

check: setup ## Style and types, without running anything
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy

test: check chromium postgresql mono ## Run every test, on two cores in a few minutes
	@$(BIN)/python -m pytest -n 4 --dist worksteal --durations 8

clean: ## Remove everything that was made
	rm -rf .build .venv .venv-audit .venv-emulator .chalice/deployments .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info

.venv/.ready: requirements.txt requirements-dev.txt requirements-feed.txt pyproject.toml
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

.venv-audit/.ready: requirements-audit.txt .venv/.ready
	@echo "Installing auditors into .venv-audit …"
	@$(VENV) .venv-audit
	@.venv-audit/bin/python $(PIP_QUIETLY) -r requirements-audit.txt
	@touch $@

# Pages are tested in Debian's Chromium; a Debian without python3-venv gets that too.
chromium:
	@command -v chromium >/dev/null || { echo "Installing Chromium …"; $(APT_INSTALL) chromium fonts-dejavu-core >/dev/null; }

# The feed is tested with a real server, which the tests start for themselves on a port of its own.
postgresql:
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || \
		{ echo "Installing PostgreSQL …"; $(APT_INSTALL) postgresql >/dev/null; }

# The C# request of docs/vendor/webhook.md is compiled and run.
mono:
	@command -v mcs >/dev/null || { echo "Installing Mono …"; \
		$(APT_INSTALL) mono-mcs mono-runtime libmono-system-net-http4.0-cil >/dev/null; }
