import numpy as np
import pytest
from scipy.stats import norm

from tests.outcomes.test_lift import found, world
from tests.outcomes.told import asked, report
from triage.outcomes.planning import (
    days_until_visible,
    planned_error,
    smallest_visible,
    split_p,
)


def test_the_smallest_visible_lift_is_found_four_times_in_five() -> None:
    error = 0.02
    lift = smallest_visible(error)
    assert norm.sf(1.959964 - lift / error) == pytest.approx(0.8, abs=0.001)


def test_the_planned_error_is_the_one_that_comes() -> None:
    lift = found(world(1, 5000, 0.4, 0.0))
    assert planned_error(0.4, 5000, 0.2) == pytest.approx(lift.standard_error, rel=0.05)


def test_alike_asks_of_a_person_make_the_planned_error_larger() -> None:
    assert planned_error(0.4, 1000, 0.1, 2, 0.5) > planned_error(0.4, 1000, 0.1, 2, 0)


def test_four_times_as_long_halves_what_can_be_seen() -> None:
    lift = found(world(1, 1000, 0.4, 0.1))
    wanted = smallest_visible(lift.standard_error) / 2
    assert days_until_visible(lift, 10, wanted) == pytest.approx(30)
    assert days_until_visible(lift, 10, 1.0) == 0


def test_a_split_as_assigned_gives_no_alarm() -> None:
    assert split_p(50, 950, 0.05) == pytest.approx(1.0)
    assert split_p(0, 0, 0.05) is None
    assert split_p(0, 10, 0.0) is None


def test_lost_persons_of_one_arm_give_an_alarm() -> None:
    p = split_p(30, 970, 0.05)
    assert p is not None
    assert p < 0.01
    rows = [
        asked(0, f"a{n}", f"p{n}", arm="holdout" if n % 10 == 0 else "treatment")
        for n in range(1000)
    ]
    assert report(rows, holdout=0.1)["srm_alarm"] is False
    assert report(rows, holdout=0.05)["srm_alarm"] is True


def test_the_split_counts_persons_not_asks() -> None:
    rows = [
        asked(ask, f"a{n}-{ask}", f"p{n}", arm="holdout" if n % 10 == 0 else "treatment")
        for n in range(100)
        for ask in range(9 if n % 10 == 0 else 1)
    ]
    found = report(rows, holdout=0.1)
    assert (found["persons"], found["persons_in_holdout"]) == (100, 10)
    assert found["srm_p"] == pytest.approx(1.0)


def test_assigning_by_ask_is_no_alarm_and_is_told() -> None:
    random = np.random.default_rng(1)
    rows = [
        asked(
            n / 100, f"a{n}", f"p{n % 300}", arm="holdout" if random.random() < 0.2 else "treatment"
        )
        for n in range(900)
    ]
    found = report(rows, holdout=0.2)
    assert found["srm_p"] > 0.001
    assert found["persons_in_both_arms"] > 50
