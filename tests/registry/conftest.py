import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forum import SIGNER, SmallForum, small_forum
from triage.registry import Registry
from triage.store import Database, sqlite_url


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrating takes most of a test's time, so that is done once and copied."""
    path = tmp_path_factory.mktemp("registry") / "test.db"
    Database(sqlite_url(path)).close()
    return path


@pytest.fixture
def small(tmp_path: Path, migrated: Path) -> Iterator[SmallForum]:
    shutil.copy(migrated, tmp_path / "test.db")
    with small_forum(tmp_path) as made:
        yield made


@pytest.fixture
def registry(small: SmallForum) -> Registry:
    return Registry(small.database, "demo", small.models_dir, SIGNER)
