"""Weeks and slices add up to the view, and each says what a view of it alone says."""

from datetime import date, timedelta

import pytest

from tests.reports.months import Kept
from triage.analytics.cards import figure_of
from triage.analytics.headline import Verdict, headline
from triage.analytics.series import WEEK_COLUMNS, week_asks, week_rows, weeks
from triage.analytics.slices import (
    DIMENSIONS,
    SLICE_COLUMNS,
    SliceRow,
    by,
    slice_asks,
    slice_rows,
)
from triage.analytics.values import FEWEST_PERSONS, View
from triage.errors import BadField
from triage.outcomes.lift import lift_of, problems_of

from .forum import NOW, quarter, seen_by, view

SUNDAY = timedelta(days=6)


@pytest.fixture(scope="module")
def busy(forum: Kept) -> View:
    return view(forum, zone="Europe/Oslo")


def test_weeks_add_up_and_begin_on_mondays(busy: View) -> None:
    found = weeks(busy)
    assert [week.week for week in found] == [
        found[0].week + timedelta(days=7 * at) for at in range(len(found))
    ]
    assert found[0].week == date(2026, 2, 23)
    assert {week.week.weekday() for week in found} == {0}
    for name, card in (("asks", "asks"), ("offered", "offer_rate"), ("seen", "seen")):
        assert sum(getattr(week, name) for week in found) == figure_of(busy, card).part
    assert sum(week.open for week in found) == figure_of(busy, "open").part
    arms = {"posting_holdout": "problems_holdout", "posting_treatment": "problems_treatment"}
    for card, name in arms.items():
        assert sum(getattr(week, name) for week in found) == figure_of(busy, card).whole


def test_a_week_is_the_view_of_its_days(forum: Kept, busy: View) -> None:
    told = 0
    for week in weeks(busy):
        alone = seen_by(forum, busy.filters.within(week.week, week.week + SUNDAY))
        assert week.asks == figure_of(alone, "asks").part == int(week_asks(busy, week.week).sum())
        assert week.persons == figure_of(alone, "asks").persons
        low, high = (figure_of(alone, f"deflection_{end}") for end in ("low", "high"))
        assert week.deflection_low == pytest.approx(low.share)
        assert week.deflection_low_from == pytest.approx(low.low)
        assert week.deflection_high == pytest.approx(high.share)
        assert week.deflection_high_to == pytest.approx(high.high)
        told += week.deflection_low is not None
    assert 0 < told < len(weeks(busy))


def test_a_week_that_is_cut_or_not_over_is_not_complete(forum: Kept) -> None:
    cut = weeks(view(forum, since="2026-03-04", until="2026-03-17"))
    assert [week.complete for week in cut] == [False, True, False]
    running = weeks(view(forum, NOW.replace(month=3, day=25)))
    assert running[-1].week == date(2026, 3, 23)
    assert not running[-1].complete
    assert running[-2].complete


def test_a_week_tells_its_lift_when_enough_persons_are_in_it(empty: Kept) -> None:
    empty.put(quarter(persons=1500))
    found = view(empty, since="2026-03-09", until="2026-03-15")
    (week,) = weeks(found)
    assert min(week.problems_holdout, week.problems_treatment) >= 20
    lift = lift_of(problems_of(found.asks, found.kept, found.asks.person))
    assert lift is not None
    assert (week.lift, week.lift_low, week.lift_high) == (
        pytest.approx(found.report["lift"]),
        pytest.approx(lift.low),
        pytest.approx(lift.high),
    )


def test_no_asks_are_no_weeks_and_no_slices(empty: Kept) -> None:
    assert weeks(view(empty)) == ()
    assert [by(view(empty), dimension) for dimension in DIMENSIONS] == [()] * len(DIMENSIONS)


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_slices_add_up_and_each_is_the_view_of_it_alone(
    forum: Kept, busy: View, dimension: str
) -> None:
    found = by(busy, dimension)
    assert sum(row.asks for row in found) == figure_of(busy, "asks").part
    assert [row.asks for row in found] == sorted((row.asks for row in found), reverse=True)
    for row in found:
        assert row.asks == int(slice_asks(busy, dimension, row.value).sum()) > 0
        if row.value is not None:
            check_alone(row, seen_by(forum, busy.filters.where(dimension, row.value)))


