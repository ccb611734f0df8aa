"""An installation of its own for every command that is typed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.empty_store import migrate_at_once
from triage import store
from triage.settings import Settings
from triage.store import database as store_database


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point every command at an empty folder; return that."""
    # Most of a command's time would go into that; tests/store and commands in processes of their
    # own (test_train_job, test_encode) take every step.
    monkeypatch.setattr(store_database, "migrate", migrate_at_once)
    monkeypatch.setenv("TRIAGE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("TRIAGE_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("TRIAGE_ENCODER", "hashing")
    return tmp_path


@pytest.fixture
def database() -> Iterator[store.Database]:
    """The store that the commands use."""
    opened = store.Database(Settings().store_url)
    yield opened
    opened.close()
