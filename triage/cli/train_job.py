"""A training run as the forum's job: one at a time, told of while it runs, ended in order.

In: what was typed, or what was asked for through the API. Out: what the run made, kept in the
job's row as well.
Not here: the row (jobs), the run itself (learn), showing its verdict (train).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

import click

from triage import store
from triage.audit.acting import Acting
from triage.cli.common import say
from triage.cli.working import beside_option, working
from triage.embedding import Progress
from triage.errors import JobTaken
from triage.jobs import held
from triage.learn.training import Trained
from triage.orders import TrainingOrder
from triage.records import Forum, JobKind, JobState

Command = TypeVar("Command", bound=Callable[..., Any])
# How a run says that a step begins; other lines tell more of the step.
_STEP = re.compile(r"step (?P<step>\d+) of (?P<steps>\d+):")
Run = Callable[[TrainingOrder, Progress], Trained]


@dataclass(frozen=True, slots=True)
class Manner:
    """How a run comes to its turn, and beside what it runs."""

    wait: bool
    queued: bool
    cancel: bool
    beside: int | None


def manner_options(command: Command) -> Command:
    """Add `--wait`, `--queued`, `--cancel` and `--beside`, given to the command as `manner`."""

    @beside_option
    @click.option("--wait", is_flag=True, help="Wait while another run is at work on the forum.")
    @click.option(
        "--queued", is_flag=True, help="Do the run that was asked for through the API, as asked."
    )
    @click.option("--cancel", is_flag=True, help="Have the run under way given up.")
    @wraps(command)
    def with_manner(
        *, wait: bool, queued: bool, cancel: bool, beside: int | None, **others: object
    ) -> object:
        return command(manner=Manner(wait, queued, cancel, beside), **others)

    return with_manner  # type: ignore[return-value]


def run_as_job(
    database: store.Database, forum: Forum, order: TrainingOrder, manner: Manner, run: Run
) -> Trained:
    """Run while this process holds the forum's training; return what was made.

    Exits with 1 when the run is cancelled. Raises JobTaken, and NoJob with `queued`.
    """
    told: list[str] = []

    def wait(error: JobTaken) -> None:
        if str(error) not in told:
            told.append(str(error))
            say(f"waiting: {error}")

    # What a person stops is over; what the server stops is taken up again by the next one.
    stopped = JobState.QUEUED if manner.queued else JobState.CANCELLED
    with (
        working(manner.beside),
        held(
            database,
            forum.id,
            JobKind.TRAIN,
            None if manner.queued else order.as_options(),
            stopped=stopped,
            unless_asked=True,
            waiting=wait if manner.wait else None,
            # What was asked for was noted when it was.
            note=None if manner.queued else _noting(forum, order),
        ) as job,
    ):

        def tell(line: str) -> None:
            step = _STEP.match(line)
            if step is not None:
                job.report(int(step["step"]) - 1, int(step["steps"]))
            job.tell(line)
            # Beside a server the row is enough: its log is for the operator.
            if manner.beside is None:
                say(line)

        trained = run(TrainingOrder.of(job.options), tell)
        job.done(result_of(trained))
    if job.cancelled:
        say(f"{forum.name}: cancelled; nothing was published")
        raise SystemExit(1)
    return trained


def _noting(forum: Forum, order: TrainingOrder) -> store.Note:
    return Acting(forum.id, order.actor).noting("train.start", "job", after=order.as_options())


def result_of(trained: Trained) -> dict[str, Any]:
    """Return what came of a run, short enough for a job's row; the manifest has the rest."""
    return {
        "version": trained.written.version if trained.written else None,
        "live": trained.live,
        "refused": trained.refused,
        "says": trained.verdict.sentence(),
        "verdict": trained.verdict.facts(),
        "cases": trained.cases,
        "doubts": trained.doubts,
        "abstaining": {target.value: why for target, why in trained.missing.items()},
    }
