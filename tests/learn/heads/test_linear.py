import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse

from triage.learn.heads import linear, machines, solving
from triage.learn.heads.likeness import likeness_of
from triage.learn.heads.linear import Linear, LinearOptions, Margins, fit_machine, fit_ridge
from triage.learn.heads.machines import Task, fit_machines
from triage.learn.heads.solving import fit_linears


def make_rows(n: int, classes: int, seed: int = 0) -> tuple[sparse.csr_matrix, NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    truth = rng.integers(classes, size=n)
    dense = rng.normal(size=(n, 12)).astype(np.float32)
    dense[np.arange(n), truth] += 3
    return sparse.csr_matrix(dense), truth


def test_each_fold_is_judged_by_a_model_that_never_saw_it() -> None:
    rows, _ = make_rows(60, 3)
    # As many of each class in every fold: what a class weighs is the same without any of them.
    truth, fold_of = np.arange(60) % 3, np.arange(60) // 3 % 5
    _, margins = fit_ridge(rows, truth, fold_of, 3, LinearOptions())
    for fold in range(5):
        rest = fold_of != fold
        zeros = np.zeros(int(rest.sum()), dtype=np.int64)
        alone, _ = fit_ridge(rows[rest], truth[rest], zeros, 3, LinearOptions())
        np.testing.assert_allclose(alone.margins(rows[~rest]), margins[~rest], atol=1e-4)


def test_a_rare_class_weighs_as_much_as_a_common_one() -> None:
    rng = np.random.default_rng(4)
    truth = (np.arange(300) % 20 == 0).astype(np.int64)
    rows = sparse.csr_matrix(rng.normal(size=(300, 6)) + 1.2 * truth[:, None])
    fold_of = np.arange(300) // 20 % 5
    _, margins = fit_ridge(rows, truth, fold_of, 2, LinearOptions())
    guess = margins.argmax(axis=1)
    found = [float((guess[truth == name] == name).mean()) for name in (0, 1)]
    assert min(found) > 0.8
    assert abs(found[0] - found[1]) < 0.15


def fit_one(
    rows: sparse.csr_matrix, task: Task, few: int, many: int, patch: pytest.MonkeyPatch
) -> tuple[Linear, Margins]:
    """Fit by the solver that takes a task between these numbers of cases."""
    patch.setattr(linear, "FEW", few)
    patch.setattr(solving, "MANY", many)
    (found,) = fit_linears(rows, [task], LinearOptions(workers=1), lambda _: None)
    return found


SOLVERS = pytest.mark.parametrize(("few", "many"), [(2_000, 16_000), (0, 16_000), (0, 0)])


@SOLVERS
def test_few_many_and_very_many_cases_are_learnt_alike(
    few: int, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, truth = make_rows(120, 4)
    task = Task(np.arange(120), truth, np.arange(120) % 5, 4)
    model, margins = fit_one(rows, task, few, many, monkeypatch)
    assert (model.margins(rows).argmax(axis=1) == truth).mean() > 0.9
    assert (margins.argmax(axis=1) == truth).mean() > 0.9


@SOLVERS
def test_a_class_that_a_fold_never_saw_is_not_guessed(
    few: int, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, truth = make_rows(60, 3)
    fold_of = np.where(truth == 2, 0, np.arange(60) % 4 + 1)
    task = Task(np.arange(60), truth, fold_of, 3)
    _, margins = fit_one(rows, task, few, many, monkeypatch)
    assert (margins[fold_of == 0].argmax(axis=1) != 2).all()


@SOLVERS
def test_where_a_fold_saw_one_class_alone_that_is_guessed(
    few: int, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, truth = make_rows(60, 2)
    task = Task(np.arange(60), truth, truth, 2)
    _, margins = fit_one(rows, task, few, many, monkeypatch)
    assert (margins.argmax(axis=1) != truth).all()


def test_likenesses_are_inner_products_and_one() -> None:
    dense = np.random.default_rng(0).normal(size=(1_100, 40)).astype(np.float32)
    dense[:, 20:] *= np.random.default_rng(1).random((1_100, 20)) < 0.01
    found = likeness_of(sparse.csr_matrix(dense))
    np.testing.assert_allclose(found, dense @ dense.T + 1, atol=1e-4)
    np.testing.assert_allclose(found, found.T, atol=1e-5)


@pytest.mark.parametrize("classes", [2, 4])
def test_machines_of_all_folds_are_what_each_would_be_alone(
    classes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machines, "_TOLERANCE", 1e-4)
    monkeypatch.setattr(linear, "_TOLERANCE", 1e-3)
    monkeypatch.setattr(machines, "_TOGETHER", 7)
    rows, truth = make_rows(150, classes)
    rows = rows * np.float32(0.3)
    fold_of = np.arange(150) % 3
    places = np.arange(0, 300, 2)
    table = sparse.csr_matrix((300, 12), dtype=np.float32).tolil()
    table[places] = rows
    task = Task(places, truth, fold_of, classes)
    found, twice = fit_machines(likeness_of(table.tocsr()), [task, task], 0.5, 0, lambda _: None)
    np.testing.assert_allclose(found.margins, twice.margins, atol=1e-3)
    for fold in range(3):
        rest = fold_of != fold
        alone = fit_machine(rows[rest], truth[rest], classes, LinearOptions())
        np.testing.assert_allclose(found.margins[~rest], alone.margins(rows[~rest]), atol=0.02)
    whole = fit_machine(rows, truth, classes, LinearOptions())
    np.testing.assert_allclose(rows.T @ found.duals[places], whole.weights, atol=0.02)


def test_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machines, "_TOGETHER", 4)
    rows, truth = make_rows(130, 3)
    likeness = likeness_of(rows, workers=2)
    task = Task(np.arange(130), truth, np.arange(130) % 5, 3)
    one, two = (
        fit_machines(likeness, [task], 0.5, 0, lambda _: None, workers)[0] for workers in (1, 2)
    )
    np.testing.assert_array_equal(one.duals, two.duals)
    np.testing.assert_array_equal(one.margins, two.margins)


def test_heads_that_share_cases_are_learnt_as_by_themselves() -> None:
    rows, truth = make_rows(90, 3)
    fold_of = np.arange(90) % 5
    whole = Task(np.arange(90), truth, fold_of, 3)
    part = Task(np.arange(60), truth[:60], fold_of[:60], 3)
    together = fit_linears(rows, [whole, part, whole], LinearOptions(), lambda _: None)
    for task, (model, margins) in zip([whole, part, whole], together, strict=True):
        ((alone, left_out),) = fit_linears(rows, [task], LinearOptions(), lambda _: None)
        np.testing.assert_allclose(model.weights, alone.weights, atol=1e-4)
        np.testing.assert_allclose(margins, left_out, atol=1e-4)


def test_all_cases_in_one_fold_say_nothing_of_each_other() -> None:
    rows, truth = make_rows(30, 2)
    _, margins = fit_ridge(rows, truth, np.zeros(30, dtype=np.int64), 2, LinearOptions())
    np.testing.assert_allclose(margins, 0, atol=1e-9)
