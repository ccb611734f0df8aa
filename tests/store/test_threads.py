"""Threads come back as they were put, and tell what changed."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from triage.errors import BadField, NoForum
from triage.records import Answer, Forum, Thread
from triage.store import (
    Database,
    PutCounts,
    changes_since,
    count_threads,
    delete_thread,
    get_thread,
    get_threads,
    iter_threads,
    next_revision,
    put_threads,
    thread_state,
)
from triage.store.threads import thread_digests

from .samples import NOON, thread

WORDS = st.text(max_size=12)
NUMBERS = st.integers(-(2**31), 2**31 - 1)
MOMENTS = st.datetimes(
    min_value=datetime(1, 1, 2),
    max_value=datetime(9999, 12, 30),
    timezones=st.integers(-720, 720).map(lambda m: timezone(timedelta(minutes=m))),
)
ANSWERS = st.builds(
    Answer,
    id=WORDS,
    body=WORDS,
    person=st.none() | WORDS,
    accepted=st.booleans(),
    staff=st.booleans(),
    votes=NUMBERS,
    created=st.none() | MOMENTS,
    updated=st.none() | MOMENTS,
    outdated_votes=NUMBERS,
)
TUPLES = st.lists(WORDS, max_size=3).map(tuple)
THREADS = st.builds(
    Thread,
    id=WORDS,
    title=WORDS,
    body=WORDS,
    answers=st.lists(ANSWERS, max_size=3).map(tuple),
    person=st.none() | WORDS,
    solved=st.booleans(),
    lang=st.none() | WORDS,
    tags=TUPLES,
    product=st.none() | WORDS,
    valid_versions=st.none() | WORDS,
    groups=st.frozensets(WORDS, max_size=3),
    url=st.none() | WORDS,
    created=st.none() | MOMENTS,
    updated=st.none() | MOMENTS,
    duplicate_of=TUPLES,
    superseded_by=st.none() | WORDS,
    outdated_votes=NUMBERS,
    verified_by=st.none() | WORDS,
    verified_at=st.none() | MOMENTS,
)


@given(threads=st.lists(THREADS, max_size=4, unique_by=lambda t: t.id))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_field_comes_back_as_it_was_put(
    database: Database, forum: Forum, threads: list[Thread]
) -> None:
    with database.write() as c:
        put_threads(c, forum.id, threads, 1)
        found = get_threads(c, forum.id, [t.id for t in threads])
        assert found == {t.id: t for t in threads}
        again = put_threads(c, forum.id, list(found.values()), 2)
        assert again == PutCounts(0, 0, len(threads))


def test_a_thread_put_again_counts_as_unchanged_and_keeps_its_revision(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        assert put_threads(c, forum.id, [thread("a"), thread("b")], 1) == PutCounts(2, 0, 0)
        changed = thread("b", answers=(Answer("1", "Shorten the cable."),))
        found = put_threads(c, forum.id, [thread("a"), changed, thread("c")], 2)
        assert found == PutCounts(created=1, updated=1, unchanged=1)
        assert thread_state(c, forum.id) == {"a": 1, "b": 2, "c": 2}
        assert get_thread(c, forum.id, "b") == changed


def test_the_same_moment_in_another_zone_is_no_change(database: Database, forum: Forum) -> None:
    later = NOON.astimezone(timezone(timedelta(hours=2)))
    with database.write() as c:
        put_threads(c, forum.id, [thread(created=NOON)], 1)
        assert put_threads(c, forum.id, [thread(created=later)], 2).unchanged == 1


def test_the_last_of_two_with_one_id_counts(database: Database, forum: Forum) -> None:
    with database.write() as c:
        counts = put_threads(c, forum.id, [thread(title="old"), thread(title="new")], 1)
        assert counts == PutCounts(created=1)
        assert get_thread(c, forum.id, "t1") == thread(title="new")


def test_fewer_answers_leave_no_old_ones(database: Database, forum: Forum) -> None:
    three = tuple(Answer(str(n), "Oil it.") for n in range(3))
    with database.write() as c:
        put_threads(c, forum.id, [thread(answers=three)], 1)
        put_threads(c, forum.id, [thread(answers=three[2:])], 2)
        assert get_thread(c, forum.id, "t1") == thread(answers=three[2:])


def test_a_moment_without_a_zone_is_refused(database: Database, forum: Forum) -> None:
    with pytest.raises(BadField, match="time zone"), database.write() as c:
        put_threads(c, forum.id, [thread(created=NOON.replace(tzinfo=None))], 1)


def test_a_deleted_thread_is_gone(database: Database, forum: Forum) -> None:
    with database.write() as c:
        put_threads(c, forum.id, [thread(answers=(Answer("1", "Oil it."),))], 1)
        assert delete_thread(c, forum.id, "t1", 2)
        assert not delete_thread(c, forum.id, "t1", 3)
        assert get_thread(c, forum.id, "t1") is None
        assert count_threads(c, forum.id) == 0


def changes(
    c: Connection, forum_id: int, revision: int, batch: int = 500
) -> tuple[int, list[Thread], tuple[str, ...]]:
    found = changes_since(c, forum_id, revision, batch)
    return found.revision, list(found.changed), found.removed


def test_a_threads_digest_is_another_when_anything_of_it_is(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        put_threads(c, forum.id, [thread("a"), thread("b")], 1)
        before = list(thread_digests(c, forum.id, 1))
        put_threads(c, forum.id, [thread("a"), thread("b", groups=frozenset({"g"}))], 2)
        after = list(thread_digests(c, forum.id))
    assert [row[0] for row in before] == ["a", "b"]
    assert after[0] == before[0]
    assert (after[1][1] != before[1][1], after[1][2]) == (True, 2)


def test_changes_tell_what_was_put_and_what_was_removed(database: Database, forum: Forum) -> None:
    with database.write() as c:
        put_threads(c, forum.id, [thread("a"), thread("b")], next_revision(c, forum.id))
        put_threads(c, forum.id, [thread("c")], next_revision(c, forum.id))
        delete_thread(c, forum.id, "a", next_revision(c, forum.id))
        assert changes(c, forum.id, 0) == (3, [thread("b"), thread("c")], ("a",))
        assert changes(c, forum.id, 1) == (3, [thread("c")], ("a",))
        assert changes(c, forum.id, 3) == (3, [], ())
        assert changes(c, forum.id, 0, 1) == changes(c, forum.id, 0)


def test_a_thread_put_after_its_removal_is_removed_no_longer(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        put_threads(c, forum.id, [thread()], 1)
        delete_thread(c, forum.id, "t1", 2)
        assert put_threads(c, forum.id, [thread()], 3).created == 1
        assert changes(c, forum.id, 1)[1:] == ([thread()], ())


def test_changes_of_an_unknown_forum_are_refused(database: Database) -> None:
    with pytest.raises(NoForum), database.read() as c:
        changes_since(c, 77, 0)


def test_threads_come_in_order_of_id_page_by_page(database: Database, forum: Forum) -> None:
    ids = [f"{n:02}" for n in range(25)]
    with database.write() as c:
        put_threads(c, forum.id, [thread(i) for i in reversed(ids)], 1)
    for batch in (1, 5, 7, 25, 100):
        with database.read() as c:
            assert [t.id for t in iter_threads(c, forum.id, batch)] == ids


def test_threads_may_be_deleted_between_two_pages(database: Database, forum: Forum) -> None:
    with database.write() as c:
        put_threads(c, forum.id, [thread(str(n)) for n in range(6)], 1)
        seen = []
        for found in iter_threads(c, forum.id, 2):
            seen.append(found.id)
            delete_thread(c, forum.id, found.id, 2)
        assert seen == list("012345")


def test_more_threads_than_one_statement_carries_are_put_and_read(
    database: Database, forum: Forum
) -> None:
    threads = {f"t{n}": thread(f"t{n}", answers=(Answer("1", str(n)),)) for n in range(1201)}
    with database.write() as c:
        assert put_threads(c, forum.id, list(threads.values()), 1).created == 1201
    with database.read() as c:
        assert get_threads(c, forum.id, threads.keys()) == threads
        assert len(list(changes_since(c, forum.id, 0).changed)) == 1201
        assert get_threads(c, forum.id, []) == {}
