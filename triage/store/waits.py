"""How long first answers took to the questions of which events alone tell.

In: a forum and from when on. Out: one row for each ask that was posted: who was to answer, the
topic where it is sure, seconds to the first answer or so far, and whether there was one.
Not here: questions that are kept here (question_waits), what is expected after them (lifecycle).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, exists, func, select

from triage.records import EventType
from triage.store.columns import UtcDateTime
from triage.store.simulated import is_real
from triage.store.tables.base import events, triages
from triage.store.tables.question import questions
from triage.streams import chunks

_ANSWERS = (EventType.ANSWERED.value, EventType.ACCEPTED.value)


def posted_waits(
    c: Connection, forum_id: int, since: datetime, now: datetime, most: int
) -> list[tuple[str, str | None, float, bool]]:
    """Return how long the newest asks waited that only events say were posted."""
    kept = exists().where(
        questions.c.forum_id == events.c.forum_id, questions.c.ask_id == events.c.ask_id
    )
    newest = (
        select(events.c.ask_id, events.c.triage_id, events.c.occurred_at)
        .where(
            events.c.forum_id == forum_id,
            events.c.type == EventType.POSTED.value,
            events.c.test.is_(False),
            is_real(events.c.ask_id, forum_id),
            events.c.occurred_at >= since,
            ~kept,
        )
        .order_by(events.c.occurred_at.desc(), events.c.event_id)
        .limit(most)
    )
    # Newest first, so that of an ask stays when it was posted first.
    posted = {row.ask_id: (row.triage_id, row.occurred_at) for row in c.execute(newest)}
    answered = _first_answers(c, forum_id, posted)
    decided = _decided(c, forum_id, {triage_id for triage_id, _ in posted.values()})
    found = []
    for ask_id, (triage_id, at) in posted.items():
        if triage_id not in decided:
            continue
        until = answered.get(ask_id)
        seconds = ((until or now) - at).total_seconds()
        found.append((*decided[triage_id], seconds, until is not None))
    return found


def _first_answers(c: Connection, forum_id: int, ask_ids: Iterable[str]) -> Mapping[str, datetime]:
    found: dict[str, datetime] = {}
    for ids in chunks(ask_ids):
        query = (
            select(events.c.ask_id, func.min(events.c.occurred_at, type_=UtcDateTime))
            .where(
                events.c.forum_id == forum_id,
                events.c.ask_id.in_(ids),
                events.c.type.in_(_ANSWERS),
            )
            .group_by(events.c.ask_id)
        )
        found.update((ask_id, at) for ask_id, at in c.execute(query))
    return found


def _decided(
    c: Connection, forum_id: int, triage_ids: Iterable[str]
) -> Mapping[str, tuple[str, str | None]]:
    """Return who was to answer, and the topic where its label is sure."""
    topic = triages.c.reply["labels"]["topic"]
    columns = (
        triages.c.triage_id,
        triages.c.reply["decision"]["destination"].as_string().label("destination"),
        topic["value"].as_string().label("topic"),
        topic["abstained"].as_boolean().label("abstained"),
    )
    found: dict[str, tuple[str, str | None]] = {}
    for ids in chunks(triage_ids):
        mine = [triages.c.forum_id == forum_id, triages.c.triage_id.in_(ids)]
        for row in c.execute(select(*columns).where(*mine)):
            if row.destination is not None:
                sure = row.topic is not None and row.abstained is False
                found[row.triage_id] = (row.destination, row.topic if sure else None)
    return found
