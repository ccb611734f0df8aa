import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse

from triage.learn.heads import parts
from triage.learn.heads.linear import LinearOptions, fit_machine
from triage.learn.heads.machines import Task
from triage.learn.heads.parts import fit_in_parts, folds_of_many

OPTIONS = LinearOptions(workers=1)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_LEAST_OF_A_CLASS", 5)


def make_task(n: int, classes: int, folds: int = 4) -> tuple[sparse.csr_matrix, Task]:
    rng = np.random.default_rng(0)
    truth = rng.integers(classes, size=n)
    dense = rng.normal(size=(n, 12)).astype(np.float32)
    dense[np.arange(n), truth] += 3
    task = Task(np.arange(n), truth, np.arange(n) % folds, classes)
    return sparse.csr_matrix(dense), task


def guesses(margins: NDArray[np.float64]) -> NDArray[np.int64]:
    return margins.argmax(axis=1)


def test_the_model_is_the_mean_of_its_parts() -> None:
    rows, task = make_task(400, 3)
    whole, margins = fit_in_parts(rows, task, OPTIONS)
    by_part = [
        fit_machine(rows[task.fold_of == f], task.truth[task.fold_of == f], 3, OPTIONS)
        for f in range(4)
    ]
    mean = np.mean([model.weights for model in by_part], axis=0)
    np.testing.assert_allclose(whole.weights, mean, atol=1e-6)
    others = np.mean([by_part[f].margins(rows[task.fold_of == 0]) for f in (1, 2, 3)], axis=0)
    np.testing.assert_allclose(margins[task.fold_of == 0], others, atol=1e-5)
    assert (guesses(margins) == task.truth).mean() > 0.9


def test_a_part_never_judges_its_own_cases() -> None:
    rows, task = make_task(400, 3)
    wrong = task.truth.copy()
    wrong[task.fold_of == 1] = (wrong[task.fold_of == 1] + 1) % 3
    _, before = fit_in_parts(rows, task, OPTIONS)
    _, after = fit_in_parts(rows, Task(task.places, wrong, task.fold_of, 3), OPTIONS)
    inside = task.fold_of == 1
    np.testing.assert_array_equal(before[inside], after[inside])
    assert np.abs(before[~inside] - after[~inside]).max() > 0.1


def with_rare_class(fold_of_rare: list[int]) -> tuple[sparse.csr_matrix, Task]:
    rows, task = make_task(400, 3)
    dense = rows.toarray()
    rare = np.array([np.flatnonzero(task.fold_of == f)[i] for i, f in enumerate(fold_of_rare)])
    dense[rare] *= 0.3
    dense[rare, 8] += 3
    truth = task.truth.copy()
    truth[rare] = 3
    return sparse.csr_matrix(dense), Task(task.places, truth, task.fold_of, 4)


def test_a_rare_class_is_learnt_from_all_of_its_cases() -> None:
    rows, task = with_rare_class([0, 1, 2, 3] * 2)
    whole, margins = fit_in_parts(rows, task, OPTIONS)
    rare = task.truth == 3
    assert (guesses(margins[rare]) == 3).mean() > 0.7
    assert (guesses(whole.margins(rows)[rare]) == 3).all()
    assert (guesses(margins[~rare]) == task.truth[~rare]).mean() > 0.9


def test_a_rare_class_of_one_fold_is_unknown_to_what_judges_it() -> None:
    rows, task = with_rare_class([0, 0, 0])
    whole, margins = fit_in_parts(rows, task, OPTIONS)
    np.testing.assert_allclose(margins[task.fold_of == 0, 3], -1)
    assert np.abs(whole.weights[:, 3]).max() > 0


def test_classes_that_are_all_rare_are_learnt_some_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parts, "_LEAST_OF_A_CLASS", 1_000)
    seen: list[int] = []
    real = parts.fit_machine
    monkeypatch.setattr(
        parts, "fit_machine", lambda r, *a: (seen.append(r.shape[0]), real(r, *a))[1]
    )
    rows, task = make_task(400, 8)
    _, margins = fit_in_parts(rows, task, OPTIONS)
    assert (guesses(margins) == task.truth).mean() > 0.8
    assert max(seen) < 300


def test_some_cases_of_a_table_are_learnt_as_if_they_stood_alone() -> None:
    rows, task = make_task(300, 3)
    table = sparse.vstack([rows[:7] * 0, rows]).tocsr()
    moved = Task(task.places + 7, task.truth, task.fold_of, 3)
    whole, margins = fit_in_parts(rows, task, OPTIONS)
    elsewhere, told = fit_in_parts(table, moved, OPTIONS)
    np.testing.assert_array_equal(whole.weights, elsewhere.weights)
    np.testing.assert_array_equal(margins, told)


def test_one_fold_of_all_says_nothing_of_them() -> None:
    rows, task = make_task(200, 3)
    _, margins = fit_in_parts(rows, Task(task.places, task.truth, task.fold_of * 0, 3), OPTIONS)
    np.testing.assert_array_equal(margins, -1)


def test_very_many_cases_have_more_parts_and_never_larger_ones() -> None:
    assert [folds_of_many(n, 5) for n in (20_000, 150_000, 150_001, 200_000)] == [3, 3, 4, 4]
    assert folds_of_many(20_000, 2) == 2
