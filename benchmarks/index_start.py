"""How long a start takes: the index built from the store, and opened from a snapshot of it.

In: forums of several sizes, their texts drawn from the words of the sample, with the hashing
encoder: its vectors are read from the store as those of any other. Out: seconds of processor and
of clock for building, writing a snapshot, opening it, following one thread and ten thousand; bytes
on disk and resident memory after a fresh process has opened it.

`python -m benchmarks.index_start --threads 10000 100000`
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from benchmarks.freshness import made_threads
from triage import store
from triage.embedding import embed_units
from triage.encode import HashingEncoder
from triage.knowledge import Knowledge
from triage.records import Answer, Thread
from triage.snapshots import Shelf
from triage.streams import chunks
from triage.text import digest, units_of

_MANY = 10_000
T = TypeVar("T")


def main() -> None:
    """Measure and print a row per size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, nargs="*", default=[10_000])
    parser.add_argument("--resident", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.resident is not None:
        knowledge = _knowledge(chosen.resident)
        knowledge.sync()
        sys.stdout.write(f"{_resident()}\n")
        return
    sys.stdout.write("threads  step                     processor s  clock s\n")
    for count in chosen.threads:
        with tempfile.TemporaryDirectory(prefix="index-start-") as name:
            _measure(count, Path(name))


def _measure(count: int, folder: Path) -> None:
    rows = made_threads(count + _MANY + 1)
    threads = [_thread(row) for row in rows]
    _keep(folder, threads[:count])
    built = _told(count, "built and saved", lambda: _synced(folder))
    saved = built.state()
    built.close()
    opened = _told(count, "opened from the snapshot", lambda: _synced(folder))
    _keep(folder, threads[count : count + 1])
    _told(count, "followed by one thread", opened.sync)
    _keep(folder, threads[count + 1 :])
    opened.close()
    late = _told(count, f"opened, {_MANY} behind", lambda: _synced(folder))
    assert late.verify()
    late.close()
    command = [sys.executable, "-m", "benchmarks.index_start", "--resident", str(folder)]
    resident = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    shelf = Shelf(folder / "index", "demo").newest()
    disk = shelf.bytes / 1e6 if shelf is not None else 0.0
    sys.stdout.write(
        f"{count:>7}  on disk {disk:.0f} MB, resident {resident} MB of which mapped pages and"
        f" Python; index in {saved['index_in']}, load {os.getloadavg()[0]:.1f}\n"
    )


def _synced(folder: Path) -> Knowledge:
    knowledge = _knowledge(folder)
    knowledge.sync()
    return knowledge


def _knowledge(folder: Path) -> Knowledge:
    database = store.Database(store.sqlite_url(folder / "triage.db"))
    with database.write() as c:
        forum = store.ensure_forum(c, "demo")
    shelf = Shelf(folder / "index", "demo")
    return Knowledge(database, forum.id, HashingEncoder(), shelf=shelf)


def _keep(folder: Path, threads: list[Thread]) -> None:
    """Keep threads and their vectors, as they are: redacting them is not what is measured."""
    database = store.Database(store.sqlite_url(folder / "triage.db"))
    with database.write() as c:
        forum = store.ensure_forum(c, "demo")
    for group in chunks(threads, 1000):
        units = {t.id: units_of(t) for t in group}
        every = [u for us in units.values() for u in us]
        embed_units(database, forum.id, HashingEncoder(), every)
        with database.write() as c:
            store.put_threads(c, forum.id, group, store.next_revision(c, forum.id))
            for name, own in units.items():
                rows = [(u.kind, u.answer_id, digest(u.text)) for u in own]
                store.put_units(c, forum.id, name, rows)
    database.close()


def _thread(row: dict[str, object]) -> Thread:
    answer = Answer("a", str(row["answer"]), accepted=True)
    title, body = str(row["title"]), str(row["body"])
    return Thread(str(row["id"]), title, body, (answer,), solved=True, lang="en")


def _told(count: int, step: str, act: Callable[[], T]) -> T:
    processor, clock = time.process_time(), time.perf_counter()
    found = act()
    spent = time.process_time() - processor, time.perf_counter() - clock
    sys.stdout.write(f"{count:>7}  {step:<24} {spent[0]:>8.2f}     {spent[1]:>8.2f}\n")
    sys.stdout.flush()
    return found


def _resident() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) // 1024
    return 0


if __name__ == "__main__":
    main()
