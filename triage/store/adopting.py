"""Who uses a forum: questions as they come, people who answer, minutes of the staff.

In: a forum and a period. Out: lean columns, of no test key; moments in seconds since 1970 UTC.
Not here: what they add up to (analytics), who answered a question of several answers (routed).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Text,
    and_,
    func,
    select,
    type_coerce,
)

from triage.records import EventType
from triage.store.dialect_moments import epoch
from triage.store.simulated import MADE_UP
from triage.store.tables.base import answers, events
from triage.store.tables.question import question_changes, questions

# As a question's changes name them (lifecycle).
_ANSWERED, _COMMUNITY = "answered", "community"
# The first text that is behind all that begin so.
_PAST_MADE_UP = f"{MADE_UP[:-1]}{chr(ord(MADE_UP[-1]) + 1)}"


@dataclass(frozen=True, slots=True)
class QuestionArrivals:
    """Questions as they came, column by column: there may be a million of them.

    `ask_id` is None past the ask page. `state` is that of now. `first` and `last` are who answered
    so far, by the alphabet: the same where all answers are of one kind of people, None without any.
    """

    question_id: Sequence[str] = ()
    received: Sequence[float] = ()
    person: Sequence[str | None] = ()
    session: Sequence[str | None] = ()
    ask_id: Sequence[str | None] = ()
    decided_to: Sequence[str] = ()
    state: Sequence[str] = ()
    first: Sequence[str | None] = ()
    last: Sequence[str | None] = ()


@dataclass(frozen=True, slots=True)
class HelperAnswers:
    """Answers of known people who are not of the staff, column by column."""

    created: Sequence[float] = ()
    person: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class StaffTimes:
    """Minutes that the staff worked at questions, column by column, in the order of time."""

    at: Sequence[float] = ()
    minutes: Sequence[float] = ()


def arrivals(c: Connection, forum_id: int, since: datetime, until: datetime) -> QuestionArrivals:
    """Return the questions received from `since` to before `until`, in whatever order."""
    q, change = questions.c, question_changes.c
    answered = and_(
        change.forum_id == q.forum_id,
        change.question_id == q.question_id,
        change.after == _ANSWERED,
    )
    query = (
        select(
            *(q.question_id, _exact(c, q.received_at), q.person, q.session, q.ask_id),
            *(q.decided_to, q.state, func.min(change.who), func.max(change.who)),
        )
        .outerjoin(question_changes, answered)
        .where(q.forum_id == forum_id, q.test.is_(False))
        .where(q.received_at >= since, q.received_at < until)
        # The key is among them: all else of a question depends on it.
        .group_by(q.received_at, q.forum_id, q.question_id)
    )
    rows = c.execute(query).all()
    if not rows:
        return QuestionArrivals()
    names, received, *others = zip(*rows, strict=True)
    return QuestionArrivals(names, _seconds(received), *others)


def changed_after(c: Connection, forum_id: int, moment: datetime) -> set[str]:
    """Return the ids of the questions that were changed after a moment."""
    change = question_changes.c
    query = select(change.question_id).where(change.forum_id == forum_id, change.at > moment)
    return set(c.execute(query).scalars())


def helpers(c: Connection, forum_id: int, since: datetime, until: datetime) -> HelperAnswers:
    """Return the answers of known people who are not of the staff, written in a period."""
    a = answers.c
    query = select(_exact(c, a.created), a.person).where(
        a.forum_id == forum_id, a.staff.is_(False), a.person.is_not(None)
    )
    rows: list[Any] = [*c.execute(query.where(a.created >= since, a.created < until)).all()]
    rows += _made_up_helpers(c, forum_id, since, until)
    if not rows:
        return HelperAnswers()
    created, person = zip(*rows, strict=True)
    return HelperAnswers(_seconds(created), person)


def _made_up_helpers(
    c: Connection, forum_id: int, since: datetime, until: datetime
) -> Sequence[tuple[Any, Any]]:
    """Return the answers of made-up people: they stand in no thread, so that changes say who.

    Of the changes of all other questions none names whoever is not of the staff.
    """
    change = question_changes.c
    query = select(_exact(c, change.at), change.by, change.at).where(
        change.forum_id == forum_id,
        change.after == _ANSWERED,
        change.who == _COMMUNITY,
        change.by.is_not(None),
    )
    if c.dialect.name == "sqlite":
        # Which compares byte by byte, so that it finds them by their key.
        made_up = and_(change.question_id >= MADE_UP, change.question_id < _PAST_MADE_UP)
    else:
        made_up = change.question_id.startswith(MADE_UP)
    rows = c.execute(query.where(made_up)).all()
    # Told the moments too, SQLite would look at all changes of the period.
    return [(at, by) for at, by, moment in rows if since <= moment < until]


def staff_times(c: Connection, forum_id: int, since: datetime, until: datetime) -> StaffTimes:
    """Return the minutes that the staff told of in a period, none put aside."""
    e = events.c
    # Told it as it is, SQLite looks at all events of the period, of which next to none are these.
    at = func.coalesce(e.occurred_at, e.occurred_at)
    query = (
        select(_exact(c, e.occurred_at), e.event_id, e.value_number)
        .where(e.forum_id == forum_id, e.type == EventType.STAFF_TIME.value)
        .where(e.test.is_(False), e.held.is_(None), e.value_number.is_not(None))
        .where(at >= since, at < until)
    )
    # By their type events are found only within a thread; mostly such minutes are of none.
    threads = _threads_told_of(forum_id)
    of_threads = query.join(threads, e.thread_id == threads.c.thread_id)
    rows = [*c.execute(query.where(e.thread_id.is_(None))).all(), *c.execute(of_threads).all()]
    if not rows:
        return StaffTimes()
    told, ids, minutes = zip(*rows, strict=True)
    moments = _seconds(told)
    order = sorted(range(len(rows)), key=lambda row: (moments[row], ids[row]))
    return StaffTimes([moments[row] for row in order], [minutes[row] for row in order])


def _threads_told_of(forum_id: int) -> CTE:
    """Return the threads that events name: each is a step in the index, however many events."""
    e, later = events.c, events.alias("later").c
    first = select(func.min(e.thread_id).label("thread_id")).where(e.forum_id == forum_id)
    told = first.cte("told", recursive=True)
    after = (
        select(func.min(later.thread_id))
        .where(later.forum_id == forum_id, later.thread_id > told.c.thread_id)
        .correlate(told)
        .scalar_subquery()
    )
    return told.union_all(select(after).where(told.c.thread_id.is_not(None)))


def _exact(c: Connection, moment: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a moment as it is read fastest, and exactly: as the text that SQLite keeps."""
    return epoch(c, moment) if c.dialect.name == "postgresql" else type_coerce(moment, Text)


def _seconds(moments: Sequence[Any]) -> Sequence[float]:
    if not isinstance(moments[0], str):
        return moments
    kept = np.array(moments, dtype="datetime64[us]").astype(np.int64)
    found: list[float] = (kept / 1e6).tolist()
    return found
