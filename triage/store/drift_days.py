"""What was said of drift day by day, and what was told of it: until when, to how many, who saw it.

In: one look as it was made, alerts. Out: the same, newest first.
Not here: looking (watching), the verdicts of now (drifts), how alerts arrive (messages).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.engine import RowMapping

from triage.store.batches import record_of, row_of
from triage.store.dialects import insert_if_new, upsert
from triage.store.tables import watching as tables


@dataclass(frozen=True, slots=True)
class DriftDay:
    """The last look of a day: when it was, at which model version, and all that it found."""

    day: date
    looked_at: datetime
    model_version: str
    found: Mapping[str, Any]

    @property
    def verdicts(self) -> Mapping[str, str]:
        """Return the worst verdict of each part."""
        told: Mapping[str, str] = self.found.get("verdicts", {})
        return told


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftAlert:
    """Measures that turned to drifted together, and how many other systems are told of it.

    `drifted` holds part, measure, slice, what was said before, since when, and how surely.
    `seen_at` is empty until somebody of the staff has looked at it; `reason` is what they said.
    """

    alert_id: str
    at: datetime
    model_version: str
    receivers: int
    drifted: Sequence[Mapping[str, Any]]
    seen_at: datetime | None = None
    seen_by: str | None = None
    reason: str | None = None


def keep_drift_day(c: Connection, forum_id: int, found: DriftDay) -> None:
    """Keep a look as the last one of its day."""
    row = {**row_of(found), "day": _begins(found.day), "forum_id": forum_id}
    upsert(c, tables.drift_days, [row])


def latest_drift_day(
    c: Connection, forum_id: int, until: date | None = None, *, since: date | None = None
) -> DriftDay | None:
    """Return the last look that is kept of these days, both with them; None: there is none."""
    days = tables.drift_days.c
    query = select(tables.drift_days).where(days.forum_id == forum_id)
    if until is not None:
        query = query.where(days.day <= _begins(until))
    if since is not None:
        query = query.where(days.day >= _begins(since))
    row = c.execute(query.order_by(days.day.desc()).limit(1)).mappings().first()
    return None if row is None else _day(row)


def drift_days(c: Connection, forum_id: int, since: date, until: date) -> list[DriftDay]:
    """Return the looks that are kept of these days, both with them, the first one first."""
    days = tables.drift_days.c
    query = select(tables.drift_days).where(
        days.forum_id == forum_id, days.day >= _begins(since), days.day <= _begins(until)
    )
    return [_day(row) for row in c.execute(query.order_by(days.day)).mappings()]


def add_drift_alert(c: Connection, forum_id: int, alert: DriftAlert) -> None:
    """Keep what has been told; once is enough."""
    row = {**row_of(alert), "drifted": list(alert.drifted), "forum_id": forum_id}
    insert_if_new(c, tables.drift_alerts, row)


def list_drift_alerts(
    c: Connection,
    forum_id: int,
    *,
    since: datetime | None = None,
    unseen: bool = False,
    limit: int = 50,
) -> list[DriftAlert]:
    """Return alerts, newest first; those that nobody has seen alone where that is wanted."""
    alerts = tables.drift_alerts.c
    query = select(tables.drift_alerts).where(alerts.forum_id == forum_id)
    if since is not None:
        query = query.where(alerts.at >= since)
    if unseen:
        query = query.where(alerts.seen_at.is_(None))
    query = query.order_by(alerts.at.desc(), alerts.alert_id.desc()).limit(limit)
    return [record_of(DriftAlert, row) for row in c.execute(query).mappings()]


def count_unseen_alerts(c: Connection, forum_id: int) -> int:
    """Return how many alerts nobody has seen."""
    alerts = tables.drift_alerts.c
    query = select(func.count()).where(alerts.forum_id == forum_id, alerts.seen_at.is_(None))
    return int(c.execute(query).scalar_one())


def oldest_unseen_alert(c: Connection, forum_id: int) -> datetime | None:
    """Return when the first of the alerts came that nobody has seen."""
    alerts = tables.drift_alerts.c
    query = select(func.min(alerts.at)).where(alerts.forum_id == forum_id, alerts.seen_at.is_(None))
    moment: datetime | None = c.execute(query).scalar()
    return moment


def get_drift_alert(c: Connection, forum_id: int, alert_id: str) -> DriftAlert | None:
    """Return an alert, or None where the forum has it not."""
    alerts = tables.drift_alerts.c
    query = select(tables.drift_alerts).where(
        alerts.forum_id == forum_id, alerts.alert_id == alert_id
    )
    row = c.execute(query).mappings().first()
    return None if row is None else record_of(DriftAlert, row)


def see_drift_alert(
    c: Connection, forum_id: int, alert_id: str, by: str, reason: str | None, at: datetime
) -> bool:
    """Say that an alert was seen; return whether it had not been before: who was first stays."""
    alerts = tables.drift_alerts.c
    query = update(tables.drift_alerts).where(
        alerts.forum_id == forum_id, alerts.alert_id == alert_id, alerts.seen_at.is_(None)
    )
    return c.execute(query.values(seen_at=at, seen_by=by, reason=reason)).rowcount > 0


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _day(row: RowMapping) -> DriftDay:
    return record_of(DriftDay, row, day=row["day"].date())
