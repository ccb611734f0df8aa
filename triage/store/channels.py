"""The ways to other systems and to single persons, with what opens them, sealed.

In: rows. Out: rows again. A channel of a person is found by the person alone and never listed.
Not here: sealing (crypto), what is sent (messages) and when (deliveries).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.engine import RowMapping

from triage.records import ChannelKind
from triage.store.batches import record_of, row_of
from triage.store.dialects import upsert
from triage.store.tables.handing import channels


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRow:
    """One way out.

    `sealed` is JSON of what opens it, `wants` are types of messages (of a person's: kinds of
    notices), `options` what its kind needs besides. `due_at` is when it is looked at next.
    """

    channel_id: str
    kind: ChannelKind
    name: str
    sealed: bytes = field(repr=False)
    created_at: datetime
    address: str | None = None
    person: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    wants: frozenset[str] = frozenset()
    disabled_at: datetime | None = None
    disabled_why: str | None = None
    due_at: datetime | None = None
    failures: int = 0
    reached_at: datetime | None = None


def put_channel(c: Connection, forum_id: int, row: ChannelRow) -> None:
    """Keep a channel, in place of the one of its id."""
    upsert(c, channels, [{"forum_id": forum_id, **row_of(row)}])


def rewrite_channel(c: Connection, forum_id: int, row: ChannelRow) -> bool:
    """Keep what somebody has written of a channel; return whether it is there.

    How it stands (due, failures, disabled) is whoever delivers' to say and stays as it is.
    """
    written = row_of(row)
    values = {name: written[name] for name in ("name", "address", "sealed", "options", "wants")}
    query = update(channels).where(*_one(forum_id, row.channel_id))
    return c.execute(query.values(**values)).rowcount > 0


def get_channel(c: Connection, forum_id: int, channel_id: str) -> ChannelRow | None:
    """Return a channel, or None where the forum has it not."""
    query = select(channels).where(*_one(forum_id, channel_id))
    row = c.execute(query).mappings().first()
    return None if row is None else read_channel(row)


def find_channel(c: Connection, channel_id: str) -> tuple[int, ChannelRow] | None:
    """Return a channel and whose it is: what comes in names no forum."""
    query = select(channels).where(channels.c.channel_id == channel_id)
    row = c.execute(query).mappings().first()
    return None if row is None else (row["forum_id"], read_channel(row))


def list_channels(
    c: Connection, forum_id: int, kinds: Collection[ChannelKind] = tuple(ChannelKind)
) -> list[ChannelRow]:
    """Return the channels to other systems, oldest first."""
    query = select(channels).where(
        channels.c.forum_id == forum_id,
        channels.c.person.is_(None),
        channels.c.kind.in_([kind.value for kind in kinds]),
    )
    ordered = query.order_by(channels.c.created_at, channels.c.channel_id)
    return [read_channel(row) for row in c.execute(ordered).mappings()]


def channels_of_person(c: Connection, forum_id: int, person: str) -> list[ChannelRow]:
    """Return the channels to one person."""
    query = select(channels).where(channels.c.forum_id == forum_id, channels.c.person == person)
    return [
        read_channel(row) for row in c.execute(query.order_by(channels.c.channel_id)).mappings()
    ]


def delete_channel(c: Connection, forum_id: int, channel_id: str) -> bool:
    """Remove a channel with all that was or is to be delivered through it."""
    return c.execute(delete(channels).where(*_one(forum_id, channel_id))).rowcount > 0


def disable_channel(c: Connection, forum_id: int, channel_id: str, at: datetime, why: str) -> bool:
    """Let a channel be until somebody enables it; return whether it was enabled."""
    query = update(channels).where(*_one(forum_id, channel_id), channels.c.disabled_at.is_(None))
    return c.execute(query.values(disabled_at=at, disabled_why=why)).rowcount > 0


def enable_channel(c: Connection, forum_id: int, channel_id: str, at: datetime) -> bool:
    """Use a channel again, beginning with what waits; return whether it was disabled."""
    query = update(channels).where(*_one(forum_id, channel_id), channels.c.disabled_at.is_not(None))
    fresh = {"disabled_at": None, "disabled_why": None, "failures": 0, "due_at": at}
    return c.execute(query.values(**fresh)).rowcount > 0


def set_wants(c: Connection, forum_id: int, channel_id: str, wants: frozenset[str]) -> None:
    """Have a channel told of other things from now on."""
    query = update(channels).where(*_one(forum_id, channel_id))
    c.execute(query.values(wants=wants))


def set_sealed(c: Connection, forum_id: int, channel_id: str, sealed: bytes) -> None:
    """Keep what opens a channel in place of what did."""
    query = update(channels).where(*_one(forum_id, channel_id))
    c.execute(query.values(sealed=sealed))


def _one(forum_id: int, channel_id: str) -> list[Any]:
    return [channels.c.forum_id == forum_id, channels.c.channel_id == channel_id]


def read_channel(row: RowMapping) -> ChannelRow:
    """Return the channel of a row that holds its columns."""
    return record_of(ChannelRow, row, kind=ChannelKind(row["kind"]))
