"""Calibration questions -> a gate that keeps what it promises.

The world drawn here has suggestions of one draft that go wrong together, and half of its drafts
have no right thread. Its true risk is known from many more draws than any gate is fitted on.
"""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import binom

from triage.decide.gate import Gate, Threshold
from triage.learn.suggestions.risk import (
    GRID,
    Counts,
    RiskOptions,
    Shown,
    Table,
    fit_gate,
    guaranteed_threshold,
    p_value,
    plain_threshold,
    tabulate,
)

BASE = Gate(0.1, 0.9, Threshold(0.5, 0, guaranteed=False), {}, "base")


@dataclass(frozen=True)
class World:
    """How a ranker's log-odds come about, and what it makes of them.

    `misfiled`: in this share of drafts nothing helps, however alike the question is.
    """

    slope: float = 1.0
    shift: float = 0.0
    right_at: float = 1.8
    misfiled: float = 0.0


FAIR = World()
MISFILED = World(misfiled=0.05)
BOLD = World(slope=1.6, shift=1.0)
BOLDER = World(slope=1.6, shift=2.5)
NO_USE = World(right_at=-2.2)


def drawn(
    seed: int, n: int, most_shown: int = 3, world: World = FAIR
) -> tuple[Table, NDArray[np.bool_]]:
    """Return the candidates of n drafts, and which of the drafts have a right thread."""
    random = np.random.default_rng([seed, n])
    mood = random.normal(size=(n, 1))
    odds = -2.2 + random.normal(size=(n, 3)) + 0.8 * mood
    answerable = random.random(n) < 0.5
    right = np.zeros((n, 3), dtype=bool)
    right[:, 0] = answerable
    right[:, 1] = answerable & (random.random(n) < 0.15)
    odds = np.where(right, world.right_at + 1.6 * random.normal(size=(n, 3)), odds)
    right &= random.random((n, 1)) >= world.misfiled
    order = np.argsort(-odds, axis=1)
    odds = np.take_along_axis(odds, order, axis=1)[:, :most_shown]
    wrong = ~np.take_along_axis(right, order, axis=1)[:, :most_shown]
    return Table(1 / (1 + np.exp(-(world.slope * odds + world.shift))), wrong), answerable


@cache
def truth(most_shown: int, world: World) -> dict[float, float]:
    table, _ = drawn(0, 200_000, most_shown, world)
    found = {}
    for value in GRID:
        offered, wrong = table.counts(value)
        found[value] = float(wrong.sum() / max(1, offered.sum()))
    return found


def questions(seed: int, n: int, lang: str = "en", world: World = FAIR) -> list[Shown]:
    table, _ = drawn(seed, n, world=world)
    return [
        Shown(lang, tuple(map(float, p)), tuple(bool(not w) for w in wrong))
        for p, wrong in zip(table.probabilities, table.wrong, strict=True)
    ]


def hoeffding_bentkus(offered: Counts, wrong: Counts, options: RiskOptions) -> float:
    """The p-value of Learn then Test's authors, for a mean of values between 0 and 1."""
    n, risk = len(offered), options.risk
    mean = float((wrong - risk * offered).mean()) / options.most_shown + risk
    below = min(mean, risk)
    distance = (1 - below) * math.log((1 - below) / (1 - risk))
    distance += below * math.log(below / risk) if below > 0 else 0.0
    bentkus = math.e * binom.cdf(math.ceil(round(n * mean, 9)), n, risk)
    return float(min(math.exp(-n * distance), bentkus))


@pytest.mark.parametrize("most_shown", [1, 3])
@pytest.mark.parametrize("world", [FAIR, MISFILED, BOLD, NO_USE], ids=str)
def test_a_guarantee_fails_no_more_often_than_it_says(most_shown: int, world: World) -> None:
    options, true_risk = RiskOptions(most_shown=most_shown), truth(most_shown, world)
    draws = 150
    chosen = [
        guaranteed_threshold(drawn(1 + seed, 240, most_shown, world)[0], options)
        for seed in range(draws)
    ]
    broken = sum(value is not None and true_risk[value] > options.risk for value in chosen)
    # A procedure that fails in exactly one of ten draws has more failures in one of 10,000 runs.
    assert broken <= binom.ppf(0.9999, draws, 1 - options.confidence)


