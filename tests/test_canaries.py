"""Questions whose answer is known are asked; what is not found is said, what has changed is not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.forum import SmallForum, small_forum
from triage.canaries import Canaries, place_of
from triage.pipeline import Parts
from triage.records import Answer, Thread

NOW = datetime(2026, 3, 2, tzinfo=UTC)
TOPICS = (
    "walrus import of receipts",
    "consent of the bank expired",
    "blurry logo on invoices",
    "footer of the payment reminder",
    "locked period in the ledger",
    "two currencies on one order",
    "payroll file without totals",
    "archive of old suppliers",
    "rounding of value added tax",
    "printing labels from mobile",
)
SOLVED = tuple(
    Thread(
        f"t{n}", f"How about {words}?", "Tell me.", (Answer("a", words),), solved=True, lang="en"
    )
    for n, words in enumerate(TOPICS)
)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallForum]:
    with small_forum(tmp_path, SOLVED) as found:
        yield found


def parts_of(small: SmallForum) -> Parts:
    desk = small.desk()
    desk.open()
    return desk.parts()


def test_a_title_finds_its_thread_first(small: SmallForum) -> None:
    parts = parts_of(small)
    assert [place_of(parts, thread) for thread in SOLVED] == [1] * len(SOLVED)


def test_all_is_well_while_all_are_found(small: SmallForum) -> None:
    canaries = Canaries()
    for _ in range(3):
        song = canaries.sing(parts_of(small), SOLVED, NOW)
        assert (song.asked, song.failed) == (5, 0)
    assert song.told() == {"asked": 5, "failed": 0, "at": NOW.isoformat()}


def test_a_thread_that_the_index_lost_is_said_to_be_lost_until_it_is_there_again(
    small: SmallForum,
) -> None:
    canaries, parts = Canaries(), parts_of(small)
    canaries.sing(parts, SOLVED, NOW)
    parts.index.remove(["t0", "t1"])
    for _ in range(2):
        song = canaries.sing(parts, SOLVED, NOW)
        assert (song.asked, song.failed) == (5, 2)
    song = canaries.sing(parts_of(small), SOLVED, NOW)
    assert (song.asked, song.failed) == (5, 0)


def test_an_index_that_finds_nothing_from_the_start_is_no_good(small: SmallForum) -> None:
    parts = parts_of(small)
    parts.index.remove([thread.id for thread in SOLVED])
    song = Canaries().sing(parts, SOLVED, NOW)
    assert song.failed == len(SOLVED)


@pytest.mark.parametrize("change", ["deleted", "edited", "hidden"])
def test_a_thread_that_was_changed_is_replaced_by_another(small: SmallForum, change: str) -> None:
    canaries, knowledge = Canaries(), small.knowledge()
    canaries.sing(parts_of(small), SOLVED, NOW)
    if change == "deleted":
        knowledge.remove("t0")
    elif change == "edited":
        knowledge.put([replace(SOLVED[0], title="Another title altogether now", body="")])
    else:
        knowledge.put([replace(SOLVED[0], groups=frozenset({"beta"}))])
    song = canaries.sing(parts_of(small), SOLVED[1:], NOW)
    assert (song.asked, song.failed) == (5, 0)


def test_a_title_that_others_speak_to_by_now_is_given_up_without_alarm(small: SmallForum) -> None:
    canaries, knowledge = Canaries(), small.knowledge()
    canaries.sing(parts_of(small), SOLVED[:1], NOW)
    same = [replace(SOLVED[0], id=f"copy{n}", answers=SOLVED[0].answers) for n in range(5)]
    knowledge.put(same)
    song = canaries.sing(parts_of(small), (), NOW)
    assert song.failed == 0


def test_a_forum_without_solved_threads_has_no_canaries(small: SmallForum) -> None:
    song = Canaries().sing(parts_of(small), (), NOW)
    assert (song.asked, song.failed) == (0, 0)


def test_what_only_some_may_read_is_never_asked(small: SmallForum) -> None:
    hidden = [replace(thread, groups=frozenset({"beta"})) for thread in SOLVED]
    small.knowledge().put(hidden)
    song = Canaries().sing(parts_of(small), hidden, NOW)
    assert (song.asked, song.failed) == (0, 0)
