"""Similarities of some items -> which of them grow together: average link, with what may not be.

In: a matrix of similarities, what may not be together, groups that are given. Out: a group for
each. Two groups grow together where the mean of all pairs between them is highest, down to a bar.
Not here: what is similar (sameness), names of clusters (clustering).
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from triage.insight.values import Codes, Vectors

Flags = NDArray[np.bool_]


def components(count: int, edges: Iterable[tuple[int, int]]) -> list[Codes]:
    """Return the connected components that have more than one member, each in order."""
    parent = list(range(count))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for one, other in edges:
        a, b = sorted((root(one), root(other)))
        parent[b] = a
    found: dict[int, list[int]] = {}
    for i in range(count):
        found.setdefault(root(i), []).append(i)
    return [np.array(members) for members in found.values() if len(members) > 1]


def link(similarities: Vectors, forbidden: Flags, given: Codes, bar: float) -> Codes:
    """Return the group of each item; `given` are the groups that it starts from, never torn."""
    _, start = np.unique(given, return_inverse=True)
    means, sizes = _gathered(similarities, forbidden, start)
    group = np.arange(len(sizes))
    best, height = means.argmax(axis=1), means.max(axis=1)
    while True:
        one = int(height.argmax())
        if height[one] < bar:
            return group[start]
        other = int(best[one])
        _merge(means, sizes, one, other)
        group[group == other] = one
        # The mean of two is never above the higher: only who looked at one of the two looks anew.
        alive = (height > -np.inf) & ((best == one) | (best == other))
        stale = np.union1d(np.flatnonzero(alive), [one, other])
        best[stale], height[stale] = means[stale].argmax(axis=1), means[stale].max(axis=1)


def _merge(means: Vectors, sizes: Vectors, one: int, other: int) -> None:
    """Put the second group into the first; what may not be (-inf) remains so for both."""
    both = sizes[one] + sizes[other]
    row = (sizes[one] * means[one] + sizes[other] * means[other]) / both
    row[[one, other]] = -np.inf
    means[one], means[:, one] = row, row
    means[other], means[:, other] = -np.inf, -np.inf
    sizes[one] = both


def _gathered(similarities: Vectors, forbidden: Flags, start: Codes) -> tuple[Vectors, Vectors]:
    """Return the mean similarity of given groups, and their sizes."""
    count = int(start.max()) + 1
    sizes = np.bincount(start, minlength=count).astype(np.float32)
    if np.array_equal(start, np.arange(len(start))):  # nothing is given: no copies of it all
        means = np.where(forbidden, np.float32(-np.inf), similarities)
    else:
        belongs = np.zeros((len(start), count), dtype=np.float32)
        belongs[np.arange(len(start)), start] = 1
        summed = belongs.T @ similarities @ belongs
        means = (summed / np.outer(sizes, sizes)).astype(np.float32)
        means[belongs.T @ forbidden.astype(np.float32) @ belongs > 0] = -np.inf
    np.fill_diagonal(means, -np.inf)
    return means, sizes
