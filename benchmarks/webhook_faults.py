"""Webhooks over a bad hour: what was told, what arrived, what twice, what out of order.

    python -m benchmarks.webhook_faults --messages 2000 --speed 20

Real processes: one that delivers, which is killed (-9) again and again, and receivers that are
steady, slow, lying (200 with garbage), flaky (a fifth refused, a tenth taken without a word), down
for an hour, and gone (410) until somebody enables the channel again. Only the clock is not real: it
runs `--speed` times faster. Messages come over an hour and a half of it, of questions drawn by
chance. Prints a line of JSON for each receiver and ends with 1 if anything was lost or came first
in another order than it happened.

`repeats` are messages that arrived more than once, each time with the same id; `late_repeats` are
those of them that came once more behind a later one of their question.
"""

import json
import random
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.sets import ROOT
from benchmarks.webhook_delivering import fast_clock
from triage import store
from triage.channels import new_channel
from triage.records import ChannelKind, DeliveryState, Forum, MessageType

_HOUR = timedelta(hours=1)
_MODES = {"down": "steady"}
RECEIVERS = ("steady", "slow", "lying", "flaky", "down", "gone")
_PATIENCE = timedelta(hours=4)


@dataclass
class Receiver:
    """One receiver: its process, while it has one, and what it has written down."""

    name: str
    log: Path
    speed: float
    port: int = 0
    process: "subprocess.Popen[str] | None" = None
    channel_id: str = ""

    def begin(self, mode: str | None = None) -> None:
        """Have it listen, where it did before."""
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "benchmarks.webhook_receiver"),
                mode or _MODES.get(self.name, self.name),
                *("--log", str(self.log), "--port", str(self.port)),
                *("--slow-seconds", str(10 / self.speed)),
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def end(self) -> None:
        """Be gone from one moment to the next."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def received(self) -> list[tuple[str, str, int, float]]:
        """Return id, question, number and moment of what arrived."""
        found = [line.split() for line in self.log.read_text().splitlines()]
        return [(one[0], one[1], int(one[2]), float(one[3])) for one in found]


@dataclass
class Trial:
    """Everything of one run."""

    folder: Path
    speed: float
    began: float = field(default_factory=time.time)
    key: bytes = field(default_factory=lambda: secrets.token_hex(16).encode())
    told: dict[str, list[str]] = field(default_factory=dict)
    kills: int = 0
    process: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        """Open a store of its own."""
        self.now: Callable[[], datetime] = fast_clock(self.began, self.speed)
        self.database = store.Database(store.sqlite_url(self.folder / "triage.db"))
        with self.database.write() as c:
            self.forum: Forum = store.ensure_forum(c, "faults")

    def add(self, receiver: Receiver) -> None:
        """Make a channel to a receiver."""
        opened = new_channel(
            self.forum,
            self.key,
            kind=ChannelKind.WEBHOOK,
            name=receiver.name,
            address=f"http://127.0.0.1:{receiver.port}/hook",
            at=self.now(),
        )
        receiver.channel_id = opened.row.channel_id
        with self.database.write() as c:
            store.put_channel(c, self.forum.id, opened.row)

    def tell(self, question_id: str) -> None:
        """Have something happen to a question."""
        ids = self.told.setdefault(question_id, [])
        message = store.Message(
            type=MessageType.ANSWERED,
            stream=question_id,
            at=self.now(),
            data={"question_id": question_id, "number": len(ids)},
            question_id=question_id,
        )
        with self.database.write() as c:
            store.post_message(c, self.forum.id, message)
        ids.append(message.message_id)

    def begin(self) -> None:
        """Have a process deliver."""
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "benchmarks.webhook_delivering"),
                *("--data", str(self.folder), "--key", self.key.decode()),
                *("--began", str(self.began), "--speed", str(self.speed)),
            ],
            cwd=ROOT,
        )

    def kill(self) -> None:
        """Kill it, whatever it is doing."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.kills += 1

    def counts(self) -> Mapping[str, Mapping[DeliveryState, int]]:
        """Return how many deliveries are in which state, by channel."""
        with self.database.read() as c:
            return store.count_deliveries(c, self.forum.id)

    def enable(self, channel_id: str) -> None:
        """Have a channel used again."""
        with self.database.write() as c:
            store.enable_channel(c, self.forum.id, channel_id, self.now())


