"""Who answers what most people ask is counted of the asks that are looked at, and of no others."""

from collections.abc import Iterable
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import update

from tests.reports.months import Kept
from triage import store
from triage.analytics.behind import asks_behind
from triage.analytics.faq import FAQ_COLUMNS, faq_rows
from triage.analytics.gap_tasks import change_gap
from triage.records import Event, EventType, Thread
from triage.store import GapState
from triage.store.tables.base import asks

from .asking import MONDAY, NOW, acting, asks_of, context, named, put

# The asks of the first ten days and those of the fourth week.
EARLY, LATE = range(10), range(30, 34)
FOURTH_WEEK = {"since": "2026-01-26", "until": "2026-02-01"}


def faq(kept: Kept, **given: str) -> list[dict[str, object]]:
    with context(kept, **given) as c:
        return [named(FAQ_COLUMNS, row) for row in faq_rows(c)]


def answer(kept: Kept, **given: str) -> tuple[object, object]:
    (row,) = faq(kept, **given)
    return row["thread_id"], row["solved_persons"]


def say(kept: Kept, numbers: Iterable[int], thread: str, *, solved: bool = True) -> None:
    """Have the persons of some asks say of a thread that it solved them, or that it did not."""
    kind = EventType.SOLVED if solved else EventType.NOT_SOLVED
    with kept.database.write() as c:
        for n in numbers:
            ask, at = f"charging-{n}", MONDAY + timedelta(days=n * 0.7, hours=2 - solved)
            name = f"{ask}-{kind.value}-{thread}"
            told = Event(name, kind, f"t-{ask}", ask, at, thread_id=thread)
            store.write_events(c, kept.forum_id, [told], at)


@pytest.fixture
def asked(empty: Kept) -> Kept:
    """A forum of which everybody asks the same, where t-1 helped first and t-2 in the fourth week.

    What helped most is no more.
    """
    put(empty, asks_of("charging", 40, persons=36, offered=True, posted=lambda n: False))
    there = [Thread(id=name, title="How to charge", body="Like this.") for name in ("t-1", "t-2")]
    with empty.database.write() as c:
        store.put_threads(c, empty.forum_id, there, store.next_revision(c, empty.forum_id))
    say(empty, EARLY, "t-1")
    say(empty, LATE, "t-2")
    say(empty, range(14, 29), "gone")
    return empty


def test_the_thread_is_that_of_most_persons_of_the_view(asked: Kept) -> None:
    assert answer(asked) == ("t-1", 10)
    assert answer(asked, **FOURTH_WEEK) == ("t-2", 4)
    assert answer(asked, until="2026-01-11") == ("t-1", 10)
    assert answer(asked, lang="fi", until="2026-01-11") == ("t-1", 3)
    assert answer(asked, since="2026-01-29") == (None, None)


@pytest.mark.parametrize("given", [{}, FOURTH_WEEK, {"lang": "sv"}, {"until": "2026-01-07"}])
def test_no_more_persons_say_so_than_ask(asked: Kept, given: dict[str, str]) -> None:
    with context(asked, **given) as c:
        for row in (named(FAQ_COLUMNS, one) for one in faq_rows(c)):
            who = c.view.who[asks_behind(c, str(row["behind"]))]
            assert len(np.unique(who)) == row["persons"]
            assert int(str(row["solved_persons"] or 0)) <= int(str(row["persons"]))


def test_a_person_who_asks_twice_says_so_once(asked: Kept) -> None:
    # Of so few persons ask 36 is again of the first.
    say(asked, [36], "t-1")
    assert answer(asked) == ("t-1", 10)
    say(asked, [10], "t-1")
    assert answer(asked) == ("t-1", 11)


def test_who_does_not_count_solves_nothing(asked: Kept) -> None:
    with asked.database.write() as c:
        one = update(asks).where(asks.c.ask_id.in_(["charging-1", "charging-2"]))
        c.execute(one.values(barred="staff"))
    assert answer(asked) == ("t-1", 8)


def test_who_takes_it_back_did_not_say_it(asked: Kept) -> None:
    say(asked, [0, 1, 2], "t-1", solved=False)
    assert answer(asked) == ("t-1", 7)


def test_of_the_thread_that_was_written_for_it_is_counted_who_said_it_of_that(asked: Kept) -> None:
    (row,) = faq(asked)
    with asked.database.write() as c:
        how = (str(row["group_id"]), GapState.ANSWERED, "t-2", acting(asked), NOW)
        change_gap(c, asked.forum_id, *how)
    assert answer(asked) == ("t-2", 4)
    assert answer(asked, until="2026-01-11") == ("t-2", 0)
