"""Groups stand out beyond chance, however many of them there are and whoever is behind them."""

import numpy as np

from triage.insight.standing_out import above_others

GROUPS, EACH = 40, 60


def rows(seed: int, worse: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    group = np.repeat(np.arange(GROUPS), EACH)
    often = np.where(np.arange(GROUPS) < worse, 0.6, 0.3)
    who = random.integers(0, 800, len(group))
    return random.random(len(group)) < often[group], group, who


def test_those_that_are_worse_are_told_and_hardly_any_other() -> None:
    every = np.ones(GROUPS, dtype=bool)
    told = [above_others(*rows(seed, worse=4), every).told for seed in range(40)]
    assert np.mean([one[:4] for one in told]) > 0.9
    wrong = [one[4:].sum() / max(one.sum(), 1) for one in told]
    assert np.mean(wrong) <= 0.1


def test_where_all_are_alike_hardly_anything_is_told() -> None:
    every = np.ones(GROUPS, dtype=bool)
    alarms = [above_others(*rows(seed), every).told.any() for seed in range(200)]
    assert np.mean(alarms) <= 0.1


def test_one_person_s_hits_are_those_of_one() -> None:
    hit, group, who = rows(0)
    mine = group == 3
    hit = np.where(mine, True, hit)
    every = np.ones(GROUPS, dtype=bool)
    assert above_others(hit, group, who, every).told[3]
    assert not above_others(hit, group, np.where(mine, 5, who), every).told[3]


def test_what_is_not_looked_at_is_not_told() -> None:
    hit, group, who = rows(1, worse=4)
    looked = np.arange(GROUPS) >= 2
    found = above_others(hit, group, who, looked)
    assert np.isnan(found.p_value[:2]).all()
    assert not found.told[:2].any()
    assert found.told[2:4].all()
    nothing = np.zeros(0, dtype=np.int64)
    none = above_others(nothing.astype(bool), nothing, nothing, np.zeros(0, dtype=bool))
    assert len(none.told) == 0
