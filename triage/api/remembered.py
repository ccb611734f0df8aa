"""What takes a server a while to find -> found beside the requests, and the same again for a while.

In: what it is of, and how it is found. Out: what was found and when, or that it is being found. In
memory alone, and never much of it.
Not here: finding it (watching, analytics, taxonomy), which of it there is (found).
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from triage.api.problems import Problem

T = TypeVar("T")
_MOST, _MOST_SOUGHT = 32, 8


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """What was found, and when."""

    value: T
    at: datetime


class Remembered(Generic[T]):
    """What one server has found of one sort of thing; one is sought at a time, and no page waits.

    What is older than `fresh` is sought anew; until it is `stale` it is told meanwhile.
    """

    def __init__(self, fresh: timedelta, stale: timedelta) -> None:
        self._fresh, self._stale = fresh, stale
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, Known[T]] = OrderedDict()
        self._sought: dict[Hashable, Future[Known[T]]] = {}
        self._worker = ThreadPoolExecutor(1, "seeking")

    def get(self, of: Hashable, find: Callable[[], T], patience: float = 0.0) -> Known[T] | None:
        """Return what was found; None while it is being found for longer than `patience` seconds.

        Raises what finding it raised, once; and Problem `too_busy` where too much is sought.
        """
        with self._lock:
            known = self._known.get(of)
            age = None if known is None else datetime.now(UTC) - known.at
            if age is not None and age < self._fresh:
                return known
            sought = self._sought.get(of)
            if sought is not None and sought.done():
                # What has failed is told to whoever asks next, and sought anew after that.
                del self._sought[of]
            elif sought is None:
                sought = self._seek(of, find)
        if age is not None and age < self._stale and not sought.done():
            return known
        try:
            found = sought.result(patience)
        except TimeoutError:
            if sought.done():
                raise
            return None
        except BaseException:
            with self._lock:
                if self._sought.get(of) is sought:
                    del self._sought[of]
            raise
        return found

    def close(self) -> None:
        """Seek nothing more."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _seek(self, of: Hashable, find: Callable[[], T]) -> Future[Known[T]]:
        if len(self._sought) >= _MOST_SOUGHT:
            detail = "Too much is being looked at on this server. Try again in a minute."
            raise Problem("too_busy", detail)
        sought = self._sought[of] = self._worker.submit(self._find, of, find)
        return sought

    def _find(self, of: Hashable, find: Callable[[], T]) -> Known[T]:
        found = Known(value=find(), at=datetime.now(UTC))
        with self._lock:
            self._known.pop(of, None)
            self._known[of] = found
            while len(self._known) > _MOST:
                self._known.popitem(last=False)
            self._sought.pop(of, None)
        return found
