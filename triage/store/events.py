"""What happened after a reply: an event is taken once or refused.

In: Events of one API key, or what the service itself knows. Out: one outcome per event, and the
taken Events again.
Not here: what events mean together (outcomes), who sends more than a person can (bursts).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.engine import RowMapping

from triage.records import Event, EventType
from triage.store.batches import pages, record_of
from triage.store.bursts import DEEDS, put_bursts_aside
from triage.store.columns import as_utc
from triage.store.dialects import insert_free
from triage.store.tables import base as tables
from triage.streams import chunks

_COLUMNS = tuple(field.name for field in fields(Event) if field.name != "value")
CLOCK_SKEW = timedelta(minutes=10)
# What others than whoever asks did, or the service itself: a browser cannot know it.
TOLD_BY_SERVERS = frozenset(
    {
        EventType.ASKED,
        EventType.ANSWERED,
        EventType.ACCEPTED,
        EventType.STAFF_TIME,
        EventType.SURVEY_REPLY,
    }
)
# Of replies from before it was kept: everything was served in the one order of its probability.
_PROPENSITY = 1.0
_SHOWN_IN = ("suggestions", "same_question", "known_issues")
_KNOWN = select(tables.events.c.event_id).where(
    tables.events.c.forum_id == bindparam("forum"),
    tables.events.c.event_id.in_(bindparam("ids", expanding=True)),
)
# An event as it is kept, and what is told beside it.
_Served = tuple[Event, dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class EventOutcome:
    """What became of one event; a refused one has a code and a sentence."""

    event_id: str
    state: Literal["accepted", "duplicate", "refused"]
    code: str | None = None
    detail: str | None = None


class _Place(NamedTuple):
    """Where a thread stood in a reply and how likely that was; how likely it was to settle it.

    `own_rank` is where it would have stood by that, if anything in the order was drawn by lot.
    """

    rank: int | None
    probability: float | None
    propensity: float
    own_rank: int | None = None


@dataclass(frozen=True, slots=True)
class _Told:
    """What a triage says that an event of it must agree with."""

    ask_id: str
    key_id: int | None
    session: str | None
    person: str | None
    shown: Mapping[str, _Place]
    # Those that were shown as not settled yet: they can be followed.
    open: frozenset[str]


def put_events(
    c: Connection,
    forum_id: int,
    key_id: int,
    test: bool,
    events: Sequence[Event],
    received_at: datetime,
    *,
    browser: bool = False,
) -> list[EventOutcome]:
    """Take the events that are new and agree with their triage; one outcome each, in order.

    From a `browser` an event must say the session or person of its ask, where that has one, and be
    of what people do: what others did, a server tells, which may hear of it later.
    """
    outcomes, fresh = _judged(c, forum_id, key_id, events, received_at, browser)
    more = {"forum_id": forum_id, "key_id": key_id, "test": test, "received_at": received_at}
    late = _insert(c, [{**event_row(event), **more, "details": lots} for event, lots in fresh])
    done = {event.ask_id for event, _ in fresh if event.type in DEEDS}
    if done:
        put_bursts_aside(c, forum_id, done, received_at)
    return [_lost(outcome) if outcome.event_id in late else outcome for outcome in outcomes]


def made_by(c: Connection, forum_id: int, key_id: int, triage_ids: Iterable[str]) -> frozenset[str]:
    """Return those of the triages that this key made: only of these an event can be taken."""
    found: set[str] = set()
    for ids in chunks(sorted(set(triage_ids))):
        query = select(tables.triages.c.triage_id).where(
            tables.triages.c.forum_id == forum_id,
            tables.triages.c.key_id == key_id,
            tables.triages.c.triage_id.in_(ids),
        )
        found.update(c.execute(query).scalars())
    return frozenset(found)


def write_events(
    c: Connection,
    forum_id: int,
    events: Sequence[Event],
    received_at: datetime,
    *,
    test: bool = False,
    details: Mapping[str, Any] | None = None,
) -> int:
    """Keep what the service itself knows to have happened; return how many events were new.

    Nothing is checked, and an event whose id is taken changes nothing: name it by what it tells of.
    """
    known = _known_ids(c, forum_id, (event.event_id for event in events))
    fresh = {event.event_id: event for event in events if event.event_id not in known}
    more = {"forum_id": forum_id, "key_id": None, "test": test, "received_at": received_at}
    rows = [{**event_row(e), **more, "details": details} for e in fresh.values()]
    return len(rows) - len(_insert(c, rows))


def iter_events(c: Connection, forum_id: int, *, include_test: bool = False) -> Iterator[Event]:
    """Give the forum's events, oldest first; those of test keys only when asked for."""
    query = select(tables.events).where(tables.events.c.forum_id == forum_id)
    if not include_test:
        query = query.where(tables.events.c.test.is_(False))
    for page in pages(c, query, [tables.events.c.occurred_at, tables.events.c.event_id]):
        yield from map(_event, page)


def _judged(
    c: Connection,
    forum_id: int,
    key_id: int,
    events: Sequence[Event],
    received_at: datetime,
    browser: bool,
) -> tuple[list[EventOutcome], list[_Served]]:
    """Return the outcome of each event, and those that are to be taken, with their details."""
    known = _known_ids(c, forum_id, (event.event_id for event in events))
    told = _told(c, forum_id, {event.triage_id for event in events})
    outcomes: list[EventOutcome] = []
    fresh: list[_Served] = []
    for event in events:
        if event.event_id in known:
            outcomes.append(EventOutcome(event.event_id, "duplicate"))
            continue
        problem = _problem(event, key_id, told.get(event.triage_id), received_at, browser)
        if problem is not None:
            outcomes.append(EventOutcome(event.event_id, "refused", *problem))
            continue
        known.add(event.event_id)
        fresh.append(_as_served(event, told[event.triage_id]))
        outcomes.append(EventOutcome(event.event_id, "accepted"))
    return outcomes, fresh


