"""What another system has told us that it has, until somebody has looked at it.

In: a channel and what it speaks of, as often as it likes. Out: each once, to one looker at a time;
what is told again while it is looked at is looked at again.
Not here: whether the sender is who it says (connect), the look itself (importing, filing).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.sql import ColumnElement

from triage.records import ChannelKind
from triage.store.batches import record_of
from triage.store.dialects import upsert
from triage.store.tables.handing import channels, incoming

# Whoever looks and is gone by then has not looked.
_LEASE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class IncomingRow:
    """One thing to look at: `at` is when it was last told, `code` why the last look failed."""

    channel_id: str
    item: str
    at: datetime
    attempts: int
    due_at: datetime
    code: str | None = None


def put_incoming(c: Connection, forum_id: int, channel_id: str, item: str, at: datetime) -> None:
    """Note that a channel speaks of this; told again it is looked at at once."""
    row = {"forum_id": forum_id, "channel_id": channel_id, "item": item}
    fresh = {"at": at, "attempts": 0, "due_at": at, "code": None}
    upsert(c, incoming, [{**row, **fresh}])


def channels_told(
    c: Connection, kinds: Collection[ChannelKind], now: datetime
) -> list[tuple[int, str]]:
    """Return, of all forums, whose channels have told what is to be looked at now."""
    query = (
        select(incoming.c.forum_id, incoming.c.channel_id)
        .join(channels, _of_channel())
        .where(*_due(kinds, now))
        .distinct()
        .order_by(incoming.c.forum_id, incoming.c.channel_id)
    )
    return [(row.forum_id, row.channel_id) for row in c.execute(query)]


def any_incoming(
    c: Connection, forum_id: int, kinds: Collection[ChannelKind], now: datetime
) -> bool:
    """Whether there is anything to look at now from channels of these kinds."""
    query = select(incoming.c.item).join(channels, _of_channel())
    due = query.where(incoming.c.forum_id == forum_id, *_due(kinds, now))
    return c.execute(due.limit(1)).first() is not None


def claim_incoming(
    c: Connection,
    forum_id: int,
    kinds: Collection[ChannelKind],
    now: datetime,
    most: int,
    channel_id: str | None = None,
) -> list[IncomingRow]:
    """Take what is to be looked at now, oldest first; nobody else gets it for two minutes.

    Of one channel, or of all of these kinds; what comes of one that is disabled waits.
    """
    due = [incoming.c.forum_id == forum_id, *_due(kinds, now)]
    if channel_id is not None:
        due.append(incoming.c.channel_id == channel_id)
    query = (
        select(incoming)
        .join(channels, _of_channel())
        .where(*due)
        .order_by(incoming.c.due_at, incoming.c.channel_id, incoming.c.item)
        .limit(most)
    )
    found = [record_of(IncomingRow, row) for row in c.execute(query).mappings()]
    return [row for row in found if _take(c, forum_id, row, now)]


def settle_incoming(c: Connection, forum_id: int, row: IncomingRow) -> bool:
    """Forget what was looked at, unless it was told again meanwhile."""
    return c.execute(delete(incoming).where(*_same(forum_id, row))).rowcount > 0


def put_off_incoming(
    c: Connection, forum_id: int, row: IncomingRow, due_at: datetime, code: str
) -> bool:
    """Look again later; return False where it was told again meanwhile and is due at once."""
    values = {"attempts": row.attempts + 1, "due_at": due_at, "code": code}
    return c.execute(update(incoming).where(*_same(forum_id, row)).values(**values)).rowcount > 0


def list_incoming(c: Connection, forum_id: int) -> list[IncomingRow]:
    """Return what waits to be looked at, or could not be."""
    query = select(incoming).where(incoming.c.forum_id == forum_id)
    ordered = query.order_by(incoming.c.due_at, incoming.c.channel_id, incoming.c.item)
    return [record_of(IncomingRow, row) for row in c.execute(ordered).mappings()]


def _take(c: Connection, forum_id: int, row: IncomingRow, now: datetime) -> bool:
    query = update(incoming).where(*_same(forum_id, row), incoming.c.due_at == row.due_at)
    return c.execute(query.values(due_at=now + _LEASE)).rowcount > 0


def _of_channel() -> ColumnElement[bool]:
    return (channels.c.forum_id == incoming.c.forum_id) & (
        channels.c.channel_id == incoming.c.channel_id
    )


def _due(kinds: Collection[ChannelKind], now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        incoming.c.due_at <= now,
        channels.c.kind.in_([kind.value for kind in kinds]),
        channels.c.disabled_at.is_(None),
    )


def _same(forum_id: int, row: IncomingRow) -> tuple[ColumnElement[bool], ...]:
    """Match the row as it was read: what was told later has another moment."""
    return (
        incoming.c.forum_id == forum_id,
        incoming.c.channel_id == row.channel_id,
        incoming.c.item == row.item,
        incoming.c.at == row.at,
    )
