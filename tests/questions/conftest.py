"""A forum in a real file, migrated once, for questions that are kept in it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from triage.store import Database, ensure_forum, sqlite_url

from .kept import Forum


@pytest.fixture
def forum(tmp_path: Path, migrated: Path) -> Iterator[Forum]:
    shutil.copy(migrated, tmp_path / "triage.db")
    database = Database(sqlite_url(tmp_path / "triage.db"))
    with database.write() as c:
        forum_id = ensure_forum(c, "bikes").id
    yield Forum(database, forum_id)
    database.close()
