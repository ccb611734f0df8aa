"""Where questions stand in other systems: one ticket or topic for each question and channel.

In: rows. Out: rows again. A filing is begun before the other system is asked for anything, so that
whoever comes after a crash knows that there may be a ticket already.
Not here: what is filed and what comes back (filing), what is delivered (deliveries).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, literal, select, tuple_, update
from sqlalchemy.engine import RowMapping

from triage.store.batches import record_of, row_of
from triage.store.dialects import insert_if_new
from triage.store.tables.base import threads
from triage.store.tables.handing import filings, source_items
from triage.store.tables.question import questions

# Somebody still has to do something with these: the few of many, so they are looked for first.
_OPEN = (
    *("received", "with_community", "with_expert", "waiting_for_customer", "reopened"),
    "escalated",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingRow:
    """A question in another system; `foreign_id` None: it was begun and may be there.

    `state`, `queue` and `owner` are as they were when it was last looked at, in that system's
    words; `seen_at` is when that was. `said` is the id of the last thing said there that was read,
    `changed_at` when it had last changed by its own clock.
    """

    question_id: str
    channel_id: str
    filed_at: datetime
    foreign_id: str | None = None
    number: str | None = None
    url: str | None = None
    state: str | None = None
    queue: str | None = None
    owner: str | None = None
    said: str | None = None
    changed_at: datetime | None = None
    seen_at: datetime | None = None


def begin_filing(c: Connection, forum_id: int, row: FilingRow) -> bool:
    """Say that a question is about to be filed; return whether nobody had begun before."""
    return insert_if_new(c, filings, {"forum_id": forum_id, **row_of(row)})


def get_filing(
    c: Connection, forum_id: int, question_id: str, channel_id: str, *, lock: bool = False
) -> FilingRow | None:
    """Return where a question stands behind a channel; `lock` holds others off it."""
    query = select(filings).where(*_one(forum_id, question_id, channel_id))
    row = c.execute(query.with_for_update() if lock else query).mappings().first()
    return None if row is None else _read(row)


def filing_of(c: Connection, forum_id: int, channel_id: str, foreign_id: str) -> FilingRow | None:
    """Return the filing that the other system knows by this id."""
    query = select(filings).where(
        filings.c.forum_id == forum_id,
        filings.c.channel_id == channel_id,
        filings.c.foreign_id == foreign_id,
    )
    row = c.execute(query).mappings().first()
    return None if row is None else _read(row)


def filings_of_question(c: Connection, forum_id: int, question_id: str) -> list[FilingRow]:
    """Return everywhere that a question stands, the first filed first."""
    query = select(filings).where(
        filings.c.forum_id == forum_id, filings.c.question_id == question_id
    )
    ordered = query.order_by(filings.c.filed_at, filings.c.channel_id)
    return [_read(row) for row in c.execute(ordered).mappings()]


def keep_filing(c: Connection, forum_id: int, row: FilingRow) -> bool:
    """Keep what is known of a filing now; return whether it is still there."""
    values = row_of(row)
    query = update(filings).where(*_one(forum_id, row.question_id, row.channel_id))
    return c.execute(query.values(**values)).rowcount > 0


def touch_filing(
    c: Connection, forum_id: int, question_id: str, channel_id: str, at: datetime
) -> None:
    """Say that somebody looked at a filing, and learnt nothing."""
    query = update(filings).where(*_one(forum_id, question_id, channel_id))
    c.execute(query.values(seen_at=at))


def drop_filing(c: Connection, forum_id: int, question_id: str, channel_id: str) -> bool:
    """Take back a filing that was begun and is known not to be there."""
    query = delete(filings).where(
        *_one(forum_id, question_id, channel_id), filings.c.foreign_id.is_(None)
    )
    return c.execute(query).rowcount > 0


def filings_unseen(
    c: Connection, forum_id: int, channel_id: str, since: datetime, *, limit: int = 50
) -> list[FilingRow]:
    """Return the filings of unended questions that nobody looked at since then, longest first."""
    looked = func.coalesce(filings.c.seen_at, filings.c.filed_at)
    query = select(filings).where(
        filings.c.forum_id == forum_id,
        filings.c.question_id.in_(_in_states(forum_id, (*_OPEN, "answered"))),
        filings.c.channel_id == channel_id,
        filings.c.foreign_id.is_not(None),
        looked < since,
    )
    ordered = query.order_by(looked, filings.c.question_id).limit(limit)
    return [_read(row) for row in c.execute(ordered).mappings()]


def last_seen_filing(c: Connection, forum_id: int, channel_id: str) -> datetime | None:
    """Return when any filing behind a channel was last looked at."""
    query = select(filings.c.seen_at).where(
        filings.c.forum_id == forum_id,
        filings.c.channel_id == channel_id,
        filings.c.seen_at.is_not(None),
    )
    moment: datetime | None = c.execute(
        query.order_by(filings.c.seen_at.desc()).limit(1)
    ).scalar_one_or_none()
    return moment


def solved_elsewhere(
    c: Connection, forum_id: int, after: tuple[str, str] = ("", ""), *, limit: int = 200
) -> list[tuple[str, str, str]]:
    """Return question, channel and thread of what waits here and is solved where it was filed.

    By question and channel, those after these; some can wait for good.

    The thread is what was read of the topic; the source that it was read from bears the channel's
    name (`discourse:<channel_id>`).
    """
    f, i, t = filings.c, source_items.c, threads.c
    query = (
        select(f.question_id, f.channel_id, t.id)
        .join(
            source_items,
            (i.forum_id == f.forum_id)
            & (i.source == literal("discourse:") + f.channel_id)
            & (i.item_id == f.foreign_id),
        )
        .join(threads, (t.forum_id == i.forum_id) & (t.id == i.kept_as))
        .where(
            f.forum_id == forum_id,
            f.question_id.in_(_in_states(forum_id, _OPEN)),
            t.solved.is_(True),
            tuple_(f.question_id, f.channel_id) > tuple_(*map(literal, after)),
        )
        .order_by(f.question_id, f.channel_id)
    )
    return [(row[0], row[1], row[2]) for row in c.execute(query.limit(limit))]


def _in_states(forum_id: int, states: Sequence[str]) -> Select[tuple[str]]:
    """Return the questions of a forum that are in these states."""
    q = questions.c
    return select(q.question_id).where(q.forum_id == forum_id, q.state.in_(states))


def _one(forum_id: int, question_id: str, channel_id: str) -> list[Any]:
    return [
        filings.c.forum_id == forum_id,
        filings.c.question_id == question_id,
        filings.c.channel_id == channel_id,
    ]


def _read(row: RowMapping) -> FilingRow:
    return record_of(FilingRow, row)
