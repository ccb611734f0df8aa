"""The one process that works beside the server: it encodes forums anew, one after another.

In: the forums that are served with another encoder than the wished one, when the server starts.
Out: a job row for each, and `python -m triage encode` at work on it: at low priority, in one
thread, started again when it fails, ended when the server stops.
Not here: the work itself, which the server never imports (learn), and following its outcome (desk).
"""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from triage import store
from triage.encoders import EncoderName
from triage.errors import TriageError
from triage.records import Forum, JobKind, JobState
from triage.settings import Settings

_log = logging.getLogger(__name__)
FIRST_PAUSE_SECONDS = 5.0
_LONGEST_PAUSE_SECONDS = 600.0
_GRACE_SECONDS = 10.0


class Background:
    """Keeps at most one process at work until every forum that differed is done or cancelled."""

    def __init__(
        self,
        settings: Settings,
        wish: EncoderName,
        database: Callable[[], store.Database],
        differing: Callable[[], list[Forum]],
    ) -> None:
        self._settings = settings
        self._wish = wish
        self._database = database
        self._differing = differing
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="background")

    def start(self) -> None:
        """Look for work and do it, unless the settings leave that to people."""
        if self._settings.reencode == "auto":
            self._thread.start()

    def stop(self) -> None:
        """End the process; return when it has ended."""
        self._stopping.set()
        with self._lock:
            process = self._process
        if process is not None:
            process.terminate()
            try:
                process.wait(_GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        # Forums by name, with how long to wait before the next try and when that is.
        left = {forum.name: (FIRST_PAUSE_SECONDS, forum) for forum in self._look()}
        due = dict.fromkeys(left, time.monotonic())
        while left:
            name = min(due, key=lambda n: due[n])
            if self._stopping.wait(max(0.0, due[name] - time.monotonic())):
                return
            pause, forum = left[name]
            if self._settle(forum, pause):
                del left[name], due[name]
            else:
                left[name] = (min(2 * pause, _LONGEST_PAUSE_SECONDS), forum)
                due[name] = time.monotonic() + pause

    def _look(self) -> list[Forum]:
        while not self._stopping.is_set():
            try:
                return self._differing()
            except TriageError as error:
                _log.warning("background_waits code=%s", error.code)
                self._stopping.wait(FIRST_PAUSE_SECONDS)
        return []

    def _settle(self, forum: Forum, pause: float) -> bool:
        """Try once; return whether nothing is left to do for the forum."""
        try:
            if self._is_cancelled(forum):
                _log.info("encode_cancelled forum=%s", forum.name)
                return True
            with self._database().write() as c:
                store.queue_job(c, forum.id, JobKind.ENCODE, self._wish.options, datetime.now(UTC))
            if self._encode(forum) == 0 or self._is_cancelled(forum):
                return True
            with self._database().read() as c:
                row = store.get_job(c, forum.id, JobKind.ENCODE)
            code = row.code if row else None
        except (TriageError, OSError) as error:
            code = getattr(error, "code", type(error).__name__)
        if not self._stopping.is_set():
            said = "encode_failed forum=%s to=%s code=%s next_try_seconds=%.0f"
            _log.error(said, forum.name, self._wish, code, pause)
        return False

    def _is_cancelled(self, forum: Forum) -> bool:
        with self._database().read() as c:
            row = store.get_job(c, forum.id, JobKind.ENCODE)
        if row is None or row.options != self._wish.options:
            return False
        return row.cancel_wanted or row.state is JobState.CANCELLED

    def _encode(self, forum: Forum) -> int:
        command = [sys.executable, "-m", "triage", "encode", "--forum", forum.name]
        command += ["--to", self._wish.name, "--beside", str(os.getpid())]
        # What numpy brings along counts its threads by this variable.
        one = self._settings.environment(TRIAGE_TRAINING_THREADS="1", OMP_NUM_THREADS="1")
        with self._lock:
            if self._stopping.is_set():
                return 1
            self._process = subprocess.Popen(
                command, env=one, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
        _log.info("encode_started forum=%s to=%s", forum.name, self._wish)
        return self._process.wait()