def test_the_plain_share_would_break_the_guarantee() -> None:
    options, true_risk = RiskOptions(most_shown=1), truth(1, MISFILED)
    chosen = [plain_threshold(drawn(1 + seed, 240, 1, MISFILED)[0], options) for seed in range(150)]
    broken = sum(value is not None and true_risk[value] > options.risk for value in chosen)
    assert broken > binom.ppf(0.9999, 150, 1 - options.confidence)


@pytest.mark.parametrize(("most_shown", "n", "share"), [(1, 300, 0.7), (3, 600, 0.6)])
def test_most_of_what_may_be_shown_is_found(most_shown: int, n: int, share: float) -> None:
    options = RiskOptions(most_shown=most_shown)
    offered = []
    for seed in range(40):
        table, answerable = drawn(1 + seed, n, most_shown)
        value = guaranteed_threshold(table, options)
        some = table.probabilities[:, 0] >= (2.0 if value is None else value)
        offered.append((some & answerable).sum() / answerable.sum())
    assert np.mean(offered) > share


@pytest.mark.parametrize("most_shown", [1, 2, 3])
def test_a_p_value_at_the_edge_is_small_as_rarely_as_it_says(most_shown: int) -> None:
    options = RiskOptions(most_shown=most_shown)
    random, n, draws = np.random.default_rng(7), 120, 2000
    offered = random.integers(1, most_shown + 1, (draws, n))
    # The worst kind of dependence: a draft's suggestions are all right or all wrong.
    wrong = np.where(random.random((draws, n)) < options.risk, offered, 0)
    small = sum(
        p_value(o, w, options) <= 1 - options.confidence
        for o, w in zip(offered, wrong, strict=True)
    )
    assert small <= binom.ppf(0.9999, draws, 1 - options.confidence)


def test_suggestions_counted_one_by_one_would_promise_too_much() -> None:
    random, options = np.random.default_rng(7), RiskOptions()
    wrong = np.where(random.random((2000, 120)) < options.risk, 3, 0).sum(axis=1)
    small = (binom.cdf(wrong, 360, options.risk) <= 0.1).mean()
    assert small > 0.2


def test_betting_finds_what_hoeffding_and_bentkus_do_not() -> None:
    options = RiskOptions()
    offered, wrong = np.ones(160, dtype=np.int64), np.zeros(160, dtype=np.int64)
    wrong[:3] = 1
    assert p_value(offered, wrong, options) < 0.1 < hoeffding_bentkus(offered, wrong, options)


def test_nothing_shown_is_evidence_of_nothing() -> None:
    none = np.zeros(0, dtype=np.int64)
    for most_shown in (1, 3):
        assert p_value(none, none, RiskOptions(most_shown=most_shown)) == 1.0


def test_each_language_has_its_own_threshold() -> None:
    both = questions(1, 800) + questions(2, 800, "sv", BOLD)
    gate = fit_gate(both, BASE, fitted_on="both")
    english, swedish = gate.threshold_for("en"), gate.threshold_for("sv")
    assert english.guaranteed
    assert swedish.guaranteed
    assert english.questions == swedish.questions == 800
    # Boldness needs a higher threshold for the same risk.
    assert english.value is not None
    assert swedish.value is not None
    assert swedish.value > english.value


def test_a_language_with_few_pairs_goes_by_the_pooled_threshold_and_is_not_guaranteed() -> None:
    gate = fit_gate(questions(1, 800) + questions(2, 12, "sv"), BASE, fitted_on="")
    assert gate.pooled.guaranteed
    assert "sv" not in gate.by_language
    swedish = gate.threshold_for("sv")
    assert (swedish.value, swedish.guaranteed) == (gate.pooled.value, False)


def test_a_language_that_fails_is_not_shown_what_the_others_may_be() -> None:
    gate = fit_gate(questions(1, 900) + questions(2, 200, "sv", NO_USE), BASE, fitted_on="")
    assert gate.pooled.value is not None
    assert gate.by_language["sv"] == Threshold(None, 200, guaranteed=False)
    assert not gate.passes(1.0, "sv")
    assert gate.passes(gate.pooled.value, "de")


def test_a_language_that_does_worse_at_the_pooled_threshold_gets_a_stricter_one() -> None:
    gate = fit_gate(questions(1, 900) + questions(3, 90, "sv", BOLDER), BASE, fitted_on="")
    swedish = gate.threshold_for("sv")
    assert not swedish.guaranteed
    assert swedish.value is not None
    assert gate.pooled.value is not None
    assert swedish.value > gate.pooled.value


