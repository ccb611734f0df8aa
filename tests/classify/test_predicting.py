import numpy as np
import pytest

from triage.classify import ABSTAIN_ALWAYS, Classifier, Head, fit_featuriser, soften
from triage.records import Label, Target


def a_classifier(
    target: Target, classes: tuple[str, ...], intercept: list[float], *abstain_below: float
) -> Classifier:
    featuriser, _ = fit_featuriser(["a", "b"], ["c", "d"], None)
    weights = np.zeros((featuriser.width, len(classes)), np.float32)
    bias = np.zeros(len(classes))
    each = abstain_below if len(abstain_below) > 1 else abstain_below * len(classes)
    head = Head(target, classes, weights, np.array(intercept), 1.0, bias, 0.0, each)
    return Classifier(featuriser, {target: head}, None)


def test_a_target_without_a_head_abstains() -> None:
    classifier = a_classifier(Target.KIND, ("bug", "how_to"), [1, 0], 0.5)
    labels = classifier.predict(["t"], ["b"], None)[0]
    assert labels[Target.TOPIC] == Label()
    assert set(labels) == set(Target)


def test_the_best_class_comes_first_and_at_most_three_follow() -> None:
    classifier = a_classifier(Target.SEVERITY, ("1", "2", "3", "4", "5"), [0, 1, 2, 3, 4], 0.1)
    label = classifier.predict(["t"], [""], None)[0][Target.SEVERITY]
    assert label.value == "5"
    assert [name for name, _ in label.alternatives] == ["4", "3", "2"]
    assert label.probability == pytest.approx(0.6364, abs=1e-4)
    assert not label.abstained


def test_a_head_below_its_threshold_answers_and_abstains() -> None:
    classifier = a_classifier(Target.KIND, ("bug", "how_to"), [0, 0.1], 0.9)
    label = classifier.predict(["t"], [""], None)[0][Target.KIND]
    assert label.value == "how_to"
    assert label.abstained


def test_every_label_has_a_threshold_of_its_own() -> None:
    for intercept, value, silent in (([2, 0], "calm", True), ([0, 2], "upset", False)):
        classifier = a_classifier(Target.TONE, ("calm", "upset"), intercept, 0.95, 0.6)
        label = classifier.predict(["t"], [""], None)[0][Target.TONE]
        assert label.value == value
        assert label.probability == pytest.approx(0.8808, abs=1e-4)
        assert label.abstained is silent


def test_a_head_that_may_never_speak_always_abstains() -> None:
    classifier = a_classifier(Target.KIND, ("bug", "how_to"), [0, 900], ABSTAIN_ALWAYS)
    assert classifier.predict(["t"], [""], None)[0][Target.KIND].abstained


def test_difficulty_is_the_probability_of_hard() -> None:
    classifier = a_classifier(Target.DIFFICULTY, ("easy", "hard"), [2, 0], 0.5)
    label = classifier.predict(["t"], [""], None)[0][Target.DIFFICULTY]
    assert label.value == pytest.approx(0.1192, abs=1e-4)
    assert label.probability == pytest.approx(0.8808, abs=1e-4)


def test_a_head_trained_with_vectors_abstains_without_them() -> None:
    vectors = np.eye(2, 3, dtype=np.float32)
    featuriser, _ = fit_featuriser(["a", "b"], ["c", "d"], vectors)
    weights = np.zeros((featuriser.width, 2), np.float32)
    sure, flat = np.array([9.0, 0]), np.zeros(2)
    head = Head(Target.KIND, ("a", "b"), weights, sure, 1.0, flat, 0.0, (0.1, 0.1))
    classifier = Classifier(featuriser, {Target.KIND: head}, "some")
    assert classifier.predict(["t"], [""], None)[0][Target.KIND].abstained
    assert not classifier.predict(["t"], [""], vectors[:1])[0][Target.KIND].abstained


def test_nothing_in_gives_nothing_out() -> None:
    assert a_classifier(Target.KIND, ("a", "b"), [0, 0], 0.5).predict([], [], None) == []


def test_huge_margins_stay_finite() -> None:
    spread = soften(np.array([[1e6, -1e6]]), 0.05, np.zeros(2))
    np.testing.assert_allclose(spread, [[1, 0]])


def test_a_lapse_keeps_every_class_possible_and_the_order() -> None:
    spread = soften(np.array([[1e6, -1e6, 0.0]]), 0.05, np.zeros(3), 0.03)
    assert np.allclose(spread, [[0.98, 0.01, 0.01]])
