"""How long `train.py` takes and how much memory, by the number of cases.

In: numbers of cases. Out: a table: seconds and processor seconds of ingesting, of the first
training, and of the next one, which is compared with the live model on a tenth of newer cases;
the peak of the memory of all its processes together. Cases are made of other ones' sentences:
titles and topics of Banking77, bodies and labels of the sample, made-up persons, days and ids.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.pages import renew
from benchmarks.sets import ROOT, SAMPLE, SHARED
from triage import store
from triage.crypto.persons import person_hasher
from triage.crypto.signing import bundle_signer
from triage.encode import DEFAULT, TextRole, open_encoder
from triage.intake import ingest_cases
from triage.learn.training import TrainOptions, train
from triage.streams import chunks

_KEY = b"0123456789abcdef"
_BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
_DAYS = 700
_MISFILED = 0.15  # cases whose labels are another one's: real ones are never told apart so easily
_EVERY = 0.2  # seconds between two looks at the memory
_ENCODED = 400
_RUNS = ROOT / "build" / "training_speed.jsonl"
_PAGE = os.sysconf("SC_CLK_TCK")


def made_rows(n: int, shared: Path, seed: int = 0) -> Iterator[dict[str, Any]]:
    """Yield as many cases as wanted, the same ones for the same seed; the newest last."""
    rng = np.random.default_rng(seed)
    bodies = _rows(SAMPLE / "cases.jsonl")
    banking = shared / "banking77" / "train.jsonl"
    titles = _rows(banking) if banking.exists() else bodies
    by_topic: dict[str, list[str]] = defaultdict(list)
    for row in titles:
        by_topic[row["topic"]].append(row["title"] or row["body"])
    topics = sorted(by_topic)
    labels = ("kind", "severity", "destination", "tone", "escalated", "product", "version")
    for i in range(n):
        topic, other = topics[rng.integers(len(topics))], bodies[rng.integers(len(bodies))]
        filed = bodies[rng.integers(len(bodies))] if rng.random() < _MISFILED else other
        said = [by_topic[topic][rng.integers(len(by_topic[topic]))] for _ in range(2)]
        created = _BEGIN + timedelta(days=_DAYS * i / n)
        closed = created + timedelta(hours=float(rng.exponential(40)))
        yield {
            "id": f"case-{i}",
            "title": said[0],
            "body": f"{said[1]}\n\n{other['body']}",
            "user": f"person-{rng.integers(max(2, n // 3))}",
            "account": f"account-{rng.integers(max(2, n // 50))}",
            "lang": other["lang"],
            "created": created.isoformat(),
            "closed": closed.isoformat(),
            "topic": topic,
            **{name: filed.get(name) for name in labels},
        }


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


class Watch:
    """Looks at this process and its children: processor seconds, and the peak of their memory."""

    def __init__(self) -> None:
        self.peak = 0
        self._before = _processor_seconds(os.getpid())
        self._seconds = {os.getpid(): self._before}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    @property
    def processor_seconds(self) -> float:
        """What all of them have used since the beginning."""
        return sum(self._seconds.values()) - self._before

    def end(self) -> None:
        """Stop looking, after a last look."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        over = False
        while not over:
            over = self._over.wait(_EVERY)
            together = 0
            for pid in _family(os.getpid()):
                try:
                    together += _proportional_bytes(pid)
                    self._seconds[pid] = _processor_seconds(pid)
                except (OSError, IndexError, ValueError):
                    continue  # it has ended since
            self.peak = max(self.peak, together)


def _family(pid: int) -> list[int]:
    found, wave = [pid], [pid]
    while wave:
        wave = [child for one in wave for child in _children(one)]
        found += wave
    return found


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(c) for task in tasks for c in (task / "children").read_text().split()]
    except OSError:
        return []


def _proportional_bytes(pid: int) -> int:
    """Return a process's memory; what it shares with others counts in part."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _processor_seconds(pid: int) -> float:
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / _PAGE


class Clock:
    """Notes when each step began, as a run tells of it, by the wall and by the processor."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._began = time.perf_counter()
        self._steps: list[tuple[str, float, float]] = []

    def __call__(self, message: str) -> None:
        """Hear what is being done."""
        at = time.perf_counter() - self._began
        self._steps.append((message, at, self._watch.processor_seconds))
        sys.stderr.write(f"{at:8.1f} {self._watch.processor_seconds:8.1f}  {message}\n")

    def between(self) -> list[tuple[str, float, float]]:
        """Return the seconds of each message until the next one, of the longer ones."""
        self("end")
        steps = zip(self._steps, self._steps[1:], strict=False)
        spans = [(a[0], round(b[1] - a[1], 1), round(b[2] - a[2], 1)) for a, b in steps]
        return [span for span in spans if span[1] >= 1]


