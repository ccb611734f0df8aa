"""/lead/training: start a run, follow it, have it given up.

In: a lead or an administrator, and the page's form. Out: the page, which its script keeps up to
date with the events of `/v1/training-runs/current/events`.
Not here: those events (training), what the page shows (pages.lead.training).
"""

from fastapi import Request
from starlette.responses import Response

from triage.api.pages.frame import Form, Staff, StaffForm, pages_router
from triage.api.pages.lead.here import Here, done, here_of, href, lead_page, trouble
from triage.api.pages.lead.training import TAB, Unreadable, order_of, training_values
from triage.api.problems import PROBLEMS, Problem
from triage.api.training_runs import ask_for_run, cancel_the_run, the_run
from triage.errors import TriageError
from triage.records import JobState

router = pages_router()

_NOTHING: frozenset[str] = frozenset()


@router.get("/lead/training")
def training(request: Request, user: Staff) -> Response:
    """Show the run, and those before."""
    return _page(here_of(request, user, TAB))


@router.post("/lead/training")
def post_training(request: Request, user: Staff, form: StaffForm) -> Response:
    """Ask for a run."""
    here = here_of(request, user, TAB)
    try:
        ask_for_run(here.caller, order_of(form))
    except Unreadable as error:
        return _page(here, 422, here.part("wrong_fields"), form, error.fields)
    except (TriageError, Problem) as error:
        return _page(here, PROBLEMS[error.code].status, trouble(here, error), form)
    return done(request, TAB, "started")


@router.post("/lead/training/cancel")
def post_cancel(request: Request, user: Staff, form: StaffForm) -> Response:
    """Have the run given up; one that has ended meanwhile stays as it is."""
    here = here_of(request, user, TAB)
    try:
        job = the_run(here.caller)
        # Who looks at a page of yesterday does not mean the run that was begun since.
        if form.get("asked_at", job.queued_at.isoformat()) == job.queued_at.isoformat():
            job = cancel_the_run(here.caller)
    except (TriageError, Problem) as error:
        return _page(here, PROBLEMS[error.code].status, trouble(here, error), form)
    given_up = job.cancel_wanted or job.state is JobState.CANCELLED
    return done(request, TAB, "cancelling" if given_up else "too_late")


def _page(
    here: Here,
    status: int = 200,
    alarm: str = "",
    typed: Form | None = None,
    wrong: frozenset[str] = _NOTHING,
) -> Response:
    return lead_page(
        here.request,
        here.user,
        TAB,
        "lead/training",
        status=status,
        alarm=alarm,
        here=here,
        typed=typed or {},
        wrong=wrong,
        path=href(TAB) if alarm else None,
        **training_values(here),
    )
