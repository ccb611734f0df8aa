"""What became of deliveries that were claimed: written for many at once.

In: a channel, the outcomes of attempts. Out: rows; those that stood behind what arrived have their
moment, and a channel that could not be reached rests.
Not here: claiming (dispatching), how long anything waits (delivering).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, insert, select, update
from sqlalchemy.engine import RowMapping

from triage.records import DeliveryState
from triage.store.dialects import also
from triage.store.messages import RESTS_AFTER, UNSETTLED
from triage.store.tables.handing import channels, deliveries, delivery_attempts

_PENDING = DeliveryState.PENDING.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an attempt, or of none: a delivery with no `state` is given back as it was.

    `due_at` is when it is tried again; without one, a failed one is dead. One that was `put_off`
    by the receiver counts as no attempt. `probing`: it was to show whether the channel is back.
    """

    delivery_id: int
    at: datetime
    state: DeliveryState | None = None
    due_at: datetime | None = None
    status: int | None = None
    code: str | None = None
    milliseconds: int = 0
    put_off: bool = False
    probing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """How the outcomes of one channel are written, and by whom.

    `rest` tells how long a channel is let be that failed so often in a row; `rest_until` is what
    its receiver asked for. With `gone` it is disabled.
    """

    by: str
    now: datetime
    rest: Callable[[int], timedelta]
    rest_until: datetime | None = None
    gone: bool = False


def settle(
    c: Connection,
    forum_id: int,
    channel_id: str,
    outcomes: Sequence[Outcome],
    how: Settling,
) -> None:
    """Write what became of a channel's deliveries, have those behind them be due, let it rest.

    What arrived has arrived, whoever holds it by now; any other outcome counts only for the holder.
    """
    found = standing_of(c, forum_id, channel_id)
    if found is None:
        return
    arrived = [one for one in outcomes if one.state is DeliveryState.DELIVERED]
    others = [one for one in outcomes if one.state is not DeliveryState.DELIVERED]
    failed = _still_held(c, forum_id, how.by, others)
    if arrived:
        _write_arrived(c, forum_id, arrived)
        promote(c, forum_id, channel_id, how.now, [one.delivery_id for one in arrived])
    if failed:
        _write_failed(c, forum_id, channel_id, failed)
    tried = [one for one in failed if one.state is not None]
    values = _standing(found, bool(arrived), tried, how)
    if arrived and found["failures"] >= RESTS_AFTER:
        _pull_forward(c, forum_id, channel_id, how.now, found["reached_at"])
    if how.gone and found["disabled_at"] is None:
        values |= {"disabled_at": how.now, "disabled_why": "gone"}
    look_at(c, forum_id, channel_id, **values)


def promote(
    c: Connection, forum_id: int, channel_id: str, now: datetime, settled: Sequence[int]
) -> None:
    """Give their moment to those that stood right behind these."""
    streams = select(deliveries.c.stream).where(
        also(deliveries.c.forum_id, forum_id), deliveries.c.id.in_(settled)
    )
    heads = (
        select(func.min(deliveries.c.id))
        .where(
            also(deliveries.c.forum_id, forum_id),
            deliveries.c.channel_id == channel_id,
            deliveries.c.stream.in_(streams),
            deliveries.c.state.in_(UNSETTLED),
        )
        .group_by(deliveries.c.stream)
    )
    give_moment(c, forum_id, now, heads)


def standing_of(
    c: Connection, forum_id: int, channel_id: str, *, or_pass: bool = False
) -> RowMapping | None:
    """Return how a channel stands; it stands so until the transaction ends.

    Where another holds it, wait, or pass and return None.
    """
    names = ("failures", "due_at", "disabled_at", "reached_at")
    query = select(*(channels.c[name] for name in names)).where(
        channels.c.forum_id == forum_id, channels.c.channel_id == channel_id
    )
    return c.execute(query.with_for_update(skip_locked=or_pass)).mappings().first()


def look_at(c: Connection, forum_id: int, channel_id: str, **values: object) -> None:
    """Write when a channel is looked at next, or how it stands."""
    if values:
        mine = [channels.c.forum_id == forum_id, channels.c.channel_id == channel_id]
        c.execute(update(channels).where(*mine).values(**values))


def _still_held(
    c: Connection, forum_id: int, by: str, outcomes: Sequence[Outcome]
) -> list[Outcome]:
    if not outcomes:
        return []
    query = select(deliveries.c.id).where(
        also(deliveries.c.forum_id, forum_id),
        deliveries.c.id.in_([one.delivery_id for one in outcomes]),
        deliveries.c.state == _PENDING,
        deliveries.c.claimed_by == by,
    )
    held = set(c.execute(query).scalars())
    return [one for one in outcomes if one.delivery_id in held]


def _write_arrived(c: Connection, forum_id: int, arrived: Sequence[Outcome]) -> None:
    query = (
        update(deliveries)
        .where(
            also(deliveries.c.forum_id, forum_id),
            deliveries.c.id == bindparam("its_id"),
            deliveries.c.state == _PENDING,
        )
        .values(
            state=DeliveryState.DELIVERED.value,
            attempts=deliveries.c.attempts + 1,
            due_at=None,
            claimed_by=None,
            claimed_until=None,
            first_at=func.coalesce(deliveries.c.first_at, bindparam("its_at")),
            last_at=bindparam("its_at"),
            status=bindparam("its_status"),
            code=None,
            milliseconds=bindparam("its_milliseconds"),
        )
    )
    c.execute(query, [_bound(one) for one in arrived])


