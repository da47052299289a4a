# A fresh clone needs two commands: `make demo` and `make test`. Each makes its own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: setup browser demo test check lint types bench load serve docs lock clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

demo: setup
	$(BIN)/python bench/demo.py

# the browser tests need Chromium and its driver; Debian and Ubuntu have both as packages
browser:
	@command -v chromium >/dev/null && command -v chromedriver >/dev/null || \
	  { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y --no-install-recommends chromium chromium-driver; }

# two processes: with more threads each, they would wait for one another
test: setup browser
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses 2 --dist loadfile

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

check: lint types test

# TEXTS=FILE measures extraction and memory on texts in PolNeAR's form instead of the samples
bench: setup
	$(BIN)/python -m bench $(if $(TEXTS),--texts $(TEXTS))

# the desk under 20 users on 100,000 statements and 50,000 verdicts, in SQLite and in PostgreSQL
load: setup
	$(BIN)/python -m bench.load

# the review desk on the sample articles, until Ctrl-C
serve: setup
	test -f demo/crossquote.db || $(BIN)/python bench/demo.py
	$(BIN)/crossquote review --db demo/crossquote.db

docs: setup
	$(BIN)/python docs/generate.py

lock: setup
	@{ head -1 requirements.lock; $(BIN)/python -m pip freeze --exclude-editable | sed -E 's/\+cpu//'; } > requirements.lock.new
	mv requirements.lock.new requirements.lock

clean:
	rm -rf $(VENV) build dist demo
