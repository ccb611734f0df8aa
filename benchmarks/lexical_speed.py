"""What the lexical side of one search costs, beside what it cost as four searches of tantivy.

In: the shared sets as threads (real ones while they last, then made-up neighbours), real drafts as
questions. Out: a table of processor milliseconds, each draft asked of both in turn in one process,
and how many of the units that the former way put first the present one puts first.

`python -m benchmarks.lexical_speed [--units 10000 100000 1000000] [--drafts 150]`
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

import numpy as np

from benchmarks.lexical_before import LexicalBefore, ThreadPassage
from benchmarks.load.texts import drafts, threads
from triage.retrieve.asked import Field
from triage.retrieve.lexical import LexicalSide, Passage

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
EVERYBODY: frozenset[str] = frozenset()
_THREADS, _UNITS = 50, 200
_BATCH = 20_000
_COMPARED = (1, 10, 25)
Spent = dict[str, list[float]]
T = TypeVar("T")


@dataclass
class Both:
    """The same units in both, and the thread of each."""

    before: LexicalBefore
    now: LexicalSide
    thread_of: list[str] = field(default_factory=list)
    numbers_of: dict[str, list[int]] = field(default_factory=dict)
    filled: dict[str, float] = field(default_factory=lambda: {"before": 0.0, "now": 0.0})

    def fill(self, units: Iterator[tuple[str, str]]) -> None:
        """Add (thread id, text) pairs."""
        while batch := list(islice(units, _BATCH)):
            first = len(self.thread_of)
            for number, (thread_id, _) in enumerate(batch, first):
                self.thread_of.append(thread_id)
                self.numbers_of.setdefault(thread_id, []).append(number)
            told = list(enumerate(batch, first))
            former = [ThreadPassage(n, t, text, "en", EVERYBODY) for n, (t, text) in told]
            present = [Passage(n, text, "en", EVERYBODY) for n, (_, text) in told]
            for name, write in (
                ("before", partial(self.before.replace, [], former)),
                ("now", partial(self.now.replace, [], present)),
            ):
                began = time.process_time()
                write()
                self.filled[name] += time.process_time() - began

    def first_threads(self, numbers: Sequence[int], count: int) -> list[str]:
        """Return the threads of these units, each once, `count` at most."""
        return list(dict.fromkeys(self.thread_of[n] for n in numbers))[:count]


def main() -> None:
    """Measure at each size and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--drafts", type=int, default=150)
    parser.add_argument("--shared", type=Path, default=SHARED)
    chosen = parser.parse_args()
    asked = [f"{d['title']}\n{d['body']}" for d in drafts(chosen.shared, chosen.drafts)]
    for count in chosen.units:
        with tempfile.TemporaryDirectory() as folder:
            both = Both(LexicalBefore(), LexicalSide(Path(folder)))
            both.fill(islice(_units(chosen.shared, count), count))
            sys.stdout.write(
                f"\n{count:,} units, {len(asked)} drafts\n\n{_measured(both, asked)}\n"
            )
            size = sum(f.stat().st_blocks * 512 for f in Path(folder).rglob("*") if f.is_file())
            sys.stdout.write(
                f"\nfilled in {both.filled['before']:.0f} s before, {both.filled['now']:.0f} s now"
                f" (of processor); files {size / 1e6:.0f} MB\n"
            )
            both.now.close()
    loads = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    sys.stdout.write(f"\nload of the machine {loads}\n")


def _units(shared: Path, count: int) -> Iterator[tuple[str, str]]:
    for row in threads(shared, count):
        texts = chain((row["title"], row["body"]), (a["body"] for a in row["answers"]))
        yield from ((row["id"], text) for text in texts if text)


