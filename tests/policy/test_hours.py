"""Opening hours by the clock of the forum's own place."""

from datetime import UTC, date, datetime

import pytest

from triage.errors import BadField
from triage.policy import Hours, opening_of

STOCKHOLM = Hours(
    "Europe/Stockholm", (opening_of("mon-fri 08:00-17:00"),), frozenset({date(2026, 12, 24)})
)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (datetime(2026, 7, 1, 6, 0, tzinfo=UTC), True),
        (datetime(2026, 7, 1, 5, 59, tzinfo=UTC), False),
        (datetime(2026, 12, 1, 6, 59, tzinfo=UTC), False),
        (datetime(2026, 12, 1, 7, 0, tzinfo=UTC), True),
        (datetime(2026, 7, 1, 15, 0, tzinfo=UTC), False),
        (datetime(2026, 7, 4, 10, 0, tzinfo=UTC), False),
        (datetime(2026, 12, 24, 10, 0, tzinfo=UTC), False),
    ],
)
def test_experts_are_in_by_their_own_clock_summer_and_winter(
    moment: datetime, is_open: bool
) -> None:
    assert STOCKHOLM.is_open(moment) is is_open


def test_the_next_opening_passes_over_nights_weekends_and_holidays() -> None:
    wednesday = datetime(2026, 12, 23, 18, 0, tzinfo=UTC)
    opens = STOCKHOLM.opens(wednesday)
    assert f"{opens:%Y-%m-%d %H:%M}" == "2026-12-25 08:00"
    early = STOCKHOLM.opens(datetime(2026, 7, 1, 3, 0, tzinfo=UTC))
    assert f"{early:%Y-%m-%d %H:%M}" == "2026-07-01 08:00"
    now = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
    assert STOCKHOLM.opens(now) == now


def test_a_range_over_the_weekend_holds_on_both_sides() -> None:
    hours = Hours("UTC", (opening_of("sat-mon 00:00-24:00"),))
    held = [hours.is_open(datetime(2026, 6, day, 12, tzinfo=UTC)) for day in range(1, 8)]
    assert held == [True, False, False, False, False, True, True]


@pytest.mark.parametrize("text", ["", "mon", "mon 8-17", "foo 08:00-17:00", "mon 08:60-17:00"])
def test_a_range_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(BadField):
        opening_of(text)


def test_a_range_is_shown_as_it_is_written() -> None:
    assert str(opening_of("MON-fri 08:00-17:00")) == "mon-fri 08:00-17:00"
    assert str(opening_of("sun 00:00-24:00")) == "sun 00:00-24:00"
