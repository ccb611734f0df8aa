"""Periods that were closed with their figures, and how many questions there were before.

In: figures, counts. Out: the same. A closed period is never changed: what it said stays said.
Not here: the figures (outcomes), who may close one (reports).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from triage.store.batches import record_of, row_of
from triage.store.dialects import insert_if_new
from triage.store.tables.report import baselines, closed_periods


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """A period whose figures somebody stands by, as they were at `as_of`; `until` is exclusive."""

    since: datetime
    until: datetime
    time_zone: str
    as_of: datetime
    closed_at: datetime
    by: str
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BaselinePeriod:
    """What was counted in a period before the service; `until` is exclusive."""

    since: datetime
    until: datetime
    questions: int
    cases: int | None = None
    persons: int | None = None
    seconds_to_answer: float | None = None


def close_period(c: Connection, forum_id: int, period: ClosedPeriod) -> bool:
    """Keep a period's figures; return whether it was open until now."""
    return insert_if_new(c, closed_periods, {"forum_id": forum_id, **row_of(period)})


def closed_period(
    c: Connection, forum_id: int, since: datetime, until: datetime
) -> ClosedPeriod | None:
    """Return a period as it was closed; None for one that is open."""
    query = select(closed_periods).where(
        closed_periods.c.forum_id == forum_id,
        closed_periods.c.since == since,
        closed_periods.c.until == until,
    )
    row = c.execute(query).mappings().first()
    return None if row is None else record_of(ClosedPeriod, row)


def is_closed_about(
    c: Connection, forum_id: int, since: datetime, until: datetime, off: timedelta
) -> bool:
    """Say whether a period was closed that begins and ends no further off than that."""
    query = select(closed_periods.c.since).where(
        closed_periods.c.forum_id == forum_id,
        closed_periods.c.since.between(since - off, since + off),
        closed_periods.c.until.between(until - off, until + off),
    )
    return c.execute(query.limit(1)).first() is not None


def closed_periods_of(
    c: Connection, forum_id: int, before: datetime | None = None, limit: int = 100
) -> list[ClosedPeriod]:
    """Return the periods that were closed, the last first; `before`: those that began earlier."""
    query = select(closed_periods).where(closed_periods.c.forum_id == forum_id)
    if before is not None:
        query = query.where(closed_periods.c.since < before)
    order = (closed_periods.c.since.desc(), closed_periods.c.until.desc())
    found = c.execute(query.order_by(*order).limit(limit)).mappings()
    return [record_of(ClosedPeriod, row) for row in found]


def replace_baseline(
    c: Connection, forum_id: int, periods: Sequence[BaselinePeriod], by: str, at: datetime
) -> None:
    """Keep these counts in the place of those before."""
    c.execute(delete(baselines).where(baselines.c.forum_id == forum_id))
    more = {"forum_id": forum_id, "by": by, "imported_at": at}
    if periods:
        c.execute(insert(baselines), [{**row_of(period), **more} for period in periods])


def baseline_of(c: Connection, forum_id: int) -> list[BaselinePeriod]:
    """Return what was counted before the service, oldest first."""
    query = select(baselines).where(baselines.c.forum_id == forum_id).order_by(baselines.c.since)
    return [record_of(BaselinePeriod, row) for row in c.execute(query).mappings()]