def main() -> None:
    """Run, print, judge."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--speed", type=float, default=20.0)
    parser.add_argument("--kill-every", type=float, default=15.0, help="seconds of the real clock")
    chosen = parser.parse_args()
    # Told to end, it ends what it has begun.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    with tempfile.TemporaryDirectory(prefix="triage-faults-") as folder:
        trial = Trial(Path(folder), chosen.speed)
        receivers = [Receiver(n, Path(folder) / f"{n}.log", chosen.speed) for n in RECEIVERS]
        with _listening(receivers):
            for receiver in receivers:
                receiver.log.touch()
                trial.add(receiver)
            try:
                _live(trial, receivers, chosen.messages, chosen.questions, chosen.kill_every)
            finally:
                trial.kill()
            found = [_judged(trial, receiver) for receiver in receivers]
        trial.database.close()
    for line in found:
        print(json.dumps(line), flush=True)  # noqa: T201
    sys.exit(any(line["lost"] or line["out_of_order"] or line["unknown"] for line in found))


@contextmanager
def _listening(receivers: Sequence[Receiver]) -> Iterator[None]:
    try:
        for receiver in receivers:
            receiver.begin()
            if receiver.name == "down":
                receiver.end()
        yield
    finally:
        for receiver in receivers:
            receiver.end()


def _live(
    trial: Trial, receivers: Sequence[Receiver], messages: int, questions: int, every: float
) -> None:
    """Tell messages over an hour and a half, and let everything go wrong meanwhile."""
    chance = random.Random(11)
    by_name = {receiver.name: receiver for receiver in receivers}
    moments = sorted(chance.random() * 1.5 for _ in range(messages))
    began, next_kill = trial.now(), time.monotonic() + every
    back, after = False, iter(moments)
    due = next(after, None)
    trial.begin()
    while True:
        passed = (trial.now() - began) / _HOUR
        while due is not None and due <= passed:
            trial.tell(f"q{chance.randrange(questions)}")
            due = next(after, None)
        if not back and passed >= 1.0:
            back = True
            by_name["down"].begin()
            by_name["gone"].end()
            by_name["gone"].begin("steady")
            trial.enable(by_name["gone"].channel_id)
        if due is not None and time.monotonic() >= next_kill:
            trial.kill()
            trial.begin()
            next_kill = time.monotonic() + every
        if due is None and _is_over(trial, began):
            return
        time.sleep(0.05 if due is not None else 0.5)


def _is_over(trial: Trial, began: datetime) -> bool:
    waiting = any(DeliveryState.PENDING in states for states in trial.counts().values())
    return not waiting or trial.now() - began > _PATIENCE


def _judged(trial: Trial, receiver: Receiver) -> dict[str, Any]:
    """Compare what was told with what arrived."""
    told = {one for ids in trial.told.values() for one in ids}
    received = receiver.received()
    last: dict[str, int] = {}
    seen: set[str] = set()
    out_of_order = late = 0
    for message_id, question_id, number, _ in received:
        if message_id in seen:
            late += number < last[question_id]
            continue
        seen.add(message_id)
        out_of_order += number != last.get(question_id, -1) + 1
        last[question_id] = max(number, last.get(question_id, -1))
    states = trial.counts().get(receiver.channel_id, {})
    return {
        "receiver": receiver.name,
        "told": len(told),
        "received": len(received),
        "lost": len(told - seen),
        "unknown": len(seen - told),
        "repeats": len(received) - len(seen),
        "out_of_order": out_of_order,
        "late_repeats": late,
        "kills": trial.kills - 1,
        "states": {state.value: count for state, count in states.items()},
    }


if __name__ == "__main__":
    main()
