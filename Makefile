# One verb, one command. What a verb needs it installs first and says so (.ci/prepare.py).
# ARGS goes to pytest or to tipstaff: make test ARGS="tests/unit -k strikes"

PREPARE := python3 .ci/prepare.py
BIN := .venv/bin
ARGS ?=

.PHONY: help setup demo test bench check lint format types docs lock clean

help: ## what there is to say
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

setup: ## everything a developer needs, installed
	@$(PREPARE) test

demo: ## sandbox panels, complaints, decisions and pages on this machine; Ctrl-C ends it
	@$(PREPARE) run && exec $(BIN)/tipstaff demo $(ARGS)

test: ## all tests
	@$(PREPARE) test $(ARGS) && exec $(BIN)/python -m pytest -n auto --maxprocesses=4 --dist loadfile $(ARGS)

bench: ## speed and memory, beside a reference measured in the same run
	@$(PREPARE) test && exec $(BIN)/python -m pytest -m bench -o faulthandler_timeout=1200 $(ARGS)

check: lint types test ## lint, types and all tests

lint: ## ruff: rules and format
	@$(PREPARE) dev && $(BIN)/ruff check && $(BIN)/ruff format --check

format: ## ruff mends what it can and formats
	@$(PREPARE) dev && $(BIN)/ruff check --fix && $(BIN)/ruff format

types: ## mypy, strict
	@$(PREPARE) dev && $(BIN)/mypy

docs: ## docs/policy-reference.md made anew from the vocabulary of packs
	@$(PREPARE) run && $(BIN)/tipstaff policy reference > docs/policy-reference.md

lock: ## .ci/lock made anew from pyproject.toml
	@$(PREPARE) lock

clean: ## everything that was made in this clone, .venv too
	@rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .benchmarks
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
