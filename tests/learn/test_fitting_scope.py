"""What is novel is learnt from topics left out; no novel case is ever seen."""

import numpy as np
import pytest
from numpy.typing import NDArray

from triage.classify import ABSTAIN_ALWAYS, Classifier, Scope, fit_featuriser, unit
from triage.learn.heads.scope import MIN_TOPICS, fit_scope, with_scope
from triage.records import Case, Target

DIMENSION = 32
Rows = NDArray[np.float32]


def centres(n: int, seed: int = 0) -> Rows:
    return unit(np.random.default_rng(seed).normal(size=(n, DIMENSION)).astype(np.float32))


def around(middle: Rows, n: int, seed: int) -> Rows:
    noise = np.random.default_rng(seed).normal(size=(n * len(middle), DIMENSION)) * 0.1
    return unit((np.repeat(middle, n, axis=0) + noise).astype(np.float32))


def forum(topics: int = 20, n: int = 12) -> tuple[list[str | None], list[str], Rows]:
    labels: list[str | None] = [f"topic {t}" for t in range(topics) for _ in range(n)]
    return labels, [str(i) for i in range(len(labels))], around(centres(topics), n, 1)


def fitted(topics: int = 20, n: int = 12) -> Scope:
    labels, groups, vectors = forum(topics, n)
    found = fit_scope(labels, groups, vectors, false_alarms=0.01, seed=0)
    assert not isinstance(found, str), found
    return found[0]


def test_a_new_topic_is_novel_and_a_new_case_of_a_known_one_is_not() -> None:
    scope = fitted()
    known = scope.probabilities(around(centres(20), 5, 2))
    new = scope.probabilities(around(centres(10, seed=9), 5, 3))
    assert known.max() < 0.5 < new.min()


def test_nothing_is_more_familiar_for_having_less_of_a_signal() -> None:
    assert (fitted().slopes >= 0).all()


def test_the_metrics_say_how_well_topics_left_out_were_told() -> None:
    found = fit_scope(*forum(), false_alarms=0.01, seed=0)
    assert not isinstance(found, str)
    metrics = found[1]
    assert metrics["n"] == 240
    assert metrics["classes"] == 20
    assert metrics["auroc"] > 0.95
    assert metrics["false_alarms"] <= 0.01


def test_the_same_cases_give_the_same_scope() -> None:
    probe = around(centres(3, seed=4), 3, 4)
    np.testing.assert_array_equal(fitted().probabilities(probe), fitted().probabilities(probe))


def test_topics_that_nothing_tells_apart_make_no_sure_novelty_of_known_cases() -> None:
    labels, groups, _ = forum()
    noise = unit(np.random.default_rng(5).normal(size=(len(labels), DIMENSION)).astype(np.float32))
    found = fit_scope(labels, groups, noise, false_alarms=0.01, seed=0)
    assert not isinstance(found, str)
    scope, metrics = found
    assert metrics["auroc"] == pytest.approx(0.5, abs=0.1)
    assert scope.novel_from == ABSTAIN_ALWAYS or metrics["false_alarms"] <= 0.01


def test_too_few_topics_say_what_is_missing() -> None:
    few = fit_scope(*forum(topics=MIN_TOPICS - 1, n=30), false_alarms=0.01, seed=0)
    assert isinstance(few, str)
    assert f"of {MIN_TOPICS} topics" in few


def test_without_an_encoder_nothing_can_be_told() -> None:
    labels, groups, _ = forum()
    assert fit_scope(labels, groups, None, false_alarms=0.01, seed=0) == "It needs an encoder."


def test_unlabelled_cases_and_topics_seen_once_are_left_out() -> None:
    labels, groups, vectors = forum()
    labels[:12] = [None] * 11 + ["once"]
    found = fit_scope(labels, groups, vectors, false_alarms=0.01, seed=0)
    assert not isinstance(found, str)
    assert (found[1]["n"], found[1]["classes"]) == (228, 19)


def test_five_topics_with_two_groups_each_can_be_fitted() -> None:
    labels, _, vectors = forum(topics=5, n=12)
    groups = [f"{label}-{i % 2}" for i, label in enumerate(labels)]
    assert not isinstance(fit_scope(labels, groups, vectors, false_alarms=0.01, seed=0), str)


def test_no_prototype_is_the_vector_of_one_case() -> None:
    labels, groups, vectors = forum()
    found = fit_scope(labels, groups, vectors, false_alarms=0.01, seed=0)
    assert not isinstance(found, str)
    known = found[0].known
    nearest = (known.project(vectors) @ known.prototypes.T).max(axis=0)
    assert (nearest < 0.9999).all()
    assert len(known.prototypes) <= len(vectors) // 5 + 20


def test_a_classifier_gets_its_scope_or_is_told_why_not() -> None:
    labels, _, vectors = forum()
    cases = [Case(str(i), "t", "b", topic=label) for i, label in enumerate(labels)]
    bare = Classifier(fit_featuriser(["t"], ["b"], None)[0], {}, "some")
    missing: dict[Target, str] = {}
    metrics: dict[Target, dict[str, object]] = {}
    told = with_scope(bare, cases, vectors, 0, missing, metrics)
    assert told.scope is not None
    assert set(metrics) == {Target.SCOPE}
    assert with_scope(bare, cases[:20], vectors, 0, missing, metrics) == bare
    assert set(missing) == {Target.SCOPE}
