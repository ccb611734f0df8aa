"""Trials of policies, kept away from what answers people.

In: a forum, a version or a text, so many days. Out: what the trial tells. Few asks are tried here;
many by a process of its own, at low priority, of which there is one at a time.
Not here: the trial itself (policies.trial), how it is kept (policies.drafting).
"""

import json
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

from triage import store
from triage.api.errands.child import NICE
from triage.api.problems import Problem
from triage.errors import JobLost, NotEnoughData
from triage.policies.drafting import Policies
from triage.policies.in_force import InForce, of_row, policy_in_force
from triage.policies.trial import UNKEPT, try_policy
from triage.policy import read_policy
from triage.records import Forum
from triage.settings import Settings
from triage.store import PolicyRow

# So many take a tenth of a second; beyond, those who ask would feel it.
FEW = 1_000
_LONGEST_SECONDS = 300.0


class Trials:
    """What tries policies for one server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._one = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def close(self) -> None:
        """End the process that tries something, if there is one."""
        process = self._process
        if process is not None:
            process.terminate()

    def run(
        self,
        policies: Policies,
        forum: Forum,
        days: float,
        version: int | None = None,
        toml: str | None = None,
    ) -> dict[str, Any]:
        """Try a text, a version, or else the draft, and keep beside that what it tells.

        Raises NoPolicy, BadField, NotEnoughData, JobLost, PolicyRefused, and Problem `too_busy`.
        """
        row = None if toml is not None else policies.find(version)
        told = self._try(policies.database, forum, days, row, toml)
        policies.note_simulated(row, days, told)
        return told

    def _try(
        self,
        database: store.Database,
        forum: Forum,
        days: float,
        row: PolicyRow | None,
        toml: str | None,
    ) -> dict[str, Any]:
        draft = InForce(read_policy(toml or ""), UNKEPT) if row is None else of_row(row)
        now = datetime.now(UTC)
        since = now - timedelta(days=days)
        # A demo has hardly any other asks than made-up ones.
        made_up = {"include_simulated": self._settings.demo}
        with database.read() as c:
            current = policy_in_force(c, forum.id)
            sent = store.count_sent(c, forum.id, since, FEW + 1, **made_up)
        if sent <= FEW:
            return try_policy(database, forum.id, draft, current, days, now, **made_up).told()
        if not self._one.acquire(blocking=False):
            detail = "Another trial is being made on this server. Try again in a minute."
            raise Problem("too_busy", detail)
        try:
            return self._by_process(forum, days, row, toml)
        finally:
            self._process = None
            self._one.release()

    def _by_process(
        self, forum: Forum, days: float, row: PolicyRow | None, toml: str | None
    ) -> dict[str, Any]:
        which = ["-"] if row is None else ["--version", str(row.version)]
        arguments = ["policy", "simulate", *which, "--days", str(days), "--forum", forum.name]
        if self._settings.demo:
            arguments.append("--simulated")
        process = self._process = subprocess.Popen(
            [sys.executable, "-m", "triage", *arguments, "--json", "--beside", str(os.getpid())],
            env=self._settings.environment(TRIAGE_TRAINING_THREADS="1", OMP_NUM_THREADS="1"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        os.setpriority(os.PRIO_PROCESS, process.pid, max(NICE, os.getpriority(os.PRIO_PROCESS, 0)))
        try:
            told, said = process.communicate((toml or "").encode(), timeout=_LONGEST_SECONDS)
        except BaseException as error:
            process.kill()
            process.wait()
            if isinstance(error, subprocess.TimeoutExpired):
                raise JobLost from None
            raise
        if process.returncode != 0:
            if f"error {NotEnoughData.code}:".encode() in said:
                raise NotEnoughData("There is no ask to try a policy on.")
            raise JobLost
        found: dict[str, Any] = json.loads(told)
        return found
