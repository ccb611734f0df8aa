"""Deliveries that were given up, or wait -> tried anew, or let go, as somebody has decided.

In: a connection in a transaction that writes, who acts, which deliveries. Out: how they stand then;
the act is noted in that transaction. What single persons are told is nobody's to tend.
Not here: delivering (engine), who may decide (api), the rows (store.deliveries).
"""

from collections.abc import Callable
from datetime import datetime

from triage import store
from triage.audit.acting import Acting
from triage.errors import IllegalDelivery, NoChannel, NoDelivery

_Change = Callable[[store.Connection, int, str, str, datetime], bool]


def system_channel(c: store.Connection, forum_id: int, channel_id: str) -> store.ChannelRow:
    """Return a channel to another system. Raises NoChannel, also for that of a person."""
    row = store.get_channel(c, forum_id, channel_id)
    if row is None or row.person is not None:
        raise NoChannel
    return row


def system_delivery(
    c: store.Connection, forum_id: int, channel_id: str, message_id: str
) -> store.DeliveryRow:
    """Return a delivery to another system. Raises NoDelivery."""
    channel = store.get_channel(c, forum_id, channel_id)
    row = store.get_delivery(c, forum_id, channel_id, message_id)
    if row is None or channel is None or channel.person is not None:
        raise NoDelivery
    return row


def replay_one(
    c: store.Connection, acting: Acting, channel_id: str, message_id: str, now: datetime
) -> store.DeliveryRow:
    """Try a delivery anew that was given up. Raises NoDelivery, IllegalDelivery."""
    how = (store.replay_delivery, "delivery.replay", "was not given up")
    return _changed(c, acting, channel_id, message_id, now, *how)


def skip_one(
    c: store.Connection, acting: Acting, channel_id: str, message_id: str, now: datetime
) -> store.DeliveryRow:
    """Let a delivery go that was given up or waits. Raises NoDelivery, IllegalDelivery."""
    why_not = "has arrived, was skipped already, or is under way"
    how = (store.skip_delivery, "delivery.skip", why_not)
    return _changed(c, acting, channel_id, message_id, now, *how)


def replay_all(c: store.Connection, acting: Acting, channel_id: str, now: datetime) -> int:
    """Try anew all that a channel gave up; return how many there were. Raises NoChannel."""
    system_channel(c, acting.forum_id, channel_id)
    count = store.replay_dead(c, acting.forum_id, channel_id, now)
    acting.note(c, "deliveries.replay", channel_id, after={"deliveries": count})
    return count


def _changed(
    c: store.Connection,
    acting: Acting,
    channel_id: str,
    message_id: str,
    now: datetime,
    change: _Change,
    act: str,
    otherwise: str,
) -> store.DeliveryRow:
    forum_id = acting.forum_id
    before = system_delivery(c, forum_id, channel_id, message_id)
    if not change(c, forum_id, channel_id, message_id, now):
        raise IllegalDelivery(otherwise)
    after = system_delivery(c, forum_id, channel_id, message_id)
    was = {"state": before.state.value, "channel": channel_id}
    acting.note(c, act, message_id, before=was, after={"state": after.state.value})
    return after
