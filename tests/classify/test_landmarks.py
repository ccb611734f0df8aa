import time

import numpy as np
from numpy.typing import NDArray

from triage.classify import Origin, fit_featuriser
from triage.classify.landmarks import fit_landmarks
from triage.learn.heads.fitting import FitOptions, fit_classifier
from triage.records import Case, Target

Vectors = NDArray[np.float32]


def around(places: list[int], each: int, width: int = 16) -> tuple[Vectors, list[int]]:
    """Return unit rows scattered about so many degrees of a circle, and whose place each is."""
    rng = np.random.default_rng(0)
    angles = np.deg2rad(np.repeat(places, each) + rng.normal(0, 4, len(places) * each))
    rows = np.zeros((len(angles), width), dtype=np.float32)
    rows[:, 0], rows[:, 1] = np.cos(angles), np.sin(angles)
    return rows, np.repeat(np.arange(len(places)), each).tolist()


def each_of_its_own(count: int) -> list[str]:
    return [str(i) for i in range(count)]


def test_a_label_that_stands_between_two_of_another_is_learnt() -> None:
    rows, place_of = around([0, 50, 100, 150], 15)
    cases = [
        Case(str(i), "words", "", kind="bug" if place % 2 else "how_to")
        for i, place in enumerate(place_of)
    ]
    options = FitOptions(targets=(Target.KIND,), scope=False)
    report = fit_classifier(cases, rows, "some", options, lambda _: None)
    assert report.metrics[Target.KIND]["accuracy"] > 0.95


def test_what_two_persons_asked_is_no_landmark() -> None:
    rows, place_of = around([0, 90], 10)
    writers = [f"{place}{i % 2}" if place else str(i) for i, place in enumerate(place_of)]
    landmarks = fit_landmarks(rows, writers)
    assert landmarks is not None
    assert np.all(landmarks.centres[:, 0] > 0.9)
    assert fit_landmarks(rows, ["a", "b"] * 10) is None


def test_no_landmark_is_the_row_of_one_question() -> None:
    rows, _ = around([0, 90, 180], 20)
    landmarks = fit_landmarks(rows, each_of_its_own(60))
    assert landmarks is not None
    assert (landmarks.centres @ rows.T).max() < 1 - 1e-7
    assert len(landmarks.centres) <= 60 // 3


def test_columns_multiply_to_how_near_two_questions_are() -> None:
    rows, place_of = around([0, 60, 120], 20)
    landmarks = fit_landmarks(rows, each_of_its_own(60))
    assert landmarks is not None
    columns = landmarks.rows(rows)
    likeness = columns @ columns.T
    same = np.equal.outer(place_of, place_of)
    assert likeness[same].min() > 0.5
    assert likeness[~same].max() < 0.1


def test_a_question_without_a_meaning_is_near_nothing() -> None:
    rows, _ = around([0, 60], 20)
    landmarks = fit_landmarks(rows, each_of_its_own(40))
    assert landmarks is not None
    assert not landmarks.rows(np.zeros((2, 16), np.float32)).any()


def test_few_questions_have_no_landmarks() -> None:
    rows, _ = around([0], 4)
    assert fit_landmarks(rows, each_of_its_own(4)) is None
    featuriser, made = fit_featuriser(["a"] * 4, [""] * 4, rows)
    assert featuriser.landmarks is None
    assert made.shape == (4, featuriser.width)


def test_landmarks_are_told_as_meaning() -> None:
    rows, _ = around([0, 60, 120], 20)
    featuriser, made = fit_featuriser(["a"] * 60, [""] * 60, rows)
    assert featuriser.landmarks is not None
    (meaning,) = [b for b in featuriser.blocks if b.origin is Origin.MEANING]
    assert meaning.stop - meaning.start == 16 + featuriser.landmarks.width
    assert featuriser.blocks[-1].stop == featuriser.width == made.shape[1]


def test_many_questions_gather_in_good_time() -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(30_000, 32)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    began = time.process_time()
    landmarks = fit_landmarks(rows, each_of_its_own(30_000))
    assert landmarks is not None
    assert landmarks.width <= 1_024
    assert 30_000 * landmarks.width <= 20_000_000
    assert time.process_time() - began < 20
