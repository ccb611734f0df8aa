"""/lead/review: what wants a person's word, one item at a time, and what they say of it.

In: a lead or an administrator, and the form of an item. Out: the page, or the next item at once.
Who sends a decision twice has it made once.
Not here: showing an item (pages.lead.review), what may become of one (reviewing).
"""

from datetime import UTC, datetime

from fastapi import Request
from starlette.responses import Response

from triage.api.pages.frame import Staff, StaffForm, pages_router
from triage.api.pages.lead.here import done, here_of, href
from triage.api.pages.lead.review import TAB, Queue, onward, queue_of, refused, review_page
from triage.api.pages.lead.review_sent import Undecided, verdict_of
from triage.api.pages.sessions import SignedIn
from triage.api.pages.sign_in import acting_as
from triage.api.problems import Problem
from triage.api.routes.reviews import reviewing_of
from triage.errors import TriageError

router = pages_router()


@router.get("/lead/review")
def review(request: Request, user: Staff) -> Response:
    """Show the first item of the queue."""
    return review_page(_queue(request, user), None)


@router.get("/lead/review/{review_id}")
def review_item(request: Request, user: Staff, review_id: str) -> Response:
    """Show one item of the queue."""
    return review_page(_queue(request, user), review_id)


@router.post("/lead/review/{review_id}/decide")
def post_decide(request: Request, user: Staff, review_id: str, form: StaffForm) -> Response:
    """Keep what somebody says of an item, and go on to the next one."""
    queue, acting = _queue(request, user), acting_as(user.user)
    try:
        # Whoever was first is named before it is looked at what this one says.
        row = queue.reviewing.open_to(review_id, acting)
        row = queue.reviewing.decide(review_id, verdict_of(row, form), acting, datetime.now(UTC))
    except Undecided as error:
        alarm = queue.here.part(f"missing_{error.missing}")
        return review_page(queue, review_id, alarm=alarm, status=422, typed=form)
    except (TriageError, Problem) as error:
        return refused(queue, review_id, error, form)
    return onward(queue, row)


@router.post("/lead/review/{review_id}/skip")
def post_skip(request: Request, user: Staff, review_id: str, form: StaffForm) -> Response:
    """Leave an item undecided, and go on to the next one."""
    queue, note = _queue(request, user), form.get("note", "").strip() or None
    try:
        row = queue.reviewing.skip(review_id, acting_as(user.user), datetime.now(UTC), note)
    except (TriageError, Problem) as error:
        return refused(queue, review_id, error, form)
    return onward(queue, row)


@router.post("/lead/review/{review_id}/undo")
def post_undo(request: Request, user: Staff, review_id: str, form: StaffForm) -> Response:
    """Take a decision back, and show the item again."""
    queue = _queue(request, user)
    try:
        queue.reviewing.undo(review_id, acting_as(user.user), datetime.now(UTC))
    except (TriageError, Problem) as error:
        return refused(queue, review_id, error, form)
    return done(request, TAB, "undone", href(TAB, review_id), **queue.onward)


def _queue(request: Request, user: SignedIn) -> Queue:
    here = here_of(request, user, TAB)
    return queue_of(here, reviewing_of(here.caller))
