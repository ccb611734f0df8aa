"""Rows of features and classes -> linear models, and what each fold's says of the cases left out.

In: rows, the true classes, a fold per case. Out: one linear model over all cases, and margins of
every case from a model that had not seen it.

Few cases are fitted by ridge regression on the classes (Rifkin, Yeo and Poggio, "Regularized
least-squares classification", 2003): solved between cases instead of columns, one inverse gives the
models of all folds at once. Many cases would make that inverse too large: they get a support
vector machine.
Not here: probabilities (calibration), which cases and columns (heads, features), machines of some
thousand cases (machines), folds of more (parts), and who is fitted by what (solving).
"""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import LinAlgError, lapack

from triage.learn.heads.likeness import Likeness, likeness_of

Margins = NDArray[np.float64]
Places = NDArray[np.int64]

# Cases up to which an inverse between cases is a matter of seconds and of 50 MB.
FEW = 2_000
# A tighter one, or more passes for labels that contradict each other, cost time and bring nothing.
_TOLERANCE = 0.1
_PASSES = 100


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """One weight per column and class."""

    weights: NDArray[np.float32]
    intercept: NDArray[np.float64]

    def margins(self, rows: sparse.csr_matrix) -> Margins:
        """Return one margin per row and class, higher is likelier."""
        return np.asarray(rows @ self.weights, dtype=np.float64) + self.intercept


@dataclass(frozen=True, slots=True)
class LinearOptions:
    """How firmly the models are held back: `ridge` for few cases, a machine's C for many."""

    ridge: float = 4.0
    strength: float = 0.5
    seed: int = 0
    workers: int = 2


def fit_ridge(
    rows: sparse.csr_matrix,
    truth: Places,
    fold_of: Places,
    classes: int,
    options: LinearOptions,
    likeness: Likeness | None = None,
) -> tuple[Linear, Margins]:
    """Fit all folds from one inverse: a fold's residuals follow from its own block of it.

    Every class weighs alike, however few its cases: else a rare one, such as the worst severity,
    would be given up for the common ones. `likeness` is that of `rows`, where it is known already.
    The model of too few cases to tell a class says -1 of it, as it does of any absent one.
    """
    seen = np.maximum(np.bincount(truth, minlength=classes), 1)
    # Errors are weighted by the square of this.
    root = np.sqrt(len(truth) / (classes * seen))[truth]
    wanted = np.full((len(truth), classes), -1.0)
    wanted[np.arange(len(truth)), truth] = 1.0
    wanted *= root[:, None]
    table = likeness_of(rows) if likeness is None else likeness
    inverse = inverse_of(table * root * root[:, None], options.ridge)
    duals = inverse @ wanted
    margins = np.empty_like(wanted)
    for fold in np.unique(fold_of):
        inside = np.flatnonzero(fold_of == fold)
        block = inverse[np.ix_(inside, inside)]
        left = wanted[inside] - np.linalg.solve(block, duals[inside])
        margins[inside] = left / root[inside, None]
    duals *= root[:, None]
    weights = np.asarray(rows.T @ duals, dtype=np.float32)
    return Linear(weights, duals.sum(axis=0)), margins


def inverse_of(likeness: Likeness, ridge: float) -> Margins:
    """Return the inverse of the likenesses, held back by a ridge that is above zero."""
    table = np.array(likeness, dtype=np.float64, order="F")
    table[np.diag_indices_from(table)] += ridge
    factor, failed = lapack.dpotrf(table, lower=1, overwrite_a=1)
    half, undone = lapack.dpotri(factor, lower=1, overwrite_c=1)
    if failed or undone:
        raise LinAlgError("A ridge of such likenesses has no inverse.")
    lower: Margins = np.tril(half)
    lower += np.tril(half, -1).T
    return lower


def fit_machine(
    rows: sparse.csr_matrix, truth: Places, classes: int, options: LinearOptions
) -> Linear:
    """Fit one linear model per class; a class that is not in `truth` keeps a margin of -1."""
    weights = np.zeros((rows.shape[1], classes), dtype=np.float32)
    intercept = np.full(classes, -1.0)
    present = np.unique(truth)
    if len(present) < 2:
        intercept[present] = 1.0
        return Linear(weights, intercept)
    # Here: it takes seconds to import, and only who has many cases needs it.
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.svm import LinearSVC

    model = LinearSVC(
        C=options.strength,
        dual=True,
        tol=_TOLERANCE,
        max_iter=_PASSES,
        random_state=options.seed,
    )
    with warnings.catch_warnings():
        # Contradictory labels may keep it from converging; what came out is calibrated and
        # judged as it is.
        warnings.simplefilter("ignore", ConvergenceWarning)
        # Hundreds of topics with two cases each are rare, but they are meant.
        warnings.filterwarnings("ignore", message="The number of unique classes")
        model.fit(rows, truth)
    found, constant = model.coef_, model.intercept_
    if len(present) == 2:
        found, constant = np.vstack([-found, found]), np.concatenate([-constant, constant])
    weights[:, present] = found.T
    intercept[present] = constant
    return Linear(weights, intercept)
