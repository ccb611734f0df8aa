"""/v1/deliveries: what was handed over, what waits, what was given up; for leads.

In: what is looked for, or which is to be tried anew or let go. Out: deliveries, newest first.
Not here: delivering and tending it (delivering), channels (channels), what single persons are told.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from triage import store
from triage.api.access import Caller, KnownCaller
from triage.api.bodies import read_body
from triage.api.examples import handing as examples
from triage.api.idempotency import SentOnce, once
from triage.api.openapi import gives, takes
from triage.api.problems import FieldProblem, bad_request, documented
from triage.api.replies import json_reply
from triage.api.routes.channels import ChannelId
from triage.api.routes.triage import COMMON, ONCE, READS
from triage.api.schemas.delivery import (
    DeliveriesReply,
    DeliveryDetailReply,
    DeliveryReply,
    ReplayedReply,
    ReplayRequest,
)
from triage.audit.acting import Acting
from triage.delivering.tending import replay_all, replay_one, skip_one, system_delivery
from triage.records import DeliveryState

router = APIRouter(tags=["hand-over"])

MessageId = Annotated[str, Path(max_length=100)]
State = Annotated[DeliveryState | None, Query(description="Only of this state.")]
Named = Annotated[str | None, Query(max_length=300)]
After = Annotated[
    str | None, Query(description="Give those behind this one: `next_after`.", max_length=20)
]
Limit = Annotated[int, Query(description="At most so many.", ge=1, le=200)]
Tend = Callable[[store.Connection, Acting, str, str, datetime], store.DeliveryRow]
_ACTS = ("no_delivery", "illegal_delivery", "bad_request", "body_too_large", *ONCE, *COMMON)


@router.get(
    "/v1/deliveries",
    summary="List deliveries",
    description="Newest first. `state=dead` are those that were given up: each holds back what is"
    " behind it of its stream until it is replayed or skipped.",
    response_model=DeliveriesReply,
    responses={**gives(examples.DELIVERIES), **documented("bad_request", *COMMON)},
)
def list_deliveries(
    caller: KnownCaller,
    state: State = None,
    channel_id: Named = None,
    question_id: Named = None,
    after: After = None,
    limit: Limit = 50,
) -> Response:
    """Give a page of deliveries."""
    with caller.installation.database().read() as c:
        rows = store.list_deliveries(
            c,
            caller.forum.id,
            channel_id=channel_id,
            state=state,
            question_id=question_id,
            before=None if after is None else _number(after),
            limit=limit + 1,
        )
    page = rows[:limit]
    more = str(page[-1].id) if len(rows) > limit else None
    told = [DeliveryReply.of(row) for row in page]
    return json_reply(DeliveriesReply(deliveries=told, next_after=more))


@router.get(
    "/v1/deliveries/{channel_id}/{message_id}",
    summary="Get a delivery",
    description="With what is delivered, and every attempt that failed.",
    response_model=DeliveryDetailReply,
    responses={
        **gives(examples.DELIVERY_DETAIL),
        **documented("no_delivery", "bad_request", *COMMON),
    },
)
def get_delivery(caller: KnownCaller, channel_id: ChannelId, message_id: MessageId) -> Response:
    """Give one delivery."""
    forum_id = caller.forum.id
    with caller.installation.database().read() as c:
        row = system_delivery(c, forum_id, channel_id, message_id)
        message = store.get_messages(c, forum_id, [message_id]).get(message_id)
        attempts = store.attempts_of(c, forum_id, channel_id, message_id)
    return json_reply(DeliveryDetailReply.with_attempts(row, message, attempts))


@router.post(
    "/v1/deliveries/replay",
    summary="Try all that a channel gave up anew",
    description="Each as often as a fresh one, in their order, under the same message ids.",
    response_model=ReplayedReply,
    responses={
        **gives(examples.REPLAYED),
        **documented(*READS, "no_channel", "body_too_large", *ONCE, *COMMON),
    },
    openapi_extra=takes(ReplayRequest, examples.REPLAY),
)
def replay_channel(caller: KnownCaller, request: SentOnce) -> Response:
    """Try all dead deliveries of a channel anew."""
    body = read_body(request.body, ReplayRequest)

    def act() -> str:
        forum_id, channel_id = caller.forum.id, body.channel_id
        with caller.installation.database().write() as c:
            acting = Acting(forum_id, caller.actor)
            count = replay_all(c, acting, channel_id, datetime.now(UTC))
        return ReplayedReply(channel_id=channel_id, replayed=count).model_dump_json()

    return once(caller, request, act)


@router.post(
    "/v1/deliveries/{channel_id}/{message_id}/replay",
    summary="Try a delivery anew",
    description="One that was given up, as often as a fresh one, under the same message id.",
    response_model=DeliveryReply,
    responses={**gives({**examples.DELIVERY, "attempts": 0}), **documented(*_ACTS)},
)
def replay_delivery(
    caller: KnownCaller, channel_id: ChannelId, message_id: MessageId, request: SentOnce
) -> Response:
    """Try a dead delivery anew."""

    return once(caller, request, lambda: _tended(caller, channel_id, message_id, replay_one))


@router.post(
    "/v1/deliveries/{channel_id}/{message_id}/skip",
    summary="Let a delivery go",
    description="It is not delivered; what is behind it of its stream goes on. Also one that still"
    " waits, unless it is under way at this moment.",
    response_model=DeliveryReply,
    responses={**gives({**examples.DELIVERY, "state": "skipped"}), **documented(*_ACTS)},
)
def skip_delivery(
    caller: KnownCaller, channel_id: ChannelId, message_id: MessageId, request: SentOnce
) -> Response:
    """Let a delivery go."""

    return once(caller, request, lambda: _tended(caller, channel_id, message_id, skip_one))


def _tended(caller: Caller, channel_id: str, message_id: str, tend: Tend) -> str:
    with caller.installation.database().write() as c:
        acting = Acting(caller.forum.id, caller.actor)
        row = tend(c, acting, channel_id, message_id, datetime.now(UTC))
    return DeliveryReply.of(row).model_dump_json()


def _number(after: str) -> int:
    if not (after.isascii() and after.isdigit()):
        raise bad_request([FieldProblem("after", "is no `next_after` of a page before")])
    return int(after)
