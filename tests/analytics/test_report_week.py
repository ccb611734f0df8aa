"""A week by its name: which days, and which weeks beside it."""

from datetime import UTC, date, datetime

import pytest

from triage.analytics.report_week import read_week
from triage.errors import BadField
from triage.outcomes import Only
from triage.outcomes.only import ALL

MONDAY = datetime(2026, 10, 5, 6, 15, tzinfo=UTC)


def test_without_a_name_it_is_the_last_week_that_is_over() -> None:
    week = read_week(None, "UTC", ALL, MONDAY)
    assert (str(week), week.monday, week.sunday) == (
        "2026-W40",
        date(2026, 9, 28),
        date(2026, 10, 4),
    )


def test_when_a_week_is_over_depends_on_the_time_zone() -> None:
    sunday_evening = datetime(2026, 10, 4, 22, 30, tzinfo=UTC)
    assert str(read_week(None, "UTC", ALL, sunday_evening)) == "2026-W39"
    assert str(read_week(None, "Europe/Oslo", ALL, sunday_evening)) == "2026-W40"


def test_a_week_belongs_to_the_year_of_most_of_its_days() -> None:
    week = read_week("2026-W01", "UTC", ALL, MONDAY)
    assert (week.monday, week.year, week.number) == (date(2025, 12, 29), 2026, 1)


def test_the_weeks_beside_it_are_of_the_same_asks() -> None:
    only = Only(lang="nb")
    week = read_week("2026-w40", "Europe/Oslo", only, MONDAY)
    filters = (week.filters, week.before, week.quarter)
    assert [one.since for one in filters] == [
        date(2026, 9, 28),
        date(2026, 9, 21),
        date(2026, 7, 6),
    ]
    assert [one.until for one in filters] == [
        date(2026, 10, 4),
        date(2026, 9, 27),
        date(2026, 10, 4),
    ]
    assert {(one.time_zone, one.only) for one in filters} == {("Europe/Oslo", only)}


@pytest.mark.parametrize("text", ["", "40", "2026-40", "2026-W00", "2025-W53", "2026-W41", "W40"])
def test_what_is_no_week_is_refused_but_for_the_one_that_has_begun(text: str) -> None:
    if text == "2026-W41":
        assert read_week(text, "UTC", ALL, MONDAY).monday == date(2026, 10, 5)
        text = "2026-W42"
    with pytest.raises(BadField) as found:
        read_week(text, "UTC", ALL, MONDAY)
    assert found.value.field == "week"


def test_a_time_zone_that_nobody_knows_is_refused() -> None:
    with pytest.raises(BadField) as found:
        read_week(None, "Mars/Olympus", ALL, MONDAY)
    assert found.value.field == "time_zone"
