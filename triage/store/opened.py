"""How much of a forum waits for somebody: bursts, proposed issues, dead deliveries, alerts.

In: a forum. Out: numbers, each of one cheap query: they stand beside every page of a lead.
Not here: what it is that waits (bursts, known_issues, deliveries, question_changes, drifts).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.sql.elements import ColumnElement

from triage.records import DeliveryState, JobState
from triage.store.bursts import BurstState
from triage.store.known_issues import IssueState
from triage.store.tables.ask import event_bursts
from triage.store.tables.base import jobs
from triage.store.tables.handing import channels, deliveries
from triage.store.tables.insight import known_issues
from triage.store.tables.question import question_alerts


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How many of something came since a moment, and the last of them; None: none did."""

    n: int
    last_at: datetime | None
    events: int = 0


def count_open_bursts(c: Connection, forum_id: int) -> int:
    """Return how many bursts of events nobody has decided about."""
    return _count(c, event_bursts, forum_id, event_bursts.c.state == BurstState.OPEN.value)


def count_proposed_issues(c: Connection, forum_id: int) -> int:
    """Return how many known issues were proposed and neither published nor put aside."""
    return _count(c, known_issues, forum_id, known_issues.c.state == IssueState.PROPOSED.value)


def count_unseen_question_alerts(c: Connection, forum_id: int) -> int:
    """Return how many alerts of questions nobody has seen."""
    return _count(c, question_alerts, forum_id, question_alerts.c.seen_at.is_(None))


def oldest_unseen_question_alert(c: Connection, forum_id: int) -> datetime | None:
    """Return when the first of the alerts of questions came that nobody has seen."""
    query = select(func.min(question_alerts.c.at)).where(
        question_alerts.c.forum_id == forum_id, question_alerts.c.seen_at.is_(None)
    )
    moment: datetime | None = c.execute(query).scalar()
    return moment


def question_alerts_since(c: Connection, forum_id: int, since: datetime) -> Arrivals:
    """Return how many alerts of questions came since a moment, and the last of them."""
    at = question_alerts.c.at
    query = select(func.count(), func.max(at)).where(
        question_alerts.c.forum_id == forum_id, at >= since
    )
    return Arrivals(*c.execute(query).one())


def bursts_since(c: Connection, forum_id: int, since: datetime) -> Arrivals:
    """Return how many bursts went on since a moment, the last of them, and their events."""
    at = event_bursts.c.last_at
    query = select(func.count(), func.max(at), func.coalesce(func.sum(event_bursts.c.events), 0))
    found = query.where(event_bursts.c.forum_id == forum_id, at >= since)
    return Arrivals(*c.execute(found).one())


def count_running_jobs(c: Connection, forum_id: int, kind: str) -> int:
    """Return whether a job of this kind waits or is under way, as 0 or 1."""
    at_work = [JobState.QUEUED.value, JobState.RUNNING.value]
    return _count(c, jobs, forum_id, jobs.c.kind == kind, jobs.c.state.in_(at_work))


def count_dead_deliveries(c: Connection, forum_id: int) -> int:
    """Return how many deliveries to other systems were given up and wait for a decision."""
    systems = select(channels.c.channel_id).where(
        channels.c.forum_id == forum_id, channels.c.person.is_(None)
    )
    dead = deliveries.c.state == DeliveryState.DEAD.value
    query = select(func.count()).where(deliveries.c.channel_id.in_(systems), dead)
    return c.execute(query).scalar_one()


def _count(c: Connection, table: Table, forum_id: int, *where: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(table).where(table.c.forum_id == forum_id, *where)
    return c.execute(query).scalar_one()
