"""Everything that is a person's, found by their keyed hash.

In: a forum and a hash. Out: rows by table, in an order in which a row comes after those that it
refers to. Whoever asked before logging in is known by what they did afterwards: an ask or a
question without a person is theirs if its session is one in which they were known, or if they sent
an event of it.
Not here: what is done with the rows (erasing, privacy), who the person is (triage.crypto.persons).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, select
from sqlalchemy.engine import RowMapping

from triage.store.batches import pages
from triage.store.holdings.holding import VISITS, Link
from triage.store.holdings.register import BY_TABLE, Holding
from triage.store.keyed import METADATA
from triage.store.tables.base import asks, events, threads
from triage.store.tables.question import questions
from triage.streams import chunks

PersonRows = Mapping[str, Sequence[RowMapping]]


def rows_of_person(c: Connection, forum_id: int, person: str, *, shared: bool = True) -> PersonRows:
    """Return the person's rows of every table that has any of them.

    What nobody by name did in a session in which others were known as well may be theirs: it is
    among the rows unless `shared` is false.
    """
    keys: dict[str, Sequence[Any]] = {VISITS: visits_of(c, forum_id, person, shared=shared)}
    found: dict[str, list[RowMapping]] = {}
    for table in _by_links():
        rows = list(_rows(c, table, BY_TABLE[table.name], forum_id, person, keys))
        if rows:
            found[table.name] = rows
            keys[table.name] = [row[_key(table.name)] for row in rows]
    return {table.name: found[table.name] for table in tables_of_persons() if table.name in found}


def tables_of_persons() -> list[Table]:
    """Return the tables whose rows can be a person's, each after those that it refers to."""
    return [table for table in METADATA.sorted_tables if BY_TABLE[table.name].of]


@cache
def _by_links() -> tuple[Table, ...]:
    """Return the tables whose rows can be a person's, each after those that its links lead to.

    A row may name another without the database holding it to that.
    """
    ordered: dict[str, Table] = {}

    def add(table: Table) -> None:
        if table.name not in ordered:
            for link in BY_TABLE[table.name].of:
                if link.table not in (None, VISITS, table.name):
                    add(METADATA.tables[str(link.table)])
            ordered[table.name] = table

    for table in tables_of_persons():
        add(table)
    return tuple(ordered.values())


def row_key(table: Table, row: RowMapping) -> tuple[Any, ...]:
    """Return what tells a row of a table from the others."""
    return tuple(row[column.name] for column in table.primary_key)


def _key(name: str) -> str:
    return BY_TABLE[name].key or "forum_id"


def _rows(
    c: Connection,
    table: Table,
    holding: Holding,
    forum_id: int,
    person: str,
    keys: Mapping[str, Sequence[Any]],
) -> Iterator[RowMapping]:
    """Give the rows that any of the holding's links reaches, each once."""
    given: set[tuple[Any, ...]] = set()
    reached = [
        (_reached_by(table, link), [person] if link.table is None else _named(link, keys))
        for link in holding.of
    ]
    if table is asks:
        told = sorted(_asks_told_of(c, forum_id, person, keys[VISITS]))
        reached.append((lambda part: asks.c.ask_id.in_(part), told))
    for condition, values in reached:
        for part in chunks(values):
            for row in _page(c, table, forum_id, condition(part)):
                if row_key(table, row) not in given:
                    given.add(row_key(table, row))
                    yield row


def _named(link: Link, keys: Mapping[str, Sequence[Any]]) -> Sequence[Any]:
    found = keys.get(str(link.table), [])
    return [f"{link.prefix}{key}" for key in found] if link.prefix else found


def _reached_by(table: Table, link: Link) -> Callable[[Sequence[Any]], ColumnElement[bool]]:
    column = table.c[link.column]
    if link.table != VISITS or link.column == "person":
        return column.in_
    return lambda part: and_(column.in_(part), table.c.person.is_(None))


def _page(
    c: Connection, table: Table, forum_id: int, condition: ColumnElement[bool]
) -> Iterator[RowMapping]:
    query = select(table).where(table.c.forum_id == forum_id, condition)
    order = [column for column in table.primary_key if column.name != "forum_id"]
    for page in pages(c, query, order):
        yield from page


def visits_of(c: Connection, forum_id: int, person: str, *, shared: bool = True) -> list[str]:
    """Return the sessions in which the person was known; not `shared`: they and nobody else."""
    asked = select(asks.c.ask_id).where(asks.c.forum_id == forum_id, asks.c.person == person)
    sent = select(events.c.ask_id).where(events.c.forum_id == forum_id, events.c.person == person)
    known = set(c.execute(asked.union(sent)).scalars())
    found: set[str] = set()
    for part in chunks(sorted(known)):
        for table in (asks, events):
            of_those = (table.c.forum_id == forum_id, table.c.ask_id.in_(part))
            found |= set(c.execute(select(table.c.session).where(*of_those).distinct()).scalars())
    theirs = (questions.c.forum_id == forum_id, questions.c.person == person)
    found |= set(c.execute(select(questions.c.session).where(*theirs).distinct()).scalars())
    sessions = {session for session in found if session is not None}
    return sorted(sessions if shared else sessions - _others_in(c, forum_id, sessions, person))


def _others_in(c: Connection, forum_id: int, sessions: set[str], person: str) -> set[str]:
    """Return those of the sessions in which somebody else was known."""
    found: set[str] = set()
    for part in chunks(sorted(sessions)):
        for table in (asks, events, questions):
            query = select(table.c.session).where(
                table.c.forum_id == forum_id,
                table.c.session.in_(part),
                table.c.person.is_not(None),
                table.c.person != person,
            )
            found |= set(c.execute(query.distinct()).scalars())
    return found


def _asks_told_of(c: Connection, forum_id: int, person: str, visits: Sequence[str]) -> set[str]:
    """Return the asks of nobody by name of which events came from the person, or their visits."""
    told: set[str] = set()
    for column, values in ((events.c.person, [person]), (events.c.session, visits)):
        for part in chunks(values):
            of_those = select(events.c.ask_id).where(
                events.c.forum_id == forum_id, column.in_(part)
            )
            query = select(asks.c.ask_id).where(
                asks.c.forum_id == forum_id, asks.c.person.is_(None), asks.c.ask_id.in_(of_those)
            )
            told |= set(c.execute(query).scalars())
    return told


def threads_verified_by(c: Connection, forum_id: int, person: str) -> set[str]:
    """Return the threads that the person vouched for."""
    query = select(threads.c.id).where(
        threads.c.forum_id == forum_id, threads.c.verified_by == person
    )
    return set(c.execute(query).scalars())
