"""A server and drafts -> how many a second, how late, and at what cost of processor.

In: where it listens, its process, what a call looks like. Out: a `Load`.
Not here: sending (asking), what is asked (texts), which servers there are (serving).
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.load.texts import Row
from benchmarks.sets import ROOT
from benchmarks.stored_vectors import real_vectors

_TICKS = os.sysconf("SC_CLK_TCK")
_KIB = 1024
# What is asked.
WHOLE, TYPED = "drafts, each once", "drafts as typed"
Call = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Target:
    """A server that runs: its process, the address that is asked, and what each call brings.

    `calls` are one a draft, all of it; `typed` are sessions, in which a draft grows until it is
    asked whole.
    """

    name: str
    process: int
    url: str
    method: str
    headers: Mapping[str, str]
    calls: Sequence[Call]
    typed: Sequence[Sequence[Call]]

    def sessions(self, what: str) -> Sequence[Sequence[Call]]:
        """Return what is asked, a session a draft."""
        return self.typed if what == TYPED else [[call] for call in self.calls]


@dataclass(frozen=True, slots=True)
class Load:
    """What was measured of one server at so many connections.

    `what` is asked: drafts, each once, or drafts as they are typed, each many times.
    `a_second` is by the clock, less what the asker itself took of the machine's cores; `processor`
    are seconds of the server's processes for 1,000 requests; `resident` is their memory, in bytes.
    """

    name: str
    what: str
    connections: int
    requests: int
    a_second: float
    p50: float
    p95: float
    processor: float
    resident: int


def measure(
    target: Target, what: str, connections: int, sessions: Sequence[Sequence[Call]]
) -> Load:
    """Send these sessions of the target's calls; the calls of each follow each other."""
    order = {
        **{"url": target.url, "method": target.method, "headers": dict(target.headers)},
        **{"connections": connections, "sessions": [list(session) for session in sessions]},
    }
    before = processor_seconds(target.process)
    found = _run("benchmarks.load.asking", order)
    spent = processor_seconds(target.process) - before
    took = np.array(found["milliseconds"])
    share = found["own"] / (os.cpu_count() or 1)
    return Load(
        target.name,
        what,
        connections,
        len(took),
        len(took) / max(found["wall"] - share, 1e-9),
        float(np.percentile(took, 50)),
        float(np.percentile(took, 95)),
        1000 * spent / len(took),
        resident_bytes(target.process),
    )


class Limit:
    """The encoder and an exact search by themselves, over the vectors of a store."""

    def __init__(self, store: Path, drafts: Sequence[Row], vectors: Path) -> None:
        """Take a store that was built, what is asked, and where its vectors are copied to."""
        real_vectors(store, vectors)
        self._vectors = vectors
        self._drafts = drafts

    def measure(self, what: str, first: int, count: int) -> Load:
        """Have `count` drafts from the `first` on encoded and searched for, one after another."""
        asked = list(self._drafts[first : first + count])
        found = _run("benchmarks.load.limit", asked, str(self._vectors))
        took = np.array(found["milliseconds"])
        p50, p95 = (float(np.percentile(took, share)) for share in (50, 95))
        a_second, each = 1000 / float(took.mean()), 1000 * found["processor"] / len(took)
        return Load("limit", what, 1, len(took), a_second, p50, p95, each, found["resident"])


def _run(module: str, order: object, *arguments: str) -> dict[str, Any]:
    """Run a module of ours as a process of its own; return the object that it prints."""
    told = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        input=json.dumps(order),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    found: dict[str, Any] = json.loads(told)
    return found


def processor_seconds(process: int) -> float:
    """Return what a process and all that it started have taken, by /proc."""
    ticks = 0
    for one in _family(process):
        fields = _read(one, "stat").rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:15])) if fields else 0
    return ticks / _TICKS


def resident_bytes(process: int) -> int:
    """Return the memory of a process and of all that it started, shared pages once each."""
    found = 0
    for one in _family(process):
        lines = _read(one, "smaps_rollup").splitlines()
        found += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return found * _KIB


def _family(process: int) -> list[int]:
    family = [process]
    for one in family:
        for task in _tasks(one):
            children = Path(f"/proc/{one}/task/{task}/children")
            try:
                family += map(int, children.read_text().split())
            except FileNotFoundError:  # it has ended since
                continue
    return family


def _tasks(process: int) -> list[str]:
    try:
        return os.listdir(f"/proc/{process}/task")
    except FileNotFoundError:
        return []


def _read(process: int, name: str) -> str:
    try:
        return Path(f"/proc/{process}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
