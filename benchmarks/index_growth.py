"""How search time and memory of the local index grow, and what its proposals miss.

    python -m benchmarks.index_growth --shared ../shared/data --store triage.db
    python -m benchmarks.index_growth --threads 1000 10000 100000 1000000 --folder /tmp/growth

In: the shared texts, and a store with real vectors of them (docs/benchmarks.md says how it is
filled). Out: for each size, three units a thread: seconds to build and to save, processor
milliseconds of a search, resident memory (own, and mapped from files), bytes on disk; then which
share of the ten nearest of all real vectors the proposals have. One line of JSON each; `--write`
puts them into docs/benchmarks.md and draws them.
Texts and vectors are real as far as they go; after that texts are made of two halves and vectors
are neighbours of real ones by noise: for size alone, recall is told of real ones only.
Not here: the encoder's own time, requests (load).
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.load.texts import drafts, real_threads
from benchmarks.pages import renew
from benchmarks.quality import PAGE
from benchmarks.stored_vectors import real_vectors
from triage.encode import DEFAULT, TextRole, open_encoder
from triage.records import Unit, UnitKind
from triage.retrieve import IndexedThread, LocalIndex, Search
from triage.retrieve.dense import DenseSide
from triage.retrieve.sight import Sight

Floats = NDArray[np.float32]
_PUT = 1000
_KINDS = (UnitKind.TITLE, UnitKind.QUESTION, UnitKind.ANSWER)
_NOISE = 0.6
_STAFF = frozenset({"staff"})
_GOLD = 10


def unit_texts(shared: Path) -> list[str]:
    """Return the texts of the real threads, one a unit."""
    texts: list[str] = []
    for row in real_threads(shared):
        bodies = (row["title"], row["body"], *(a["body"] for a in row["answers"]))
        texts.extend(" ".join(b.split())[:1200] for b in bodies if b.strip())
    return texts


class World:
    """Threads of three units, the same ones each time."""

    def __init__(self, texts: Sequence[str], vectors: Floats) -> None:
        """Make threads of these texts and vectors."""
        self._texts = texts
        self._vectors = vectors

    def threads(self, first: int, last: int) -> Iterator[list[IndexedThread]]:
        """Give the threads from `first` to `last`, some at a time."""
        for start in range(first, last, _PUT):
            numbers = range(start, min(last, start + _PUT))
            rows = self._rows(numbers.start * 3, numbers.stop * 3)
            yield [
                IndexedThread(
                    f"t{n}",
                    tuple(self._unit(n, place, kind) for place, kind in enumerate(_KINDS)),
                    rows[(n - start) * 3 : (n - start + 1) * 3],
                    "en",
                    _STAFF if n % 20 == 0 else frozenset(),
                    qualities={f"t{n}-a": 0.5},
                )
                for n in numbers
            ]

    def _unit(self, thread: int, place: int, kind: UnitKind) -> Unit:
        number = thread * 3 + place
        answer = f"t{thread}-a" if kind is UnitKind.ANSWER else None
        again, text = divmod(number, len(self._texts))
        if not again:
            return Unit(kind, self._texts[text], answer)
        other = self._texts[(text + again * 7919) % len(self._texts)].split()
        own = self._texts[text].split()
        halves = own[: len(own) // 2 + 1] + other[len(other) // 2 :]
        return Unit(kind, " ".join(halves), answer)

    def _rows(self, first: int, last: int) -> Floats:
        real = self._vectors
        if last <= len(real):
            return np.array(real[first:last])
        luck = np.random.default_rng(first)
        places = np.arange(first, last)
        near = np.where(places < len(real), places, luck.integers(len(real), size=len(places)))
        rows = np.array(real[near])
        made = places >= len(real)
        noise = luck.standard_normal((int(made.sum()), real.shape[1])).astype(np.float32)
        rows[made] += _NOISE * noise / np.sqrt(np.float32(real.shape[1]))
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows


def memory() -> dict[str, int]:
    """Return the resident bytes of this process: its own, and pages mapped from files."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return {name: int(told[name].split()[0]) * 1024 for name in ("RssAnon", "RssFile", "VmHWM")}


def bytes_under(folder: Path) -> dict[str, int]:
    """Return how many bytes each part of a snapshot has."""
    return {
        part.name: sum(f.stat().st_size for f in part.rglob("*") if f.is_file())
        for part in sorted(folder.iterdir())
        if part.is_dir()
    }


def measure(snapshot: Path, asked: Path) -> dict[str, Any]:
    """Open a snapshot and search it, in a process that did nothing else."""
    read = np.load(asked, allow_pickle=False)
    searches = [
        Search(str(text), "en", vector)
        for text, vector in zip(read["texts"], read["vectors"], strict=True)
    ]
    before = memory()
    with TemporaryDirectory(dir=snapshot.parent) as folder:
        began = time.perf_counter()
        index = LocalIndex.open(snapshot, Path(folder))
        opened = time.perf_counter() - began
        took = {}
        for name, groups in (("first", ()), ("again", ()), ("staff", ("staff",))):
            took[name] = [_milliseconds(index, s, frozenset(groups)) for s in searches]
        after = memory()
        index.close()
    return {
        "open_seconds": round(opened, 2),
        "search_ms": {name: _quantiles(ms) for name, ms in took.items()},
        "own_mb": round((after["RssAnon"] - before["RssAnon"]) / 1e6),
        "mapped_mb": round((after["RssFile"] - before["RssFile"]) / 1e6),
        "process_mb": round((after["RssAnon"] + after["RssFile"]) / 1e6),
    }


