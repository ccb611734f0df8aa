"""A thread with a loop of its own, for work that waits for others as long as the server lives.

In: work that ends when it is told to. Out: it under way; where a part is missing it begins again a
little later.
Not here: any of the work (filing, told).
"""

import asyncio
import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress

from triage.errors import TriageError

_log = logging.getLogger(__name__)
AGAIN_SECONDS = 5.0


class LoopErrand(ABC):
    """One such work.

    `name` is what its thread and its lines in the log are called; every `look_seconds` it is asked
    whether there is anything to do.
    """

    name: str
    look_seconds: float

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._stop: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name=self.name)

    @abstractmethod
    async def _work(self, stop: asyncio.Event) -> None:
        """Work until told to stop."""

    def _is_needed(self) -> bool:
        """Say whether there is anything to do."""
        return True

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End what is under way, and return when it has ended."""
        with self._lock:
            self._stopping.set()
            self._stop()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        pause = self.look_seconds
        while not self._stopping.wait(pause):
            try:
                if not self._is_needed():
                    pause = self.look_seconds
                    continue
                asyncio.run(self._begin())
            except TriageError as error:
                _log.warning("%s_waits code=%s", self.name, error.code)
            except Exception as error:
                # Its message may quote what people wrote.
                _log.error("%s_failed class=%s", self.name, type(error).__qualname__)
            pause = AGAIN_SECONDS

    async def _begin(self) -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        with self._lock:
            self._stop = lambda: tell(loop, stop)
        if not self._stopping.is_set():
            await self._work(stop)


def tell(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Set an event of a loop that runs in another thread, or has ended there."""
    # Asked first whether it has ended, it could end before it is told.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(stop.set)
