"""A question's vector -> how likely it is about something that the labelled cases do not know.

In: encoder rows. Out: P(novel) for each, and a Label whose value is a Novelty. Plain numbers: the
prototypes are means of several cases each, in fewer dimensions than the encoder's, so that no
bundle holds the vector of what one person wrote.
Not here: fitting and choosing what counts as sure (learn.heads.scope).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.errors import IndexMismatch
from triage.records import Label, Novelty

Vectors = NDArray[np.float32]
Numbers = NDArray[np.float64]

# The same for every forum: unit rows times this make margins that a softmax can be sure of.
SHARPNESS = np.float32(5.0)
SIGNALS = ("nearest", "expected", "certainty", "inside")
_LEAST = 1e-9
_ALL_AT_ONCE = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What the labelled cases are about.

    `basis` has shape (dimension, r); `prototypes` are unit rows of length r, the topics one after
    another, `first_of` the place where each topic begins; `weights` (r, topics) and `intercept`
    make the margins of a softmax over the topics.
    """

    basis: Vectors
    prototypes: Vectors
    first_of: NDArray[np.int64]
    weights: Vectors
    intercept: Vectors

    def project(self, vectors: Vectors) -> Vectors:
        """Return rows of length r: what of each question lies in the directions of the cases."""
        if vectors.shape[1] != len(self.basis):
            raise IndexMismatch(len(self.basis), vectors.shape[1])
        found: Vectors = unit(vectors) @ self.basis
        return found

    def signals(self, vectors: Vectors) -> Numbers:
        """Return what speaks for being known, shape (n, len(SIGNALS)).

        `nearest` is the cosine of the nearest prototype; `expected` that of each topic's nearest,
        weighed by how likely the topic is: a question that lies near one topic and reads like
        another has little of it. `certainty` is the negative entropy over the topics, `inside` how
        much of the question lies in any direction in which the cases lie at all.
        """
        parts = [
            self._signals(self.project(vectors[i : i + _ALL_AT_ONCE]))
            for i in range(0, len(vectors), _ALL_AT_ONCE)
        ]
        return np.concatenate(parts) if parts else np.empty((0, len(SIGNALS)))

    def _signals(self, rows: Vectors) -> Numbers:
        inside = np.linalg.norm(rows, axis=1)
        rows = unit(rows)
        near = np.maximum.reduceat(rows @ self.prototypes.T, self.first_of, axis=1)
        margins = rows @ (self.weights * SHARPNESS) + self.intercept
        likely = np.exp(margins - margins.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        certainty = (likely * np.log(likely + _LEAST)).sum(axis=1)
        expected = (likely * near).sum(axis=1)
        return np.stack([near.max(axis=1), expected, certainty, inside], axis=1).astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """Says what is novel: the log-odds of it are `constant` less the familiarity.

    That is `slopes . signals`, slopes >= 0: nothing becomes more familiar by lying further off,
    however far that is from anything that was seen while fitting. Below `tail_from` the odds grow
    by `steepness` faster, as fast as known questions thin out. A question is surely novel from
    `novel_from` on.
    """

    known: Known
    slopes: Numbers
    constant: float
    tail_from: float
    steepness: float
    novel_from: float

    def probabilities(self, vectors: Vectors) -> Numbers:
        """Return P(novel) per row. Raises IndexMismatch on vectors of another dimension."""
        return self.chances(self.known.signals(vectors))

    def chances(self, signals: Numbers) -> Numbers:
        """Return P(novel) for each row of signals."""
        familiar = signals @ self.slopes
        odds = self.constant - familiar
        odds += self.steepness * np.maximum(0.0, self.tail_from - familiar)
        chances: Numbers = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
        return chances

    def labels(self, vectors: Vectors) -> list[Label]:
        """Return one label per row; below `novel_from`, novel is only a suspicion."""
        return [self._label(float(p)) for p in self.probabilities(vectors)]

    def _label(self, novel: float) -> Label:
        if novel >= 0.5:
            other = (Novelty.KNOWN.value, 1 - novel)
            return Label(Novelty.NOVEL.value, novel, (other,), abstained=novel < self.novel_from)
        return Label(
            Novelty.KNOWN.value, 1 - novel, ((Novelty.NOVEL.value, novel),), abstained=False
        )


def unit(rows: Vectors) -> Vectors:
    """Return the rows at length one; a row of zeros stays."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    found: Vectors = (rows / np.maximum(lengths, _LEAST)).astype(np.float32)
    return found
