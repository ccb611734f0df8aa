"""What all tests share: a small forum, and for the sake of time what is the same each time."""

import gc
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import Engine, create_engine

from tests.empty_store import put_store
from tests.forum import SmallForum, small_forum
from triage import store
from triage.records import ApiKey, Role
from triage.store import database, dialects

# What drives a browser comes with `make test-web` alone.
collect_ignore = [] if find_spec("playwright") else ["browser"]

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


class _Compiled(dict[Any, Any]):
    """SQL that one store had compiled, for all stores of the same kind.

    SQLAlchemy keeps it by engine, and nearly every test has an engine of its own. A key begins
    with the dialect: here its name stands for it, since all of a name are made alike.
    """

    def get(self, key: Any, default: Any = None) -> Any:  # noqa: ANN401
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: Any, value: Any) -> None:  # noqa: ANN401
        super().__setitem__((key[0].name, *key[1:]), value)


_COMPILED = _Compiled()


def _created(*arguments: Any, **options: Any) -> Engine:  # noqa: ANN401
    engine = create_engine(*arguments, **options)
    engine.update_execution_options(compiled_cache=_COMPILED)
    return engine


database.create_engine = _created

# Nobody pulls the plug here: what is written is there for all without waiting for the disk. In
# tests/store and in processes of their own a store is opened as it is served.
PRAGMAS = dialects._PRAGMAS
dialects._PRAGMAS = (*PRAGMAS, "synchronous=OFF")


def pytest_collection_finish() -> None:
    """Spare the collector what lives as long as the tests: modules, models, the tests' names."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of an empty store, to be copied."""
    return put_store(tmp_path_factory.mktemp("migrated") / "triage.db")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallForum]:
    """Yield a small forum of its own for each test."""
    with small_forum(tmp_path) as made:
        yield made


@pytest.fixture
def key(small: SmallForum) -> ApiKey:
    """Return the key of the small forum's front end, whose asks count."""
    at = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    made = {"name": "page", "role": Role.FRONTEND, "publishable": False, "test": False}
    with small.database.write() as c:
        return store.create_key(c, small.forum.id, at=at, **made)[1]
