"""More events of one person than a person makes: put aside until somebody has looked at them.

In: the asks that events were just taken of. Out: nothing to whoever sent them; for staff the
bursts, and what becomes of them. What is put aside counts in no measure and no training.
Not here: taking events (events), bursts of one meaning (insight), bursts of asks (outcomes).
"""

import secrets
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Connection, func, insert, select, update
from sqlalchemy.engine import RowMapping

from triage.records import EventType
from triage.store.batches import record_of
from triage.store.reviews import ReviewSubject, ReviewVerdict, close_reviews_of
from triage.store.tables.base import asks, event_bursts, events
from triage.streams import chunks

# Nobody does so many things within an hour, whatever the clocks of senders say.
MOST_EVENTS = 50
BURST_LASTS = timedelta(hours=1)
# What a person does on purpose. What was shown comes with every keystroke, and the rest is told
# by the forum or by the service.
DEEDS = (
    EventType.OPENED,
    EventType.RATED,
    EventType.SOLVED,
    EventType.NOT_SOLVED,
    EventType.DISMISSED,
    EventType.STILL_NEED_HELP,
    EventType.POSTED,
    EventType.FOLLOWED,
    EventType.ESCALATED,
    EventType.ACCEPTED,
    EventType.REOPENED,
    EventType.SURVEY_REPLY,
)
_DEEDS = tuple(kind.value for kind in DEEDS)


class BurstState(StrEnum):
    """What became of a burst: it waits, or somebody let it count or left it out."""

    OPEN = "open"
    COUNTED = "counted"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class BurstRow:
    """Events of one person, or of one session of nobody known, that are put aside together."""

    id: str
    person: str | None
    session: str | None
    first_at: datetime
    last_at: datetime
    events: int
    state: BurstState
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Who:
    """Whose deeds are counted: a person, or a session without one."""

    column: str
    name: str


def put_bursts_aside(
    c: Connection, forum_id: int, ask_ids: Collection[str], received_at: datetime
) -> int:
    """Put aside what whoever asked these did too much of within the hour; return how many events.

    What came before in the same hour goes with it: which of them were meant, nobody can tell.
    """
    since = received_at - BURST_LASTS
    held = 0
    for column, names in _who(c, forum_id, ask_ids).items():
        for who in _hasty(c, forum_id, column, names, since):
            held += _put_aside(c, forum_id, who, since, received_at)
    return held


def list_bursts(
    c: Connection,
    forum_id: int,
    *,
    state: BurstState | None = None,
    after: tuple[datetime, str] | None = None,
    limit: int = 100,
) -> list[BurstRow]:
    """Return the latest bursts; `after` is moment and id of the last one that was seen."""
    query = select(event_bursts).where(event_bursts.c.forum_id == forum_id)
    if state is not None:
        query = query.where(event_bursts.c.state == state.value)
    if after is not None:
        at, last = after
        older = event_bursts.c.last_at < at
        same = (event_bursts.c.last_at == at) & (event_bursts.c.id < last)
        query = query.where(older | same)
    order = [event_bursts.c.last_at.desc(), event_bursts.c.id.desc()]
    return [_burst(row) for row in c.execute(query.order_by(*order).limit(limit)).mappings()]


def get_burst(c: Connection, forum_id: int, burst_id: str) -> BurstRow | None:
    """Return one burst, or None where the forum has it not."""
    query = select(event_bursts).where(*_of(forum_id, burst_id)).with_for_update()
    row = c.execute(query).mappings().first()
    return None if row is None else _burst(row)


def find_burst(c: Connection, forum_id: int, burst_id: str) -> BurstRow | None:
    """Return one burst as `get_burst` does, without holding others off it."""
    row = c.execute(select(event_bursts).where(*_of(forum_id, burst_id))).mappings().first()
    return None if row is None else _burst(row)


def burst_contents(c: Connection, forum_id: int, burst_id: str) -> list[tuple[str, int, int]]:
    """Return what a burst is made of: each type, how many events of it, on how many threads."""
    query = (
        select(events.c.type, func.count(), func.count(events.c.thread_id.distinct()))
        .where(events.c.forum_id == forum_id, events.c.held == burst_id)
        .group_by(events.c.type)
        .order_by(events.c.type)
    )
    return [(kind, many, threads) for kind, many, threads in c.execute(query)]


def settle_burst(
    c: Connection, forum_id: int, burst_id: str, *, counts: bool, at: datetime
) -> None:
    """Let the events of a burst count after all, or leave them out for good."""
    state = BurstState.COUNTED if counts else BurstState.LEFT_OUT
    mine = _of(forum_id, burst_id)
    c.execute(update(event_bursts).where(*mine).values(state=state.value, decided_at=at))
    if counts:
        held = [events.c.forum_id == forum_id, events.c.held == burst_id]
        c.execute(update(events).where(*held).values(held=None))
    verdict = ReviewVerdict.COUNTED if counts else ReviewVerdict.LEFT_OUT
    close_reviews_of(c, forum_id, ReviewSubject.BURST, burst_id, verdict, at)


