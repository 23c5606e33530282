# What a person does with the house. `make` alone lists the targets.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help demo test lint bench soak pictures lock clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(VENV)/.made:
	@command -v $(PYTHON) >/dev/null || { echo "spnet needs Python 3.11 or later, and there is no $(PYTHON) here. Name another with: make demo PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit("spnet needs Python 3.11 or later; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python is here, but its venv module is not. On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml | $(VENV)/.made
	@echo "Installing what spnet needs (about half a minute the first time)"
	@# Python compiles what is used when it is first used; to compile everything here takes longer.
	@$(PIP) install --no-compile --no-deps --require-hashes -r requirements/runtime.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.runtime
	@echo "Installing what the tests need"
	@$(PIP) install --no-compile --no-deps --require-hashes -r requirements/test.txt
	@# The tests start the command some sixty times: what it imports is compiled once. Templates in it that are no Python are passed over.
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib bot db handlers >/dev/null || true
	@touch $@

demo: $(VENV)/.runtime ## a network at work, to walk around in; PORT=8766 another port, RESET=1 start over
	@$(BIN)/spnet demo $(if $(PORT),--port $(PORT)) $(if $(RESET),--reset)

test: $(VENV)/.test ## all tests (about 7 minutes)
	@$(BIN)/python -m pytest -m "not soak" -n 3 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.test ## ruff, pyright, import contract
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports
	@$(BIN)/pyright

bench: $(VENV)/.test ## speed, as ratios to baselines of the same run
	@$(BIN)/python -m tests.bench all

soak: $(VENV)/.test ## what takes long: many kills
	@$(BIN)/python -m pytest -m soak

pictures: $(VENV)/.test ## make the pictures of the README again (needs Chromium and an emoji font)
	@$(BIN)/python -m tests.pictures

lock: $(VENV)/.test ## write the lock files again from pyproject.toml
	@$(BIN)/uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements/runtime.txt
	@$(BIN)/uv pip compile --group test -c requirements/runtime.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements/test.txt

clean: ## remove what was made here (the environment, the demo's files)
	@rm -rf $(VENV) var
