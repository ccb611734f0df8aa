"""The ids of millions of asks, of which a report names a hundred.

In: places, and the array that holds the ids as bytes. Out: a sequence of texts.
Not here: where ids are kept (columns, log).
"""

from collections.abc import Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.signedinteger[Any]]


class LazyIds(Sequence[str]):
    """The ids of many asks, each made a text when it is asked for: few ever are."""

    def __init__(self, places: Places, held: NDArray[np.bytes_]) -> None:
        self._places, self._held = places, held

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return LazyIds(self._places[place], self._held)
        found: bytes = self._held[self._places[place]]
        return found.decode()

    def at(self, places: Places) -> "LazyIds":
        """Return the ids at some places, in their order."""
        return LazyIds(self._places[places], self._held)

    def bytes(self) -> list[bytes]:
        """Return all of them as they are held, which is many times cheaper than one by one."""
        found: list[bytes] = self._held[self._places].tolist()
        return found


def ids_at(ids: Sequence[str], places: Places) -> Sequence[str]:
    """Return the ids at some places, in their order."""
    return ids.at(places) if isinstance(ids, LazyIds) else [ids[at] for at in places.tolist()]


def as_bytes(ids: Sequence[str]) -> list[bytes]:
    """Return ids as bytes, to be looked up."""
    return ids.bytes() if isinstance(ids, LazyIds) else [one.encode() for one in ids]
