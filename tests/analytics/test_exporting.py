"""Every table that pages show can be taken along, of the asks that the filters mean."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from tests.forum import INSTALLATION_KEY
from tests.reports.months import AS_OF, Kept, month
from triage.analytics.context import Context
from triage.analytics.exporting import EXPORTS, OF_STORE, export_of, read_export
from triage.analytics.filters import Filters
from triage.analytics.tables import TABLES, table_rows, tables_told
from triage.analytics.viewing import view_of
from triage.cli import main
from triage.errors import BadField
from triage.outcomes import WINDOW_DAYS, Only
from triage.outcomes.only import ALL
from triage.reports import Format
from triage.store.tables.base import events

ROOT = Path(__file__).resolve().parents[2]
MARCH = Filters(date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def kept(empty: Kept) -> Kept:
    return empty


@pytest.fixture
def typed(empty: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """Return a store that commands find."""
    monkeypatch.setenv("TRIAGE_DATABASE_URL", f"sqlite:///{tmp_path / 'triage.db'}")
    monkeypatch.setenv("TRIAGE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("TRIAGE_INSTALLATION_KEY", INSTALLATION_KEY)
    empty.put(month(persons=60))
    return empty


def exported(kept: Kept, name: str, how: Format, filters: Filters = MARCH) -> bytes:
    file = io.BytesIO()
    wished = export_of(name, filters, AS_OF)
    count = wished.write(kept.database, kept.forum_id, file, how, AS_OF)
    if how is Format.CSV:
        assert count == len(rows_in(file.getvalue()))
    return file.getvalue()


def rows_in(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_the_tables_are_documented() -> None:
    page = (ROOT / "docs" / "analytics-tables.md").read_text(encoding="utf-8")
    assert tables_told().strip() in page


@pytest.mark.parametrize("name", TABLES)
def test_the_three_forms_of_a_table_hold_the_same(kept: Kept, name: str) -> None:
    kept.put(month(persons=80))
    names = [column.name for column in TABLES[name].columns]
    assert len(set(names)) == len(names)
    told = rows_in(exported(kept, name, Format.CSV))
    found = pq.read_table(io.BytesIO(exported(kept, name, Format.PARQUET)))
    assert found.schema.names == names
    assert found.schema.metadata[b"triage.table"] == name.encode()
    lines = [json.loads(line) for line in exported(kept, name, Format.JSONL).splitlines()]
    assert len(lines) == found.num_rows == len(told)
    for line, row in zip(lines, told, strict=True):
        assert list(line) == names
        numbers = {n: v for n, v in line.items() if isinstance(v, int | float) and v is not True}
        for column, value in numbers.items():
            if value is not False:
                assert float(row[column]) == pytest.approx(value)


@pytest.mark.parametrize("name", TABLES)
def test_a_file_holds_the_rows_that_a_page_shows(kept: Kept, name: str) -> None:
    kept.put(month(persons=80))
    filters = Filters(date(2026, 3, 2), date(2026, 3, 29), only=Only(product="Ledger"))
    view = view_of(kept.database, kept.forum_id, filters, AS_OF)
    with kept.database.read() as c:
        shown = table_rows(Context(kept.database, c, kept.forum_id, view, AS_OF), name)
    found = pq.read_table(io.BytesIO(exported(kept, name, Format.PARQUET, filters)))
    assert [tuple(row.values()) for row in found.to_pylist()] == shown


def test_a_figure_taken_along_is_as_many_rows_of_the_flat_view(kept: Kept) -> None:
    kept.put(month())
    filters = Filters(date(2026, 3, 2), date(2026, 3, 29), "Europe/Oslo", Only(account="brio"))
    parts = {
        row["name"]: int(row["part"])
        for row in rows_in(exported(kept, "cards", Format.CSV, filters))
    }
    flat = [
        row
        for row in rows_in(exported(kept, "flat", Format.CSV, filters))
        if row["counted"] == "true"
    ]
    assert len(flat) == parts["asks"] > 0
    assert sum(row["seen"] == "true" for row in flat) == parts["seen"]
    offered = [row for row in flat if row["offered"] == "true"]
    assert len(offered) == parts["offer_rate"]
    for outcome in ("posted", "confirmed", "contradicted", "silent"):
        assert sum(row["outcome"] == outcome for row in offered) == parts[outcome]


def test_a_spreadsheet_finds_no_formula(kept: Kept) -> None:
    told = [{**row, "topic": "=cmd()"} if row["type"] == "asked" else row for row in month()]
    kept.put(told)
    rows = rows_in(exported(kept, "slices_topic", Format.CSV))
    assert [row["value"] for row in rows] == ["'=cmd()"]


def test_no_words_are_in_any_table(kept: Kept) -> None:
    kept.put(month(persons=60))
    secret = "my private question"
    with kept.database.write() as c:
        c.execute(events.update().values(value_text=secret, external_id=secret))
    for name in (*TABLES, "flat"):
        for how in Format:
            assert secret.encode() not in exported(kept, name, how)


@pytest.mark.parametrize(
    ("table", "since", "as_of", "window", "field"),
    [
        ("words", None, None, WINDOW_DAYS, "table"),
        ("cards", "2026-03-01T12:00", None, WINDOW_DAYS, "from"),
        ("cards", None, "2026-04-01", WINDOW_DAYS, "as_of"),
        ("cards", None, None, 7.0, "as_of"),
        ("flat", "spring", None, WINDOW_DAYS, "from"),
    ],
)
def test_what_cannot_be_exported_names_its_field(
    table: str, since: str | None, as_of: str | None, window: float, field: str
) -> None:
    with pytest.raises(BadField) as found:
        read_export(table, since, None, as_of, "UTC", window, ALL, AS_OF)
    assert found.value.field == field


def test_an_act_says_by_what_asks_were_chosen_and_no_value() -> None:
    wished = read_export("flat", None, None, None, "UTC", 28.0, Only(account="Brio AS"), AS_OF)
    assert wished.noted["where"] == ["account"]
    assert "Brio" not in json.dumps(wished.noted)


def run(*words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--forum", "demo"])


@pytest.mark.parametrize("name", EXPORTS)
def test_the_command_writes_every_table(typed: Kept, tmp_path: Path, name: str) -> None:
    file = tmp_path / f"{name}.csv"
    where = ("--where", "product=Ledger", "--from", "2026-03-01", "--to", "2026-03-31")
    done = run("export", name, str(file), *where)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["rows"] == len(rows_in(file.read_bytes()))
    if name in (*OF_STORE, "cards", "weeks"):
        assert json.loads(done.stdout)["rows"] > 0


def test_an_export_that_fails_leaves_no_file(typed: Kept, tmp_path: Path) -> None:
    done = run("export", "cards", str(tmp_path / "cards.csv"), "--where", "account=nobody")
    assert done.exit_code == 1
    assert "account" in done.stderr
    assert list(tmp_path.glob("*cards*")) == []
