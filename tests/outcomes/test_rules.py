"""Who is left out, what must not get worse, and which period a report is of."""

from datetime import UTC, datetime

import pytest

from tests.outcomes.told import Row, asked, event, report
from triage.outcomes import Costs


@pytest.mark.parametrize(
    ("mark", "name"),
    [
        ({"bot": True}, "bots"),
        ({"is_bot": "true"}, "bots"),
        ({"role": "bot"}, "bots"),
        ({"staff": 1}, "staff"),
        ({"role": "staff"}, "staff"),
        ({"test": True}, "test"),
    ],
)
def test_bots_staff_and_test_keys_count_in_nothing(mark: Row, name: str) -> None:
    rows = [asked(**mark), event("posted", 1), asked(2, "b"), asked(0, "c", "other")]
    found = report(rows)
    # The person is marked once and so in every ask.
    assert (found["asks"], found["posted"], found["excluded"][name]) == (1, 0, 2)


def test_a_false_mark_is_no_mark() -> None:
    assert report([asked(bot=False, staff="no", test=0, role="customer")])["asks"] == 1


def test_a_burst_is_put_aside() -> None:
    rows = [asked(n / 86_400, f"a{n}", "fast") for n in range(21)]
    rows += [asked(n / 10, f"b{n}", "slow") for n in range(21)]
    found = report(rows)
    assert (found["asks"], found["excluded"]["bursts"]) == (21, 21)
    unnamed = [{**row, "user": None, "session": row["user"]} for row in rows]
    assert report(unnamed)["excluded"]["bursts"] == 21


def test_nobody_in_particular_is_no_burst() -> None:
    rows = [asked(n / 86_400, f"a{n}", None) for n in range(50)]
    assert report(rows)["asks"] == 50


def test_a_period_has_the_asks_that_began_in_it() -> None:
    rows = [asked(day, f"a{day}", f"p{day}") for day in range(10)]
    rows.append(event("posted", 9, "a4"))
    days = [datetime(2026, 3, day, tzinfo=UTC).timestamp() for day in (3, 6)]
    found = report(rows, since=days[0], until=days[1])
    assert (found["asks"], found["excluded"]["outside_period"]) == (3, 7)
    assert found["posted"] == 1


def test_a_severe_ask_may_not_wait_behind_suggestions() -> None:
    rows = [
        asked(0, "waits", "p", severity=1),
        event("escalated", 0.5, "waits"),
        asked(0, "secret", "q", sensitive=True),
        asked(0, "at-once", "r", severity=1),
        event("escalated", 0.01, "at-once"),
        asked(0, "unoffered", "s", severity=1, offered=False),
        asked(0, "mild", "t", severity=3),
    ]
    assert report(rows)["guardrails"]["severe_delayed"] == 2


def test_asking_for_help_has_a_share_and_a_wait() -> None:
    rows = [asked(0, "a", "p"), asked(0, "b", "q")]
    rows += [event("still_need_help", 0.5, "a"), event("posted", 0.75, "a")]
    found = report(rows)["guardrails"]
    assert found["still_need_help_share"] == 0.5
    assert found["seconds_to_still_need_help"] == pytest.approx(43_200)
    assert found["seconds_from_there_to_post"] == pytest.approx(21_600)
    assert report([asked()])["guardrails"]["seconds_to_still_need_help"] is None


def slice_rows(lang: str, posts: int) -> list[Row]:
    rows = [asked(0, f"{lang}h{n}", f"{lang}h{n}", arm="holdout", lang=lang) for n in range(60)]
    rows += [asked(0, f"{lang}t{n}", f"{lang}t{n}", lang=lang) for n in range(60)]
    return rows + [event("posted", 1, f"{lang}t{n}") for n in range(posts)]


def test_a_language_that_is_harmed_is_named() -> None:
    found = report([*slice_rows("sv", 20), *slice_rows("fi", 0)])
    by_lang = {row["slice"]: row for row in found["slices"]["lang"]}
    assert by_lang["sv"]["harmed"] is True
    assert by_lang["fi"]["harmed"] is False
    assert by_lang["sv"]["lift"] == pytest.approx(-1 / 3)


def test_money_is_posts_prevented_times_what_one_costs() -> None:
    rows = slice_rows("sv", 20)
    found = report(rows, costs=Costs(8.0))
    assert found["saved"] == pytest.approx(8 * found["incremental"])
    assert found["saved_low"] <= found["saved"] <= found["saved_high"]
    assert report(rows)["saved"] is None


def test_a_report_says_of_what_time_it_speaks() -> None:
    found = report([asked(), asked(3, "b")], as_of=10)
    assert found["as_of"] == "2026-03-11T00:00:00Z"
    assert (found["first_ask"], found["last_ask"]) == (
        "2026-03-01T00:00:00Z",
        "2026-03-04T00:00:00Z",
    )
    assert (found["time_zone"], found["window_days"]) == ("UTC", 28.0)
