"""A part of the server that may be missing, and is tried again while it is.

In: what opens it. Out: the part, or why it is missing.
Not here: which parts there are (installation).
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from triage.errors import TriageError

_log = logging.getLogger(__name__)
RETRY_SECONDS = 5.0

T = TypeVar("T")


class Part(Generic[T]):
    """A part that may be missing: opened at its first use, and tried again while it is not there.

    Not more often than every few seconds, and by one caller; the others are told at once.
    """

    def __init__(self, open_part: Callable[[], T]) -> None:
        self._open_part = open_part
        self._opened: tuple[T] | None = None
        self._trouble: TriageError | None = None
        self._tried_at = 0.0
        self._lock = threading.Lock()

    def get(self) -> T:
        """Return the part, or raise why it is missing."""
        if self._opened is not None:
            return self._opened[0]
        trouble = self._trouble
        if trouble is not None and time.monotonic() - self._tried_at < RETRY_SECONDS:
            raise trouble.with_traceback(None)
        if not self._lock.acquire(blocking=trouble is None) and trouble is not None:
            raise trouble.with_traceback(None)
        try:
            return self._opened[0] if self._opened is not None else self._try()
        finally:
            self._lock.release()

    def lose(self, part: T, trouble: TriageError) -> None:
        """Say that a part that was open has turned out to be missing."""
        with self._lock:
            # Another caller may have lost and even replaced it already.
            if self._opened is not None and self._opened[0] is part:
                self._opened = None
                self._fail(trouble)

    def _try(self) -> T:
        try:
            part = self._open_part()
        except TriageError as error:
            self._fail(error)
            raise
        self._opened, self._trouble = (part,), None
        return part

    def _fail(self, trouble: TriageError) -> None:
        self._trouble = trouble
        self._tried_at = time.monotonic()
        _log.error("part_missing code=%s: %s", trouble.code, trouble)
