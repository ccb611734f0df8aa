"""An empty store, as the newest steps leave it: migrated once a process, copied from then on.

Migrating takes a quarter of a second, which is more than most tests of this project take. That
the steps themselves lead there is asked in tests/store.
"""

import sqlite3
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from triage.store import Connection, Database, database, sqlite_url
from triage.store.schema import migrate


@cache
def _empty() -> bytes:
    # By all the steps, also where a test is about to take the short way.
    with TemporaryDirectory() as folder, mock.patch.object(database, "migrate", migrate):
        path = Path(folder) / "empty.db"
        Database(sqlite_url(path)).close()
        return whole(path)


def whole(path: Path) -> bytes:
    """Return a store that everybody has closed: nothing of it is in a file beside."""
    assert not path.with_name(f"{path.name}-wal").exists()
    return path.read_bytes()


def put_store(path: Path, content: bytes | None = None) -> Path:
    """Put an empty store, or a copy of another, where there is none; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(_empty() if content is None else content)
    path.chmod(0o600)
    return path


def migrate_at_once(c: Connection) -> None:
    """Make of an empty SQLite store what `migrate` does, with the tables as its steps leave them.

    For tests of what comes upon no store at all, as a command that is typed for the first time.
    """
    if c.exec_driver_sql("SELECT 1 FROM sqlite_master").first() is not None:
        migrate(c)
        return
    for statement in _statements():
        c.exec_driver_sql(statement)


@cache
def _statements() -> tuple[str, ...]:
    with TemporaryDirectory() as folder:
        empty = sqlite3.connect(put_store(Path(folder) / "empty.db"))
        made = empty.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
            " ORDER BY type = 'table' DESC, rowid"
        ).fetchall()
        tables = empty.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        rows = {name: empty.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in tables}
        empty.close()
    filled = {name: found for name, found in rows.items() if found}
    ((revision,),) = filled.pop("alembic_version")
    assert not filled, "the steps leave rows, too"
    version = f"INSERT INTO alembic_version VALUES ('{revision}')"
    return (*(statement for (statement,) in made), version)
