"""Rows of features -> how alike the cases are, each beside each.

In: sparse rows. Out: their inner products, and one for the column that every case has: all that a
linear model needs to know of the cases to be fitted, worked out once for all heads and folds.
Not here: the models (linear, machines).
"""

from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from triage.learn.heads.side_by_side import Heard, run_jobs

Likeness = NDArray[np.float32]

# A column that so many rows fill is multiplied faster as if all did.
_OFTEN = 0.05
_AT_ONCE = 1024


def likeness_of(rows: sparse.csr_matrix, workers: int = 1) -> Likeness:
    """Return the inner products, shape (n, n), symmetric."""
    n = rows.shape[0]
    filled = np.bincount(rows.indices, minlength=rows.shape[1])
    columns = rows.tocsc()
    often = np.flatnonzero(filled > _OFTEN * n)
    full = np.asarray(columns[:, often].toarray(), dtype=np.float32)
    rest = columns[:, np.flatnonzero((filled > 0) & (filled <= _OFTEN * n))].tocsr()
    turned = rest.T.tocsr()
    found = np.empty((n, n), dtype=np.float32)

    def fill(start: int, _: Heard) -> None:
        here = slice(start, start + _AT_ONCE)
        part = full[here] @ full[start:].T
        part += (rest[here] @ turned).toarray()[:, start:]
        part += np.float32(1)
        found[here, start:] = part
        found[start:, here] = part.T

    run_jobs([partial(fill, start) for start in range(0, n, _AT_ONCE)], workers, lambda _: None)
    return found
