"""Who has the process beside the server: one errand at a time, whatever its kind.

In: kinds of work, in the order in which they are asked. Out: each errand done by a process of its
own. What another server of the same store asked for is found within a second, too.
Not here: what is due (encode, train), the process (child).
"""

import logging
import threading
from collections.abc import Sequence

from triage.api.errands.child import Child
from triage.api.errands.kinds import Errand, Work
from triage.api.errands.marks import Marks
from triage.errors import TriageError

_log = logging.getLogger(__name__)
LOOK_SECONDS = 0.5
_RETRY_SECONDS = 5.0


class Background:
    """Keeps at most one process at work as long as the server lives."""

    def __init__(self, child: Child, works: Sequence[Work], marks: Marks | None = None) -> None:
        self._child = child
        self._marks = marks or Marks()
        self._works = works
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="background")

    def start(self) -> None:
        """Look for work and do it."""
        self._thread.start()

    def stop(self) -> None:
        """End the process; return when it has ended and what it was at is given back."""
        self._stopping.set()
        self._child.stop()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        trouble: str | None = None
        pause = 0.0
        while not self._stopping.wait(pause):
            try:
                self._look()
                trouble, pause = None, LOOK_SECONDS
            except (TriageError, OSError) as error:
                code = getattr(error, "code", type(error).__name__)
                if code != trouble:
                    _log.warning("background_waits code=%s", code)
                trouble, pause = code, _RETRY_SECONDS

    def _look(self) -> None:
        for work in self._works:
            errand = work.due()
            if errand is not None:
                self._do(work, errand)
                return

    def _do(self, work: Work, errand: Errand) -> None:
        _log.info("%s_started forum=%s", errand.arguments[0], errand.forum)
        code = self._child.run(errand.arguments, lambda: _is_unwanted(work, errand))
        if code == 0:
            self._marks.well(errand.arguments[0], errand.forum)
        elif not self._stopping.is_set():
            self._marks.failed(errand.arguments[0], f"exit_{code}", errand.forum)
        work.ended(errand, code, stopping=self._stopping.is_set())


def _is_unwanted(work: Work, errand: Errand) -> bool:
    try:
        return work.is_unwanted(errand)
    except TriageError as error:
        # The process hears of it itself, and by and by so do we.
        _log.info("background_waits code=%s", error.code)
        return False
