"""Drift is told soon, by name and since when; returning persons and weekends are none."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import hypergeom

from tests.insight.drifting import REFERENCE, TOPICS, traffic
from triage.insight.drift import (
    ALL,
    WEEK,
    Drift,
    Judged,
    Looking,
    Part,
    Traffic,
    Verdict,
    look,
    precise,
    strange,
)
from triage.insight.drift.drawing import one_a_week, relabelled, tail
from triage.insight.drift.promising import Bet, bet_against, broken
from triage.insight.drift.wording import at_least, wording

BEGINS = REFERENCE.end + 3
LOOKING = Looking(draws=200)


def looked(found: Traffic, day: int, looking: Looking = LOOKING) -> dict[str, Drift]:
    told = look([(Part.INPUTS, found, REFERENCE)], day, looking)
    return {one.measure: one for one in told if one.slice == ALL}


def judged(seed: int, promise: float, after: float, begins: int, weeks: int = 30) -> Judged:
    """Make twenty judged cases a week, right as often as promised and from a day on as `after`."""
    rng = np.random.default_rng(seed)
    day = np.sort(rng.integers(0, weeks * WEEK, 20 * weeks))
    right = rng.random(len(day)) < np.where(day < begins, promise, after)
    return Judged(day, rng.integers(0, 8 * weeks, len(day)), right, {})


@pytest.mark.parametrize("seed", range(4))
def test_returning_persons_and_weekends_are_no_drift(seed: int) -> None:
    found = traffic(seed)
    for week in (9, 10, 12):
        verdicts = {one.verdict for one in looked(found, week * WEEK).values()}
        assert Verdict.DRIFTED not in verdicts
        assert Verdict.TOO_FEW not in verdicts


def test_a_new_topic_is_told_within_two_weeks_by_its_words_and_since_when() -> None:
    found = traffic(1, comes="badge", begins=BEGINS)
    told = looked(found, BEGINS + 2 * WEEK)
    assert {told[name].verdict for name in ("meaning", "words", "topic")} == {Verdict.DRIFTED}
    assert {moved.name for moved in told["words"].what} == {"badge", "reader", "door"}
    assert told["words"].what == told["meaning"].what
    assert told["topic"].what[0].name == "badge"
    assert told["topic"].what[0].before == 0.0
    # It came in the midst of the first week.
    assert told["topic"].since == REFERENCE.end


def test_what_two_persons_say_is_no_word_that_rose() -> None:
    found = traffic(1, comes="badge", begins=BEGINS, by=(-1, -2))
    told = looked(found, BEGINS + 2 * WEEK)
    assert not [one for one in told["words"].what if one.name in ("badge", "reader", "door")]
    assert not [one for one in told["topic"].what if one.name == "badge"]


def test_within_a_week_nothing_changes_however_often_one_looks() -> None:
    found = traffic(1, comes="badge", begins=BEGINS)
    days = range(REFERENCE.end + 2 * WEEK, REFERENCE.end + 3 * WEEK)
    assert len({tuple(looked(found, day).values()) for day in days}) == 1


def test_of_too_few_persons_nothing_is_said() -> None:
    told = looked(traffic(1, asks=10, comes="badge", begins=BEGINS), BEGINS + 2 * WEEK)
    assert {one.verdict for one in told.values()} == {Verdict.TOO_FEW}
    assert {one.p_value for one in told.values()} == {None}


def test_before_the_first_week_is_over_nothing_is_said() -> None:
    told = looked(traffic(1, comes="badge", begins=0), REFERENCE.end + WEEK - 1)
    assert {one.verdict for one in told.values()} == {Verdict.TOO_FEW}


def test_words_that_are_not_kept_any_more_are_not_compared() -> None:
    found = traffic(1, comes="badge", begins=BEGINS)
    old = [None if d < REFERENCE.end else w for d, w in zip(found.day, found.words, strict=True)]
    told = looked(replace(found, words=old), BEGINS + 2 * WEEK)
    assert told["words"].verdict is Verdict.TOO_FEW
    assert told["meaning"].verdict is Verdict.DRIFTED
    assert told["meaning"].what == ()


def test_what_was_the_same_in_every_week_is_no_matter_of_rounding() -> None:
    found = traffic(1, comes="badge", begins=BEGINS)
    shown = ["no" if topic == "badge" else "yes" for topic in found.classes["topic"]]
    told = looked(replace(found, classes={"offered": shown}), BEGINS + 2 * WEEK)
    assert told["offered"].verdict is Verdict.DRIFTED


def test_a_change_in_one_language_is_told_of_it() -> None:
    found = traffic(1, asks=200)
    changed = traffic(2, asks=120, comes="badge", begins=BEGINS, share=0.4)
    both = Traffic(
        np.concatenate([found.day, changed.day]),
        np.concatenate([found.who, changed.who + 10**10]),
        np.concatenate([found.vectors, changed.vectors]),
        [*found.words, *changed.words],
        {"topic": [*found.classes["topic"], *changed.classes["topic"]]},
        {},
        {"lang": ["en"] * len(found) + ["sv"] * len(changed)},
    )
    told = look([(Part.INPUTS, both, REFERENCE)], BEGINS + 2 * WEEK, LOOKING)
    verdicts = {(one.measure, one.slice): one.verdict for one in told}
    assert verdicts["topic", "lang=sv"] is Verdict.DRIFTED
    assert verdicts["topic", "lang=en"] is Verdict.STEADY


def test_a_forum_whose_weeks_all_differ_has_not_drifted_when_one_more_does() -> None:
    calm = traffic(3, weeks=9)
    rng = np.random.default_rng(3)
    topics = np.array(calm.classes["topic"])
    for week in range(9):
        mine = calm.day // WEEK == week
        # Each week another topic has half of all asks.
        topics[mine & (rng.random(len(topics)) < 0.5)] = TOPICS[week % len(TOPICS)]
    restless = replace(calm, classes={"topic": topics.tolist()})
    assert looked(restless, 9 * WEEK)["topic"].verdict is not Verdict.DRIFTED
    # Beside a calm reference the same week would be one.
    before = calm.day < REFERENCE.end
    mixed = np.where(before, np.array(calm.classes["topic"]), topics).tolist()
    found = replace(calm, classes={"topic": mixed})
    assert looked(found, 9 * WEEK)["topic"].verdict is Verdict.DRIFTED


def test_lots_swap_persons_who_asked_as_often_and_keep_how_many_are_recent() -> None:
    who = np.array([1, 1, 1, 2, 2, 2, 3, 4, 5])
    recent = np.array([1, 0, 0, 0, 0, 0, 1, 0, 0], dtype=bool)
    drawn = relabelled(who, recent, 300, np.random.default_rng(0))
    assert set(drawn[:, :6].sum(axis=1)) == {1}
    assert set(drawn[:, 6:].sum(axis=1)) == {1}
    assert drawn.any(axis=0).all()


def test_a_person_has_one_voice_a_week() -> None:
    day, who = np.array([0, 1, 6, 7, 8, 3]), np.array([1, 1, 1, 1, 2, 2])
    assert one_a_week(day, who, 0).tolist() == [0, 3, 4, 5]


def test_a_tail_beyond_all_draws_is_that_of_chi_square() -> None:
    rng = np.random.default_rng(1)
    drawn = np.square(rng.normal(size=(400, 6))).sum(axis=1)
    assert 1e-6 < tail(35.0, drawn) < 1e-4  # in truth 4e-6
    assert tail(6.0, drawn) == pytest.approx(0.42, abs=0.08)
    assert tail(0.0, drawn) == 1.0


def test_words_are_counted_as_by_fishers_exact_test() -> None:
    rng = np.random.default_rng(0)
    total = rng.integers(1, 450, 200)
    used = np.minimum(rng.binomial(total, 0.25), 120)
    exact = hypergeom.sf(used - 1, 500, total, 120)
    assert at_least(used, total, 120, 500) == pytest.approx(exact, abs=1e-9)


def test_what_somebody_always_says_has_not_risen() -> None:
    words = [frozenset({"badge"})] * 6 + [frozenset({"logo"})] * 40
    who = np.array([1, 2, 3, 1, 2, 3, *range(10, 50)])
    recent = np.array([False] * 3 + [True] * 23 + [False] * 20)
    risen = wording(words, who, recent).risen
    assert not [one for one in risen if one.before > 0]


def test_words_that_nobody_was_taught_are_a_share() -> None:
    assert strange(frozenset({"logo", "badge"}), frozenset({"logo"})) == 0.5
    assert np.isnan(strange(frozenset(), frozenset({"logo"})))


def test_a_promise_that_is_kept_is_hardly_ever_called_broken_though_one_looks_daily() -> None:
    alarms = 0
    for seed in range(40):
        cases = judged(seed, 0.8, 0.8, 0)
        days = range(WEEK, 30 * WEEK, WEEK)
        alarms += any(_value(cases, day).e_value >= 20 for day in days)
    assert alarms <= 5  # 2 are allowed on average; more than 5 come once in sixty times


def test_a_broken_promise_is_told_within_weeks_and_since_when() -> None:
    found = []
    for seed in range(20):
        cases = judged(seed, 0.86, 0.55, 10 * WEEK)
        days = range(10 * WEEK, 30 * WEEK)
        first = next(day for day in days if _value(cases, day).e_value >= 20)
        found.append((first - 10 * WEEK, _value(cases, first).since - 10 * WEEK))
    assert np.median([days for days, _ in found]) <= 4 * WEEK
    assert abs(np.median([since for _, since in found])) <= WEEK


def test_who_asks_daily_breaks_no_promise_alone() -> None:
    day = np.arange(14)
    bet = bet_against(0.8, day, np.zeros(14, dtype=np.int64), np.zeros(14, dtype=np.bool_), 0)
    assert bet.e_value < 20


def test_precision_is_judged_by_slice_and_the_slice_that_fell_is_named() -> None:
    good, bad = judged(1, 0.88, 0.88, 0), judged(2, 0.88, 0.5, 5 * WEEK)
    both = Judged(
        np.concatenate([good.day, bad.day]),
        np.concatenate([good.who, bad.who + 10**6]),
        np.concatenate([good.right, bad.right]),
        {"lang": ["en"] * len(good.day) + ["fi"] * len(bad.day)},
    )
    told = {one.slice: one for one in precise({"kind": both}, {"kind": 0.8}, 0)}
    assert told["lang=fi"].verdict is Verdict.DRIFTED
    assert told["lang=en"].verdict is Verdict.STEADY
    assert told["lang=en"].since is None
    assert told["lang=fi"].since is not None
    assert abs(told["lang=fi"].since - 5 * WEEK) <= 2 * WEEK


def test_of_a_few_judged_cases_nothing_is_said() -> None:
    few = Judged(np.arange(5), np.arange(5), np.zeros(5, dtype=np.bool_), {})
    (told,) = precise({"kind": few}, {"kind": 0.8}, 0)
    assert told.verdict is Verdict.TOO_FEW


def test_over_many_slices_a_little_luck_is_not_enough() -> None:
    assert broken([25.0], 0.05).tolist() == [True]
    assert broken([25.0] + [1.0] * 9, 0.05).tolist() == [False] * 10
    assert broken([25.0] * 10, 0.05).all()


@pytest.mark.parametrize("promise", [0.0, 1.0])
def test_a_promise_of_always_or_never_is_none(promise: float) -> None:
    nobody = np.zeros(0, dtype=np.int64)
    with pytest.raises(ValueError, match="between 0 and 1"):
        bet_against(promise, nobody, nobody, np.zeros(0, dtype=np.bool_), 0)


def _value(cases: Judged, day: int) -> Bet:
    known = cases.day < day
    return bet_against(0.8, cases.day[known], cases.who[known], cases.right[known], 0)