def _write_failed(c: Connection, forum_id: int, channel_id: str, failed: Sequence[Outcome]) -> None:
    """Note failed attempts; what is given back, or was put off by its receiver, counts as none."""
    counted = [one for one in failed if one.state is not None and not one.put_off]
    if counted:
        rows = _attempts(c, forum_id, channel_id, counted)
        c.execute(insert(delivery_attempts), rows)
    for outcomes, more in (
        (counted, {"attempts": deliveries.c.attempts + 1, **_TOLD}),
        ([one for one in failed if one.put_off], _TOLD),
        ([one for one in failed if one.state is None], {}),
    ):
        if outcomes:
            query = update(deliveries).where(
                also(deliveries.c.forum_id, forum_id), deliveries.c.id == bindparam("its_id")
            )
            given_back = {"claimed_by": None, "claimed_until": None}
            c.execute(query.values(**given_back, **more), [_bound(one) for one in outcomes])


_TOLD: Mapping[str, Any] = {
    "state": bindparam("its_state"),
    "due_at": bindparam("its_due_at"),
    "first_at": func.coalesce(deliveries.c.first_at, bindparam("its_at")),
    "last_at": bindparam("its_at"),
    "status": bindparam("its_status"),
    "code": bindparam("its_code"),
    "milliseconds": bindparam("its_milliseconds"),
}


def _bound(one: Outcome) -> dict[str, Any]:
    return {
        "its_id": one.delivery_id,
        "its_at": one.at,
        "its_state": one.state and one.state.value,
        "its_due_at": one.due_at,
        "its_status": one.status,
        "its_code": one.code,
        "its_milliseconds": one.milliseconds,
    }


def _attempts(
    c: Connection, forum_id: int, channel_id: str, failed: Sequence[Outcome]
) -> list[dict[str, Any]]:
    """Return the rows of failed attempts, numbered on: a replayed one is counted anew."""
    a = delivery_attempts.c
    last = (
        select(func.max(a.number))
        .where(
            a.forum_id == forum_id,
            a.channel_id == channel_id,
            a.message_id == deliveries.c.message_id,
        )
        .scalar_subquery()
    )
    query = select(deliveries.c.id, deliveries.c.message_id, last.label("last")).where(
        also(deliveries.c.forum_id, forum_id),
        deliveries.c.id.in_([one.delivery_id for one in failed]),
    )
    found = {row.id: row for row in c.execute(query)}
    return [
        {
            "forum_id": forum_id,
            "channel_id": channel_id,
            "message_id": found[one.delivery_id].message_id,
            "number": (found[one.delivery_id].last or 0) + 1,
            "at": one.at,
            "status": one.status,
            "code": one.code,
            "milliseconds": one.milliseconds,
        }
        for one in failed
    ]


def _standing(
    found: RowMapping, reached: bool, tried: Sequence[Outcome], how: Settling
) -> dict[str, Any]:
    """Return how a channel stands after these: reached, failing, or at rest."""
    if reached:
        return {"failures": 0, "reached_at": how.now, "due_at": how.now}
    failures: int = found["failures"]
    if not tried:
        # Only given back: one that rests goes on resting.
        return {} if failures >= RESTS_AFTER else {"due_at": how.now}
    if failures < RESTS_AFTER:
        # Many at once that fail say no more than a few.
        failures = min(failures + len(tried), RESTS_AFTER)
        failures = RESTS_AFTER if how.rest_until is not None else failures
    elif any(one.probing for one in tried):
        failures += 1
    else:
        return {}
    rested = how.now + how.rest(failures) if failures >= RESTS_AFTER else how.now
    return {"failures": failures, "due_at": max(rested, how.rest_until or rested)}


def _pull_forward(
    c: Connection, forum_id: int, channel_id: str, now: datetime, reached_at: datetime | None
) -> None:
    """Have all that failed since the channel was last reached tried at once: it is back.

    What had failed before while others arrived may be refused for its own sake, and would have
    used up its attempts within minutes.
    """
    query = update(deliveries).where(
        also(deliveries.c.forum_id, forum_id),
        deliveries.c.channel_id == channel_id,
        deliveries.c.state == _PENDING,
        deliveries.c.due_at > now,
    )
    if reached_at is not None:
        query = query.where(deliveries.c.first_at > reached_at)
    c.execute(query.values(due_at=now))


def give_moment(c: Connection, forum_id: int, now: datetime, which: Select[tuple[int]]) -> int:
    """Have those of these be due that waited behind others; return how many did."""
    query = update(deliveries).where(
        also(deliveries.c.forum_id, forum_id),
        deliveries.c.id.in_(which),
        deliveries.c.state == _PENDING,
        deliveries.c.due_at.is_(None),
    )
    return c.execute(query.values(due_at=now)).rowcount
