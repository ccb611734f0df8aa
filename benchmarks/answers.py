"""What proposals and trust cost: finding cases to propose, drafting one, reading trust for a reply.

    python -m benchmarks.answers [--cases N] [--threads N] [--votes N]

CPU time, so that what else the machine does is left out. The cases are the sample's own of experts,
again and again under other ids; votes are drawn by chance, always the same ones (80 % helpful, 5 %
outdated). A reply reads the trust of the twelve likeliest threads.
"""

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from triage import store
from triage.answers.proposing import draft_of, propose, propose_all
from triage.answers.trusting import Trusting
from triage.connect import Reading, read_cases
from triage.records import Answer, Case, Thread, Word
from triage.redaction import NO_REDACTION
from triage.store.answer_votes import put_vote
from triage.text import NOTHING, digest

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "sample" / "cases.jsonl"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
_ASKED = 300


def sample_cases(n: int) -> Iterator[Case]:
    """Give so many cases of experts with an answer."""
    reading = Reading(SAMPLE, strict=True)
    known = [
        case
        for case in read_cases(SAMPLE, lambda name: name, reading)
        if case.destination == "expert" and case.answer
    ]
    for i in range(n):
        yield replace(known[i % len(known)], id=f"c{i}", created=NOW - timedelta(minutes=i))


def measure(folder: Path, cases: int, threads: int, votes: int) -> dict[str, object]:
    """Fill a store and measure it."""
    database = store.Database(store.sqlite_url(folder / "answers.db"))
    with database.write() as c:
        forum_id = store.ensure_forum(c, "demo").id
        rows = list(sample_cases(cases))
        store.put_cases(c, forum_id, [(case, digest(case.text)) for case in rows])
    told: dict[str, object] = {"cases": cases, "threads": threads, "votes": votes}
    for name in ("first", "again"):
        began = time.process_time()
        with database.write() as c:
            told[f"proposed_{name}"] = propose_all(c, forum_id, NOW)
        told[f"find_{name}_s"] = round(time.process_time() - began, 2)
    began = time.process_time()
    with database.write() as c:
        propose(c, forum_id, rows[:500], NOW)
    told["a_batch_of_500_ms"] = round((time.process_time() - began) * 1000, 1)
    began = time.process_time()
    for case in rows[:200]:
        draft_of(case, None, NO_REDACTION, NOTHING)
    told["draft_ms"] = round((time.process_time() - began) / 200 * 1000, 2)
    told |= trust_speed(database, forum_id, threads, votes)
    database.close()
    return told


def trust_speed(
    database: store.Database, forum_id: int, threads: int, votes: int
) -> dict[str, object]:
    """Measure what a reply waits for trust."""
    drawn = random.Random(7)
    kept = [
        Thread(f"t{i}", f"Thread {i}", "", (Answer("a", "Do it."), Answer("b", "Or this.")))
        for i in range(threads)
    ]
    with database.write() as c:
        store.put_threads(c, forum_id, kept, store.next_revision(c, forum_id))
        for i in range(votes):
            key = (f"t{min(int(drawn.expovariate(5 / threads)), threads - 1)}", drawn.choice("ab"))
            (word,) = drawn.choices(list(Word), (80, 15, 5))
            put_vote(c, forum_id, key, f"p{i}", word, NOW + timedelta(seconds=i))
    trusting, times = Trusting(database, forum_id), []
    for _ in range(_ASKED):
        chosen = drawn.sample(kept, 12)
        began = time.process_time()
        trusting(chosen, "8.2")
        times.append((time.process_time() - began) * 1000)
    p95 = statistics.quantiles(times, n=20)[-1]
    return {"trust_p50_ms": round(statistics.median(times), 2), "trust_p95_ms": round(p95, 2)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=5_000)
    parser.add_argument("--threads", type=int, default=5_000)
    parser.add_argument("--votes", type=int, default=10_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), wanted.cases, wanted.threads, wanted.votes)
    print(json.dumps(found, indent=1))  # noqa: T201


if __name__ == "__main__":
    main()
