"""/v1/gaps: what many ask and nothing answers yet, and who writes the answer.

In: analysts and leads who look, leads who take, answer or dismiss a gap. Out: gaps.
Not here: which gaps there are (analytics.gaps), the same as a page (pages.analytics).
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from triage.analytics.context import Context
from triage.analytics.filters import Filters, read_filters
from triage.analytics.gap_tasks import change_gap
from triage.analytics.gaps import gap_rows
from triage.analytics.viewing import view_of
from triage.api.access import KnownCaller
from triage.api.bodies import read_body
from triage.api.idempotency import SentOnce, once
from triage.api.openapi import gives, takes
from triage.api.problems import documented
from triage.api.replies import json_reply
from triage.api.routes.triage import COMMON, ONCE, READS
from triage.api.schemas import gap as examples
from triage.api.schemas.chosen import Chosen
from triage.api.schemas.gap import GapReply, GapRequest, GapsReply, GapTaskReply
from triage.api.schemas.report import From, InZone, To
from triage.audit.acting import Acting

router = APIRouter(tags=["measuring"])

GapId = Annotated[str, Path(max_length=100)]
Limit = Annotated[int, Query(description="At most so many.", ge=1, le=500)]


def _filters(
    chosen: Annotated[Chosen, Depends()],
    since: From = None,
    until: To = None,
    time_zone: InZone = "UTC",
) -> Filters:
    """Return which asks are looked at: of whole days. Raises BadField."""
    said = {**asdict(chosen), "from": since, "to": until, "zone": time_zone}
    if chosen.newcomer is not None:
        said["newcomer"] = "yes" if chosen.newcomer else "no"
    given: Mapping[str, str] = {name: value for name, value in said.items() if value is not None}
    return read_filters(given)


@router.get(
    "/v1/gaps",
    summary="List gaps",
    description="Groups of asks of one meaning for which there was nothing good to show, those"
    " first whose answer spares most persons a post; then what is answered, with what that moved,"
    " and what was dismissed. Numbers of all, and words that at least three persons used.",
    response_model=GapsReply,
    responses={**gives(examples.GAPS), **documented("bad_request", "bad_field", *COMMON)},
)
def list_gaps(
    caller: KnownCaller, filters: Annotated[Filters, Depends(_filters)], limit: Limit = 50
) -> Response:
    """Give the gaps of a period."""
    database, forum_id, now = caller.installation.database(), caller.forum.id, datetime.now(UTC)
    # One at a time, as a report: it may be of many asks.
    with caller.installation.reporting:
        view = view_of(database, forum_id, filters, now)
        with database.read() as c:
            rows = list(gap_rows(Context(database, c, forum_id, view, now)))
    return json_reply(GapsReply(gaps=[GapReply.of(row) for row in rows[:limit]]))


@router.post(
    "/v1/gaps/{gap_id}",
    summary="Take, answer or dismiss a gap",
    description="`drafting`: whoever says so writes the answer. `answered`: the thread that"
    " `thread_id` names answers it from now on, and what that moves is measured. `dismissed`: it"
    " needs none. `open`: somebody else may take it.",
    response_model=GapTaskReply,
    responses={
        **gives(examples.TASK),
        **documented("no_gap", "no_thread", *READS, "body_too_large", *ONCE, *COMMON),
    },
    openapi_extra=takes(GapRequest, examples.WANTED),
)
def post_gap(caller: KnownCaller, gap_id: GapId, request: SentOnce) -> Response:
    """Keep what becomes of a gap."""
    body = read_body(request.body, GapRequest)
    forum_id = caller.forum.id

    def act() -> str:
        acting, now = Acting(forum_id, caller.actor), datetime.now(UTC)
        with caller.installation.database().write() as c:
            task = change_gap(c, forum_id, gap_id, body.state, body.thread_id, acting, now)
        return GapTaskReply.of(task).model_dump_json()

    return once(caller, request, act)
