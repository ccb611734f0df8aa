"""The flat view: one row an ask, which says what the report says and what was done about it."""

import csv
import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from triage.outcomes import Only
from triage.records import EventType
from triage.reports import COLUMNS, Format, Period, Table, export_table
from triage.store import ChangeRow, add_change, put_question
from triage.store.tables.base import asks, events

from .months import AS_OF, Kept, month
from .test_reports import MARCH
from .test_routing import question

ALL = Period(None, None, AS_OF)


def flat(kept: Kept, period: Period = ALL, table: Table = Table.FLAT) -> list[dict[str, str]]:
    file = io.BytesIO()
    export_table(kept.database, kept.forum_id, table, period, file, Format.CSV)
    return list(csv.DictReader(io.StringIO(file.getvalue().decode())))


def counted(rows: list[dict[str, str]], **said: str) -> int:
    return sum(all(row[name] == value for name, value in said.items()) for row in rows)


def test_counting_rows_gives_the_figures_of_the_report(kept: Kept) -> None:
    kept.put(month())
    rows, report = flat(kept), kept.report()
    assert len({row["ask_id"] for row in rows}) == len(rows)
    mine = [row for row in rows if row["counted"] == "true"]
    assert len(mine) == report["asks"]
    for outcome in ("posted", "confirmed", "contradicted", "silent"):
        assert counted(mine, offered="true", outcome=outcome) == report[outcome] > 0
    assert counted(mine, seen="true") == report["seen"]
    for arm, told in report["arms"].items():
        assert counted(mine, arm=arm) == told["asks"]
    assert counted(rows, left_out="bot") == report["excluded"]["bots"] > 0


@pytest.mark.parametrize(
    "only", [Only(lang="nb"), Only(product="Ledger"), Only(account="brio", lang="en")]
)
def test_an_export_of_some_asks_holds_those_that_a_report_is_of(kept: Kept, only: Only) -> None:
    kept.put(month())
    since, until = MARCH + timedelta(days=2), MARCH + timedelta(days=20)
    period = Period(since, until, AS_OF, only=only)
    rows = flat(kept, period)
    report = kept.report(since=since, until=until, only=only)
    mine = [row for row in rows if row["counted"] == "true"]
    assert len(mine) == report["asks"] > 0
    for name, value in only.told.items():
        assert {row[name] for row in rows} == {value}
    ids = {row["ask_id"] for row in rows}
    for table in (Table.ASKS, Table.OUTCOMES):
        assert {row["ask_id"] for row in flat(kept, period, table)} == ids
    ever = {row["ask_id"] for row in flat(kept, Period(None, None, AS_OF, only=only))}
    # What happened in the period may be of an ask from before.
    of_events = {row["ask_id"] for row in flat(kept, period, Table.EVENTS)}
    assert ids - of_events == set()
    assert of_events <= ever


def test_a_row_says_what_was_done_about_its_ask(kept: Kept) -> None:
    told = month(persons=60)
    kept.put(told)
    rows = {row["ask_id"]: row for row in flat(kept)}
    done: dict[str, list[dict[str, Any]]] = {}
    for row in told:
        done.setdefault(row["ask_id"], []).append(row)
    for ask_id, deeds in done.items():
        opened = {deed.get("thread_id") for deed in deeds if deed["type"] == EventType.OPENED}
        assert int(rows[ask_id]["opened"]) == len(opened)
        solved = [deed for deed in deeds if deed["type"] == EventType.SOLVED]
        assert rows[ask_id]["solved"] == ("true" if solved else "false")
        if solved:
            last = max(solved, key=lambda deed: deed["occurred_at"])
            assert rows[ask_id]["solved_thread_id"] == (last.get("thread_id") or "")
        assert rows[ask_id]["calls"] == "1"
        assert rows[ask_id]["mode"] == "hybrid"
    assert {row["solved"] for row in rows.values()} == {"true", "false"}


def test_what_is_put_aside_is_there_and_counts_for_nothing(kept: Kept) -> None:
    kept.put(month(persons=30))
    with kept.database.write() as c:
        ask_id = c.execute(events.select().where(events.c.type == "solved")).mappings().all()[0]
        held = events.update().where(events.c.ask_id == ask_id["ask_id"])
        c.execute(held.values(held="b1"))
    (row,) = [row for row in flat(kept) if row["ask_id"] == ask_id["ask_id"]]
    assert (row["counted"], row["left_out"], row["outcome"]) == ("false", "held", "")
    assert row["solved"] == "false"


def test_what_came_later_is_not_known_yet(kept: Kept) -> None:
    kept.put(month())
    early = flat(kept, Period(None, None, MARCH + timedelta(days=5)))
    late = flat(kept)
    assert counted(early, solved="true") < counted(late, solved="true")


def test_every_column_of_the_asks_that_can_be_chosen_by_is_there() -> None:
    names = {column.name for column in COLUMNS[Table.FLAT]}
    assert set(Only.__dataclass_fields__) <= names
    kept_columns = {column.name for column in asks.columns}
    assert {"account", "destination", "simulated"} <= names & kept_columns


def test_a_row_says_who_answered_what_was_posted(kept: Kept) -> None:
    kept.put(month(persons=20))
    ask_id = flat(kept)[0]["ask_id"]
    posted = MARCH + timedelta(days=8)
    with kept.database.write() as c:
        asked = replace(question("q1", False), ask_id=ask_id, received_at=posted)
        put_question(c, kept.forum_id, asked)
        for revision, after in enumerate(("received", "answered", "confirmed_solved")):
            row = ChangeRow(
                question_id="q1",
                revision=revision,
                change_id=after,
                before=None,
                after=after,
                who="staff" if after == "answered" else "customer",
                at=posted + timedelta(hours=6 * revision),
                answer_id="a1" if revision else None,
            )
            add_change(c, kept.forum_id, row)
    early = flat(kept, Period(None, None, posted + timedelta(hours=1)))
    by_ask = [{row["ask_id"]: row for row in rows}[ask_id] for rows in (early, flat(kept))]
    assert [row["question_id"] for row in by_ask] == ["q1", "q1"]
    assert [row["hours_to_answer"] for row in by_ask] == ["", "6.0"]
    assert [row["hours_to_accepted"] for row in by_ask] == ["", "12.0"]
    assert [row["settled_by"] for row in by_ask] == ["", "expert"]
    others = [row for row in flat(kept) if row["ask_id"] != ask_id]
    assert {row["question_id"] for row in others} == {""}
