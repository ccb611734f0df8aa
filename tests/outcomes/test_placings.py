"""Where threads stood for an ask is one row an ask and thread, whatever the order of the events."""

from itertools import permutations

import numpy as np

from tests.outcomes.told import Row, asked, event
from triage.outcomes import Gathering
from triage.outcomes.asks import Asks
from triage.outcomes.columns import Columns, columns_of, joined, number_of, without
from triage.outcomes.packing import pack, unpack
from triage.outcomes.placings import DENIED, IN_SIGHT, NO_WORD, OUT_OF_SIGHT, SETTLED, UNTOLD
from triage.outcomes.standing import asks_from

LATE = 4_000_000_000.0
HOUR = 1 / 24


def columns(rows: list[Row]) -> Columns:
    gathering = Gathering(places=True)
    for row in rows:
        gathering.take(row)
    return columns_of(gathering.log())


def asks(*parts: list[Row]) -> Asks:
    return asks_from(joined([unpack(pack(columns(part))) for part in parts]), LATE)


def shown(thread: str, rank: int, days: float = 0.0, ask: str = "a", **more: object) -> Row:
    return event("shown", days, ask, thread_id=thread, rank=rank, **more) | {
        "event_id": f"{ask}-{thread}-shown-{days}"
    }


STORY = [
    asked(),
    shown("t1", 2, 0.001, own_rank=1, propensity=0.15, visible=False),
    shown("t1", 1, 0.002, propensity=1.0),
    shown("t2", 1, 0.001, own_rank=2, propensity=0.15),
    event("opened", HOUR, thread_id="t1"),
    event("solved", 2 * HOUR, thread_id="t1"),
    event("not_solved", 3 * HOUR, thread_id="t1"),
    event("posted", 4 * HOUR),
]


def test_the_first_place_counts_and_the_last_word() -> None:
    for rows in permutations(STORY[1:5]):
        found = asks([STORY[0], *rows, *STORY[5:]]).placings
        at = {int(number): place for place, number in enumerate(found.thread)}
        one, two = at[number_of("t1")], at[number_of("t2")]
        assert (found.rank[one], found.own_rank[one]) == (2, 1)
        assert found.propensity[one] == np.float32(0.15)
        assert (found.seen[one], found.word[one]) == (IN_SIGHT, DENIED)
        assert abs(found.opened[one] - HOUR) < 1e-6
        assert (found.rank[two], found.seen[two], found.word[two]) == (1, IN_SIGHT, NO_WORD)
        assert np.isnan(found.opened[two])


def test_what_was_out_of_sight_and_what_nobody_told_to_be_shown() -> None:
    rows = [asked(), shown("t1", 3, visible=False), event("solved", HOUR, thread_id="t2")]
    found = asks(rows).placings
    seen = dict(zip(found.thread.tolist(), found.seen.tolist(), strict=True))
    assert seen == {number_of("t1"): OUT_OF_SIGHT, number_of("t2"): UNTOLD}
    words = dict(zip(found.thread.tolist(), found.word.tolist(), strict=True))
    assert words[number_of("t2")] == SETTLED
    assert set(found.rank.tolist()) == {0, 3}


def test_days_are_joined_and_asks_taken_out() -> None:
    later = [asked(1, "b"), shown("t2", 1, 1, "b"), event("opened", 1.5, "b", thread_id="t2")]
    both = asks(STORY, later)
    assert [both.ids[ask] for ask in both.placings.ask.tolist()] == ["a", "a", "b"]
    fewer = without(joined([columns(STORY), columns(later)]), [number_of("a")])
    alone = asks_from(fewer, LATE)
    assert list(alone.ids) == ["b"]
    assert alone.placings.ask.tolist() == [0]
    assert alone.placings.thread.tolist() == [number_of("t2")]
    assert alone.placings.opened.tolist() == [0.5]


def test_an_event_without_a_thread_or_an_ask_makes_no_row() -> None:
    rows = [asked(), event("opened", HOUR), shown("t1", 1, ask="never-asked")]
    assert len(asks(rows).placings) == 0
