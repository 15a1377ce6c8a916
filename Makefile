# `make run` and `make test` set up everything they need; a second run repeats nothing.
export PORT ?= 8000
unexport PYTHONDONTWRITEBYTECODE
PYTHON := .venv/bin/python
FLASK := $(PYTHON) -m flask --app wsgi
FONTS := static/build/bvp-600.woff2
WORDS := $(patsubst %.po,%.mo,$(wildcard portal/translations/*/LC_MESSAGES/*.po))
PINS := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make pins"

# The demonstration is loaded again after a release, when its file is gone, and always on another database.
CONTENT := $(shell find migrations portal/seed -type f -not -name '*.pyc' 2>/dev/null)
LOADED := $(if $(PORTAL_DATABASE_URL),.venv,$(or $(PORTAL_DATA),var))/loaded
DATABASE := $(wildcard $(dir $(LOADED))portal.sqlite3)

.DEFAULT_GOAL := help
.PHONY: help run reset test check clean pins screenshots ready chromium FORCE

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

run: export PORTAL_DEMONSTRATION ?= 1
run: ready $(LOADED) ## Set up, load the demonstration, serve on http://127.0.0.1:8000 (other port: PORT=8001)
	@exec $(FLASK) serve

reset: export PORTAL_DEMONSTRATION ?= 1
reset: ready ## Bring the demonstration back to its beginning, also while it is served
	@$(FLASK) migrate
	@$(FLASK) demo --reset
	@touch $(LOADED)

test: check chromium ready ## Set up and run every check and test (some of them: ARGS="tests/dossiers -k late")
	@$(PYTHON) -m pytest -n 2 --dist loadgroup $(ARGS)

check: .venv/dev ## Set up and check style, types and who imports whom
	@.venv/bin/ruff check
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo

clean: ## Remove what set-up made; what the portal keeps in var/ stays
	@rm -rf .venv static/build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis $(WORDS)
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

pins: .venv/run ## Pin the newest releases that requirements*.in allow
	@$(PINS) --upgrade requirements.in -o requirements.txt
	@$(PINS) --upgrade requirements-dev.in -o requirements-dev.txt

screenshots: .venv/dev chromium ready ## Take the pictures of the README anew, of a demonstration of their own
	@$(PYTHON) deploy/screenshots.py

$(LOADED): $(CONTENT) $(if $(DATABASE),,FORCE) | ready
	@$(FLASK) migrate
	@$(FLASK) demo
	@touch $@

ready: .venv/run $(FONTS) $(WORDS)

chromium:
	@sh deploy/chromium.sh

FORCE:

.venv/made:
	@echo "Chuẩn bị Python. / Setting up Python."
	@sh deploy/venv.sh
	@touch $@

.venv/run: .venv/made requirements.txt
	@echo "Cài thư viện. / Installing packages."
	@sh deploy/install.sh requirements.txt
	@touch $@

.venv/dev: .venv/run requirements-dev.txt
	@echo "Cài công cụ kiểm thử. / Installing test tools."
	@sh deploy/install.sh requirements.txt requirements-dev.txt
	@touch $@

$(FONTS): deploy/fonts.py .venv/run
	@$(PYTHON) deploy/fonts.py

%.mo: %.po .venv/run
	@.venv/bin/pybabel --quiet compile -i $< -o $@
