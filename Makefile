# Two commands do all the set-up: `make run` and `make test`. docs/running.md names the plain commands behind each.
PYTHON ?= python3
BIN = .venv/bin
DEMO = instance/demo

.PHONY: install run serve demo test bench lint frontend lock screenshots

install: .venv/installed

.venv/installed: requirements.lock setup.cfg pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'auditapp needs Python 3.11 or newer')"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

.venv/installed-dev: .venv/installed requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

run: install
	AUDITAPP_INSTANCE=$(DEMO) $(BIN)/auditapp demo council --if-empty
	AUDITAPP_INSTANCE=$(DEMO) $(BIN)/auditapp serve

serve: install
	$(BIN)/auditapp upgrade
	$(BIN)/auditapp serve

demo: install
	$(BIN)/auditapp demo line $(if $(ANNEX_A),--annex-a "$(ANNEX_A)") $(if $(AS_AT),--as-at $(AS_AT))

test: .venv/installed-dev lint
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy auditapp tests bench migrations
	$(BIN)/lint-imports

bench: .venv/installed-dev
	$(BIN)/python -m bench

frontend:
	cd frontend && npm ci && npm run build

screenshots: .venv/installed-dev
	$(BIN)/python docs/guide/screenshots.py

lock:
	uv pip compile setup.cfg --extra postgres --universal --python-version 3.11 --generate-hashes -o requirements.lock
	uv pip compile setup.cfg --extra postgres --extra test --universal --python-version 3.11 --generate-hashes -o requirements-dev.lock
