"""Random lives of forums, in small: `make proof` lives thousands of replies longer."""

from pathlib import Path

import pytest

from benchmarks.separation import new_world
from benchmarks.separation_story import Story

CASES = 150


@pytest.mark.parametrize(("encoder", "seed"), [("hashing", 11), ("none", 12)])
def test_nobody_is_told_of_what_they_may_not_read(migrated: Path, encoder: str, seed: int) -> None:
    with new_world(migrated, encoder) as world:
        found = Story(world, seed).live(CASES)
    assert found.leaks == []
    assert found.looked_at >= CASES
    # There was something to tell, and something not to tell.
    for name in ("ask", "read", "search"):
        assert found.told[name] > 3, name
        assert found.tempted[name] > 3, name
