"""Asks of a stretch of time: whose, when, and what the last reply to each said.

In: a forum, days. Out: lean rows of asks, and replies for those that are chosen.
Not here: vectors (ask_vectors), what became of the asks (past, events), what they mean (watching).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from triage.store.batches import record_of
from triage.store.tables.base import asks, triages
from triage.streams import chunks


@dataclass(frozen=True, slots=True)
class AskMark:
    """An ask: when it began, and whose it is: a person's, else a visit's, else its own."""

    ask_id: str
    opened_at: datetime
    who: str
    lang: str | None
    product: str | None


@dataclass(frozen=True, slots=True)
class LastReply:
    """The last question of an ask, redacted, and what was replied to it by which model version."""

    ask_id: str
    question: Mapping[str, Any]
    reply: Mapping[str, Any]
    model_version: str | None


def ask_marks(
    c: Connection,
    forum_id: int,
    since: datetime,
    until: datetime,
    *,
    include_simulated: bool = False,
) -> list[AskMark]:
    """Return the asks begun from `since` to before `until`, oldest first; no test asks, no bots."""
    who = func.coalesce(asks.c.person, asks.c.session, asks.c.ask_id).label("who")
    query = (
        select(asks.c.ask_id, asks.c.opened_at, who, asks.c.lang, asks.c.product)
        .where(*_counted(forum_id, include_simulated))
        .where(asks.c.opened_at >= since, asks.c.opened_at < until)
        .order_by(asks.c.opened_at, asks.c.ask_id)
    )
    return [record_of(AskMark, row) for row in c.execute(query).mappings()]


def first_asked(
    c: Connection,
    forum_id: int,
    since: datetime,
    *,
    version: str | None = None,
    include_simulated: bool = False,
) -> datetime | None:
    """Return when the first ask since a moment began; with `version` one that it replied to."""
    query = select(func.min(asks.c.opened_at)).where(
        *_counted(forum_id, include_simulated), asks.c.opened_at >= since
    )
    if version is not None:
        replied = select(triages.c.ask_id).where(
            triages.c.forum_id == forum_id, triages.c.model_version == version
        )
        query = query.where(asks.c.ask_id.in_(replied))
    found: datetime | None = c.execute(query).scalar()
    return found


def last_replies(c: Connection, forum_id: int, ask_ids: Collection[str]) -> dict[str, LastReply]:
    """Return the last reply to each of these asks; those without one are left out."""
    found: dict[str, LastReply] = {}
    names = ("ask_id", "question", "reply", "model_version")
    number = func.row_number().over(
        partition_by=triages.c.ask_id, order_by=(triages.c.at.desc(), triages.c.triage_id.desc())
    )
    for part in chunks(ask_ids):
        ranked = (
            select(*(triages.c[name] for name in names), number.label("number"))
            .where(triages.c.forum_id == forum_id, triages.c.ask_id.in_(part))
            .subquery()
        )
        for row in c.execute(select(ranked).where(ranked.c.number == 1)).mappings():
            found[row["ask_id"]] = record_of(LastReply, row)
    return found


def _counted(forum_id: int, include_simulated: bool) -> list[ColumnElement[bool]]:
    found = [asks.c.forum_id == forum_id, asks.c.test.is_(False), asks.c.barred.is_(None)]
    return found if include_simulated else [*found, asks.c.simulated.is_not(True)]
