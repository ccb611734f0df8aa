"""A large forum imported: whole, killed and continued, unchanged, and after a few changes.

    python -m benchmarks.importing --topics 100000

Serves a site that speaks like Discourse from a process of its own, and imports it with the command
that everybody uses (`python -m triage import discourse`), into a store in a temporary folder
(`--folder` for another place). Prints a table: seconds, requests to the site, rows written or
removed in the store, and how many transactions wrote anything. The encoder is `hashing` unless
another is named: what an encoder takes is measured in docs/encoder.md.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import Process, Queue
from pathlib import Path
from typing import Any

from benchmarks.discourse_site import KEY, USER, Category, Site, serving, topic_of
from triage import store
from triage.channels import new_channel
from triage.records import ChannelKind
from triage.settings import Settings

FORUM = "bench"
_CHANGED = 100
_CATEGORIES = 8
_TABLES = (
    *("forums", "threads", "answers", "units", "vectors", "removed_threads"),
    *("sources", "source_items", "incoming", "audit"),
)


@dataclass(frozen=True)
class Run:
    """What one run of the command took and did."""

    name: str
    seconds: float
    requests: int
    written: int
    removed: int
    commits: int
    threads: int


def main() -> None:
    """Import again and again, and print what that took."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--topics", type=int, default=100_000)
    parser.add_argument("--encoder", default="hashing")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name, _site(options.topics) as site:
        folder = Path(name)
        environment = _environment(folder, options.encoder)
        channel = _channel(folder, site.address)
        runs = list(_runs(folder, environment, channel, site, options.topics))
    _show(runs)


@dataclass
class _Served:
    """The site in its process."""

    address: str

    def changed(self, count: int) -> None:
        """Have so many topics changed: answered, deleted, or moved out of sight."""
        _asked(f"{self.address}/_change/{count}")

    def requests(self) -> int:
        """Return how many requests there were since this was asked last."""
        return int(json.loads(_asked(f"{self.address}/_asked"))["count"])


def _asked(url: str) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(url, headers=_HEADERS)) as reply:
        found: bytes = reply.read()
        return found


_HEADERS = {"Api-Key": KEY, "Api-Username": USER}


@contextmanager
def _site(topics: int) -> Iterator[_Served]:
    ready: Queue[str] = Queue()
    process = Process(target=_serve, args=(topics, ready), daemon=True)
    process.start()
    try:
        yield _Served(ready.get(timeout=600))
    finally:
        process.kill()
        process.join()


def _serve(topics: int, ready: "Queue[str]") -> None:
    site = Site(categories={n: Category(n, f"area-{n}") for n in range(1, _CATEGORIES + 1)})
    for number in range(1, topics + 1):
        category = 1 + number % _CATEGORIES
        site.topics[number] = topic_of(number, category, answers=1 + number % 3)
    site.before = lambda path: _control(site, path)
    with serving(site):
        ready.put(site.address)
        time.sleep(1_000_000)


