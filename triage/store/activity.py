"""Posted questions and cases as charts of activity need them; where an ask can be looked at.

In: a forum, a period; ids of asks. Out: lean rows without anybody's words.
Not here: what they are counted as (analytics), how well they were routed (routed).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, null, select

from triage.store.dialect_moments import epoch
from triage.store.tables.base import asks, cases, triages
from triage.store.tables.question import questions
from triage.streams import chunks


@dataclass(frozen=True, slots=True)
class Activity:
    """Posted questions or cases, column by column: there may be a million of them.

    Moments are in seconds since 1970 UTC. `state` is None of a case, which ended when it was
    closed. A question ended with its last change, if its state is one of an end.
    """

    person: Sequence[str | None] = ()
    severity: Sequence[int | None] = ()
    state: Sequence[str | None] = ()
    came: Sequence[float] = ()
    answered: Sequence[float | None] = ()
    changed: Sequence[float | None] = ()

    @classmethod
    def of(cls, c: Connection, query: Select[Any]) -> "Activity":
        """Read the columns, in whatever order the rows come."""
        rows = c.execute(query).all()
        return cls(*zip(*rows, strict=True)) if rows else cls()


@dataclass(frozen=True, slots=True)
class AskLinks:
    """Where one ask can be looked at: its last reply, and the question that it was posted as."""

    triage_id: str | None
    question_id: str | None


def question_activity(
    c: Connection,
    forum_id: int,
    since: datetime | None,
    until: datetime,
    chosen: Mapping[str, str | bool],
) -> Activity:
    """Return the questions received from `since` to before `until`; those of test keys left out.

    `chosen` says by their names what they have in common, such as `lang` or `product`;
    `destination` is where it was sent at first; of `newcomer` only questions with an ask tell.
    """
    of = questions.c
    moments = (of.received_at, of.first_answer_at, of.changed_at)
    query = select(of.person, of.severity, of.state, *(epoch(c, one) for one in moments)).where(
        of.forum_id == forum_id, of.received_at < until, of.test.is_(False)
    )
    if since is not None:
        query = query.where(of.received_at >= since)
    for name, value in chosen.items():
        if name == "newcomer":
            of_ask = and_(asks.c.forum_id == of.forum_id, asks.c.ask_id == of.ask_id)
            query = query.join(asks, of_ask).where(asks.c.newcomer.is_(value))
        else:
            query = query.where(of["decided_to" if name == "destination" else name] == value)
    return Activity.of(c, query)


def case_activity(
    c: Connection,
    forum_id: int,
    since: datetime | None,
    until: datetime,
    chosen: Mapping[str, str | bool],
) -> Activity:
    """Return the cases created from `since` to before `until`; those of no known date left out.

    Nobody knows whether a newcomer filed it, so that with `newcomer` in `chosen` there are none.
    """
    if "newcomer" in chosen:
        return Activity()
    of = cases.c
    moments = (of.created, of.first_response, of.closed)
    query = select(of.person, of.severity, null(), *(epoch(c, one) for one in moments)).where(
        of.forum_id == forum_id, of.created < until
    )
    if since is not None:
        query = query.where(of.created >= since)
    for name, value in chosen.items():
        query = query.where(of[name] == value)
    return Activity.of(c, query)


def links_of_asks(c: Connection, forum_id: int, ask_ids: Sequence[str]) -> dict[str, AskLinks]:
    """Return where each of these asks can be looked at; those that are gone have nothing."""
    replies: dict[str, str] = {}
    posted: dict[str, str] = {}
    for ids in chunks(ask_ids):
        # The last reply of each stays, and the first question.
        for ask_id, triage_id in c.execute(_replies(forum_id, ids)):
            replies[ask_id] = triage_id
        for ask_id, question_id in c.execute(_questions(forum_id, ids)):
            posted.setdefault(ask_id, question_id)
    return {ask_id: AskLinks(replies.get(ask_id), posted.get(ask_id)) for ask_id in ask_ids}


def _replies(forum_id: int, ids: Sequence[str]) -> Select[Any]:
    of = triages.c
    mine = select(of.ask_id, of.triage_id).where(of.forum_id == forum_id, of.ask_id.in_(ids))
    return mine.order_by(of.at, of.triage_id)


def _questions(forum_id: int, ids: Sequence[str]) -> Select[Any]:
    of = questions.c
    mine = select(of.ask_id, of.question_id).where(of.forum_id == forum_id, of.ask_id.in_(ids))
    return mine.order_by(of.received_at, of.question_id)
