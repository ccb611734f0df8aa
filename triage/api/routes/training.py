"""/v1/training-runs: start a run, follow it, have it given up.

In: what a lead wants. Out: the forum's run as it stands in its row. The run itself is made by a
process beside whichever server finds the row first.
Not here: that process (errands.background, errands.train), training (learn), earlier runs (models).
"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from starlette.responses import Response

from triage.api.access import Caller, Credentials, KnownCaller, find_caller
from triage.api.bodies import read_body
from triage.api.event_streams import MEDIA_TYPE, EventStream, State
from triage.api.examples import training as examples
from triage.api.idempotency import SentOnce, once
from triage.api.openapi import gives, takes
from triage.api.problems import documented
from triage.api.replies import json_reply
from triage.api.routes.triage import COMMON, ONCE, READS
from triage.api.schemas.training import FINAL, TrainingRequest, TrainingRunReply
from triage.api.training_runs import ask_for_run, cancel_the_run, the_run

router = APIRouter(tags=["learning"])

CURRENT = "/v1/training-runs/current"
_EVENTS: Mapping[int | str, dict[str, Any]] = {
    200: {
        "description": "Events, until the run has ended.",
        "content": {MEDIA_TYPE: {"example": examples.TRAINING_EVENTS}},
    },
    204: {"description": "The run has ended, and the listener knows it."},
}


@router.post(
    "/v1/training-runs",
    summary="Start a training run",
    description="A process beside the server trains at low priority; the forum is served as before"
    " until the new version has passed the gate. A forum has one run at a time: while one waits or"
    " is made, wherever it was started, this is 409 `job_taken`.",
    status_code=202,
    response_model=TrainingRunReply,
    responses={
        **gives(examples.TRAINING_ASKED, 202),
        **documented(*READS, "job_taken", "body_too_large", *ONCE, *COMMON),
    },
    openapi_extra=takes(TrainingRequest, examples.TRAINING_REQUEST),
)
def start_run(caller: KnownCaller, request: SentOnce) -> Response:
    """Write down what is to be done; a process beside a server does it."""
    asked = read_body(request.body or b"{}", TrainingRequest)

    def act() -> str:
        return TrainingRunReply.of(ask_for_run(caller, asked)).model_dump_json()

    return once(caller, request, act, status=202, headers={"Location": CURRENT})


@router.get(
    CURRENT,
    summary="See how far a training run is",
    description="The run that waits or is made, or else the last one. `queued_at` tells one run"
    " from the next.",
    response_model=TrainingRunReply,
    responses={**gives(examples.TRAINING_RUN), **documented("no_job", *COMMON)},
)
def get_run(caller: KnownCaller) -> Response:
    """Tell of the run."""
    return json_reply(TrainingRunReply.of(the_run(caller)))


@router.get(
    f"{CURRENT}/events",
    summary="Follow a training run",
    description="Server-sent events named `run`: the reply of the address above at once and on"
    " every change, and a comment every ten seconds. The stream ends with the run. With the id of"
    " the last event in `Last-Event-ID` only what is new is sent; 204 when nothing more can come.",
    response_class=Response,
    responses={**_EVENTS, **documented("no_job", "bad_request", "too_many_streams", *COMMON)},
)
def follow_run(
    request: Request,
    credentials: Credentials,
    caller: KnownCaller,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """Keep telling of the run until it has ended."""
    state = _state(caller)
    if state.final and state.id == last_event_id:
        return Response(status_code=204)

    def may_listen() -> bool:
        # A key that is revoked hears no more.
        return find_caller(request, credentials) is not None

    streams = caller.installation.streams
    return EventStream(streams, lambda: _state(caller), may_listen, last_event_id)


@router.post(
    f"{CURRENT}/cancel",
    summary="Cancel a training run",
    description="A run that waits is cancelled at once, one that is made within seconds; nothing of"
    " it is published. One that has ended stays as it is.",
    response_model=TrainingRunReply,
    responses={**gives(examples.TRAINING_CANCELLED), **documented("no_job", *COMMON)},
)
def cancel_run(caller: KnownCaller) -> Response:
    """Have the run given up, whoever started it."""
    return json_reply(TrainingRunReply.of(cancel_the_run(caller)))


def _state(caller: Caller) -> State:
    run = TrainingRunReply.of(the_run(caller))
    return State("run", run.model_dump_json(), run.state in FINAL)
