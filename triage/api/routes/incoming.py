"""POST /v1/incoming/{channel_id}: another system says that something has changed there.

In: whatever it sends, signed with a secret of the channel. Out: 202; ids of what is to be looked
at. Nothing else of the body is believed or kept. A channel that is not there, or is disabled, looks
as a signature does that does not hold.
Not here: how each system signs and what it says (connect), the look itself (importing, filing).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from triage import store
from triage.api.access import installation_of
from triage.api.bodies import Raw
from triage.api.examples import handing as examples
from triage.api.installation import Installation
from triage.api.openapi import gives
from triage.api.problems import documented
from triage.api.replies import json_reply
from triage.api.schemas.bases import Told
from triage.channels import open_channel
from triage.connect.discourse import webhooks as discourse
from triage.connect.zammad import webhooks as zammad
from triage.errors import BadSignature, SealBroken
from triage.records import ChannelKind

router = APIRouter(tags=["hand-over"])

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Speech:
    """How a kind of system signs, and what it says."""

    is_signed: Callable[[str, Headers, bytes], bool]
    told_items: Callable[[Headers, bytes], tuple[str, ...]]


_SPEECHES: Mapping[ChannelKind, _Speech] = {
    ChannelKind.DISCOURSE: _Speech(discourse.is_signed, discourse.told_items),
    ChannelKind.ZAMMAD: _Speech(zammad.is_signed, zammad.told_items),
}
# Checked where there is no channel: nobody learns by the clock which channels there are.
_NOBODYS = ("nobody's secret",)


class IncomingReply(Told):
    """How many things are looked at because of it."""

    taken: int


@router.post(
    "/v1/incoming/{channel_id}",
    summary="Take a webhook of another system",
    description="Of Discourse (`X-Discourse-Event-Signature`) and Zammad (`X-Hub-Signature`),"
    " signed with the channel's secret. What it speaks of is read from the other system a moment"
    " later; the same once more does no harm.",
    status_code=202,
    response_model=IncomingReply,
    responses={
        **gives(examples.TAKEN, 202),
        **documented(
            *("bad_signature", "bad_request", "body_too_large", "too_many_requests"),
            *("store_unavailable", "internal"),
        ),
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"type": "object"}, "example": examples.INCOMING}
            },
        }
    },
)
def take_incoming(
    request: Request, channel_id: Annotated[str, Path(max_length=100)], body: Raw
) -> Response:
    """Note what another system speaks of."""
    installation, headers = installation_of(request), _lowered(request)
    forum_id, kind, secrets = _expected(installation, channel_id)
    speech = _SPEECHES[kind]
    # All of them, however soon one fits.
    if not any([speech.is_signed(secret, headers, body) for secret in secrets or _NOBODYS]):
        raise BadSignature
    if not secrets:
        raise BadSignature
    items, now = speech.told_items(headers, body), datetime.now(UTC)
    if items:
        with installation.database().write() as c:
            for item in items:
                store.put_incoming(c, forum_id, channel_id, item, now)
    reply = json_reply(IncomingReply(taken=len(items)))
    reply.status_code = 202
    return reply


def _expected(
    installation: Installation, channel_id: str
) -> tuple[int, ChannelKind, tuple[str, ...]]:
    """Return whose a channel is, its kind, and its secrets; none where nothing may come in."""
    nobody = (0, ChannelKind.DISCOURSE, ())
    with installation.database().read() as c:
        found = store.find_channel(c, channel_id)
        if found is None:
            return nobody
        forum_id, row = found
        forum = next(one for one in store.list_forums(c) if one.id == forum_id)
    if row.kind not in _SPEECHES or row.disabled_at is not None:
        return nobody
    try:
        opened = open_channel(row, forum, installation.settings.person_key)
    except SealBroken:
        return nobody
    return forum_id, row.kind, opened.signing(datetime.now(UTC))


def _lowered(request: Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}
