"""From which confidence on to speak, so that as many are right as a lead wants."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.errors import BadField
from triage.learn.heads.automation import (
    PRECISION,
    Judged,
    Precision,
    covered,
    lower_bound,
    parse_precision,
    sure_threshold,
)
from triage.learn.statistics.scores import precision_threshold
from triage.records import Target


def calibrated(n: int, seed: int = 0, *, each: int = 1) -> Judged:
    """Guesses that are right as often as they say; `each` cases of a group are alike."""
    rng = np.random.default_rng(seed)
    confidence = 0.2 + 0.8 * rng.beta(6, 1, size=n)
    right = rng.random(n) < confidence
    return Judged(
        np.repeat(confidence, each), np.repeat(right, each), np.repeat(np.arange(n), each)
    )


def test_the_bound_is_that_of_clopper_and_pearson() -> None:
    assert lower_bound(20, 20, 0.1) == pytest.approx(0.1 ** (1 / 20))
    assert lower_bound(0, 20, 0.1) == 0
    assert lower_bound(45, 50, 0.1) == pytest.approx(0.8216, abs=1e-3)


def test_a_threshold_promises_what_was_wanted_of_the_next_cases_too() -> None:
    wanted, worlds = 0.9, 100
    broken = {"guarded": 0, "plain": 0}
    coming = calibrated(200_000, seed=999)
    for seed in range(worlds):
        seen = calibrated(500, seed)
        plain = precision_threshold(seen.confidence, seen.right, wanted)
        for name, threshold in (("guarded", sure_threshold(seen, wanted)), ("plain", plain)):
            _, precision = covered(coming, threshold)
            broken[name] += precision is not None and precision < wanted
    assert broken["guarded"] <= 10
    assert broken["plain"] >= 30


def test_more_cases_cover_more_at_the_same_precision() -> None:
    few, many = calibrated(300), calibrated(20_000)
    coverages = [covered(seen, sure_threshold(seen, 0.92))[0] for seen in (few, many)]
    assert coverages[0] < coverages[1]


def test_ten_copies_of_a_case_are_one_piece_of_evidence() -> None:
    alone, copied = calibrated(60), calibrated(60, each=10)
    spread = Judged(copied.confidence, copied.right, np.arange(600))
    assert sure_threshold(alone, 0.8) == sure_threshold(copied, 0.8)
    assert sure_threshold(alone, 0.9) is None
    assert sure_threshold(spread, 0.8) is not None


def test_too_few_cases_can_prove_nothing() -> None:
    assert sure_threshold(Judged(np.ones(9), np.ones(9, bool), np.arange(9)), 0.8) is None
    assert sure_threshold(Judged(np.ones(11), np.ones(11, bool), np.arange(11)), 0.8) == 1.0
    assert sure_threshold(Judged(np.ones(0), np.ones(0, bool), np.arange(0)), 0.8) is None


def test_equal_confidences_stand_or_fall_together() -> None:
    right = np.arange(200) < 100
    assert sure_threshold(Judged(np.full(200, 0.9), right, np.arange(200)), 0.8) is None
    everybody = Judged(np.full(200, 0.9), np.ones(200, bool), np.arange(200))
    assert covered(everybody, sure_threshold(everybody, 0.8)) == (1.0, 1.0)


def test_two_wrong_ones_among_the_surest_do_not_end_the_test() -> None:
    right = np.ones(400, bool)
    right[:2] = False
    unlucky = Judged(np.linspace(1, 0.5, 400), right, np.arange(400))
    assert sure_threshold(unlucky, 0.95) == 0.5


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.sampled_from([0.8, 0.9, 0.95]))
def test_the_order_of_the_cases_has_no_part_in_it(seed: int, wanted: float) -> None:
    seen = calibrated(200, seed)
    order = np.random.default_rng(seed).permutation(200)
    shuffled = Judged(seen.confidence[order], seen.right[order], seen.group_of[order])
    assert sure_threshold(seen, wanted) == sure_threshold(shuffled, wanted)


def test_a_precision_is_one_for_all_or_one_for_each_target() -> None:
    assert parse_precision("0.9") == Precision(0.9)
    each = parse_precision(" kind=0.95, topic=0.9 ")
    assert each.wanted(Target.KIND) == 0.95
    assert each.wanted(Target.TOPIC) == 0.9
    assert each.wanted(Target.SEVERITY) == PRECISION
    assert parse_precision("0.85,kind=0.95").wanted(Target.TONE) == 0.85


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "write a share such as 0.8"),
        ("high", "write a share such as 0.8"),
        ("kind=", "write a share such as 0.8"),
        ("95", "95 is not"),
        ("nan", "nan is not"),
        ("1", "1 is not"),
        ("kind=0", "0 is not"),
        ("colour=0.9", "names 'colour'; heads are kind, topic"),
        ("scope=0.9", "names 'scope'"),
        ("kind=0.9,kind=0.8", "kind twice"),
        ("0.9,0.8", "without a target"),
    ],
)
def test_a_precision_that_cannot_be_meant_is_refused_with_its_reason(
    text: str, problem: str
) -> None:
    with pytest.raises(BadField, match=problem):
        parse_precision(text)