def _measured(both: Both, asked: Sequence[str]) -> str:
    before: Spent = {}
    now: Spent = {}
    alike: dict[int, list[float]] = {count: [] for count in _COMPARED}
    furthest = 0.0
    for text in asked:
        then = _ask_before(both, text, before)
        proposals, relevances = _ask_now(both, text, now)
        for of, former, present in zip(Field, then[0], proposals, strict=True):
            worth = _worth(both.now, text, of, former), _worth(both.now, text, of, present)
            for count, shares in alike.items():
                first = Counter(worth[0][:count])
                same = first & Counter(worth[1][:count])
                shares.append(same.total() / first.total() if first else 1.0)
        furthest = max(furthest, _difference(then[1], relevances))
    lines = ["| step | before: median, p95 | now: median, p95 | ratio of medians |"]
    lines.append("| --- | ---: | ---: | ---: |")
    for name in now:
        told = [
            _told(spent[name]) if name in spent else ("in each", 0.0) for spent in (before, now)
        ]
        ratio = f"{told[0][1] / told[1][1]:.1f}" if told[0][1] else ""
        lines.append(f"| {name} | {told[0][0]} | {told[1][0]} | {ratio} |")
    kept = ", ".join(f"first {c}: {statistics.mean(v):.3f}" for c, v in alike.items())
    lines.append(f"\nproposed units kept: {kept}; relevances differ by {furthest:.1e} at most")
    return "\n".join(lines)


def _worth(side: LexicalSide, text: str, of: Field, numbers: Sequence[int]) -> list[float]:
    """Return how relevant units are, rounded: of texts that say the same, any may come first."""
    relevances = side.evidence_of(side.ask(text, "en"), of, np.asarray(numbers, dtype=np.int64))
    return [round(float(one), 5) for one in relevances]


def _ask_before(
    both: Both, text: str, spent: Spent
) -> tuple[list[list[int]], list[dict[int, float]]]:
    def search(of: Field, among: list[str] | None, limit: int) -> Callable[[], dict[int, float]]:
        return lambda: dict(
            both.before.relevances(of, text, "en", groups=EVERYBODY, among=among, limit=limit)
        )

    proposals = [list(_timed(spent, f"{of} proposed", search(of, None, _UNITS))) for of in Field]
    chosen = _chosen(both, proposals)
    limit = max(1, sum(len(both.numbers_of[t]) for t in chosen))
    relevances = [_timed(spent, f"{of} as evidence", search(of, chosen, limit)) for of in Field]
    _sum_up(spent)
    return proposals, relevances


def _ask_now(both: Both, text: str, spent: Spent) -> tuple[list[list[int]], list[dict[int, float]]]:
    side = both.now
    asked = _timed(spent, "terms looked up", lambda: side.ask(text, "en"))
    # Of each field in turn, as `propose` does, to tell them apart.
    proposals = [
        _timed(spent, f"{of} proposed", partial(side.propose_of, asked, of, EVERYBODY, _UNITS))
        for of in Field
    ]
    chosen = _chosen(both, proposals)
    numbers = np.asarray([n for t in chosen for n in both.numbers_of[t]], dtype=np.int64)
    relevances = [
        _timed(spent, f"{of} as evidence", partial(side.evidence_of, asked, of, numbers))
        for of in Field
    ]
    _sum_up(spent)
    return proposals, [
        dict(zip(numbers.tolist(), map(float, one), strict=True)) for one in relevances
    ]


def _chosen(both: Both, proposals: Sequence[Sequence[int]]) -> list[str]:
    """Return the threads that get evidence: the best of each field in turn."""
    longest = max(map(len, proposals))
    turns = (p[place] for place in range(longest) for p in proposals if place < len(p))
    return both.first_threads(list(turns), _THREADS)


def _difference(then: list[dict[int, float]], now: list[dict[int, float]]) -> float:
    """Return the greatest difference of a unit's relevance where both were asked for it."""
    pairs = ((a[n], b[n]) for a, b in zip(then, now, strict=True) for n in a if n in b)
    return max((abs(a - b) for a, b in pairs), default=0.0)


def _timed(spent: Spent, name: str, work: Callable[[], T]) -> T:
    # Of this thread: parts of both indexes may still be merged behind it.
    began = time.thread_time()
    done = work()
    spent.setdefault(name, []).append(1000 * (time.thread_time() - began))
    return done


def _sum_up(spent: Spent) -> None:
    whole = sum(values[-1] for name, values in spent.items() if name != "all")
    spent.setdefault("all", []).append(whole)


def _told(values: Sequence[float]) -> tuple[str, float]:
    median = statistics.median(values)
    return f"{median:.2f}, {np.percentile(values, 95):.2f}", median


if __name__ == "__main__":
    main()
