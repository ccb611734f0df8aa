"""A forum with a queue."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forum import small_forum

from .world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_forum(tmp_path) as small:
        yield World(small)
