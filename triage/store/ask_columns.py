"""Asks as packed columns, one row a day; which asks they are behind with; the events to catch up.

In: a forum, packed columns. Out: the same, and the rows that columns are made of.
Not here: what is in the columns (outcomes), making them (reports).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    Text,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    type_coerce,
    update,
)

from triage.records import EventType
from triage.store.batches import pages
from triage.store.bursts import BurstState
from triage.store.dialect_moments import utc_day
from triage.store.dialects import upsert
from triage.store.tables.base import asks, event_bursts, events, forums
from triage.store.tables.report import ask_columns, stale_asks
from triage.streams import chunks

# As text where the database keeps text: making ten million moments of it takes a minute.
_AT = type_coerce(events.c.occurred_at, Text).label("occurred_at")
_RECEIVED = type_coerce(events.c.received_at, Text).label("received_at")
_TOLD = (
    *(events.c.event_id, events.c.type, events.c.ask_id, events.c.thread_id, _AT, _RECEIVED),
    *(events.c.person, events.c.session, events.c.value_text, events.c.value_number),
    *(events.c.visible, events.c.probability, events.c.held, events.c.details, events.c.test),
    *(events.c.rank, events.c.propensity),
)
_EXPORTED = (
    *(events.c.event_id, events.c.type, events.c.ask_id, events.c.triage_id),
    *(events.c.occurred_at, events.c.received_at, events.c.person, events.c.session),
    *(events.c.thread_id, events.c.rank, events.c.visible, events.c.probability),
    *(events.c.propensity, events.c.held, events.c.test),
)
_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class StaleAsk:
    """An ask that columns are behind with; `day` is None where nobody knows when it began."""

    ask_id: str
    day: str | None
    changes: int


@dataclass(frozen=True, slots=True)
class AskDay:
    """The columns of one day, packed, and of how many asks and events they are."""

    day: str
    packed: bytes
    asks: int
    events: int


def count_stale(c: Connection, forum_id: int) -> int:
    """Return with how many asks columns are behind."""
    query = select(func.count()).select_from(stale_asks)
    return c.execute(query.where(stale_asks.c.forum_id == forum_id)).scalar_one()


def count_held(c: Connection, forum_id: int) -> int:
    """Return how many events are put aside with bursts, and so are in no columns."""
    query = select(func.coalesce(func.sum(event_bursts.c.events), 0)).where(
        event_bursts.c.forum_id == forum_id, event_bursts.c.state != BurstState.COUNTED.value
    )
    return int(c.execute(query).scalar_one())


def some_stale(c: Connection, forum_id: int, most: int) -> list[StaleAsk]:
    """Return some of the asks that columns are behind with, day by day.

    Whoever else would fold waits: the forum's row is locked until the transaction ends.
    """
    c.execute(update(forums).where(forums.c.id == forum_id).values(id=forum_id))
    query = (
        select(stale_asks.c.ask_id, stale_asks.c.day, stale_asks.c.changes)
        .where(stale_asks.c.forum_id == forum_id)
        .order_by(stale_asks.c.day, stale_asks.c.ask_id)
        .limit(most)
    )
    return [StaleAsk(*row) for row in c.execute(query)]


def gone_stale(c: Connection, forum_id: int) -> list[StaleAsk]:
    """Return those of them that are no more."""
    there = (
        select(asks.c.ask_id)
        .where(asks.c.forum_id == forum_id, asks.c.ask_id == stale_asks.c.ask_id)
        .exists()
    )
    query = select(stale_asks.c.ask_id, stale_asks.c.day, stale_asks.c.changes)
    found = query.where(stale_asks.c.forum_id == forum_id, ~there)
    return [StaleAsk(*row) for row in c.execute(found)]


def forget_stale(c: Connection, forum_id: int, folded: Sequence[StaleAsk]) -> None:
    """Say that columns have caught up with these, unless they have changed once more since."""
    if folded:
        gone = delete(stale_asks).where(
            stale_asks.c.forum_id == forum_id,
            stale_asks.c.ask_id == bindparam("id"),
            stale_asks.c.changes == bindparam("seen"),
        )
        c.execute(gone, [{"id": one.ask_id, "seen": one.changes} for one in folded])


def ask_days(c: Connection, forum_id: int, days: Sequence[str] | None = None) -> Iterator[AskDay]:
    """Give the packed columns of some days, or of all, oldest first."""
    query = select(
        ask_columns.c.day, ask_columns.c.packed, ask_columns.c.asks, ask_columns.c.events
    ).where(ask_columns.c.forum_id == forum_id)
    if days is not None:
        query = query.where(ask_columns.c.day.in_(days))
    for row in c.execute(query.order_by(ask_columns.c.day)):
        yield AskDay(*row)


def columns_revision(c: Connection, forum_id: int) -> str:
    """Return what is another whenever a forum's columns are; none of them is read for it."""
    query = select(ask_columns.c.day, ask_columns.c.digest).where(
        ask_columns.c.forum_id == forum_id
    )
    days = ",".join(f"{day} {digest}" for day, digest in c.execute(query.order_by("day")))
    return blake2b(days.encode(), digest_size=16).hexdigest()


