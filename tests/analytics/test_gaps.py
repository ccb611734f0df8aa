"""Gaps from asks to the proof of an answer: counted, drilled into, taken, answered, measured."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from tests.reports.months import Kept
from triage import store
from triage.analytics.behind import asks_behind
from triage.analytics.faq import FAQ_COLUMNS, faq_rows
from triage.analytics.gap_tasks import change_gap
from triage.analytics.gaps import GAP_COLUMNS, gap_rows
from triage.errors import BadField, NoGap, NoThread
from triage.records import Arm, Thread
from triage.store import GapState

from .asking import MONDAY, NOW, SPACE, acting, asks_of, context, named, put

ANSWER = Thread(id="t-1", title="How to charge", body="Like this.")


def gaps(kept: Kept, **given: str) -> list[dict[str, object]]:
    with context(kept, **given) as c:
        return [named(GAP_COLUMNS, row) for row in gap_rows(c)]


def change(kept: Kept, gap_id: str, state: GapState, thread: str | None = None) -> store.GapTask:
    with kept.database.write() as c:
        return change_gap(
            c, kept.forum_id, gap_id, state, thread, acting(kept), MONDAY + timedelta(weeks=7)
        )


def put_answer(c: store.Connection, kept: Kept) -> None:
    revision = store.next_revision(c, kept.forum_id)
    store.put_threads(c, kept.forum_id, [ANSWER], revision)


def filled(kept: Kept) -> None:
    put(
        kept,
        [
            *asks_of("charging", 60, words="charge company car"),
            *asks_of("invoice", 90, offered=True),
            *asks_of("bell", 40, posted=lambda n: False),
        ],
    )


def test_what_found_nothing_is_a_gap_and_what_most_would_post_is_first(empty: Kept) -> None:
    filled(empty)
    first, second = gaps(empty)
    assert (first["rank"], first["asks"], first["persons"], first["posted"]) == (1, 60, 60, 30)
    assert (second["rank"], second["asks"], second["posted"]) == (2, 40, 0)
    assert set(str(first["terms"]).split()) == {"charge", "company", "car"}
    assert (first["state"], first["by"], first["p_value"]) == ("open", None, None)
    assert first["chance"] == pytest.approx(0.5)
    assert first["lift_measured"] is None
    assert first["prevented"] is None


def test_every_row_is_as_many_asks_as_there_are_behind_it(empty: Kept) -> None:
    filled(empty)
    for given in ({}, {"lang": "sv"}, {"until": "2026-02-01"}):
        with context(empty, **given) as c:
            rows = [named(GAP_COLUMNS, row) for row in gap_rows(c)]
            rows += [named(FAQ_COLUMNS, row) for row in faq_rows(c)]
            assert len(rows) >= 4
            for row in rows:
                behind = asks_behind(c, str(row["behind"]))
                assert int(behind.sum()) == row["asks"]
                assert len(np.unique(c.view.who[behind])) == row["persons"]
                assert not np.any(behind & ~c.view.kept)


@pytest.mark.parametrize("key", ["gap:no-such", "faq:", "nothing", "rising:topic:none", "issue:x"])
def test_a_key_that_no_row_has_is_refused(empty: Kept, key: str) -> None:
    filled(empty)
    with context(empty) as c, pytest.raises(BadField):
        asks_behind(c, key)


def test_of_few_persons_no_share_is_said_and_of_fewer_than_three_no_gap(empty: Kept) -> None:
    put(empty, [*asks_of("few", 12, persons=5), *asks_of("two", 9, persons=2)])
    (only,) = gaps(empty)
    assert (only["persons"], only["asks"]) == (5, 12)
    assert only["chance"] is None


def test_the_name_of_a_gap_stays_as_more_ask_and_days_go_by(empty: Kept) -> None:
    put(empty, asks_of("charging", 20))
    (before,) = gaps(empty)
    later = asks_of("charging", 50, day=lambda n: 50 + n / 2)
    more = put(empty, [replace(one, ask_id=f"later {one.ask_id}") for one in later])
    assert (more.looked, more.grouped, more.founded) == (50, 50, 0)
    (after,) = gaps(empty)
    assert (after["gap_id"], after["asks"]) == (before["gap_id"], 70)


def test_who_was_alone_is_grouped_when_others_come(empty: Kept) -> None:
    assert put(empty, asks_of("charging", 2)).grouped == 0
    later = asks_of("charging", 4, day=lambda n: 10.0)
    put(empty, [replace(one, ask_id=f"later {one.ask_id}") for one in later])
    assert gaps(empty)[0]["asks"] == 6


def test_twice_groups_no_more_than_once(empty: Kept) -> None:
    filled(empty)
    before = gaps(empty)
    again = put(empty, [])
    assert (again.looked, again.founded) == (0, 0)
    assert gaps(empty) == before


def test_what_suggestions_spare_elsewhere_says_what_an_answer_is_worth(empty: Kept) -> None:
    put(
        empty,
        [
            *asks_of("charging", 60),
            *asks_of("held", 80, offered=True, arm=lambda n: Arm.HOLDOUT),
            *asks_of("shown", 80, offered=True, posted=lambda n: n % 4 == 0),
        ],
    )
    first = gaps(empty)[0]
    assert first["lift_measured"] == pytest.approx(0.5)
    assert first["prevented"] == pytest.approx(60 * 0.5 * 0.5)


def test_a_gap_is_taken_answered_and_dismissed_once_each(empty: Kept) -> None:
    filled(empty)
    with empty.database.write() as c:
        put_answer(c, empty)
    first, second = (str(row["gap_id"]) for row in gaps(empty))
    change(empty, first, GapState.DRAFTING)
    change(empty, first, GapState.DRAFTING)
    assert [row["state"] for row in gaps(empty)] == ["drafting", "open"]
    change(empty, first, GapState.ANSWERED, "t-1")
    change(empty, second, GapState.DISMISSED)
    rows = gaps(empty)
    assert [(row["state"], row["rank"]) for row in rows] == [
        ("answered", None),
        ("dismissed", None),
    ]
    assert (rows[0]["thread_id"], rows[0]["by"]) == ("t-1", "mia@forum.example")
    with empty.database.read() as c:
        acts = [row.act for row in store.iter_acts(c, empty.forum_id)]
    assert [(act.act, act.object) for act in acts] == [
        ("gap.change", first),
        ("gap.change", first),
        ("gap.change", second),
    ]
    assert acts[1].after == {"state": "answered", "thread_id": "t-1"}


def test_what_cannot_become_of_a_gap_is_refused(empty: Kept) -> None:
    filled(empty)
    gap_id = str(gaps(empty)[0]["gap_id"])
    with pytest.raises(NoGap):
        change(empty, "no-such", GapState.DRAFTING)
    with pytest.raises(NoThread):
        change(empty, gap_id, GapState.ANSWERED, "no-such")
    with pytest.raises(BadField):
        change(empty, gap_id, GapState.ANSWERED)
    with pytest.raises(BadField):
        change(empty, gap_id, GapState.DRAFTING, "t-1")
    assert gaps(empty)[0]["state"] == "open"


def test_an_answer_that_helps_is_proved_by_what_is_posted_since(empty: Kept) -> None:
    put(
        empty,
        [
            *asks_of("charging", 140, posted=lambda n: n < 70 or n % 7 == 0),
            *asks_of("bell", 140),
        ],
    )
    with empty.database.write() as c:
        put_answer(c, empty)
    gap_id = next(str(row["gap_id"]) for row in gaps(empty) if row["posted"] == 80)
    change(empty, gap_id, GapState.ANSWERED, "t-1")
    proof = next(row for row in gaps(empty) if row["gap_id"] == gap_id)
    assert proof["before"] == pytest.approx(1.0)
    assert proof["after"] == pytest.approx(1 / 7, abs=0.05)
    assert isinstance(proof["change_high"], float)
    assert proof["change_high"] < -0.7
    assert proof["change_elsewhere"] == pytest.approx(0.0, abs=0.05)
    assert proof["p_value"] == pytest.approx(1 / 2001)


def test_whoever_is_erased_is_in_no_group_and_a_group_without_asks_is_forgotten(
    empty: Kept,
) -> None:
    filled(empty)
    gap_id = str(gaps(empty)[0]["gap_id"])
    empty.delete([f"charging-{n}" for n in range(60)])
    put(empty, [])
    with empty.database.read() as c:
        assert gap_id not in store.get_ask_groups(c, empty.forum_id)
    assert len(gaps(empty)) == 1


def test_an_ask_that_turned_into_another_question_changes_its_group(empty: Kept) -> None:
    filled(empty)
    other = asks_of("bell", 1)[0].item.vector
    with empty.database.write() as c:
        store.put_ask_vector(c, empty.forum_id, "charging-0", SPACE, other, NOW)
    put(empty, [])
    assert [row["asks"] for row in gaps(empty)] == [59, 41]
