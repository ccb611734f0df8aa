"""What is exported: columns as documented, hashes and no words, enough to measure it again."""

import csv
import io
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from triage.reports import COLUMNS, VERSION, Format, Period, Table, columns_table, export_table
from triage.store.tables.base import events

from .months import AS_OF, Kept, month, of_file
from .test_reports import MARCH, same

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reports.md").read_text(encoding="utf-8")
ALL = Period(None, None, AS_OF)


def exported(kept: Kept, table: Table, how: Format, period: Period = ALL) -> bytes:
    file = io.BytesIO()
    export_table(kept.database, kept.forum_id, table, period, file, how)
    return file.getvalue()


def rows(kept: Kept, table: Table, period: Period = ALL) -> list[dict[str, str]]:
    text = exported(kept, table, Format.CSV, period).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_the_columns_are_documented() -> None:
    assert columns_table().strip() in PAGE
    assert f"**version {VERSION}**" in PAGE


@pytest.mark.parametrize("table", Table)
def test_csv_and_parquet_hold_the_same(kept: Kept, table: Table) -> None:
    kept.put(month(persons=40))
    found = pq.read_table(io.BytesIO(exported(kept, table, Format.PARQUET)))
    assert found.schema.names == [column.name for column in COLUMNS[table]]
    assert found.schema.metadata[b"triage.columns"] == str(VERSION).encode()
    assert all(field.metadata[b"meaning"] for field in found.schema)
    told = rows(kept, table)
    assert len(told) == found.num_rows > 40
    assert list(told[0]) == found.schema.names
    name = COLUMNS[table][0].name
    assert [row[name] for row in told] == found.column(name).to_pylist()


def test_outcomes_add_up_to_what_a_report_says(kept: Kept) -> None:
    kept.put(month())
    report = kept.report()
    counted = [row for row in rows(kept, Table.OUTCOMES) if row["counted"] == "true"]
    assert len(counted) == report["asks"]
    offered = [row for row in counted if row["offered"] == "true"]
    for outcome in ("posted", "confirmed", "contradicted", "silent"):
        assert sum(row["outcome"] == outcome for row in offered) == report[outcome]
    assert sum(row["seen"] == "true" for row in counted) == report["seen"]


def test_an_export_is_of_its_period(kept: Kept) -> None:
    kept.put(month())
    since, until = MARCH + timedelta(days=3), MARCH + timedelta(days=6)
    period = Period(since, until, AS_OF)
    for table, name in (
        (Table.ASKS, "opened_at"),
        (Table.EVENTS, "occurred_at"),
        (Table.OUTCOMES, "started_at"),
    ):
        moments = [pd.Timestamp(row[name]) for row in rows(kept, table, period)]
        assert moments
        assert min(moments) >= since
        assert max(moments) < until


def test_no_words_are_exported(kept: Kept) -> None:
    kept.put(month(persons=30))
    secret = "my private question"
    with kept.database.write() as c:
        names = ("value_text", "external_id", "question_id")
        c.execute(events.update().values(dict.fromkeys(names, secret)))
    for table in Table:
        for how in Format:
            assert secret.encode() not in exported(kept, table, how)


def test_a_spreadsheet_finds_no_formula(kept: Kept) -> None:
    kept.put(month(persons=10))
    with kept.database.write() as c:
        c.execute(events.update().values(thread_id="=cmd()"))
    assert {row["thread_id"] for row in rows(kept, Table.EVENTS)} == {"'=cmd()"}


def test_the_example_of_the_documents_measures_an_export(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.put(month())
    for table in (Table.ASKS, Table.EVENTS):
        file = tmp_path / f"{table.value}.parquet"
        file.write_bytes(exported(kept, table, Format.PARQUET))
    monkeypatch.chdir(tmp_path)
    example = re.search(r"```python\n(import pandas.*?)```", PAGE, re.DOTALL)
    assert example is not None
    names: dict[str, Any] = {}
    exec(example.group(1), names)
    ours = kept.report()
    for name in ("asks", "offered", "posted", "confirmed", "contradicted", "silent"):
        assert names["report"][name] == ours[name], name
    assert names["report"]["lift"] == pytest.approx(ours["lift"])
    assert names["report"]["lift_low"] == pytest.approx(ours["lift_low"])


def test_events_as_lines_are_measured_as_the_store_is(kept: Kept) -> None:
    told = month()
    kept.put(told)
    said = "I found it myself, Anna Berg"
    with kept.database.write() as c:
        aside = [row["event_id"] for row in told if row["type"] == "solved"][:5]
        c.execute(events.update().where(events.c.event_id.in_(aside)).values(held="b1"))
        rated = events.c.type == "rated"
        c.execute(events.update().where(rated).values(value_text=said, value_number=None))
    lines = exported(kept, Table.EVENTS, Format.JSONL).decode()
    found = [json.loads(line) for line in lines.splitlines()]
    report = kept.report()
    of_lines = of_file(found)
    same(report, {name: of_lines[name] for name in of_lines if name != "lateness"})
    assert {row["arm"] for row in found if row["type"] == "asked"} == {"treatment", "holdout"}
    assert 0 < len(found) < len(told)
    assert "Anna" not in lines


@pytest.mark.parametrize("table", [Table.ASKS, Table.OUTCOMES])
def test_lines_hold_what_csv_holds(kept: Kept, table: Table) -> None:
    kept.put(month(persons=40))
    found = [json.loads(line) for line in exported(kept, table, Format.JSONL).splitlines()]
    told = rows(kept, table)
    assert len(found) == len(told) > 40
    assert list(found[0]) == list(told[0])
    assert [one["ask_id"] for one in found] == [one["ask_id"] for one in told]
