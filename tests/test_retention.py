"""How long what is kept is kept."""

from datetime import UTC, datetime, timedelta

import pytest

from triage.retention import CLASSES, parse_retention

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def test_what_is_not_named_has_its_usual_days() -> None:
    found = parse_retention("")
    assert found.days == {name: days for name, (days, _) in CLASSES.items()}
    assert found.before("asks", NOW) == NOW - timedelta(days=365)
    assert found.before("cases", NOW) is None


def test_what_is_named_has_the_days_that_are_named() -> None:
    found = parse_retention(" asks = 30, cases=1825 ,events=never,originals=0")
    assert found.days["asks"] == 30
    assert found.days["cases"] == 1825
    assert found.days["events"] is None
    assert found.days["originals"] == 0


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("ask=3", "none of asks"),
        ("asks", "days from 1"),
        ("asks=0", "days from 1"),
        ("asks=-4", "days from 1"),
        # A delivery is tried for three days.
        ("messages=3", "days from 4"),
        ("asks=1.5", "days from 1"),
        ("asks=999999", "days from 1"),
        ("originals=never", "days from 0"),
        ("sessions=never", "days from 1"),
    ],
)
def test_a_promise_that_nobody_understands_is_refused(setting: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_retention(setting)
