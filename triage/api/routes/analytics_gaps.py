"""POST /analytics/gaps/{gap_id}: somebody takes a gap, has answered it, or puts it aside.

In: a lead or an administrator, and the form of the tab of gaps. Out: the tab again. Who sends it
twice has it changed once.
Not here: showing gaps (pages.analytics.working), what may become of one (analytics.gap_tasks).
"""

from datetime import UTC, datetime

from fastapi import Request
from starlette.responses import Response

from triage.analytics.filters import read_filters
from triage.analytics.gap_tasks import change_gap
from triage.api.access import installation_of
from triage.api.pages.analytics.here import address
from triage.api.pages.frame import Staff, StaffForm, go, pages_router
from triage.api.pages.sign_in import acting_as
from triage.api.problems import FieldProblem, bad_request
from triage.errors import BadField, NoThread
from triage.store import GapState

router = pages_router()


@router.post("/analytics/gaps/{gap_id}")
def post_gap(request: Request, user: Staff, gap_id: str, form: StaffForm) -> Response:
    """Change the task of a gap, and show the gaps of the same asks again."""
    mine, said = user.user, "changed"
    filters = read_filters(dict(request.query_params))
    state = form.get("state", "")
    if state not in set(GapState):
        raise bad_request([FieldProblem("state", f"is none of {', '.join(GapState)}")])
    thread_id = form.get("thread_id", "").strip() or None
    wanted = GapState(state)
    # The field stands beside all buttons; it is meant for one of them.
    named = thread_id if wanted is GapState.ANSWERED else None
    try:
        with installation_of(request).database().write() as c:
            change_gap(c, mine.forum.id, gap_id, wanted, named, acting_as(mine), datetime.now(UTC))
    except (BadField, NoThread):
        said = "no_thread"
    return go(request, address("/analytics/gaps", (*filters.query(), ("said", said))))
