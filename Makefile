# Two commands matter: `make site` builds the site without TensorFlow, `make test` runs everything.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
SITE_VENV := .venv-site
PIP_OPTIONS := --quiet --disable-pip-version-check --constraint constraints.txt
READY := $(VENV)/.ready
SITE_READY := $(SITE_VENV)/.ready
BOOK_READY := $(SITE_VENV)/.book-ready

.PHONY: help site book serve test audit shots capture releases lint constraints clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 20

site: $(SITE_READY) ## build site/ in both languages (no TensorFlow needed)
	@$(SITE_VENV)/bin/tfnotes build $(BUILD_ARGS)
	@echo "Look at it: make serve (live reload), or $(SITE_VENV)/bin/python -m http.server -d site 8000"

book: site $(BOOK_READY) ## make site/ a book too: PDF and EPUB, both languages, into site/downloads
	@tools/system-packages --fonts
	@$(SITE_VENV)/bin/tfnotes book $(BOOK_ARGS)

serve: $(SITE_READY) ## show the site with live reload; runs what you change once `make test` has set up .venv
	@if [ -e $(READY) ]; then $(VENV)/bin/tfnotes serve; else $(SITE_VENV)/bin/tfnotes serve; fi

test: $(READY) ## run every test: all pages, the README, the engine, the site
	@tools/system-packages
	@$(VENV)/bin/python -m pytest $(PYTEST_ARGS)

audit: $(READY) ## measure the built site: Lighthouse and axe
	@tools/system-packages --required
	@$(VENV)/bin/python tools/audit.py

shots: $(READY) ## photograph TensorBoard with the logs that its page writes (needs Chromium)
	@tools/system-packages --required
	@$(VENV)/bin/python tools/shots.py

capture: $(READY) ## run every page on real data, and measure timings, on this machine
	@if command -v nvidia-smi >/dev/null; then \
	   $(VENV)/bin/python -m pip install $(PIP_OPTIONS) --editable '.[run,gpu]'; fi
	@$(VENV)/bin/tfnotes run --real
	@$(VENV)/bin/tfnotes capture $(CAPTURE_ARGS)

releases: $(READY) ## run the ledger and all pages on other TensorFlow releases, what changed only
	@tools/releases all $(RELEASES_ARGS)

lint: $(READY) ## style, types, and everything `tfnotes check` knows
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check src tests
	@$(VENV)/bin/mypy
	@$(VENV)/bin/tfnotes check

constraints: $(READY) ## write the versions installed now to constraints.txt
	@{ sed -n '/^#/p' constraints.txt; \
	   $(VENV)/bin/pip freeze --exclude-editable | grep -v ' @ '; } > constraints.txt.tmp
	@mv constraints.txt.tmp constraints.txt

clean: ## remove what builds and runs left (not the environments)
	rm -rf site .cache .pytest_cache .mypy_cache .ruff_cache build dist
	find src tests snippets -name __pycache__ -type d -prune -exec rm -rf {} +

# An environment is ready when its stamp is newer than what says what belongs in it.
$(SITE_READY): pyproject.toml constraints.txt
	@tools/python-ready $(PYTHON)
	@echo "Setting up $(SITE_VENV) (once; without TensorFlow) …"
	@$(PYTHON) -m venv $(SITE_VENV)
	@$(SITE_VENV)/bin/python -m pip install $(PIP_OPTIONS) --editable '.[site]'
	@touch $@

$(BOOK_READY): $(SITE_READY)
	@$(SITE_VENV)/bin/python -m pip install $(PIP_OPTIONS) --editable '.[site,book]'
	@touch $@

$(READY): pyproject.toml constraints.txt
	@tools/python-ready $(PYTHON)
	@echo "Setting up $(VENV) (once; with TensorFlow, about 2 GB) …"
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install $(PIP_OPTIONS) --editable '.[site,run,fix,book,dev]'
	@touch $@
