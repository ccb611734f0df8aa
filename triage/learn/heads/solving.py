"""What all heads of a forum are to learn -> their linear models, each by the solver that suits.

In: rows of features and one Task per head. Out: for each the model of all its cases, and each
case's margins by a model that had not seen it. What is worked out between cases, their likenesses,
is worked out once for all heads that share the cases.
Not here: the solvers (linear, machines, parts).
"""

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from triage.learn.heads import linear
from triage.learn.heads.likeness import likeness_of
from triage.learn.heads.linear import Linear, LinearOptions, Margins, Places
from triage.learn.heads.machines import Task, fit_machines
from triage.learn.heads.parts import fit_in_parts, folds_of_many
from triage.learn.heads.side_by_side import Heard

# Cases up to which they are compared each with each: a gigabyte.
MANY = 16_000

Solved = tuple[Linear, Margins]


def folds_for(n: int, wanted: int) -> int:
    """Return in how many folds the cases of a head are dealt, were so many wanted."""
    return wanted if n <= MANY else folds_of_many(n, wanted)


def fit_linears(
    rows: sparse.csr_matrix, tasks: Sequence[Task], options: LinearOptions, heard: Heard
) -> list[Solved]:
    """Fit every task; `heard` is told how far it is, and may raise."""
    found: dict[int, Solved] = {}
    for numbers, places in _sharing(tasks):
        some = [tasks[number] for number in numbers]
        if len(places) > MANY:
            solved = [_fit_parts(rows, task, options, heard) for task in some]
        else:
            solved = _fit_beside(rows, some, places, options, heard)
        found.update(zip(numbers, solved, strict=True))
    return [found[number] for number in range(len(tasks))]


def _sharing(tasks: Sequence[Task]) -> list[tuple[list[int], Places]]:
    """Put tasks together where comparing all their cases at once costs less than one by one."""
    shared: list[tuple[list[int], Places]] = []
    for number, task in enumerate(tasks):
        for at, (numbers, places) in enumerate(shared):
            both = np.union1d(places, task.places)
            if len(both) <= MANY and len(both) ** 2 <= len(places) ** 2 + len(task.places) ** 2:
                shared[at] = ([*numbers, number], both)
                break
        else:
            shared.append(([number], np.unique(task.places)))
    return shared


def _fit_parts(rows: sparse.csr_matrix, task: Task, options: LinearOptions, heard: Heard) -> Solved:
    heard(f"one of {len(task.places)} cases and {task.classes} classes, in parts")
    return fit_in_parts(rows, task, options)


def _fit_beside(
    rows: sparse.csr_matrix,
    tasks: Sequence[Task],
    places: Places,
    options: LinearOptions,
    heard: Heard,
) -> list[Solved]:
    # In a random order, since files often hold one class after another.
    places = np.random.default_rng(options.seed).permutation(places)
    heard(f"{len(places)} cases are compared each with each")
    shared = rows[places]
    likeness = likeness_of(shared, options.workers)
    at = np.full(rows.shape[0], -1)
    at[places] = np.arange(len(places))
    moved = [Task(at[t.places], t.truth, t.fold_of, t.classes) for t in tasks]
    found: dict[int, Solved] = {}
    for number, task in enumerate(moved):
        if len(task.places) <= linear.FEW:
            own = likeness[np.ix_(task.places, task.places)]
            told = task.truth, task.fold_of, task.classes, options, own
            found[number] = linear.fit_ridge(shared[task.places], *told)
    many = [number for number in range(len(moved)) if number not in found]
    how = options.strength, options.seed, heard, options.workers
    fitted = fit_machines(likeness, [moved[number] for number in many], *how)
    for number, one in zip(many, fitted, strict=True):
        weights = np.asarray(shared.T @ one.duals, dtype=np.float32)
        intercept = one.duals.sum(axis=0, dtype=np.float64)
        found[number] = Linear(weights, intercept), one.margins.astype(np.float64)
    return [found[number] for number in range(len(moved))]
