"""What is said of the time to a first answer counts those that still wait."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lifecycle.histories import some
from triage.lifecycle import Expected, Wait, learn_waits
from triage.lifecycle.waiting import curve_of
from triage.records import Destination

COMMUNITY, EXPERT = Destination.COMMUNITY, Destination.EXPERT


def waits(seconds: list[float], topic: str | None = None, *, answered: bool = True) -> list[Wait]:
    return [Wait(COMMUNITY, topic, s, answered) for s in seconds]


def by_hand(history: list[Wait], share: float) -> float | None:
    """The plainest estimate of Kaplan and Meier."""
    without = 1.0
    for moment in sorted({one.seconds for one in history if one.answered}):
        followed = sum(one.seconds >= moment for one in history)
        came = sum(one.answered and one.seconds == moment for one in history)
        without *= 1 - came / followed
        if without <= 1 - share + 1e-12:
            return moment if followed >= 3 else None
    return None


WAITS = st.lists(
    st.builds(
        Wait,
        st.just(COMMUNITY),
        st.none(),
        st.integers(0, 40).map(float),
        st.booleans(),
    ),
    min_size=1,
    max_size=40,
)


@some
@given(WAITS, st.sampled_from([0.25, 0.5, 0.9]))
def test_the_quantiles_are_those_of_the_plain_estimate(history: list[Wait], share: float) -> None:
    assert curve_of(history).quantile(share) == by_hand(history, share)


def test_what_is_answered_at_once_counts_among_all_and_not_among_those_who_wait() -> None:
    curve = curve_of(waits([0.0] * 30 + [60.0] * 10))
    assert curve.quantile(0.5) == 0.0
    assert curve.quantile(0.5, 0.0) == 60.0


def test_without_anybody_waiting_they_are_those_of_the_answers() -> None:
    told = learn_waits(waits([float(s) for s in range(1, 101)])).expect(COMMUNITY, None)
    assert told == Expected(timedelta(seconds=50), timedelta(seconds=90), 100, 100, COMMUNITY, None)


def test_leaving_out_those_that_wait_would_promise_too_much() -> None:
    chance = np.random.default_rng(7)
    truth = chance.lognormal(mean=9.0, sigma=1.2, size=4000)
    followed = chance.uniform(0, 40_000, size=4000)
    history = [
        Wait(COMMUNITY, None, min(t, f), bool(t <= f)) for t, f in zip(truth, followed, strict=True)
    ]
    told = learn_waits(history).expect(COMMUNITY, None)
    right = float(np.median(truth))
    naive = float(np.median([one.seconds for one in history if one.answered]))
    assert told.half is not None
    assert told.half.total_seconds() == pytest.approx(right, rel=0.08)
    assert naive < 0.7 * right


def test_too_few_are_unknown() -> None:
    told = learn_waits(waits([60.0] * 19)).expect(COMMUNITY, None)
    assert (told.known, told.cases) == (False, 0)
    silent = waits([60.0] * 9) + waits([60.0] * 50, answered=False)
    assert not learn_waits(silent).expect(COMMUNITY, None).known


def test_a_topic_with_too_few_falls_back_to_its_destination() -> None:
    history = waits([10.0] * 30, "vat") + waits([1000.0] * 100, "bank") + waits([5.0], "rare")
    learned = learn_waits(history)
    assert learned.expect(COMMUNITY, "vat").half == timedelta(seconds=10)
    rare = learned.expect(COMMUNITY, "rare")
    assert (rare.half, rare.topic, rare.cases) == (timedelta(seconds=1000), None, 131)
    assert not learned.expect(EXPERT, "vat").known


def test_who_has_waited_already_is_told_of_those_who_waited_as_long() -> None:
    history = waits([float(s) for s in range(1, 101)])
    told = learn_waits(history).expect(COMMUNITY, None, timedelta(seconds=60))
    assert told.half == timedelta(seconds=80)
    late = learn_waits(history).expect(COMMUNITY, None, timedelta(seconds=500))
    assert not late.known


@some
@given(WAITS, st.integers(0, 45))
def test_nobody_is_promised_what_has_passed(history: list[Wait], waited: int) -> None:
    told = learn_waits(history, fewest=1).expect(COMMUNITY, None, timedelta(seconds=waited))
    if told.half is not None:
        assert told.half > timedelta(seconds=waited)
        assert told.most is None or told.most >= told.half


def test_a_share_that_is_never_reached_is_unknown() -> None:
    history = waits([60.0] * 30) + waits([90_000.0] * 70, answered=False)
    assert not learn_waits(history).expect(COMMUNITY, None).known


def test_times_that_cannot_be_are_left_out() -> None:
    history = waits([60.0] * 30) + waits([-5.0, float("nan"), float("inf")])
    assert learn_waits(history).expect(COMMUNITY, None).cases == 30


def test_what_is_learned_of_a_topic_limits_the_sweep() -> None:
    history = waits([float(s) for s in range(1, 101)], "vat") + waits([9.0] * 5, "rare")
    assert learn_waits(history).learned_limits() == {"vat": timedelta(seconds=90)}
