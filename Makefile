# `make run` to try it, `make test` to test it; `make help` lists the rest.

PORT ?= 8000
PYTHON := .venv/bin/python

# The demonstration has its own database and files; whatever the shell exports is shut out, so that
# `make run` beside a configured installation cannot touch it.
DEMO_FILE := $(CURDIR)/var/demo.sqlite3
DEMO := env -u SECRET_KEY -u ALLOWED_HOSTS -u CSRF_TRUSTED_ORIGINS -u HTTPS_ONLY -u BEHIND_PROXY \
	-u TRUSTED_PROXY_COUNT -u STATIC_ROOT -u LOG_LEVEL -u DJANGO_SETTINGS_MODULE -u DOANQUANLY_TESTING \
	DEBUG=1 DATABASE_URL="sqlite:///$(DEMO_FILE)" MEDIA_ROOT="$(CURDIR)/var/demo-media"

# Compiled modules are kept for both runs and all their processes even where the machine keeps none
# (PYTHONDONTWRITEBYTECODE), outside of the sources: compiling costs each process more than its start.
COMPILED := env -u PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX="$(CURDIR)/.pytest_cache/compiled"
PYTEST := $(COMPILED) $(PYTHON) -m pytest -n 2 --dist worksteal $(ARGS)

.PHONY: help setup run test test-all migrated lint bench lock

help:
	@echo "make run     serve the demonstration on http://127.0.0.1:$(PORT) (PORT=8000)"
	@echo "make test    every test on SQLite, and on PostgreSQL all but those marked once (ARGS=... goes to pytest)"
	@echo "make test-all  those too: every test on both databases, but for the browser"
	@echo "make lint    style, formatting, forgotten migrations"
	@echo "make bench   time and queries of the heavy pages on a large data set, on both databases"
	@echo "make setup   only install what is missing"
	@echo "make lock    renew requirements*.lock from pyproject.toml"

setup:
	@sh setup.sh

run: setup
	@$(PYTHON) -c 'import socket; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", int("$(PORT)")))' 2>/dev/null \
		|| { echo "Port $(PORT) is taken or no port; choose another one: make run PORT=8001" >&2; exit 1; }
	@mkdir -p var
	@$(DEMO) $(PYTHON) manage.py migrate --skip-checks --verbosity 0
	@$(DEMO) $(PYTHON) manage.py createcachetable --verbosity 0
	@# An account in the file means that somebody works in it: the demo data is loaded only before that.
	@if $(PYTHON) -c 'import sqlite3, sys; sys.exit(sqlite3.connect(sys.argv[1]).execute("SELECT 1 FROM branches_account").fetchone() is not None)' "$(DEMO_FILE)"; \
		then $(DEMO) $(PYTHON) manage.py load_demo --skip-checks; \
		else $(DEMO) $(PYTHON) manage.py load_demo --skip-checks --accounts; fi
	@echo "http://127.0.0.1:$(PORT)  (Ctrl+C to stop)"
	@exec $(DEMO) SITE_URL="http://127.0.0.1:$(PORT)" DJANGO_RUNSERVER_HIDE_WARNING=true $(PYTHON) manage.py runserver 127.0.0.1:$(PORT)

# Both runs are made even when the first one fails: two lists of failures say more than one.
# What asks a page, a form or a paper and not the database behind it carries the mark `once`: here it runs on
# SQLite only, with `make test-all` on both. Browser tests run on SQLite only.
NOT_AGAIN := not browser and not once

test:
	@sh setup.sh test
	@failed=0; \
	echo "== SQLite"; $(PYTEST) || failed=1; \
	echo "== PostgreSQL"; $(PYTHON) -m tests.postgres $(PYTEST) -m "$(NOT_AGAIN)" || failed=1; \
	exit $$failed

test-all: NOT_AGAIN := not browser
test-all: test

# A run leaves a copy of its migrated database for the next one (tests/migrated.py). Here both databases are migrated
# side by side, because the processes of one run wait for each other until it is done.
MIGRATED := $(COMPILED) $(PYTHON) -m pytest -q -n 0 tests/test_migrated.py

migrated:
	@sh setup.sh test
	@$(PYTHON) -m tests.postgres $(MIGRATED) & other=$$!; $(MIGRATED); failed=$$?; wait $$other && exit $$failed

lint:
	@sh setup.sh test
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	@$(DEMO) DATABASE_URL=sqlite://:memory: $(PYTHON) manage.py makemigrations --check --dry-run

# Each measurement fills a database that is thrown away afterwards. A smaller size for a first look:
# make bench BENCH_BRANCHES=100 (ten members and 300 activities a branch, unless said otherwise).
BENCH_BRANCHES ?= 1000
BENCH_MEMBERS ?= $$((10 * $(BENCH_BRANCHES)))
BENCH_ACTIVITIES ?= $$((300 * $(BENCH_BRANCHES)))
BENCH_ROUNDS ?= 25
BENCH := manage.py bench --branches $(BENCH_BRANCHES) --members $(BENCH_MEMBERS) \
	--activities $(BENCH_ACTIVITIES) --rounds $(BENCH_ROUNDS)

bench:
	@sh setup.sh test
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(DEMO) DATABASE_URL="sqlite:///$$folder/bench.sqlite3" MEDIA_ROOT="$$folder" $(PYTHON) $(BENCH) && \
	$(DEMO) MEDIA_ROOT="$$folder" $(PYTHON) -m tests.postgres \
		sh -c 'DATABASE_URL="$$TEST_POSTGRES_URL" exec $(PYTHON) '"$(BENCH)"

lock:
	@sh setup.sh
	$(PYTHON) -m pip install --quiet --disable-pip-version-check uv
	$(PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
		--no-header --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.lock
	$(PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --no-emit-index-url --no-emit-find-links --extra test -c requirements.lock \
		pyproject.toml -o requirements-test.lock
	@! grep -n '://' requirements.lock requirements-test.lock
