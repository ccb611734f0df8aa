"""Which share of a forum's askers is in the holdout, now and before.

In: shares that somebody sets. Out: those that hold, and every change.
Not here: assigning an ask (assigning), who may set them (the doors).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select
from sqlalchemy.engine import RowMapping

from triage.assigning import Shares
from triage.store.batches import record_of
from triage.store.tables.base import holdouts

# Every new ask needs it: making it anew would take longer than carrying it out.
_LAST = (
    select(holdouts)
    .where(holdouts.c.forum_id == bindparam("forum"))
    .order_by(holdouts.c.number.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class HoldoutRow:
    """Shares that somebody set, from `at` on."""

    number: int
    at: datetime
    shares: Shares
    by: str


def set_holdout(c: Connection, forum_id: int, shares: Shares, by: str, at: datetime) -> HoldoutRow:
    """Let these shares hold from now on; asks that are open keep their arm."""
    last = select(func.max(holdouts.c.number)).where(holdouts.c.forum_id == forum_id)
    number = (c.execute(last).scalar_one_or_none() or 0) + 1
    values = {"share": shares.share, "shares": dict(shares.by_language)}
    c.execute(insert(holdouts).values(forum_id=forum_id, number=number, at=at, by=by, **values))
    return HoldoutRow(number, at, shares, by)


def holdout_of(c: Connection, forum_id: int) -> HoldoutRow | None:
    """Return the shares that hold in a forum; None where nobody ever set any."""
    row = c.execute(_LAST, {"forum": forum_id}).mappings().first()
    return None if row is None else _row(row)


def list_holdouts(c: Connection, forum_id: int) -> list[HoldoutRow]:
    """Return every change of a forum's shares, oldest first."""
    query = select(holdouts).where(holdouts.c.forum_id == forum_id).order_by(holdouts.c.number)
    return [_row(row) for row in c.execute(query).mappings()]


def _row(row: RowMapping) -> HoldoutRow:
    return record_of(HoldoutRow, row, shares=Shares(row["share"], row["shares"]))
