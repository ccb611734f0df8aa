import numpy as np
from numpy.typing import NDArray

from triage.learn.heads.calibration import fit_calibration


def make_margins(counts: list[int]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    rng = np.random.default_rng(0)
    truth = np.repeat(np.arange(len(counts)), counts)
    margins = rng.normal(size=(len(truth), len(counts))) * 0.4 - 1
    margins[np.arange(len(truth)), truth] += 1.2
    return margins, truth


def test_many_classes_of_even_size_are_guessed_as_by_their_margins() -> None:
    margins, truth = make_margins([10] * 40)
    found = fit_calibration(margins, truth)
    assert np.abs(found.bias).max() < 0.3
    kept = found.probabilities(margins).argmax(axis=1) == margins.argmax(axis=1)
    assert kept.mean() > 0.97


def test_a_rare_class_that_margins_shy_from_is_helped() -> None:
    margins, truth = make_margins([300, 300, 30])
    margins[:, 2] -= 1.0
    found = fit_calibration(margins, truth)
    assert found.bias[2] > found.bias[:2].max() + 0.5
    told = found.probabilities(margins)[:, 2].sum()
    assert 15 < told < 45


def test_a_class_without_a_case_is_unlikely() -> None:
    margins, truth = make_margins([50, 50])
    margins = np.column_stack([margins, np.full(100, -1.0)])
    assert fit_calibration(margins, truth).probabilities(margins)[:, 2].mean() < 0.1
