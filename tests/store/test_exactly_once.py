"""However often and in whatever order events are delivered, each counts once."""

import random
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from triage.records import Event, EventType, Role
from triage.store import (
    Database,
    create_key,
    ensure_forum,
    iter_events,
    put_events,
    put_triage,
    write_events,
)

from .samples import NOON, begin, event, triage_row

_numbers = count()
_ONCE_MADE = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
told = st.builds(
    lambda n, kind, minutes, ask: event(
        f"e{n}",
        type=kind,
        triage_id=f"r-{ask}",
        ask_id=ask,
        thread_id="t1",
        session=ask,
        occurred_at=NOON - timedelta(minutes=minutes),
    ),
    st.integers(0, 25),
    st.sampled_from([EventType.SHOWN, EventType.SOLVED, EventType.POSTED, EventType.RATED]),
    # Lateness, disorder and clocks that run behind.
    st.integers(0, 60 * 24 * 40),
    st.sampled_from(["a", "b", "c"]),
)


def forum_and_key(database: Database) -> tuple[int, int]:
    """Return a forum of its own with three asks, and a key."""
    with database.write() as c:
        forum = ensure_forum(c, f"forum-{next(_numbers)}")
        made = {"name": "page", "role": Role.FRONTEND, "publishable": True, "test": False}
        _, key = create_key(c, forum.id, at=NOON, **made)
        for ask in "abc":
            begin(c, forum.id, ask, key_id=key.id, session=ask)
            put_triage(c, forum.id, triage_row(f"r-{ask}", ask_id=ask, key_id=key.id))
    return forum.id, key.id


def deliver(database: Database, where: tuple[int, int], batch: Sequence[Event]) -> Counter[str]:
    with database.write() as c:
        outcomes = put_events(c, *where, False, batch, NOON)
    return Counter(outcome.state for outcome in outcomes)


def kept(database: Database, forum_id: int) -> dict[str, Event]:
    with database.read() as c:
        found = list(iter_events(c, forum_id))
    assert len({one.event_id for one in found}) == len(found)
    return {one.event_id: one for one in found}


@_ONCE_MADE
@given(st.lists(told, max_size=60), st.randoms(use_true_random=False), st.integers(1, 9))
def test_replays_and_disorder_change_nothing(
    database: Database, events: list[Event], order: random.Random, size: int
) -> None:
    where = forum_and_key(database)
    # Two events of one id that differ: the first to come is the one that counts.
    first = {one.event_id: one for one in reversed(events)}
    states = deliver(database, where, events)
    assert states["accepted"] == len(first)
    assert states["duplicate"] == len(events) - len(first)
    before = kept(database, where[0])
    again = [*events, *events]
    order.shuffle(again)
    for start in range(0, len(again), size):
        assert not deliver(database, where, again[start : start + size])["accepted"]
    assert kept(database, where[0]) == before
    assert before.keys() == first.keys()


@_ONCE_MADE
@given(st.lists(told, min_size=1, max_size=40, unique_by=lambda e: e.event_id), st.integers(0, 99))
def test_concurrent_delivery_counts_once(
    database: Database, events: list[Event], seed: int
) -> None:
    where = forum_and_key(database)

    def sender(n: int) -> Counter[str]:
        order = random.Random(seed + n)
        mine = [*events, *order.sample(events, len(events) // 2)]
        order.shuffle(mine)
        states: Counter[str] = Counter()
        for start in range(0, len(mine), 7):
            states += deliver(database, where, mine[start : start + 7])
        return states

    with ThreadPoolExecutor(6) as pool:
        states = sum(pool.map(sender, range(6)), Counter())
    assert states["accepted"] == len(events)
    assert states["refused"] == 0
    found = kept(database, where[0])
    assert found.keys() == {one.event_id for one in events}


def test_what_the_service_writes_is_written_once(database: Database) -> None:
    forum_id, _ = forum_and_key(database)
    same = event("posted-1", triage_id="r-a", ask_id="a", type=EventType.POSTED)
    for new in (1, 0):
        with database.write() as c:
            assert write_events(c, forum_id, [same, same], NOON) == new
    assert list(kept(database, forum_id)) == ["posted-1"]
