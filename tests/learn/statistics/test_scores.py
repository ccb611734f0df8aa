import numpy as np
import pytest
from sklearn.metrics import f1_score, roc_auc_score

from triage.learn.statistics.scores import (
    accuracy,
    expected_calibration_error,
    macro_f1,
    outside_recall,
    per_class,
    precision_threshold,
    separation,
    told_surely,
)

TRUTH = ["a", "a", "a", "b", "b", "c"]
GUESS = ["a", "a", "b", "b", "c", "a"]


def test_macro_f1_is_the_plain_mean_over_classes() -> None:
    table = per_class(TRUTH, GUESS)
    assert macro_f1(table) == pytest.approx(f1_score(TRUTH, GUESS, average="macro"))
    assert table["a"] == {"precision": 2 / 3, "recall": 2 / 3, "f1": 2 / 3, "n": 3}
    assert accuracy(TRUTH, GUESS) == 0.5


def test_a_class_that_is_only_guessed_counts_nothing() -> None:
    assert per_class(["a"], ["b"])["b"] == {"precision": 0, "recall": 0, "f1": 0, "n": 0}


def test_what_is_told_surely_is_judged_by_its_worst_label_too() -> None:
    found = told_surely(["a", "a", "b"], ["a", "a", "a"], 6)
    assert found == {"coverage": 0.5, "precision": 2 / 3, "worst_precision": 2 / 3}
    assert told_surely(["a", "b", "b"], ["a", "b", "a"], 3)["worst_precision"] == 0.5
    assert told_surely([], [], 4) == {"coverage": 0, "precision": None, "worst_precision": None}


def test_perfect_calibration_has_no_error() -> None:
    confidence = np.full(100, 0.7)
    assert expected_calibration_error(confidence, np.arange(100) % 10 < 7, 1) < 1e-9


def test_overconfidence_is_the_gap() -> None:
    confidence = np.full(300, 0.9)
    right = np.tile([True, False], 150)
    assert expected_calibration_error(confidence, right) == pytest.approx(0.4, abs=0.03)


def test_the_threshold_is_the_lowest_that_is_precise_enough() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    right = np.array([True, True, False, True, False])
    assert precision_threshold(confidence, right, 0.75, least=1) == 0.6
    assert precision_threshold(confidence, right, 1.0, least=1) == 0.8


def test_no_precise_confidence_gives_no_threshold() -> None:
    confidence = np.linspace(0.1, 0.9, 9)
    assert precision_threshold(confidence, np.zeros(9, dtype=bool), 0.5) is None


def test_one_lucky_guess_sets_no_threshold() -> None:
    confidence = np.linspace(0.1, 0.9, 9)
    assert precision_threshold(confidence, confidence == 0.9, 0.8) is None


def test_equal_confidences_stand_or_fall_together() -> None:
    confidence = np.array([0.5, 0.5, 0.5, 0.5])
    right = np.array([True, False, False, False])
    assert precision_threshold(confidence, right, 0.9, least=1) is None


def test_separation_is_the_area_under_the_curve() -> None:
    rng = np.random.default_rng(0)
    inside, outside = rng.integers(3, 10, 50) / 10, rng.integers(0, 7, 30) / 10
    wanted = roc_auc_score([1] * 50 + [0] * 30, np.concatenate([inside, outside]))
    assert separation(inside, outside) == pytest.approx(wanted)


def test_out_of_scope_is_caught_at_four_false_alarms_in_a_hundred() -> None:
    inside = np.arange(100) / 100
    outside = np.array([0.0, 0.03, 0.039, 0.5])
    assert outside_recall(inside, outside) == 0.75
