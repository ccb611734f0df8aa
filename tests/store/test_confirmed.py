"""A confirmed pair is what the asker said last, once per person and thread."""

from datetime import timedelta

import pytest

from triage.records import ApiKey, EventType, Forum
from triage.store import (
    AskFacts,
    Database,
    Judged,
    iter_confirmed,
    iter_refused,
    list_bursts,
    put_events,
    put_triage,
    settle_burst,
    tell_ask,
    write_events,
)

from .samples import NOON, begin, event, triage_row

QUESTION = {"title": "Kedjan hoppar", "body": "På trean.", "lang": "sv", "person": None}


def confirmed(
    database: Database, forum: Forum, key: ApiKey, *told: tuple[str, EventType], **more: object
) -> list[tuple[str, str]]:
    """Return the pairs after these events, one a minute, of asks by their names."""
    with database.write() as c:
        for ask in dict.fromkeys(ask for ask, _ in told):
            begin(c, forum.id, ask, key_id=key.id, session=ask)
            row = triage_row(f"r-{ask}", ask_id=ask, key_id=key.id, question={**QUESTION, **more})
            put_triage(c, forum.id, row)
        events = [
            event(
                f"e{n}",
                triage_id=f"r-{ask}",
                ask_id=ask,
                type=kind,
                thread_id="t1",
                occurred_at=NOON + timedelta(minutes=n),
            )
            for n, (ask, kind) in enumerate(told)
        ]
        outcomes = put_events(c, forum.id, key.id, False, events, NOON + timedelta(days=1))
        assert {o.state for o in outcomes} == {"accepted"}
        return [(found.ask_id, found.thread_id) for found in iter_confirmed(c, forum.id)]


def test_who_says_that_it_is_solved_confirms_the_pair(
    database: Database, forum: Forum, key: ApiKey
) -> None:
    assert confirmed(database, forum, key, ("a1", EventType.SOLVED)) == [("a1", "t1")]
    with database.read() as c:
        (found,) = iter_confirmed(c, forum.id)
    assert found == Judged("a1", "Kedjan hoppar", "På trean.", "sv", "t1", None)


@pytest.mark.parametrize(
    "later",
    [
        EventType.NOT_SOLVED,
        EventType.STILL_NEED_HELP,
        EventType.POSTED,
        EventType.ESCALATED,
        EventType.REOPENED,
    ],
)
def test_who_comes_back_later_confirms_nothing(
    database: Database, forum: Forum, key: ApiKey, later: EventType
) -> None:
    assert not confirmed(database, forum, key, ("a1", EventType.SOLVED), ("a1", later))


def test_who_was_helped_in_the_end_confirms_it(
    database: Database, forum: Forum, key: ApiKey
) -> None:
    told = (("a1", EventType.NOT_SOLVED), ("a1", EventType.SOLVED))
    assert confirmed(database, forum, key, *told) == [("a1", "t1")]


def test_silence_and_looking_confirm_nothing(database: Database, forum: Forum, key: ApiKey) -> None:
    told = (("a1", EventType.SHOWN), ("a1", EventType.OPENED))
    assert confirmed(database, forum, key, *told) == []


def test_one_person_confirms_a_thread_once(database: Database, forum: Forum, key: ApiKey) -> None:
    told = (("a1", EventType.SOLVED), ("a2", EventType.SOLVED))
    assert confirmed(database, forum, key, *told, person="p") == [("a1", "t1")]


def test_two_strangers_confirm_it_twice(database: Database, forum: Forum, key: ApiKey) -> None:
    told = (("a1", EventType.SOLVED), ("a2", EventType.SOLVED))
    assert confirmed(database, forum, key, *told) == [("a1", "t1"), ("a2", "t1")]


def refused(database: Database, forum: Forum) -> list[tuple[str, str]]:
    with database.read() as c:
        return [(found.ask_id, found.thread_id) for found in iter_refused(c, forum.id)]


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ((EventType.SOLVED,), []),
        ((EventType.OPENED, EventType.POSTED), []),
        ((EventType.NOT_SOLVED,), ["t1"]),
        ((EventType.NOT_SOLVED, EventType.SOLVED), []),
        ((EventType.SOLVED, EventType.POSTED), ["t1"]),
        ((EventType.SOLVED, EventType.STILL_NEED_HELP), ["t1"]),
        ((EventType.SOLVED, EventType.REOPENED, EventType.SOLVED), []),
    ],
)
def test_a_thread_that_was_believed_in_vain_is_refused(
    database: Database,
    forum: Forum,
    key: ApiKey,
    told: tuple[EventType, ...],
    wrong: list[str],
) -> None:
    confirmed(database, forum, key, *(("a1", kind) for kind in told))
    assert refused(database, forum) == [("a1", thread_id) for thread_id in wrong]


def test_who_comes_back_with_the_problem_takes_back_what_they_said(
    database: Database, forum: Forum, key: ApiKey
) -> None:
    assert confirmed(database, forum, key, ("a1", EventType.SOLVED)) == [("a1", "t1")]
    with database.write() as c:
        begin(c, forum.id, "a2", key_id=key.id, session="later")
        tell_ask(c, forum.id, "a2", AskFacts(return_of="a1"))
        assert list(iter_confirmed(c, forum.id)) == []
    assert refused(database, forum) == [("a1", "t1")]


def test_what_programs_and_staff_say_teaches_nothing(
    database: Database, forum: Forum, key: ApiKey
) -> None:
    assert confirmed(database, forum, key, ("a1", EventType.SOLVED))
    with database.write() as c:
        tell_ask(c, forum.id, "a1", AskFacts(barred="bot"))
        assert list(iter_confirmed(c, forum.id)) == []


def test_a_burst_teaches_nothing_until_somebody_lets_it_count(
    database: Database, forum: Forum, key: ApiKey
) -> None:
    said = [("a1", EventType.SOLVED)] * 51
    assert confirmed(database, forum, key, *said) == []
    with database.write() as c:
        (burst,) = list_bursts(c, forum.id)
        settle_burst(c, forum.id, burst.id, counts=True, at=NOON)
        assert [one.ask_id for one in iter_confirmed(c, forum.id)] == ["a1"]


def test_who_then_follows_an_open_question_was_not_helped(
    database: Database, forum: Forum, key: ApiKey
) -> None:
    assert confirmed(database, forum, key, ("a1", EventType.SOLVED)) == [("a1", "t1")]
    at = NOON + timedelta(hours=1)
    follows = {"type": EventType.FOLLOWED, "thread_id": "open", "occurred_at": at}
    told = event("f1", triage_id="r-a1", ask_id="a1", **follows)
    with database.write() as c:
        assert write_events(c, forum.id, [told], at) == 1
        assert list(iter_confirmed(c, forum.id)) == []
    assert refused(database, forum) == [("a1", "t1")]
