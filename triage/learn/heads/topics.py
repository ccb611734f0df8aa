"""Cases with topics -> what the cases are about: prototypes of each topic, and a softmax over them.

In: encoder rows and topics numbered from 0, each with at least one case. Out: a Known.
Not here: deciding from it what is novel (scope).
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from triage.classify import SHARPNESS, Known, unit

Vectors = NDArray[np.float32]
Numbers = NDArray[np.float64]

_WIDTH = 256
_CASES_A_PROTOTYPE = 5
_PASSES = 6
_PULL = 1.5e-4
_STEPS = 30


def learn_known(vectors: Vectors, topics: NDArray[np.int64], seed: int) -> Known:
    """Learn what cases of each topic look like."""
    basis = _basis(vectors)
    rows = unit(unit(vectors) @ basis)
    rng = np.random.default_rng(seed)
    means = [_cluster(rows[topics == t], rng) for t in range(int(topics.max()) + 1)]
    firsts = np.cumsum([0, *(len(m) for m in means[:-1])])
    weights, intercept = _softmax(rows, topics)
    return Known(basis, np.concatenate(means), firsts.astype(np.int64), weights, intercept)


def _basis(vectors: Vectors) -> Vectors:
    """Return the directions in which the cases lie; their mean is one of them, and is kept."""
    spread = (vectors.T @ vectors).astype(np.float64)
    _, directions = np.linalg.eigh(spread)
    found: Vectors = directions[:, ::-1][:, :_WIDTH].astype(np.float32)
    return np.ascontiguousarray(found)


def _cluster(rows: Vectors, rng: np.random.Generator) -> Vectors:
    """Return the means of about _CASES_A_PROTOTYPE cases each: k-means by cosine."""
    count = max(1, len(rows) // _CASES_A_PROTOTYPE)
    means = rows[rng.permutation(len(rows))[:count]]
    for _ in range(_PASSES):
        members = np.zeros((count, len(rows)), dtype=np.float32)
        members[(rows @ means.T).argmax(axis=1), np.arange(len(rows))] = 1.0
        held = members.sum(axis=1) > 0
        means = np.where(held[:, None], unit(members @ rows), means)
    sizes = members.sum(axis=1)
    # A cluster of one case would be that case's vector: only a lone case is its own prototype.
    shared: Vectors = means[sizes > 1] if (sizes > 1).any() else unit(rows.mean(axis=0)[None])
    return shared


def _softmax(rows: Vectors, topics: NDArray[np.int64]) -> tuple[Vectors, Vectors]:
    """Fit a multinomial logistic regression; it need not converge, only to know where it is."""
    n, k = len(rows), int(topics.max()) + 1
    sharp = rows * SHARPNESS
    right = np.zeros((n, k), dtype=np.float32)
    right[np.arange(n), topics] = 1.0

    def loss(point: Numbers) -> tuple[float, Numbers]:
        table = point.reshape(-1, k).astype(np.float32)
        margins = sharp @ table[:-1] + table[-1]
        margins -= margins.max(axis=1, keepdims=True)
        raised = np.exp(margins)
        total = raised.sum(axis=1, keepdims=True)
        missing = (raised / total - right) / n
        pulled = 2 * _PULL * table[:-1]
        gradient = np.vstack([sharp.T @ missing + pulled, missing.sum(axis=0)])
        likelihood = (margins[right > 0] - np.log(total[:, 0])).mean()
        value = float(_PULL * (table[:-1] ** 2).sum() - likelihood)
        return value, gradient.ravel().astype(np.float64)

    first = np.zeros((rows.shape[1] + 1) * k)
    options = {"maxiter": _STEPS}
    found = minimize(loss, first, jac=True, method="L-BFGS-B", options=options).x
    table = found.reshape(-1, k).astype(np.float32)
    return table[:-1], table[-1]
