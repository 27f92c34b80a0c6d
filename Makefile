# The README gives the same steps in plain `python -m venv` and `pip`, for machines without make.
# Written for GNU make 3.81, which macOS has.

PYTHON ?= python3
ENV := .venv/bin/python
INSTALLED := .venv/installed
VERSION_OF = $(shell $(1) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help run test test-versions lab lint notebooks bench address clean anew

help:  ## say what there is to make
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name what; \
		do printf 'make %-14s %s\n' "$$name" "$$what"; done
	@echo "PYTHON=python3.12 make run   with another Python (the default is python3)"

run: $(INSTALLED)  ## run the four notebooks; pages to read go into build/
	@$(ENV) -m tools.run

test: $(INSTALLED)  ## the unit tests, and the notebooks against their outputs
	@$(ENV) -m pytest

test-versions: $(INSTALLED)  ## the tests with the oldest and newest versions, on each Python here
	@PATH="$(CURDIR)/.venv/bin:$$PATH" $(ENV) -m tools.versions

lab: $(INSTALLED)  ## open the first notebook in JupyterLab
	@$(ENV) -m jupyterlab notebooks/01_load.ipynb

lint: $(INSTALLED)  ## check the style of code and notebooks, and the CI workflows
	@$(ENV) -m ruff check
	@$(ENV) -m ruff format --check helpers tests tools benchmarks conftest.py
	@$(ENV) -m check_jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml

notebooks: $(INSTALLED)  ## run all notebooks again and save their outputs in place
	@$(ENV) -m tools.refresh

bench: $(INSTALLED)  ## the study of speed and accuracy: up to 45 minutes; QUICK=1 takes five
	@$(ENV) -m benchmarks.study $(if $(QUICK),--quick) $(if $(PUBLISH),--publish)

address: $(INSTALLED)  ## stamp the address in pyproject.toml into README and notebooks
	@$(ENV) -m tools.address

clean:  ## remove build/ and caches; keep .venv/ and artifacts/
	@rm -rf build .pytest_cache .ruff_cache .hypothesis *.egg-info
	@find helpers notebooks tests tools benchmarks -name __pycache__ -prune -exec rm -rf {} +

# If .venv has another Python than the one asked for, or one that no longer starts, it is made anew.
ifneq ($(wildcard .venv),)
FOUND := $(call VERSION_OF,$(ENV))
ifeq ($(FOUND),)
UNFIT := anew
else ifneq ($(origin PYTHON),file)
ifneq ($(FOUND),$(call VERSION_OF,$(PYTHON)))
UNFIT := anew
endif
endif
endif

CHECK = command -v "$(PYTHON)" >/dev/null || { \
	echo "There is no $(PYTHON) here. Install Python, or name one: PYTHON=python3.12 make run" >&2; \
	exit 1; }; "$(PYTHON)" tools/check_python.py

# The stamp is written last: an installation that was interrupted is taken up again.
$(INSTALLED): pyproject.toml $(UNFIT)
	@$(CHECK)
	@echo "Setting up .venv; this takes a few minutes, once."
	@$(ENV) -m pip --version >/dev/null 2>&1 || "$(PYTHON)" -m venv --clear .venv
	@$(ENV) -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@

anew:
	@$(CHECK)
	@echo "The Python in .venv is $(if $(FOUND),$(FOUND),gone); making .venv anew with $(PYTHON)."
	@rm -rf .venv
