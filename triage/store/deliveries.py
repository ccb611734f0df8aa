"""What was handed over, what waits and what never arrived: looked at, tried anew, let go.

In: which deliveries. Out: rows, newest first; or what somebody decided of them, written.
Not here: delivering (dispatching, settling), posting (messages).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select, update

from triage.records import DeliveryState, MessageType
from triage.store.batches import record_of
from triage.store.columns import as_utc
from triage.store.dialects import also
from triage.store.settling import look_at, promote, standing_of
from triage.store.tables.handing import channels, deliveries, delivery_attempts, messages

_PENDING, _DEAD = DeliveryState.PENDING.value, DeliveryState.DEAD.value


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """The handing over of one message through one channel.

    `attempts` are those since it was posted or replayed. One that waits and has no `due_at` stands
    behind another of its stream. `code` tells why it did not arrive last.
    """

    id: int
    channel_id: str
    message_id: str
    type: MessageType
    stream: str
    question_id: str | None
    state: DeliveryState
    attempts: int
    created_at: datetime
    due_at: datetime | None
    first_at: datetime | None
    last_at: datetime | None
    status: int | None
    code: str | None
    milliseconds: int | None


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """An attempt that failed, and why."""

    number: int
    at: datetime
    status: int | None
    code: str
    milliseconds: int


def list_deliveries(
    c: Connection,
    forum_id: int,
    *,
    channel_id: str | None = None,
    state: DeliveryState | None = None,
    question_id: str | None = None,
    person: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[DeliveryRow]:
    """Return deliveries to other systems, or to one person; newest first, from `before` on."""
    theirs = select(channels.c.channel_id).where(
        channels.c.forum_id == forum_id, channels.c.person == person
    )
    # Ids first, of an index alone: there may be a million of them.
    some = select(deliveries.c.id).where(deliveries.c.channel_id.in_(theirs))
    if channel_id is not None:
        some = some.where(deliveries.c.channel_id == channel_id)
    if state is not None:
        some = some.where(deliveries.c.state == state.value)
    if question_id is not None:
        told = select(messages.c.message_id).where(
            messages.c.forum_id == forum_id, messages.c.question_id == question_id
        )
        some = some.where(deliveries.c.forum_id == forum_id, deliveries.c.message_id.in_(told))
    if before is not None:
        some = some.where(deliveries.c.id < before)
    some = some.order_by(deliveries.c.id.desc()).limit(limit)
    return _read(c, _all(forum_id).where(deliveries.c.id.in_(some)))


def get_delivery(
    c: Connection, forum_id: int, channel_id: str, message_id: str
) -> DeliveryRow | None:
    """Return one delivery, or None where the forum has it not."""
    query = _all(forum_id).where(*_one(forum_id, channel_id, message_id))
    return next(iter(_read(c, query)), None)


def attempts_of(c: Connection, forum_id: int, channel_id: str, message_id: str) -> list[AttemptRow]:
    """Return the attempts that failed, first to last."""
    a = delivery_attempts.c
    query = select(delivery_attempts).where(
        a.forum_id == forum_id, a.channel_id == channel_id, a.message_id == message_id
    )
    return [record_of(AttemptRow, row) for row in c.execute(query.order_by(a.number)).mappings()]


def count_deliveries(
    c: Connection, forum_id: int, states: Collection[DeliveryState] = tuple(DeliveryState)
) -> dict[str, dict[DeliveryState, int]]:
    """Return how many deliveries are in which of these states, by channel to another system."""
    systems = select(channels.c.channel_id).where(
        channels.c.forum_id == forum_id, channels.c.person.is_(None)
    )
    query = (
        select(deliveries.c.channel_id, deliveries.c.state, func.count())
        .where(
            deliveries.c.channel_id.in_(systems),
            deliveries.c.state.in_([state.value for state in states]),
        )
        .group_by(deliveries.c.channel_id, deliveries.c.state)
    )
    counts: dict[str, dict[DeliveryState, int]] = {}
    for channel_id, state, count in c.execute(query):
        counts.setdefault(channel_id, {})[DeliveryState(state)] = count
    return counts


def oldest_unsettled(c: Connection, forum_id: int) -> dict[str, datetime]:
    """Return since when the oldest waits that did not arrive, by channel to another system."""
    systems = select(channels.c.channel_id).where(
        channels.c.forum_id == forum_id, channels.c.person.is_(None)
    )
    query = (
        select(deliveries.c.channel_id, func.min(deliveries.c.created_at))
        .where(deliveries.c.channel_id.in_(systems), deliveries.c.state.in_((_PENDING, _DEAD)))
        .group_by(deliveries.c.channel_id)
    )
    return {channel_id: as_utc(at) for channel_id, at in c.execute(query)}


def replay_delivery(
    c: Connection, forum_id: int, channel_id: str, message_id: str, at: datetime
) -> bool:
    """Try a dead delivery anew, as often as a fresh one; return whether it was dead."""
    return _replay(c, forum_id, channel_id, at, [deliveries.c.message_id == message_id]) > 0


def replay_dead(c: Connection, forum_id: int, channel_id: str, at: datetime) -> int:
    """Try all dead deliveries of a channel anew; return how many there were."""
    return _replay(c, forum_id, channel_id, at, [])


def skip_delivery(
    c: Connection, forum_id: int, channel_id: str, message_id: str, at: datetime
) -> bool:
    """Let a message not be delivered that is dead or waits, and go on with those behind it.

    Return whether that was so: one that is under way at this moment is left.
    """
    if standing_of(c, forum_id, channel_id) is None:
        return False
    idle = or_(deliveries.c.claimed_until.is_(None), deliveries.c.claimed_until <= at)
    waits = or_(deliveries.c.state == _DEAD, (deliveries.c.state == _PENDING) & idle)
    mine = [*_one(forum_id, channel_id, message_id), waits]
    skipped = c.execute(select(deliveries.c.id).where(*mine)).scalar()
    if skipped is None:
        return False
    values = {"state": DeliveryState.SKIPPED.value, "due_at": None, "claimed_by": None}
    c.execute(update(deliveries).where(*mine).values(claimed_until=None, **values))
    promote(c, forum_id, channel_id, at, [skipped])
    look_at(c, forum_id, channel_id, due_at=at)
    return True


def _replay(
    c: Connection,
    forum_id: int,
    channel_id: str,
    at: datetime,
    which: list[ColumnElement[bool]],
) -> int:
    if standing_of(c, forum_id, channel_id) is None:
        return 0
    query = update(deliveries).where(
        also(deliveries.c.forum_id, forum_id),
        deliveries.c.channel_id == channel_id,
        deliveries.c.state == _DEAD,
        *which,
    )
    count = c.execute(query.values(state=_PENDING, attempts=0, due_at=at)).rowcount
    if count:
        look_at(c, forum_id, channel_id, due_at=at)
    return count


def _all(forum_id: int) -> Select[Any]:
    told = [column for column in deliveries.c if column.name in DeliveryRow.__slots__]
    same = (messages.c.forum_id == deliveries.c.forum_id) & (
        messages.c.message_id == deliveries.c.message_id
    )
    query = select(*told, messages.c.question_id).join_from(deliveries, messages, same)
    return query.where(also(deliveries.c.forum_id, forum_id)).order_by(deliveries.c.id.desc())


def _one(forum_id: int, channel_id: str, message_id: str) -> list[ColumnElement[bool]]:
    return [
        deliveries.c.forum_id == forum_id,
        deliveries.c.channel_id == channel_id,
        deliveries.c.message_id == message_id,
    ]


def _read(c: Connection, query: Select[Any]) -> list[DeliveryRow]:
    return [
        record_of(
            DeliveryRow, row, type=MessageType(row["type"]), state=DeliveryState(row["state"])
        )
        for row in c.execute(query).mappings()
    ]
