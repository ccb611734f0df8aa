"""Version ranges."""

import pytest

from triage.versions import in_range, is_range


@pytest.mark.parametrize(
    ("version", "valid", "expected"),
    [
        ("8.0.2", ">=8.0,<8.1", True),
        ("8.1", ">=8.0,<8.1", False),
        ("8.1rc1", ">=8.1rc1", True),
        ("newest", ">=8.0", None),
        ("8.0", "about eight", None),
    ],
)
def test_ranges(version: str, valid: str, expected: bool | None) -> None:
    assert in_range(version, valid) is expected


def test_a_range_is_told_from_prose() -> None:
    assert is_range(">=7.4,<8.1")
    assert not is_range("from 7.4 on")
