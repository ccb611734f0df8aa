"""An installation of its own for every command that is typed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from triage import store
from triage.settings import Settings


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point every command at an empty folder; return that."""
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
