"""What nearly all tests begin with is what the steps make of nothing."""

import sqlite3
from pathlib import Path

import pytest

from tests.empty_store import migrate_at_once, put_store
from triage.store import Database, database, sqlite_url


def made(path: Path) -> tuple[dict[tuple[str, str], list[str]], list[tuple[str]]]:
    """Return all that was created in a store, line by line, and its revision.

    In which order the lines of constraints come is up to Alembic, and differs from time to time.
    """
    found = sqlite3.connect(path)
    rows = found.execute("SELECT type, name, ifnull(sql, '') FROM sqlite_master").fetchall()
    revision = found.execute("SELECT * FROM alembic_version").fetchall()
    found.close()
    lines = {(kind, name): sql.splitlines() for kind, name, sql in rows}
    return {what: sorted(one.strip(", \t") for one in sql) for what, sql in lines.items()}, revision


def test_every_short_way_leads_to_the_same_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Database(sqlite_url(tmp_path / "steps.db")).close()
    put_store(tmp_path / "copied.db")
    monkeypatch.setattr(database, "migrate", migrate_at_once)
    Database(sqlite_url(tmp_path / "at-once.db")).close()
    by_steps = made(tmp_path / "steps.db")
    assert made(tmp_path / "copied.db") == by_steps
    assert made(tmp_path / "at-once.db") == by_steps
