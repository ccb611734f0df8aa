"""Exact nearest neighbours by inner product: the only file that imports faiss."""

from collections.abc import Collection

import faiss
import numpy as np
from numpy.typing import NDArray

from triage.errors import IndexMismatch
from triage.retrieve.base import Vector, Vectors


class DenseSide:
    """Vectors under stable numbers, searched exactly."""

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))

    def add(self, numbers: NDArray[np.int64], vectors: Vectors) -> None:
        """Add unit rows of shape (len(numbers), dimension)."""
        self.check(vectors)
        if len(numbers):
            self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), numbers)

    def check(self, vectors: Vectors) -> None:
        """Raise IndexMismatch unless the rows have this index's dimension."""
        if vectors.shape[-1] != self._dimension:
            raise IndexMismatch(self._dimension, int(vectors.shape[-1]))

    def remove(self, numbers: NDArray[np.int64]) -> None:
        """Take vectors out; their numbers are not used again."""
        if len(numbers):
            self._index.remove_ids(faiss.IDSelectorBatch(numbers))

    def nearest(self, vector: Vector, k: int, hidden: Collection[int]) -> list[int]:
        """Return the numbers of the k nearest rows that are not hidden, nearest first."""
        k = min(k, self._index.ntotal)
        if k <= 0:
            return []
        parameters = None
        if hidden:
            # Named, not inlined: faiss keeps a bare pointer to each selector.
            batch = faiss.IDSelectorBatch(np.fromiter(hidden, np.int64, len(hidden)))
            visible = faiss.IDSelectorNot(batch)
            parameters = faiss.SearchParameters()
            parameters.sel = visible
        _, numbers = self._index.search(vector[None, :], k, params=parameters)
        return [int(n) for n in numbers[0] if n >= 0]

    def similarities(self, vector: Vector, numbers: list[int]) -> NDArray[np.float32]:
        """Return the cosine of each numbered row with the vector, in [-1, 1]."""
        if not numbers:
            return np.empty(0, dtype=np.float32)
        rows = np.stack([self._index.reconstruct(n) for n in numbers])
        return np.clip(rows @ vector, -1.0, 1.0)
