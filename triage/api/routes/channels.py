"""/v1/channels: the ways to other systems, for administrators.

In: what an administrator writes. Out: channels without what opens them; a secret that signs, in
the reply that made it. Each change is noted, without secrets.
Not here: sealing and checking (channels), what was delivered (deliveries), sending (delivering).
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from triage import store
from triage.api.access import Caller, KnownCaller
from triage.api.bodies import Raw, read_body
from triage.api.examples import handing as examples
from triage.api.idempotency import SentOnce, once
from triage.api.openapi import gives, takes
from triage.api.problems import documented
from triage.api.replies import json_reply
from triage.api.routes.triage import COMMON, ONCE, READS
from triage.api.schemas.channel import UNSETTLED, ChannelBody, ChannelReply, ChannelsReply
from triage.api.schemas.delivery import DeliveryReply
from triage.audit.acting import Acting
from triage.channels import (
    OpenChannel,
    changed,
    created,
    noted,
    open_channel,
    ping_message,
    rotated,
)
from triage.errors import NoChannel, SealBroken
from triage.outbound import host_of
from triage.records import DeliveryState
from triage.store import ChannelRow

router = APIRouter(tags=["hand-over"])

ChannelId = Annotated[str, Path(max_length=100)]
_WRITES = (*READS, "bad_field", "bad_address", "body_too_large", "seal_broken", *COMMON)
_ACTS = ("no_channel", "bad_request", "body_too_large", "seal_broken", *ONCE, *COMMON)
Step = Callable[[store.Connection, Acting, ChannelRow, datetime], None]


@router.get(
    "/v1/channels",
    summary="List channels",
    description="Oldest first, with how each stands: whether it is reached, what waits, and how"
    " many deliveries were given up. Single persons' own addresses are not among them.",
    response_model=ChannelsReply,
    responses={**gives(examples.CHANNELS), **documented(*COMMON)},
)
def list_channels(caller: KnownCaller) -> Response:
    """Give all channels."""
    with caller.installation.database().read() as c:
        rows = store.list_channels(c, caller.forum.id)
        counts = store.count_deliveries(c, caller.forum.id, UNSETTLED)
    told = [_told(caller, row, _opened(caller, row), counts) for row in rows]
    return json_reply(ChannelsReply(channels=told))


@router.get(
    "/v1/channels/{channel_id}",
    summary="Get a channel",
    description="Credentials are named and never shown.",
    response_model=ChannelReply,
    responses={
        **gives(examples.CHANNEL),
        **documented("no_channel", "bad_request", *COMMON),
    },
)
def get_channel(caller: KnownCaller, channel_id: ChannelId) -> Response:
    """Give one channel."""
    with caller.installation.database().read() as c:
        return json_reply(_now(c, caller, channel_id))


@router.post(
    "/v1/channels",
    summary="Connect another system",
    description="`kind` says what stands at the other end and which fields there are: `webhook`,"
    " `discourse`, `zammad`, `email`. The address is to be public and `https`, unless it is named"
    " in TRIAGE_OUTBOUND_ALLOWED. `secret` of the reply is not shown again.",
    status_code=201,
    response_model=ChannelReply,
    responses={**gives(examples.MADE_CHANNEL, 201), **documented(*_WRITES, *ONCE)},
    openapi_extra=takes(ChannelBody, examples.CHANNEL_REQUEST),
)
def post_channel(caller: KnownCaller, request: SentOnce) -> Response:
    """Keep a new channel."""
    written = read_body(request.body, ChannelBody).written()

    def act() -> str:
        settings, now = caller.installation.settings, datetime.now(UTC)
        made = created(written, caller.forum, settings.person_key, settings.outbound, now)
        with caller.installation.database().write() as c:
            store.put_channel(c, caller.forum.id, made.row)
            what, after = made.row.channel_id, noted(made)
            Acting(caller.forum.id, caller.actor).note(c, "channel.add", what, after=after)
        return _told(caller, made.row, made, {}).model_dump_json()

    return once(caller, request, act, status=201, shown=lambda body: _with_secret(caller, body))


@router.put(
    "/v1/channels/{channel_id}",
    summary="Change a channel",
    description="All of it is as it is sent, but for `credentials`, `secret`, `address` and"
    " `wants`: left out, they stay. Credentials are not sent to another host than the one that they"
    " were given for: with one, send them again. Another `secret` is valid beside the one before"
    " for a day.",
    response_model=ChannelReply,
    responses={**gives(examples.CHANNEL), **documented("no_channel", *_WRITES)},
    openapi_extra=takes(ChannelBody, examples.CHANNEL_REQUEST),
)
def put_channel(caller: KnownCaller, channel_id: ChannelId, body: Raw) -> Response:
    """Keep a channel as it is written now."""
    written = read_body(body, ChannelBody).written()
    settings, now = caller.installation.settings, datetime.now(UTC)
    with caller.installation.database().write() as c:
        before = open_channel(_row(c, caller, channel_id), caller.forum, settings.person_key)
        after = changed(before, written, caller.forum, settings.person_key, settings.outbound, now)
        store.rewrite_channel(c, caller.forum.id, after.row)
        Acting(caller.forum.id, caller.actor).note(
            c,
            "channel.change",
            channel_id,
            before=noted(before),
            after={**noted(after), "credentials": written.credentials is not None},
        )
        return json_reply(_now(c, caller, channel_id))


@router.delete(
    "/v1/channels/{channel_id}",
    summary="Remove a channel",
    description="With everything that was or is to be delivered through it, and with which ticket"
    " or topic is which question. What the other system was told, it keeps.",
    status_code=204,
    response_class=Response,
    responses={
        204: {"description": "It is gone."},
        **documented("no_channel", "bad_request", *COMMON),
    },
)
def delete_channel(caller: KnownCaller, channel_id: ChannelId) -> Response:
    """Remove a channel."""
    with caller.installation.database().write() as c:
        row = _row(c, caller, channel_id)
        store.delete_channel(c, caller.forum.id, channel_id)
        before = {"kind": row.kind.value, "host": host_of(row.address or "")}
        Acting(caller.forum.id, caller.actor).note(c, "channel.remove", channel_id, before=before)
    return Response(status_code=204)


@router.post(
    "/v1/channels/{channel_id}/rotate",
    summary="Change the secret that signs",
    description="The reply holds the new one, which is not shown again. For a day both are valid:"
    " what is sent is signed with both, what comes in with either.",
    response_model=ChannelReply,
    responses={**gives(examples.MADE_CHANNEL), **documented("bad_field", *_ACTS)},
)
def rotate_channel(caller: KnownCaller, channel_id: ChannelId, request: SentOnce) -> Response:
    """Give a channel a new secret."""
    key = caller.installation.settings.person_key

    def step(c: store.Connection, acting: Acting, row: ChannelRow, now: datetime) -> None:
        after = rotated(open_channel(row, caller.forum, key), caller.forum, key, now)
        store.rewrite_channel(c, caller.forum.id, after.row)
        acting.note(c, "channel.rotate", channel_id)

    def shown(body: str) -> str:
        return _with_secret(caller, body)

    return once(caller, request, lambda: _acted(caller, channel_id, step), shown=shown)


@router.post(
    "/v1/channels/{channel_id}/enable",
    summary="Use a channel again",
    description="Beginning with what waits. One whose address said that it is gone (410) is"
    " disabled by itself.",
    response_model=ChannelReply,
    responses={**gives(examples.CHANNEL), **documented(*_ACTS)},
)
def enable_channel(caller: KnownCaller, channel_id: ChannelId, request: SentOnce) -> Response:
    """Use a channel again."""

    def step(c: store.Connection, acting: Acting, row: ChannelRow, now: datetime) -> None:
        store.enable_channel(c, caller.forum.id, channel_id, now)
        acting.note(c, "channel.enable", channel_id)

    return once(caller, request, lambda: _acted(caller, channel_id, step))


@router.post(
    "/v1/channels/{channel_id}/disable",
    summary="Let a channel be",
    description="What is to be delivered is kept and waits until the channel is enabled; what the"
    " other system tells is refused.",
    response_model=ChannelReply,
    responses={**gives({**examples.CHANNEL, "enabled": False}), **documented(*_ACTS)},
)
def disable_channel(caller: KnownCaller, channel_id: ChannelId, request: SentOnce) -> Response:
    """Let a channel be."""

    def step(c: store.Connection, acting: Acting, row: ChannelRow, now: datetime) -> None:
        store.disable_channel(c, caller.forum.id, channel_id, now, "by_hand")
        acting.note(c, "channel.disable", channel_id)

    return once(caller, request, lambda: _acted(caller, channel_id, step))


@router.post(
    "/v1/channels/{channel_id}/ping",
    summary="See whether anything arrives",
    description="Sends a `ping`: to a webhook as a message of that type, to a mailbox as a mail; of"
    " Discourse and Zammad it is tried whether the login holds. Read the delivery to see what came"
    " of it. To a channel that is disabled it is sent when that is enabled.",
    status_code=202,
    response_model=DeliveryReply,
    responses={**gives(examples.PING, 202), **documented(*_ACTS)},
)
def ping_channel(caller: KnownCaller, channel_id: ChannelId, request: SentOnce) -> Response:
    """Send a message that says nothing."""

    def act() -> str:
        forum_id, now = caller.forum.id, datetime.now(UTC)
        with caller.installation.database().write() as c:
            _row(c, caller, channel_id)
            message = ping_message(now)
            store.post_to(c, forum_id, message, channel_id)
            Acting(forum_id, caller.actor).note(c, "channel.ping", channel_id)
            row = store.get_delivery(c, forum_id, channel_id, message.message_id)
        if row is None:
            raise NoChannel
        return DeliveryReply.of(row).model_dump_json()

    return once(caller, request, act, status=202)


def _acted(caller: Caller, channel_id: str, step: Step) -> str:
    """Do one thing to a channel; return it as it is then."""
    acting, now = Acting(caller.forum.id, caller.actor), datetime.now(UTC)
    with caller.installation.database().write() as c:
        step(c, acting, _row(c, caller, channel_id), now)
        return _now(c, caller, channel_id).model_dump_json()


def _row(c: store.Connection, caller: Caller, channel_id: str) -> ChannelRow:
    """Return a channel to another system; a person's own does not exist here."""
    row = store.get_channel(c, caller.forum.id, channel_id)
    if row is None or row.person is not None:
        raise NoChannel
    return row


