"""Links are read without the threads' texts, and say the same as the threads."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from triage.rank.resolution import Link, link_of
from triage.records import Answer, Forum, Thread
from triage.store import Database, delete_thread, iter_links, links_of, put_threads

from .samples import thread
from .test_threads import THREADS


def put(database: Database, forum: Forum, *threads: Thread) -> None:
    with database.write() as c:
        put_threads(c, forum.id, threads, 1)


def linked(database: Database, forum: Forum, batch: int = 500) -> list[Link]:
    with database.read() as c:
        return [Link(*row) for row in iter_links(c, forum.id, batch)]


def asked(database: Database, forum: Forum, *ids: str) -> list[Link]:
    with database.read() as c:
        return [Link(*row) for row in links_of(c, forum.id, ids)]


@given(threads=st.lists(THREADS, max_size=4, unique_by=lambda t: t.id))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_link_is_what_the_thread_itself_would_say(
    database: Database, forum: Forum, threads: list[Thread]
) -> None:
    put(database, forum, *threads)
    found = {link.thread_id: link for link in asked(database, forum, *(t.id for t in threads))}
    assert {t.id: found[t.id] for t in threads} == {t.id: link_of(t) for t in threads}
    with database.write() as c:
        for one in threads:
            delete_thread(c, forum.id, one.id, 2)


def test_only_threads_that_a_link_touches_are_given_each_once(
    database: Database, forum: Forum
) -> None:
    threads = [
        thread("alone"),
        thread("a", duplicate_of=("b", "unknown")),
        thread("b", duplicate_of=("a",)),
        thread("old", superseded_by="new"),
        thread("new", answers=(Answer("1", "x", votes=2),)),
    ]
    put(database, forum, *threads)
    for batch in (1, 500):
        found = [link.thread_id for link in linked(database, forum, batch)]
        assert sorted(found) == ["a", "b", "new", "old"]


def test_the_threads_that_are_pointed_at_come_along(database: Database, forum: Forum) -> None:
    put(database, forum, thread("a", duplicate_of=("b",)), thread("b", duplicate_of=("c",)))
    assert {link.thread_id for link in asked(database, forum, "a")} == {"a", "b"}
    assert {link.thread_id for link in asked(database, forum, "a", "b", "c")} == {"a", "b"}


def test_the_other_forums_links_are_not_seen(
    database: Database, forum: Forum, other_forum: Forum
) -> None:
    put(database, forum, thread("a", duplicate_of=("b",)))
    put(database, other_forum, thread("b"))
    assert linked(database, other_forum) == []
    assert asked(database, other_forum, "a") == []
    assert {link.thread_id for link in linked(database, forum)} == {"a"}


def test_many_links_are_read_in_parts(database: Database, forum: Forum) -> None:
    threads = [thread(f"t{i:04}", superseded_by=f"s{i:04}") for i in range(700)]
    put(database, forum, *threads, *(thread(f"s{i:04}") for i in range(700)))
    assert len({link.thread_id for link in linked(database, forum)}) == 1400
