"""The one place that knows which database it speaks to, but for moments.

In: an engine, a connection. Out: pragmas set, transactions begun rightly, conflict-free inserts.
Not here: what is stored, how moments are read (dialect_moments). Everything else in this room is
SQL that every database understands.
"""

import errno
import os
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Engine,
    Executable,
    Table,
    event,
    func,
    null,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL

from triage.errors import StoreUnavailable

Row = Mapping[str, Any]
WRITES = "triage_writes"
BUSY_SECONDS = 30
# How long taking what was deleted out of the files waits for others to let go of them.
REMAINS_SECONDS = 3
_PRAGMAS = (
    "foreign_keys=ON",
    "synchronous=NORMAL",
    # A deleted person's or thread's text must not stay readable in free pages.
    "secure_delete=ON",
    # What a statement may have to take back is kept beside it: not on the disk, where it would
    # stay, and with enough room (KiB) that a batch is not written out half-way.
    "temp_store=MEMORY",
    "cache_size=-32768",
)
# Any number will do that nothing else in the same PostgreSQL locks.
_SCHEMA_LOCK = 7_241_895_306


def read_options(dialect: str) -> dict[str, Any]:
    """Return the options of a connection that may only read, from one snapshot."""
    if dialect == "postgresql":
        return {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
    return {WRITES: False}


def prepare_file(url: URL) -> None:
    """Create a SQLite file's folder and the file, for its owner only; others need no file."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database.startswith("file:"):
        return
    path = Path(url.database)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    # SQLite gives its -wal and -shm files the mode of the file itself. A file that is there is not
    # opened: closing it again would drop the locks that this process holds on it, and another
    # process would delete the write-ahead log that is still in use.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDONLY, 0o600))


def prepare_connections(engine: Engine) -> None:
    """Give every SQLite connection its pragmas and its kind of BEGIN."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "do_connect", _refuse_missing)
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)


def lock_schema(c: Connection) -> None:
    """Let one process at a time change the tables; SQLite's BEGIN IMMEDIATE already does."""
    if c.dialect.name == "postgresql":
        c.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _SCHEMA_LOCK})


def is_missing(url: URL) -> bool:
    """Return whether a SQLite file was taken away; open connections would not notice."""
    local = url.get_backend_name() == "sqlite" and not (url.database or "").startswith("file:")
    return local and not Path(url.database or "").exists()


def files_of(url: URL) -> list[Path]:
    """Return the files in which what is kept may stand; none for a database elsewhere."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database.startswith("file:"):
        return []
    path = Path(url.database)
    beside = [path.with_name(f"{path.name}{end}") for end in ("-wal", "-shm", "-journal")]
    return [file for file in (path, *beside) if file.exists()]


def clear_remains(engine: Engine, *, rebuild: bool) -> bool:
    """Take what was deleted out of the files as well; return whether that was possible now.

    SQLite overwrites it in its file at once, but the write-ahead log still has the pages as they
    were: it is written back and cut to nothing, for which no other process may be reading in it.
    `rebuild` writes the whole file anew. PostgreSQL frees the room and overwrites it by and by.
    """
    connection = engine.raw_connection()
    try:
        if engine.dialect.name != "sqlite":
            connection.rollback()
            connection.driver_connection.autocommit = True  # type: ignore[union-attr]
            connection.cursor().execute("VACUUM")
            connection.driver_connection.autocommit = False  # type: ignore[union-attr]
            return True
        cursor = connection.cursor()
        try:
            # It may have been lent for reading last; and who reads may do so for long.
            cursor.execute("PRAGMA query_only=OFF")
            connection.info[WRITES] = True
            cursor.execute(f"PRAGMA busy_timeout={REMAINS_SECONDS * 1000}")
            if rebuild:
                cursor.execute("VACUUM")
            (busy, _, _) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) and "busy" not in str(error):
                raise
            return False
        finally:
            cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        return not busy
    finally:
        connection.close()


def insert_new(c: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert the rows whose primary key is free, leave the others as they are."""
    if rows:
        c.execute(_insert_new(c, table), list(rows))


def insert_if_new(c: Connection, table: Table, row: Row) -> bool:
    """Insert one row if its primary key is free; return whether it was."""
    statement = _insert_new(c, table).values(**row).returning(*table.primary_key)
    return c.execute(statement).first() is not None


