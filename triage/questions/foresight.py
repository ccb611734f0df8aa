"""A forum's history -> how long a question will wait, and what to ask its asker for.

In: the store, a question with its labels and decision. Out: the expected time to a first answer,
and the one or two pieces that are worth asking for. What is learnt is some minutes old at most.
Not here: the arithmetic (lifecycle), the sentences (phrases).
"""

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from triage import store
from triage.costs import Costs
from triage.errors import TriageError
from triage.lifecycle import (
    Asking,
    Expected,
    Lacked,
    Piece,
    Posted,
    Wait,
    Waits,
    Worth,
    ask_back,
    given,
    learn_waits,
)
from triage.lifecycle.missing import History
from triage.records import Decision, Destination, Label, Labels, Question, Reason, Stage, Target

_log = logging.getLogger(__name__)
LOOKS_BACK = timedelta(days=365)
_FRESH_SECONDS = 600.0
READ_WHILE_TYPING = 4_000
_LEARN_AGAIN = timedelta(hours=1)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Known:
    waits: Waits
    lacks: Sequence[store.LackRow]
    at: float


class Foresight:
    """What a forum's history says of its next questions.

    It is learnt with the first call and in a thread of its own from then on: nobody waits for it.
    """

    def __init__(self, database: store.Database, forum_id: int) -> None:
        self._database = database
        self._forum_id = forum_id
        self._known: _Known | None = None
        self._learning = threading.Lock()

    def warm(self) -> None:
        """Learn now instead of with the first call. Raises StoreUnavailable."""
        self._now()

    def of(
        self, question: Question, labels: Labels, decision: Decision, costs: Costs | None = None
    ) -> tuple[float | None, tuple[Reason, ...]]:
        """Return the seconds until half of such drafts are answered, and what to ask for now.

        A long text is read for what it lacks when it is submitted, not with every keystroke.
        """
        known = self._now()
        expected = known.waits.expect(decision.destination, _said(labels, Target.TOPIC))
        half = None if expected.half is None else expected.half.total_seconds()
        if question.stage is Stage.TYPING and len(question.body) > READ_WHILE_TYPING:
            return half, ()
        kind, topic = _said(labels, Target.KIND), _said(labels, Target.TOPIC)
        asking = Asking(
            kind,
            Worth.of(costs or Costs()),
            _levels(known.lacks, kind, topic),
            # Where no cost was weighed, a rule decided, and nothing told later would move it.
            settled=decision.cut is None,
        )
        return half, tuple(one.reason for one in ask_back(given(question), asking))

    def expect(self, question: Posted, topic: str | None, now: datetime) -> Expected:
        """Return when a question that has no answer yet may have one, as far as is known."""
        waits = self._now().waits
        return waits.expect(
            question.destination, topic, max(timedelta(0), now - question.received_at)
        )

    def waits(self) -> Waits:
        """Return what is known of waiting."""
        return self._now().waits

    def _now(self) -> _Known:
        known = self._known
        if known is None:
            return self._learn()
        if time.monotonic() - known.at > _FRESH_SECONDS and self._learning.acquire(blocking=False):
            threading.Thread(target=self._learn_again, name="foresight", daemon=True).start()
        return known

    def _learn(self) -> _Known:
        now = datetime.now(UTC)
        with self._database.read() as c:
            waits = learn_forum_waits(c, self._forum_id, now)
            lacks = store.question_lacks(c, self._forum_id, now - LOOKS_BACK)
        self._known = _Known(waits, lacks, time.monotonic())
        return self._known

    def _learn_again(self) -> None:
        try:
            self._learn()
        except TriageError as error:
            _log.warning("not_learnt_of_waiting code=%s", error.code)
        finally:
            self._learning.release()


def learn_forum_waits(c: store.Connection, forum_id: int, now: datetime) -> Waits:
    """Return what the last year says of waiting: questions, and before there were any, cases."""
    where = (c, forum_id, now - LOOKS_BACK, now)
    rows = [*store.question_waits(*where), *store.case_waits(*where)]
    return learn_waits(
        Wait(Destination(to), topic, seconds, hit) for to, topic, seconds, hit in rows
    )


def keep_learned(database: store.Database, forum_id: int, now: datetime) -> None:
    """Keep by when a topic's questions are usually answered, where that was not done lately."""
    with database.read() as c:
        learned_at = store.get_question_rules(c, forum_id).learned_at
        if learned_at is not None and now - learned_at < _LEARN_AGAIN:
            return
        waits = learn_forum_waits(c, forum_id, now)
    learned = {topic: wait / _HOUR for topic, wait in waits.learned_limits().items()}
    with database.write() as c:
        store.note_learned_waits(c, forum_id, learned, now)


def _levels(
    rows: Iterable[store.LackRow], kind: str | None, topic: str | None
) -> tuple[History, ...]:
    """Count what was lacking, and asked for, in the forum, of this kind, of this topic."""
    every = list(rows)
    of_kind = [row for row in every if kind is not None and row.kind == kind]
    of_topic = [row for row in of_kind if topic is not None and row.topic == topic]
    return tuple(_count(level) for level in (every, of_kind, of_topic) if level)


def _count(rows: Iterable[store.LackRow]) -> History:
    cases: defaultdict[Piece, int] = defaultdict(int)
    asked: defaultdict[Piece, int] = defaultdict(int)
    moved: defaultdict[Piece, int] = defaultdict(int)
    for row in rows:
        for piece in Piece:
            if piece in row.lacks:
                wanted = f"ask_{piece}" in row.asked
                cases[piece] += 1
                asked[piece] += wanted
                moved[piece] += wanted and row.moved
    return {piece: Lacked(cases[piece], asked[piece], moved[piece]) for piece in cases}


def _said(labels: Labels, target: Target) -> str | None:
    label = labels.get(target, Label())
    return None if label.abstained or label.value is None else str(label.value)
