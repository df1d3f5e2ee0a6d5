# `make demo` and `make test` build their own environment; they need Python 3.11 or newer and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?= --numprocesses=auto --quiet
SYNDICATE := $(BIN)/syndicate

.PHONY: demo demo-kill soak run test check format lock wheel clean clean-run

# Once for each set of locked dependencies: --require-hashes takes nothing that is not in the lock.
$(VENV)/installed: requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "syndicate needs Python 3.11 or newer; name one with: make PYTHON=python3.12"; exit 1; }
	@echo "making the environment (once, about a minute) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

demo: $(VENV)/installed  ## the whole main job once, on content/, into demo/
	@$(SYNDICATE) -C demo demo

demo-kill: $(VENV)/installed  ## 300 letters, their sender killed four times: nobody mailed twice, nobody lost
	@$(BIN)/python -m bench.soak --demo

LETTERS ?= 100000
KILLS ?= 100

soak: $(VENV)/installed  ## the same at length (LETTERS=..., KILLS=...), and histories: 1500 of the ledger, 500 of the news
	@$(BIN)/python -m bench.soak --letters $(LETTERS) --kills $(KILLS)
	@LEDGER_EXAMPLES=1500 NEWS_HISTORIES=500 $(BIN)/python -m pytest --quiet tests/ledger/test_machine.py \
		tests/news/test_histories.py

run: $(VENV)/installed run/syndicate.toml  ## the daemon on content/, at http://127.0.0.1:8000
	@$(SYNDICATE) -C run run

run/syndicate.toml: | $(VENV)/installed
	@$(SYNDICATE) -C run init --content ../content > /dev/null

test: $(VENV)/installed  ## every test
	@$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/installed  ## formatter, linter, types, import rules
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: $(VENV)/installed
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --fix --quiet .

lock:  ## resolve the dependencies anew; the files name no hosts
	@$(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/pip install --quiet uv
	@$(VENV)/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --all-extras pyproject.toml -o requirements.lock
	@$(VENV)/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --all-extras --group dev pyproject.toml -o requirements-dev.lock

wheel: $(VENV)/installed
	@$(BIN)/python -m hatchling build -t wheel

clean:  ## what can be made again; run/ stays, with its readers and what they were sent
	@rm -rf $(VENV) demo dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

clean-run:  ## delete the publication in run/, its readers and its secrets
	@rm -rf run
