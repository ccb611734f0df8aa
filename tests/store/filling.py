"""A row of one person in every table that can hold one, made of what the table and its holding say.

A new table is filled like the others: whoever adds one need not come here.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    LargeBinary,
    Table,
    Text,
    insert,
)

from triage.store.columns import TextSet, TextTuple, UtcDateTime
from triage.store.holdings.holding import VISITS
from triage.store.holdings.register import BY_TABLE
from triage.store.keyed import METADATA
from triage.store.persons import tables_of_persons
from triage.store.tables.question import questions

SHOWN = {"thread_id": "t", "rank": 1}


def words_of(mark: str) -> str:
    """What the person wrote, wherever they wrote."""
    return f"{mark} wrote these words themselves"


def fill(c: Connection, forum_id: int, person: str, at: datetime, *, mark: str) -> None:
    """Put a row of the person into each table of persons, and what such rows refer to."""
    wanted = set(tables_of_persons())
    wanted |= {f.referred_table for table in wanted for f in table.foreign_key_constraints}
    for table in METADATA.sorted_tables:
        if table in wanted and table.name not in ("forums", "api_keys"):
            c.execute(insert(table).values(**_row(table, forum_id, person, at, mark)))


def put_question(
    c: Connection,
    forum_id: int,
    question_id: str,
    ask_id: str | None,
    at: datetime,
    **more: object,
) -> None:
    """Put a question that says nothing but what has to be said."""
    row = {
        column.name: None if column.nullable else _value(column, questions, at, "some")
        for column in questions.columns
    }
    mine = {"forum_id": forum_id, "question_id": question_id, "ask_id": ask_id, "received_at": at}
    c.execute(insert(questions).values(**{**row, **mine, **more}))


def _row(table: Table, forum_id: int, person: str, at: datetime, mark: str) -> dict[str, Any]:
    # What the database counts itself is another number in each row.
    counted = table.autoincrement_column
    row = {c.name: _value(c, table, at, mark) for c in table.columns if c is not counted}
    holding = BY_TABLE[table.name]
    if holding.key is not None:
        row[holding.key] = f"{mark}-{table.name}"
    for constraint in table.foreign_key_constraints:
        for element in constraint.elements:
            row[element.parent.name] = _name_of(element.column, mark)
    for link in holding.of:
        if link.table != VISITS and link.column != holding.key:
            row[link.column] = person if link.table is None else f"{mark}-{link.table}"
    set_alike = {"forum_id": forum_id, "key_id": None, "held": None, "session": f"{mark}-session"}
    return {**row, **{name: value for name, value in set_alike.items() if name in row}}


def _name_of(column: Column[Any], mark: str) -> str:
    """What a row is called that others refer to."""
    is_key = BY_TABLE[column.table.name].key == column.name
    return f"{mark}-{column.table.name if is_key else column.name}"


def _value(column: Column[Any], table: Table, at: datetime, mark: str) -> Any:  # noqa: ANN401
    kind, said = column.type, column.name in BY_TABLE[table.name].texts
    if isinstance(kind, Text):
        return words_of(mark) if said else f"{mark}-{column.name}"
    if isinstance(kind, TextTuple | TextSet):
        return {words_of(mark)} if said else ()
    if isinstance(kind, LargeBinary):
        return words_of(mark).encode()
    if isinstance(kind, JSON):
        return _json(column.name, words_of(mark), mark)
    if isinstance(kind, UtcDateTime):
        return at
    if isinstance(kind, Boolean):
        return False
    assert isinstance(kind, Integer | Float), f"{table.name}.{column.name}"
    return 1


def _json(name: str, words: str, mark: str) -> dict[str, Any]:
    if name == "question":
        attached = [{"name": words, "type": None, "text": words}]
        where = {"page": words, "form": words, "record_type": words, "error_text": words}
        who = {"person": mark, "account": mark, "session": f"{mark}-session"}
        said = {"title": words, "body": words, "product": words, "version": words}
        return {**said, **who, "context": where, "attachments": attached, "sensitive": []}
    if name == "decision":
        return {"would_change": [{"code": "turn_rule", "params": {"rule": "r", "word": words}}]}
    if name == "reply":
        one = {**SHOWN, "title": words, "snippet": words, "url": words}
        shown = {"suggestions": [one], "same_question": [one], "known_issues": [one]}
        decided = {"decision": _json("decision", words, mark)}
        return {**shown, **decided, "withheld": {"suggestions": [one]}}
    return {}


def rows_with(c: Connection, forum_id: int, what: str) -> dict[str, list[str]]:
    """In which columns of which tables of a forum something stands, in whatever type."""
    found: dict[str, list[str]] = {}
    for table in METADATA.sorted_tables:
        if "forum_id" not in table.c:
            continue
        for row in c.execute(table.select().where(table.c.forum_id == forum_id)).mappings():
            for name, value in row.items():
                told = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
                if what in told and name not in found.setdefault(table.name, []):
                    found[table.name].append(name)
    return {name: sorted(columns) for name, columns in found.items() if columns}
