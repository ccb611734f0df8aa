"""More events of one person than a person makes are put aside until somebody has looked."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from triage.records import ApiKey, EventType, Forum
from triage.store import (
    MOST_EVENTS,
    BurstState,
    Connection,
    Database,
    burst_contents,
    get_burst,
    list_bursts,
    put_events,
    put_triage,
    settle_burst,
)

from .samples import NOON, begin, event, triage_row

HOUR = timedelta(hours=1)


def done(
    c: Connection,
    key: ApiKey,
    n: int,
    *,
    ask: str = "a1",
    at: datetime = NOON,
    type: EventType = EventType.SOLVED,
) -> None:
    events = [
        event(
            f"{ask}-{at:%d%H%M%S}-{type}-{i}",
            triage_id=f"r-{ask}",
            ask_id=ask,
            type=type,
            thread_id="t1",
            occurred_at=NOON,
        )
        for i in range(n)
    ]
    outcomes = put_events(c, key.forum.id, key.id, False, events, at)
    assert {outcome.state for outcome in outcomes} <= {"accepted"}


def ask(c: Connection, key: ApiKey, name: str = "a1", **who: Any) -> None:  # noqa: ANN401
    begin(c, key.forum.id, name, key_id=key.id, at=NOON, window=timedelta(0), **who)
    put_triage(c, key.forum.id, triage_row(f"r-{name}", ask_id=name, key_id=key.id))


@pytest.mark.parametrize("who", [{"person": "p"}, {"session": "s"}])
def test_a_burst_is_put_aside_whole_whatever_the_sender_is_told(
    database: Database, key: ApiKey, who: dict[str, str]
) -> None:
    with database.write() as c:
        ask(c, key, **who)
        done(c, key, MOST_EVENTS)
        assert list_bursts(c, key.forum.id) == []
        done(c, key, 1, at=NOON + HOUR / 2)
        (burst,) = list_bursts(c, key.forum.id)
        assert (burst.events, burst.state) == (MOST_EVENTS + 1, BurstState.OPEN)
        assert (burst.person, burst.session) == (who.get("person"), who.get("session"))
        assert burst_contents(c, key.forum.id, burst.id) == [("solved", MOST_EVENTS + 1, 1)]


def test_as_much_over_a_longer_time_and_of_several_people_is_no_burst(
    database: Database, key: ApiKey
) -> None:
    with database.write() as c:
        for name in ("a1", "a2"):
            ask(c, key, name, person=name)
            done(c, key, 40, ask=name)
        done(c, key, 40, at=NOON + HOUR)
        done(c, key, 500, type=EventType.SHOWN)
        assert list_bursts(c, key.forum.id) == []


def test_over_several_asks_it_is_one_persons_burst(database: Database, key: ApiKey) -> None:
    with database.write() as c:
        for n in range(3):
            ask(c, key, f"a{n}", person="p", session=f"s{n}")
            done(c, key, 20, ask=f"a{n}")
        (burst,) = list_bursts(c, key.forum.id)
        assert burst.events == 60


def test_what_goes_on_is_one_burst_and_what_counts_is_not_put_aside_again(
    database: Database, key: ApiKey
) -> None:
    forum_id = key.forum.id
    with database.write() as c:
        ask(c, key, person="p")
        done(c, key, 60)
        done(c, key, 10, at=NOON + HOUR / 4)
        (burst,) = list_bursts(c, forum_id)
        assert burst.events == 70
        settle_burst(c, forum_id, burst.id, counts=True, at=NOON + HOUR / 3)
        assert burst_contents(c, forum_id, burst.id) == []
        done(c, key, 10, at=NOON + HOUR / 2)
        assert [one.state for one in list_bursts(c, forum_id)] == [BurstState.COUNTED]
        settled = get_burst(c, forum_id, burst.id)
        assert settled is not None
        assert settled.decided_at == NOON + HOUR / 3


def test_bursts_are_paged_the_latest_first(database: Database, key: ApiKey, forum: Forum) -> None:
    with database.write() as c:
        for n in range(3):
            ask(c, key, f"a{n}", person=f"p{n}")
            done(c, key, 51, ask=f"a{n}", at=NOON + n * HOUR)
        first, *_ = rows = list_bursts(c, forum.id)
        assert [row.person for row in rows] == ["p2", "p1", "p0"]
        rest = list_bursts(c, forum.id, after=(first.last_at, first.id))
        assert [row.person for row in rest] == ["p1", "p0"]
        assert list_bursts(c, forum.id, state=BurstState.LEFT_OUT) == []
