"""A store with a month of askers in it, as the service would have written it down."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from triage.store import Database, ensure_forum, sqlite_url

from .months import Kept


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reports") / "empty.db"
    Database(sqlite_url(path)).close()
    return path


@pytest.fixture
def kept(tmp_path: Path, migrated: Path) -> Iterator[Kept]:
    path = tmp_path / "triage.db"
    path.write_bytes(migrated.read_bytes())
    database = Database(sqlite_url(path))
    with database.write() as c:
        forum_id = ensure_forum(c, "demo").id
    yield Kept(database, forum_id)
    database.close()
