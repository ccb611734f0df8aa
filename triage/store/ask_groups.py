"""Asks of one meaning: which group each is in, what the groups have in common.

In: asks with their vectors, the groups that were found for them. Out: the same.
Not here: which asks mean the same (insight), what becomes of a gap (gap_tasks).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, func, or_, select, update

from triage.store.batches import record_of
from triage.store.dialects import insert_new, upsert
from triage.store.tables.base import ask_vectors, asks
from triage.store.tables.groups import ask_group_members as members
from triage.store.tables.groups import ask_groups as groups
from triage.store.vectors import Vector, vectors_of
from triage.streams import chunks


@dataclass(frozen=True, slots=True, eq=False)
class GroupedAsk:
    """An ask that is looked at, with the vector (dimension,) of its last call, made `at`."""

    ask_id: str
    person: str | None
    session: str | None
    lang: str | None
    product: str | None
    opened_at: datetime
    at: datetime
    group_id: str | None
    vector: Vector


@dataclass(frozen=True, slots=True)
class AskGroup:
    """Asks of one meaning; `terms` are words that several persons used, the most telling first."""

    group_id: str
    made_at: datetime
    terms: tuple[str, ...]


def asks_to_group(c: Connection, forum_id: int, encoder_id: str, most: int) -> list[GroupedAsk]:
    """Return asks whose vector nobody has looked at yet, oldest first, at most so many."""
    unseen = or_(members.c.ask_id.is_(None), members.c.looked_at < ask_vectors.c.at)
    return _asks(c, forum_id, encoder_id, [unseen], most)


def lone_asks(
    c: Connection, forum_id: int, encoder_id: str, since: datetime, most: int
) -> list[GroupedAsk]:
    """Return the asks begun since a moment that are in no group, the latest, oldest first."""
    alone = members.c.ask_id.is_not(None) & members.c.group_id.is_(None)
    wanted = [alone, asks.c.opened_at >= since]
    return _asks(c, forum_id, encoder_id, wanted, most, latest=True)


def group_examples(
    c: Connection, forum_id: int, encoder_id: str, most: int
) -> dict[str, list[GroupedAsk]]:
    """Return of each group the asks looked at last that have a vector, at most so many."""
    number = func.row_number().over(
        partition_by=members.c.group_id,
        order_by=(members.c.looked_at.desc(), members.c.ask_id),
    )
    last = (
        select(members.c.ask_id, number.label("number"))
        .where(members.c.forum_id == forum_id, members.c.group_id.is_not(None))
        .subquery()
    )
    chosen = members.c.ask_id.in_(select(last.c.ask_id).where(last.c.number <= most))
    found: dict[str, list[GroupedAsk]] = {}
    for one in _asks(c, forum_id, encoder_id, [chosen], None):
        if one.group_id is not None:
            found.setdefault(one.group_id, []).append(one)
    return found


def put_groups(c: Connection, forum_id: int, group_ids: Iterable[str], at: datetime) -> None:
    """Make groups that there are not yet."""
    for part in chunks(group_ids):
        rows = [{"forum_id": forum_id, "group_id": one, "made_at": at, "terms": ()} for one in part]
        insert_new(c, groups, rows)


def put_group_members(
    c: Connection, forum_id: int, found: Mapping[str, str | None], at: Mapping[str, datetime]
) -> None:
    """Note in which group each ask is, or that it is alone, by its vector of a moment.

    An ask that is gone meanwhile is left out.
    """
    for part in chunks(found):
        query = select(asks.c.ask_id).where(asks.c.forum_id == forum_id, asks.c.ask_id.in_(part))
        there = c.execute(query).scalars().all()
        rows = [
            {"forum_id": forum_id, "ask_id": i, "group_id": found[i], "looked_at": at[i]}
            for i in there
        ]
        upsert(c, members, rows)


def name_group(c: Connection, forum_id: int, group_id: str, terms: Sequence[str]) -> None:
    """Say what the asks of a group have in common."""
    mine = [groups.c.forum_id == forum_id, groups.c.group_id == group_id]
    c.execute(update(groups).where(*mine).values(terms=tuple(terms)))


def drop_empty_groups(c: Connection, forum_id: int) -> int:
    """Forget groups whose asks are all gone; return how many."""
    same = (members.c.forum_id == groups.c.forum_id) & (members.c.group_id == groups.c.group_id)
    empty = ~exists().where(same)
    return c.execute(delete(groups).where(groups.c.forum_id == forum_id, empty)).rowcount


def get_ask_groups(
    c: Connection, forum_id: int, group_ids: Collection[str] | None = None
) -> dict[str, AskGroup]:
    """Return the groups by their ids: all, or some."""
    query = select(groups).where(groups.c.forum_id == forum_id)
    if group_ids is None:
        rows = c.execute(query).mappings().all()
        return {row["group_id"]: record_of(AskGroup, row) for row in rows}
    found: dict[str, AskGroup] = {}
    for part in chunks(sorted(group_ids)):
        some = c.execute(query.where(groups.c.group_id.in_(part))).mappings()
        found.update((row["group_id"], record_of(AskGroup, row)) for row in some)
    return found


def grouped_asks(
    c: Connection, forum_id: int, since: datetime, until: datetime
) -> list[tuple[str, str]]:
    """Return ask and group of the asks begun from `since` to `until` that are in a group."""
    query = (
        select(members.c.ask_id, members.c.group_id)
        .join(asks, (asks.c.forum_id == forum_id) & (asks.c.ask_id == members.c.ask_id))
        .where(members.c.forum_id == forum_id, members.c.group_id.is_not(None))
        .where(asks.c.opened_at >= since, asks.c.opened_at <= until)
    )
    return [(ask_id, group_id) for ask_id, group_id in c.execute(query).all()]


def _asks(
    c: Connection,
    forum_id: int,
    encoder_id: str,
    wanted: Sequence[ColumnElement[bool]],
    most: int | None,
    *,
    latest: bool = False,
) -> list[GroupedAsk]:
    same = (asks.c.forum_id == forum_id) & (asks.c.ask_id == ask_vectors.c.ask_id)
    mine = (members.c.forum_id == forum_id) & (members.c.ask_id == ask_vectors.c.ask_id)
    order = (asks.c.opened_at, asks.c.ask_id)
    query = (
        select(ask_vectors.c.vector, ask_vectors.c.at, members.c.group_id, asks)
        .join(asks, same)
        .outerjoin(members, mine)
        .where(ask_vectors.c.forum_id == forum_id, ask_vectors.c.encoder_id == encoder_id)
        .where(asks.c.test.is_(False), *wanted)
        .order_by(*(column.desc() for column in order) if latest else order)
    )
    rows = c.execute(query if most is None else query.limit(most)).mappings().all()
    if not rows:
        return []
    vectors = vectors_of([row["vector"] for row in rows])
    found = [record_of(GroupedAsk, row, vector=v) for row, v in zip(rows, vectors, strict=True)]
    return found[::-1] if latest else found
