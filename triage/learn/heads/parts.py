"""More cases than are compared each with each -> linear models, fitted column by column.

In: rows, places of a head's cases, their classes and folds. Out: one linear model over all cases,
and margins of every case from a model that had not seen it.

Each fold is a part that is learnt from once, and what is served is the mean of the parts' weights
(Zhang, Duchi and Wainwright, "Communication-efficient algorithms for statistical optimization",
2013); a case is judged by the mean of the other parts'. So no case is learnt from more than once,
none is left out, and the memory is that of one part for each worker process. A class of few cases
would have too few in each part: its machines learn from all of them, against as many of the others
as a part has.
Not here: the machine (linear), some thousand cases (machines), and who is fitted by what (solving).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy import sparse

from triage.learn.heads.linear import Linear, LinearOptions, Margins, Places, fit_machine
from triage.learn.heads.machines import Task

# Fewer cases of a class in a part cost right guesses of that class.
_LEAST_OF_A_CLASS = 100
# A part of more would take a worker more than about two gigabytes.
_MOST_OF_A_PART = 50_000
_FOLDS_OF_MANY = 3
# Below this many filled (case, column) pairs, times classes, starting worker processes costs more
# than it saves.
_WORTH_SHARING = 100_000_000


@dataclass(frozen=True, slots=True, eq=False)
class _Lesson:
    """What one fit learns from: places among the head's cases, their classes, and how many."""

    places: Places
    truth: Places
    classes: int


def folds_of_many(n: int, wanted: int) -> int:
    """Return in how many parts so many cases are dealt: the fewer, the more each of them knows."""
    return max(min(wanted, _FOLDS_OF_MANY), -(-n // _MOST_OF_A_PART))


def fit_in_parts(
    rows: sparse.csr_matrix, task: Task, options: LinearOptions
) -> tuple[Linear, Margins]:
    """Return the mean of all parts, and what the mean of the others says of each.

    What no other part has seen has a margin of -1 there.
    """
    folds = np.unique(task.fold_of)
    parts = [np.flatnonzero(task.fold_of == fold) for fold in folds]
    lessons = [_Lesson(part, task.truth[part], task.classes) for part in parts]
    rng = np.random.default_rng(options.seed)
    few = list(_batches(task, len(parts)))
    left_out = [*folds.tolist(), None]
    lessons += [_of_rare(task, some, fold, len(parts), rng) for fold in left_out for some in few]
    fitted = _fit_all(rows, task, lessons, options)
    knows = np.stack([np.bincount(task.truth[p], minlength=task.classes) > 0 for p in parts])
    models: list[Linear] = []
    for number, fold in enumerate(left_out):
        taken = np.array([fold is None or fold != other for other in folds])
        model = _mean(fitted[: len(parts)], knows & taken[:, None])
        begin = len(parts) + number * len(few)
        for some, own in zip(few, fitted[begin : begin + len(few)], strict=True):
            model.weights[:, some] = own.weights[:, : len(some)]
            model.intercept[some] = own.intercept[: len(some)]
        models.append(model)
    return models[-1], _judge(rows, task, folds, models[:-1])


def _fit_all(
    rows: sparse.csr_matrix, task: Task, lessons: Sequence[_Lesson], options: LinearOptions
) -> list[Linear]:
    filled = rows.nnz / max(1, rows.shape[0]) * len(task.places)
    workers = options.workers if filled * task.classes >= _WORTH_SHARING else 1
    # One at a time is copied for each process: copies in waiting would double the memory.
    found: list[Linear] = Parallel(n_jobs=workers, pre_dispatch=workers, batch_size=1)(
        delayed(fit_machine)(rows[task.places[one.places]], one.truth, one.classes, options)
        for one in lessons
    )
    return found


def _judge(rows: sparse.csr_matrix, task: Task, folds: Places, models: Sequence[Linear]) -> Margins:
    margins = np.empty((len(task.truth), task.classes))
    for fold, model in zip(folds, models, strict=True):
        inside = task.fold_of == fold
        margins[inside] = model.margins(rows[task.places[inside]])
    return margins


def _batches(task: Task, parts: int) -> Iterator[Places]:
    """Yield the rare classes, so many together that their cases are no more than a part."""
    counts = np.bincount(task.truth, minlength=task.classes)
    rare = np.flatnonzero((counts > 0) & (counts < _LEAST_OF_A_CLASS * parts))
    batch = np.cumsum(counts[rare]) // max(1, len(task.truth) // parts)
    for number in np.unique(batch):
        yield rare[batch == number]


def _of_rare(
    task: Task, classes: Places, fold: int | None, parts: int, rng: np.random.Generator
) -> _Lesson:
    """Return all cases of these classes outside a fold, and some others, which are one class."""
    told = np.full(task.classes, len(classes))
    told[classes] = np.arange(len(classes))
    truth = told[task.truth]
    kept = (truth < len(classes)) | (rng.random(len(truth)) < 1 / parts)
    places = np.flatnonzero(kept if fold is None else kept & (task.fold_of != fold))
    return _Lesson(places, truth[places], len(classes) + 1)


def _mean(models: Sequence[Linear], counted: NDArray[np.bool_]) -> Linear:
    """Return the mean weights of each class over the models that count for it."""
    shares = counted / np.maximum(1, counted.sum(axis=0))
    weights = np.zeros_like(models[0].weights)
    intercept = np.where(counted.any(axis=0), 0.0, -1.0)
    for model, share in zip(models, shares, strict=True):
        weights += model.weights * share.astype(np.float32)
        intercept += model.intercept * share
    return Linear(weights, intercept)
