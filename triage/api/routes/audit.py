"""GET /v1/audit and its export: who did what to what, for administrators.

In: an administrator. Out: pages of the log, or all of it signed.
Not here: what is worth noting (every other endpoint that changes something).
"""

from collections.abc import Mapping
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response, StreamingResponse

from triage import store
from triage.api.access import KnownCaller
from triage.api.openapi import gives
from triage.api.problems import documented
from triage.api.replies import json_reply
from triage.api.routes.triage import COMMON
from triage.api.schemas.audit import AUDIT_REPLY, ActReply, AuditReply
from triage.audit.acting import Acting
from triage.audit.export import export_lines

router = APIRouter(tags=["operation"])

_LINES = "application/x-ndjson"
_MOST = 1000
_EXPORT: Mapping[int | str, dict[str, Any]] = {
    200: {
        "description": "An act each line; the last line says how many and is signed.",
        "content": {_LINES: {"example": AUDIT_REPLY["acts"][0]}},
    }
}
After = Annotated[int, Query(description="Give the acts whose number is above this.", ge=0)]
Limit = Annotated[int, Query(description="At most so many.", ge=1, le=_MOST)]


@router.get(
    "/v1/audit",
    summary="Read the log of privileged acts",
    description="Oldest first. Acts are only ever added; each carries a digest over itself and the"
    " one before it. It never holds what people asked.",
    response_model=AuditReply,
    responses={**gives(AUDIT_REPLY), **documented("bad_request", *COMMON)},
)
def read_audit(caller: KnownCaller, after: After = 0, limit: Limit = 200) -> Response:
    """Give a page of the log."""
    with caller.installation.database().read() as c:
        # One more than wanted tells whether there is a next page.
        rows = list(islice(store.iter_acts(c, caller.forum.id, after), limit + 1))
    page, more = rows[:limit], len(rows) > limit
    reply = AuditReply(
        acts=[ActReply.of(row) for row in page], next_after=page[-1].number if more else None
    )
    return json_reply(reply)


@router.get(
    "/v1/audit/export",
    summary="Take the whole log along",
    description="JSON lines, signed at their end; `python -m triage audit verify` checks such a"
    " file. That it was exported is noted as the last act in it.",
    response_class=Response,
    responses={**_EXPORT, **documented(*COMMON)},
)
def export_audit(caller: KnownCaller) -> Response:
    """Give all of the log, a line each."""
    database, forum = caller.installation.database(), caller.forum
    with database.write() as c:
        Acting(forum.id, caller.actor).note(c, "audit.export", "log")
        last = store.last_act(c, forum.id)
    signer = caller.installation.settings.audit_signer
    lines = export_lines(database, forum.id, forum.name, last, signer)
    return StreamingResponse(lines, media_type=_LINES)
