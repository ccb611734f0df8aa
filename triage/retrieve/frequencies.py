"""The terms of units, as codes -> in how many units each term stands.

In: units that come and units that go. Out: counts of what is there now, many terms at a time.
Not here: what a code stands for (counted), what a term weighs (asked).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
Counts = NDArray[np.int64]
# Codes in order, and how many units have each.
Run = tuple[Codes, NDArray[np.int32]]

_CODE_BITS = 32
_CODE_MASK = (1 << _CODE_BITS) - 1


@dataclass(frozen=True, slots=True)
class Frequencies:
    """A value: whoever holds it goes on counting as it was. Each run is much shorter than the last.

    So what is added seldom moves what was there, and a few runs are looked through.
    """

    runs: tuple[Run, ...] = ()

    def of(self, codes: Codes) -> Counts:
        """Return in how many units each of these terms stands."""
        found = np.zeros(len(codes), dtype=np.int64)
        for held, counts in self.runs:
            places = np.minimum(np.searchsorted(held, codes), len(held) - 1)
            found += np.where(held[places] == codes, counts[places], 0)
        return found

    def plus(self, units: Sequence[Codes]) -> "Frequencies":
        """Return these and those of more units."""
        return self._with(_counted_once(units))

    def minus(self, units: Sequence[Codes]) -> "Frequencies":
        """Return these without those of units that are among them."""
        codes, counts = _counted_once(units)
        return self._with((codes, -counts))

    def save(self, path: Path) -> None:
        """Write all of them into one file."""
        codes, counts = _merged(self.runs)
        with path.open("wb") as file:
            np.save(file, np.stack([codes, counts.astype(np.uint32)]))

    @classmethod
    def open(cls, path: Path) -> "Frequencies":
        """Read what was saved. Raises ValueError or OSError where that cannot be done."""
        with path.open("rb") as file:
            codes, counts = np.load(file, allow_pickle=False)
        return cls(((codes, counts.astype(np.int32)),) if len(codes) else ())

    def _with(self, run: Run) -> "Frequencies":
        if not len(run[0]):
            return self
        runs = [*self.runs, run]
        while len(runs) > 1 and 2 * len(runs[-1][0]) > len(runs[-2][0]):
            runs[-2:] = [_merged(runs[-2:])]
        return Frequencies(tuple(r for r in runs if len(r[0])))


def _counted_once(units: Sequence[Codes]) -> Run:
    """Count each term once in each unit."""
    owners = np.repeat(np.arange(len(units), dtype=np.int64), [len(u) for u in units])
    codes = np.concatenate([np.empty(0, np.uint32), *units]).astype(np.int64)
    # Sorted here: numpy's own way is slow for so many.
    once = np.sort(owners << _CODE_BITS | codes)
    once = once[np.append(True, once[1:] != once[:-1])] if len(once) else once
    found = (once & _CODE_MASK).astype(np.uint32)
    return _merged([(found, np.ones(len(found), dtype=np.int32))])


def _merged(runs: Sequence[Run]) -> Run:
    codes = np.concatenate([np.empty(0, np.uint32), *(held for held, _ in runs)])
    counts = np.concatenate([np.empty(0, np.int32), *(of for _, of in runs)])
    order = np.argsort(codes, kind="stable")
    codes, counts = codes[order], counts[order]
    firsts = np.flatnonzero(np.append(True, codes[1:] != codes[:-1])) if len(codes) else order
    summed = np.add.reduceat(counts, firsts) if len(codes) else counts
    left = summed != 0
    return codes[firsts][left], summed[left]
