"""How many webhooks a second, and what they cost whoever asks at the same moment.

    python -m benchmarks.webhooks --rate 1000 --rounds 6 --seconds 10

A server with the sample's threads, the process that it starts to deliver, a receiver that is a
process of its own, and somebody who asks `/v1/triage` so many times a second, on whatever cores
there are. Windows with deliveries (`--rate` of them due each second) and without take turns, so
that what else is going on on the machine meets both alike. Then as many at once as there were in
all, of questions with four each, as fast as it goes. Prints one JSON object: milliseconds of the
replies in both kinds of windows and their ratios, how many arrived a second and how late, and how
much of a core each process took. Processor time is read from /proc, on Linux alone.
"""

import argparse
import http.client
import json
import os
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks.installing import install_sample
from benchmarks.sets import ROOT
from benchmarks.short_questions import SHORT_QUESTIONS
from triage import store
from triage.channels import new_channel
from triage.records import ChannelKind, Forum, MessageType

_FORUM = "hooks"
# What spills over from the window before is no window's.
_EDGE_SECONDS = 2.0
# In steps, and with a pause after each: a writer that never pauses keeps all others out.
_BATCH, _PAUSE_SECONDS = 200, 0.02
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Bench:
    """A store, what it is served and delivered by, and who receives."""

    database: store.Database
    forum: Forum
    channel_id: str
    log: Path
    url: str
    key: str
    processes: Mapping[str, int]

    def post(self, dues: Sequence[datetime], each: int, mark: str) -> None:
        """Have so many messages be due, of questions with so many each."""
        for start in range(0, len(dues), _BATCH):
            with self.database.write() as c:
                for n in range(start, min(start + _BATCH, len(dues))):
                    question = f"{mark}{n // each}"
                    message = store.Message(
                        type=MessageType.ANSWERED,
                        stream=question,
                        at=dues[n],
                        data={"question_id": question, "number": n, "state": "answered"},
                        question_id=question,
                    )
                    store.post_message(c, self.forum.id, message)
            time.sleep(_PAUSE_SECONDS)

    def received(self, mark: str) -> list[tuple[int, float]]:
        """Return number and moment of what has arrived of a mark."""
        lines = (line.split() for line in self.log.read_text().splitlines())
        return [(int(one[2]), float(one[3])) for one in lines if one[1].startswith(mark)]

    def spent(self) -> dict[str, float]:
        """Return the seconds of processor time that each process has taken."""
        found = dict(self.processes)
        child = _child_of(found["server"])
        if child is not None:
            found["deliver"] = child
        return {name: _processor_seconds(process) for name, process in found.items()}


class Asker:
    """Asks so many times a second, however long a reply takes."""

    def __init__(self, bench: Bench, rate: float) -> None:
        self.took: list[tuple[float, float]] = []
        self._bench, self._rate = bench, rate
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Asker":
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End after the reply that is waited for."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        host = self._bench.url.removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=60)
        headers = {
            "Authorization": f"Bearer {self._bench.key}",
            "Content-Type": "application/json",
        }
        due, titles = time.time(), cycle(SHORT_QUESTIONS)
        while not self._stop.wait(max(due - time.time(), 0.0)):
            body = json.dumps({"title": next(titles), "body": ""})
            began = time.perf_counter()
            connection.request("POST", "/v1/triage", body, headers)
            reply = connection.getresponse()
            reply.read()
            assert reply.status == 200, reply.status
            self.took.append((due, (time.perf_counter() - began) * 1000))
            # One that comes late does not have the next ones come all at once.
            due = max(due + 1 / self._rate, time.time())
        connection.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--asks", type=float, default=10.0, help="drafts a second")
    chosen = parser.parse_args()
    # Told to end, it ends what it has begun.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    with tempfile.TemporaryDirectory(prefix="triage-hooks-") as folder, _bench(Path(folder)) as b:
        found = _side_by_side(b, chosen.rate, chosen.rounds, chosen.seconds, chosen.asks)
        found["at_once"] = _at_once(b, chosen.rate * chosen.rounds * int(chosen.seconds))
    print(json.dumps(found, indent=1))  # noqa: T201


def _side_by_side(
    bench: Bench, rate: int, rounds: int, seconds: float, asks: float
) -> dict[str, Any]:
    # The process that delivers is there when something has arrived.
    bench.post([datetime.now(UTC)], 1, "first")
    while not bench.received("first"):
        time.sleep(0.5)
    each = int(rate * seconds)
    offsets = [2 * seconds * n + place / rate for n in range(rounds) for place in range(each)]
    began = time.perf_counter()
    far = datetime.now(UTC) + timedelta(days=1)
    bench.post([far] * _BATCH, 1, "trial")
    per = (time.perf_counter() - began) / _BATCH
    base = time.time() + per * len(offsets) * 1.5 + 10
    dues = [base + offset for offset in offsets]
    bench.post([datetime.fromtimestamp(due, UTC) for due in dues], 1, "paced")
    if time.time() > base - 2:
        raise RuntimeError("posting took too long: the machine is too busy to measure")
    with Asker(bench, asks) as asker:
        time.sleep(base - time.time())
        spent = _windows(bench, base, rounds, seconds)
    lags = [(at - dues[number]) * 1000 for number, at in bench.received("paced")]
    took = {
        kind: _within(asker.took, base, seconds, kind == "with") for kind in ("with", "without")
    }
    told = {kind: _spread(values) for kind, values in took.items()}
    return {
        "rate": rate,
        "asks": {kind: len(values) for kind, values in took.items()},
        "reply_ms": told,
        "ratio": {name: round(told["with"][name] / told["without"][name], 3) for name in _SHARES},
        "due": len(dues),
        "arrived": len(lags),
        "lag_ms": _spread(lags),
        "cores_with": spent["with"],
        "cores_without": spent["without"],
    }


