"""Labels -> pairs that may be one and the same under two names. Pure.

In: names of labels. Out: pairs whose letters are nearly the same, so that a person may look.
Not here: spellings that differ in spaces and case alone, which are one label anyhow (classify).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

_NEAR = 0.86
_LETTERS = re.compile(r"[\W_]+")
# With more every pair of them would take seconds.
_MOST = 400
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Alike:
    """Two labels that may be one, and how alike their letters are, of 1."""

    one: str
    other: str
    likeness: float


def alike(labels: Iterable[str]) -> list[Alike]:
    """Return the pairs that look alike, the most alike first."""
    plain = [(label, _LETTERS.sub("", label.casefold())) for label in list(labels)[:_MOST]]
    known = [(label, said) for label, said in plain if len(said) >= _SHORTEST]
    found = []
    for first, second in _may_be(tuple(said for _, said in known)):
        likeness = SequenceMatcher(None, known[first][1], known[second][1], autojunk=False).ratio()
        if likeness >= _NEAR:
            found.append(Alike(known[first][0], known[second][0], likeness))
    return sorted(found, key=lambda pair: (-pair.likeness, pair.one, pair.other))


def _may_be(said: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Give the pairs whose letters, in whatever order, are not too different already."""
    letters = {letter: place for place, letter in enumerate(sorted(set("".join(said))))}
    counts: NDArray[np.int32] = np.zeros((len(said), len(letters)), dtype=np.int32)
    for row, word in enumerate(said):
        np.add.at(counts[row], [letters[letter] for letter in word], 1)
    lengths = counts.sum(axis=1)
    for row in range(len(said) - 1):
        shared = np.minimum(counts[row], counts[row + 1 :]).sum(axis=1)
        near = 2 * shared >= _NEAR * (lengths[row] + lengths[row + 1 :])
        for place in np.flatnonzero(near).tolist():
            yield row, row + 1 + place
