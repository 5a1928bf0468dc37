# Everything that a developer runs. `make help` lists it.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
VENV = $(PYTHON) -m venv
SUDO := $(shell test "$$(id -u)" = 0 || echo sudo)
APT_INSTALL = $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends
PIP_QUIETLY := -m pip install --quiet --disable-pip-version-check
# Whatever is installed has a digest in locked/. A system without a wheel of a package builds it from its source.
LOCKED := $(PIP_QUIETLY) --require-hashes -r locked
OURSELVES := $(PIP_QUIETLY) --no-deps --no-build-isolation --editable .
# One lock is for every system and every Python from 3.11 on: it has the digests of all wheels of a version.
LOCK := UV_CUSTOM_COMPILE_COMMAND="make lock" .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes $(UPGRADE)
# Two linters of OpenAPI, by the node of .venv-audit; neither reports who runs it.
LINT := PATH="$(CURDIR)/.venv-audit/bin:$$PATH" REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true \
	.venv-audit/linters/node_modules/.bin
DESCRIPTION := chalicelib/web/static/openapi.json
# Whom `make audit` asks for known weaknesses: the index, or `osv`.
ADVISORIES := pypi
NPM_CI := npm ci --ignore-scripts --no-audit --no-fund --silent
# Commands and test workers share their byte code: each would compile everything for itself.
unexport PYTHONDONTWRITEBYTECODE
# A module's tests share what it sets up; workers take whole modules in the order of tests/run/order.py.
BY_MODULE := --dist loadfile --no-loadscope-reorder

# What tests need of the machine; `make test` says so before it installs any of it.
CHROMIUM := chromium-headless-shell fonts-dejavu-core
HAS_CHROMIUM := { command -v chromium-headless-shell || command -v chromium; } >/dev/null
POSTGRESQL := postgresql
HAS_VENV = $(PYTHON) -c 'import ensurepip' 2>/dev/null
HAS_POSTGRESQL := { command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; } >/dev/null 2>&1
MONO := mono-mcs mono-runtime libmono-system-net-http4.0-cil libnewtonsoft-json5.0-cil
HAS_MONO := { command -v mcs && test -e /usr/lib/cli/Newtonsoft.Json-5.0/Newtonsoft.Json.dll; } >/dev/null

.PHONY: help setup demo local bench cost package words lock audit check test whole clean announce chromium postgresql mono simulate floor fuzz \
	mutate faults flood lake-measure survey-rehearse stored

help: ## List what can be made
	@awk -F ':.*## ' '/^## / {print "\n" substr($$0, 4)} \
		/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

## Use it

setup: .venv/.ready .venv-emulator/.ready ## Install what is needed, where something changed

demo: setup ## Watch calls become texts, answers and a figure: two minutes
	@$(BIN)/tenfour demo

local: setup ## Run a city until Ctrl-C; stack.json is in .build/city
	@$(BIN)/tenfour local --state .build/city

package: setup ## Package the stack
	@$(BIN)/tenfour package

clean: ## Remove everything that was made
	rm -rf .build .venv .venv-audit .venv-clients .venv-emulator .venv-idp .venv-lock .venv-moto .chalice/deployments .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info

## Test it

check: setup ## Style and types, without running anything
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy

test: announce check chromium postgresql ## Run the tests: half an hour on two cores
	@$(BIN)/python -m pytest -n 4 $(BY_MODULE) --durations 8 -m "not whole"

whole: test mono .venv-moto/.ready .venv-idp/.ready .venv-clients/.ready ## Run the tests, and then those that take minutes or more programs
	@$(BIN)/python -m pytest -n 3 $(BY_MODULE) --durations 8 -m whole

fuzz: setup ## Throw broken inputs at every reader, route and rule
	@TENFOUR_FUZZ=3000 $(BIN)/python -m pytest tests/fuzz -n 2 --dist worksteal
	@TENFOUR_FUZZ=3000 $(BIN)/python -m pytest --ignore tests/fuzz -m hypothesis -n 2 --dist worksteal

simulate: setup ## Play ten thousand bad days on a virtual clock
	@$(BIN)/tenfour simulate

floor: setup ## Hold a million triples against the documents: half an hour
	@$(BIN)/tenfour floor

faults: setup ## Break calls to AWS and carriers: ten minutes
	@$(BIN)/tenfour faults

mutate: setup ## Change the rules one by one; list what no test notices
	@$(BIN)/python -m rigs.mutate

survey-rehearse: setup ## Let 1,000 people answer `make local` at once
	@$(BIN)/tenfour survey-rehearse

words: setup ## Build the phrase tables from words/phrases
	@$(BIN)/python -m rigs.words.write

lock: .venv-lock/.ready ## Write locked/ from requirements*.txt; UPGRADE=--upgrade takes newer packages
	@$(LOCK) requirements-dev.txt --output-file locked/dev.txt
	@$(LOCK) requirements.txt --constraint locked/dev.txt --output-file locked/lambda.txt
	@for name in twilio feed; do $(LOCK) requirements-$$name.txt --constraint locked/dev.txt \
		--output-file locked/$$name.txt || exit; done
	@for name in emulator moto idp audit clients lock; do $(LOCK) requirements-$$name.txt --output-file locked/$$name.txt || exit; done
	@$(MAKE) --no-print-directory setup
	@$(BIN)/python -m tenfour.stack.licences

