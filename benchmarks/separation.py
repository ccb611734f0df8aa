"""No reply tells anybody of what they may not read: random lives of forums, thousands of replies.

    python -m benchmarks.separation --cases 10000

Prints one line of JSON, and ends with 1 if anything leaked. `make proof` runs it.
"""

import argparse
import gc
import json
import logging
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.separation_readers import Found
from benchmarks.separation_story import Story
from benchmarks.separation_world import World, opened_world
from triage import store

CASES = 10_000
# So many replies to a life: in a new one nothing is remembered.
_A_LIFE = 500
# By words alone, and by words and meaning.
_ENCODERS = ("hashing", "none")


def main() -> None:
    """Live as many lives as it takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    logging.disable(logging.CRITICAL)
    began = time.monotonic()
    found = run(chosen.cases, chosen.seed)
    row = {
        "cases": found.looked_at,
        "leaks": len(found.leaks),
        "by_kind": dict(sorted(found.cases.items())),
        "tempted": dict(sorted(found.tempted.items())),
        "told": dict(sorted(found.told.items())),
        "first_leaks": found.leaks[:10],
        "seed": chosen.seed,
        "seconds": round(time.monotonic() - began),
    }
    sys.stdout.write(json.dumps(row) + "\n")
    raise SystemExit(bool(found.leaks))


def run(cases: int, seed: int) -> Found:
    """Look at so many replies, in lives of their own."""
    found = Found()
    with tempfile.TemporaryDirectory() as kept:
        migrated = Path(kept) / "triage.db"
        store.Database(store.sqlite_url(migrated)).close()
        while found.looked_at < cases:
            encoder = _ENCODERS[seed % len(_ENCODERS)]
            with new_world(migrated, encoder) as world:
                found.add(Story(world, seed).live(min(_A_LIFE, cases - found.looked_at)))
            seed += 1
            # The indexes of a life that is over are large.
            gc.collect()
    return found


@contextmanager
def new_world(migrated: Path, encoder: str) -> Iterator[World]:
    """Open a world in a copy of an empty store: migrating takes longer than many replies."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(migrated, Path(folder) / "triage.db")
        with opened_world(Path(folder), encoder) as world:
            yield world


if __name__ == "__main__":
    main()
