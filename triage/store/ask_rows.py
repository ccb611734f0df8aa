"""Asks as measures see them: the arm, what was offered, and what is known of who asked.

In: an ask and what its last call made of it. Out: the asks of a period.
Not here: opening an ask (asks), what came of it (outcomes).
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, select, update
from sqlalchemy.engine import RowMapping

from triage.records import Arm
from triage.store.batches import pages, record_of
from triage.store.dialects import unsought
from triage.store.tables.base import answers, asks, cases, threads

# Every call of an ask needs these: making them anew would take longer than carrying them out.
_MINE = [asks.c.forum_id == bindparam("forum"), asks.c.ask_id == bindparam("ask")]
_GET = select(asks).where(*_MINE)
_TELL = update(asks).where(*_MINE)
_BEFORE = [
    select(
        exists().where(
            table.c.forum_id == bindparam("forum"),
            table.c.person == bindparam("person"),
            unsought(moment) < bindparam("at", type_=moment.type),
        )
    )
    for table, moment in (
        (asks, asks.c.opened_at),
        (threads, threads.c.created),
        (cases, cases.c.created),
    )
]
_STAFF = select(
    exists().where(
        answers.c.forum_id == bindparam("forum"),
        answers.c.person == bindparam("person"),
        answers.c.staff.is_(True),
    )
)


@dataclass(frozen=True, slots=True)
class AskFacts:
    """What each call of an ask may change."""

    lang: str | None = None
    offered: bool | None = None
    submitted_at: datetime | None = None
    product: str | None = None
    topic: str | None = None
    newcomer: bool | None = None
    severity: int | None = None
    sensitive: bool | None = None
    barred: str | None = None
    return_of: str | None = None
    account: str | None = None
    destination: str | None = None
    simulated: bool | None = None


@dataclass(frozen=True, slots=True)
class AskRow:
    """One ask. `arm` is None for those from before there was an experiment.

    `topic`, `product` and `destination` are as its last call left them, `account` is that of the
    first; `simulated` is true of one that is made up.
    """

    ask_id: str
    arm: Arm | None
    unit: str | None
    share: float | None
    person: str | None
    session: str | None
    lang: str | None
    opened_at: datetime
    last_at: datetime
    submitted_at: datetime | None
    offered: bool | None
    product: str | None
    topic: str | None
    newcomer: bool | None
    severity: int | None
    sensitive: bool | None
    barred: str | None
    test: bool
    return_of: str | None
    account: str | None
    destination: str | None
    simulated: bool | None

    @property
    def facts(self) -> AskFacts:
        """What a call of the ask may change."""
        return AskFacts(**{f.name: getattr(self, f.name) for f in fields(AskFacts)})


def get_ask(c: Connection, forum_id: int, ask_id: str) -> AskRow | None:
    """Return one ask, or None where the forum has it not."""
    row = c.execute(_GET, {"forum": forum_id, "ask": ask_id}).mappings().first()
    return None if row is None else _ask(row)


def iter_asks(
    c: Connection,
    forum_id: int,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    include_test: bool = False,
) -> Iterator[AskRow]:
    """Give the asks that began from `since` to before `until`, in the order they began."""
    query = select(asks).where(asks.c.forum_id == forum_id)
    if since is not None:
        query = query.where(asks.c.opened_at >= since)
    if until is not None:
        query = query.where(asks.c.opened_at < until)
    if not include_test:
        query = query.where(asks.c.test.is_(False))
    for page in pages(c, query, [asks.c.opened_at, asks.c.ask_id]):
        yield from map(_ask, page)


def first_named_ask(c: Connection, forum_id: int) -> datetime | None:
    """Return when the first ask began whose person is still known; None without any."""
    query = select(func.min(asks.c.opened_at)).where(
        asks.c.forum_id == forum_id, asks.c.person.is_not(None)
    )
    found: datetime | None = c.execute(query).scalar()
    return found


def asks_of_person(c: Connection, forum_id: int, person: str, since: datetime) -> list[AskRow]:
    """Return the person's asks that were alive since a moment, in the order they began."""
    query = (
        select(asks)
        .where(asks.c.forum_id == forum_id, asks.c.person == person, asks.c.last_at >= since)
        .order_by(asks.c.opened_at, asks.c.ask_id)
    )
    return [_ask(row) for row in c.execute(query).mappings()]


def tell_ask(c: Connection, forum_id: int, ask_id: str, facts: AskFacts) -> None:
    """Keep what the last call of an ask made of it."""
    values: dict[str, Any] = {f.name: getattr(facts, f.name) for f in fields(AskFacts)}
    c.execute(_TELL, {**values, "forum": forum_id, "ask": ask_id})


def is_newcomer(c: Connection, forum_id: int, person: str, at: datetime) -> bool:
    """Say whether nothing is kept of the person from before: no ask, no thread, no case."""
    told = {"forum": forum_id, "person": person, "at": at}
    return not any(c.execute(query, told).scalar_one() for query in _BEFORE)


def is_staff(c: Connection, forum_id: int, person: str) -> bool:
    """Say whether the person has answered as one of the staff."""
    return bool(c.execute(_STAFF, {"forum": forum_id, "person": person}).scalar_one())


def count_arms(c: Connection, forum_id: int, since: datetime) -> dict[str, int]:
    """Return how many persons have begun asks since a moment, by the arm of the ask."""
    query = (
        select(asks.c.arm, func.count(asks.c.person.distinct()))
        .where(
            asks.c.forum_id == forum_id,
            asks.c.opened_at >= since,
            asks.c.test.is_(False),
            asks.c.unit == "person",
        )
        .group_by(asks.c.arm)
    )
    return {arm: count for arm, count in c.execute(query) if arm is not None}


def _ask(row: RowMapping) -> AskRow:
    return record_of(AskRow, row, arm=None if row["arm"] is None else Arm(row["arm"]))
