"""What an address asks for is read, and said again for links."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given

from triage.analytics.filters import Filters, read_filters
from triage.errors import BadField
from triage.outcomes import Only

from .test_drilling import FILTERS


@given(filters=FILTERS)
def test_a_link_asks_for_the_same(filters: Filters) -> None:
    if filters.since and filters.until and filters.until < filters.since:
        with pytest.raises(BadField):
            read_filters(dict(filters.query()))
    else:
        assert read_filters(dict(filters.query())) == filters


def test_what_is_left_empty_asks_for_nothing() -> None:
    given = {"from": " ", "to": "", "zone": "", "lang": "", "card": "asks", "page": "2"}
    assert read_filters(given) == Filters()
    assert Filters().query() == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("from", "yesterday"), ("to", "2026-02-30"), ("from", "0001-01-01")),
        *(("to", "9999-12-31"), ("zone", "Mars/Olympus"), ("zone", "../etc/passwd")),
        *(("lang", "klingon"), ("newcomer", "perhaps"), ("destination", "moon")),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(BadField) as refused:
        read_filters({name: value})
    assert refused.value.field in (name, "time_zone")


def test_days_are_those_of_the_time_zone_both_inclusive() -> None:
    order = read_filters({"from": "2026-03-28", "to": "2026-03-29", "zone": "Europe/Oslo"}).order()
    # The second of them is an hour short.
    assert order.since == datetime(2026, 3, 27, 23, tzinfo=UTC)
    assert order.until == datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_links_to_a_slice_and_a_week_keep_the_rest() -> None:
    march = read_filters({"from": "2026-03-05", "to": "2026-03-31", "lang": "nb", "zone": "CET"})
    sliced = march.where("newcomer", "yes")
    assert sliced == Filters(
        date(2026, 3, 5), date(2026, 3, 31), "CET", Only(lang="nb", newcomer=True)
    )
    week = march.within(date(2026, 3, 2), date(2026, 3, 8))
    assert (week.since, week.until, week.only) == (date(2026, 3, 5), date(2026, 3, 8), march.only)
    with pytest.raises(BadField):
        march.where("colour", "red")
