"""What other systems and single persons are told, in order: written with what it tells of.

In: a message, in the transaction of what happened. Out: it, and one delivery for every channel that
wants it. Where nobody wants it, nothing is kept.
Not here: when and how it is delivered (deliveries, delivering).
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Update,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.engine import RowMapping

from triage.records import DeliveryState, MessageType
from triage.store.batches import record_of, row_of
from triage.store.dialects import also
from triage.store.tables.handing import channels, deliveries, messages

# What has one of these states holds those behind it in its stream.
UNSETTLED = (DeliveryState.PENDING.value, DeliveryState.DEAD.value)
# A channel that could not be reached so often in a row rests.
RESTS_AFTER = 3


def new_message_id() -> str:
    """Return the id by which every attempt to deliver a message is known."""
    return f"msg_{secrets.token_hex(12)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One thing that happened: ids and codes, nobody's words.

    Messages of one `stream` arrive in their order. With a `person` it is for that person alone.
    """

    type: MessageType
    stream: str
    at: datetime
    data: Mapping[str, Any]
    question_id: str | None = None
    person: str | None = None
    message_id: str = field(default_factory=new_message_id)


def post_message(c: Connection, forum_id: int, message: Message) -> int:
    """Tell every channel that wants it; return how many do.

    A person's channel wants kinds of notices (`data["kind"]`), another system's types of messages.
    """
    if message.person is None:
        wanted, found = message.type.value, c.execute(_of_systems(), {"forum": forum_id})
    else:
        theirs = {"forum": forum_id, "person": message.person}
        wanted, found = str(message.data["kind"]), c.execute(_of_person(), theirs)
    return _post(c, forum_id, message, [row for row in found.mappings() if wanted in row["wants"]])


def post_to(c: Connection, forum_id: int, message: Message, channel_id: str) -> None:
    """Tell one channel, whatever it wants."""
    query = _looked_up(channels.c.channel_id == channel_id)
    _post(c, forum_id, message, c.execute(query, {"forum": forum_id}).mappings().all())


def post_to_persons(c: Connection, forum_id: int, told: Sequence[Message]) -> None:
    """Tell many persons at once, each at the addresses that want it.

    Each message is the first of a stream of its own, so that none stands behind another.
    """
    query = _looked_up(channels.c.person.in_({one.person for one in told if one.person}))
    rows: dict[str, list[RowMapping]] = {}
    for row in c.execute(query, {"forum": forum_id}).mappings():
        rows.setdefault(row["person"], []).append(row)
    pairs = [
        (one, row)
        for one in told
        for row in rows.get(one.person or "", ())
        if str(one.data["kind"]) in row["wants"]
    ]
    if not pairs:
        return
    kept = {one.message_id: {"forum_id": forum_id, **row_of(one)} for one, _ in pairs}
    c.execute(insert(messages), list(kept.values()))
    c.execute(insert(deliveries), [_delivery(forum_id, one, row, one.at) for one, row in pairs])
    at = min(one.at for one, _ in pairs)
    looked = {row["channel_id"] for _, row in pairs if _is_sooner(row, at)}
    if looked:
        places = [{"forum": forum_id, "channel": one, "at": at} for one in sorted(looked)]
        c.execute(_look_at(), places)


def get_messages(c: Connection, forum_id: int, message_ids: Sequence[str]) -> dict[str, Message]:
    """Return messages by id."""
    query = select(messages).where(
        messages.c.forum_id == forum_id, messages.c.message_id.in_(message_ids)
    )
    return {
        row["message_id"]: record_of(Message, row, type=MessageType(row["type"]))
        for row in c.execute(query).mappings()
    }


def count_messages(
    c: Connection, forum_id: int, person: str, kind: MessageType, since: datetime
) -> int:
    """Return how many messages of a type a person was sent since a moment."""
    query = select(func.count()).where(
        messages.c.forum_id == forum_id,
        messages.c.person == person,
        messages.c.type == kind.value,
        messages.c.at >= since,
    )
    return int(c.execute(query).scalar_one())


def _post(c: Connection, forum_id: int, message: Message, told: Sequence[RowMapping]) -> int:
    if not told:
        return 0
    c.execute(insert(messages), {"forum_id": forum_id, **row_of(message)})
    for row in told:
        place = {"forum": forum_id, "channel": row["channel_id"]}
        ahead = c.execute(_ahead(), {**place, "its_stream": message.stream}).first()
        due_at = message.at if ahead is None else None
        c.execute(insert(deliveries), _delivery(forum_id, message, row, due_at))
        if ahead is None and _is_sooner(row, message.at):
            c.execute(_look_at(), {**place, "at": message.at})
    return len(told)


def _delivery(
    forum_id: int, message: Message, row: RowMapping, due_at: datetime | None
) -> dict[str, Any]:
    return {
        "forum_id": forum_id,
        "channel_id": row["channel_id"],
        "message_id": message.message_id,
        "type": message.type.value,
        "stream": message.stream,
        "state": DeliveryState.PENDING.value,
        "attempts": 0,
        "created_at": message.at,
        "due_at": due_at,
    }


def _is_sooner(row: RowMapping, at: datetime) -> bool:
    """Say whether a channel is to be looked at sooner than it would be; one that rests is not."""
    due = row["due_at"]
    return due is None or (due > at and row["failures"] < RESTS_AFTER)


# A question is told of while somebody waits for it to be kept: these are made once, not each time.
@cache
def _of_systems() -> Select[Any]:
    return _looked_up(channels.c.person.is_(None))


@cache
def _of_person() -> Select[Any]:
    return _looked_up(channels.c.person == bindparam("person"))


def _looked_up(which: ColumnElement[bool]) -> Select[Any]:
    """Read channels, and hold them.

    In an order that is the same for every writer: two that tell the same channels wait in turn.
    Who settles what is ahead holds the same rows, so that nobody waits behind what has gone.
    """
    names = ("channel_id", "person", "wants", "due_at", "failures")
    query = select(*(channels.c[name] for name in names)).where(
        channels.c.forum_id == bindparam("forum"), which
    )
    # Not by the column itself: that would be read off an index of all of a forum's channels.
    return query.order_by(channels.c.channel_id.concat("")).with_for_update()


@cache
def _ahead() -> Select[Any]:
    """Find something of a stream that is still to arrive, or never did."""
    query = select(deliveries.c.id).where(
        also(deliveries.c.forum_id, bindparam("forum")),
        deliveries.c.channel_id == bindparam("channel"),
        deliveries.c.stream == bindparam("its_stream"),
        deliveries.c.state.in_(UNSETTLED),
    )
    return query.limit(1)


@cache
def _look_at() -> Update:
    query = update(channels).where(
        channels.c.forum_id == bindparam("forum"), channels.c.channel_id == bindparam("channel")
    )
    return query.values(due_at=bindparam("at"))
