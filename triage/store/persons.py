"""Everything that is a person's, found by their keyed hash.

In: a forum and a hash. Out: rows by table, in an order in which a row comes after those that it
refers to. Whoever asked before logging in is known by what they did afterwards: an ask without a
person is theirs if its session is one in which they were known, or if they sent an event of it.
Not here: what is done with the rows (erasing, privacy), who the person is (triage.persons).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, select
from sqlalchemy.engine import RowMapping

from triage.store import trust_tables as trust_tables
from triage.store.batches import pages
from triage.store.holdings import BY_TABLE, Holding
from triage.store.keyed import METADATA
from triage.store.tables import asks, events, threads
from triage.streams import chunks

PersonRows = Mapping[str, Sequence[RowMapping]]


def rows_of_person(c: Connection, forum_id: int, person: str) -> PersonRows:
    """Return the person's rows of every table that has any of them."""
    found: dict[str, list[RowMapping]] = {}
    for table in METADATA.sorted_tables:
        holding = BY_TABLE[table.name]
        if not holding.of:
            continue
        keys = {name: [row[_key(name)] for row in rows] for name, rows in found.items()}
        rows = list(_rows(c, table, holding, forum_id, person, keys))
        if rows:
            found[table.name] = rows
    return found


def tables_of_persons() -> list[Table]:
    """Return the tables whose rows can be a person's, each after those that it refers to."""
    return [table for table in METADATA.sorted_tables if BY_TABLE[table.name].of]


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
    links: list[tuple[str, Sequence[Any]]] = []
    for link in holding.of:
        links.append((link.column, [person] if link.table is None else keys.get(link.table, [])))
    if table is asks:
        links.append(("ask_id", sorted(_asks_before_login(c, forum_id, person))))
    for column, values in links:
        for part in chunks(values):
            for row in _page(c, table, forum_id, table.c[column].in_(part)):
                if row_key(table, row) not in given:
                    given.add(row_key(table, row))
                    yield row


def _page(
    c: Connection, table: Table, forum_id: int, condition: ColumnElement[bool]
) -> Iterator[RowMapping]:
    query = select(table).where(table.c.forum_id == forum_id, condition)
    order = [column for column in table.primary_key if column.name != "forum_id"]
    for page in pages(c, query, order):
        yield from page


def _asks_before_login(c: Connection, forum_id: int, person: str) -> set[str]:
    """Return the asks of nobody by name that were this person's all the same."""
    of_forum = asks.c.forum_id == forum_id
    known = set(c.execute(select(asks.c.ask_id).where(of_forum, asks.c.person == person)).scalars())
    sent = select(events.c.ask_id).where(events.c.forum_id == forum_id, events.c.person == person)
    known |= set(c.execute(sent.distinct()).scalars())
    sessions: set[str] = set()
    for part in chunks(sorted(known)):
        for table in (asks, events):
            query = select(table.c.session).where(
                table.c.forum_id == forum_id,
                table.c.ask_id.in_(part),
                table.c.session.is_not(None),
            )
            sessions |= set(c.execute(query.distinct()).scalars())
    for part in chunks(sorted(sessions)):
        query = select(asks.c.ask_id).where(
            of_forum, asks.c.person.is_(None), asks.c.session.in_(part)
        )
        known |= set(c.execute(query).scalars())
        told = select(events.c.ask_id).where(
            events.c.forum_id == forum_id, events.c.session.in_(part)
        )
        unnamed = select(asks.c.ask_id).where(
            of_forum, asks.c.person.is_(None), asks.c.ask_id.in_(told)
        )
        known |= set(c.execute(unnamed).scalars())
    return known


def threads_verified_by(c: Connection, forum_id: int, person: str) -> set[str]:
    """Return the threads that the person vouched for."""
    query = select(threads.c.id).where(
        threads.c.forum_id == forum_id, threads.c.verified_by == person
    )
    return set(c.execute(query).scalars())