def _milliseconds(index: LocalIndex, search: Search, groups: frozenset[str]) -> float:
    began = time.process_time()
    hits = index.search(Search(search.text, search.lang, search.vector, groups))
    took = (time.process_time() - began) * 1000
    if len(hits) != search.limit:
        raise ValueError(f"{len(hits)} threads were found instead of {search.limit}")
    return took


def _quantiles(values: Sequence[float]) -> dict[str, float]:
    half, most = np.quantile(values, (0.5, 0.95))
    return {"p50": round(float(half), 2), "p95": round(float(most), 2)}


def grow(world: World, sizes: Sequence[int], folder: Path, asked: Path) -> Iterator[dict[str, Any]]:
    """Build one index through all sizes; at each, save it and have it measured by itself."""
    work = folder / "work"
    work.mkdir()
    index = LocalIndex(int(world._vectors.shape[1]), work)
    built, done, learnt = 0.0, 0, 0.0
    for size in sizes:
        began = time.process_time()
        for threads in world.threads(done, size):
            index.put(threads)
        built, done = built + time.process_time() - began, size
        snapshot = folder / f"saved-{size}"
        for attempt in ("first", "again"):
            target = snapshot.with_name(f"{snapshot.name}-{attempt}")
            target.mkdir()
            began = time.process_time()
            index.save(target)
            took = time.process_time() - began
            learnt = took if attempt == "first" else learnt - took
        # In a process of its own: what building left behind in this one shall not count.
        command = [sys.executable, "-m", "benchmarks.index_growth", "--measure", str(target)]
        told = subprocess.run(
            [*command, "--asked", str(asked)], check=True, capture_output=True, text=True
        )
        yield {
            "threads": size,
            "build_cpu_seconds": round(built, 1),
            "learn_cpu_seconds": round(learnt, 1),
            "save_cpu_seconds": round(took, 2),
            "disk_mb": {k: round(v / 1e6, 1) for k, v in bytes_under(target).items()},
            **json.loads(told.stdout),
        }
    index.close()


def recall(vectors: Floats, asked: Floats) -> dict[str, Any]:
    """Return which share of the nearest ten (and fifty) real rows the proposals have."""
    side = DenseSide(int(vectors.shape[1]))
    for start in range(0, len(vectors), 4096):
        side.append(start, np.array(vectors[start : start + 4096]))
        side.admit(min(len(vectors), start + 4096))
    learning = time.process_time()
    if side.outgrown:
        side.adopt(side.learn())
    learning = time.process_time() - learning
    everything = Sight(np.full((len(vectors) + 7) // 8, 255, np.uint8), len(vectors), len(vectors))
    blocks = range(0, len(vectors), 20_000)
    similar = np.concatenate([asked @ vectors[b : b + 20_000].T for b in blocks], axis=1)
    order = np.argsort(-similar, axis=1)[:, :50]
    before: list[list[float]] = []
    after: list[list[float]] = []
    took: list[float] = []
    for vector, nearest in zip(asked, order, strict=True):
        raw = side._propose(vector[None, :], 50, 50, everything)
        began = time.process_time()
        found = side.nearest(vector, 200, everything)
        took.append((time.process_time() - began) * 1000)
        for kept, numbers in ((before, raw), (after, found)):
            kept.append([len(np.intersect1d(numbers[:k], nearest[:k])) / k for k in (_GOLD, 50)])
    return {
        "real_vectors": len(vectors),
        "drafts": len(asked),
        "recall_at_10_and_50_of_codes_alone": np.mean(before, axis=0).round(4).tolist(),
        "recall_at_10_and_50_compared_exactly": np.mean(after, axis=0).round(4).tolist(),
        "nearest_ms": _quantiles(took),
        "learn_cpu_seconds": round(learning, 1),
    }


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _asked(shared: Path, count: int, target: Path) -> Floats:
    rows = drafts(shared, count)
    texts = [f"{row['title']}\n{row['body']}" for row in rows]
    encoder = open_encoder(DEFAULT)
    if encoder is None:
        raise ValueError("The shipped encoder is needed for the drafts.")
    vectors = np.concatenate([encoder.encode([t], TextRole.QUERY) for t in texts])
    np.savez(target, texts=np.array(texts), vectors=vectors)
    return vectors


def main() -> None:
    """Grow an index and print one line of JSON a size; or measure one snapshot."""
    told = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    told.add_argument("--threads", type=int, nargs="*", default=[1000, 10_000, 100_000])
    told.add_argument("--shared", type=Path, default=Path("../shared/data"))
    told.add_argument("--store", type=Path, help="a store with vectors of real texts")
    told.add_argument("--drafts", type=int, default=100)
    told.add_argument("--folder", type=Path, default=Path("/tmp"))
    told.add_argument("--write", action="store_true", help="renew docs/benchmarks.md")
    told.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    told.add_argument("--asked", type=Path, help=argparse.SUPPRESS)
    args = told.parse_args()
    if args.measure is not None:
        _say(measure(args.measure, args.asked))
        return
    with TemporaryDirectory(dir=args.folder) as temporary:
        folder = Path(temporary)
        asked = _asked(args.shared, args.drafts, folder / "asked.npz")
        vectors = real_vectors(args.store, folder / "vectors.f32")
        found = recall(vectors, asked)
        _say(found)
        world = World(unit_texts(args.shared), vectors)
        grown: list[dict[str, Any]] = []
        for line in grow(world, args.threads, folder, folder / "asked.npz"):
            grown.append(line)
            _say(line)
        os.sync()
    if args.write:
        # A browser draws: measuring does without it.
        from benchmarks.growth_shown import picture, table

        renew(PAGE, table(grown, found), "growth")
        picture(grown)


if __name__ == "__main__":
    main()
