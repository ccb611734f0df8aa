"""How many drafts a second, beside what others would run, in one run on one machine.

    python -m benchmarks.load --threads 100000 --drafts 400

Ours answers `/v1/triage` (redacted, searched, labelled, decided, the ask kept); a peer searches,
which is less. Servers take turns, round by round, and each draft is asked once only. What was built
of threads is kept under `--folder`. Prints a table; `--json` gives all that was measured, `--write`
puts the table into docs/benchmarks.md.
"""

import argparse
import json
import statistics
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import numpy as np

from benchmarks.load.measuring import Load, Target, measure
from benchmarks.load.serving import (
    build_ours,
    build_peer,
    ours,
    peer,
    peers_python,
    write_threads,
)
from benchmarks.load.texts import drafts, threads
from benchmarks.pages import renew
from benchmarks.quality import BUILD, PAGE
from benchmarks.sets import ROOT, SHARED

KEPT = BUILD / "load.json"
NAMES = ("triage", "txtai", "chroma")
_ROUNDS = 4
_WARMING = 16


def main() -> None:
    """Build what is not there, serve all, ask in turns, print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=100_000)
    parser.add_argument("--drafts", type=int, default=400, help="of each server and concurrency")
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--only", nargs="+", choices=NAMES, default=list(NAMES))
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "load")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true", help="renew docs/benchmarks.md")
    chosen = parser.parse_args()
    asked = drafts(chosen.shared, chosen.drafts * len(chosen.connections) + _WARMING)
    folder = chosen.folder / str(chosen.threads)
    python = _build(chosen.only, chosen.shared, chosen.threads, folder)
    with ExitStack() as stack:
        targets = [
            stack.enter_context(
                ours(folder / name, asked)
                if name == "triage"
                else peer(name, python, folder, asked)
            )
            for name in chosen.only
        ]
        loads = _in_turns(targets, chosen.connections, chosen.drafts)
    words = [len(f"{row['title']} {row['body']}".split()) for row in asked]
    if chosen.json:
        sys.stdout.write(json.dumps([asdict(load) for load in loads]) + "\n")
    else:
        sys.stdout.write(_table(loads, chosen.threads, words))
    if chosen.write:
        KEPT.write_text(json.dumps([asdict(load) for load in loads]), encoding="utf-8")
        renew(PAGE, _table(loads, chosen.threads, words).rstrip(), "load")


def _build(names: Sequence[str], shared: Path, count: int, folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    whole, texts = folder / "threads.jsonl", folder / "texts.jsonl"
    if not (folder / "written").exists():
        write_threads(threads(shared, count), folder)
        (folder / "written").touch()
    python = peers_python(folder.parent) if set(names) - {"triage"} else ""
    for name in names:
        done = folder / f"{name}-built"
        if done.exists():
            continue
        sys.stderr.write(f"building {name}\n")
        if name == "triage":
            build_ours(whole, folder / name)
        else:
            build_peer(name, python, texts, folder)
        done.touch()
    return python


def _in_turns(targets: Sequence[Target], connections: Sequence[int], count: int) -> list[Load]:
    for target in targets:
        measure(target, 1, 0, _WARMING)
    loads: list[Load] = []
    for place, many in enumerate(connections):
        first, each = _WARMING + place * count, count // _ROUNDS
        rounds: dict[str, list[Load]] = {target.name: [] for target in targets}
        for turn in range(_ROUNDS):
            for target in targets:
                rounds[target.name].append(measure(target, many, first + turn * each, each))
        loads += [_together(found) for found in rounds.values()]
    return loads


def _together(rounds: Sequence[Load]) -> Load:
    """Return the middle of several rounds of one server at one number of connections."""
    middle = {
        name: statistics.median(getattr(load, name) for load in rounds)
        for name in ("a_second", "p50", "p95", "processor")
    }
    first = rounds[0]
    requests = sum(load.requests for load in rounds)
    resident = max(load.resident for load in rounds)
    return Load(first.name, first.connections, requests, **middle, resident=resident)


def _table(loads: Sequence[Load], count: int, words: Sequence[int]) -> str:
    lengths = ", ".join(f"{value:.0f}" for value in np.percentile(words, [5, 50, 95]))
    lines = [
        f"{count:,} threads; drafts of {lengths} words (5th, 50th, 95th of a hundred)",
        "",
        "| server | connections | requests | a second | p50 ms | p95 ms | processor s per 1,000"
        " | resident MiB |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {load.name} | {load.connections} | {load.requests} | {load.a_second:.1f}"
        f" | {load.p50:.0f} | {load.p95:.0f} | {load.processor:.1f} | {load.resident >> 20} |"
        for load in loads
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
