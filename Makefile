# Two commands do everything: `make serve` and `make test`. Both set up .venv first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Packages are compiled when they are first imported: most of them never are. What is compiled must be kept, else every
# process compiles all that it imports again: 3 s each.
unexport PYTHONDONTWRITEBYTECODE
PIP_INSTALL := $(BIN)/python -m pip install --no-compile --quiet --disable-pip-version-check -c constraints.txt
PORT ?= 8000
FUZZ_SECONDS ?= 600
CORPORA ?= ../shared/corpora

.PHONY: serve test unit check-examples test-integration lint fuzz bench bench-archive bench-corpora bench-models train evaluate clean

serve: $(VENV)/installed
	$(BIN)/moderation serve --port $(PORT)

# Two at a time: linting and the examples keep one core busy each, the tests then take all.
test: $(VENV)/installed-dev
	$(MAKE) --no-print-directory --jobs=2 lint check-examples unit

unit: $(VENV)/installed-dev
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist loadfile tests --ignore tests/integration --ignore tests/benchmarks

check-examples: $(VENV)/installed-dev
	$(BIN)/moderation examples stats
	$(BIN)/moderation examples check

test-integration: $(VENV)/installed-integration
	sh tests/integration/install.sh
	$(BIN)/python -m pytest tests/integration

lint: $(VENV)/installed-dev
	$(BIN)/ruff check moderation api tests
	$(BIN)/ruff format --check moderation api tests
	$(BIN)/mypy --strict

# Every reader of files, and what reads the text of comments, with hostile bytes; ends with 1 and names the file of a finding.
fuzz: $(VENV)/installed-fuzz
	$(BIN)/python -m tests.fuzz.run --seconds $(FUZZ_SECONDS)

# How fast it is, as one table: a quarter of an hour on two quiet cores. bench-archive scores a million comments too.
bench: $(VENV)/installed-bench
	sh tests/benchmarks/install.sh
	$(BIN)/python -m tests.benchmarks.run --corpora $(CORPORA)

bench-archive: $(VENV)/installed-bench
	$(BIN)/python -m tests.benchmarks.run --only whole_archive --comments 10000 100000 1000000

# What the labelled set bought: BEFORE is the seeds/ folder of an earlier commit.
bench-corpora: $(VENV)/installed-dev
	$(BIN)/python -m tests.benchmarks.leave_one_corpus_out $(CORPORA) $(BEFORE)

# Candidate models beside each other, the shipped one against alt-profanity-check, every corpus left out in turn; what an
# owner's own labels buy; and the shipped model on held-out threads, figure by figure.
bench-models: $(VENV)/installed-bench
	$(BIN)/python -m tests.benchmarks.choose_model $(CORPORA)
	$(BIN)/python -m tests.benchmarks.against_peer $(CORPORA)
	$(BIN)/python -m tests.benchmarks.owner_curve $(CORPORA)
	$(BIN)/python -m tests.benchmarks.held_out $(CORPORA)

# The shipped model: the seeds and the published corpora, measured with the seed thread left out.
train: $(VENV)/installed
	MODERATION_MODELS=models $(BIN)/moderation train --name default --corpora $(CORPORA) \
		--leave-out 000_37cefdc699f39b4b.txt --notes models/notes.md

# The card's figures again, and a page with plots: build/report/index.html.
evaluate: $(VENV)/installed
	$(BIN)/moderation evaluate --model default --report build/report \
		$(if $(wildcard $(CORPORA)/*/.),--corpora $(CORPORA))

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP_INSTALL) -e .
	touch $@

# One call, with the package itself: two would resolve and build it twice.
$(VENV)/installed-dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP_INSTALL) -e '.[dev]'
	touch $(VENV)/installed $@

$(VENV)/installed-bench: $(VENV)/installed-dev
	$(PIP_INSTALL) -e '.[dev,bench]'
	touch $@

$(VENV)/installed-fuzz: $(VENV)/installed-dev
	$(PIP_INSTALL) -e '.[dev,fuzz]'
	touch $@

$(VENV)/installed-integration: $(VENV)/installed-dev
	$(PIP_INSTALL) -e '.[dev,integration]'
	touch $@
