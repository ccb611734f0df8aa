"""POST /v1/events/beacon: events of a page that is being left.

In: what `navigator.sendBeacon` can send, which is a body without headers of one's own: the
publishable key stands in it. Out: what became of each event, for whoever waits for an answer.
Not here: what becomes of events (events), keys and sites (access).
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.security import HTTPAuthorizationCredentials
from starlette.responses import Response

from triage.api.access import Caller, Credentials, admit
from triage.api.bodies import Raw, read_body
from triage.api.examples import asking as examples
from triage.api.idempotency import SentOnce
from triage.api.matrix import VISITOR_HEADER
from triage.api.openapi import gives, takes
from triage.api.problems import documented
from triage.api.routes.events import keep_batch
from triage.api.routes.triage import COMMON, ONCE, READS
from triage.api.schemas.event import BeaconBody, BeaconSender, EventBatchReply
from triage.errors import WrongRole

router = APIRouter(tags=["ask"])


def sender(request: Request, credentials: Credentials, body: Raw) -> Caller:
    """Return who sends a beacon, by its headers or else by its body.

    Raises as `admit` does, and WrongRole for a secret key in a body, where no server puts one.
    """
    token = request.headers.get(VISITOR_HEADER)
    if credentials is not None and credentials.credentials:
        return admit(request, credentials, token)
    sent = read_body(body, BeaconSender)
    if sent.key:
        credentials = HTTPAuthorizationCredentials(scheme="Bearer", credentials=sent.key)
    caller = admit(request, credentials, token or sent.visitor)
    if caller.trusted:
        raise WrongRole(caller.role, "a publishable key, or `Authorization`")
    return caller


@router.post(
    "/v1/events/beacon",
    summary="Tell what happened, on leaving a page",
    description="As `POST /v1/events`, for `navigator.sendBeacon`: the publishable key and, where"
    " there is one, the visitor's token stand in the body, which may come as `text/plain`, so that"
    " no browser asks beforehand. What is sent twice counts once, by its `event_id`.",
    status_code=202,
    response_model=EventBatchReply,
    responses={
        **gives(examples.EVENT_BATCH_REPLY, 202),
        **documented(*READS, "body_too_large", "too_much", *ONCE, *COMMON),
    },
    openapi_extra=takes(BeaconBody, examples.BEACON),
)
def put_beacon(caller: Annotated[Caller, Depends(sender)], request: SentOnce) -> Response:
    """Keep the events that are new and sound."""
    return keep_batch(caller, request, status=202)
