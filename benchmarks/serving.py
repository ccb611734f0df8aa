"""What a server costs with each encoder: seconds until it answers, and memory.

In: encoders by label. Out: numbers of several starts, the encoders taking turns. Every server has
a store of its own with the sample's threads, and no trained model. Memory is what Linux calls
VmRSS: on another system it is not measured.
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.ask_server import ask
from benchmarks.installing import install_sample
from benchmarks.sets import ROOT
from benchmarks.short_questions import SHORT_QUESTIONS

CALLS = 50
_FORUM = "bench"
_MIB = 1024  # /proc counts in KiB

# By label, then by what is measured: one number for every start.
Costs = dict[str, dict[str, list[float]]]
MEASURED = ("start seconds", "MiB after start", f"MiB after {CALLS} calls")


@dataclass(frozen=True, slots=True)
class _Installation:
    environment: Mapping[str, str]
    key: str


def measure_serving(encoders: Mapping[str, str], starts: int) -> Costs:
    """Start a server with each encoder in turn and ask it; return what it took."""
    found: Costs = {label: {name: [] for name in MEASURED} for label in encoders}
    with tempfile.TemporaryDirectory(prefix="triage-serving-") as folder:
        installed = {
            label: _install(Path(folder) / str(place), name)
            for place, (label, name) in enumerate(encoders.items())
        }
        for _ in range(starts):
            for label, installation in installed.items():
                for name, value in zip(MEASURED, _one_start(installation), strict=True):
                    found[label][name].append(value)
    return found


def _install(folder: Path, encoder: str) -> _Installation:
    environment = {
        **os.environ,
        "TRIAGE_DATA_DIR": str(folder),
        "TRIAGE_DATABASE_URL": "",
        "TRIAGE_ENCODER": encoder,
        "TRIAGE_LOG_LEVEL": "warning",
    }
    folder.mkdir()
    key = install_sample(environment, _FORUM)
    return _Installation(environment, key)


def _one_start(installation: _Installation) -> tuple[float, float, float]:
    started = time.perf_counter()
    with _served(installation) as (url, process_id):
        seconds = time.perf_counter() - started
        before = _resident_mib(process_id)
        for title in SHORT_QUESTIONS[:CALLS]:
            ask(url, installation.key, title, "")
        return seconds, before, _resident_mib(process_id)


@contextmanager
def _served(installation: _Installation) -> Iterator[tuple[str, int]]:
    process = subprocess.Popen(
        [sys.executable, "serve.py", "--host", "127.0.0.1", "--port", "0"],
        cwd=ROOT,
        env=dict(installation.environment),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        # The server says where it is once it has opened what it can; /ready says whether all is.
        url = process.stdout.readline().strip().removesuffix("/docs")
        if not url:
            raise RuntimeError("The server ended before it served; its reason stands above.")
        with urllib.request.urlopen(f"{url}/ready") as reply:
            reply.read()
        yield url, process.pid
    finally:
        process.terminate()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _resident_mib(process_id: int) -> float:
    status = Path(f"/proc/{process_id}/status")
    if not status.exists():
        return float("nan")
    lines = status.read_text(encoding="ascii").splitlines()
    kib = next(line.split()[1] for line in lines if line.startswith("VmRSS:"))
    return int(kib) / _MIB
