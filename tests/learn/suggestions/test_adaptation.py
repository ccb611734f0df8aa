"""An adaptation is learnt right, kept where it helps, and not where it cannot."""

from dataclasses import replace

import numpy as np
import pytest

from tests.shifted import ENCODER, QUICK, pairs_of, settled
from triage.learn.suggestions.adaptation import AdaptationOptions, lacking, learn_adaptation
from triage.learn.suggestions.adaptation_fit import (
    Factors,
    Lesson,
    contrast,
    fit_factors,
    rank_pairs,
    rank_unmoved,
)


def silent(line: str) -> None:
    pass


def unit(rng: np.random.Generator, n: int, dimension: int = 6) -> np.ndarray:
    rows = rng.normal(size=(n, dimension))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.mark.parametrize("seed", range(3))
def test_the_gradient_is_that_of_finite_differences(seed: int) -> None:
    rng = np.random.default_rng(seed)
    questions, passages = unit(rng, 4), unit(rng, 7)
    right = np.zeros((4, 7), dtype=bool)
    right[np.arange(4), np.arange(4)] = True
    right[0, 5] = True
    counts = right | (rng.random((4, 7)) < 0.7)
    lesson = Lesson.of(questions, passages, right, counts)
    factors = Factors(rng.normal(size=(2, 6)), rng.normal(size=(6, 2)))

    def loss(down: np.ndarray, up: np.ndarray) -> float:
        return contrast(Factors(down, up), lesson, 0.2, 0.03)[0]

    _, found = contrast(factors, lesson, 0.2, 0.03)
    step = 1e-6
    for name, slope in (("down", found.down), ("up", found.up)):
        for at in np.ndindex(slope.shape):
            moved = {"down": factors.down.copy(), "up": factors.up.copy()}
            moved[name][at] += step
            above = loss(**moved)
            moved[name][at] -= 2 * step
            assert slope[at] == pytest.approx((above - loss(**moved)) / (2 * step), abs=1e-5)


def test_passages_that_do_not_count_change_nothing() -> None:
    rng = np.random.default_rng(0)
    questions, passages = unit(rng, 3), unit(rng, 5)
    right = np.eye(3, 5, dtype=bool)
    counts = right.copy()
    counts[:, 3] = True
    factors = Factors(rng.normal(size=(2, 6)), rng.normal(size=(6, 2)))
    other = passages.copy()
    other[4] = unit(rng, 1)[0]
    one = contrast(factors, Lesson.of(questions, passages, right, counts), 0.1, 0.0)
    two = contrast(factors, Lesson.of(questions, other, right, counts), 0.1, 0.0)
    assert one[0] == pytest.approx(two[0])
    assert np.allclose(one[1].up, two[1].up)


def test_ranks_are_those_of_threads_and_a_tie_is_lost() -> None:
    pairs = pairs_of(settled(20))
    before, _ = rank_unmoved(pairs)
    for i, pair in enumerate(pairs.pairs):
        near = pairs.vectors @ pairs.questions[i]
        near[~pairs.passages.answers] = -np.inf
        best = near[list(pair.right)].max()
        rivals = np.flatnonzero(near >= best - 1e-6)
        assert before[i] == pytest.approx(1 / len(rivals))


def test_a_forum_with_words_of_its_own_is_adapted_to() -> None:
    learnt = learn_adaptation(pairs_of(settled(120)), ENCODER, QUICK, silent)
    assert learnt.facts["kept"]
    assert learnt.facts["mrr"]["after"] > learnt.facts["mrr"]["before"] + 0.15
    assert learnt.facts["mrr"]["p_better"] <= 0.05
    assert learnt.adaptation is not None
    assert learnt.adaptation.moves(True)
    assert not learnt.adaptation.moves(False)
    # Threads that no map has seen, of the same words: more than the first 120 of these.
    fresh = pairs_of(settled(240))
    unseen = np.arange(120, 240)
    moved = learnt.adaptation.apply(fresh.questions[unseen])
    before = rank_pairs(fresh, unseen, fresh.questions[unseen]).mean()
    assert rank_pairs(fresh, unseen, moved).mean() > before + 0.1


def test_a_question_is_judged_by_a_map_that_has_not_seen_its_group() -> None:
    learnt = learn_adaptation(pairs_of(settled(120)), ENCODER, QUICK, silent)
    assert set(learnt.held_out) == {f"en-{i}" for i in range(120)}
    assert len({id(a) for a in learnt.held_out.values()}) == QUICK.folds
    assert learnt.adaptation not in learnt.held_out.values()


def test_noise_is_seldom_taken_for_a_gain() -> None:
    """Right and wrong are equally far: at the agreed level one in twenty would pass by chance."""
    quick = replace(QUICK, fit=replace(QUICK.fit, steps=30))
    kept = [
        learn_adaptation(pairs_of(settled(100, seed, shifted=False)), ENCODER, quick, silent)
        for seed in range(12)
    ]
    assert sum(learnt.facts["kept"] for learnt in kept) <= 2
    assert all(k.adaptation is None and not k.held_out for k in kept if not k.facts["kept"])


def test_a_language_that_would_lose_stops_it() -> None:
    """Finnish experts use the askers' words: what helps English takes their questions elsewhere."""
    finnish = [
        replace(t, answers=(replace(t.answers[0], body=t.title),)) for t in settled(40, lang="fi")
    ]
    pairs = pairs_of([*settled(200), *finnish])
    learnt = learn_adaptation(pairs, ENCODER, QUICK, silent)
    assert learnt.facts["mrr"]["after"] > learnt.facts["mrr"]["before"]
    assert learnt.facts["slices"]["fi"]["p_worse"] <= 0.05
    assert "fi" in learnt.facts["why"]
    assert learnt.adaptation is None


def test_the_same_seed_learns_the_same() -> None:
    pairs = pairs_of(settled(60))
    every, (_, hardest) = np.arange(60), rank_unmoved(pairs)
    one, two = (fit_factors(pairs, every, hardest, QUICK.fit) for _ in range(2))
    assert np.array_equal(one.up, two.up)


def test_many_passages_are_sampled_and_learnt_from_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("triage.learn.suggestions.adaptation_fit._SEEN_WHOLE", 100)
    monkeypatch.setattr("triage.learn.suggestions.adaptation_fit._RANDOM", 50)
    learnt = learn_adaptation(pairs_of(settled(120)), ENCODER, QUICK, silent)
    assert learnt.facts["mrr"]["after"] > learnt.facts["mrr"]["before"] + 0.1


def test_few_pairs_say_how_many_are_needed() -> None:
    options = AdaptationOptions()
    assert lacking(pairs_of(settled(99)).pairs, options) == (
        "99 pairs of a question and what settles it; 100 are needed"
    )
    assert lacking(pairs_of(settled(100)).pairs, options) == ""


def test_one_large_duplicate_group_is_not_many_pieces_of_evidence() -> None:
    joined = [replace(t, duplicate_of=("en-0",)) for t in settled(110)]
    assert "1 duplicate groups" in lacking(pairs_of(joined).pairs, AdaptationOptions())
