# Flagstone's commands. `make` alone lists them. Each sets up what it needs first, once.
.DEFAULT_GOAL := help
SHELL := /bin/sh
.PHONY: help run test test-long check api-check tour bench flask translations lock ready ready-dev lint

# Any Python 3 may run the set-up; it looks for one from 3.11 to 3.14 by itself. To choose: make PYTHON=/path/to/python3 ...
ifndef PYTHON
PYTHON := $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do command -v $$name && break; done)
endif
ENVIRONMENT := .venv/bin/python
TEST_PROCESSES ?= 2
TEST_ARGS ?=

help:
	@echo 'make run              set up and serve http://127.0.0.1:8000 with demo people and cases (PORT=8001 for another port)'
	@echo 'make test             set up and run the tests (TEST_ARGS="tests/rules -x" for some)'
	@echo 'make test-long        the long tests, which make test leaves out (half an hour and more)'
	@echo 'make check            style, types, imports, then all tests, the quick ones first'
	@echo 'make tour             play the whole story against a fresh server (TOUR_FILE=path for resources of your own)'
	@echo 'make api-check        ask the API thousands of things by its own document (API_EXAMPLES=1000 for each call)'
	@echo 'make bench            run the benchmarks (BENCH="intake claim" for some, BENCH=--help for which)'
	@echo 'make -s flask ARGS="resources parse"   run a command of the application; standard input is passed on'
	@echo 'make translations     bring every language up to date with the source, and say what waits for a translator (CODE=fr for one)'
	@echo 'make lock             compile requirements.in and requirements-dev.in anew'

NO_PYTHON := echo 'Flagstone needs Python 3.11 to 3.14. Install it with, for example: apt-get install python3 python3-venv' >&2; false
SET_UP = $(if $(PYTHON),'$(PYTHON)' deploy/bootstrap.py,$(NO_PYTHON))

ready:
	@$(SET_UP)

ready-dev:
	@$(SET_UP) --dev

# Through the lifeline, so that a make that is killed outright takes the run with it.
run: ready
	@exec $(ENVIRONMENT) -P app/lifeline.py $(ENVIRONMENT) -m app.run

test: ready-dev
	@started=$$(date +%s); \
	$(ENVIRONMENT) -m pytest -n $(TEST_PROCESSES) -m "not tour and not long" $(TEST_ARGS) || exit $$?; \
	echo "All tests passed in $$(( $$(date +%s) - started )) s."

# What fails, mostly fails in the quick tests: they come first.
check: lint
	@$(MAKE) --no-print-directory test
	@$(MAKE) --no-print-directory test-long

# The tour's own tests start whole servers and load every list of hosts: they come last, and alone.
test-long:
	@$(MAKE) --no-print-directory test TEST_ARGS='-m "long and not tour"'
	@$(MAKE) --no-print-directory test TEST_ARGS='-m tour tests/journeys/test_tour.py'

# What is wrong in a catalogue is found by tests/house/test_translations.py.
lint: ready-dev
	$(ENVIRONMENT) -m ruff check .
	$(ENVIRONMENT) -m mypy
	$(dir $(ENVIRONMENT))lint-imports

api-check: ready-dev
	@API_EXAMPLES=$${API_EXAMPLES:-1000} $(ENVIRONMENT) -m pytest -q -n $(TEST_PROCESSES) tests/web/test_api_by_schema.py

tour: ready
	@TOUR_FILE='$(TOUR_FILE)' exec $(ENVIRONMENT) -P app/lifeline.py $(ENVIRONMENT) -m deploy.tour

bench: ready
	@exec $(ENVIRONMENT) -P app/lifeline.py $(ENVIRONMENT) -m bench $(BENCH)

flask: ready
	@exec $(ENVIRONMENT) -m flask --app wsgi $(ARGS)

translations: ready
	@$(ENVIRONMENT) -m flask --app wsgi translations update $(CODE)
	@exec $(ENVIRONMENT) -m flask --app wsgi translations check $(CODE)

# For every system and Python that we support at once, each file with its hash.
LOCK := $(ENVIRONMENT) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock: ready-dev
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-dev.in -o requirements-dev.txt
