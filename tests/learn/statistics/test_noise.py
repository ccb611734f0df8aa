import numpy as np

from triage.learn.statistics.noise import calibration_floor
from triage.learn.statistics.scores import expected_calibration_error


def test_one_of_twenty_calibrated_models_lies_above_the_floor() -> None:
    rng = np.random.default_rng(1)
    confidence = rng.beta(5, 1, 400)
    floor = calibration_floor(confidence)
    errors = [
        expected_calibration_error(confidence, rng.random(400) < confidence) for _ in range(400)
    ]
    assert 0.02 < float(np.mean(np.array(errors) > floor)) < 0.09


def test_more_cases_lower_the_floor() -> None:
    rng = np.random.default_rng(2)
    few, many = rng.beta(5, 1, 100), rng.beta(5, 1, 5000)
    assert calibration_floor(many) < calibration_floor(few) / 4


def test_an_overconfident_model_lies_far_above_it() -> None:
    confidence = np.full(500, 0.95)
    wrong = expected_calibration_error(confidence, np.random.default_rng(3).random(500) < 0.8)
    assert wrong > 2 * calibration_floor(confidence)


def test_who_is_always_certain_leaves_nothing_to_chance() -> None:
    assert calibration_floor(np.ones(30)) == 0


def test_a_single_case_has_a_floor() -> None:
    assert 0 <= calibration_floor(np.array([0.7])) <= 1


def test_the_same_seed_gives_the_same_floor() -> None:
    confidence = np.linspace(0.5, 0.99, 64)
    assert calibration_floor(confidence, seed=4) == calibration_floor(confidence, seed=4)
