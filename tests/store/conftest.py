"""A real database in a temporary file, with two forums and a key each."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import PRAGMAS
from triage.records import ApiKey, Forum, Role
from triage.store import Database, create_key, dialects, ensure_forum, sqlite_url

from .samples import NOON


@pytest.fixture(autouse=True)
def as_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open stores with all that is promised of them."""
    monkeypatch.setattr(dialects, "_PRAGMAS", PRAGMAS)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return sqlite_url(tmp_path / "triage.db")


@pytest.fixture
def database(url: str, migrated: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(migrated, tmp_path / "triage.db")
    opened = Database(url)
    yield opened
    opened.close()


@pytest.fixture
def forum(database: Database) -> Forum:
    with database.write() as c:
        return ensure_forum(c, "bikes")


@pytest.fixture
def other_forum(database: Database) -> Forum:
    with database.write() as c:
        return ensure_forum(c, "boats")


@pytest.fixture
def key(database: Database, forum: Forum) -> ApiKey:
    return make_key(database, forum)


@pytest.fixture
def other_key(database: Database, other_forum: Forum) -> ApiKey:
    return make_key(database, other_forum)


def make_key(database: Database, forum: Forum) -> ApiKey:
    """Make a key of a page."""
    with database.write() as c:
        return create_key(
            c, forum.id, name="page", role=Role.FRONTEND, publishable=True, test=False, at=NOON
        )[1]
