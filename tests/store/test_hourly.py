"""What came by the hour: of customers alone, and read by an index."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import insert

from triage.records import Forum, Role
from triage.store import (
    Causes,
    Connection,
    Database,
    Stream,
    causes_of,
    create_key,
    hourly_counts,
    last_moment,
)
from triage.store.simulated import MADE_UP
from triage.store.tables.base import asks, events, triages

from .filling import put_question
from .samples import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SINCE, UNTIL = NOON - 20 * DAY, NOON
Row = dict[str, Any]


def put_ask(c: Connection, forum: Forum, ask_id: str, at: datetime, **fields: object) -> None:
    mine = {"forum_id": forum.id, "ask_id": ask_id}
    opened = {"test": False, "opened_at": at, "last_at": at, "offered": False}
    c.execute(insert(asks).values(**mine, **{**opened, **fields}))
    said = {"stage": "submit", "at": at, "question": {}, "reply": {}, "index_version": "1"}
    c.execute(insert(triages).values(**mine, triage_id=f"t-{ask_id}", mode="words", **said))


def put_event(c: Connection, forum: Forum, ask_id: str, at: datetime, **fields: object) -> None:
    mine = {"forum_id": forum.id, "ask_id": ask_id, "triage_id": f"t-{ask_id}"}
    told = {"event_id": f"e-{ask_id}-{at}", "type": "shown", "occurred_at": at, "received_at": at}
    c.execute(insert(events).values(**mine, **{**told, "test": False, **fields}))


def key_id(c: Connection, forum: Forum, *, publishable: bool) -> int:
    told = {"name": "page", "role": Role.FRONTEND, "publishable": publishable, "test": False}
    _, key = create_key(c, forum.id, at=NOON, **told)  # type: ignore[arg-type]
    return key.id


@pytest.mark.parametrize("barred", ["bot", "staff"])
def test_what_bots_and_staff_do_is_no_sign_of_life(
    database: Database, forum: Forum, barred: str
) -> None:
    with database.write() as c:
        key = key_id(c, forum, publishable=True)
        for ask_id, at, fields in (
            ("customer", NOON - 5 * HOUR, {}),
            ("other", NOON - HOUR, {"barred": barred}),
        ):
            put_ask(c, forum, ask_id, at, offered=True, key_id=key, **fields)
            put_event(c, forum, ask_id, at, key_id=key)
            put_question(c, forum.id, f"q-{ask_id}", ask_id, at)
        for stream in Stream:
            assert last_moment(c, forum.id, stream, NOON) == NOON - 5 * HOUR
            assert sum(hourly_counts(c, forum.id, stream, SINCE, UNTIL).values()) == 1
        assert causes_of(c, forum.id, Stream.EVENTS, NOON, 9) == Causes(1, NOON - 5 * HOUR)


def test_a_question_without_an_ask_counts_beside_those_of_bots(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        put_ask(c, forum, "bot", NOON - 3 * HOUR, barred="bot")
        put_question(c, forum.id, "q1", "bot", NOON - HOUR)
        put_question(c, forum.id, "q2", None, NOON - 2 * HOUR)
        assert last_moment(c, forum.id, Stream.POSTED, NOON) == NOON - 2 * HOUR


def test_another_forums_bot_bars_nobody_here(
    database: Database, forum: Forum, other_forum: Forum
) -> None:
    with database.write() as c:
        key = key_id(c, forum, publishable=True)
        put_ask(c, other_forum, "a1", NOON - HOUR, barred="bot")
        put_ask(c, forum, "a1", NOON - HOUR)
        put_event(c, forum, "a1", NOON - HOUR, key_id=key)
        assert last_moment(c, forum.id, Stream.EVENTS, NOON) == NOON - HOUR
        assert last_moment(c, other_forum.id, Stream.ASKS, NOON) is None


def test_counts_are_those_of_reading_every_row(database: Database, forum: Forum) -> None:
    rng = np.random.default_rng(5)
    told: dict[Stream, list[tuple[datetime, bool]]] = {stream: [] for stream in Stream}
    with database.write() as c:
        key = key_id(c, forum, publishable=False)
        for n in range(400):
            at = NOON - int(rng.integers(1, 25 * 24 * 60)) * timedelta(minutes=1)
            barred = rng.choice(np.array([None, "bot", "staff"]), p=[0.8, 0.1, 0.1])
            simulated = rng.choice(np.array([None, False, True]), p=[0.5, 0.2, 0.3])
            test, offered = bool(rng.random() < 0.1), bool(rng.random() < 0.5)
            made_up, mine = simulated is True, barred is None and not test
            marks = {"barred": barred, "simulated": simulated, "test": test, "offered": offered}
            put_ask(c, forum, f"a{n}", at, **marks)
            of_key = None if made_up or rng.random() < 0.3 else key
            put_event(c, forum, f"a{n}", at, key_id=of_key, test=test)
            no_ask = rng.random() < 0.2
            name = f"{MADE_UP}{n}" if made_up else f"q{n}"
            put_question(c, forum.id, name, None if no_ask else f"a{n}", at, test=test)
            told[Stream.ASKS] += [(at, made_up)] if mine else []
            told[Stream.OFFERS] += [(at, made_up)] if mine and offered else []
            told[Stream.EVENTS] += [(at, made_up)] if mine and (made_up or of_key) else []
            posted = not test and (barred is None or no_ask)
            told[Stream.POSTED] += [(at, made_up)] if posted else []
        for stream, rows in told.items():
            for simulated in (False, True):
                counted = [at for at, made_up in rows if simulated or not made_up]
                within = [at for at in counted if SINCE <= at < UNTIL]
                found = hourly_counts(
                    c, forum.id, stream, SINCE, UNTIL, include_simulated=simulated
                )
                assert found == Counter(int(at.timestamp()) // 3600 for at in within)
                last = last_moment(c, forum.id, stream, UNTIL, include_simulated=simulated)
                assert last == max(counted)


def test_every_ask_is_cause_for_an_offer_and_an_offer_on_a_page_for_an_event(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        assert causes_of(c, forum.id, Stream.EVENTS, NOON, 9) == Causes(0, None)
        page, server = (key_id(c, forum, publishable=one) for one in (True, False))
        rows: Sequence[tuple[str, int, Row]] = [
            ("asked", 9, {"key_id": page}),
            ("offered", 8, {"key_id": page, "offered": True}),
            ("held", 7, {"key_id": page, "offered": True, "arm": "holdout"}),
            ("server", 6, {"key_id": server, "offered": True}),
            ("treated", 5, {"key_id": page, "offered": True, "arm": "treatment"}),
            ("test", 4, {"key_id": page, "offered": True, "test": True}),
            ("made-up", 3, {"key_id": page, "offered": True, "simulated": True}),
        ]
        for name, hours, fields in rows:
            put_ask(c, forum, name, NOON - hours * HOUR, **fields)

        def causes(stream: Stream, most: int = 9, *, simulated: bool = False) -> Causes:
            return causes_of(c, forum.id, stream, NOON, most, include_simulated=simulated)

        assert causes(Stream.OFFERS) == Causes(5, NOON - 9 * HOUR)
        assert causes(Stream.OFFERS, 3) == Causes(3, NOON - 9 * HOUR)
        assert causes(Stream.OFFERS, simulated=True).n == 6
        assert causes(Stream.EVENTS) == Causes(2, NOON - 8 * HOUR)
        assert {causes(stream) for stream in (Stream.ASKS, Stream.POSTED)} == {Causes(0, None)}


READS: list[Callable[[Connection, int, Stream], object]] = [
    lambda c, forum_id, stream: last_moment(c, forum_id, stream, UNTIL),
    lambda c, forum_id, stream: last_moment(c, forum_id, stream, UNTIL, include_simulated=True),
    lambda c, forum_id, stream: hourly_counts(c, forum_id, stream, SINCE, UNTIL),
    lambda c, forum_id, stream: causes_of(c, forum_id, stream, UNTIL, 50),
]


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("stream", Stream)
def test_nothing_reads_all_of_a_forums_asks(
    database: Database,
    forum: Forum,
    stream: Stream,
    read: Callable[[Connection, int, Stream], object],
) -> None:
    typed: list[tuple[str, Any]] = []
    with database.write() as c:
        key_id(c, forum, publishable=True)

        @sql_event.listens_for(c, "before_cursor_execute")
        def keep(_c: object, _cursor: object, sql: str, given: object, *_: object) -> None:
            typed.append((sql, given))

        read(c, forum.id, stream)
        sql_event.remove(c, "before_cursor_execute", keep)
        cursor = c.connection.cursor()
        for sql, given in typed:
            plan = [row[-1] for row in cursor.execute(f"EXPLAIN QUERY PLAN {sql}", given)]
            found = [step for step in plan if step.startswith(("SEARCH", "SCAN"))]
            assert found
            for step in found:
                # Keys are few; else by the moment, or one row by its key.
                by = ("opened_at", "occurred_at", "received_at", "ask_id=?")
                assert " api_keys " in step or any(f"AND {one}" in step for one in by), step
