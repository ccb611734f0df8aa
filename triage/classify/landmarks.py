"""Encoder rows -> how near each question lies to what the forum is asked about.

In: encoder rows and who wrote the texts. Out: landmarks, and for any row its columns. A landmark is
the mean of neighbouring questions of at least `FEWEST` writers. A head that is linear in the
encoder's row parts its space by planes; linear in the nearness to landmarks it can also say that
what lies around here is of one class: Williams and Seeger, "Using the Nyström method to speed up
kernel machines", 2001.
Not here: the other columns (features), telling what is near nothing (scope).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.classify.vocabulary import FEWEST

Vectors = NDArray[np.float32]
Places = NDArray[np.int64]

# Nearness is exp(-_STEEP * (squared distance of unit rows)): a half at a cosine of .91.
_STEEP = 4.0
_CASES_A_LANDMARK = 5
_MOST, _FEWEST_OF_MANY = 1_024, 128
_MOST_FILLED = 20_000_000  # columns are filled in every case: bounds the memory of very many
_MOST_READ = 20_000  # texts that landmarks are chosen from
_ROUNDS = 2
# Directions in which landmarks hardly differ hold nothing but noise.
_LEAST_SPREAD = 1e-4
_LEAST_LENGTH = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Landmarks:
    """Where questions gather: unit rows `centres`, shape (m, dimension).

    `mixing`, shape (m, r), makes of the nearness to each of them columns whose inner product is
    the nearness of two questions, as far as the landmarks can tell.
    """

    centres: Vectors
    mixing: Vectors

    @property
    def width(self) -> int:
        """The number of columns."""
        return int(self.mixing.shape[1])

    def rows(self, vectors: Vectors) -> Vectors:
        """Return the columns of unit rows; a row of zeros, which is near nothing, stays empty."""
        found: Vectors = _nearness(vectors, self.centres) @ self.mixing
        found[~vectors.any(axis=1)] = 0
        return found


def fit_landmarks(vectors: Vectors, owners: Sequence[str]) -> Landmarks | None:
    """Gather the rows around landmarks; None where nowhere enough persons asked of one thing."""
    count = _how_many(len(vectors))
    if not count:
        return None
    if len(vectors) > _MOST_READ:
        some = np.linspace(0, len(vectors) - 1, _MOST_READ).astype(np.int64)
        vectors, owners = vectors[some], [owners[i] for i in some.tolist()]
    _, writers = np.unique(np.array(owners, dtype=object), return_inverse=True)
    centres = vectors[np.random.default_rng(0).permutation(len(vectors))[:count]]
    for _ in range(_ROUNDS):
        centres, nearest = _gather(vectors, centres)
    centres = centres[_shared(nearest, writers, len(centres))]
    if not len(centres):
        return None
    spread, directions = np.linalg.eigh(_nearness(centres, centres).astype(np.float64))
    kept = spread > _LEAST_SPREAD * spread.max()
    mixing = directions[:, kept] / np.sqrt(spread[kept])
    return Landmarks(centres, mixing.astype(np.float32))


def _how_many(cases: int) -> int:
    most = min(_MOST, max(_FEWEST_OF_MANY, _MOST_FILLED // max(1, cases)))
    return min(most, cases // _CASES_A_LANDMARK)


def _gather(vectors: Vectors, centres: Vectors) -> tuple[Vectors, Places]:
    """Return the means of the rows nearest to each centre, and to which of them each row went."""
    _, nearest = np.unique((vectors @ centres.T).argmax(axis=1), return_inverse=True)
    sums = np.zeros((nearest.max() + 1, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, nearest, vectors)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    means: Vectors = sums / np.maximum(lengths, np.float32(_LEAST_LENGTH))
    return means, nearest


def _shared(nearest: Places, writers: Places, count: int) -> NDArray[np.bool_]:
    """Say which centres enough different writers' rows went to."""
    pairs = np.unique(np.stack([nearest, writers], axis=1), axis=0)
    enough: NDArray[np.bool_] = np.bincount(pairs[:, 0], minlength=count) >= FEWEST
    return enough


def _nearness(vectors: Vectors, centres: Vectors) -> Vectors:
    """Return how near each row lies to each centre, from 0 to 1."""
    near: Vectors = np.exp(np.float32(2 * _STEEP) * (vectors @ centres.T - np.float32(1)))
    return near