def insert_free(c: Connection, table: Table, rows: Sequence[Row], key: str) -> set[str]:
    """Insert the rows whose primary key is free; return the values of `key` of those that were.

    SQLite has one writer at a time: what its transaction found free is free. Elsewhere another one
    may be there first, so that the database is asked what it took.
    """
    if not rows:
        return set()
    if c.dialect.name == "sqlite":
        _insert_plainly(c, table, rows)
        return {str(row[key]) for row in rows}
    statement = _insert_new(c, table).returning(table.c[key])
    return {str(taken) for taken in c.execute(statement, list(rows)).scalars()}


def _insert_plainly(c: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that all name the same columns, as the driver takes them.

    The toolkit looks at each value of each row anew, which takes longer than the database does.
    """
    sql, makers = _plain_insert(c.dialect, table, tuple(rows[0]))
    columns = [
        [row[name] for row in rows] if make is None else [make(row[name]) for row in rows]
        for name, make in makers
    ]
    c.exec_driver_sql(sql, list(zip(*columns, strict=True)))


@lru_cache(maxsize=64)
def _plain_insert(
    dialect: Dialect, table: Table, names: tuple[str, ...]
) -> tuple[str, Sequence[tuple[str, Callable[[Any], Any] | None]]]:
    """Return the words of an insert, and what makes of each column's values those it takes."""
    insert = table.insert().compile(dialect=dialect, column_keys=names)
    makers = [
        (name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect))
        for name in insert.positiontup or ()
    ]
    return str(insert), makers


def upsert(c: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert the rows, or replace the columns that they name where the primary key is taken.

    Never deletes first, so that rows that refer to a replaced one stay.
    """
    if rows:
        c.execute(_upsert(c.dialect.name, table, tuple(rows[0])), list(rows))


@lru_cache(maxsize=256)
def _upsert(dialect: str, table: Table, names: tuple[str, ...]) -> Executable:
    # Made once: making a statement takes longer than the database takes for it.
    statement = _insert(dialect, table)
    key = _key(table)
    replaced = {name: statement.excluded[name] for name in names if name not in key}
    return statement.on_conflict_do_update(index_elements=key, set_=replaced)


def also(column: Column[int], value: int | BindParameter[int]) -> ColumnElement[bool]:
    """Say of rows that other conditions find that they have this value, too.

    SQLite keeps no statistics: it would look for them by this column, and read all of a forum.
    """
    return column + 0 == value


def unsought(column: Column[Any]) -> ColumnElement[Any]:
    """Return what equals a column, and by which no database looks for rows.

    For a condition that most rows meet, beside one that few do: SQLite keeps no statistics, and
    would read all of a forum from the index of the first.
    """
    return func.coalesce(column, null())


def _insert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def _insert_new(c: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    return _insert(c.dialect.name, table).on_conflict_do_nothing(index_elements=_key(table))


def _key(table: Table) -> list[str]:
    return [column.name for column in table.primary_key]


def _refuse_missing(dialect: Dialect, record: object, cargs: Sequence[str], _: object) -> None:
    """Open no file that is not there: SQLite would make an empty one in its place.

    Whoever works in the background asks again and again, also while the disk is away.
    """
    name = cargs[0] if cargs else ""
    if name and not name.startswith("file:") and not Path(name).exists():
        raise StoreUnavailable(f"its file {name} is gone")


def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
    # The driver must not begin or end transactions of its own accord.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    _switch_to_wal(connection)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on; SQLite does not apply its busy timeout to this pragma."""
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            if mode != "wal":
                raise sqlite3.OperationalError(
                    "it takes no write-ahead log; it must be a file on a local disk"
                )
            return


def _begin(c: Connection) -> None:
    writes = c.get_execution_options().get(WRITES, True)
    # A write on a reading connection would be lost at its end; this makes it fail instead. Most
    # that are lent have been lent for the same before.
    if c.info.get(WRITES) is not writes:
        c.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
        c.info[WRITES] = writes
    if writes:
        # The lock is taken at once: two that read first and then write would deadlock.
        c.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        # Waits for nobody and looks at nothing yet: there is nothing that could go wrong.
        c.connection.cursor().execute("BEGIN")
