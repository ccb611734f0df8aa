"""How many drafts a second, beside what others would run, in one run on one machine.

    python -m benchmarks.load --threads 100000 --drafts 400

Ours answers `/v1/triage` (redacted, searched, labelled, decided, the ask kept); a peer searches,
which is less. Servers take turns, round by round, and each draft is asked once only; then drafts
as they are typed, in rows of their own. In the same rounds the encoder and an exact search run by
themselves (`limit`). What was built of threads is kept under `--folder`. Prints a table; `--json`
gives all that was measured, `--write` puts the table into docs/benchmarks.md.
"""

import argparse
import json
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import numpy as np

from benchmarks.load.measuring import TYPED, WHOLE, Limit, Load, Target, measure
from benchmarks.load.serving import (
    build_ours,
    build_peer,
    encode_for_peers,
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
# Sessions of drafts as they are typed, of each server.
_TYPED = 32


def main() -> None:
    """Build what is not there, serve all, ask in turns, print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=100_000)
    parser.add_argument(
        "--encoded", type=int, default=21_504, help="texts that MiniLM encodes for the peers"
    )
    parser.add_argument("--drafts", type=int, default=400, help="of each server and concurrency")
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--only", nargs="+", choices=NAMES, default=list(NAMES))
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "load")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true", help="renew docs/benchmarks.md")
    chosen = parser.parse_args()
    asked = drafts(chosen.shared, chosen.drafts * len(chosen.connections) + _WARMING + _TYPED)
    folder = chosen.folder / str(chosen.threads)
    python = _build(chosen.only, chosen.shared, chosen.threads, chosen.encoded, folder)
    limit = None
    if "triage" in chosen.only:
        limit = Limit(folder / "triage" / "triage.db", asked, folder / "ours.f32")
    with ExitStack() as stack:
        targets = [
            stack.enter_context(
                ours(folder / name, asked)
                if name == "triage"
                else peer(name, python, folder, asked)
            )
            for name in chosen.only
        ]
        loads = list(_in_turns(targets, chosen.connections, chosen.drafts, limit))
    words = [len(f"{row['title']} {row['body']}".split()) for row in asked]
    table, told = _table(loads, chosen.threads, words), json.dumps([asdict(load) for load in loads])
    sys.stdout.write(f"{told}\n" if chosen.json else table)
    if chosen.write:
        renew(PAGE, table.rstrip(), "load")
        BUILD.mkdir(parents=True, exist_ok=True)
        KEPT.write_text(told, encoding="utf-8")


def _build(names: Sequence[str], shared: Path, count: int, encoded: int, folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "written").exists():
        write_threads(threads(shared, count), folder)
        (folder / "written").touch()
    peers = [name for name in names if name != "triage"]
    python = peers_python(folder.parent) if peers else ""
    if peers and not (folder / "vectors.npy").exists():
        encode_for_peers(python, folder, min(count, encoded))
    for name in names:
        done = folder / f"{name}-built"
        if done.exists():
            continue
        _tell(f"building {name}")
        if name == "triage":
            build_ours(folder / "threads.jsonl", folder / name)
        else:
            build_peer(name, python, folder)
        done.touch()
    return python


def _in_turns(
    targets: Sequence[Target], connections: Sequence[int], count: int, limit: Limit | None
) -> Iterator[Load]:
    for target in targets:
        measure(target, "", 1, [target.calls[:_WARMING]])
    first = _WARMING
    for what, many, sessions in (
        *((WHOLE, many, count) for many in connections),
        (TYPED, max(connections), _TYPED),
    ):
        rounds: dict[str, list[Load]] = defaultdict(list)
        each = sessions // _ROUNDS
        for turn in range(_ROUNDS):
            start = first + turn * each
            for target in targets:
                asked = target.sessions(what)[start : start + each]
                rounds[target.name].append(measure(target, what, many, asked))
            if limit is not None and (what, many) == (WHOLE, 1):
                rounds["limit"].append(limit.measure(what, start, each))
            _tell(f"{what}, {many} connections, round {turn + 1} of {_ROUNDS}")
        first += sessions
        yield from map(_together, rounds.values())


def _together(rounds: Sequence[Load]) -> Load:
    """Return the middle of several rounds of one server at one number of connections."""
    middle = {
        name: statistics.median(getattr(load, name) for load in rounds)
        for name in ("a_second", "p50", "p95", "processor")
    }
    first = rounds[0]
    requests = sum(load.requests for load in rounds)
    resident = max(load.resident for load in rounds)
    return Load(first.name, first.what, first.connections, requests, **middle, resident=resident)


def _table(loads: Sequence[Load], count: int, words: Sequence[int]) -> str:
    lengths = ", ".join(f"{value:.0f}" for value in np.percentile(words, [5, 50, 95]))
    lines = [
        f"{count:,} threads; drafts of {lengths} words (5th, 50th, 95th of a hundred)",
        "",
        "| server | asked | connections | requests | a second | p50 ms | p95 ms"
        " | processor s per 1,000 | resident MiB |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {load.name} | {load.what} | {load.connections} | {load.requests} | {load.a_second:.1f}"
        f" | {load.p50:.0f} | {load.p95:.0f} | {load.processor:.1f} | {load.resident >> 20} |"
        for load in loads
    ]
    lines += ["", *_compared(loads)]
    return "\n".join(lines) + "\n"


def _compared(loads: Sequence[Load]) -> Iterator[str]:
    """Give a sentence for ours against each other one, wherever the same was asked of both."""
    own = {(load.what, load.connections): load for load in loads if load.name == "triage"}
    for load in loads:
        beside = own.get((load.what, load.connections))
        if beside is None or load is beside:
            continue
        yield (
            f"- {load.what}, {load.connections} at once: {beside.a_second / load.a_second:.2f}"
            f" times as many a second as {load.name}, p95 {beside.p95 / load.p95:.2f} of its,"
            f" processor {beside.processor / load.processor:.2f} of its."
        )


def _tell(said: str) -> None:
    sys.stderr.write(f"{said}\n")


if __name__ == "__main__":
    main()
