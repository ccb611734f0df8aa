"""Asks that could be drawn to be followed up, and the draw of each, kept once.

In: a forum and moments. Out: asks that wait for the draw, the chances that their askers have had.
Not here: the draw itself (measuring.follow_ups), what became of it (follow_ups).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Select, exists, or_, select

from triage.records import Arm, EventType
from triage.store.batches import record_of, row_of
from triage.store.dialects import insert_if_new
from triage.store.tables.ask import asks, events, triages
from triage.store.tables.base import forums
from triage.store.tables.follow_up import follow_ups

# Whoever did one of these has said, or shown, how it ended.
LOUD = (
    EventType.POSTED,
    EventType.FOLLOWED,
    EventType.ESCALATED,
    EventType.SOLVED,
    EventType.NOT_SOLVED,
    EventType.STILL_NEED_HELP,
    EventType.REOPENED,
)
# What is said of an answer.
OVER = (EventType.ACCEPTED, EventType.SOLVED, EventType.NOT_SOLVED, EventType.REOPENED)


@dataclass(frozen=True, slots=True)
class Drawable:
    """An ask that can be drawn: whose it is, and a triage that its events can name."""

    ask_id: str
    triage_id: str
    person: str | None
    session: str | None


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """An ask that could be drawn; `reply` is yes, no, skip, or None so far."""

    ask_id: str
    follow_up_id: str
    about: str
    drawn: bool
    probability: float
    drawn_at: datetime
    expires_at: datetime
    shown_at: datetime | None = None
    reply: str | None = None
    replied_at: datetime | None = None


def hold_draw(c: Connection, forum_id: int) -> None:
    """Have others who draw in this forum wait: who rests depends on who was drawn before."""
    c.execute(select(forums.c.id).where(forums.c.id == forum_id).with_for_update())


def silent_drawable(
    c: Connection, forum_id: int, since: datetime, until: datetime, limit: int
) -> list[Drawable]:
    """Return asks that were offered something and fell silent from `since` to `until`."""
    came_back = asks.alias("came_back")
    query = _drawable(forum_id).where(
        asks.c.arm == Arm.TREATMENT.value,
        asks.c.offered.is_(True),
        # Asks are found by when they opened; none lasts longer than the range is wide.
        asks.c.opened_at >= since,
        asks.c.last_at <= until,
        ~happened(forum_id, LOUD),
        ~exists().where(
            came_back.c.forum_id == forum_id,
            came_back.c.return_of == asks.c.ask_id,
            came_back.c.opened_at >= asks.c.opened_at,
            came_back.c.person == asks.c.person,
        ),
    )
    return _drawn_from(c, query, limit)


def answered_drawable(
    c: Connection, forum_id: int, since: datetime, until: datetime, limit: int
) -> list[Drawable]:
    """Return asks whose question was answered from `since` to `until`, and nobody said how well."""
    answered = select(events.c.ask_id).where(
        events.c.forum_id == forum_id,
        events.c.type == EventType.ANSWERED.value,
        events.c.occurred_at >= since,
        events.c.occurred_at <= until,
    )
    query = _drawable(forum_id).where(
        asks.c.ask_id.in_(answered), ~happened(forum_id, OVER), asks.c.arm.is_not(None)
    )
    return _drawn_from(c, query, limit)


def chances_taken(
    c: Connection, forum_id: int, ask: Drawable, since: datetime
) -> list[tuple[float, bool]]:
    """Return with which probability the asker's other asks could be drawn since then, and were."""
    if ask.person is None and ask.session is None:
        return []
    query = (
        select(follow_ups.c.probability, follow_ups.c.drawn)
        .join(asks, same_ask(forum_id))
        .where(
            follow_ups.c.forum_id == forum_id,
            follow_ups.c.drawn_at > since,
            theirs(ask.person, ask.session),
        )
    )
    return [(row.probability, row.drawn) for row in c.execute(query)]


def put_follow_up(c: Connection, forum_id: int, row: FollowUpRow) -> bool:
    """Keep that an ask was drawn or not; False when that was decided before."""
    return insert_if_new(c, follow_ups, {"forum_id": forum_id, **row_of(row)})


def last_triage(forum_id: int) -> ScalarSelect[Any]:
    """Return the id of the last triage of an ask, as part of a query of asks."""
    return (
        select(triages.c.triage_id)
        .where(triages.c.forum_id == forum_id, triages.c.ask_id == asks.c.ask_id)
        .order_by(triages.c.at.desc(), triages.c.triage_id)
        .limit(1)
        .correlate(asks)
        .scalar_subquery()
    )


def happened(forum_id: int, types: Sequence[EventType]) -> ColumnElement[bool]:
    """Say that something of these types happened to an ask."""
    return exists().where(
        events.c.forum_id == forum_id,
        events.c.ask_id == asks.c.ask_id,
        events.c.type.in_([kind.value for kind in types]),
    )


def same_ask(forum_id: int) -> ColumnElement[bool]:
    """Say that an ask is the one of a follow-up."""
    return (asks.c.forum_id == forum_id) & (asks.c.ask_id == follow_ups.c.ask_id)


def theirs(person: str | None, session: str | None) -> ColumnElement[bool]:
    """Say that an ask is this person's, or of this session and nobody's."""
    found = []
    if person is not None:
        found.append(asks.c.person == person)
    if session is not None:
        found.append(asks.c.person.is_(None) & (asks.c.session == session))
    return or_(*found) if found else asks.c.ask_id.is_(None)


def _drawable(forum_id: int) -> Select[Any]:
    """Return the query of asks of people who count, whose draw has not been yet."""
    seen = exists().where(follow_ups.c.forum_id == forum_id, follow_ups.c.ask_id == asks.c.ask_id)
    return select(
        asks.c.ask_id, asks.c.person, asks.c.session, last_triage(forum_id).label("triage_id")
    ).where(
        asks.c.forum_id == forum_id,
        asks.c.test.is_(False),
        asks.c.barred.is_(None),
        asks.c.simulated.is_not(True),
        last_triage(forum_id).is_not(None),
        ~seen,
    )


def _drawn_from(c: Connection, query: Select[Any], limit: int) -> list[Drawable]:
    # In the order of the asks: whose turn comes first decides who rests.
    rows = c.execute(query.order_by(asks.c.opened_at, asks.c.ask_id).limit(limit)).mappings()
    return [record_of(Drawable, row) for row in rows]