def _control(site: Site, path: str) -> None:
    """Do what the benchmark asks of the site besides."""
    if path.startswith("/_asked"):
        count = sum(n for name, n in site.asked.items() if not name.startswith("/_"))
        site.asked.clear()
        site.raw["/_asked"] = json.dumps({"count": count}).encode()
    if path.startswith("/_change/"):
        site.raw[path] = b"{}"
        numbers = sorted(site.topics)
        step = max(1, len(numbers) // int(path.rsplit("/", 1)[-1]))
        for place, number in enumerate(numbers[::step][:_CHANGED]):
            if place % 10 == 9:
                site.change(number, gone=True)
            else:
                site.answer(number, f"<p>Since version {place} there is a switch for that.</p>")


def _environment(folder: Path, encoder: str) -> dict[str, str]:
    ours = {
        "TRIAGE_DATA_DIR": str(folder),
        "TRIAGE_MODELS_DIR": str(folder / "models"),
        "TRIAGE_ENCODER": encoder,
        "TRIAGE_OUTBOUND_ALLOWED": "127.0.0.1",
        "TRIAGE_DATABASE_URL": "",
    }
    os.environ.update(ours)
    return {**os.environ}


def _channel(folder: Path, address: str) -> str:
    settings = Settings()
    with closing(store.Database(settings.store_url)) as database, database.write() as c:
        forum = store.ensure_forum(c, FORUM)
        opened = new_channel(
            forum,
            settings.person_key,
            kind=ChannelKind.DISCOURSE,
            name="Forum",
            address=address,
            at=datetime.now(UTC),
            secrets={"api_key": KEY, "api_user": USER},
        )
        store.put_channel(c, forum.id, opened.row)
    return opened.row.channel_id


def _runs(
    folder: Path, environment: dict[str, str], channel: str, site: _Served, topics: int
) -> Iterator[Run]:
    command = [sys.executable, "-m", "triage", "import", "discourse"]
    command += ["--channel", channel, "--forum", FORUM]
    watch = _Watch(_database(folder), site)
    yield watch.run(f"first, killed after {topics // 3:,}", command, environment, topics // 3)
    yield watch.run("continued to its end", command, environment)
    yield watch.run("again, unchanged", command, environment)
    yield watch.run("again, unchanged, whole", [*command, "--whole"], environment)
    site.changed(_CHANGED)
    yield watch.run(f"after {_CHANGED} changes", command, environment)
    yield watch.run("the same, whole (what is gone)", [*command, "--whole"], environment)
    yield watch.run("again, unchanged, whole", [*command, "--whole"], environment)


def _database(folder: Path) -> Path:
    (path,) = folder.glob("*.db")
    return path


class _Watch:
    """Runs the command and sees what it did to the store."""

    def __init__(self, path: Path, site: _Served) -> None:
        self._path = path
        self._site = site
        self._before = self._rows()

    def run(
        self, name: str, command: list[str], environment: dict[str, str], killed_at: int = 0
    ) -> Run:
        """Run it, to its end or until so many threads are kept."""
        with closing(sqlite3.connect(self._path)) as connection:
            before, began = _version(connection), time.perf_counter()
            commits = 0
            process = subprocess.Popen(
                command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            while process.poll() is None:
                time.sleep(0.02)
                now = _version(connection)
                commits, before = commits + (now != before), now
                if killed_at and _threads(connection) >= killed_at:
                    process.send_signal(signal.SIGKILL)
                    process.wait()
            seconds = time.perf_counter() - began
            commits += _version(connection) != before
            if not killed_at and process.returncode != 0:
                raise SystemExit(f"{name}: the command ended with {process.returncode}")
            after = self._rows()
            threads = _threads(connection)
        written, removed = len(after - self._before), len(self._before - after)
        self._before = after
        run = Run(name, seconds, self._site.requests(), written, removed, commits, threads)
        print(json.dumps(run.__dict__), flush=True)  # noqa: T201
        return run

    def _rows(self) -> set[int]:
        """Return a number for each row of what an import may write."""
        with closing(sqlite3.connect(self._path)) as connection:
            there = {n for (n,) in connection.execute("SELECT name FROM sqlite_master")}
            return {
                hash((table, *row))
                for table in _TABLES
                if table in there
                for row in connection.execute(f"SELECT * FROM {table}")
            }


def _version(connection: sqlite3.Connection) -> int:
    found: tuple[int] = connection.execute("PRAGMA data_version").fetchone()
    return found[0]


def _threads(connection: sqlite3.Connection) -> int:
    found: tuple[int] = connection.execute("SELECT count(*) FROM threads").fetchone()
    return found[0]


def _show(runs: list[Run]) -> None:
    print("| run | seconds | requests | rows written | rows replaced or removed | threads |")  # noqa: T201
    print("| --- | --- | --- | --- | --- | --- |")  # noqa: T201
    for run in runs:
        cells: list[Any] = [run.name, f"{run.seconds:.1f}", f"{run.requests:,}"]
        cells += [f"{run.written:,}", f"{run.removed:,}", f"{run.threads:,}"]
        print("| " + " | ".join(map(str, cells)) + " |")  # noqa: T201


if __name__ == "__main__":
    main()