audit: setup .venv-audit/.ready ## Look for keys, known weaknesses, unexplained findings
	@$(BIN)/python -m pytest -q tests/security/test_secrets.py
	@$(BIN)/tenfour package --out .build/audit
	@.venv-audit/bin/python tests/security/policies.py .build/audit/template.json docs/operator/deploy.md
	@.venv-audit/bin/python tests/security/simulate.py .build/audit/template.json
	@$(LINT)/spectral lint --ruleset .venv-audit/linters/spectral.yaml --fail-severity hint $(DESCRIPTION)
	@$(LINT)/redocly lint --config .venv-audit/linters/redocly.yaml $(DESCRIPTION)
	@.venv-audit/bin/checkov --skip-download --framework cloudformation --file .build/audit/template.json --compact \
		--quiet --skip-check $$(grep -o '^| CKV_AWS_[0-9]*' docs/operator/security.md | cut -c 3- | paste -sd ,)
	@for lock in locked/*.txt; do .venv-audit/bin/pip-audit -s $(ADVISORIES) --strict --require-hashes --disable-pip \
		-r $$lock || exit; done

## Measure it

bench: setup ## Time our code beside bare handlers, and the timers
	@$(BIN)/tenfour bench

cost: setup ## Count costs at AWS, and write docs/operator/cost.md
	@$(BIN)/tenfour cost --out docs/operator/cost.md

flood: setup ## Count what a big city's worst minutes cost: ten minutes
	@$(BIN)/tenfour flood

stored: setup ## Measure the desk's pages over a million calls: half an hour
	@TENFOUR_STORED=1000000 TENFOUR_OPEN=25000 $(BIN)/python -m pytest -s -m whole tests/whole/test_stored.py

lake-measure: setup ## Fill a lake with five years of a made-up city: an hour
	@rm -rf .build/lake-measure
	@$(BIN)/tenfour lake-measure --out .build/lake-measure

.venv/.ready: locked/dev.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed"; exit 2; }
	@echo "Installing packages into .venv …"
	@$(VENV) .venv 2>/dev/null || { echo "Installing python3-venv …"; \
		$(APT_INSTALL) python3-venv >/dev/null && $(VENV) .venv; }
	@$(BIN)/python $(LOCKED)/dev.txt
	@$(BIN)/python $(OURSELVES)
	@touch $@

.venv-emulator/.ready: locked/emulator.txt .venv/.ready
	@echo "Installing the AWS emulator into .venv-emulator …"
	@$(VENV) .venv-emulator
	@.venv-emulator/bin/python $(LOCKED)/emulator.txt
	@touch $@

.venv-moto/.ready: locked/moto.txt .venv/.ready
	@echo "Installing a second DynamoDB into .venv-moto …"
	@$(VENV) .venv-moto
	@.venv-moto/bin/python $(LOCKED)/moto.txt
	@touch $@

.venv-idp/.ready: locked/idp.txt .venv/.ready
	@echo "Installing an identity provider into .venv-idp …"
	@$(VENV) .venv-idp
	@.venv-idp/bin/python $(LOCKED)/idp.txt
	@touch $@

.venv-clients/.ready: locked/clients.txt tests/clients/package-lock.json .venv/.ready
	@echo "Installing generators of clients into .venv-clients …"
	@$(VENV) .venv-clients
	@.venv-clients/bin/python $(LOCKED)/clients.txt
	@cp tests/clients/package.json tests/clients/package-lock.json .venv-clients/
	@(cd .venv-clients && PATH="$(CURDIR)/.venv-clients/bin:$$PATH" $(NPM_CI) && touch .ready) \
		|| echo "npm could not install them: the tests of generated clients are skipped."

.venv-audit/.ready: locked/audit.txt $(wildcard tests/security/simulator/* tests/security/linters/*) .venv/.ready
	@echo "Installing auditors into .venv-audit …"
	@$(VENV) .venv-audit
	@.venv-audit/bin/python $(LOCKED)/audit.txt
	@mkdir -p .venv-audit/simulator && cp tests/security/simulator/* .venv-audit/simulator/
	@mkdir -p .venv-audit/linters && cp tests/security/linters/* .venv-audit/linters/
	@for folder in simulator linters; do (cd .venv-audit/$$folder && PATH="$(CURDIR)/.venv-audit/bin:$$PATH" $(NPM_CI)) \
		|| exit; done
	@touch $@

.venv-lock/.ready: locked/lock.txt .venv/.ready
	@echo "Installing uv into .venv-lock …"
	@$(VENV) .venv-lock
	@.venv-lock/bin/python $(LOCKED)/lock.txt
	@touch $@

# Nothing is installed on the machine before this has been said.
announce:
	@test -x $(BIN)/python || $(HAS_VENV) || echo "apt-get will install python3-venv: Python packages go into .venv."
	@$(HAS_CHROMIUM) || echo "apt-get will install $(CHROMIUM): pages are tested in a browser."
	@$(HAS_POSTGRESQL) || echo "apt-get will install $(POSTGRESQL): the feed is tested with a real database."

chromium:
	@$(HAS_CHROMIUM) || { echo "Installing Chromium …"; $(APT_INSTALL) $(CHROMIUM) >/dev/null; }

# The feed is tested with a real server, which the tests start for themselves on a port of its own.
postgresql:
	@$(HAS_POSTGRESQL) || { echo "Installing PostgreSQL …"; $(APT_INSTALL) $(POSTGRESQL) >/dev/null; }

# The C# request of docs/vendor/webhook.md and a C# client made from our description are compiled and run.
mono:
	@$(HAS_MONO) || { echo "apt-get installs $(MONO): C# is compiled and run."; $(APT_INSTALL) $(MONO) >/dev/null; }
