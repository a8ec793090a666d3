# Everything a person does here: `make demo`, `make test`, `make demo-collector`. Needs Python 3.10 to 3.13 and make;
# `make demo-collector` needs Go too, and Prometheus with Alertmanager (Debian: installed when run as root).
PYTHON ?= python3
VENV := .venv
STOCK := .venv-stock
OLDEST := .venv-oldest
UV := $(VENV)/bin/uv
BIN := $(VENV)/bin
LOCK := requirements.lock
CLINIC := docs/examples

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-collector collector servers opamp-server test test-oldest matrix fuzz gates attributes rules dashboards manifests lint format lock clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: $(VENV)/.done ## the virtual environment, from the lock

$(VENV)/.done: $(LOCK) pyproject.toml
	@echo "Setting up $(VENV) (once; a minute or two on a slow line)"
	@test -x $(UV) || $(PYTHON) -m venv $(VENV)
	@test -x $(UV) || $(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.8,<1"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r $(LOCK)
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

$(STOCK)/.done: $(VENV)/.done
	@echo "Setting up $(STOCK): the same packages without Discreet, to compare with"
	@$(UV) venv --quiet --clear --python $(BIN)/python $(STOCK)
	@$(UV) pip install --quiet --python $(STOCK)/bin/python --require-hashes -r $(LOCK)
	@touch $@

$(OLDEST)/.done: $(VENV)/.done tests/oldest.txt
	@echo "Setting up $(OLDEST): the oldest OpenTelemetry that is supported"
	@$(UV) venv --quiet --clear --python $(BIN)/python $(OLDEST)
	@$(UV) pip install --quiet --python $(OLDEST)/bin/python -r tests/oldest.txt
	@$(UV) pip install --quiet --python $(OLDEST)/bin/python --no-deps --editable .
	@touch $@

demo: $(VENV)/.done $(STOCK)/.done ## the clinic, stock and with Discreet, side by side
	@$(BIN)/python docs/examples/demo/demo.py --stock-python $(abspath $(STOCK))/bin/python --discreet-python $(abspath $(BIN))/python

collector: ## build the collector (cached by version)
	@collector/build.sh

servers: ## Prometheus and Alertmanager
	@collector/servers.sh

opamp-server: ## build the OpAMP server of the tests (cached by content)
	@tests/servers/opamp.sh

demo-collector: $(VENV)/.done collector servers ## the clinic through the real collector, Prometheus, Alertmanager
	@$(BIN)/python docs/examples/demo_collector/demo.py

test: lint test-oldest $(STOCK)/.done ## all tests, with linting and types; the real collector where Go is there
	@PYTHON=$(abspath $(BIN)/python) DISCREET_STOCK_PYTHON=$(abspath $(STOCK)/bin/python) tests/run.sh $(ARGS)

test-oldest: $(OLDEST)/.done ## the seams at the oldest supported OpenTelemetry
	@$(OLDEST)/bin/python -m pytest -q -m seams tests/guard tests/context tests/pipeline tests/autolaunch tests/test_sampling.py

matrix: $(VENV)/.done ## the guard under every Python found, at three versions of OpenTelemetry (ARGS="-s 'tests-3.13(newest)'")
	@$(UV) tool run --quiet --from "nox>=2025.2,<2027" nox $(ARGS)

fuzz: $(VENV)/.done ## gates, engines and structured texts fuzzed for five minutes
	@FUZZ_SECONDS=$${FUZZ_SECONDS:-300} $(BIN)/python -m pytest -q tests/fuzz

gates: $(VENV)/.done ## write the gates of detectors whose pattern was changed
	@$(BIN)/python -m tests.redaction.write_gates
	@$(BIN)/discreet detectors --markdown > docs/detectors.md

attributes: $(VENV)/.done ## write the tables of attributes and of built-in rules in docs/
	@$(BIN)/python -m tests.docs.write_attributes
	@$(BIN)/python -m tests.docs.write_rules

dashboards: $(VENV)/.done ## write the dashboards of deploy/grafana from their tables
	@$(BIN)/python -m deploy.dashboards

manifests: $(VENV)/.done ## write the collectors of deploy/kubernetes, and what the operator's image holds
	@$(BIN)/python -m deploy.kubernetes
	@$(BIN)/python -m deploy.autoinstrumentation

rules: $(VENV)/.done ## render the alert rules of each environment, and their tables in docs/
	@$(BIN)/python -m tests.docs.write_alerts

lint: $(VENV)/.done ## ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(VENV)/.done ## put the code in shape
	@$(BIN)/ruff check --fix-only --exit-zero .
	@$(BIN)/ruff format .

lock: $(VENV)/.done ## resolve the lock anew
	@$(UV) pip compile pyproject.toml --all-extras --group dev --universal --generate-hashes --no-emit-index-url \
	  --python-version 3.10 --quiet --custom-compile-command "make lock" --output-file $(LOCK) --upgrade

clean: ## take away what was set up here
	@rm -rf $(VENV) $(STOCK) $(OLDEST) .demo .mypy_cache .ruff_cache .pytest_cache