def _insert(c: Connection, rows: Sequence[dict[str, Any]]) -> set[str]:
    """Insert events; return the ids that another transaction took in the meantime."""
    taken = insert_free(c, tables.events, rows, "event_id")
    return {row["event_id"] for row in rows} - taken


def _lost(outcome: EventOutcome) -> EventOutcome:
    return replace(outcome, state="duplicate") if outcome.state == "accepted" else outcome


def _problem(
    event: Event, key_id: int, told: _Told | None, received_at: datetime, browser: bool
) -> tuple[str, str] | None:
    # Another key's triage is as unknown as none: a key learns nothing of what others asked.
    if told is None or told.key_id != key_id:
        return "unknown_triage", "This key made no triage of this `triage_id`. Send the reply's."
    if browser and event.type in TOLD_BY_SERVERS:
        return "not_for_browsers", "What others did is told by the forum's server, with its key."
    if told.ask_id != event.ask_id:
        return "wrong_ask", "The triage belongs to another ask. Send the reply's `ask_id`."
    differs = _differ(told.session, event.session) or _differ(told.person, event.person)
    if differs or (browser and not _says_who(told, event)):
        return "wrong_session", "The ask was opened by another session or person."
    if event.type is EventType.FOLLOWED and event.thread_id not in told.open:
        return "not_shown", "`thread_id` names no open question that the reply showed."
    if event.thread_id is not None and event.thread_id not in told.shown:
        return "not_shown", "The reply did not show this thread. Send a `thread_id` that it held."
    if as_utc(event.occurred_at) > as_utc(received_at) + CLOCK_SKEW:
        return "from_the_future", "`occurred_at` has not come yet. Set the sender's clock."
    return None


def _differ(ours: str | None, theirs: str | None) -> bool:
    return ours is not None and theirs is not None and ours != theirs


def _says_who(told: _Told, event: Event) -> bool:
    """Say whether an event bears what its ask is known by, if it is by anything."""
    if told.session is None and told.person is None:
        return True
    return None not in (told.session, event.session) or None not in (told.person, event.person)


def _known_ids(c: Connection, forum_id: int, event_ids: Iterable[str]) -> set[str]:
    known: set[str] = set()
    for ids in chunks(event_ids):
        known.update(c.execute(_KNOWN, {"forum": forum_id, "ids": list(ids)}).scalars())
    return known


def _told(c: Connection, forum_id: int, triage_ids: Iterable[str]) -> dict[str, _Told]:
    told: dict[str, _Told] = {}
    for ids in chunks(triage_ids):
        query = (
            select(
                tables.triages.c.triage_id,
                tables.triages.c.ask_id,
                tables.triages.c.key_id,
                tables.asks.c.session,
                tables.asks.c.person,
                # The rest of a reply is long, and is not read here.
                *(tables.triages.c.reply[part].label(part) for part in _SHOWN_IN),
            )
            .join(
                tables.asks,
                (tables.asks.c.forum_id == forum_id)
                & (tables.asks.c.ask_id == tables.triages.c.ask_id),
            )
            .where(tables.triages.c.forum_id == forum_id, tables.triages.c.triage_id.in_(ids))
        )
        for row in c.execute(query).mappings():
            shown = _shown({part: row[part] for part in _SHOWN_IN})
            waiting = frozenset(one["thread_id"] for one in row["same_question"] or ())
            told[row["triage_id"]] = record_of(_Told, row, shown=shown, open=waiting)
    return told


def _shown(reply: Mapping[str, Any]) -> Mapping[str, _Place]:
    return {
        item["thread_id"]: _Place(
            item.get("rank"),
            item.get("probability"),
            item.get("propensity", _PROPENSITY),
            item.get("own_rank"),
        )
        for part in _SHOWN_IN
        for item in reply.get(part) or ()
        if item.get("thread_id") is not None
    }


def _as_served(event: Event, told: _Told) -> _Served:
    """Return what was shown with what the reply said of it, whatever a sender says.

    Where a place was drawn by lot, the details tell the place that it would else have been.
    """
    place = told.shown.get(event.thread_id or "")
    if event.type is not EventType.SHOWN or place is None:
        return event, None
    rank = place.rank if event.rank is None else event.rank
    # How likely a place is that a front end chose itself, nobody knows.
    likely = place.propensity if rank == place.rank else None
    served = replace(event, rank=rank, probability=place.probability, propensity=likely)
    drawn = likely is not None and likely < _PROPENSITY and place.own_rank is not None
    return served, {"own_rank": place.own_rank} if drawn else None


def event_row(event: Event) -> dict[str, Any]:
    """Return an event as its table keeps it, but for who sent it and when it arrived."""
    row = {name: getattr(event, name) for name in _COLUMNS}
    row["type"], value = event.type.value, event.value
    text = value if isinstance(value, str) else None
    return {**row, "value_text": text, "value_number": None if text is not None else value}


def _event(row: RowMapping) -> Event:
    value = row["value_number"] if row["value_text"] is None else row["value_text"]
    return record_of(Event, row, type=EventType(row["type"]), value=value)
