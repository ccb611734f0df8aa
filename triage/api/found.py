"""What pages show that takes seconds to find: looks for drift, groups that rise, labels said.

In: how a server is set. Out: what is remembered of each, and long looks made by a process of their
own, at low priority, so that nobody who asks feels them.
Not here: remembering (remembered), what is looked at (watching, analytics, taxonomy).
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta

from triage import store
from triage.api.errands.child import NICE
from triage.api.remembered import Remembered
from triage.errors import JobLost
from triage.records import Forum, Target
from triage.reports.values import Row
from triage.settings import Settings
from triage.watching import Watched, Wish
from triage.watching.moments import date_of
from triage.watching.saying import heard

# With so many asks a look takes about a second: who asks for it may wait.
FEW = 4_000
PATIENCE_SECONDS = 20.0
_LONGEST_SECONDS = 600.0
_HOUR = timedelta(hours=1)

SaidLately = Mapping[Target, Sequence[store.SaidLabel]]


class Found:
    """What one server has found beside its requests."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self.looks: Remembered[Watched] = Remembered(_HOUR / 2, _HOUR / 2)
        # Of a day that is over only cases that are filed late can say something else.
        self.past_looks: Remembered[Watched] = Remembered(24 * _HOUR, 24 * _HOUR)
        self.candidates: Remembered[tuple[Row, ...]] = Remembered(_HOUR / 12, 24 * _HOUR)
        self.said: Remembered[SaidLately] = Remembered(_HOUR / 12, _HOUR)

    def close(self) -> None:
        """Seek nothing more, and end the process that looks, if there is one."""
        for one in (self.looks, self.past_looks, self.candidates, self.said):
            one.close()
        if self._process is not None:
            self._process.terminate()

    def look_beside(self, forum: Forum, wish: Wish, *, now: bool) -> Watched:
        """Return what a process of its own finds as of a day, or as of `now`. Raises JobLost."""
        arguments = ["drift", "--forum", forum.name, "--json", "--beside", str(os.getpid())]
        if not now:
            arguments += ["--as-of", date_of(wish.day - 1).isoformat()]
        if wish.since is not None:
            arguments += ["--since", date_of(wish.since).isoformat()]
        if wish.include_simulated:
            arguments.append("--simulated")
        process = self._process = subprocess.Popen(
            [sys.executable, "-m", "triage", *arguments],
            env=self._settings.environment(TRIAGE_TRAINING_THREADS="1", OMP_NUM_THREADS="1"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            os.setpriority(
                os.PRIO_PROCESS, process.pid, max(NICE, os.getpriority(os.PRIO_PROCESS, 0))
            )
            told, _ = process.communicate(timeout=_LONGEST_SECONDS)
        except subprocess.TimeoutExpired:
            raise JobLost from None
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            self._process = None
        if process.returncode != 0:
            raise JobLost
        return heard(json.loads(told))
