"""A store with a quarter in it, made once for all tests that only read it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reports.months import Kept
from triage.store import Database, ensure_forum, sqlite_url

from .forum import quarter


def _open(path: Path, migrated: Path) -> Kept:
    shutil.copy(migrated, path)
    database = Database(sqlite_url(path))
    with database.write() as c:
        forum_id = ensure_forum(c, "demo").id
    return Kept(database, forum_id)


@pytest.fixture
def empty(tmp_path: Path, migrated: Path) -> Iterator[Kept]:
    """Yield a forum in which nobody has asked."""
    kept = _open(tmp_path / "triage.db", migrated)
    yield kept
    kept.database.close()


@pytest.fixture(scope="session")
def forum(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Kept]:
    """Yield a forum with a quarter of asks; no test changes it."""
    kept = _open(tmp_path_factory.mktemp("quarter") / "triage.db", migrated)
    kept.put(quarter())
    yield kept
    kept.database.close()
