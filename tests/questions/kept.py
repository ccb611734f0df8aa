"""A forum whose questions are posted and changed without a server."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from triage import store
from triage.lifecycle import State, Who, Why
from triage.questions import Arrived, Asked, Kept, Told, keep, read, receive_question
from triage.records import Decision, Destination, Label, Labels, Question, Target, Visibility

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def decided(to: Destination = Destination.COMMUNITY) -> Decision:
    shared = to is Destination.COMMUNITY
    seen = Visibility.PUBLIC if shared else Visibility.PRIVATE
    return Decision((), (), to, 0.9, seen, shared, ())


def labelled(kind: str = "problem", topic: str = "api", severity: int | None = None) -> Labels:
    labels: dict[Target, Label] = {
        Target.KIND: Label(kind, 0.9, abstained=False),
        Target.TOPIC: Label(topic, 0.9, abstained=False),
    }
    if severity is not None:
        labels[Target.SEVERITY] = Label(str(severity), 0.9, abstained=False)
    return labels


@dataclass(frozen=True)
class Forum:
    """One forum of a real store."""

    database: store.Database
    id: int
    numbers: Any = field(default_factory=count)

    def post(
        self,
        to: Destination = Destination.COMMUNITY,
        *,
        at: datetime = MONDAY,
        labels: Labels | None = None,
        **question: Any,  # noqa: ANN401
    ) -> Told:
        """Post a question of its own."""
        words = {"title": "Chain slips", "body": "In third gear.", "lang": "en", **question}
        arrived = Arrived(
            f"q{next(self.numbers)}",
            Question(**words),
            decided(to),
            labelled() if labels is None else labels,
        )
        with self.database.write() as c:
            return receive_question(c, self.id, arrived, at).told

    def keep(self, question_id: str, asked: Asked, at: datetime = MONDAY) -> Kept:
        with self.database.write() as c:
            return keep(c, self.id, question_id, asked, at)

    def read(self, question_id: str) -> Told:
        with self.database.read() as c:
            return read(c, self.id, question_id)


def answer(change_id: str = "a", by: str = "nils", **more: Any) -> Asked:  # noqa: ANN401
    values: dict[str, Any] = {"why": Why.OTHER, "by": by, "answer_id": "a1", **more}
    return Asked(State.ANSWERED, Who.STAFF, change_id, **values)
