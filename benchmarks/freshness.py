"""How soon a change of a thread shows in replies, over HTTP, as a forum would see it.

In: forums of several sizes, their texts drawn from the words of the sample (`--threads`), or a
copy of a data folder (`--folder`). Out: for what is new, edited, hidden and deleted: the time from
sending the call to the first reply that shows it, with the call itself; and in how many replies
something was found after the call that took it away had returned, which must be none.

`python -m benchmarks.freshness --threads 1000 10000`; a server each, one caller.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.sample_server import FORUM, call, make_key, serving, store_in
from triage.records import Role
from triage.settings import ROOT

_SAMPLE = ROOT / "data" / "sample" / "threads.jsonl"
_LONGEST_SECONDS = 30.0
_SETTINGS = {
    "TRIAGE_HOLDOUT": "0",
    "TRIAGE_RATE_ADDRESS": "",
    "TRIAGE_RATE_SESSION": "",
    "TRIAGE_LOG_LEVEL": "warning",
}


@dataclass(slots=True)
class Told:
    """Seconds of each call, seconds until a reply showed it, and replies that showed too much."""

    calls: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    leaks: int = 0


class Caller:
    """Whoever changes threads and asks."""

    def __init__(self, base: str, key: str) -> None:
        self._base = base
        self._key = key

    def send(self, method: str, thread_id: str, thread: dict[str, Any] | None) -> float:
        """Put or delete a thread; return the seconds that it took."""
        request = urllib.request.Request(
            f"{self._base}/v1/threads/{thread_id}",
            json.dumps(thread).encode() if thread is not None else None,
            {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"},
            method=method,
        )
        began = time.perf_counter()
        urllib.request.urlopen(request, timeout=60).close()
        return time.perf_counter() - began

    def finds(self, words: str, thread_id: str) -> bool:
        """Ask with those words; say whether the reply names the thread at all."""
        body = {"title": words, "lang": "en", "stage": "typing"}
        reply = call(self._base, self._key, "/v1/triage", body)
        return f'"{thread_id}"' in json.dumps([reply["suggestions"], reply["same_question"]])

    def until(self, is_so: Callable[[], bool]) -> float:
        """Return the seconds until something is so."""
        began = time.perf_counter()
        while not is_so():
            if time.perf_counter() - began > _LONGEST_SECONDS:
                raise SystemExit("a change was not seen within half a minute")
        return time.perf_counter() - began


def measure(caller: Caller, rounds: int) -> dict[str, Told]:
    """Make, edit, hide and delete threads, one after another."""
    told = {name: Told() for name in ("new", "edited", "hidden", "deleted")}
    for n in range(rounds):
        name = f"fresh{n}"
        first, second = _unheard(2 * n), _unheard(2 * n + 1)
        one = _thread(first)
        _seen(caller, told["new"], name, one, partial(caller.finds, first, name))
        other = _thread(second)
        _seen(caller, told["edited"], name, other, partial(caller.finds, second, name))
        taken: tuple[tuple[str, dict[str, Any] | None], ...]
        taken = (("hidden", {**other, "groups": ["nobody"]}), ("deleted", None))
        for kind, thread in taken:
            if kind == "deleted":
                caller.send("PUT", name, other)
                caller.until(partial(caller.finds, second, name))
            seconds = caller.send("PUT" if thread else "DELETE", name, thread)
            told[kind].calls.append(seconds)
            began = time.perf_counter()
            told[kind].leaks += caller.finds(second, name)
            told[kind].shown.append(seconds + time.perf_counter() - began)
    return told


def _seen(
    caller: Caller, told: Told, name: str, thread: dict[str, Any], is_found: Callable[[], bool]
) -> None:
    seconds = caller.send("PUT", name, thread)
    told.calls.append(seconds)
    told.shown.append(seconds + caller.until(is_found))


def _unheard(n: int) -> str:
    """Return a title that no other thread has."""
    draw = random.Random(n)
    letters = "bdfgklmnprstv"
    words = ["".join(draw.choice(letters) + draw.choice("aeiou") for _ in range(4)) for _ in "1234"]
    return f"How do I {' '.join(words)}"


def _thread(title: str) -> dict[str, Any]:
    answer = {"id": "a", "body": f"{title}: press the button.", "accepted": True, "staff": True}
    return {"title": title, "body": title, "lang": "en", "solved": True, "answers": [answer]}


def made_threads(count: int) -> Iterator[dict[str, object]]:
    """Give threads of about a hundred words, each drawn as often as the sample has it."""
    rows = [json.loads(line) for line in _SAMPLE.read_text(encoding="utf-8").splitlines()]
    words = " ".join(f"{r['title']} {r.get('body', '')}" for r in rows).split()
    draw = random.Random(7)

    def said(length: int) -> str:
        return " ".join(draw.choices(words, k=length))

    for n in range(count):
        yield {"id": f"t{n}", "title": said(9), "body": said(50), "answer": said(40)}


def write_threads(path: Path, count: int) -> None:
    """Write such threads as a file that can be ingested."""
    with path.open("w", encoding="utf-8") as file:
        for made in made_threads(count):
            answer = {"id": "a", "body": made.pop("answer"), "accepted": True}
            row = {**made, "answers": [answer], "solved": True, "lang": "en"}
            file.write(json.dumps(row) + "\n")


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, nargs="*", default=[1000])
    parser.add_argument("--folder", type=Path, help="a copy of a data folder; it is written to")
    parser.add_argument("--encoder", default="hashing")
    parser.add_argument("--rounds", type=int, default=30)
    chosen = parser.parse_args()
    sys.stdout.write(f"encoder {chosen.encoder}, {chosen.rounds} rounds, seconds\n")
    sys.stdout.write("threads  change   call p50  shown p50  p95    longest  found afterwards\n")
    for threads, folder in _folders(chosen):
        settings = {**_SETTINGS, "TRIAGE_ENCODER": chosen.encoder}
        database = store_in(folder)
        key = make_key(database, role=Role.ADMIN)
        database.close()
        began = time.perf_counter()
        with serving(folder, **settings) as base:
            started = time.perf_counter() - began
            caller = Caller(base, key)
            caller.finds("How do I begin", "none")
            _print(threads, measure(caller, chosen.rounds))
            load = os.getloadavg()[0]
            sys.stdout.write(f"{threads:>7}  ready after {started:.1f} s, load {load:.1f}\n")


def _folders(chosen: argparse.Namespace) -> Iterator[tuple[int, Path]]:
    if chosen.folder is not None:
        yield 0, chosen.folder
        return
    for count in chosen.threads:
        with tempfile.TemporaryDirectory(prefix="freshness-") as name:
            folder = Path(name)
            write_threads(folder / "threads.jsonl", count)
            where = {"TRIAGE_DATA_DIR": name, "TRIAGE_ENCODER": chosen.encoder}
            ingest = ("-m", "triage", "ingest", "threads", str(folder / "threads.jsonl"))
            subprocess.run(
                [sys.executable, *ingest, "--forum", FORUM],
                cwd=ROOT,
                env={**os.environ, **where},
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            yield count, folder


def _print(threads: int, told: dict[str, Told]) -> None:
    for name, one in told.items():
        leaks = f"{one.leaks} of {len(one.shown)}" if name in ("hidden", "deleted") else ""
        middle, high = statistics.median(one.shown), _high(one.shown)
        sys.stdout.write(
            f"{threads:>7}  {name:<8} {statistics.median(one.calls):.3f}     {middle:.3f}      "
            f"{high:.3f}  {max(one.shown):.3f}    {leaks}\n"
        )


def _high(seconds: Sequence[float]) -> float:
    return sorted(seconds)[int(0.95 * (len(seconds) - 1))]


if __name__ == "__main__":
    main()
