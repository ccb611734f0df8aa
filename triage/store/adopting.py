"""Who uses a forum: questions as they come, people who answer, minutes of the staff.

In: a forum and a period. Out: lean rows, oldest first, of no test key.
Not here: what they add up to (analytics), who answered which question (routed).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from triage.records import EventType
from triage.store.batches import pages, record_of
from triage.store.simulated import MADE_UP
from triage.store.tables.base import answers, events
from triage.store.tables.question import question_changes, questions

# As a question's changes name them (lifecycle).
_ANSWERED, _COMMUNITY = "answered", "community"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A question as it came: whose it is, and of which ask; None: past the ask page."""

    question_id: str
    received_at: datetime
    person: str | None
    session: str | None
    ask_id: str | None


@dataclass(frozen=True, slots=True)
class Helper:
    """An answer that somebody wrote who is not of the staff."""

    thread_id: str
    position: int
    created: datetime
    person: str


@dataclass(frozen=True, slots=True)
class StaffTime:
    """Minutes that somebody of the staff worked at a question."""

    event_id: str
    occurred_at: datetime
    value_number: float


def arrivals(c: Connection, forum_id: int, since: datetime, until: datetime) -> Iterator[Arrival]:
    """Give the questions received from `since` to before `until`."""
    q = questions.c
    columns = [q[name] for name in Arrival.__dataclass_fields__]
    query = select(*columns).where(q.forum_id == forum_id, q.test.is_(False))
    query = query.where(q.received_at >= since, q.received_at < until)
    for page in pages(c, query, [q.received_at, q.question_id]):
        yield from (record_of(Arrival, row) for row in page)


def helpers(c: Connection, forum_id: int, since: datetime, until: datetime) -> Iterator[Helper]:
    """Give the answers of known people who are not of the staff, written in a period."""
    a = answers.c
    columns = [a[name] for name in Helper.__dataclass_fields__]
    query = select(*columns).where(a.forum_id == forum_id, a.staff.is_(False))
    query = query.where(a.person.is_not(None), a.created >= since, a.created < until)
    for page in pages(c, query, [a.created, a.thread_id, a.position]):
        yield from (record_of(Helper, row) for row in page)
    yield from _made_up_helpers(c, forum_id, since, until)


def _made_up_helpers(
    c: Connection, forum_id: int, since: datetime, until: datetime
) -> Iterator[Helper]:
    """Give the answers of made-up people: they stand in no thread, so that their changes say who.

    Of the changes of all other questions none names whoever is not of the staff.
    """
    change = question_changes.c
    query = select(change.question_id, change.revision, change.at, change.by).where(
        change.forum_id == forum_id,
        change.question_id.startswith(MADE_UP),
        change.after == _ANSWERED,
        change.who == _COMMUNITY,
        change.by.is_not(None),
        change.at >= since,
        change.at < until,
    )
    for row in c.execute(query):
        yield Helper(*row)


def staff_times(
    c: Connection, forum_id: int, since: datetime, until: datetime
) -> Iterator[StaffTime]:
    """Give the minutes that the staff told of from `since` to before `until`, none put aside."""
    e = events.c
    columns = [e[name] for name in StaffTime.__dataclass_fields__]
    query = select(*columns).where(e.forum_id == forum_id, e.type == EventType.STAFF_TIME.value)
    query = query.where(e.test.is_(False), e.held.is_(None), e.value_number.is_not(None))
    query = query.where(e.occurred_at >= since, e.occurred_at < until)
    for page in pages(c, query, [e.occurred_at, e.event_id]):
        yield from (record_of(StaffTime, row) for row in page)
