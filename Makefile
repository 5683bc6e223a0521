# Set-up, demo and tests. `make help` lists the targets.

PYTHON ?=
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.cnnviz-installed

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint types unit pictures bench clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'

setup: $(STAMP) ## system libraries, .venv, locked dependencies, cnnviz itself

$(STAMP): pyproject.toml constraints.txt scripts/setup.sh
	@PYTHON="$(PYTHON)" sh scripts/setup.sh $(VENV)
	@touch $(STAMP)

demo: setup ## render the convolution on the bundled photo of a cat to media/
	$(BIN)/cnnviz render conv --output media/conv_cat.mp4
	@echo "Done: open media/conv_cat.mp4"

test: setup lint types unit ## lint, types and all tests

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: setup
	$(BIN)/mypy

unit: setup
	$(BIN)/pytest -n auto

pictures: setup ## store the pictures of the last frames anew, after looking at them
	$(BIN)/pytest -n auto tests/scenes --update-pictures

bench: setup ## measure against Manim's own renderer and write docs/performance.md (QUICK=1: sooner)
	$(BIN)/python -m benchmarks $(if $(QUICK),--quick)

clean: ## remove .venv and all caches
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build *.egg-info
