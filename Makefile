# Needs Python 3.11 or later and make, and nothing else. `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
ARGS ?=

.PHONY: help serve test lint mutants core-mutants bench fixtures clean

help:            ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

serve: $(VENV)/serve-ready            ## run the server (ARGS="--port 9000 --scenario acme")
	$(BIN)/mockserver serve $(ARGS)

test: $(VENV)/dev-ready            ## run all tests
	$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/dev-ready            ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

mutants: $(VENV)/dev-ready            ## break the mock in hundreds of ways and list those that the contract suite misses
	$(BIN)/python -m tests.mutation $(ARGS)

core-mutants: $(VENV)/dev-ready            ## change the core's code in small ways and list those that its unit tests miss (ARGS="--only state/")
	$(BIN)/python -m tests.core_mutation $(ARGS)

bench: $(VENV)/dev-ready            ## compare the cost of a request with that of bare aiohttp
	$(BIN)/python -m benchmarks $(ARGS)

fixtures: $(VENV)/dev-ready            ## write the fixtures again
	$(BIN)/mockserver generate

clean:            ## remove the virtual environment
	rm -rf $(VENV)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/serve-ready: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/dev-ready: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) install --constraint constraints.txt --editable '.[dev]'
	@touch $@ $(VENV)/serve-ready
