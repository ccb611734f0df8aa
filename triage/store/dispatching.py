"""What is to be delivered now: claimed for a while by whoever sends it.

In: a channel, who delivers, the moment. Out: the heads of its streams that are due. Of a stream
only the head is ever due: the next one gets its moment when the one ahead of it is settled. A claim
is a lease: whoever dies loses it, and another sends the same message again.
Not here: posting (messages), what became of it (settling), what people see and do of deliveries
(deliveries), sending (delivering).
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Select, exists, func, or_, select, update

from triage.records import ChannelKind, DeliveryState, Forum
from triage.store.channels import ChannelRow, read_channel
from triage.store.dialects import also
from triage.store.forums import FORUM_COLUMNS, forum_beside
from triage.store.messages import RESTS_AFTER, UNSETTLED
from triage.store.settling import give_moment, look_at, standing_of
from triage.store.tables.base import forums
from triage.store.tables.handing import channels, deliveries

_PENDING = DeliveryState.PENDING.value
# What is posted wakes no channel that rests: it is looked at so often, whatever it waits for.
_LOOK_AGAIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is to be made now, and how often that was tried before."""

    delivery_id: int
    message_id: str
    attempts: int


def due_channels(
    c: Connection,
    kinds: Collection[ChannelKind],
    now: datetime,
    limit: int,
    besides: Collection[str] = (),
) -> list[tuple[Forum, ChannelRow]]:
    """Return the channels of all forums that are to be looked at, longest due first.

    Not those of `besides`, of which nothing more can be taken now.
    """
    query = (
        select(*FORUM_COLUMNS, channels)
        .join_from(channels, forums)
        .where(
            channels.c.due_at <= now,
            channels.c.disabled_at.is_(None),
            channels.c.kind.in_([kind.value for kind in kinds]),
            channels.c.channel_id.not_in(besides),
        )
        .order_by(channels.c.due_at)
        .limit(limit)
    )
    rows = c.execute(query).mappings().all()
    return [(replace(forum_beside(row), id=row["forum_id"]), read_channel(row)) for row in rows]


def has_channels(c: Connection, kinds: Collection[ChannelKind]) -> bool:
    """Say whether any forum has a channel of these kinds that is in use."""
    of_kind = channels.c.kind.in_([kind.value for kind in kinds])
    query = select(channels.c.channel_id).where(of_kind, channels.c.disabled_at.is_(None))
    return c.execute(query.limit(1)).first() is not None


def claim_due(
    c: Connection,
    forum_id: int,
    channel_id: str,
    by: str,
    now: datetime,
    until: datetime,
    most: int,
) -> list[Claimed]:
    """Take what is due of a channel for `by` until then; of one that rests, a single one.

    Sets when the channel is looked at next. Nothing, where another has taken it in between.
    """
    found = standing_of(c, forum_id, channel_id, or_pass=True)
    if found is None or found["disabled_at"] or found["due_at"] is None or found["due_at"] > now:
        return []
    probing = found["failures"] >= RESTS_AFTER
    most = 1 if probing else most
    heads = _heads(c, forum_id, channel_id, now, most, found["failures"])
    if heads:
        mine = [
            also(deliveries.c.forum_id, forum_id),
            deliveries.c.id.in_([head.delivery_id for head in heads]),
        ]
        c.execute(update(deliveries).where(*mine).values(claimed_by=by, claimed_until=until))
    more = len(heads) == most and not probing
    then = now if more else _next(c, forum_id, channel_id, now, until)
    if probing and then is not None:
        then = min(then, now + _LOOK_AGAIN)
    look_at(c, forum_id, channel_id, due_at=then)
    return heads


def _heads(
    c: Connection, forum_id: int, channel_id: str, now: datetime, most: int, failures: int
) -> list[Claimed]:
    """Return what is due, longest due first; of a channel that rests, in turn what came last.

    There may be many that their receiver refuses, each for itself: those that it would take are
    not to wait until all of these are given up.
    """
    columns = (deliveries.c.id, deliveries.c.message_id, deliveries.c.attempts)
    due = select(*columns).where(*_due(forum_id, channel_id, now), _unclaimed(now)).limit(most)
    if failures >= RESTS_AFTER and failures % 2:
        untried = due.where(deliveries.c.attempts == 0)
        newest = untried.order_by(deliveries.c.due_at.desc(), deliveries.c.id.desc())
        if found := [Claimed(*row) for row in c.execute(newest)]:
            return found
    longest = due.order_by(deliveries.c.due_at, deliveries.c.id)
    return [Claimed(*row) for row in c.execute(longest)]


