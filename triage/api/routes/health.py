"""Whether the server lives, and whether it can serve.

In: nothing, or a key. Out: yes or no; to the holder of a key, how each part stands.
Not here: opening parts (installation).
"""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from triage import store
from triage.api.access import Caller, Credentials, find_caller, installation_of
from triage.api.examples import asking as examples
from triage.api.openapi import gives
from triage.api.schemas.channel import UNSETTLED
from triage.api.schemas.triage import Told
from triage.errors import TriageError
from triage.records import DeliveryState

router = APIRouter(tags=["operation"])


class Health(Told):
    """The process answers."""

    status: str


class Ready(Told):
    """Whether calls can be served; `parts` only to the holder of a secret key."""

    ready: bool
    parts: dict[str, Any] | None = None


@router.get(
    "/health",
    summary="Does the process live?",
    description="200 as long as the process answers. Restart it when it does not.",
    response_model=Health,
    responses=gives(examples.HEALTH),
)
def get_health() -> Response:
    """Say that the process lives."""
    return JSONResponse({"status": "ok"})


@router.get(
    "/ready",
    summary="Can calls be served?",
    description="503 while the store or the encoder is missing, which are tried again by this call,"
    " or while questions with known answers do not find them (`canaries_failed`)."
    " With a valid secret key of any role the reply says how each part stands.",
    response_model=Ready,
    responses={
        **gives(examples.READY),
        503: {
            "description": "Not now.",
            "content": {"application/json": {"example": {"ready": False}}},
        },
    },
)
def get_ready(request: Request, credentials: Credentials) -> Response:
    """Say whether calls can be served."""
    troubles = installation_of(request).troubles()
    ready = not any(troubles.values())
    reply: dict[str, Any] = {"ready": ready}
    parts = {name: error.code if error else "ok" for name, error in troubles.items()}
    # What fails to find known answers can still say how it stands.
    opens = troubles["store"] is None and troubles["encoder"] is None
    more = _for_key_holder(request, credentials, opens) if troubles["store"] is None else None
    if more is not None:
        reply["parts"] = {**parts, **more}
    return JSONResponse(reply, status_code=200 if ready else 503)


def _for_key_holder(
    request: Request, credentials: Credentials, opens: bool
) -> dict[str, Any] | None:
    """Return what only the holder of a key is told; None to everyone else."""
    try:
        caller = find_caller(request, credentials)
        # A publishable key is everybody's, and what is told here is for who runs the server.
        if caller is None or (caller.key is not None and caller.key.publishable):
            return None
        state = dict(caller.desk.state()) if opens else {}
        told = _channels(caller)
        sung = caller.installation.aviary.told(caller.forum.name)
    except TriageError:
        # Lost since it was tried a moment ago: the next call will say so.
        return None
    return {"forum": caller.forum.name, **state, "canaries_sung": sung, "channels": told}


def _channels(caller: Caller) -> dict[str, int]:
    """Return how it stands with handing over, in numbers: nobody's address, nobody's words."""
    forum_id = caller.forum.id
    with caller.installation.database().read() as c:
        rows = store.list_channels(c, forum_id)
        counts = store.count_deliveries(c, forum_id, UNSETTLED).values()
    return {
        "all": len(rows),
        "resting": sum(row.failures >= store.RESTS_AFTER for row in rows),
        "disabled": sum(row.disabled_at is not None for row in rows),
        "waiting": sum(states.get(DeliveryState.PENDING, 0) for states in counts),
        "dead": sum(states.get(DeliveryState.DEAD, 0) for states in counts),
    }
