"""A channel with something delivered, failed and waiting, and all that reads or changes them."""

from datetime import timedelta
from typing import Any

from triage.records import ApiKey, ChannelKind, DeliveryState, MessageType
from triage.store import (
    ChannelRow,
    Connection,
    Message,
    Outcome,
    Settling,
    attempts_of,
    claim_due,
    claimants,
    count_deliveries,
    delete_channel,
    disable_channel,
    enable_channel,
    get_channel,
    get_delivery,
    get_messages,
    list_channels,
    list_deliveries,
    mend,
    needs_mending,
    post_message,
    post_to,
    put_channel,
    release_claims,
    replay_dead,
    replay_delivery,
    rewrite_channel,
    settle,
    skip_delivery,
)

from .samples import NOON

_LATER = NOON + timedelta(minutes=2)
_MARKS = ("bikes", "rowing")
_TOLD = {"m1": "s1", "m2": "s1", "m3": "s2", "m4": "s3"}


def hand_out(c: Connection, forum_id: int, mark: str) -> None:
    """Have one message arrive, one die with one behind it, and one be under way."""
    place = channel_of(mark)
    put_channel(
        c,
        forum_id,
        ChannelRow(
            channel_id=place,
            kind=ChannelKind.WEBHOOK,
            name=mark,
            sealed=mark.encode(),
            created_at=NOON,
            wants=frozenset({MessageType.ANSWERED.value}),
        ),
    )
    for message_id, stream in _TOLD.items():
        post_message(c, forum_id, _message(message_id, stream, mark))
    states = {"m1": DeliveryState.DEAD, "m3": DeliveryState.DELIVERED}
    outcomes = [
        Outcome(
            delivery_id=one.delivery_id,
            at=NOON,
            state=states[one.message_id],
            code="http_500",
        )
        for one in claim_due(c, forum_id, place, mark, NOON, _LATER, 9)
        if one.message_id in states
    ]
    settle(c, forum_id, place, outcomes, _how(mark))


def handed_out(c: Connection, forum_id: int) -> dict[str, Any]:
    """Return what is seen of it; both forums' ids are asked for."""
    places = [channel_of(mark) for mark in _MARKS]
    return {
        "channels": (list_channels(c, forum_id), [get_channel(c, forum_id, p) for p in places]),
        "messages": get_messages(c, forum_id, list(_TOLD)),
        "deliveries": (
            list_deliveries(c, forum_id),
            count_deliveries(c, forum_id),
            [get_delivery(c, forum_id, p, m) for p in places for m in _TOLD],
            [attempts_of(c, forum_id, p, m) for p in places for m in _TOLD],
            claimants(c, forum_id),
            needs_mending(c, forum_id),
        ),
    }


def change_handed_out(c: Connection, key: ApiKey) -> None:
    """Call everything that changes a forum's own, with the ids of another one's as well."""
    forum_id = key.forum.id
    for place in (channel_of(mark) for mark in reversed(_MARKS)):
        post_to(c, forum_id, _message(f"{place}-more", "s9", "new"), place)
        for one in claim_due(c, forum_id, place, "me", _LATER, _LATER + timedelta(minutes=2), 9):
            dead = Outcome(
                delivery_id=one.delivery_id, at=NOON, state=DeliveryState.DEAD, code="http_500"
            )
            settle(c, forum_id, place, [dead], _how("me"))
        for message_id in _TOLD:
            skip_delivery(c, forum_id, place, message_id, NOON)
            replay_delivery(c, forum_id, place, message_id, NOON)
        replay_dead(c, forum_id, place, NOON)
        disable_channel(c, forum_id, place, NOON, "new")
        row = ChannelRow(
            channel_id=place, kind=ChannelKind.WEBHOOK, name="new", sealed=b"x", created_at=NOON
        )
        rewrite_channel(c, forum_id, row)
        enable_channel(c, forum_id, place, _LATER)
    # Those of the other forum have other ids, but settling takes numbers.
    others = [Outcome(delivery_id=n, at=NOON, state=DeliveryState.DELIVERED) for n in range(40)]
    for mark in _MARKS:
        settle(c, forum_id, channel_of(mark), others, _how(mark))
    release_claims(c, forum_id, _MARKS, NOON)
    mend(c, forum_id, _LATER)
    for mark in _MARKS:
        delete_channel(c, forum_id, channel_of(mark))


def channel_of(mark: str) -> str:
    """Name a channel; its id is of no other forum."""
    return f"out_{mark}"


def _message(message_id: str, stream: str, mark: str) -> Message:
    return Message(
        type=MessageType.ANSWERED,
        stream=stream,
        at=NOON,
        data={"mark": mark},
        message_id=message_id,
    )


def _how(by: str) -> Settling:
    return Settling(by=by, now=NOON, rest=lambda _: timedelta(seconds=5))
