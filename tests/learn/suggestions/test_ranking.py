"""Judged questions -> a ranker that gives probabilities."""

from dataclasses import replace

import numpy as np
import pytest

from triage.errors import NotEnoughData
from triage.learn.suggestions.ranking import Judged, both_worlds, chances, fit_ranker
from triage.rank import FEATURES, load_ranker
from triage.records import Hit, Question, Side, Thread

QUESTION = Question("t", "b", "en", version="8.0")


def question(n: int, rng: np.random.Generator, *, answered: bool = True) -> Judged:
    """One question with ten threads, of which the first is right and a little nearer."""
    hits = [
        Hit(f"q{n}-{i}", None, value, value, words, words)
        for i, (value, words) in enumerate(
            zip(rng.normal(0.4 + 0.2 * (np.arange(10) == 0), 0.05), rng.random(10), strict=True)
        )
    ]
    threads = {h.thread_id: Thread(h.thread_id, "", "", lang="en") for h in hits}
    right = frozenset({f"q{n}-0"}) if answered else frozenset()
    return Judged(f"q{n}", QUESTION, tuple(hits), threads, right, True)


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    rng = np.random.default_rng(0)
    return [question(n, rng) for n in range(300)]


def test_the_probabilities_are_those_of_the_outcomes(judged: list[Judged]) -> None:
    ranker = fit_ranker(judged[:150], load_ranker(), fitted_on="a test")
    asked = both_worlds(judged[150:])
    said = np.concatenate([chances(ranker, j) for j in asked])
    happened = np.concatenate([j.labels for j in asked])
    assert abs(said.mean() - happened.mean()) < 0.01
    sure = said > 0.8
    assert sure.sum() > 50
    assert happened[sure].mean() > 0.8


def test_what_could_be_shown_is_as_likely_as_it_is_said_to_be() -> None:
    rng = np.random.default_rng(2)
    many = [standing_out(n, rng) for n in range(300)]
    ranker = fit_ranker(many[:150], load_ranker(), fitted_on="a test")
    said, happened = [], []
    for one in both_worlds(many[150:]):
        found = chances(ranker, one)
        said.append(found.max())
        happened.append(one.labels[found.argmax()])
    # Left as fitted on all fifty candidates, .36 is said of the best, where .50 come true.
    assert abs(np.mean(said) - np.mean(happened)) < 0.03


def standing_out(n: int, rng: np.random.Generator) -> Judged:
    """One question whose right thread is the nearest by far, however near its others are."""
    near = rng.normal(0.5, 0.1) + rng.normal(0, 0.02, 50) + 0.15 * (np.arange(50) == 0)
    hits = tuple(Hit(f"q{n}-{i}", None, float(v), float(v)) for i, v in enumerate(near))
    threads = {h.thread_id: Thread(h.thread_id, "", "", lang="en") for h in hits}
    return Judged(f"q{n}", QUESTION, hits, threads, frozenset({f"q{n}-0"}), True)


def test_a_question_whose_right_thread_is_gone_is_less_sure_of_the_next(
    judged: list[Judged],
) -> None:
    ranker = fit_ranker(judged[:150], load_ranker(), fitted_on="a test")
    best = [chances(ranker, j).max() for j in judged[150:]]
    left = [chances(ranker, j.without(j.right)).max() for j in judged[150:]]
    assert np.mean(left) < 0.5 < np.mean(best)


def test_both_worlds_weigh_alike_whatever_was_unanswered_before() -> None:
    rng = np.random.default_rng(1)
    some = [question(n, rng, answered=n % 3 > 0) for n in range(30)]
    asked = both_worlds(some)
    answered = sum(j.weight for j in asked if j.right)
    assert answered == pytest.approx(sum(j.weight for j in asked if not j.right))
    bare = [question(n, rng, answered=False) for n in range(3)]
    assert both_worlds(bare) == bare


def test_what_was_worked_out_of_the_evidence_is_forgotten_with_it(judged: list[Judged]) -> None:
    one = judged[0]
    before = one.features(Side.BOTH)
    assert one.features(Side.BOTH) is before
    fewer = replace(one, hits=one.hits[:3])
    assert fewer.features(Side.BOTH).shape == (3, len(FEATURES))
    gone = one.without(one.right)
    assert gone.features(Side.BOTH).shape == (9, len(FEATURES))
    assert one.without(one.right).features(Side.BOTH) is gone.features(Side.BOTH)
    foreign = replace(one, question=replace(QUESTION, lang="fi"))
    assert (foreign.features(Side.BOTH) != before).any()
    assert one.features(Side.BOTH).tolist() == before.tolist()


def test_what_is_left_out_gets_no_weight(judged: list[Judged]) -> None:
    ranker = fit_ranker(judged, load_ranker(), fitted_on="a test", left_out=("similarity_lead",))
    weights = ranker.regimes["both-known"].weights
    assert weights[FEATURES.index("similarity_lead")] == 0.0
    assert weights[FEATURES.index("similarity_asked")] > 0.0


def test_what_another_version_costs_is_not_fitted_away(judged: list[Judged]) -> None:
    # Right threads that are of another version all the same must not cost those that fit.
    old = [
        replace(j, threads={i: replace(t, valid_versions="<8.0") for i, t in j.threads.items()})
        for j in judged
    ]
    plain = fit_ranker(judged, load_ranker(), fitted_on="a test")
    other = fit_ranker(old, load_ranker(), fitted_on="a test")
    assert other.other_version == plain.other_version < 0
    assert other.regimes["both-known"].bias > plain.regimes["both-known"].bias
    assert chances(other, judged[0])[0] > chances(other, old[0])[0]


def test_too_few_pairs_are_said_to_be_too_few(judged: list[Judged]) -> None:
    with pytest.raises(NotEnoughData, match="40 are needed"):
        fit_ranker(judged[:39], load_ranker(), fitted_on="a test")