def mend(c: Connection, forum_id: int, now: datetime) -> int:
    """Give their moment to those whose way is free although nobody said so; return how many.

    What was ahead of them went with its person or its time. Channels that wait for nothing although
    something is due are looked at.
    """
    count = give_moment(c, forum_id, now, _left_behind(forum_id))
    idle = update(channels).where(*_idle(forum_id))
    return count + c.execute(idle.values(due_at=now)).rowcount


def needs_mending(c: Connection, forum_id: int) -> bool:
    """Say whether `mend` would find anything: it takes no write to know."""
    idle = select(channels.c.channel_id).where(*_idle(forum_id)).limit(1)
    left = _left_behind(forum_id).limit(1)
    return c.execute(left).first() is not None or c.execute(idle).first() is not None


def _left_behind(forum_id: int) -> Select[tuple[int]]:
    ahead = deliveries.alias("ahead")
    free = ~exists().where(
        ahead.c.channel_id == deliveries.c.channel_id,
        ahead.c.stream == deliveries.c.stream,
        ahead.c.state.in_(UNSETTLED),
        ahead.c.id < deliveries.c.id,
    )
    ours = select(channels.c.channel_id).where(channels.c.forum_id == forum_id)
    return select(deliveries.c.id).where(
        also(deliveries.c.forum_id, forum_id),
        deliveries.c.channel_id.in_(ours),
        deliveries.c.state == _PENDING,
        deliveries.c.due_at.is_(None),
        free,
    )


def _idle(forum_id: int) -> list[ColumnElement[bool]]:
    waits = exists().where(
        deliveries.c.channel_id == channels.c.channel_id,
        deliveries.c.state == _PENDING,
        deliveries.c.due_at.is_not(None),
    )
    return [channels.c.forum_id == forum_id, channels.c.due_at.is_(None), waits]


def claimants(c: Connection, forum_id: int) -> list[str]:
    """Return who has claimed deliveries."""
    query = select(deliveries.c.claimed_by).where(*_claims(forum_id)).distinct()
    return sorted(by for by in c.execute(query).scalars() if by is not None)


def release_claims(c: Connection, forum_id: int, by: Collection[str], now: datetime) -> int:
    """Give back what these hold, who are known to have ended; return how many that were."""
    theirs = [*_claims(forum_id), deliveries.c.claimed_by.in_(by)]
    of_channels = select(deliveries.c.channel_id).where(*theirs).distinct()
    looked_at = [channels.c.forum_id == forum_id, channels.c.channel_id.in_(of_channels)]
    c.execute(update(channels).where(*looked_at).values(due_at=now))
    free = {"claimed_by": None, "claimed_until": None}
    return c.execute(update(deliveries).where(*theirs).values(**free)).rowcount


def _claims(forum_id: int) -> list[ColumnElement[bool]]:
    ours = select(channels.c.channel_id).where(channels.c.forum_id == forum_id)
    return [
        also(deliveries.c.forum_id, forum_id),
        deliveries.c.channel_id.in_(ours),
        deliveries.c.state == _PENDING,
        deliveries.c.claimed_by.is_not(None),
    ]


def _due(forum_id: int, channel_id: str, now: datetime) -> list[ColumnElement[bool]]:
    return [
        also(deliveries.c.forum_id, forum_id),
        deliveries.c.channel_id == channel_id,
        deliveries.c.state == _PENDING,
        deliveries.c.due_at <= now,
    ]


def _unclaimed(now: datetime) -> ColumnElement[bool]:
    return or_(deliveries.c.claimed_until.is_(None), deliveries.c.claimed_until <= now)


def _next(
    c: Connection, forum_id: int, channel_id: str, now: datetime, until: datetime
) -> datetime | None:
    """Return when a channel is to be looked at again of which all that is due is taken."""
    one = [also(deliveries.c.forum_id, forum_id), deliveries.c.channel_id == channel_id]
    waiting = [*one, deliveries.c.state == _PENDING]
    later = select(func.min(deliveries.c.due_at)).where(*waiting, deliveries.c.due_at > now)
    taken = select(deliveries.c.id).where(*_due(forum_id, channel_id, now)).limit(1)
    moments = [c.execute(later).scalar()]
    if c.execute(taken).first() is not None:
        # Should whoever has it die, it is taken over.
        moments.append(until)
    return min((moment for moment in moments if moment is not None), default=None)
