"""A report of the store says what a report of the same events in a file says."""

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from triage.audit.acting import Acting
from triage.errors import BadField, PeriodClosed, PeriodOpen
from triage.outcomes import Costs, Only, narrowing
from triage.records import Actor, ActorKind
from triage.reports import close_period, put_baseline, read_period
from triage.store import ask_days, columns_revision, count_stale, put_ask_day
from triage.store.tables.base import asks, events

from .months import AS_OF, Kept, month, of_file

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
# What only a store tells.
OF_STORE = {"made_at", "from_local", "to_local", "events", "routing", "baseline", "closed"}
ANNA = Actor(ActorKind.COMMAND, "anna")


def same(ours: object, theirs: object, where: str = "") -> None:
    """Compare two reports; sums are added up in another order."""
    if isinstance(theirs, Mapping):
        assert isinstance(ours, Mapping)
        for name in theirs:
            same(ours[name], theirs[name], f"{where}.{name}")
    elif isinstance(theirs, list | tuple):
        assert isinstance(ours, list | tuple)
        assert len(ours) == len(theirs), where
        for one, other in zip(ours, theirs, strict=True):
            same(one, other, where)
    elif isinstance(theirs, float):
        assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-9), where
    else:
        assert ours == theirs, where


def without_lateness(found: dict[str, Any]) -> dict[str, Any]:
    # In the store of what was only seen the first event stands for all, so that fewer are late.
    return {name: value for name, value in found.items() if name != "lateness"}


def test_a_report_of_the_store_is_that_of_the_file(kept: Kept) -> None:
    rows = month()
    kept.put(rows)
    found = kept.report()
    same(found, without_lateness(of_file(rows)))
    assert found.keys() - of_file(rows).keys() == OF_STORE
    assert found["holdout_share"] == pytest.approx(0.2)
    json.dumps(found, allow_nan=False)


def test_a_report_as_of_before_knows_only_what_had_arrived(kept: Kept) -> None:
    rows = month()
    kept.put(rows)
    for days in (9, 17.3):
        then = MARCH + timedelta(days=days)
        same(kept.report(as_of=then), without_lateness(of_file(rows, then)))


def test_a_period_and_a_window_are_those_of_the_file(kept: Kept) -> None:
    rows = month()
    kept.put(rows)
    since, until = MARCH + timedelta(days=5), MARCH + timedelta(days=12)
    found = kept.report(since=since, until=until, window_days=3.0)
    bounds = {"since": since.timestamp(), "until": until.timestamp()}
    same(found, without_lateness(of_file(rows, **bounds, window_days=3.0)))


@pytest.mark.parametrize("seed", [1, 2])
def test_it_does_not_matter_in_which_order_and_how_events_came_in(kept: Kept, seed: int) -> None:
    rows = month(persons=60)
    rest = [row for row in rows if row["type"] != "asked"]
    random.Random(seed).shuffle(rest)
    kept.put([row for row in rows if row["type"] == "asked"])
    for begin in range(0, len(rest), 37):
        kept.put(rest[begin : begin + 37])
        if begin % 2:
            kept.report()
    same(kept.report(), without_lateness(of_file(rows)))


def test_what_was_folded_is_not_folded_again(kept: Kept) -> None:
    kept.put(month(persons=40))
    first = kept.report()
    assert first["events"]["folded_asks"] > 40
    assert kept.report()["events"]["folded_asks"] == 0
    with kept.database.write() as c:
        one = c.execute(events.select()).mappings().first()
        assert one is not None
        c.execute(events.update().where(events.c.event_id == one["event_id"]).values(person=None))
    assert kept.report()["events"]["folded_asks"] == 1


def test_an_ask_that_goes_leaves_the_columns(kept: Kept) -> None:
    rows = month(persons=60)
    kept.put(rows)
    kept.report()
    going = sorted({row["ask_id"] for row in rows})[:9]
    kept.delete(going)
    found = kept.report()
    stay = [row for row in rows if row["ask_id"] not in going]
    same(found, without_lateness(of_file(stay)))
    with kept.database.read() as c:
        assert count_stale(c, kept.forum_id) == 0
        assert sum(day.asks for day in ask_days(c, kept.forum_id)) == len(
            {row["ask_id"] for row in stay}
        )


