"""Small work that is done again and again in every forum, in the server itself.

In: kinds of work, each with how often. Out: each done in each forum, by one thread. Unlike an
errand it never waits for a training run: what is due to a person is done at once. Several servers
of one store do no more together than one.
Not here: long work, which has a process of its own (background), what is done (questions,
follow_ups, revisiting).
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from triage import store
from triage.api.errands.marks import Marks
from triage.encode import Encoder
from triage.errors import TriageError
from triage.measuring.follow_ups import Sampling, draw_all
from triage.measuring.revisiting import find_returns
from triage.questions import sweep_forum
from triage.records import Forum

_log = logging.getLogger(__name__)
_LOOK_SECONDS = 1.0

Work = Callable[[store.Database, Forum, datetime], None]


@dataclass(frozen=True, slots=True)
class Round:
    """Work on one forum that is done every so often; it may raise a TriageError."""

    name: str
    every_seconds: float
    work: Work


class Rounds:
    """Goes its rounds as long as the server lives."""

    def __init__(
        self,
        database: Callable[[], store.Database],
        rounds: Sequence[Round],
        marks: Marks | None = None,
    ) -> None:
        self._database = database
        self._rounds = rounds
        self._marks = marks or Marks()
        for one in rounds:
            self._marks.due(one.name, one.every_seconds)
        self._next = {one.name: time.monotonic() + one.every_seconds for one in rounds}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="rounds")

    def start(self) -> None:
        """Begin; each round is gone first when its time has passed once."""
        self._thread.start()

    def stop(self) -> None:
        """End after the forum that is being worked on."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(_LOOK_SECONDS):
            for one in self._rounds:
                if time.monotonic() >= self._next[one.name]:
                    self._go(one)
                    self._next[one.name] = time.monotonic() + one.every_seconds

    def _go(self, one: Round) -> None:
        forums: Sequence[Forum] = ()
        with self._told(one):
            database = self._database()
            with database.read() as c:
                forums = store.list_forums(c)
        for forum in forums:
            if self._stopping.is_set():
                return
            # What is wrong in one forum keeps no other waiting.
            with self._told(one, forum.name):
                one.work(database, forum, datetime.now(UTC))
                self._marks.well(one.name, forum.name)

    @contextmanager
    def _told(self, one: Round, forum: str | None = None) -> Iterator[None]:
        """Tell what goes wrong, and go on: the next round may go well."""
        try:
            yield
        except TriageError as error:
            self._marks.failed(one.name, error.code, forum)
            _log.warning("round_waits round=%s code=%s", one.name, error.code)
        except Exception as error:
            self._marks.failed(one.name, type(error).__qualname__, forum)
            # Its message may quote what people wrote.
            _log.error("round_failed round=%s class=%s", one.name, type(error).__qualname__)


def sweep_round(every_seconds: float = 30.0) -> Round:
    """Return the round that gives to staff what has waited too long, and ends what is over."""
    return Round("sweep", every_seconds, _sweep)


def _sweep(database: store.Database, forum: Forum, now: datetime) -> None:
    with database.read() as c:
        if not store.is_any_due(c, forum.id, now):
            return
    done = sweep_forum(database, forum.id, now)
    _log.info(
        "swept forum=%s to_staff=%d reminded=%d closed=%d",
        forum.name,
        done.to_staff,
        done.reminded,
        done.closed,
    )


# Of batches: a quarter that nobody had drawn from must neither hold up the other rounds nor an end.
_DRAWN_AT_ONCE = 4


def follow_up_round(share: float, every_seconds: float = 300.0) -> Round:
    """Return the round that draws who is asked once more whether it helped."""

    def work(database: store.Database, forum: Forum, now: datetime) -> None:
        drawn = draw_all(database, forum.id, Sampling(share), now, _DRAWN_AT_ONCE)
        if drawn:
            _log.info("follow_ups_drawn forum=%s asks=%d", forum.name, drawn)

    return Round("follow_ups", every_seconds, work)


def returns_round(
    encoder_of: Callable[[Forum], Encoder | None], every_seconds: float = 3600.0
) -> Round:
    """Return the round that finds what was filed or posted that comes back to an ask."""

    def work(database: store.Database, forum: Forum, now: datetime) -> None:
        done = find_returns(database, forum.id, encoder_of(forum), now)
        if done.cases or done.threads or done.questions:
            counts = (done.cases, done.threads, done.questions)
            _log.info("returns forum=%s cases=%d threads=%d questions=%d", forum.name, *counts)

    return Round("returns", every_seconds, work)