def _windows(bench: Bench, base: float, rounds: int, seconds: float) -> dict[str, dict[str, float]]:
    """Live through the windows; return how much of a core each process took in either kind."""
    sums: dict[str, dict[str, float]] = {"with": {}, "without": {}}
    before = bench.spent()
    for n in range(2 * rounds):
        time.sleep(max(base + (n + 1) * seconds - time.time(), 0))
        after, kind = bench.spent(), "without" if n % 2 else "with"
        for name, value in after.items():
            sums[kind][name] = sums[kind].get(name, 0.0) + value - before.get(name, value)
        before = after
    return {
        kind: {name: round(value / (rounds * seconds), 3) for name, value in spent.items()}
        for kind, spent in sums.items()
    }


def _within(
    took: Sequence[tuple[float, float]], base: float, seconds: float, with_: bool
) -> list[float]:
    found = []
    for due, milliseconds in took:
        window, inside = divmod(due - base, seconds)
        if due >= base and inside >= _EDGE_SECONDS and (window % 2 == 0) is with_:
            found.append(milliseconds)
    return found


def _at_once(bench: Bench, count: int) -> dict[str, float]:
    """Deliver a backlog; return how many a second once it goes, and the cores that this takes."""
    # Due together in a moment, so that posting them is over when they are.
    began = time.perf_counter()
    bench.post([datetime.now(UTC) + timedelta(days=1)] * _BATCH, 4, "more")
    per = (time.perf_counter() - began) / _BATCH
    due = datetime.now(UTC) + timedelta(seconds=per * count * 1.5 + 5)
    bench.post([due] * count, 4, "backlog")
    time.sleep(max(due.timestamp() - time.time(), 0))
    before = bench.spent()
    while len(bench.received("backlog")) < count:
        time.sleep(1.0)
    after = bench.spent()
    moments = sorted(at for _, at in bench.received("backlog"))
    took = moments[-1] - moments[0]
    cores = {name: round((after[name] - before[name]) / took, 3) for name in after}
    return {"messages": count, "per_second": round(count / took), **cores}


_SHARES = ("p50", "p95", "p99", "mean")


def _spread(values: Sequence[float]) -> dict[str, float]:
    shares = statistics.quantiles(values, n=100)
    found = (shares[49], shares[94], shares[98], statistics.fmean(values))
    return dict(zip(_SHARES, (round(value, 2) for value in found), strict=True))


@contextmanager
def _bench(folder: Path) -> Iterator[Bench]:
    installation_key = secrets.token_hex(16)
    environment = {
        **os.environ,
        "TRIAGE_DATA_DIR": str(folder),
        "TRIAGE_DATABASE_URL": "",
        "TRIAGE_INSTALLATION_KEY": installation_key,
        "TRIAGE_OUTBOUND_ALLOWED": "127.0.0.1",
        "TRIAGE_LOG_LEVEL": "warning",
        "TRIAGE_HOLDOUT": "0",
    }
    key = install_sample(environment, _FORUM)
    log = folder / "received.log"
    log.touch()
    receive = ("-m", "benchmarks.webhook_receiver", "steady", "--log", str(log))
    with _said(receive, environment) as (port, receiver):
        database = store.Database(store.sqlite_url(folder / "triage.db"))
        with database.read() as c:
            forum = store.get_forum(c, _FORUM)
        opened = new_channel(
            forum,
            installation_key.encode(),
            kind=ChannelKind.WEBHOOK,
            name="receiver",
            address=f"http://127.0.0.1:{port}/hook",
            at=datetime.now(UTC),
        )
        with database.write() as c:
            store.put_channel(c, forum.id, opened.row)
        serve = ("serve.py", "--host", "127.0.0.1", "--port", "0")
        with _said(serve, environment) as (said, server):
            processes = {"server": server, "receiver": receiver}
            url = said.removesuffix("/docs")
            yield Bench(database, forum, opened.row.channel_id, log, url, key, processes)
        database.close()


@contextmanager
def _said(words: Sequence[str], environment: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Run a process of Python; give the first line that it says, and its id."""
    process = subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline().strip()
        if not said:
            raise RuntimeError("A process ended before it was ready; its reason stands above.")
        yield said, process.pid
    finally:
        process.terminate()
        process.communicate()


def _child_of(server: int) -> int | None:
    """Return the process that a server has for deliveries."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == server and b"deliver" in (folder / "cmdline").read_bytes().split(b"\0"):
                return int(folder.name)
        except OSError:
            continue
    return None


def _processor_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


if __name__ == "__main__":
    main()
