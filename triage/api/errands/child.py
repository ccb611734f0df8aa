"""The one process beside the server, which never imports what that process does.

In: the arguments of a command. Out: its exit code. It runs at low priority and in one thread, and
ends when the server does.
Not here: which command (kinds), whose turn it is (background).
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence

from triage.settings import Settings

NICE = 10
_LOOK_SECONDS = 0.5
_GRACE_SECONDS = 10.0
# Work that is to be given up ends by itself between two steps, which is the better way.
_PATIENCE_SECONDS = 5.0


class Child:
    """Runs one command at a time until it is stopped for good."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False
        self._lock = threading.Lock()

    def run(self, arguments: Sequence[str], is_unwanted: Callable[[], bool]) -> int:
        """Run a command to its end; one that is unwanted is told to end, and then made to.

        Raises OSError when it cannot be started.
        """
        command = [sys.executable, "-m", "triage", *arguments, "--beside", str(os.getpid())]
        # What numpy brings along counts its threads by this variable.
        one = self._settings.environment(TRIAGE_TRAINING_THREADS="1", OMP_NUM_THREADS="1")
        with self._lock:
            if self._stopped:
                return 1
            process = self._process = subprocess.Popen(
                command, env=one, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
        # Importing what it needs takes a while: not only its work is to be at low priority.
        os.setpriority(os.PRIO_PROCESS, process.pid, max(NICE, os.getpriority(os.PRIO_PROCESS, 0)))
        unwanted_since: float | None = None
        while True:
            try:
                return process.wait(_LOOK_SECONDS)
            except subprocess.TimeoutExpired:
                pass
            if unwanted_since is None:
                unwanted_since = time.monotonic() if is_unwanted() else None
            elif time.monotonic() - unwanted_since > _PATIENCE_SECONDS:
                _end(process)

    def stop(self) -> None:
        """End the process there is; return when it has ended. None is started any more."""
        with self._lock:
            self._stopped = True
            process = self._process
        if process is not None:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
