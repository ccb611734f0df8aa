"""The ids of millions of asks, of which a report names a hundred.

In: places, and how to look one up. Out: a sequence of texts.
Not here: where ids are kept (columns, log).
"""

from collections.abc import Callable, Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.signedinteger[Any]]


class LazyIds(Sequence[str]):
    """The ids of many asks, each looked up by its place when it is asked for: few ever are."""

    def __init__(self, places: Places, look_up: Callable[[int], str]) -> None:
        self._places, self._look_up = places, look_up

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return LazyIds(self._places[place], self._look_up)
        return self._look_up(int(self._places[place]))
