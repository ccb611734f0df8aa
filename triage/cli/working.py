"""Long work of a command: told to stop in order, beside a server, cancelled from another window.

In: the process id of a server, a forum's job. Out: this process at low priority, ended with it.
Not here: holding the job (jobs), what is done (encode, train).
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

import click

from triage import store
from triage.audit.acting import Acting
from triage.cli.common import say, typist
from triage.jobs import give_up
from triage.records import Forum, JobKind, JobState

_WATCH_SECONDS = 1.0
_NICE = 10

Command = TypeVar("Command", bound=Callable[..., Any])


def beside_option(command: Command) -> Command:
    """Add `--beside`."""
    return click.option(
        "--beside",
        type=int,
        metavar="PID",
        help="Run beside a server: at low priority, in one thread, and only while it lives.",
    )(command)


@contextmanager
def working(beside: int | None) -> Iterator[None]:
    """Let SIGTERM end the work in order, so that its claim is given back; run beside a server."""

    def stop(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    former = signal.signal(signal.SIGTERM, stop)
    try:
        if beside is not None:
            _yield_to_others()
            threading.Thread(target=_end_with, args=(beside,), daemon=True).start()
        yield
    finally:
        signal.signal(signal.SIGTERM, former)


def cancel_job(database: store.Database, forum: Forum, kind: JobKind, doing: str) -> None:
    """Have the forum's job given up, and say what that means; `doing` names the work."""
    note = Acting(forum.id, typist()).noting(f"{kind.value}.cancel", "job")
    job = give_up(database, forum.id, kind, note)
    if job is None or (job.is_over and job.state is not JobState.CANCELLED):
        say(f"forum {forum.name} is not being {doing}")
    elif job.cancel_wanted:
        say(f"forum {forum.name}: its process gives up within seconds")
    else:
        say(f"forum {forum.name}: cancelled")


def _yield_to_others() -> None:
    niceness = os.getpriority(os.PRIO_PROCESS, 0)
    os.setpriority(os.PRIO_PROCESS, 0, max(_NICE, niceness))


def _end_with(server: int) -> None:
    """End this process when the one that started it is gone."""
    while os.getppid() == server:
        time.sleep(_WATCH_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
