"""How much came, hour by hour: asks, offers, what front ends tell, questions that were posted.

In: a forum, since when. Out: counts by the hour, in hours since 1970 UTC.
Not here: what is usual (overseeing), figures of measures, which count persons (outcomes).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Connection, and_, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from triage.records import Arm
from triage.store.dialect_moments import utc_hour
from triage.store.simulated import is_real_question
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


@dataclass(frozen=True, slots=True)
class Causes:
    """How often there was cause for something, as far as it was counted, and the first time."""

    n: int
    first_at: datetime | None


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


def causes_of(
    c: Connection,
    forum_id: int,
    stream: Stream,
    until: datetime,
    most: int,
    *,
    include_simulated: bool = False,
) -> Causes:
    """Return how often there was cause for something of a stream before `until`, `most` at most.

    Every ask is cause for an offer, every offer on a page for an event; for asks and for posted
    questions nobody knows of a cause.
    """
    if stream not in (Stream.OFFERS, Stream.EVENTS):
        return Causes(0, None)
    caused = Stream.ASKS if stream is Stream.OFFERS else Stream.OFFERS
    moment, where = _of(caused, forum_id, include_simulated=include_simulated)
    if stream is Stream.EVENTS:
        pages = _keys_of_pages(c, forum_id)
        if not pages:
            return Causes(0, None)
        # Programs that ask with a secret key may do without events; a page that shows something
        # never does. In the holdout nothing is shown.
        where += [asks.c.key_id.in_(pages), asks.c.arm.is_distinct_from(Arm.HOLDOUT.value)]
    query = select(moment).where(*where, moment < until).order_by(moment).limit(most)
    found = c.execute(query).scalars().all()
    return Causes(len(found), found[0] if found else None)


def _of(
    stream: Stream, forum_id: int, *, include_simulated: bool
) -> tuple[Column[Any], list[ColumnElement[bool]]]:
    """Return the moment of a stream's rows, and what says which rows are of it."""
    if stream is Stream.EVENTS:
        ask_id = events.c.ask_id
        # What has no key, the service says itself; what is made up has none either.
        told: ColumnElement[bool] = events.c.key_id.is_not(None)
        if include_simulated:
            told = or_(told, _is_of(ask_id, forum_id, asks.c.simulated.is_(True)))
        else:
            told = and_(told, ~_is_of(ask_id, forum_id, asks.c.simulated.is_(True)))
        counted = ~_is_of(ask_id, forum_id, asks.c.barred.is_not(None))
        mine = [events.c.forum_id == forum_id, events.c.test.is_(False), counted]
        return events.c.occurred_at, [*mine, told]
    if stream is Stream.POSTED:
        # Without an ask, it is nobody's whom we know to be a bot.
        counted = ~_is_of(questions.c.ask_id, forum_id, asks.c.barred.is_not(None))
        mine = [questions.c.forum_id == forum_id, questions.c.test.is_(False), counted]
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


def _keys_of_pages(c: Connection, forum_id: int) -> list[int]:
    """Return the keys that stand on pages, also those that are revoked by now."""
    query = select(api_keys.c.id).where(
        api_keys.c.forum_id == forum_id, api_keys.c.publishable.is_(True)
    )
    return list(c.execute(query).scalars())


def _is_of(ask_id: Column[Any], forum_id: int, which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say that a row names such an ask; one that names none does not.

    Each row's ask is looked up by its key: to list such asks, all of a forum's would be read.
    """
    mine = select(asks.c.ask_id).where(asks.c.forum_id == forum_id, asks.c.ask_id == ask_id)
    return mine.where(which).correlate(ask_id.table).exists()


def _hours_of(said: str) -> int:
    return int(datetime.strptime(said, "%Y-%m-%d %H").replace(tzinfo=UTC).timestamp()) // 3600
