"""A filled server for each test, or for all tests of a file that leave it as it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .house import House, opened_house


@pytest.fixture
def house(tmp_path: Path, migrated: Path) -> Iterator[House]:
    """A server whose forum `bikes` has all that a call may be about."""
    with opened_house(tmp_path, migrated) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared_house(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[House]:
    """The same for all tests of a file."""
    with opened_house(tmp_path_factory.mktemp("house"), migrated) as opened:
        yield opened
