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

from benchmarks.load.measuring import Limit, Load, Target, measure
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
WHOLE, TYPED = "drafts, each once", "drafts as typed"


def main() -> None:
    """Build what is not there, serve all, ask in turns, print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=100_000)
    parser.add_argument(
        "--encoded", type=int, default=20_480, help="texts that MiniLM encodes for the peers"
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
    limit = Limit(folder / "triage" / "triage.db", asked) if "triage" in chosen.only else None
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
    if chosen.json:
        sys.stdout.write(json.dumps([asdict(load) for load in loads]) + "\n")
    else:
        sys.stdout.write(_table(loads, chosen.threads, words))
    if chosen.write:
        KEPT.write_text(json.dumps([asdict(load) for load in loads]), encoding="utf-8")
        renew(PAGE, _table(loads, chosen.threads, words).rstrip(), "load")


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
    each = count // _ROUNDS
    for place, many in enumerate(connections):
        rounds: dict[str, list[Load]] = defaultdict(list)
        for turn in range(_ROUNDS):
            first = _WARMING + place * count + turn * each
            for target in targets:
                asked = [[call] for call in target.calls[first : first + each]]
                rounds[target.name].append(measure(target, WHOLE, many, asked))
            if limit is not None and many == 1:
                rounds["limit"].append(limit.measure(WHOLE, first, each))
            _tell(f"{many} connections, round {turn + 1} of {_ROUNDS}")
        yield from map(_together, rounds.values())
    typing: dict[str, list[Load]] = defaultdict(list)
    each = _TYPED // _ROUNDS
    for turn in range(_ROUNDS):
        first = _WARMING + len(connections) * count + turn * each
        for target in targets:
            typed = target.typed[first : first + each]
            typing[target.name].append(measure(target, TYPED, max(connections), typed))
        _tell(f"typed, round {turn + 1} of {_ROUNDS}")
    yield from map(_together, typing.values())


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
    for load in loads:
        own = [
            one
            for one in loads
            if (one.name, one.what, one.connections) == ("triage", load.what, load.connections)
        ]
        for ours_ in own if load.name != "triage" else ():
            yield (
                f"- {load.what}, {load.connections} at once: {ours_.a_second / load.a_second:.2f}"
                f" times as many a second as {load.name}, p95 {ours_.p95 / load.p95:.2f} of its,"
                f" processor {ours_.processor / load.processor:.2f} of its."
            )


def _tell(said: str) -> None:
    sys.stderr.write(f"{said}\n")


if __name__ == "__main__":
    main()