def _who(c: Connection, forum_id: int, ask_ids: Collection[str]) -> Mapping[str, set[str]]:
    """Return the persons of these asks, and the sessions of those without one."""
    found: dict[str, set[str]] = {"person": set(), "session": set()}
    for part in chunks(sorted(ask_ids)):
        query = select(asks.c.person, asks.c.session).where(
            asks.c.forum_id == forum_id, asks.c.ask_id.in_(part)
        )
        for person, session in c.execute(query):
            if person is not None:
                found["person"].add(person)
            elif session is not None:
                found["session"].add(session)
    return found


def _hasty(
    c: Connection, forum_id: int, column: str, names: Collection[str], since: datetime
) -> list[_Who]:
    deeds: Counter[str] = Counter()
    whose = _asks_of(c, forum_id, column, names)
    # Joined, a planner without statistics reads all events of the forum.
    for part in chunks(sorted(whose)):
        query = (
            select(events.c.ask_id, func.count())
            .where(
                events.c.forum_id == forum_id,
                events.c.ask_id.in_(part),
                events.c.type.in_(_DEEDS),
                events.c.received_at > since,
            )
            .group_by(events.c.ask_id)
        )
        for ask_id, many in c.execute(query):
            deeds[whose[ask_id]] += many
    return [_Who(column, name) for name, many in deeds.items() if many > MOST_EVENTS]


def _asks_of(
    c: Connection, forum_id: int, column: str, names: Collection[str]
) -> Mapping[str, str]:
    """Return the asks of these persons or sessions, and whose each is."""
    whose: dict[str, str] = {}
    for part in chunks(sorted(names)):
        query = select(asks.c.ask_id, asks.c[column]).where(
            asks.c.forum_id == forum_id, asks.c[column].in_(part), *_alone(column)
        )
        for ask_id, name in c.execute(query):
            whose[ask_id] = name
    return whose


def _put_aside(
    c: Connection, forum_id: int, who: _Who, since: datetime, received_at: datetime
) -> int:
    theirs = select(asks.c.ask_id).where(
        asks.c.forum_id == forum_id, asks.c[who.column] == who.name, *_alone(who.column)
    )
    since = max(since, _released(c, forum_id, who) or since)
    deeds = [
        events.c.forum_id == forum_id,
        events.c.ask_id.in_(theirs),
        events.c.type.in_(_DEEDS),
        events.c.received_at > since,
        events.c.held.is_(None),
    ]
    found = select(func.min(events.c.received_at), func.count()).where(*deeds)
    first, many = c.execute(found).one()
    burst_id = _open_burst(c, forum_id, who, since)
    if burst_id is None:
        if many <= MOST_EVENTS:
            return 0
        burst_id = secrets.token_hex(8)
    held = c.execute(update(events).where(*deeds).values(held=burst_id)).rowcount
    if not held:
        return 0
    mine = _of(forum_id, burst_id)
    grown = {"last_at": received_at, "events": event_bursts.c.events + held}
    if not c.execute(update(event_bursts).where(*mine).values(**grown)).rowcount:
        c.execute(
            insert(event_bursts).values(_new(forum_id, burst_id, who, first, received_at, held))
        )
    return held


def _released(c: Connection, forum_id: int, who: _Who) -> datetime | None:
    """Return when somebody last let a burst of theirs count: what came before is not held again."""
    decided: datetime | None = c.execute(
        select(func.max(event_bursts.c.decided_at)).where(
            event_bursts.c.forum_id == forum_id,
            event_bursts.c[who.column] == who.name,
            event_bursts.c.state == BurstState.COUNTED.value,
        )
    ).scalar_one()
    return decided


def _open_burst(c: Connection, forum_id: int, who: _Who, since: datetime) -> str | None:
    """Return the burst that goes on, so that what never stops is one and not hundreds."""
    query = select(event_bursts.c.id).where(
        event_bursts.c.forum_id == forum_id,
        event_bursts.c[who.column] == who.name,
        event_bursts.c.last_at > since,
        event_bursts.c.state == BurstState.OPEN.value,
    )
    found: str | None = c.execute(query.limit(1)).scalar_one_or_none()
    return found


def _new(
    forum_id: int, burst_id: str, who: _Who, first: datetime, last: datetime, held: int
) -> dict[str, Any]:
    return {
        "forum_id": forum_id,
        "id": burst_id,
        who.column: who.name,
        "first_at": first,
        "last_at": last,
        "events": held,
        "state": BurstState.OPEN.value,
    }


def _alone(column: str) -> Sequence[Any]:
    """A session stands for somebody only where no person does."""
    return [asks.c.person.is_(None)] if column == "session" else []


def _of(forum_id: int, burst_id: str) -> Sequence[Any]:
    key: Column[str] = event_bursts.c.id
    return [event_bursts.c.forum_id == forum_id, key == burst_id]


def _burst(row: RowMapping) -> BurstRow:
    return record_of(BurstRow, row, state=BurstState(row["state"]))
