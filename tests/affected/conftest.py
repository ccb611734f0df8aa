"""A small forum whose asks and questions are real: posted by persons, with vectors."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.forum import SmallForum, small_forum
from triage import questions, store
from triage.affected import Publisher, Seen, Watcher, Written, new_issue, published, safe_words
from triage.desk import Desk
from triage.encode import Encoder
from triage.lifecycle import State, Who
from triage.records import (
    ApiKey,
    Decision,
    Destination,
    Draft,
    Reply,
    Role,
    Visibility,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
EXPORT = "Invoice export stops at ninety percent with error E-417"
PHONE = "Cannot log in after changing the phone, it asks for a code"


@dataclass
class Forum:
    """A forum in which things are asked, posted and answered."""

    small: SmallForum
    desk: Desk
    key: ApiKey
    numbers: Any = field(default_factory=count)

    @property
    def id(self) -> int:
        return self.small.forum.id

    @property
    def database(self) -> store.Database:
        return self.small.database

    @property
    def encoder(self) -> Encoder:
        assert self.small.encoder is not None
        return self.small.encoder

    def ask(self, title: str, person: str | None = None, **more: Any) -> Reply:  # noqa: ANN401
        """Ask as somebody, `at` a moment."""
        at = more.pop("at", NOON)
        draft = Draft(title, more.pop("body", ""), lang="en", person=person, **more)
        return self.desk.ask(draft, self.key, clock=lambda: at)

    def post(self, title: str, person: str, **more: Any) -> str:  # noqa: ANN401
        """Post a question; `visibility` says who may read it, `groups` of whom."""
        at, test = more.pop("at", NOON), more.pop("test", False)
        visibility = more.pop("visibility", Visibility.PUBLIC)
        readers = more.pop("readers", frozenset())
        private = visibility is Visibility.PRIVATE
        reply = self.ask(title, person, at=at, **more)
        decision = Decision(
            (),
            (),
            Destination.EXPERT if private else Destination.COMMUNITY,
            None,
            visibility,
            not private,
            (),
        )
        question_id = f"q{next(self.numbers):03}"
        arrived = questions.Arrived(
            question_id,
            reply.question,
            decision,
            {},
            groups=readers,
            triage_id=reply.triage_id,
            ask_id=reply.ask_id,
            test=test,
        )
        with self.database.write() as c:
            questions.receive_question(c, self.id, arrived, at)
        return question_id

    def answer(self, question_id: str, at: datetime, *, public: bool = True) -> None:
        """Have staff answer a question."""
        asked = questions.Asked(
            State.ANSWERED,
            Who.STAFF,
            f"answer-{question_id}",
            by="nils",
            answer_id=f"a-{question_id}",
            answer_public=public,
            words="Turn off the preview pane.",
        )
        with self.database.write() as c:
            questions.keep(c, self.id, question_id, asked, at)

    def watcher(self) -> Watcher:
        return Watcher(self.database, self.id)

    def look(self, at: datetime, watcher: Watcher | None = None) -> Seen:
        return (watcher or self.watcher()).look(self.encoder, at)

    def publish(self, title: str, at: datetime = NOON, **more: Any) -> store.KnownIssueRow:  # noqa: ANN401
        """Publish a known issue as a lead does."""
        words = safe_words(Written(title=title, lang="en", **more))
        publisher = Publisher(self.database, self.id, self.encoder)
        return publisher.put(published(new_issue(words, at), at), at, lambda c: None)

    def state(self, question_id: str) -> str:
        with self.database.read() as c:
            row = store.get_question(c, self.id, question_id)
        assert row is not None
        return row.state

    def clusters(self) -> dict[str, tuple[str, ...]]:
        with self.database.read() as c:
            return store.list_clusters(c, self.id)

    def notices(self, person: str) -> list[store.Notice]:
        with self.database.read() as c:
            return store.notices_of(c, self.id, person)


@pytest.fixture
def forum(tmp_path: Path) -> Iterator[Forum]:
    with small_forum(tmp_path) as small:
        with small.database.write() as c:
            made = store.create_key(
                c,
                small.forum.id,
                name="page",
                role=Role.FRONTEND,
                publishable=False,
                test=False,
                at=NOON,
            )
        desk = small.desk()
        yield Forum(small, desk, made[1])
        desk.close()


def minutes(n: float) -> datetime:
    """Return the moment so many minutes after noon."""
    return NOON + timedelta(minutes=n)
