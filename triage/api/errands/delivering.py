"""The process that delivers, beside the server: there as soon as anything could be delivered.

In: the store. Out: `deliver` as a process of its own, begun again when it dies, a little later each
time. No request waits for a receiver, and what a receiver does reaches no request.
Not here: delivering (delivering), work that ends by itself (background).
"""

import logging
import threading
import time
from collections.abc import Callable

from triage import store
from triage.api.errands.child import Child
from triage.errors import TriageError
from triage.records import ChannelKind

_log = logging.getLogger(__name__)
KINDS = (ChannelKind.WEBHOOK, ChannelKind.PERSON_WEBHOOK, ChannelKind.PERSON_EMAIL)
_LOOK_SECONDS = 1.0
# While it runs it is seldom asked whether it is still needed.
_NEED_SECONDS = 60.0
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
# Who lived that long did not die of what killed the one before.
_LIVED_SECONDS = 60.0


class Delivering:
    """Keeps one process at delivering as long as the server lives and there are channels."""

    def __init__(self, child: Child, database: Callable[[], store.Database]) -> None:
        self._child = child
        self._database = database
        self._need_at = 0.0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="delivering")

    def start(self) -> None:
        """Look whether there is anything to deliver to, and deliver."""
        self._thread.start()

    def stop(self) -> None:
        """End the process; return when it has ended. What it was at is sent once more later."""
        self._stopping.set()
        self._child.stop()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        pause = _FIRST_PAUSE
        while not self._stopping.wait(_LOOK_SECONDS):
            if not self._is_needed():
                continue
            started = time.monotonic()
            self._need_at = started + _NEED_SECONDS
            code = self._begin()
            if self._stopping.is_set() or code == 0:
                continue
            pause = _FIRST_PAUSE if time.monotonic() - started > _LIVED_SECONDS else pause
            _log.error("deliver_ended code=%d again_in=%d", code, pause)
            self._stopping.wait(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _begin(self) -> int:
        try:
            return self._child.run(("deliver",), self._is_unwanted)
        except OSError as error:
            _log.error("deliver_not_started class=%s", type(error).__qualname__)
            return -1

    def _is_unwanted(self) -> bool:
        if time.monotonic() < self._need_at:
            return False
        self._need_at = time.monotonic() + _NEED_SECONDS
        return not self._is_needed(otherwise=True)

    def _is_needed(self, *, otherwise: bool = False) -> bool:
        try:
            with self._database().read() as c:
                return store.has_channels(c, KINDS)
        except TriageError as error:
            _log.info("delivering_waits code=%s", error.code)
            return otherwise
