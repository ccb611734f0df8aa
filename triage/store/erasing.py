"""Rows of a person -> gone, and with them replies that wait to be given again.

In: rows that `persons` found, ids that such replies name. Out: how many rows went, by
table. Nothing here decides what goes.
Not here: threads, which leave the index too (privacy), what is too old (aging).
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping

from sqlalchemy import Connection, and_, delete, or_, select

from triage.store.batches import pages
from triage.store.boilerplate import boilerplate
from triage.store.holdings.register import BY_TABLE, Fate
from triage.store.persons import PersonRows, row_key, tables_of_persons
from triage.store.tables.base import idempotency
from triage.streams import chunks

# Threads and their answers leave an index as well, so that whoever erases sees to them.
OF_THREADS = frozenset({"threads", "answers", "units"})
_FEW = 100


def delete_rows_of_person(c: Connection, forum_id: int, found: PersonRows) -> dict[str, int]:
    """Delete the person's rows, those that refer to others first; return how many by table."""
    gone: dict[str, int] = {}
    for table in reversed(tables_of_persons()):
        rows = found.get(table.name)
        if not rows or table.name in OF_THREADS or BY_TABLE[table.name].fate is not Fate.DELETED:
            continue
        columns = list(table.primary_key)
        count = 0
        for part in chunks(rows, _FEW):
            keys = [row_key(table, row) for row in part]
            same = [and_(*(k == v for k, v in zip(columns, key, strict=True))) for key in keys]
            query = delete(table).where(table.c.forum_id == forum_id, or_(*same))
            count += c.execute(query).rowcount
        gone[table.name] = count
    return gone


def delete_segments(c: Connection, forum_id: int, kind: str, segments: Collection[str]) -> int:
    """Delete what of a kind is discounted and is one of these; return how many."""
    count = 0
    for part in chunks(segments):
        query = delete(boilerplate).where(
            boilerplate.c.forum_id == forum_id,
            boilerplate.c.kind == kind,
            boilerplate.c.segment.in_(part),
        )
        count += c.execute(query).rowcount
    return count


def drop_replies_about(c: Connection, forum_id: int, ids: Collection[str]) -> int:
    """Forget the replies kept for repeated requests that name any of these ids."""
    wanted = frozenset(ids)
    if not wanted:
        return 0
    return _drop_replies(c, forum_id, lambda body: not wanted.isdisjoint(_strings(body)))


def _drop_replies(c: Connection, forum_id: int, goes: Callable[[object], bool]) -> int:
    mine = [idempotency.c.forum_id == forum_id, idempotency.c.body.is_not(None)]
    order = [idempotency.c.caller, idempotency.c.route, idempotency.c.idempotency_key]
    going: list[tuple[str, str, str]] = []
    for page in pages(c, select(idempotency).where(*mine), order):
        going += [tuple(row[o.name] for o in order) for row in page if goes(_read(row["body"]))]
    for caller, route, key in going:
        one = [order[0] == caller, order[1] == route, order[2] == key]
        c.execute(delete(idempotency).where(idempotency.c.forum_id == forum_id, *one))
    return len(going)


def _read(body: str) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