def put_ask_day(c: Connection, forum_id: int, day: AskDay) -> None:
    """Keep the columns of a day in the place of those before; without asks there are none."""
    if day.asks == 0 and day.events == 0:
        mine = (ask_columns.c.forum_id == forum_id, ask_columns.c.day == day.day)
        c.execute(delete(ask_columns).where(*mine))
        return
    digest = blake2b(day.packed, digest_size=16).hexdigest()
    row = {"packed": day.packed, "asks": day.asks, "events": day.events, "digest": digest}
    upsert(c, ask_columns, [{"forum_id": forum_id, "day": day.day, **row}])


def drop_ask_days(c: Connection, forum_id: int) -> None:
    """Drop all columns: every ask is to be folded anew."""
    c.execute(delete(ask_columns).where(ask_columns.c.forum_id == forum_id))
    c.execute(delete(stale_asks).where(stale_asks.c.forum_id == forum_id))
    day = utc_day(c, asks.c.opened_at)
    every = select(asks.c.forum_id, asks.c.ask_id, day, literal(1))
    columns = ["forum_id", "ask_id", "day", "changes"]
    c.execute(insert(stale_asks).from_select(columns, every.where(asks.c.forum_id == forum_id)))


def told_events(c: Connection, forum_id: int, ask_ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Give every event of some asks, as kept; what is given is the caller's."""
    names = [column.name for column in _TOLD]
    for ids in chunks(ask_ids):
        query = select(*_TOLD).where(events.c.forum_id == forum_id, events.c.ask_id.in_(ids))
        for row in c.execute(query):
            yield dict(zip(names, row, strict=True))


def told_asks(c: Connection, forum_id: int, ask_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return of some asks what their events may not tell."""
    found: dict[str, dict[str, Any]] = {}
    for ids in chunks(ask_ids):
        query = select(
            *(asks.c.ask_id, asks.c.opened_at, asks.c.arm, asks.c.share),
            *(asks.c.test, asks.c.barred, asks.c.return_of, asks.c.simulated),
        ).where(asks.c.forum_id == forum_id, asks.c.ask_id.in_(ids))
        found |= {row["ask_id"]: dict(row) for row in c.execute(query).mappings()}
    return found


def held_asks(c: Connection, forum_id: int, ask_ids: Collection[str]) -> set[str]:
    """Return those of the asks of which something is put aside with a burst."""
    found: set[str] = set()
    for ids in chunks(ask_ids):
        query = select(events.c.ask_id).where(
            events.c.forum_id == forum_id, events.c.ask_id.in_(ids), events.c.held.is_not(None)
        )
        found.update(c.execute(query.distinct()).scalars())
    return found


def events_between(
    c: Connection,
    forum_id: int,
    since: datetime | None,
    until: datetime | None,
    as_of: datetime,
) -> Iterator[list[dict[str, Any]]]:
    """Give what happened in a period and was known by then, oldest first, some at a time."""
    wanted = [column for column in _TOLD if column not in (_AT, _RECEIVED)]
    told = select(*wanted, events.c.occurred_at, events.c.received_at, events.c.triage_id)
    query = _happened(told, forum_id, since, until, as_of)
    for page in pages(c, query, [events.c.occurred_at, events.c.event_id], _PAGE):
        yield [dict(row) for row in page]


def export_events(
    c: Connection,
    forum_id: int,
    since: datetime | None,
    until: datetime | None,
    as_of: datetime,
) -> Iterator[tuple[Any, ...]]:
    """Give what happened in a period and was known by then, oldest first, without any words."""
    told = select(*_EXPORTED, events.c.value_text, events.c.value_number, events.c.details)
    query = _happened(told, forum_id, since, until, as_of)
    for page in pages(c, query, [events.c.occurred_at, events.c.event_id], _PAGE):
        for row in page:
            said = {"yes": True, "no": False}.get((row["value_text"] or "").strip().lower())
            survey = row["type"] == EventType.SURVEY_REPLY.value
            shown = row["type"] == EventType.SHOWN.value
            yield (
                *(row[column.name] for column in _EXPORTED[:-2]),
                said if survey else None,
                None if survey else row["value_number"],
                row["held"] is not None,
                row["test"],
                (row["details"] or {}).get("own_rank") if shown else None,
            )


def _happened(
    query: Select[Any],
    forum_id: int,
    since: datetime | None,
    until: datetime | None,
    as_of: datetime,
) -> Select[Any]:
    query = query.where(events.c.forum_id == forum_id, events.c.received_at <= as_of)
    if since is not None:
        query = query.where(events.c.occurred_at >= since)
    return query if until is None else query.where(events.c.occurred_at < until)
