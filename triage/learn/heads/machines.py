"""Likenesses of cases -> support vector machines of many heads, classes and folds at once.

In: how alike the cases are, and for each head its cases, classes and folds. Out: for each head one
weight per case and class, and every case's margins from machines that had not seen it.

One machine per class tells it from the rest, with squared hinge loss: for each case a weight, its
dual, is fitted in turn (Hsieh et al., "A dual coordinate descent method for large-scale linear
SVM", 2008), of all machines together, since what costs is going through the likenesses. The duals
of a machine that few cases bear are then solved for exactly (Chapelle, "Training a support vector
machine in the primal", 2007), and gone through once more.
Not here: likenesses (likeness), weights per column and which solver is taken (linear).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from triage.learn.heads.likeness import Likeness
from triage.learn.heads.side_by_side import Heard, run_jobs

Floats = NDArray[np.float32]
Places = NDArray[np.int64]

_TOLERANCE = 0.1
_PASSES = 10  # contradictory labels take longer, to no better a probability
_AT_ONCE = 96  # cases whose margins are worked out together
_TOGETHER = 300  # machines that are fitted together: bounds the memory
_PLAIN = 3  # passes until it is roughly known which cases bear a machine
_FEW_BEAR = 700
_TRIES = 4


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What a head learns: the places of its cases, each one's class and fold."""

    places: Places
    truth: Places
    fold_of: Places
    classes: int


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A head's duals, one per case of the table and class, and the margins of its unseen cases."""

    duals: Floats
    margins: Floats


@dataclass(frozen=True, slots=True)
class _Machine:
    """One class against the others, learnt outside a fold (None: from all); `mirrored` is the
    other one of two classes.
    """

    task: int
    fold: int | None
    name: int
    mirrored: int | None = None


