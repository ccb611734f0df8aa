"""A server and drafts -> how many a second, how late, and at what cost of processor.

In: where it listens, its process, what a call looks like. Out: a `Load`.
Not here: sending (asking), what is asked (texts), which servers there are (peers, ours).
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

from benchmarks.sets import ROOT

_TICKS = os.sysconf("SC_CLK_TCK")
_KIB = 1024


@dataclass(frozen=True, slots=True)
class Target:
    """A server that runs: its process, the address that is asked, and what each call brings."""

    name: str
    process: int
    url: str
    method: str
    headers: Mapping[str, str]
    calls: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Load:
    """What was measured of one server at so many connections.

    `a_second` is by the clock, less what the asker itself took of the machine's cores; `processor`
    are seconds of the server's processes for 1,000 requests; `resident` is their memory, in bytes.
    """

    name: str
    connections: int
    requests: int
    a_second: float
    p50: float
    p95: float
    processor: float
    resident: int


def measure(target: Target, connections: int, first: int, count: int) -> Load:
    """Send `count` of the target's calls from the `first` on; none is sent twice."""
    order = {
        **{"url": target.url, "method": target.method, "headers": dict(target.headers)},
        **{"connections": connections, "calls": list(target.calls[first : first + count])},
    }
    before = processor_seconds(target.process)
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.load.asking"],
        cwd=ROOT,
        input=json.dumps(order),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    spent = processor_seconds(target.process) - before
    found = json.loads(told)
    took = np.array(found["milliseconds"])
    share = found["own"] / (os.cpu_count() or 1)
    return Load(
        target.name,
        connections,
        len(took),
        len(took) / max(found["wall"] - share, 1e-9),
        float(np.percentile(took, 50)),
        float(np.percentile(took, 95)),
        1000 * spent / len(took),
        resident_bytes(target.process),
    )


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
