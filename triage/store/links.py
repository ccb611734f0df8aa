"""Which threads are linked with others, and the little that is weighed of each.

In: a forum. Out: one small row per thread, without any text.
Not here: what the links amount to (rank.resolution), the threads themselves (threads).
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, Text, cast, or_, select
from sqlalchemy.engine import RowMapping

from triage.store.batches import pages
from triage.store.tables import base as tables
from triage.streams import chunks


class LinkRow(NamedTuple):
    """A thread's links. `votes` are its best answer's; `outdated_votes` its own and that one's."""

    thread_id: str
    duplicate_of: tuple[str, ...]
    superseded_by: str | None
    solved: bool
    has_answers: bool
    groups: frozenset[str]
    verified: bool
    outdated_votes: int
    votes: int
    lang: str | None
    valid_versions: str | None

    def targets(self) -> set[str]:
        """Return the ids that the thread points at, whether or not they exist."""
        named = {*self.duplicate_of, self.superseded_by}
        return {name for name in named if name is not None}


def iter_links(c: Connection, forum_id: int, batch: int = 500) -> Iterator[LinkRow]:
    """Give every thread that points at another id, then the threads pointed at; each once."""
    given: set[str] = set()
    wanted: set[str] = set()
    t = tables.threads.c
    # JSON is read as text, which is the same in every database for an empty list.
    points = or_(t.superseded_by.is_not(None), cast(t.duplicate_of, Text) != "[]")
    for page in pages(c, _threads(forum_id).where(points), [t.id], batch):
        for row in _with_best_answers(c, forum_id, page):
            given.add(row.thread_id)
            wanted |= row.targets()
            yield row
    yield from _get(c, forum_id, sorted(wanted - given))


def links_of(c: Connection, forum_id: int, thread_ids: Collection[str]) -> list[LinkRow]:
    """Return those of the threads that the forum has, and the threads that they point at."""
    found = list(_get(c, forum_id, list(dict.fromkeys(thread_ids))))
    wanted = {name for row in found for name in row.targets()} - {r.thread_id for r in found}
    return found + list(_get(c, forum_id, sorted(wanted)))


def _get(c: Connection, forum_id: int, thread_ids: Sequence[str]) -> Iterator[LinkRow]:
    for ids in chunks(thread_ids):
        query = _threads(forum_id).where(tables.threads.c.id.in_(ids))
        rows = c.execute(query.order_by(tables.threads.c.id)).mappings().all()
        yield from _with_best_answers(c, forum_id, rows)


def _threads(forum_id: int) -> Select[Any]:
    t = tables.threads.c
    return select(
        t.id,
        t.duplicate_of,
        t.superseded_by,
        t.solved,
        t.groups,
        t.verified_by,
        t.outdated_votes,
        t.lang,
        t.valid_versions,
    ).where(t.forum_id == forum_id)


def _with_best_answers(
    c: Connection, forum_id: int, rows: Sequence[RowMapping]
) -> Iterator[LinkRow]:
    best = _best_answers(c, forum_id, [row["id"] for row in rows])
    for row in rows:
        votes, outdated_votes = best.get(row["id"], (0, 0))
        yield LinkRow(
            row["id"],
            row["duplicate_of"],
            row["superseded_by"],
            row["solved"],
            row["id"] in best,
            row["groups"],
            row["verified_by"] is not None,
            row["outdated_votes"] + outdated_votes,
            votes,
            row["lang"],
            row["valid_versions"],
        )


def _best_answers(
    c: Connection, forum_id: int, thread_ids: Sequence[str]
) -> dict[str, tuple[int, int]]:
    """Return the votes of each thread's best answer, and those that call it outdated.

    The accepted one, else one by staff, else the one with most votes after those that call it
    outdated are taken off; of equal ones the first.
    """
    a = tables.answers.c
    query = (
        select(a.thread_id, a.accepted, a.staff, a.votes, a.outdated_votes)
        .where(a.forum_id == forum_id, a.thread_id.in_(thread_ids))
        .order_by(a.thread_id, a.position)
    )
    best: dict[str, tuple[bool, bool, int]] = {}
    votes: dict[str, tuple[int, int]] = {}
    for row in c.execute(query):
        worth = (row.accepted, row.staff, row.votes - row.outdated_votes)
        if row.thread_id not in best or worth > best[row.thread_id]:
            best[row.thread_id] = worth
            votes[row.thread_id] = (row.votes, row.outdated_votes)
    return votes