def fit_machines(
    likeness: Likeness,
    tasks: Sequence[Task],
    strength: float,
    seed: int,
    heard: Heard,
    workers: int = 1,
) -> list[Fitted]:
    """Fit all tasks in so many threads; `heard` is told how far it is, and may raise.

    A class that a fold's machines never saw has a margin of -1 there.
    """
    n = len(likeness)
    found = [Fitted(np.zeros((n, t.classes), np.float32), _unlearnt(t)) for t in tasks]
    machines = [m for number, task in enumerate(tasks) for m in _machines(number, task)]

    def fit(some: Sequence[_Machine], told: Heard) -> None:
        wanted = np.stack([_wanted(n, tasks[m.task], m) for m in some], axis=1)
        duals = _solve(likeness, wanted, np.float32(0.5 / strength), seed, told)
        margins = likeness @ duals
        for column, m in enumerate(some):
            _enter(tasks[m.task], m, duals[:, column], margins[:, column], found[m.task])

    # Every so many machines, not each in turn: those of one head take about equally long.
    parts = -(-len(machines) // _TOGETHER)
    run_jobs([partial(fit, machines[part::parts]) for part in range(parts)], workers, heard)
    return found


def _machines(number: int, task: Task) -> Iterator[_Machine]:
    """Yield the machines of a task: of each fold, and of the whole."""
    for fold in (*np.unique(task.fold_of).tolist(), None):
        present = np.unique(task.truth[task.fold_of != fold] if fold is not None else task.truth)
        if len(present) == 2:
            yield _Machine(number, fold, int(present[1]), int(present[0]))
        elif len(present) > 2:
            yield from (_Machine(number, fold, int(name)) for name in present)


def _unlearnt(task: Task) -> Floats:
    """Return what is said of cases whose fold's machines saw too little: no, or the one class."""
    margins = np.full((len(task.places), task.classes), -1.0, np.float32)
    for fold in np.unique(task.fold_of):
        present = np.unique(task.truth[task.fold_of != fold])
        if len(present) == 1:
            margins[task.fold_of == fold, present[0]] = 1.0
    return margins


def _wanted(n: int, task: Task, machine: _Machine) -> Floats:
    """Return for each case of the table 1, -1, or 0 where the machine does not learn from it."""
    wanted = np.zeros(n, dtype=np.float32)
    wanted[task.places] = np.where(task.truth == machine.name, 1, -1)
    if machine.fold is not None:
        wanted[task.places[task.fold_of == machine.fold]] = 0
    return wanted


def _enter(task: Task, machine: _Machine, dual: Floats, margin: Floats, found: Fitted) -> None:
    inside = task.fold_of == machine.fold
    for name, sign in ((machine.name, 1), (machine.mirrored, -1)):
        if name is not None and machine.fold is None:
            found.duals[:, name] = sign * dual
        elif name is not None:
            found.margins[inside, name] = sign * margin[task.places[inside]]


def _solve(
    likeness: Likeness, wanted: Floats, slack: np.float32, seed: int, heard: Heard
) -> Floats:
    """Return the duals of each machine, one per case, signed as the case is wanted."""
    rng = np.random.default_rng(seed)
    found, duals = np.zeros_like(wanted), np.zeros_like(wanted)
    left = np.arange(wanted.shape[1])
    for number in range(_PASSES):
        moved = _pass(likeness, wanted, duals, slack, rng)
        done = moved < _TOLERANCE
        found[:, left[done]] = duals[:, done]
        left, wanted, duals = left[~done], _some(wanted, ~done), _some(duals, ~done)
        if not len(left):
            break
        heard(f"pass {number + 1}: {len(left)} of {found.shape[1]} machines are left")
        if number + 1 >= _PLAIN:
            for column in range(len(left)):
                _settle(likeness, wanted[:, column], duals[:, column], slack)
    found[:, left] = duals
    return found


def _some(table: Floats, kept: NDArray[np.bool_]) -> Floats:
    return table if kept.all() else np.ascontiguousarray(table[:, kept])


def _pass(
    likeness: Likeness,
    wanted: Floats,
    duals: Floats,
    slack: np.float32,
    rng: np.random.Generator,
) -> Floats:
    """Fit every case's dual in turn; return how far from its best any was, by machine."""
    n, machines = wanted.shape
    furthest = np.zeros(machines, dtype=np.float32)
    for start in rng.permutation(np.arange(0, n, _AT_ONCE)):
        here = slice(start, min(n, start + _AT_ONCE))
        margins = likeness[here] @ duals
        moved = _visit(likeness[here, here], wanted[here], duals[here], margins, slack)
        np.maximum(furthest, moved, out=furthest)
    return furthest


def _visit(
    likeness: Likeness, wanted: Floats, duals: Floats, margins: Floats, slack: np.float32
) -> Floats:
    """Fit the duals of a few cases, one after another; `margins` are theirs before that."""
    moves = np.zeros_like(margins)
    curved = likeness.diagonal() + slack
    for i, (margin, sign, dual) in enumerate(zip(margins, wanted, duals, strict=True)):
        margin += likeness[i, :i] @ moves[:i]
        best = dual - (margin + slack * dual - sign) / curved[i]
        best *= sign  # a dual has the sign that is wanted of its case, or is zero
        np.maximum(best, 0, out=best)
        best *= sign
        np.subtract(best, dual, out=moves[i])
        dual[:] = best
    furthest: Floats = (np.abs(moves) * curved[:, None]).max(axis=0)
    return furthest


def _settle(likeness: Likeness, wanted: Floats, duals: Floats, slack: np.float32) -> None:
    """Solve for the duals that are not zero, should they be few, and those that need not be."""
    bearing = np.flatnonzero(duals)
    if not 0 < len(bearing) <= _FEW_BEAR:
        return
    table = likeness[np.ix_(bearing, bearing)]
    table[np.diag_indices_from(table)] += slack
    before, signs = duals[bearing], wanted[bearing]
    worth = float(before @ (table @ before) / 2 - signs @ before)
    for _ in range(_TRIES):
        try:
            solved = cho_solve(cho_factor(table, lower=True, check_finite=False), signs)
        except LinAlgError:
            return
        kept = solved * signs > 0
        if kept.all():
            break
        bearing, signs, table = bearing[kept], signs[kept], table[np.ix_(kept, kept)]
    else:
        return
    # At the solution half of what is gained is lost again: that is the value there.
    if -float(signs @ solved) / 2 < worth:
        duals[:] = 0
        duals[bearing] = solved