def check_alone(row: SliceRow, alone: View) -> None:
    assert (row.asks, row.persons) == (
        figure_of(alone, "asks").part,
        figure_of(alone, "asks").persons,
    )
    for name in ("deflection_low", "deflection_high", "contradicted", "still_need_help"):
        assert getattr(row, name) == pytest.approx(figure_of(alone, name).share), name
    assert row.seen == figure_of(alone, "seen").part
    assert row.offered == figure_of(alone, "offer_rate").part
    if row.lift is not None:
        assert row.lift == pytest.approx(alone.report["lift"])
        assert row.lift_low == pytest.approx(alone.report["lift_low"])
    assert (row.lift is None) is (headline(alone).lift is None)


def test_slices_of_unknown_products_are_a_row_of_their_own(busy: View) -> None:
    assert None in {row.value for row in by(busy, "product")}
    assert None not in {row.value for row in by(busy, "lang")}
    assert not slice_asks(busy, "product", "Bridge").any()


def test_a_slice_of_few_persons_tells_no_rates(forum: Kept) -> None:
    few = view(forum, since="2026-03-02", until="2026-03-04")
    rows = by(few, "account")
    assert rows
    for row in rows:
        assert not row.enough
        assert row.deflection_low is row.contradicted is row.lift is None
        assert not row.harmed


def test_a_slice_in_which_suggestions_cause_posts_is_harmed(empty: Kept) -> None:
    rows = quarter(persons=900, posting=0.1, posting_shown=0.8)
    empty.put(rows)
    assert {row.harmed for row in by(view(empty), "lang")} == {True}
    assert headline(view(empty)).verdict is Verdict.CAUSES


def test_nothing_else_can_be_sliced_by(busy: View) -> None:
    with pytest.raises(BadField):
        by(busy, "person")


def test_rows_are_in_the_order_of_their_columns(busy: View) -> None:
    for columns, rows in (
        (WEEK_COLUMNS, list(week_rows(busy))),
        (SLICE_COLUMNS, list(slice_rows(busy, "topic"))),
    ):
        assert {len(row) for row in rows} == {len(columns)}
    names = [column.name for column in SLICE_COLUMNS]
    assert names == list(SliceRow.__dataclass_fields__)


def test_the_headline_says_what_the_report_says(empty: Kept) -> None:
    empty.put(quarter(persons=900, posting=0.8, posting_shown=0.1))
    found = headline(view(empty))
    report = view(empty).report
    assert found.verdict is Verdict.PREVENTS
    assert (found.lift, found.prevented) == (report["lift"], report["incremental"])
    assert found.persons_holdout == report["persons_in_holdout"]
    assert found.enough
    few = headline(view(empty, since="2026-03-02", until="2026-03-03", account="acme"))
    assert few.verdict is Verdict.TOO_FEW
    assert few.lift is few.prevented is None
    assert few.persons_treatment > 0


def test_a_lost_holdout_is_no_want_of_people(empty: Kept) -> None:
    rows = quarter(persons=600)
    held = {row["ask_id"] for row in rows if row["type"] == "asked" and row["arm"] == "holdout"}
    left = sorted(held)[:5]
    empty.put([row for row in rows if row["ask_id"] not in held or row["ask_id"] in left])
    found = headline(view(empty))
    assert found.persons_holdout < FEWEST_PERSONS
    assert found.verdict is Verdict.UNSOUND
    assert not found.enough
    assert found.lift is found.low is found.prevented is found.smallest_visible is None


def test_a_split_that_cannot_be_chance_is_no_lift(empty: Kept) -> None:
    rows = quarter(persons=400)
    gone = {row["ask_id"] for row in rows if row["type"] == "asked" and row["arm"] == "holdout"}
    few = sorted(gone)[:60]
    empty.put([row for row in rows if row["ask_id"] not in gone or row["ask_id"] in few])
    found = headline(view(empty))
    assert found.verdict is Verdict.UNSOUND
    assert found.enough
    assert found.lift is not None
