"""A forum in which asks were replied to for weeks, as they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import insert

from tests.insight.drifting import TOPICS, traffic
from triage import store
from triage.embedding import space_of
from triage.encode import HashingEncoder, TextRole
from triage.insight.drift import WEEK, Traffic
from triage.records import Forum, Mode, Stage
from triage.store.batches import row_of
from triage.store.tables import base as tables
from triage.store.vectors import stored
from triage.watching.moments import day_of

Row = dict[str, Any]

VERSION = "20260901-120000-aaaaaa"
# A Monday: the model was trained on it, after eight weeks of asks.
TRAINED = date(2026, 8, 31)
MADE = day_of(datetime.combine(TRAINED, datetime.min.time(), UTC)) + 1
FIRST = MADE - 8 * WEEK
METRICS = {
    "topic": {"precision_wanted": 0.8, "precision": 0.86, "coverage": 0.7},
    "kind": {"precision_wanted": 0.8, "precision": None, "coverage": 0.0},
}


@dataclass(frozen=True)
class Served:
    """The forum, its store, and what was asked in it."""

    database: store.Database
    forum: Forum
    path: Path = Path()


class Kept(Protocol):
    """A forum and where it is kept."""

    @property
    def database(self) -> store.Database:
        """Its store."""

    @property
    def forum(self) -> Forum:
        """Itself."""


def served(
    small: Kept,
    *,
    comes: str | None = None,
    asks: int = 70,
    weeks: int = 11,
    made: int = MADE,
    model: store.ModelRow | None = None,
    **facts: bool,
) -> Served:
    """Keep weeks of asks; from two days after the training on some are about `comes`.

    `made` is the first day of which the model has learnt nothing. It is `model`, if that is given,
    as if it had been trained then.
    """
    version = VERSION if model is None else model.version
    digest = "digest" if model is None else model.manifest_digest
    metrics = METRICS if model is None else model.metrics
    found = traffic(1, asks=asks, weeks=weeks, comes=comes, begins=8 * WEEK + 2)
    first = made - 8 * WEEK
    rows = [_rows(found, number, first, version, facts) for number in range(len(found))]
    with small.database.write() as c:
        forum_id = small.forum.id
        store.put_model(c, forum_id, version, digest, _moment(made - 1, 12), metrics)
        store.set_live_version(c, forum_id, version)
        for table, place in ((tables.asks, 0), (tables.triages, 1), (tables.ask_vectors, 2)):
            c.execute(insert(table), [{"forum_id": forum_id, **row[place]} for row in rows])
    forum = replace(small.forum, live_version=version, encoder_id=HashingEncoder().id)
    return Served(small.database, forum)


def _rows(
    found: Traffic, number: int, first: int, version: str, facts: Mapping[str, bool]
) -> tuple[Row, Row, Row]:
    """Return an ask, its only reply and its vector as they are kept."""
    ask_id, person = f"{number:08x}", f"p{found.who[number]}"
    at = _moment(first + int(found.day[number]), 9)
    ask = {
        "ask_id": ask_id,
        "person": person,
        "lang": "en",
        "test": facts.get("test", False),
        "simulated": facts.get("simulated", False),
        "opened_at": at,
        "last_at": at,
    }
    words = " ".join(sorted(found.words[number] or ()))
    triage = row_of(_triage(ask_id, at, words, str(found.classes["topic"][number]), version))
    space = space_of(HashingEncoder(), TextRole.QUERY)
    vector = {"ask_id": ask_id, "encoder_id": space, "vector": stored(found.vectors[number])}
    return ask, triage, {**vector, "at": at}


def _triage(ask_id: str, at: datetime, words: str, topic: str, version: str) -> store.TriageRow:
    # What no model was taught it does not name.
    known = topic in TOPICS
    label: dict[str, Any] = {
        "value": topic if known else TOPICS[0],
        "probability": 0.9 if known else 0.3,
        "alternatives": [],
        "abstained": not known,
    }
    reply = {
        "suggestions": [{"thread_id": "t"}] if known else [],
        "decision": {"destination": "community"},
        "labels": {"topic": label},
    }
    question = {"title": words, "body": "", "product": None}
    return store.TriageRow(
        f"t{ask_id}", ask_id, None, Stage.SUBMIT, at, question, reply, version, "1", Mode.HYBRID
    )


def _moment(day: int, hour: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day, hours=hour)
