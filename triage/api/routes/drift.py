"""/v1/drift: somebody has seen what was told of drift.

In: a lead's or administrator's key, or page; an alert. Out: the alert as it is then.
Not here: looking and telling (watching), the page (lead_drift).
"""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from triage.api.access import KnownCaller
from triage.api.bodies import Raw, read_body
from triage.api.examples import drift as examples
from triage.api.openapi import gives, takes
from triage.api.problems import documented
from triage.api.replies import json_reply
from triage.api.routes.triage import COMMON, READS
from triage.api.schemas.drift import DriftAlertReply, DriftSeenRequest
from triage.audit.acting import Acting
from triage.watching import see

router = APIRouter(tags=["learning"])

AlertId = Annotated[str, Path(max_length=300)]


@router.post(
    "/v1/drift/alerts/{alert_id}/seen",
    summary="Say that an alert of drift was seen",
    description="`alert_id` is the id of the message `drift.found`. Once more changes nothing: who"
    " saw it first stays, and what they said.",
    response_model=DriftAlertReply,
    responses={
        **gives(examples.ALERT_SEEN),
        **documented(*READS, "no_alert", "body_too_large", *COMMON),
    },
    openapi_extra=takes(DriftSeenRequest, examples.SEEN_REQUEST),
)
def see_alert(caller: KnownCaller, alert_id: AlertId, body: Raw) -> Response:
    """Note who has seen an alert of drift."""
    asked = read_body(body or b"{}", DriftSeenRequest)
    with caller.installation.database().write() as c:
        acting = Acting(caller.forum.id, caller.actor)
        alert = see(c, acting, alert_id, asked.reason or "", datetime.now(UTC))
    return json_reply(DriftAlertReply.of(alert))
