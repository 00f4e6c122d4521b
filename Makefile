# Every task of this project. `make help` lists them.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
FUZZ ?= 5
BASE ?= python:3.12-slim-bookworm

##@ Start

.PHONY: install
install: $(BIN)/zou-server ## Make .venv with the server, the tests' tools and the four real clients

$(BIN)/zou-server: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable '.[dev]'
	touch $(BIN)/zou-server

.PHONY: serve
serve: install ## Run a server with a small production in ./data
	$(BIN)/zou-server serve --data-dir data --demo

##@ Check

.PHONY: test
test: install ## Run all tests
	$(BIN)/pytest

.PHONY: unit
unit: install ## Run the tests that need no database
	$(BIN)/pytest tests/unit

.PHONY: fuzz
fuzz: install ## Send the server many more wrong requests than the tests do: make fuzz FUZZ=20
	FUZZ=$(FUZZ) $(BIN)/pytest --timeout=1800 -k fuzz tests/contracts tests/unit
	$(BIN)/python -m tests.fuzz --seconds 600

.PHONY: wire
wire: install ## Write tests/contracts/wire/ anew: what each dialect shows of each type; read the difference
	$(BIN)/python -m tests.contracts.wire_files

.PHONY: lint
lint: install ## Check style, types and who imports whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: lock
lock: install ## Write the versions of all packages into requirements.lock
	$(BIN)/python -m tests.docs.write_lock

.PHONY: format
format: install ## Mend what style checks can mend by themselves
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: ci
ci: ## Do everything the continuous integration does, in a new environment
	.ci/run

##@ Database

.PHONY: migration
migration: install ## Write a migration for what changed in the models: make migration NAME="add colour"
	@test -n "$(NAME)" || { echo 'give it a name: make migration NAME="add colour"' >&2; exit 1; }
	$(BIN)/python -m zou_server.commands.make_migration "$(NAME)"

.PHONY: squash
squash: install ## Put all migrations into one, at a release: make squash NAME="the studio"
	@test -n "$(NAME)" || { echo 'give it a name: make squash NAME="the studio"' >&2; exit 1; }
	$(BIN)/python -m tests.operations.squash_migrations "$(NAME)"

.PHONY: check-migrations
check-migrations: install ## Check that the migrations make exactly what the models describe
	$(BIN)/python -m zou_server.commands.check_migrations

##@ Documents

.PHONY: docs
docs: install ## Write docs/settings.md, docs/commands.md and docs/errors.md anew from the code
	$(BIN)/python -m tests.docs.write_docs

##@ Package

.PHONY: wheel
wheel: install ## Build the wheel into dist/
	$(BIN)/pip wheel --quiet --no-deps --wheel-dir dist .

.PHONY: image
image: ## Build the Docker image on today's base, pinned by its digest, which the image names
	docker pull --quiet $(BASE)
	docker build --tag zou-server \
		--build-arg BASE="$$(docker image inspect --format '{{index .RepoDigests 0}}' $(BASE))" .

.PHONY: clean
clean: ## Remove what the other tasks made, except ./data
	rm -rf $(VENV) dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .schemathesis

##@ Help

.PHONY: help
help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
