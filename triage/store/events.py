"""What happened after a reply, as a front end tells it; an event is taken once or refused.

In: Events of one API key. Out: one outcome per event, and the taken Events again.
Not here: what events mean together (outcomes).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, insert, select
from sqlalchemy.engine import RowMapping

from triage.records import Event, EventType
from triage.store import tables
from triage.store.batches import pages, record_of, row_of
from triage.store.columns import as_utc
from triage.streams import chunks

CLOCK_SKEW = timedelta(minutes=10)
_SHOWN_IN = ("suggestions", "same_question", "known_issues")


@dataclass(frozen=True, slots=True)
class EventOutcome:
    """What became of one event; a refused one has a code and a sentence."""

    event_id: str
    state: Literal["accepted", "duplicate", "refused"]
    code: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class _Told:
    """What a triage says that an event of it must agree with."""

    ask_id: str
    key_id: int | None
    session: str | None
    person: str | None
    shown: frozenset[str]


def put_events(
    c: Connection,
    forum_id: int,
    key_id: int,
    test: bool,
    events: Sequence[Event],
    received_at: datetime,
) -> list[EventOutcome]:
    """Take the events that are new and agree with their triage; one outcome each, in order."""
    known = _known_ids(c, forum_id, (event.event_id for event in events))
    told = _told(c, forum_id, {event.triage_id for event in events})
    outcomes, accepted = [], []
    for event in events:
        if event.event_id in known:
            outcomes.append(EventOutcome(event.event_id, "duplicate"))
            continue
        problem = _problem(event, key_id, told.get(event.triage_id), received_at)
        if problem is not None:
            outcomes.append(EventOutcome(event.event_id, "refused", *problem))
            continue
        known.add(event.event_id)
        accepted.append(event)
        outcomes.append(EventOutcome(event.event_id, "accepted"))
    more = {"forum_id": forum_id, "key_id": key_id, "test": test, "received_at": received_at}
    if accepted:
        c.execute(insert(tables.events), [{**_event_row(event), **more} for event in accepted])
    return outcomes


def iter_events(c: Connection, forum_id: int, *, include_test: bool = False) -> Iterator[Event]:
    """Give the forum's events, oldest first; those of test keys only when asked for."""
    query = select(tables.events).where(tables.events.c.forum_id == forum_id)
    if not include_test:
        query = query.where(tables.events.c.test.is_(False))
    for page in pages(c, query, [tables.events.c.occurred_at, tables.events.c.event_id]):
        yield from map(_event, page)


def _problem(
    event: Event, key_id: int, told: _Told | None, received_at: datetime
) -> tuple[str, str] | None:
    # Another key's triage is as unknown as none: a key learns nothing of what others asked.
    if told is None or told.key_id != key_id:
        return "unknown_triage", "This key made no triage of this `triage_id`. Send the reply's."
    if told.ask_id != event.ask_id:
        return "wrong_ask", "The triage belongs to another ask. Send the reply's `ask_id`."
    if _differ(told.session, event.session) or _differ(told.person, event.person):
        return "wrong_session", "The ask was opened by another session or person."
    if event.thread_id is not None and event.thread_id not in told.shown:
        return "not_shown", "The reply did not show this thread. Send a `thread_id` that it held."
    if as_utc(event.occurred_at) > as_utc(received_at) + CLOCK_SKEW:
        return "from_the_future", "`occurred_at` has not come yet. Set the sender's clock."
    return None


def _differ(ours: str | None, theirs: str | None) -> bool:
    return ours is not None and theirs is not None and ours != theirs


def _known_ids(c: Connection, forum_id: int, event_ids: Iterable[str]) -> set[str]:
    known: set[str] = set()
    for ids in chunks(event_ids):
        query = select(tables.events.c.event_id).where(
            tables.events.c.forum_id == forum_id, tables.events.c.event_id.in_(ids)
        )
        known.update(c.execute(query).scalars())
    return known


def _told(c: Connection, forum_id: int, triage_ids: Iterable[str]) -> dict[str, _Told]:
    told: dict[str, _Told] = {}
    for ids in chunks(triage_ids):
        query = (
            select(
                tables.triages.c.triage_id,
                tables.triages.c.ask_id,
                tables.triages.c.key_id,
                tables.triages.c.reply,
                tables.asks.c.session,
                tables.asks.c.person,
            )
            .join(
                tables.asks,
                (tables.asks.c.forum_id == forum_id)
                & (tables.asks.c.ask_id == tables.triages.c.ask_id),
            )
            .where(tables.triages.c.forum_id == forum_id, tables.triages.c.triage_id.in_(ids))
        )
        for row in c.execute(query).mappings():
            told[row["triage_id"]] = record_of(_Told, row, shown=_shown(row["reply"]))
    return told


def _shown(reply: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(
        item["thread_id"]
        for part in _SHOWN_IN
        for item in reply.get(part) or ()
        if item.get("thread_id") is not None
    )


def _event_row(event: Event) -> dict[str, Any]:
    row = {**row_of(event), "type": event.type.value}
    value = row.pop("value")
    text = value if isinstance(value, str) else None
    return {**row, "value_text": text, "value_number": None if text is not None else value}


def _event(row: RowMapping) -> Event:
    value = row["value_number"] if row["value_text"] is None else row["value_text"]
    return record_of(Event, row, type=EventType(row["type"]), value=value)