def _now(c: store.Connection, caller: Caller, channel_id: str) -> ChannelReply:
    row = _row(c, caller, channel_id)
    counts = store.count_deliveries(c, caller.forum.id, UNSETTLED)
    return _told(caller, row, _opened(caller, row), counts)


def _opened(caller: Caller, row: ChannelRow) -> OpenChannel | None:
    try:
        return open_channel(row, caller.forum, caller.installation.settings.person_key)
    except SealBroken:
        # It is told as such; another is to be made in its place.
        return None


def _told(
    caller: Caller,
    row: ChannelRow,
    opened: OpenChannel | None,
    counts: Mapping[str, Mapping[DeliveryState, int]],
) -> ChannelReply:
    public_url = caller.installation.settings.public_url.rstrip("/")
    return ChannelReply.of(row, opened, counts.get(row.channel_id, {}), public_url)


def _with_secret(caller: Caller, body: str) -> str:
    """Add the secret that was made; no copy of it is kept but the sealed one."""
    told = ChannelReply.model_validate_json(body)
    with caller.installation.database().read() as c:
        row = store.get_channel(c, caller.forum.id, told.channel_id)
    opened = None if row is None else _opened(caller, row)
    newest = opened.keys[0] if opened is not None and opened.keys else None
    if newest is None or newest.made_at != told.secret_made_at:
        return body
    return json.dumps({**json.loads(body), "secret": newest.secret})
