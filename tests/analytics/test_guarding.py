"""Guardrails are those of the report, and say where somebody should look."""

from tests.reports.months import Kept
from triage.analytics.cards import figure_of
from triage.analytics.guarding import GUARD_COLUMNS, GUARDED, Guard, guard_rows, guards
from triage.analytics.slices import slice_asks
from triage.analytics.values import FEWEST_PERSONS, View

from .forum import NOW, quarter, view


def named(found: View) -> dict[str, Guard]:
    return {guard.name: guard for guard in guards(found) if guard.dimension is None}


def test_guardrails_are_the_cards_and_the_report(forum: Kept) -> None:
    found = view(forum)
    ours, report = named(found), found.report
    for name in GUARDED:
        figure = figure_of(found, name)
        assert (ours[name].part, ours[name].share) == (figure.part, figure.share)
    wait = report["guardrails"]["useful_answer"]["holdout"]
    assert (ours["useful_answer_holdout"].whole, ours["useful_answer_holdout"].part) == (
        wait["asks"],
        wait["came"],
    )
    # Less than half of them got an answer, so that the median is not reached.
    assert wait["asks"] > 2 * wait["came"]
    assert ours["useful_answer_holdout"].seconds is None
    assert ours["srm_p"].p_value == report["srm_p"]


def test_one_severe_ask_that_was_held_up_is_an_alarm(forum: Kept, empty: Kept) -> None:
    assert named(view(forum))["severe_delayed"].alarm
    rows = quarter(persons=40)
    for row in rows:
        if row["type"] == "asked":
            row["severity"] = 4
    empty.put(rows)
    mild = named(view(empty))["severe_delayed"]
    assert (mild.part, mild.alarm) == (0, False)


def test_asking_for_help_is_no_alarm_by_itself(forum: Kept) -> None:
    found = named(view(forum))["still_need_help"]
    assert found.part
    assert not found.alarm


def test_every_language_and_newcomers_are_watched(forum: Kept) -> None:
    found = view(forum)
    slices = [guard for guard in guards(found) if guard.dimension is not None]
    told = found.report["guardrails"]["harm"]
    assert len(slices) == len(told["lang"]) + len(told["newcomer"]) == 5
    for guard in slices:
        assert guard.dimension is not None
        mine = slice_asks(found, guard.dimension, guard.value)
        assert guard.whole == int((mine & found.asks.offered & (found.asks.arm == 1)).sum())
        assert guard.share is not None
        assert guard.part is not None
        assert abs(guard.share - guard.part / guard.whole) < 1e-9


def test_a_harmed_slice_says_by_what(empty: Kept) -> None:
    rows = quarter(persons=900, posting=0.1, posting_shown=0.8)
    empty.put(rows)
    harmed = [guard for guard in guards(view(empty)) if guard.dimension == "lang"]
    assert harmed
    assert {(guard.alarm, guard.why) for guard in harmed} == {(True, "lift")}


def test_a_split_that_cannot_be_chance_is_an_alarm(forum: Kept, empty: Kept) -> None:
    assert not named(view(forum))["srm_p"].alarm
    empty.put(quarter(persons=400, holdout=0.5))
    assert named(view(empty))["srm_p"].alarm


def test_a_wait_is_that_of_all_who_asked(empty: Kept) -> None:
    empty.put(quarter(posting=1.0, posting_shown=1.0))
    found = view(empty)
    for arm in ("treatment", "holdout"):
        wait = found.report["guardrails"]["useful_answer"][arm]
        ours = named(found)[f"useful_answer_{arm}"]
        assert ours.seconds == wait["median_seconds"] is not None
        assert ours.seconds_low == wait["median_seconds_low"]


def test_waits_of_few_persons_are_not_told(forum: Kept) -> None:
    found = named(view(forum, since="2026-03-02", until="2026-03-03"))
    wait = found["useful_answer_holdout"]
    assert wait.persons is not None
    assert wait.persons < FEWEST_PERSONS
    assert (wait.seconds, wait.enough) == (None, False)


def test_rows_are_in_the_order_of_their_columns(forum: Kept) -> None:
    rows = list(guard_rows(view(forum, NOW)))
    assert [name.name for name in GUARD_COLUMNS] == list(Guard.__dataclass_fields__)
    assert {len(row) for row in rows} == {len(GUARD_COLUMNS)}
