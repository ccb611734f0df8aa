"""Candidates of one reason -> one after another, each the one that stands for most of the others.

In: rows with scores, the best first. Out: places, as they are asked for.
The next is the one that adds most to what is covered: the sum, over all candidates, of score times
likeness to the chosen one that is most like it (facility location; Wei, Iyer and Bilmes 2015). So
a batch asks about many things, and sooner about what many others are like. What one adds only
falls as others are chosen, so that it is worked out anew for the first in the line alone (Minoux
1978); the choice is that of asking all.
Not here: which reasons take turns, what is too much alike (batches).
"""

import heapq

import numpy as np
from numpy.typing import NDArray

from triage.insight.values import Codes, Numbers, Vectors

# Below this cosine two questions say nothing of each other.
_STRANGERS = 0.5


class Covering:
    """What is left of some candidates, and how far each is covered by what was chosen."""

    def __init__(self, places: Codes, vectors: Vectors, scores: Numbers) -> None:
        self._places = places
        self._vectors = vectors
        self._weights = np.maximum(scores, 0.0).astype(np.float32)
        self._likeness = _likeness(vectors, vectors)
        self._covered = np.zeros(len(places), dtype=np.float32)
        self._line = [(-self._adds(i), i, 0) for i in range(len(places))]
        self._changes = 0
        heapq.heapify(self._line)

    def cover(self, vectors: Vectors) -> None:
        """Count what is like these rows as covered, as far as it is like them."""
        if len(vectors) and len(self._places):
            nearest = _likeness(self._vectors, vectors).max(axis=1)
            self._covered = np.maximum(self._covered, nearest)
            self._changes += 1

    def next(self, barred: NDArray[np.bool_]) -> int | None:
        """Take the place that adds most and is not barred; None when there is no more."""
        while self._line:
            _, one, when = heapq.heappop(self._line)
            if barred[self._places[one]]:
                continue
            if when == self._changes:
                return int(self._places[one])
            heapq.heappush(self._line, (-self._adds(one), one, self._changes))
        return None

    def _adds(self, one: int) -> float:
        return float(np.maximum(self._likeness[one] - self._covered, 0.0) @ self._weights)


def _likeness(some: Vectors, others: Vectors) -> NDArray[np.float32]:
    """Return how alike two questions are: 0 up to a cosine of _STRANGERS, 1 where they are one."""
    found: NDArray[np.float32] = np.maximum(some @ others.T - _STRANGERS, 0.0) / (1 - _STRANGERS)
    return found
