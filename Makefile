# Baton: everything a developer does, from a bare clone, without an AWS account. `make` alone lists it.

PYTHON ?= python3
# The local stack's port; the inbox takes the one after it.
PORT ?= 4566
# Which section of samconfig.toml `make deploy` uses.
ENV ?= default
FILE ?=
CAMPAIGN ?=
COUNT ?=
OUTCOMES ?=
MINUTES ?=
# Every shell has a USER of its own: only one that is given to make counts.
WHO := $(if $(filter command line,$(origin USER)),$(USER),admin)
CONCURRENCY ?=

BIN := .venv/bin
SETUP := $(PYTHON) local/setup.py
# sam build wants a real python3.13 first on PATH; sam validate wants some region and credentials, and calls nobody.
SAM := PATH="$(CURDIR)/$(BIN):$$PATH" SAM_CLI_TELEMETRY=0 .tools/sam/bin/sam
OFFLINE := AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=none AWS_SECRET_ACCESS_KEY=none
SOURCES := $(wildcard layers/shared functions local tests bench)
FAST_SUITES := $(wildcard tests/unit tests/browser tests/invariants tests/contract tests/workflow tests/infra)
COMPILE = .tools/uv/bin/uv pip compile --quiet --generate-hashes --universal --no-header --no-emit-index-url \
	$(if $(UPGRADE),--upgrade)

export PORT
# Where it is set, every start compiles anew all that is imported.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help run up down reset status token console screenshots replay test check openapi schemas history fmt bench fuzz build deploy lock clean setup setup-dev setup-sam setup-browser

help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ## Build, deploy and seed Baton on this machine, print its URLs, stop with Ctrl-C (PORT=4566)
	@exec $(BIN)/python -m local.stack run

up: setup ## Like run, in the background
	@$(BIN)/python -m local.stack up

down: setup-dev ## Stop what up started; the data stays
	@$(BIN)/python -m local.stack down

reset: setup-dev ## Stop, and remove the local data
	@$(BIN)/python -m local.stack reset

status: setup-dev ## Say whether the local stack runs, and where
	@$(BIN)/python -m local.stack status || true

token: setup-dev ## Print an ID token for the API (USER=admin or viewer)
	@$(BIN)/python -m local.users token $(WHO)

console: setup-dev ## Serve the web console's files from this folder, for whoever edits them, over the local stack
	@$(BIN)/python -m local.console

screenshots: setup-dev setup-browser ## Take the pictures of the console in docs/images from the local stack
	@$(BIN)/python -m local.screenshots

replay: setup-dev ## Send recorded leads to the local stack (CAMPAIGN=, FILE=, COUNT=, OUTCOMES=, CONCURRENCY=)
	@$(BIN)/python -m local.replay $(if $(FILE),"$(FILE)") $(if $(CAMPAIGN),--campaign "$(CAMPAIGN)") \
		$(if $(COUNT),--count $(COUNT)) $(if $(OUTCOMES),--outcomes "$(OUTCOMES)") $(if $(CONCURRENCY),--concurrency $(CONCURRENCY))

test: setup setup-browser ## Run all tests: unit, contract, workflow, infra, in a browser, then end to end
	$(if $(FAST_SUITES),$(BIN)/python -m pytest -q -n 2 --dist loadfile $(FAST_SUITES))
	$(if $(wildcard tests/e2e),$(BIN)/python -m pytest -q -n 2 --dist loadfile tests/e2e)
	$(if $(wildcard tests/afterwards),$(BIN)/python -m pytest -q tests/afterwards)

check: setup-dev setup-sam ## Formatting, lint, types, import rules, OpenAPI, template and workflow
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(SOURCES)
	PYTHONPATH=layers/shared $(BIN)/lint-imports
	$(BIN)/python -m local.check
	$(BIN)/python -m local.openapi --check
	$(BIN)/python -m local.schemas --check
	$(BIN)/python -m local.history --check
	$(BIN)/cfn-lint infra/template.yaml
	$(OFFLINE) $(SAM) validate
	$(OFFLINE) $(SAM) validate --lint
	$(if $(wildcard tests/workflow),$(BIN)/python -m pytest -q tests/workflow)

openapi: setup-dev ## Write docs/openapi.json anew
	$(BIN)/python -m local.openapi

schemas: setup-dev ## Write the schemas of events, docs/schemas, anew
	$(BIN)/python -m local.schemas

history: setup-dev ## Write the raw history's columns and queries into the template anew
	$(BIN)/python -m local.history

fmt: setup-dev ## Format the code and fix what can be fixed
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

bench: setup-dev ## Measure the hot paths
	@$(BIN)/python -m bench

fuzz: setup ## Send the API whatever it may get, for MINUTES=5, and look for answers that blame us
	@$(SETUP) fuzz
	@$(BIN)/python -m local.fuzz $(MINUTES)

build: setup-dev setup-sam ## Build the functions and the layer for AWS
	$(SAM) build --config-env $(ENV)

deploy: build ## Deploy to AWS, asking for what to set (ENV=prod for production)
	$(SAM) deploy --config-env $(ENV) --guided

lock: setup-dev ## Pin the requirements anew (UPGRADE=1: to the newest versions)
	$(COMPILE) -p 3.9 requirements/uv.in -o requirements/uv.txt
	$(COMPILE) -p 3.13 layers/shared/requirements.in -o layers/shared/requirements.txt
	$(COMPILE) -p 3.13 -c layers/shared/requirements.txt requirements/dev.in -o requirements/dev.txt
	$(COMPILE) -p 3.13 requirements/sam.in -o requirements/sam.txt
	$(COMPILE) -p 3.13 requirements/ministack.in -o requirements/ministack.txt
	$(COMPILE) -p 3.13 requirements/fuzz.in -o requirements/fuzz.txt

clean: ## Stop the local stack, remove its data and everything that was built and installed
	@if [ -f .local/stack.json ]; then $(BIN)/python -m local.stack down; fi
	rm -rf .aws-sam .local .venv .tools .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

setup:
	@$(SETUP)

setup-dev:
	@$(SETUP) dev

setup-browser:
	@$(PYTHON) local/chromium.py

setup-sam:
	@$(SETUP) sam
