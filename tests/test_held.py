"""Threads that are held are those of the store, at every moment."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from tests.forum import THREADS, SmallForum, small_forum
from triage import store
from triage.held import HeldThreads
from triage.records import Thread

BANK, LOGO = THREADS[0].id, THREADS[1].id


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallForum]:
    with small_forum(tmp_path) as opened:
        yield opened


def held_of(small: SmallForum, **options: int) -> HeldThreads:
    return HeldThreads(small.database, small.forum.id, **options)


def in_store(small: SmallForum, *ids: str) -> dict[str, Thread]:
    with small.database.read() as c:
        return store.get_threads(c, small.forum.id, ids)


def reads(small: SmallForum, held: HeldThreads, *ids: str) -> int:
    """Return how often the table of threads is read for these."""
    engine = small.database._engine
    seen: list[str] = []

    def keep(_c: object, _cursor: object, sql: str, *_: object) -> None:
        seen.append(sql)

    event.listen(engine, "before_cursor_execute", keep)
    found = held(ids)
    event.remove(engine, "before_cursor_execute", keep)
    assert found == in_store(small, *ids)
    return sum("FROM threads" in sql for sql in seen)


def test_what_was_read_is_not_read_again(small: SmallForum) -> None:
    held = held_of(small)
    assert reads(small, held, BANK, LOGO) == 1
    assert reads(small, held, LOGO, BANK) == 0
    assert list(held([LOGO, BANK])) == [LOGO, BANK]


def test_only_what_is_missing_is_read(small: SmallForum) -> None:
    held = held_of(small)
    held([BANK])
    assert reads(small, held, BANK, LOGO) == 1
    assert held([BANK, "nothing"]).keys() == {BANK}


def test_a_changed_thread_is_never_given_as_it_was(small: SmallForum) -> None:
    held = held_of(small)
    held([BANK, LOGO])
    # Another process, as far as the holder can tell.
    small.knowledge().put([replace(THREADS[0], title="Renamed", groups=frozenset({"inner"}))])
    now = held([BANK, LOGO])
    assert now[BANK].title == "Renamed"
    assert now[BANK].groups == {"inner"}
    assert now == in_store(small, BANK, LOGO)


def test_a_deleted_thread_is_gone(small: SmallForum) -> None:
    held = held_of(small)
    held([BANK, LOGO])
    small.knowledge().remove(BANK)
    assert held([BANK, LOGO]).keys() == {LOGO}


def test_who_began_to_read_before_a_change_brings_nothing_back(small: SmallForum) -> None:
    held = held_of(small)
    held([BANK])
    with small.database.read() as c:
        before = store.revision_of(c, small.forum.id)
        old = store.get_threads(c, small.forum.id, [BANK])
    small.knowledge().put([replace(THREADS[0], title="Renamed")])
    held([LOGO])
    assert held._held(before, [BANK]) == {}
    held._hold(before, old)
    assert held([BANK])[BANK].title == "Renamed"


def test_no_more_than_so_much_text_is_held(small: SmallForum) -> None:
    long = [replace(THREADS[0], id=f"long-{i}", body="word " * 200) for i in range(5)]
    small.knowledge().put(long)
    held = held_of(small, most_characters=2_500)
    ids = [one.id for one in long]
    assert held(ids) == in_store(small, *ids)
    assert sum(len(t.body) for t in held._threads.values()) <= 2_500
    assert reads(small, held, ids[-1]) == 0
    assert reads(small, held, ids[0]) == 1


def test_another_forum_has_its_own(small: SmallForum) -> None:
    held_of(small)([BANK])
    with small.database.write() as c:
        other = store.ensure_forum(c, "other")
    assert HeldThreads(small.database, other.id)([BANK]) == {}
