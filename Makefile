# Everything runs in .venv at the repository root; every target sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WEB := $(VENV)/.web
SHARED ?= ../shared/data

.PHONY: setup run test test-web proof check bench cold-start clean

setup: $(READY)

# PyTorch goes in first and alone: left to the resolver, it would pull gigabytes of GPU packages.
$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,check]'
	touch $(READY)

# The main job on the shipped sample: ingest, train, simulate a quarter of people who ask, draw what
# a lead should look at today, serve a forum on which it can all be tried.
run: setup
	$(BIN)/python -m triage ingest threads data/sample/threads.jsonl --forum demo
	$(BIN)/python -m triage ingest accounts data/sample/accounts.jsonl --forum demo
	$(BIN)/python -m triage ingest cases data/sample/cases.jsonl --forum demo
	$(BIN)/python train.py --forum demo --if-missing
	$(BIN)/python -m triage demo-quarter --forum demo --unless-asked
	$(BIN)/python -m triage reviews draw --forum demo --simulated
	$(BIN)/python -m triage keys create --forum demo --role frontend --test --name demo \
		--keep-in data/local/demo.key
	TRIAGE_DEMO=1 $(BIN)/python serve.py

# A file's tests stay together, since they share what is slow to make; only whoever is done first
# takes over half of what the other has left. Bytecode is kept: the second worker, the processes that
# tests start, and the next run need not make it again.
test: setup
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 2 --dist worksteal
	@echo "left out: tests/browser, which need Chromium (make test-web)"

# The pages, the widget and the demo forum in the system's Chromium, on the sample, trained for it;
# keeps pictures of them in data/local/pictures.
test-web: $(WEB)
	$(BIN)/python -m pytest -m browser tests/browser

$(WEB): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[web]'
	touch $(WEB)

# Thousands of replies in random forums, none of which may tell anybody of what they may not read;
# thousands of months of simulated askers, in which the lift must be found as it truly is; webhooks
# over a bad hour; and a hundred thousand topics and questions, read again and again.
proof: setup
	$(BIN)/python -m benchmarks.separation
	$(BIN)/python -m benchmarks.deflection_proof
	$(BIN)/python -m benchmarks.webhook_faults --messages 2000 --speed 20
	$(BIN)/python -m benchmarks.importing --topics 100000
	$(BIN)/python -m benchmarks.dumps --questions 100000 --packed

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# Real sets, side by side with others; writes docs/benchmarks.md and docs/encoder.md. Then what
# telling other systems costs.
bench: $(WEB)
	$(BIN)/python -m benchmarks.quality --shared $(SHARED)
	$(BIN)/python -m benchmarks.ablations --shared $(SHARED)
	$(BIN)/python -m benchmarks.encoder --shared $(SHARED)
	$(BIN)/python -m benchmarks.webhooks --rate 1000 --rounds 6 --seconds 10
	$(BIN)/python -m benchmarks.telling
	$(BIN)/python -m benchmarks.peer_quality --shared $(SHARED)
	$(BIN)/python -m benchmarks.load --threads 100000 --shared $(SHARED) --write
	$(BIN)/python -m benchmarks.lexical_speed --units 10000 100000 1000000
	$(BIN)/python -m benchmarks.index_growth --threads 1000 10000 100000 1000000 --shared $(SHARED) --store build/load/100000/triage/triage.db --write
	$(BIN)/python -m benchmarks.quality_beside_speed
	$(BIN)/python -m benchmarks.freshness --threads 1000 10000
	$(BIN)/python -m benchmarks.where_time_goes request

# Fits what ships for forums without history: ranker, gate, and the worth of answers.
cold-start: setup
	$(BIN)/python -m benchmarks.cold_start
	$(BIN)/python -m benchmarks.answer_quality

clean:
	rm -rf $(VENV) data/local models/demo .mypy_cache .ruff_cache .pytest_cache .hypothesis
