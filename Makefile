# Two commands for a fresh machine with Python 3.11 or newer: make sandbox, make test.
# `make sandbox DATA=folder PORT=8080` keeps channels and videos there, at the same address each time.
PYTHON ?= python3
VENV ?= .venv-make
BIN := $(VENV)/bin
PROMPT ?= A red fox trots through fresh snow at dawn, slow dolly in

.PHONY: sandbox demo test coverage lint check bench clean

sandbox: $(VENV)/.run
	$(BIN)/reelbot sandbox $(if $(DATA),--data "$(DATA)") $(if $(PORT),--port $(PORT))

demo: $(VENV)/.run
	$(BIN)/reelbot sandbox --demo "$(PROMPT)"

test: $(VENV)/.test
	$(BIN)/python -m pytest --numprocesses 3 --dist worksteal

# Half as slow again as `test`.
coverage: $(VENV)/.test
	$(BIN)/python -m pytest --numprocesses 3 --dist worksteal --cov --cov-report=term

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint coverage

bench: $(VENV)/.test
	$(BIN)/python -m tests.bench $(NAME)

clean:
	rm -rf $(VENV)

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Reelbot needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.test: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[test]"
	touch $@ $(VENV)/.run
