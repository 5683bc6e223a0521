# Set-up, demo and tests. `make help` lists the targets.

PYTHON ?=
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.cnnviz-installed
TOOLS  := $(VENV)/.cnnviz-tools

.DEFAULT_GOAL := help
.PHONY: help setup tools demo test test-slow lint types unit pictures gallery bench torture clean always

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'

setup: $(STAMP) ## what rendering needs: system libraries, .venv, locked packages, cnnviz itself

tools: $(TOOLS) ## the same, and what the tests need

# An interpreter that is asked for is looked at every time, so that no other is used instead.
$(STAMP): pyproject.toml constraints.txt scripts/setup.sh $(if $(PYTHON),always)
	@PYTHON="$(PYTHON)" sh scripts/setup.sh $(VENV)
	@touch $@

$(TOOLS): $(STAMP)
	@PYTHON="$(PYTHON)" sh scripts/setup.sh $(VENV) dev
	@touch $@

demo: setup ## render the convolution on the bundled photo of a cat to media/
	$(BIN)/cnnviz render conv --output media/conv_cat.mp4
	@echo "Done: open media/conv_cat.mp4"

test: tools lint types unit ## the same set-up and the test tools, then lint, types and all tests but the slow ones

lint: tools
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

types: tools
	$(BIN)/mypy

# Python starts hundreds of times: it keeps what it has compiled, also where that is switched off.
unit test-slow: export PYTHONDONTWRITEBYTECODE =

unit: tools
	$(BIN)/pytest -n auto --dist worksteal -m "not slow"

test-slow: tools ## the tests marked slow: whole systems, installations, killed processes, browsers
	$(BIN)/pytest -n auto --dist worksteal -m slow

pictures: tools ## store the pictures of the last frames anew, after looking at them
	$(BIN)/pytest -n auto tests/scenes --update-pictures

gallery: setup ## render the README's pictures anew to media/gallery/
	$(BIN)/python scripts/gallery.py

bench: tools ## measure against Manim's own renderer and write docs/performance.md (QUICK=1: sooner)
	$(BIN)/python -m benchmarks $(if $(QUICK),--quick)

torture: tools ## attack it for MINUTES (10): kills, damaged files, full disks, odd calls
	$(BIN)/python -m torture --minutes $(or $(MINUTES),10) $(if $(SEED),--seed $(SEED))

clean: ## remove .venv, caches of the tools and what was built; films stay
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .grimp_cache .import_linter_cache build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
