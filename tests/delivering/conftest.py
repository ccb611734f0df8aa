"""A world of its own for each test."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from triage import store

from .world import Clock, World


@pytest.fixture
def world(migrated: Path, tmp_path: Path) -> Iterator[World]:
    shutil.copy(migrated, tmp_path / "triage.db")
    database = store.Database(store.sqlite_url(tmp_path / "triage.db"))
    with database.write() as c:
        forum = store.ensure_forum(c, "bikes")
    yield World(database, forum, Clock(datetime.now(UTC)))
    database.close()
