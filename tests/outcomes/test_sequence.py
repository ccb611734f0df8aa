import math

import numpy as np
import pytest

from tests.outcomes.test_lift import DAY, found, world
from triage.outcomes.lift import Problems
from triage.outcomes.sequence import always_valid, looks, split_p_always
from triage.outcomes.told import HOLDOUT, TREATMENT


def no_effect(seed: int) -> Problems:
    random = np.random.default_rng(seed)
    n = 600
    start = np.sort(random.uniform(0, 30 * DAY, n))
    arm = random.integers(0, 2, n)
    after = np.where(random.random(n) < 0.4, 0.01, np.inf)
    return Problems(np.arange(n), arm, np.arange(n), start, after, 30 - start / DAY)


def test_who_looks_daily_is_misled_less_often_than_one_time_in_twenty() -> None:
    days = [day * DAY for day in range(1, 31)]
    misled = [
        any(not look.low <= 0 <= look.high for look in looks(no_effect(seed), days))
        for seed in range(100)
    ]
    assert sum(misled) <= 5


def test_holding_always_costs_width() -> None:
    lift = found(world(1, 3000, 0.4, 0.1))
    always = always_valid(lift)
    assert always is not None
    assert always[0] < lift.low
    assert lift.high < always[1]


def test_the_width_is_that_of_the_paper() -> None:
    lift = found(world(1, 3000, 0.4, 0.1))
    always = always_valid(lift)
    assert always is not None
    # Theorem 2.2 with n persons: sigma sqrt(2 (n r² + 1)/(n² r²) log(sqrt(n r² + 1)/0.05)).
    n = 3000
    sigma = lift.standard_error * math.sqrt(n)
    tightest = sigma**2 / 0.02**2
    r2 = (-2 * math.log(0.05) + math.log(-2 * math.log(0.05) + 1)) / tightest
    more = n * r2 + 1
    half = sigma * math.sqrt(2 * more / (n * n * r2) * math.log(math.sqrt(more) / 0.05))
    assert always[1] - lift.value == pytest.approx(half)


def test_a_look_before_thirty_persons_of_each_arm_is_none() -> None:
    assert always_valid(found(world(1, 60, 0.4, 0.1))) is None
    assert looks(no_effect(1), [DAY / 10]) == []


def test_a_look_knows_only_what_was_known_by_then() -> None:
    whole = no_effect(2)
    [middle] = looks(whole, [15 * DAY])
    later = whole.start > 15 * DAY
    changed = Problems(
        whole.ask,
        whole.arm,
        whole.who,
        whole.start,
        np.where(later, 0.0, whole.after),
        whole.followed,
    )
    assert looks(changed, [15 * DAY]) == [middle]


@pytest.mark.parametrize(("share", "alarm"), [(0.05, False), (0.2, True)])
def test_the_split_may_be_looked_at_after_every_person(share: float, alarm: bool) -> None:
    held = np.random.default_rng(1).random(3000) < 0.05
    p = split_p_always(held, share)
    assert p is not None
    assert (p < 0.001) is alarm


def test_the_split_is_ever_alarming_at_most_as_often_as_it_says() -> None:
    random = np.random.default_rng(2)
    found = [split_p_always(random.random(2000) < 0.1, 0.1) for _ in range(200)]
    assert sum(p is not None and p < 0.05 for p in found) <= 14


def test_no_split_without_persons_or_holdout() -> None:
    assert split_p_always(np.array([], dtype=bool), 0.1) is None
    assert split_p_always(np.array([False]), 0) is None
    assert {HOLDOUT, TREATMENT} == {0, 1}


def test_the_split_alarm_knows_that_persons_had_unequal_chances() -> None:
    random = np.random.default_rng(11)
    # The share was raised in the middle.
    shares = np.repeat([0.02, 0.3], 1000)
    found = [split_p_always(random.random(2000) < shares, shares) for _ in range(200)]
    assert sum(p is not None and p < 0.05 for p in found) <= 10
    held = random.random(2000) < shares
    assert split_p_always(held, 0.16) == pytest.approx(0, abs=1e-9)