def measure(n: int, encoder_name: str, shared: Path, workers: int) -> dict[str, Any]:
    """Ingest and train twice in a store that is thrown away."""
    encoder = open_encoder(encoder_name, threads=workers)
    found: dict[str, Any] = {"cases": n, "encoder": encoder_name, "workers": workers}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = list(made_rows(n + n // 10, shared))
        database = store.Database(store.sqlite_url(folder / "speed.db"))
        with database.write() as c:
            forum = store.ensure_forum(c, "speed")

        def ingest(some: Sequence[dict[str, Any]]) -> None:
            path = folder / "cases.jsonl"
            path.write_text("".join(json.dumps(row) + "\n" for row in some), encoding="utf-8")
            hasher = person_hasher(_KEY, "speed")
            ingest_cases(database, forum.id, path, hasher, True, lambda _: None)

        def learn(clock: Clock) -> None:
            train(
                database,
                "speed",
                encoder,
                folder / "models",
                signer=bundle_signer(_KEY),
                options=TrainOptions(workers=workers),
                progress=clock,
            )

        with _timed(found, "ingest"):
            ingest(rows[:n])
        with _timed(found, "first") as watch:
            clock = Clock(watch)
            learn(clock)
            found["first_steps"] = clock.between()
        ingest(rows[n:])
        with _timed(found, "next") as watch:
            clock = Clock(watch)
            learn(clock)
            found["next_steps"] = clock.between()
        database.close()
    return found


@contextmanager
def _timed(found: dict[str, Any], name: str) -> Iterator[Watch]:
    watch, began = Watch(), time.perf_counter()
    yield watch
    found[f"{name}_seconds"] = round(time.perf_counter() - began, 1)
    watch.end()
    found[f"{name}_processor_seconds"] = round(watch.processor_seconds, 1)
    found[f"{name}_peak_mib"] = round(watch.peak / 2**20)


def measure_encoding(shared: Path, workers: int) -> dict[str, Any]:
    """Encode made-up cases with the shipped encoder, as a first training does before all else."""
    encoder = open_encoder(DEFAULT, threads=workers)
    assert encoder is not None
    texts = [f"{row['title']}\n\n{row['body']}" for row in made_rows(_ENCODED, shared)]
    encoder.encode(texts[:8], TextRole.QUERY)
    found: dict[str, Any] = {"encoder": DEFAULT, "workers": workers}
    with _timed(found, "encode"):
        for batch in chunks(sorted(texts, key=len), 64):
            encoder.encode(batch, TextRole.QUERY)
    return found


def report(rows: Sequence[dict[str, Any]]) -> str:
    """Return the best runs of each size for people: others may have used the processor beside."""
    sizes = sorted({(row["cases"], row["encoder"]) for row in rows if "cases" in row})
    parts = ("ingest", "first", "next")
    head = ["cases", *(f"{p} s (processor s)" for p in parts), "peak MiB"]
    lines = [f"| {' | '.join(head)} |", f"|{' ---: |' * len(head)}"]
    for size in sizes:
        runs = [row for row in rows if (row.get("cases"), row["encoder"]) == size]
        least = {p: min(runs, key=lambda run: run[f"{p}_seconds"]) for p in parts}
        spent = [
            f"{least[p][f'{p}_seconds']} ({least[p][f'{p}_processor_seconds']})" for p in parts
        ]
        peak = max(least[p][f"{p}_peak_mib"] for p in parts)
        lines.append(f"| {size[0]:,} | {' | '.join(spent)} | {peak:,} |")
    encoded = [row for row in rows if "encode_seconds" in row]
    if encoded:
        best = min(encoded, key=lambda row: row["encode_processor_seconds"])
        spent_on = best["encode_processor_seconds"] / _ENCODED * 1000
        lines += [
            "",
            f"Encoding 1,000 such cases with the shipped encoder: {spent_on:.1f} processor s.",
        ]
    return "\n".join(lines)


def main() -> None:
    """Measure each size in a process of its own; write the table of these and of former runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000])
    parser.add_argument("--encoder", default="hashing")
    parser.add_argument("--encoding", action="store_true", help="time the shipped encoder too")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--one", action="store_true", help="measure one size here, print JSON")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "training.md")
    chosen = parser.parse_args()
    if chosen.one:
        found = measure(chosen.sizes[0], chosen.encoder, chosen.shared, chosen.workers)
        sys.stdout.write(json.dumps(found) + "\n")
        return
    _RUNS.parent.mkdir(exist_ok=True)
    with _RUNS.open("a", encoding="utf-8") as runs:
        for size in chosen.sizes:
            command = [sys.executable, "-m", "benchmarks.training_speed", "--one"]
            command += ["--sizes", str(size), "--encoder", chosen.encoder]
            command += ["--shared", str(chosen.shared), "--workers", str(chosen.workers)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            runs.write(done.stdout)
        if chosen.encoding:
            runs.write(json.dumps(measure_encoding(chosen.shared, chosen.workers)) + "\n")
    renew(chosen.out, report(_rows(_RUNS)), "speed")


if __name__ == "__main__":
    main()
