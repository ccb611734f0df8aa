"""Every card counts the very asks that its list shows, whatever is filtered by."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reports.months import Kept
from triage.analytics.cards import CARDS, FUNNEL, figure_of, figures
from triage.analytics.drilling import Listed, Side, asks_listed, drilled
from triage.analytics.filters import Filters
from triage.analytics.values import FEWEST_PERSONS, View
from triage.errors import BadField
from triage.outcomes import Only
from triage.store.tables.base import asks

from .forum import ACCOUNTS, DAYS, LANGS, PRODUCTS, START, quarter, seen_by, view

DAY = st.none() | st.integers(-3, DAYS + 3).map(lambda n: START.date() + timedelta(days=n))
FILTERS = st.builds(
    Filters,
    since=DAY,
    until=DAY,
    time_zone=st.sampled_from(["UTC", "Europe/Oslo", "America/New_York"]),
    only=st.builds(
        Only,
        lang=st.none() | st.sampled_from(LANGS),
        topic=st.none() | st.sampled_from(["invoices", "login", "reports"]),
        newcomer=st.none() | st.booleans(),
        product=st.sampled_from(PRODUCTS),
        account=st.sampled_from(ACCOUNTS),
        destination=st.none() | st.sampled_from(["community", "expert"]),
    ),
)

# What a listed ask says by itself when a card counts it: a second way to the same asks.
TRUE_OF_PART: dict[str, Callable[[Listed], bool]] = {
    "asks": lambda ask: True,
    "treated": lambda ask: ask.arm == "treatment",
    "offer_rate": lambda ask: ask.arm == "treatment" and ask.offered,
    "abstention": lambda ask: ask.arm == "treatment" and not ask.offered,
    "seen": lambda ask: ask.seen,
    "opened": lambda ask: ask.seen and ask.opened,
    "deflection_low": lambda ask: ask.seen and ask.outcome == "confirmed",
    "deflection_high": lambda ask: ask.seen and ask.outcome in ("confirmed", "silent"),
    "posting_treatment": lambda ask: ask.arm == "treatment" and ask.days_to_post is not None,
    "posting_holdout": lambda ask: ask.arm == "holdout" and ask.days_to_post is not None,
    "posted": lambda ask: ask.offered and ask.outcome == "posted",
    "confirmed": lambda ask: ask.offered and ask.outcome == "confirmed",
    "contradicted": lambda ask: ask.offered and ask.outcome == "contradicted",
    "silent": lambda ask: ask.offered and ask.outcome == "silent",
    "false_deflection": lambda ask: ask.seen,
    "severe_delayed": lambda ask: ask.offered and (ask.severity or 9) <= 2,
    "still_need_help": lambda ask: ask.offered,
    "still_need_help_unmet": lambda ask: ask.offered,
    "open": lambda ask: ask.open,
}


def listed(kept: Kept, found: View, card: str, side: Side, size: int = 500) -> list[Listed]:
    """Walk the pages of a card's list to their end."""
    flags = drilled(found, card, side)
    rows: list[Listed] = []
    with kept.database.read() as c:
        for number in count(1):
            page = asks_listed(c, kept.forum_id, found, flags, number, size)
            if not page:
                return rows
            rows += page
    raise AssertionError


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(filters=FILTERS)
def test_the_rows_behind_every_card_are_as_many_as_it_says(forum: Kept, filters: Filters) -> None:
    found = seen_by(forum, filters)
    for figure in figures(found):
        sides = {Side.PART: figure.part, Side.WHOLE: figure.whole}
        names: dict[Side, set[str]] = {}
        for side, number in sides.items():
            if number is None:
                continue
            rows = listed(forum, found, figure.name, side)
            names[side] = {row.ask_id for row in rows}
            assert len(rows) == len(names[side]) == number, (figure.name, side)
            assert all(is_within(row, filters) for row in rows)
            if side is Side.PART:
                assert all(map(TRUE_OF_PART[figure.name], rows)), figure.name
        if figure.whole is not None:
            assert names[Side.PART] <= names[Side.WHOLE], figure.name


def is_within(row: Listed, filters: Filters) -> bool:
    day = row.started_at.astimezone(ZoneInfo(filters.time_zone)).date()
    told = filters.only.told
    return (filters.since or date.min) <= day <= (filters.until or date.max) and all(
        getattr(row, name) == value for name, value in told.items()
    )


@pytest.mark.parametrize(
    ("card", "of"),
    [
        *(("asks", "asks"), ("offer_rate", "offered"), ("seen", "seen"), ("open", "open")),
        *((name, name) for name in ("posted", "confirmed", "contradicted", "silent")),
        ("abstention", "not_offered"),
    ],
)
def test_a_card_counts_what_the_report_counts(forum: Kept, card: str, of: str) -> None:
    found = view(forum)
    assert figure_of(found, card).part == found.report[of] > 0


