"""/v1/holdout and /v1/event-bursts: from whom suggestions are withheld, and what is put aside.

In: leads, administrators; analysts see. Out: shares, bursts, and what became of them.
Not here: assigning (assigning), putting aside (store), figures (reports).
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from triage import store
from triage.api.access import Caller, KnownCaller
from triage.api.bodies import read_body
from triage.api.idempotency import SentOnce, once
from triage.api.openapi import gives, takes
from triage.api.problems import FieldProblem, bad_request, documented
from triage.api.replies import json_reply
from triage.api.routes.triage import COMMON, ONCE, READS
from triage.api.schemas import measuring as schemas
from triage.api.schemas.measuring import (
    BurstReply,
    BurstsReply,
    HoldoutReply,
    HoldoutRequest,
    SettleRequest,
)
from triage.assigning import Shares
from triage.audit.acting import Acting
from triage.measuring.steering import set_shares, settle_burst

router = APIRouter(tags=["measuring"])

_PERSONS_OF = timedelta(days=28)
_MOST = 100


@router.get(
    "/v1/holdout",
    summary="See from whom suggestions are withheld",
    response_model=HoldoutReply,
    responses={**gives(schemas.HOLDOUT_REPLY), **documented(*COMMON)},
)
def read_holdout(caller: KnownCaller) -> HoldoutReply:
    """Tell the shares that hold."""
    with caller.installation.database().read() as c:
        return _told(c, caller)


@router.put(
    "/v1/holdout",
    summary="Set from whom suggestions are withheld",
    description="A share of those who ask, by a hash of the person, is suggested nothing, so that"
    " it can be known what suggestions do. Asks that were begun keep their arm. 0 switches it off.",
    response_model=HoldoutReply,
    responses={**gives(schemas.HOLDOUT_REPLY), **documented(*READS, "body_too_large", *COMMON)},
    openapi_extra=takes(HoldoutRequest, schemas.HOLDOUT_REQUEST),
)
def set_holdout(caller: KnownCaller, request: SentOnce) -> Response:
    """Let other shares hold from now on."""
    wanted = read_body(request.body, HoldoutRequest)
    shares, acting = Shares(wanted.share, wanted.by_language), Acting(caller.forum.id, caller.actor)
    with caller.installation.database().write() as c:
        set_shares(c, acting, shares, _default(caller), datetime.now(UTC))
        reply = _told(c, caller)
    return json_reply(reply)


@router.get(
    "/v1/event-bursts",
    summary="See what events are put aside",
    description="Over 50 things done by one person within an hour count in no measure and no"
    " training until somebody has looked at them. The latest first.",
    response_model=BurstsReply,
    responses={**gives(schemas.BURSTS_REPLY), **documented("bad_request", *COMMON)},
)
def list_bursts(
    caller: KnownCaller,
    state: Annotated[store.BurstState | None, Query(description="Only those.")] = None,
    after: Annotated[str | None, Query(description="`next_after` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=_MOST)] = 50,
) -> BurstsReply:
    """Give a page of bursts."""
    seen = None if after is None else _place(after)
    with caller.installation.database().read() as c:
        forum_id = caller.forum.id
        rows = store.list_bursts(c, forum_id, state=state, after=seen, limit=limit + 1)
        page = rows[:limit]
        bursts = [BurstReply.of(r, store.burst_contents(c, forum_id, r.id)) for r in page]
    last = page[-1] if len(rows) > limit else None
    return BurstsReply(
        bursts=bursts,
        next_after=f"{last.last_at:%Y-%m-%dT%H:%M:%S.%f}Z_{last.id}" if last else None,
    )


@router.post(
    "/v1/event-bursts/{burst_id}/settle",
    summary="Decide what becomes of a burst",
    description="What is left out can be let count later; what counts cannot be put aside again.",
    response_model=BurstReply,
    responses={
        **gives(schemas.SETTLED_REPLY),
        **documented(*READS, "body_too_large", "no_burst", "burst_counts", *ONCE, *COMMON),
    },
    openapi_extra=takes(SettleRequest, {"counts": False}),
)
def settle(caller: KnownCaller, burst_id: str, request: SentOnce) -> Response:
    """Let the events of a burst count, or leave them out."""
    counts = read_body(request.body, SettleRequest).counts
    acting = Acting(caller.forum.id, caller.actor)

    def act() -> str:
        with caller.installation.database().write() as c:
            row = settle_burst(c, acting, burst_id, counts=counts, at=datetime.now(UTC))
            held = store.burst_contents(c, caller.forum.id, burst_id)
        return BurstReply.of(row, held).model_dump_json()

    return once(caller, request, act)


def _told(c: store.Connection, caller: Caller) -> HoldoutReply:
    rows = store.list_holdouts(c, caller.forum.id)
    arms = store.count_arms(c, caller.forum.id, datetime.now(UTC) - _PERSONS_OF)
    return HoldoutReply.of(rows, _default(caller), arms)


def _default(caller: Caller) -> Shares:
    return Shares(caller.installation.settings.usual_holdout)


def _place(after: str) -> tuple[datetime, str]:
    at, _, last = after.partition("_")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise bad_request([FieldProblem("after", "is no `next_after` of a page")]) from error
    if moment.tzinfo is None or not last:
        raise bad_request([FieldProblem("after", "is no `next_after` of a page")])
    return moment, last
