"""/lead/deliveries: pages on which a lead sees what other systems were told, and tends what failed.

In: a lead or an administrator, and the forms of the pages. Out: pages.
Not here: what pages show (pages.lead), trying anew and letting go (delivering.tending).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import Path, Request
from starlette.responses import Response

from triage import store
from triage.api.pages.frame import Staff, StaffForm, pages_router
from triage.api.pages.lead.deliveries import KEPT, deliveries_values
from triage.api.pages.lead.delivery import delivery_values
from triage.api.pages.lead.here import done, here_of, href, lead_page, trouble
from triage.api.pages.sign_in import acting_as
from triage.api.problems import PROBLEMS
from triage.audit.acting import Acting
from triage.delivering.tending import replay_all, replay_one, skip_one
from triage.errors import IllegalDelivery

router = pages_router()

_TAB = "deliveries"
ChannelId = Annotated[str, Path(max_length=100)]
MessageId = Annotated[str, Path(max_length=100)]
_Tend = Callable[[store.Connection, Acting, str, str, datetime], store.DeliveryRow]


@router.get("/lead/deliveries")
def get_deliveries(request: Request, user: Staff) -> Response:
    """Show whether other systems are reached, and what they were told."""
    values = deliveries_values(here_of(request, user, _TAB))
    return lead_page(request, user, _TAB, "lead/deliveries", keeps=KEPT, **values)


@router.get("/lead/deliveries/{channel_id}/{message_id}")
def get_delivery(
    request: Request, user: Staff, channel_id: ChannelId, message_id: MessageId
) -> Response:
    """Show one delivery. Raises NoChannel, NoDelivery."""
    values = delivery_values(here_of(request, user, _TAB), channel_id, message_id)
    return lead_page(request, user, _TAB, "lead/delivery", **values)


@router.post("/lead/deliveries/replay")
def post_replay_all(request: Request, user: Staff, form: StaffForm) -> Response:
    """Try anew all that a channel gave up. Raises NoChannel."""
    here, channel_id = here_of(request, user, _TAB), form.get("channel_id", "")
    with here.database().write() as c:
        count = replay_all(c, acting_as(user.user), channel_id, here.now)
    return done(request, _TAB, "replayed" if count else "none_dead", channel=channel_id)


@router.post("/lead/deliveries/{channel_id}/{message_id}/replay")
def post_replay(
    request: Request, user: Staff, channel_id: ChannelId, message_id: MessageId, form: StaffForm
) -> Response:
    """Try a delivery anew that was given up. Raises NoDelivery."""
    return _tended(request, user, channel_id, message_id, replay_one, "replayed")


@router.post("/lead/deliveries/{channel_id}/{message_id}/skip")
def post_skip(
    request: Request, user: Staff, channel_id: ChannelId, message_id: MessageId, form: StaffForm
) -> Response:
    """Let a delivery go. Raises NoDelivery."""
    return _tended(request, user, channel_id, message_id, skip_one, "skipped")


def _tended(
    request: Request, user: Staff, channel_id: str, message_id: str, tend: _Tend, said: str
) -> Response:
    """Do it and lead back to the delivery, or show it with what is in the way."""
    here = here_of(request, user, _TAB)
    path = href(_TAB, channel_id, message_id)
    try:
        with here.database().write() as c:
            tend(c, acting_as(user.user), channel_id, message_id, here.now)
    except IllegalDelivery as error:
        values = delivery_values(here, channel_id, message_id)
        status = PROBLEMS[error.code].status
        told = trouble(here, error)
        return lead_page(
            request, user, _TAB, "lead/delivery", status=status, alarm=told, path=path, **values
        )
    return done(request, _TAB, said, path)
