"""How hard a question was, from what happened to it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.classify import EASY, HARD
from triage.learn.heads.difficulty import (
    UNTOLD,
    Usual,
    difficulty_labels,
    last_seen,
    settled_share,
    usual_time,
)
from triage.learn.heads.labels import filed_labels, labels_of
from triage.records import Case, Target

NOW = datetime(2026, 6, 1, tzinfo=UTC)
WEEK = Usual(timedelta(days=7), NOW)


def case(asked_days_ago: float | None, open_days: float | None = None, **more: object) -> Case:
    created = None if asked_days_ago is None else NOW - timedelta(days=asked_days_ago)
    closed = None
    if created is not None and open_days is not None:
        closed = created + timedelta(days=open_days)
    return replace(Case("c", "t", "b", created=created, closed=closed), **more)  # type: ignore[arg-type]


def label(one: Case) -> str | None:
    return difficulty_labels([one], WEEK)[0]


def test_what_the_community_closes_in_time_is_easy() -> None:
    assert label(case(30, 2)) == EASY
    assert label(case(30, 7)) == EASY


def test_what_takes_longer_is_hard() -> None:
    assert label(case(30, 8)) == HARD


def test_what_is_passed_on_is_hard_however_fast_it_went() -> None:
    assert label(case(30, 0.1, escalated=True)) == HARD
    assert label(case(30, 0.1, destination="expert")) == HARD
    assert label(case(None, escalated=True)) == HARD


def test_an_open_question_is_not_a_failed_one_before_its_time_is_up() -> None:
    assert label(case(3)) is None
    assert label(case(8)) == HARD


def test_a_question_without_a_date_tells_nothing() -> None:
    assert label(case(None)) is None
    assert difficulty_labels([Case("c", "t", "b"), Case("d", "t", "b", escalated=True)]) == [
        None,
        HARD,
    ]


def test_closed_shortly_before_it_was_asked_is_another_clock() -> None:
    assert label(case(30, -0.1)) == EASY


def test_closed_long_before_it_was_asked_tells_nothing() -> None:
    assert label(case(30, -40)) is None


def test_a_question_from_the_future_tells_nothing() -> None:
    assert label(case(-5)) is None
    assert label(case(-5, 2)) is None


def test_what_is_to_be_closed_in_the_future_is_still_open() -> None:
    assert label(case(3, 30)) is None
    assert label(case(20, 30)) == HARD


def test_what_was_filed_comes_before_what_is_made_out() -> None:
    cases = [case(30, 2, difficulty=0.9), case(30, 20, difficulty=0.1), case(30, 20)]
    assert labels_of(cases, Target.DIFFICULTY, WEEK) == [HARD, EASY, HARD]


def test_what_is_usual_is_read_off_the_forum() -> None:
    cases = [case(100, days) for days in range(1, 41)]
    assert usual_time(cases, NOW) == timedelta(days=36)
    labels = difficulty_labels(cases, Usual(now=NOW))
    assert labels == [EASY] * 36 + [HARD] * 4


def test_experts_do_not_make_the_community_seem_slow() -> None:
    cases = [case(100, days) for days in range(1, 41)]
    slow = [case(100, 90, escalated=True) for _ in range(40)]
    assert usual_time(cases + slow, NOW) == usual_time(cases, NOW)


def test_questions_that_are_still_open_do_not_make_it_seem_fast() -> None:
    # Asked at an even pace, each settled after 1 to 40 days: the younger half is mostly open.
    cases = [case(ago, 1 + (7 * i) % 40) for i, ago in enumerate(np.arange(0.5, 80, 0.25))]
    seen = [c if c.closed and c.closed <= NOW else replace(c, closed=None) for c in cases]
    closed = [c for c in seen if c.closed]
    assert usual_time(closed, NOW) < timedelta(days=36)
    assert abs(usual_time(seen, NOW) - timedelta(days=36)) <= timedelta(days=2)


def test_what_is_never_settled_does_not_stretch_the_usual_time() -> None:
    cases = [case(1000, days) for days in range(1, 41)]
    never = [case(1000) for _ in range(40)]
    assert usual_time(cases + never, NOW) == timedelta(days=36)
    assert difficulty_labels(never, Usual(timedelta(days=36), NOW)) == [HARD] * 40


def test_too_few_settled_questions_leave_a_week() -> None:
    assert usual_time([case(100, 1) for _ in range(19)], NOW) == UNTOLD


def test_the_file_ends_with_its_last_date() -> None:
    cases = [case(ago, 1) for ago in range(10, 110)]
    assert last_seen(cases) == NOW - timedelta(days=9)
    assert last_seen([*cases, case(-3650, 1)]) == NOW - timedelta(days=9)
    assert last_seen([Case("c", "t", "b")]) is None


def test_without_censoring_the_share_is_the_plain_one() -> None:
    times, share = settled_share(np.array([3.0, 1.0, 2.0, 2.0]), np.ones(4, dtype=bool))
    assert times.tolist() == [1.0, 2.0, 3.0]
    assert share == pytest.approx([0.25, 0.75, 1.0])


def test_censored_questions_count_as_long_as_they_were_seen() -> None:
    # By hand: 1/4 settled at 1; the one censored at 2 leaves two at risk at 3.
    times, share = settled_share(
        np.array([1.0, 2.0, 3.0, 4.0]), np.array([True, False, True, False])
    )
    assert times.tolist() == [1.0, 3.0]
    assert share == pytest.approx([0.25, 1 - 0.75 * 0.5])


@given(
    st.lists(
        st.tuples(st.floats(-400, 400), st.none() | st.floats(-400, 400), st.booleans()),
        max_size=60,
    )
)
def test_any_dates_give_a_label_or_none(rows: list[tuple[float, float | None, bool]]) -> None:
    cases = [case(ago, days, escalated=up) for ago, days, up in rows]
    assert set(difficulty_labels(cases)) <= {EASY, HARD, None}


def test_the_time_that_a_lead_calls_usual_decides_for_training_and_gate_alike() -> None:
    slow = [case(30, 8)]
    for days, wanted in ((7, HARD), (9, EASY)):
        usual = Usual(timedelta(days=days), NOW)
        assert filed_labels(slow, usual)[Target.DIFFICULTY] == [wanted]
        assert labels_of(slow, Target.DIFFICULTY, usual) == [wanted]
