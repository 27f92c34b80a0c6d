# Everything runs in .venv, which uv sets up: the uv on the path, else one of the project's own.
# The README gives the same steps for machines without make.
# Written for GNU make 3.81, which macOS has.

UV := $(if $(shell command -v uv 2>/dev/null),uv,.uv/bin/uv)
IN_ENV := .venv/bin/python -m

# Containers often set this. Then Python keeps no compiled module, and each process, each notebook's
# kernel too, compiles the thousands of modules of TensorFlow and Keras again.
unexport PYTHONDONTWRITEBYTECODE

PYTEST := $(IN_ENV) pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder
# What the site and the translations need, where a fork has any of them.
PUBLISHING := $(if $(wildcard publish),--group publish)

# What make says. A language may have a file that says it anew. IN=zh_CN chooses the language, or
# else the system does.
SETTING_UP := Setting up .venv; this takes a minute or more, once.
NOT_SET_UP := Setting up .venv failed: see above. It needs the internet, once, and a Python from \
	3.11 to 3.13, which uv finds or fetches; PYTHON=python3.12 make run names one.
FETCHING_UV := Fetching uv, which sets up all else, into .uv.
NO_UV := uv can't be fetched here, for want of a network or of a Python 3 with pip. \
	Install uv (docs.astral.sh/uv says how), then type this again.
CHOICE_OF_PYTHON := PYTHON=python3.12 make run   with a Python of your choice, 3.11 to 3.13
-include locales/$(firstword $(IN) $(subst ., ,$(or $(LC_ALL),$(LANG))))/make.mk

.DEFAULT_GOAL := help
.PHONY: help run lab test test-rest test-all lint constraints notebooks site pictures offline clean uv

# The language's own file says it again for some of the targets that this file has.
help:  ## say what there is to make
	@awk -F ':.*## ' ' \
		/^(# )?[a-z-]+:.*## / { name = $$1; sub("# ", "", name); says[name] = $$2 } \
		/^[a-z-]+:.*## / { names[++count] = name } \
		END { for (i = 1; i <= count; i++) printf "make %-14s %s\n", names[i], says[names[i]] }' \
		$(MAKEFILE_LIST)
	@echo "$(CHOICE_OF_PYTHON)"

# What is there already is not asked for again, so after the first time no network is needed.
define set_up
	@test -d .venv || echo "$(SETTING_UP)"
	@$(UV) sync --quiet --inexact $(if $(PYTHON),--python "$(PYTHON)") $(1) || \
		{ echo "$(NOT_SET_UP)" >&2; exit 1; }
endef

run: uv  ## run the four notebooks; pages to read go into build/; IN=zh_CN runs the Chinese ones
	$(set_up)
	@$(IN_ENV) tools.run $(IN)

lab: uv  ## open the first notebook in JupyterLab; IN=zh_CN opens the Chinese one
	$(set_up)
	@$(IN_ENV) tools.lab $(IN)

test: uv  ## the lesson's tests: the four notebooks, helpers, tools, teach
	$(call set_up,--group test)
	@$(PYTEST) -m lesson

test-rest: uv  ## all other tests: browsers, site, optional lessons, and what is slow
	$(call set_up,--group test $(PUBLISHING))
	@$(PYTEST) -m "not lesson and not repeated"

test-all: uv  ## everything, also translated notebooks, better, and a second long training
	$(call set_up,--group test $(PUBLISHING))
	@$(PYTEST)

lint: uv  ## check Python, notebooks, JavaScript and the CI workflows
	$(call set_up,--group test)
	@$(IN_ENV) ruff check
	@$(IN_ENV) ruff format --check --exclude '*.ipynb'
	@.venv/bin/oxlint --deny-warnings $(wildcard helpers publish tests)
	@$(IN_ENV) check_jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(IN_ENV) check_jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	@$(IN_ENV) check_jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/*.yml
	@$(IN_ENV) check_jsonschema --builtin-schema vendor.citation-file-format CITATION.cff
	@.venv/bin/zizmor --offline --quiet --min-severity low .github

PIN = $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --no-config --no-annotate

# TensorFlow is chosen first: other packages wait for it, and not it for them. At the end stands
# each package whose newest version doesn't fit; a test says which other package is the reason.
constraints: uv  ## pin the newest versions of all packages that fit together
	@echo tensorflow | $(PIN) --no-header --no-deps - | $(PIN) --group test --group publish \
		--custom-compile-command "make constraints" --output-file constraints.txt - pyproject.toml
	@sed -i.old '/^constraint-dependencies/,$$d' pyproject.toml && rm pyproject.toml.old
	@{ echo 'constraint-dependencies = ['; sed -n '/^#/!s/.*/    "&",/p' constraints.txt; echo ']'; } \
		>> pyproject.toml
	@sed -n 's/==.*//p' constraints.txt | $(PIN) --no-header --no-deps - | while read -r newest; \
		do grep -q "^$$newest" constraints.txt || echo "# doesn't fit: $$newest"; done >> constraints.txt

notebooks: uv  ## run new and changed notebooks, save outputs; ONLY="01_load extras/better", ALL=1
	$(call set_up,$(PUBLISHING))
	@$(IN_ENV) publish.refresh $(if $(ALL),.,$(ONLY))

site: uv  ## build the web site from the saved outputs into build/site/
	$(call set_up,--group publish)
	@$(IN_ENV) publish.site

pictures: uv  ## make each committed picture again, with Chromium: of notebooks, READMEs and docs
	$(call set_up,--group test --group publish)
	@$(IN_ENV) publish.site && $(IN_ENV) publish.site.pictures

offline: uv  ## make a folder for a class without a network: build/offline/
	$(set_up)
	@UV=$(UV) $(IN_ENV) tools.offline

# A teacher may have typed answers into a table in build/, such as quiz.csv.
clean:  ## remove build/ and caches; keep .venv/, artifacts/ and build/*.csv
	@test ! -d build || find build -mindepth 1 -maxdepth 1 ! -iname '*.csv' -exec rm -rf {} +
	@rm -rf .pytest_cache .ruff_cache *.egg-info
	@find . -name __pycache__ -not -path './.*' -prune -exec rm -rf {} +

uv: $(filter .uv/bin/uv,$(UV))

# Any Python 3 will do to fetch uv, also one that is too new or too old for the lesson.
.uv/bin/uv:
	@echo "$(FETCHING_UV)"
	@for python in python3 python python3.15 python3.14 python3.13 python3.12 python3.11; do \
		command -v $$python >/dev/null 2>&1 || continue; \
		$$python -m venv .uv && .uv/bin/python -m pip install -q --disable-pip-version-check uv && exit; \
		$$python -m pip install -q --disable-pip-version-check --target .uv uv && exit; \
	done; echo "$(NO_UV)" >&2; exit 1