def test_what_the_service_learns_of_an_ask_later_counts(kept: Kept) -> None:
    rows = [row for row in month(persons=80, returns=0.0) if row.get("user")]
    kept.put(rows)
    before = kept.report()
    of: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: row["occurred_at"]):
        if row["type"] == "asked" and row["ask_id"] not in of.setdefault(row["user"], []):
            of[row["user"]].append(row["ask_id"])
    first, second = next(names for names in of.values() if len(names) > 1)[:2]
    with kept.database.write() as c:
        c.execute(asks.update().where(asks.c.ask_id == second).values(return_of=first))
    after = kept.report()
    assert after["posting_holdout"]["asks"] + after["posting_treatment"]["asks"] == (
        before["posting_holdout"]["asks"] + before["posting_treatment"]["asks"] - 1
    )


def test_what_is_put_aside_with_a_burst_counts_for_nothing(kept: Kept) -> None:
    rows = month(persons=60)
    kept.put(rows)
    held = [row["event_id"] for row in rows if row["type"] == "solved"]
    with kept.database.write() as c:
        c.execute(events.update().where(events.c.event_id.in_(held)).values(held="b1"))
    # Without its words an ask would be one that fell silent: it leaves as a whole.
    asks_of_held = {row["ask_id"] for row in rows if row["event_id"] in held}
    others = [row for row in rows if row["ask_id"] not in asks_of_held]
    same(kept.report(), without_lateness(of_file(others)))


def test_a_closed_period_tells_its_old_figures_beside_the_new(kept: Kept) -> None:
    rows = month()
    late = [row for row in rows if row["type"] == "solved"][:5]
    kept.put([row for row in rows if row not in late])
    period = {"since": MARCH, "until": MARCH + timedelta(days=31)}
    old = kept.report(**period)
    assert old["closed"] is None
    acting = Acting(kept.forum_id, ANNA)
    with kept.database.write() as c:
        close_period(c, acting, period["since"], period["until"], old, AS_OF)
    assert kept.report(**period)["closed"]["changed"] == {}
    kept.put(late)
    new = kept.report(**period)
    changed = new["closed"]["changed"]
    assert changed["confirmed"] == {"old": old["confirmed"], "new": new["confirmed"]}
    assert new["closed"]["figures"]["confirmed"] == old["confirmed"] < new["confirmed"]
    assert new["closed"]["by"] == "anna"
    with kept.database.write() as c, pytest.raises(PeriodClosed):
        close_period(c, acting, period["since"], period["until"], new, AS_OF)


def test_a_period_that_is_not_over_is_not_closed(kept: Kept) -> None:
    kept.put(month(persons=20))
    found = kept.report()
    acting = Acting(kept.forum_id, ANNA)
    with kept.database.write() as c:
        for bounds in ((MARCH, None), (None, AS_OF), (MARCH, AS_OF + timedelta(days=1))):
            with pytest.raises(PeriodOpen):
                close_period(c, acting, *bounds, found, AS_OF)


def test_what_was_before_the_service_is_told_beside_what_is_now(kept: Kept) -> None:
    kept.put(month())
    rows = [
        {"from": "2025-03-01", "to": "2025-03-31", "questions": "310", "cases": ""},
        {"from": "2025-04-01", "to": "2025-04-30", "questions": 270, "seconds_to_answer": 7200},
        {"from": "2025-05-01", "to": "2025-05-31", "questions": 341, "seconds_to_answer": 3600},
    ]
    with kept.database.write() as c:
        periods = [read_period(row, "UTC") for row in rows]
        put_baseline(c, Acting(kept.forum_id, ANNA), periods, AS_OF)
    before = kept.report()["baseline"]
    assert before["questions"] == 921
    assert before["questions_per_day"] == pytest.approx(921 / 92)
    assert before["questions_per_day_low"] < 921 / 92 < before["questions_per_day_high"]
    assert before["seconds_to_answer"] == pytest.approx((270 * 7200 + 341 * 3600) / 611)
    assert before["posted_per_day"] > 0


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"from": "2025-03-01", "to": "2025-02-01", "questions": 3}, "to"),
        ({"from": "spring", "to": "2025-02-01", "questions": 3}, "from"),
        ({"from": "2025-03-01", "to": "2025-03-31", "questions": -3}, "questions"),
        ({"from": "2025-03-01", "to": "2025-03-31"}, "questions"),
        ({"from": "2025-03-01", "to": "2025-03-31", "questions": 3, "posts": 3}, "posts"),
    ],
)
def test_a_wrong_period_says_which_field(row: dict[str, Any], field: str) -> None:
    with pytest.raises(BadField) as error:
        read_period(row, "UTC")
    assert error.value.field == field


