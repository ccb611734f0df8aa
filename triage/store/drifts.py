"""What was last said of drift, and whose turn it is to look.

In: verdicts of one look. Out: those of the look before it.
Not here: looking (watching), what a verdict means (insight.drift).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from triage.store.batches import record_of, row_of
from triage.store.dialects import insert_if_new
from triage.store.tables.watching import drift_looks, drift_verdicts
from triage.streams import chunks


@dataclass(frozen=True, slots=True)
class DriftRow:
    """What is said of a measure of a model version in a slice, since `changed_at`."""

    part: str
    measure: str
    slice: str
    model_version: str
    verdict: str
    changed_at: datetime

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells one verdict from another."""
        return self.part, self.measure, self.slice


def list_drifts(c: Connection, forum_id: int) -> list[DriftRow]:
    """Return what was said at the last look, in order of part, measure and slice."""
    query = select(drift_verdicts).where(drift_verdicts.c.forum_id == forum_id)
    order = (drift_verdicts.c.part, drift_verdicts.c.measure, drift_verdicts.c.slice)
    return [record_of(DriftRow, row) for row in c.execute(query.order_by(*order)).mappings()]


def replace_drifts(c: Connection, forum_id: int, rows: Iterable[DriftRow]) -> None:
    """Keep what a look says instead of what the one before it said."""
    c.execute(delete(drift_verdicts).where(drift_verdicts.c.forum_id == forum_id))
    for part in chunks(rows):
        c.execute(insert(drift_verdicts), [{"forum_id": forum_id, **row_of(row)} for row in part])


def take_drift_look(c: Connection, forum_id: int, now: datetime, every: timedelta) -> bool:
    """Say whether it is this process's turn to look; the turn is taken with it."""
    looked = drift_looks.c
    if insert_if_new(c, drift_looks, {"forum_id": forum_id, "looked_at": now}):
        return True
    query = update(drift_looks).where(looked.forum_id == forum_id, looked.looked_at <= now - every)
    return c.execute(query.values(looked_at=now)).rowcount > 0


def is_drift_look_due(c: Connection, forum_id: int, now: datetime, every: timedelta) -> bool:
    """Say whether somebody should look, without taking the turn."""
    last = drift_looked_at(c, forum_id)
    return last is None or last <= now - every


def drift_looked_at(c: Connection, forum_id: int) -> datetime | None:
    """Return when somebody last looked; None: nobody ever did."""
    query = select(drift_looks.c.looked_at).where(drift_looks.c.forum_id == forum_id)
    last: datetime | None = c.execute(query).scalar()
    return last
