"""What took a server a while to find -> the same again, for as long as it is fresh.

In: what it is of, and how it is found. Out: what was found. In memory alone, and never much of it.
Not here: finding it (watching, analytics).
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import timedelta
from typing import Generic, TypeVar

T = TypeVar("T")
_MOST = 32


class Remembered(Generic[T]):
    """What one server has found; `one_at_a_time` is held while something is."""

    def __init__(self, one_at_a_time: threading.Lock, fresh: timedelta) -> None:
        self._finding = one_at_a_time
        self._fresh = fresh.total_seconds()
        self._found: OrderedDict[Hashable, tuple[float, T]] = OrderedDict()

    def get(self, of: Hashable, find: Callable[[], T]) -> T:
        """Return what is found, by whoever asked first. Raises what finding it raises."""
        held = self._fresh_one(of)
        if held is not None:
            return held[1]
        with self._finding:
            # Whoever had it before may have found this very one.
            held = self._fresh_one(of)
            if held is None:
                held = time.monotonic(), find()
                self._found.pop(of, None)
                self._found[of] = held
                while len(self._found) > _MOST:
                    self._found.popitem(last=False)
            return held[1]

    def _fresh_one(self, of: Hashable) -> tuple[float, T] | None:
        held = self._found.get(of)
        return held if held is not None and time.monotonic() - held[0] < self._fresh else None
