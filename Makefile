# Everything below needs Python 3.11 or newer, pip and venv, and works on a fresh checkout:
#     make demo     make test     make check

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

# The first Python that is new enough; `make PYTHON=/path/to/python3.12 setup` names another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

VENV := .venv
RUN := $(VENV)/bin/python
STAMP := $(VENV)/.installed

# How many processes run tests, each with one thread for numbers.
WORKERS ?= 2
PYTEST_FLAGS ?=
export OMP_WAIT_POLICY ?= PASSIVE
test wheel-test bench bench-library screenshots: export TEXTUAL_ANIMATIONS = none

# Some tests read real sounds, from the folder that this variable names. They are skipped without.
SOUNDS := $(wildcard ../shared/data/library)
ifneq ($(SOUNDS),)
export LATENTCRATE_SOUNDS ?= $(abspath $(SOUNDS))
endif

.PHONY: help setup demo test lint check wheel-test fuzz bench bench-library docs screenshots clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(STAMP) ## make .venv and install latentcrate into it, with the tools of development

# The constraints keep torch to one release: left to itself, it can bring gigabytes.
$(STAMP): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "latentcrate needs Python 3.11 or newer, with venv: make PYTHON=python3.12 setup" >&2; exit 2; }
	@$(RUN) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(STAMP) ## make a small library in demo/, do everything with it once, open the application
	$(RUN) -m tui demo --dir demo

test: $(STAMP) ## run the tests
	$(RUN) -m pytest -n $(WORKERS) --dist worksteal $(PYTEST_FLAGS)

lint: $(STAMP) ## format, lint, types, and who may import whom
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy
	$(VENV)/bin/lint-imports

check: lint test ## all of lint, and the tests

wheel-test: $(STAMP) ## build the wheel and use it from an empty environment
	$(RUN) tests/wheel_check.py

# FUZZ names folders of more files to damage, COUNT how many damaged ones are tried.
COUNT ?= 10000
fuzz: $(STAMP) ## decode damaged files of all kinds: none may crash, hang, or pass for a sound
	$(RUN) -m benchmarks.fuzz_decode --count $(COUNT) --keep build/fuzz $(FUZZ)

# The ears that search and categories are judged by are trained once, some minutes of a processor
# each; TRAIN="FOLDER …" names more sounds for them to learn on.
bench: $(STAMP) ## measure search, categories, spaces and what is made of sounds on the sounds that LATENTCRATE_SOUNDS names
	@test -n "$$LATENTCRATE_SOUNDS" || { echo "LATENTCRATE_SOUNDS names no folder of labelled sounds" >&2; exit 2; }
	@mkdir -p build
	$(RUN) -m benchmarks.retrieval --ears build/ears $(addprefix --train ,$(TRAIN))
	$(RUN) -m benchmarks.categories --ears build/ears $(addprefix --train ,$(TRAIN))
	$(RUN) -m benchmarks.tempo
	$(RUN) -m benchmarks.invariance --library build/bench.sqlite
	$(RUN) -m benchmarks.sounds
	$(RUN) -m benchmarks.spaces --seeds 1
	$(RUN) -m benchmarks.dream
	$(RUN) -m benchmarks.transfer
	$(RUN) -m benchmarks.search --library build/bench.sqlite --sizes 10000 100000

# Needs a gigabyte of disk in the folder for temporary files, and half an hour.
bench-library: $(STAMP) ## measure libraries: analysed, very large, killed at random moments; how their log grows
	@test -n "$$LATENTCRATE_SOUNDS" || { echo "LATENTCRATE_SOUNDS names no folder of labelled sounds" >&2; exit 2; }
	$(RUN) -m benchmarks.analysis
	$(RUN) -m benchmarks.library_scale
	$(RUN) -m benchmarks.kills --kills 200 --programs 20
	$(RUN) -m benchmarks.library_log --samples 20000

docs: $(STAMP) ## write docs/commands.md and docs/keys.md again, from the parser and the actions
	$(RUN) -m tests.command_docs > docs/commands.md.new
	@mv docs/commands.md.new docs/commands.md
	$(RUN) -m tests.key_docs > docs/keys.md.new
	@mv docs/keys.md.new docs/keys.md

screenshots: $(STAMP) ## draw the pictures of README and docs again
	$(RUN) -m benchmarks.screenshots

clean: ## remove everything that make has made, .venv and demo/ too
	rm -rf $(VENV) demo dist build .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
