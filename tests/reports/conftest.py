"""A store with a month of askers in it, as the service would have written it down."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from triage.store import Database, ensure_forum, sqlite_url

from .months import Kept


@pytest.fixture
def kept(tmp_path: Path, migrated: Path) -> Iterator[Kept]:
    shutil.copy(migrated, tmp_path / "triage.db")
    database = Database(sqlite_url(tmp_path / "triage.db"))
    with database.write() as c:
        forum_id = ensure_forum(c, "demo").id
    yield Kept(database, forum_id)
    database.close()
