"""A forum whose asks were replied to by a model, as they are kept, and who reviews them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import insert

from tests.forum import SmallForum
from triage import store
from triage.answers.publishing import Publishing
from triage.audit.acting import Acting
from triage.embedding import space_of
from triage.encode import HashingEncoder, TextRole
from triage.kept import kept_labels, kept_words
from triage.records import Actor, ActorKind, Case, Label, Labels, Mode, Question, Stage, Target
from triage.redaction import NO_REDACTION
from triage.reviewing import Drawn, Reviewing, Wish, draw
from triage.store import ReviewReason, ReviewRow, ReviewState
from triage.store.batches import row_of
from triage.store.tables import base as tables
from triage.store.vectors import stored

DAY = timedelta(days=1)
# A Monday.
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
VERSION = "20260301-120000-aaaaaa"
EVA, IDA = Actor(ActorKind.USER, "eva@bikes.example"), Actor(ActorKind.USER, "ida@bikes.example")
ENCODER = HashingEncoder()


def said(sure: float = 0.95, kind: str = "bug", **more: Any) -> Labels:  # noqa: ANN401
    """Return labels of one sureness; below 0.8 they abstain."""
    silent = sure < 0.8
    labels = {
        Target.KIND: Label(kind, sure, (("problem", 1 - sure),), silent),
        Target.TOPIC: Label("gears", sure, (("bells", 1 - sure),), silent),
        Target.SEVERITY: Label("3", sure, (("2", 1 - sure),), silent),
        Target.DESTINATION: Label("community", sure, (("expert", 1 - sure),), silent),
    }
    return {**labels, **{Target(name): label for name, label in more.items()}}


@dataclass(frozen=True)
class World:
    """One forum, its queue, and who acts."""

    small: SmallForum
    numbers: Any = field(default_factory=count)

    @property
    def database(self) -> store.Database:
        return self.small.database

    @property
    def id(self) -> int:
        return self.small.forum.id

    def ask(
        self,
        words: str = "",
        labels: Labels | None = None,
        *,
        at: datetime = NOON - DAY,
        person: str | None = None,
        **facts: Any,  # noqa: ANN401
    ) -> str:
        """Keep an ask that was sent, and what was replied; return its id."""
        number = next(self.numbers)
        ask_id, title = f"a{number:04}", words or f"Part {number} of my number {number * 7} bike"
        question = Question(title, f"It is number {number}.", "en", person=person)
        ask = {
            "ask_id": ask_id,
            "person": person,
            "lang": "en",
            "test": False,
            "simulated": False,
            "opened_at": at,
            "last_at": at,
            "submitted_at": at,
            **facts,
        }
        reply = {
            "suggestions": [],
            "decision": {"destination": "community", "decided_by": None},
            "labels": kept_labels(said() if labels is None else labels),
        }
        told = kept_words(question)
        row = store.TriageRow(
            *(f"t{number:04}", ask_id, None, Stage.SUBMIT, at, told, reply, VERSION, "1"),
            Mode.HYBRID,
        )
        (vector,) = ENCODER.encode([question.text], TextRole.QUERY)
        space = space_of(ENCODER, TextRole.QUERY)
        lies = {"ask_id": ask_id, "encoder_id": space, "vector": stored(vector), "at": at}
        with self.database.write() as c:
            for table, kept in (
                (tables.asks, ask),
                (tables.triages, row_of(row)),
                (tables.ask_vectors, lies),
            ):
                c.execute(insert(table), [{"forum_id": self.id, **kept}])
        return ask_id

    def asks(self, many: int, **more: Any) -> list[str]:  # noqa: ANN401
        return [self.ask(**more) for _ in range(many)]

    def draw(self, now: datetime = NOON, **wish: Any) -> Drawn:  # noqa: ANN401
        parts = self.small.desk().parts()
        return draw(self.database, self.small.forum, parts, Wish(**wish), now)

    def rows(
        self, reason: ReviewReason | None = None, state: ReviewState | None = ReviewState.OPEN
    ) -> list[ReviewRow]:
        return self.queue.listed(state, reason, limit=500)

    def one(self, reason: ReviewReason) -> ReviewRow:
        (row,) = self.rows(reason)
        return row

    @property
    def queue(self) -> Reviewing:
        knowledge = self.small.knowledge()
        made = (self.database, self.id, knowledge, NO_REDACTION, lambda name: name)
        return Reviewing(self.database, self.id, Publishing(*made))

    def acting(self, who: Actor = EVA) -> Acting:
        return Acting(self.id, who)

    def case(self, case_id: str) -> Case | None:
        with self.database.read() as c:
            return store.get_cases(c, self.id, [case_id]).get(case_id)

    def acts(self) -> list[str]:
        with self.database.read() as c:
            return [row.act.act for row in store.iter_acts(c, self.id, 0)]
