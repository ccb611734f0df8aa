"""A forum's training run, as whoever leads it asks for it, looks at it and has it given up.

In: a caller, and what was sent. Out: the row of the run; acts are noted. Pages and `/v1` come here.
Not here: the run itself (errands.train, learn), its row (store), how it is told (schemas, pages).
"""

from triage import store
from triage.api.access import Caller
from triage.api.schemas.training import FINAL, TrainingRequest
from triage.audit.acting import Acting
from triage.errors import NoJob
from triage.jobs import ask_for, give_up
from triage.records import JobKind


def ask_for_run(caller: Caller, asked: TrainingRequest) -> store.JobRow:
    """Ask for a run. Raises JobTaken while one waits or is made."""
    options = asked.order(caller.actor).as_options()
    note = Acting(caller.forum.id, caller.actor).noting("train.start", "job", after=options)
    database = caller.installation.database()
    return ask_for(database, caller.forum.id, JobKind.TRAIN, options, note)


def the_run(caller: Caller) -> store.JobRow:
    """Return the run that waits or is made, or else the last one. Raises NoJob."""
    with caller.installation.database().read() as c:
        job = store.get_job(c, caller.forum.id, JobKind.TRAIN)
    if job is None:
        raise NoJob(JobKind.TRAIN, "was ever asked for")
    return job


def cancel_the_run(caller: Caller) -> store.JobRow:
    """Have the run given up, whoever started it; one that has ended stays. Raises NoJob."""
    job = the_run(caller)
    if job.state.value in FINAL:
        return job
    note = Acting(caller.forum.id, caller.actor).noting("train.cancel", "job")
    give_up(caller.installation.database(), caller.forum.id, JobKind.TRAIN, note)
    return the_run(caller)
