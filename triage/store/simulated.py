"""Asks that are made up, to show what the pages show: whether there are any, and without them.

In: a forum. Out: counts, and what a query says so that only real asks are read.
Not here: making them up (demo). They count in measures, which say so, and teach nothing.
"""

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, func, or_, select

from triage.store.tables.ask import asks

# How the ids of made-up questions begin, also of those that were posted without an ask.
MADE_UP = "simulated-"


def made_up(forum_id: int | BindParameter[int]) -> Select[Any]:
    """Return the query of the ids of a forum's simulated asks."""
    return select(asks.c.ask_id).where(asks.c.forum_id == forum_id, asks.c.simulated.is_(True))


def is_real(ask_id: ColumnElement[str], forum_id: int | BindParameter[int]) -> ColumnElement[bool]:
    """Say that what a column names is no simulated ask; naming none is real."""
    # The few ids are read once a query, where a look at each row's ask would be one a row.
    return or_(ask_id.is_(None), ask_id.not_in(made_up(forum_id)))


def is_real_question(question_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Say that what a column names is no simulated question."""
    return ~question_id.startswith(MADE_UP)


def has_simulated(c: Connection, forum_id: int) -> bool:
    """Say whether any ask of a forum is simulated."""
    return c.execute(made_up(forum_id).limit(1)).first() is not None


def count_real(c: Connection, forum_id: int) -> int:
    """Return how many asks of a forum are neither of a test key nor simulated."""
    query = select(func.count()).where(
        asks.c.forum_id == forum_id, asks.c.test.is_(False), asks.c.simulated.is_not(True)
    )
    return c.execute(query).scalar_one()
