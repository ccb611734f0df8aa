"""Who may read which units -> a bit for every unit, kept for the audiences that ask.

In: which audiences are hidden from a person, every unit's audience. Out: bits and their sum.
Not here: what an audience is (table), searching with the bits (dense).
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Audiences = NDArray[Any]
# Each takes an eighth of a byte for every unit: 375 kB at three million.
_MOST = 32


@dataclass(slots=True)
class Sight:
    """The units that somebody may read.

    Unit n has bit n % 8 of byte n // 8 of `bits`; units from `units` on are not seen; `seen` is
    how many are.
    """

    bits: NDArray[np.uint8]
    units: int
    seen: int

    def of(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those of the units that are seen."""
        bits: NDArray[np.uint8] = self.bits[numbers >> 3] >> (numbers & 7).astype(np.uint8)
        seen: NDArray[np.int64] = numbers[(bits & 1).astype(bool)]
        return seen


class Sights:
    """What different people see, for those who asked lately; right after every change."""

    def __init__(self) -> None:
        """Begin without any."""
        self._kept: OrderedDict[frozenset[int], Sight] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, hidden: frozenset[int], audiences: Audiences) -> Sight:
        """Return what is seen by whom the `hidden` audiences are hidden from."""
        with self._lock:
            sight = self._kept.get(hidden)
            if sight is None:
                sight = _look(hidden, audiences)
                self._kept[hidden] = sight
            self._kept.move_to_end(hidden)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
            return sight

    def turn(self, numbers: NDArray[np.int64], audiences: Audiences) -> None:
        """Have every kept sight agree with the audiences of these units, which were changed.

        Nobody may be searching meanwhile.
        """
        with self._lock:
            for hidden, sight in self._kept.items():
                _look_again(sight, hidden, numbers, audiences)


def _look(hidden: frozenset[int], audiences: Audiences) -> Sight:
    seen = _seen(hidden, audiences)
    return Sight(np.packbits(seen, bitorder="little"), len(seen), int(np.count_nonzero(seen)))


def _look_again(
    sight: Sight, hidden: frozenset[int], numbers: NDArray[np.int64], audiences: Audiences
) -> None:
    """Compute anew the bytes that hold the bits of these units, and those of units since."""
    size = (len(audiences) + 7) // 8
    if size > len(sight.bits):
        # Room for more, so that not every new thread copies all.
        larger = np.zeros(size + size // 16 + 64, dtype=np.uint8)
        larger[: len(sight.bits)] = sight.bits
        sight.bits = larger
    fresh = np.arange(sight.units // 8, size)
    bytes_ = np.union1d(numbers // 8, fresh)
    before = int(np.unpackbits(sight.bits[bytes_]).sum())
    places = bytes_[:, None] * 8 + np.arange(8)
    inside = places < len(audiences)
    seen = inside & _seen(hidden, audiences[np.where(inside, places, 0)])
    sight.bits[bytes_] = np.packbits(seen, axis=1, bitorder="little")[:, 0]
    sight.units = len(audiences)
    sight.seen += int(np.count_nonzero(seen)) - before


def _seen(hidden: frozenset[int], audiences: Audiences) -> NDArray[np.bool_]:
    most = max(int(audiences.max(initial=0)), *hidden)
    allowed = np.ones(most + 1, dtype=bool)
    allowed[list(hidden)] = False
    return allowed[audiences]
