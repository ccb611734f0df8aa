"""How much came, hour by hour: asks, offers, what front ends tell, questions that were posted.

In: a forum, since when. Out: counts by the hour, in hours since 1970 UTC.
Not here: what is usual (overseeing), figures of measures, which count persons (outcomes).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Connection, Select, and_, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from triage.store.dialects import utc_hour
from triage.store.simulated import is_real, is_real_question, made_up
from triage.store.tables.ask import asks, events
from triage.store.tables.base import api_keys
from triage.store.tables.question import questions


class Stream(StrEnum):
    """What comes again and again while a service is alive."""

    ASKS = "asks"
    # Asks to which something was suggested.
    OFFERS = "offers"
    # What front ends tell of what people did with it.
    EVENTS = "events"
    POSTED = "posted"


def hourly_counts(
    c: Connection,
    forum_id: int,
    stream: Stream,
    since: datetime,
    until: datetime,
    *,
    include_simulated: bool = False,
) -> Mapping[int, int]:
    """Return how much of a stream came in each hour from `since` on, before `until`; none is left
    out where something came, and what test keys, bots and staff did is none of it.
    """
    moment, where = _of(stream, forum_id, include_simulated=include_simulated)
    hour = utc_hour(c, moment)
    query = select(hour, func.count()).where(*where, moment >= since, moment < until).group_by(hour)
    return {_hours_of(said): count for said, count in c.execute(query)}


def last_moment(
    c: Connection,
    forum_id: int,
    stream: Stream,
    until: datetime,
    *,
    include_simulated: bool = False,
) -> datetime | None:
    """Return when something of a stream last came before `until`; None where it never did."""
    moment, where = _of(stream, forum_id, include_simulated=include_simulated)
    query = select(moment).where(*where, moment < until).order_by(moment.desc()).limit(1)
    found: datetime | None = c.execute(query).scalar()
    return found


def is_asked_from_pages(c: Connection, forum_id: int, since: datetime) -> bool:
    """Say whether anything was offered since then to who asked from a page, with its own key."""
    query = (
        select(asks.c.ask_id)
        .join_from(asks, api_keys, asks.c.key_id == api_keys.c.id)
        .where(*_asked(forum_id), asks.c.offered.is_(True), api_keys.c.publishable.is_(True))
        .where(asks.c.opened_at >= since)
    )
    return c.execute(query.limit(1)).first() is not None


def _of(
    stream: Stream, forum_id: int, *, include_simulated: bool
) -> tuple[Column[Any], list[ColumnElement[bool]]]:
    """Return the moment of a stream's rows, and what says which rows are of it."""
    if stream is Stream.EVENTS:
        # What has no key, the service says itself; what is made up has none either.
        told: ColumnElement[bool] = events.c.key_id.is_not(None)
        if include_simulated:
            told = or_(told, events.c.ask_id.in_(made_up(forum_id)))
        else:
            told = and_(told, is_real(events.c.ask_id, forum_id))
        counted = events.c.ask_id.not_in(_barred(forum_id))
        mine = [events.c.forum_id == forum_id, events.c.test.is_(False), counted]
        return events.c.occurred_at, [*mine, told]
    if stream is Stream.POSTED:
        mine = [questions.c.forum_id == forum_id, questions.c.test.is_(False)]
        ask_id = questions.c.ask_id
        mine.append(or_(ask_id.is_(None), ask_id.not_in(_barred(forum_id))))
        real = [] if include_simulated else [is_real_question(questions.c.question_id)]
        return questions.c.received_at, [*mine, *real]
    mine = _asked(forum_id)
    if stream is Stream.OFFERS:
        mine.append(asks.c.offered.is_(True))
    if not include_simulated:
        mine.append(asks.c.simulated.is_not(True))
    return asks.c.opened_at, mine


def _asked(forum_id: int) -> list[ColumnElement[bool]]:
    """Say which asks are a customer's: what a bot or the staff ask keeps nothing alive."""
    return [asks.c.forum_id == forum_id, asks.c.test.is_(False), asks.c.barred.is_(None)]


def _barred(forum_id: int) -> Select[Any]:
    """Return the query of the ids of asks by bots and staff; they are few."""
    return select(asks.c.ask_id).where(asks.c.forum_id == forum_id, asks.c.barred.is_not(None))


def _hours_of(said: str) -> int:
    return int(datetime.strptime(said, "%Y-%m-%d %H").replace(tzinfo=UTC).timestamp()) // 3600
