"""What was asked once more of whom, what they replied, and who does not want to be asked.

In: a forum, persons and sessions as keyed hashes, moments. Out: follow-ups with their asks.
Not here: who is drawn (follow_up_drawing), what replies are worth (outcomes.surveying).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, func, or_, select, update
from sqlalchemy.engine import RowMapping

from triage.store.batches import record_of
from triage.store.dialects import insert_if_new
from triage.store.follow_up_drawing import (
    LOUD,
    OVER,
    FollowUpRow,
    happened,
    last_triage,
    same_ask,
    theirs,
)
from triage.store.tables.ask import asks, triages
from triage.store.tables.follow_up import follow_up_opt_outs, follow_ups

SUGGESTIONS, ANSWER = "suggestions", "answer"


@dataclass(frozen=True, slots=True)
class AskedOnce:
    """A follow-up with what is known of its ask."""

    follow_up: FollowUpRow
    triage_id: str
    key_id: int | None
    person: str | None
    session: str | None
    lang: str | None
    asked_at: datetime
    # None where something in it was sensitive, or where its words are too old to be kept.
    title: str | None


@dataclass(frozen=True, slots=True)
class FollowUpCounts:
    """How many could be drawn, were drawn, shown, and replied to."""

    drawable: int
    drawn: int
    shown: int
    yes: int
    no: int
    skipped: int
    opted_out: int


def due_follow_ups(
    c: Connection,
    forum_id: int,
    key_id: int | None,
    person: str | None,
    session: str | None,
    now: datetime,
) -> list[AskedOnce]:
    """Return what somebody can be asked now, the latest ask first; of a session, nobody's asks.

    A session is one of a key: what it is called proves nothing to another one. What is known by
    now needs no asking.
    """
    silent = (follow_ups.c.about == SUGGESTIONS) & ~happened(forum_id, LOUD)
    unsaid = (follow_ups.c.about == ANSWER) & ~happened(forum_id, OVER)
    query = _asked_once(forum_id).where(
        follow_ups.c.drawn.is_(True),
        follow_ups.c.reply.is_(None),
        follow_ups.c.expires_at > now,
        theirs(person, session),
        or_(asks.c.person.is_not(None), asks.c.key_id == key_id),
        or_(silent, unsaid),
    )
    rows = c.execute(query.order_by(asks.c.last_at.desc(), asks.c.ask_id)).mappings()
    return [_asked(row) for row in rows]


def get_follow_up(c: Connection, forum_id: int, follow_up_id: str) -> AskedOnce | None:
    """Return a follow-up that was drawn, or None."""
    query = _asked_once(forum_id).where(
        follow_ups.c.follow_up_id == follow_up_id, follow_ups.c.drawn.is_(True)
    )
    row = c.execute(query).mappings().first()
    return None if row is None else _asked(row)


def note_shown(c: Connection, forum_id: int, follow_up_ids: Collection[str], now: datetime) -> None:
    """Note that these were given to whoever shows them, for the first time."""
    mine = [follow_ups.c.forum_id == forum_id, follow_ups.c.follow_up_id.in_(follow_up_ids)]
    c.execute(update(follow_ups).where(*mine, follow_ups.c.shown_at.is_(None)).values(shown_at=now))


def note_reply(c: Connection, forum_id: int, follow_up_id: str, reply: str, now: datetime) -> bool:
    """Keep the first reply; False when there was one already."""
    query = update(follow_ups).where(
        follow_ups.c.forum_id == forum_id,
        follow_ups.c.follow_up_id == follow_up_id,
        follow_ups.c.reply.is_(None),
    )
    return c.execute(query.values(reply=reply, replied_at=now)).rowcount > 0


def opt_out(c: Connection, forum_id: int, who: Collection[str], now: datetime) -> None:
    """Ask these persons or sessions nothing any more."""
    for one in who:
        insert_if_new(c, follow_up_opt_outs, {"forum_id": forum_id, "person": one, "at": now})


def opt_in(c: Connection, forum_id: int, who: Collection[str]) -> None:
    """Ask them again."""
    c.execute(delete(follow_up_opt_outs).where(*_opted_out(forum_id, who)))


def has_opted_out(c: Connection, forum_id: int, who: Collection[str]) -> bool:
    """Say whether one of these does not want to be asked."""
    query = select(follow_up_opt_outs.c.person).where(*_opted_out(forum_id, who))
    return c.execute(query.limit(1)).first() is not None


def count_follow_ups(c: Connection, forum_id: int) -> FollowUpCounts:
    """Count what became of all that could be drawn."""
    t, one = follow_ups.c, func.count().filter
    drawn = t.drawn.is_(True)
    query = select(
        func.count().label("drawable"),
        one(drawn).label("drawn"),
        one(drawn & t.shown_at.is_not(None)).label("shown"),
        *(
            one(t.reply == reply).label(name)
            for reply, name in (("yes", "yes"), ("no", "no"), ("skip", "skipped"))
        ),
        select(func.count())
        .select_from(follow_up_opt_outs)
        .where(follow_up_opt_outs.c.forum_id == forum_id)
        .scalar_subquery()
        .label("opted_out"),
    ).where(t.forum_id == forum_id)
    return record_of(FollowUpCounts, c.execute(query).mappings().one())


def _asked_once(forum_id: int) -> Select[Any]:
    last = last_triage(forum_id)
    return (
        select(
            follow_ups,
            asks.c.key_id,
            asks.c.person,
            asks.c.session,
            asks.c.lang,
            asks.c.sensitive,
            asks.c.last_at.label("asked_at"),
            triages.c.triage_id,
            triages.c.question["title"].as_string().label("title"),
        )
        .join(asks, same_ask(forum_id))
        .join(triages, (triages.c.forum_id == forum_id) & (triages.c.triage_id == last))
        .where(follow_ups.c.forum_id == forum_id)
    )


def _opted_out(forum_id: int, who: Collection[str]) -> list[ColumnElement[bool]]:
    opted = follow_up_opt_outs.c
    return [opted.forum_id == forum_id, opted.person.in_(list(who))]


def _asked(row: RowMapping) -> AskedOnce:
    title = None if row["sensitive"] else row["title"] or None
    return record_of(AskedOnce, row, follow_up=record_of(FollowUpRow, row), title=title)