@pytest.mark.parametrize(("begin", "end"), [(3, 9), (10, 11), (25, 40)])
def test_a_month_that_costs_a_month_says_the_same(
    begin: int, end: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = month(returns=0.4)
    day = MARCH.timestamp()
    bounds = {"since": day + begin * 86_400, "until": day + end * 86_400}
    found = of_file(rows, **bounds)
    monkeypatch.setattr(narrowing, "_WORTH_IT", -1.0)
    same(found, of_file(rows, **bounds))


@pytest.mark.parametrize(
    "only",
    [
        Only(product="Portal"),
        Only(account="brio"),
        Only(destination="expert"),
        Only(product="Ledger", destination="community", lang="nb"),
    ],
)
def test_a_report_of_some_asks_of_the_store_is_that_of_the_file(kept: Kept, only: Only) -> None:
    rows = month()
    kept.put(rows)
    of_store = kept.report(only=only)
    same(of_store, without_lateness(of_file(rows, only=only)))
    assert 0 < of_store["asks"] < kept.report()["asks"]
    assert of_store["simulated"] > 0


def test_what_had_no_chance_of_the_holdout_is_compared_with_nothing(kept: Kept) -> None:
    rows = month()
    kept.put(rows)
    with kept.database.write() as c:
        c.execute(asks.update().where(asks.c.lang == "fi").values(share=0.0))
    found, all_of = kept.report(), of_file(rows)
    finnish = {row["ask_id"] for row in rows if row.get("lang") == "fi"}
    others = of_file([row for row in rows if row["ask_id"] not in finnish])
    assert found["lift"] == pytest.approx(others["lift"])
    assert found["srm_p"] == pytest.approx(others["srm_p"])
    # They are offered suggestions like others, and what becomes of them counts.
    assert (found["asks"], found["offered"]) == (all_of["asks"], all_of["offered"])
    assert found["holdout_share"] == pytest.approx(0.2)


def test_money_knows_of_the_range_of_costs_and_of_the_service(kept: Kept) -> None:
    kept.put(month())
    found = kept.report(costs=Costs(20.0, 10.0, 40.0, service=100.0))
    assert found["saved"] == pytest.approx(20 * found["incremental"])
    assert found["saved_high"] == pytest.approx(40 * found["incremental_high"])
    least = found["incremental_low"]
    assert found["saved_low"] == pytest.approx(min(10 * least, 40 * least))
    assert found["net_low"] == pytest.approx(found["saved_low"] - 100)


def test_columns_of_another_version_are_made_anew(kept: Kept) -> None:
    rows = month(persons=40)
    kept.put(rows)
    before = kept.report()
    with kept.database.write() as c:
        for day in list(ask_days(c, kept.forum_id)):
            old = day.packed.replace(b'"version":3', b'"version":1', 1)
            assert old != day.packed
            put_ask_day(c, kept.forum_id, replace(day, packed=old))
    after = kept.report()
    assert after["events"]["folded_asks"] == before["asks"] + sum(before["excluded"].values())
    same(after, {name: before[name] for name in before.keys() - {"made_at", "events"}})


def test_whoever_asks_whether_anything_changed_is_told_without_reading_it(kept: Kept) -> None:
    rows = month(persons=40)
    kept.put(rows[:-1])
    kept.report()
    with kept.database.read() as c:
        before = columns_revision(c, kept.forum_id)
    kept.report()
    with kept.database.read() as c:
        assert columns_revision(c, kept.forum_id) == before
        assert columns_revision(c, kept.forum_id + 1) != before
    kept.put(rows[-1:])
    kept.report()
    with kept.database.read() as c:
        changed = columns_revision(c, kept.forum_id)
        assert changed != before
    kept.delete([rows[0]["ask_id"]])
    kept.report()
    with kept.database.read() as c:
        assert columns_revision(c, kept.forum_id) not in {before, changed}