def test_shares_are_those_of_the_report(forum: Kept) -> None:
    found = view(forum)
    report = found.report
    ours = {figure.name: figure for figure in figures(found)}
    for name in ("offer_rate", "abstention", "deflection_low", "deflection_high"):
        assert ours[name].share == pytest.approx(report[name]), name
    assert ours["deflection_low"].low == pytest.approx(report["deflection_low_from"])
    assert ours["deflection_high"].high == pytest.approx(report["deflection_high_to"])
    guarded = report["guardrails"]
    assert ours["still_need_help"].part == guarded["still_need_help"] > 0
    assert ours["still_need_help"].share == pytest.approx(guarded["still_need_help_share"])
    assert ours["still_need_help_unmet"].part == guarded["still_need_help_unmet"] > 0
    assert ours["severe_delayed"].part == guarded["severe_delayed"] > 0
    assert ours["severe_delayed"].whole == guarded["severe_offered"]
    for name in ("posting_treatment", "posting_holdout"):
        told = report[name]
        assert (ours[name].share, ours[name].low, ours[name].high, ours[name].whole) == (
            *(pytest.approx(told[end]) for end in ("share", "low", "high")),
            told["asks"],
        )
    back = report["false_deflection"]["28"]
    assert (ours["false_deflection"].share, ours["false_deflection"].whole) == (
        pytest.approx(back["share"]),
        back["asks"],
    )


def test_with_all_windows_over_every_share_is_the_part_of_the_whole(forum: Kept) -> None:
    told = [figure for figure in figures(view(forum, until="2026-05-01")) if figure.enough]
    assert len(told) > 12
    for figure in told:
        # What was taken back is looked for 28 days after a word, which may be later than the ask.
        if figure.whole and figure.name != "false_deflection":
            assert figure.share == pytest.approx(figure.part / figure.whole), figure.name


def test_the_two_shares_of_the_lift_make_the_lift(forum: Kept) -> None:
    found = view(forum)
    holdout, treatment = (
        figure_of(found, name).share for name in ("posting_holdout", "posting_treatment")
    )
    assert holdout is not None
    assert treatment is not None
    assert holdout - treatment == pytest.approx(found.report["lift"])


def test_each_step_of_the_funnel_is_part_of_the_one_before(forum: Kept) -> None:
    found = [figure_of(view(forum), name) for name in FUNNEL]
    for before, after in pairwise(found):
        assert after.whole == before.part >= after.part > 0


def test_rates_of_few_persons_are_not_told_however_much_they_clicked(empty: Kept) -> None:
    # Nineteen persons with many asks each.
    rows = [row for row in quarter(3, persons=400) if "asked" in row["event_id"]]
    for number, row in enumerate(rows):
        row["user"] = f"p{number % (FEWEST_PERSONS - 1)}"
        row.pop("return_of", None)
        row.pop("bot", None)
    empty.put(rows)
    found = figures(view(empty))
    asks = found[0]
    assert asks.part > 10 * FEWEST_PERSONS
    assert asks.persons == FEWEST_PERSONS - 1
    assert asks.enough
    rates = [figure for figure in found if figure.whole is not None]
    assert rates
    assert not any(figure.enough for figure in rates)
    assert {(figure.share, figure.low, figure.high) for figure in rates} == {(None, None, None)}


def test_a_forum_without_asks_has_figures_of_nothing(empty: Kept) -> None:
    found = view(empty)
    assert {figure.part for figure in figures(found)} == {0}
    assert not drilled(found, "asks").any()


def test_a_list_begins_with_the_latest_and_ends(forum: Kept) -> None:
    rows = listed(forum, view(forum), "asks", Side.PART, size=37)
    assert rows == sorted(rows, key=lambda row: row.started_at, reverse=True)
    assert {row.triage_id for row in rows} == {f"t-{row.ask_id}" for row in rows}


def test_what_is_no_card_or_side_is_refused(forum: Kept) -> None:
    found = view(forum)
    for card, side in (("clicks", "part"), ("asks", "half"), ("asks", "whole")):
        with pytest.raises(BadField):
            drilled(found, card, side)
    with forum.database.read() as c:
        for page, size in ((0, 10), (1, 0), (1, 501)):
            with pytest.raises(BadField):
                asks_listed(c, forum.forum_id, found, drilled(found, "asks"), page, size)


def test_every_card_is_looked_at_here() -> None:
    assert TRUE_OF_PART.keys() == CARDS.keys()


def test_where_shares_of_the_holdout_differ_the_lifts_problems_are_counted(empty: Kept) -> None:
    rows = quarter(persons=500)
    empty.put(rows)
    drawn = {"nb": 0.5, "sv": 0.2, "en": 0.1}
    with empty.database.write() as c:
        for lang, share in drawn.items():
            c.execute(asks.update().where(asks.c.lang == lang).values(share=share))
        # So few that no lift is of them.
        few = [row["ask_id"] for row in rows if row["type"] == "asked"][:15]
        c.execute(asks.update().where(asks.c.ask_id.in_(few)).values(share=0.03))
    found = view(empty)
    for arm in ("treatment", "holdout"):
        figure, told = figure_of(found, f"posting_{arm}"), found.report[f"posting_{arm}"]
        assert (figure.whole, figure.share) == (told["asks"], pytest.approx(told["share"]))
        rows_behind = listed(empty, found, f"posting_{arm}", Side.WHOLE)
        assert len(rows_behind) == figure.whole
        assert not {row.ask_id for row in rows_behind} & set(few)