def test_when_nothing_passes_nothing_is_shown() -> None:
    gate = fit_gate(questions(1, 300, world=NO_USE), BASE, fitted_on="")
    assert gate.pooled == Threshold(None, 300, guaranteed=False)
    assert not gate.passes(1.0, "en")


def test_too_few_for_the_test_go_by_the_plain_share_without_a_guarantee() -> None:
    shown = questions(1, 70)
    gate = fit_gate(shown, BASE, fitted_on="")
    assert gate.pooled.value is not None
    assert not gate.pooled.guaranteed
    offered, wrong = tabulate(shown).counts(gate.pooled.value)
    assert wrong.sum() <= 0.1 * offered.sum()


def test_too_few_for_anything_leave_the_base_s_threshold() -> None:
    for few in ([], questions(1, 8)):
        gate = fit_gate(few, BASE, fitted_on="")
        assert gate.pooled == Threshold(0.5, len(few), guaranteed=False)
        assert gate.by_language == {}


def test_the_order_of_the_questions_has_no_part_in_it() -> None:
    shown = questions(1, 500) + questions(2, 400, "sv", BOLD)
    turned = [shown[i] for i in np.random.default_rng(3).permutation(len(shown))]
    assert fit_gate(shown, BASE, fitted_on="") == fit_gate(turned, BASE, fitted_on="")


def test_less_risk_and_more_confidence_show_less() -> None:
    table = drawn(1, 1500)[0]
    values = [
        guaranteed_threshold(table, RiskOptions(risk, confidence))
        for risk, confidence in [(0.2, 0.9), (0.1, 0.9), (0.1, 0.99)]
    ]
    risky, usual, sure = (1.0 if v is None else v for v in values)
    assert risky < usual <= sure < 1.0


def test_only_what_could_be_shown_counts() -> None:
    long = Shown("en", (0.9, 0.8, 0.7, 0.6), (True, True, True, False))
    offered, wrong = tabulate([long, Shown("en", (), ())], most_shown=3).counts(0.1)
    assert (offered.tolist(), wrong.tolist()) == ([3], [0])


def test_a_threshold_is_never_rounded_down() -> None:
    exact = [1 / (1 + math.exp(-tenths / 10)) for tenths in range(70, -31, -1)]
    assert all(0 <= value - e <= 1e-4 for value, e in zip(GRID, exact, strict=True))
    assert list(GRID) == sorted(set(GRID), reverse=True)
    assert all(round(value, 4) == value for value in GRID)


def test_one_wrong_among_the_fewest_tested_does_not_end_it() -> None:
    for most_shown, least in ((1, 38), (3, 79)):
        options = RiskOptions(most_shown=most_shown)
        assert options.least(0) == least
        assert options.least(1200) == 200
        wrong = np.arange(least) < 1
        assert p_value(np.ones(least), wrong, options) <= 0.1
        assert p_value(np.ones(least - 1), wrong[:-1], options) > 0.1


@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=5).map(
        lambda rows: sorted(rows, key=lambda row: -row[0])
    ),
    st.sampled_from(GRID),
)
def test_counts_are_those_of_the_plain_reading(
    candidates: list[tuple[float, bool]], value: float
) -> None:
    question = Shown("en", tuple(p for p, _ in candidates), tuple(r for _, r in candidates))
    offered, wrong = tabulate([question]).counts(value)
    passed = [right for p, right in candidates[:3] if p >= value]
    assert offered.sum() == len(passed)
    assert wrong.sum() == passed.count(False)


@pytest.mark.parametrize(
    ("probabilities", "right"),
    [((0.5,), ()), ((0.4, 0.5), (True, False)), ((1.5,), (True,)), ((float("nan"),), (True,))],
)
def test_what_is_no_ranking_is_refused(
    probabilities: tuple[float, ...], right: tuple[bool, ...]
) -> None:
    with pytest.raises(ValueError, match="andidate"):
        Shown("en", probabilities, right)


@pytest.mark.parametrize("options", [(0.0, 0.9, 3), (0.1, 1.0, 3), (0.1, 0.9, 0)])
def test_what_nothing_could_hold_is_refused(options: tuple[float, float, int]) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        RiskOptions(*options)
