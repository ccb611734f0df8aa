"""A company's own columns and values, read through its map."""

import csv
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from triage.connect import (
    Reading,
    Unmapped,
    no_map,
    open_map,
    preview_cases,
    read_cases,
    read_mapped_cases,
    read_threads,
)
from triage.connect.mapped import LONG_TEXT
from triage.crypto.persons import person_hasher
from triage.errors import BadFile, BadRecord
from triage.records import Case

HASH = person_hasher(b"0123456789abcdef", "demo")
SAMPLE = Path(__file__).parents[2] / "data" / "sample"
COLUMNS = {"id": "No", "title": "Summary"}


def map_file(folder: Path, **sections: object) -> Path:
    path = folder / "map.json"
    path.write_text(json.dumps({"columns": COLUMNS, **sections}), encoding="utf-8")
    return path


def columns(**more: object) -> dict[str, object]:
    return {**COLUMNS, **more}


def table(folder: Path, *rows: Mapping[str, object]) -> Path:
    path = folder / "tickets.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def objects(folder: Path, *rows: Mapping[str, object]) -> Path:
    path = folder / "tickets.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def read(path: Path, map_path: Path) -> tuple[list[Case], Reading, Unmapped]:
    reading, unmapped = Reading(path), Unmapped()
    found = list(read_mapped_cases(path, open_map(map_path), HASH, reading, unmapped))
    return found, reading, unmapped


def one(path: Path, map_path: Path) -> Case:
    found, reading, _ = read(path, map_path)
    assert reading.errors == []
    return found[0]


def refused(folder: Path, **sections: object) -> str:
    with pytest.raises(BadFile) as caught:
        open_map(map_file(folder, **sections))
    return str(caught.value)


def test_the_example_reads_its_export() -> None:
    cases, reading, unmapped = read(SAMPLE / "tickets.csv", SAMPLE / "tickets.toml")
    assert (len(cases), reading.error_count) == (5, 0)
    first, angry, wish = cases[0], cases[3], cases[4]
    assert first.topic == "Bank / Statement import"
    assert first.body == (
        "Since Monday every line from the bank is there two times.\n\n"
        "Open Bank > Statements and sort by amount."
    )
    assert first.created is not None
    assert first.created.isoformat() == "2026-02-03T07:12:00+00:00"
    assert (first.kind, first.severity, first.destination) == ("problem", 2, "expert")
    assert first.person == HASH("marit.h")
    assert (angry.severity, angry.tone) == (1, "at_risk")
    assert (wish.topic, wish.severity, wish.closed) == ("Interface", None, None)
    assert unmapped.values == {"tone": {"Happy": 1}}
    assert reading.unknown_fields == {"Support group": 5}


@pytest.mark.parametrize("written", ["P1", " p1 ", "P1 ", "p1"])
def test_case_and_spaces_of_values_do_not_count(tmp_path: Path, written: str) -> None:
    map_path = map_file(
        tmp_path, columns=columns(severity="Priority"), values={"severity": {"P1": 1}}
    )
    path = table(tmp_path, {"No": 1, "Summary": "T", "Priority": written})
    assert one(path, map_path).severity == 1


@pytest.mark.parametrize("name", ["summary", " SUMMARY", "Sum  mary"])
def test_case_and_spaces_of_columns_do_not_count(tmp_path: Path, name: str) -> None:
    wanted = "Sum mary" if "  " in name else "Summary"
    map_path = map_file(tmp_path, columns={"id": "No", "title": wanted})
    assert one(objects(tmp_path, {"no": 1, name: "T"}), map_path).title == "T"


def test_a_value_without_a_table_that_the_field_takes_needs_none(tmp_path: Path) -> None:
    map_path = map_file(
        tmp_path,
        columns=columns(severity="Priority", kind="Type"),
        values={"severity": {"High": 2}},
    )
    path = table(tmp_path, {"No": 1, "Summary": "T", "Priority": "3", "Type": "BUG"})
    found = one(path, map_path)
    assert (found.severity, found.kind) == (3, "bug")


def test_an_unmapped_value_is_counted_and_the_case_kept(tmp_path: Path) -> None:
    map_path = map_file(
        tmp_path,
        columns=columns(severity="P", kind="K", escalated="E", created="C", topic="T"),
        values={"topic": {"x": "Known"}},
    )
    row = {"No": 1, "Summary": "T", "P": "Huge", "K": "Odd", "E": "maybe", "C": "3/4/26", "T": "y"}
    cases, reading, unmapped = read(table(tmp_path, row, {**row, "No": 2}), map_path)
    assert (reading.rows, reading.error_count) == (2, 0)
    assert (cases[0].severity, cases[0].kind, cases[0].escalated, cases[0].created) == (None,) * 4
    assert cases[0].topic == "y"
    assert unmapped.values == {
        "severity": {"Huge": 2},
        "kind": {"Odd": 2},
        "escalated": {"maybe": 2},
        "created": {"9/9/99": 2},
    }


def test_a_value_can_mean_unknown_on_purpose(tmp_path: Path) -> None:
    map_path = map_file(
        tmp_path,
        columns=columns(severity="P", topic="A"),
        values={"severity": {"n/a": ""}, "topic": {"other": ""}},
    )
    path = table(tmp_path, {"No": 1, "Summary": "T", "P": "N/A", "A": "Other"})
    cases, _, unmapped = read(path, map_path)
    assert (cases[0].severity, cases[0].topic) == (None, None)
    assert unmapped.values == {}


def test_a_question_taken_for_a_label_is_not_kept_as_a_value(tmp_path: Path) -> None:
    map_path = map_file(tmp_path, columns=columns(kind="Summary"))
    path = table(tmp_path, {"No": 1, "Summary": "My name is Anna and I cannot log in. " * 4})
    assert read(path, map_path)[2].values == {"kind": {LONG_TEXT: 1}}


def test_constants_fill_what_a_row_leaves_open(tmp_path: Path) -> None:
    map_path = map_file(
        tmp_path, columns=columns(product="Product"), constants={"product": "Ledger", "lang": "sv"}
    )
    path = table(
        tmp_path,
        {"No": 1, "Summary": "T", "Product": ""},
        {"No": 2, "Summary": "T", "Product": "Portal"},
    )
    first, second = read(path, map_path)[0]
    assert (first.product, first.lang) == ("Ledger", "sv")
    assert second.product == "Portal"


def test_a_constant_does_not_stand_in_for_an_unmapped_value(tmp_path: Path) -> None:
    map_path = map_file(tmp_path, columns=columns(severity="P"), constants={"severity": 4})
    path = table(tmp_path, {"No": 1, "Summary": "T", "P": "Huge"}, {"No": 2, "Summary": "T"})
    assert [case.severity for case in read(path, map_path)[0]] == [None, 4]


@pytest.mark.parametrize(
    ("given", "written", "expected"),
    [
        ({"format": "%d/%m/%y", "zone": "Europe/Oslo"}, "01/07/25", "2025-06-30T22:00:00+00:00"),
        ({"zone": "Europe/Oslo"}, "2025-01-01 12:00", "2025-01-01T11:00:00+00:00"),
        ({"zone": "Europe/Oslo"}, "2025-01-01T12:00:00Z", "2025-01-01T12:00:00+00:00"),
        ({"format": ["%d.%m.%Y", "%Y%m%d"]}, "20250102", "2025-01-02T00:00:00+00:00"),
        ({"format": "seconds"}, "1735689600", "2025-01-01T00:00:00+00:00"),
        ({"format": "milliseconds"}, "1735689600000", "2025-01-01T00:00:00+00:00"),
        ({"format": "%d.%m.%Y"}, "2025-01-02T03:04:05+02:00", "2025-01-02T01:04:05+00:00"),
        ({"format": "%d.%m.%Y %z"}, "02.01.2025 +0100", "2025-01-01T23:00:00+00:00"),
        ({"format": "seconds"}, "1e300", None),
        ({"format": "%d.%m.%Y"}, "31.02.2025", None),
        ({"format": "%d.%m.%Y", "zone": "Asia/Tokyo"}, "01.01.0001", None),
    ],
)
def test_dates_are_read_in_the_format_and_zone_of_the_map(
    tmp_path: Path, given: Mapping[str, object], written: str, expected: str | None
) -> None:
    map_path = map_file(tmp_path, columns=columns(created="Opened"), dates=given)
    path = table(tmp_path, {"No": 1, "Summary": "T", "Opened": written})
    created = one(path, map_path).created
    assert (None if created is None else created.isoformat()) == expected


def test_groups_keep_out_whoever_is_in_none_of_them(tmp_path: Path) -> None:
    map_path = map_file(
        tmp_path,
        columns=columns(groups=["Teams", "Partner"]),
        lists={"separator": ";"},
        values={"groups": {"sales dept": "sales"}},
    )
    path = table(
        tmp_path,
        {"No": 1, "Summary": "T", "Teams": "Sales dept;beta", "Partner": "acme"},
        {"No": 2, "Summary": "T", "Teams": " ; ", "Partner": ""},
    )
    cases, reading, _ = read(path, map_path)
    assert [case.groups for case in cases] == [{"sales", "beta", "acme"}]
    assert reading.errors[0].field == "groups"


def test_what_lies_inside_objects_is_named_by_its_path(tmp_path: Path) -> None:
    map_path = map_file(
        tmp_path,
        columns={"id": "key", "title": "fields.summary", "severity": "fields.priority.name"},
        values={"severity": {"Highest": 1}},
    )
    row = {"key": "A-1", "fields": {"summary": "T", "priority": {"name": "Highest", "id": 7}}}
    cases, reading, _ = read(objects(tmp_path, row), map_path)
    assert (cases[0].id, cases[0].title, cases[0].severity) == ("A-1", "T", 1)
    assert reading.unknown_fields == {"fields.priority.id": 1}


def test_columns_named_like_fields_can_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "map.json"
    path.write_text('{"same_names": true, "values": {"severity": {"High": 2}}}')
    row = {"ID": 1, "title": "T", "severity": "high", "product": "Ledger"}
    found = one(table(tmp_path, row), path)
    assert (found.id, found.severity, found.product) == ("1", 2, "Ledger")


def test_only_what_the_map_names_is_read(tmp_path: Path) -> None:
    """Their `group` is a team, ours says that two cases are one question."""
    row = {"No": 1, "Summary": "T", "group": "Team A", "severity": 1}
    found = one(table(tmp_path, row), map_file(tmp_path))
    assert (found.group, found.severity) == (None, None)


def test_without_a_map_our_own_format_reads_alike() -> None:
    path = SAMPLE / "cases.jsonl"
    plain = list(read_cases(path, HASH, Reading(path)))
    mapped = list(read_mapped_cases(path, no_map(path), HASH, Reading(path), Unmapped()))
    assert mapped == plain


@pytest.mark.parametrize(
    ("sections", "entry"),
    [
        ({"columns": {"title": "Summary"}}, "columns.id"),
        ({"columns": {"id": "No", "titel": "Summary"}}, "columns.titel"),
        ({"columns": {"id": []}}, "columns.id"),
        ({"columns": {"id": ["a", "b"]}}, "columns.id"),
        ({"columns": "x"}, "columns"),
        ({"column": {}}, "column"),
        ({"values": {"severity": {"P1": 0}}}, "values.severity.P1"),
        ({"values": {"severity": {"P1": "one"}}}, "values.severity.P1"),
        ({"values": {"severity": {"P1": True}}}, "values.severity.P1"),
        ({"values": {"severity": {"P1": [1]}}}, "values.severity.P1"),
        ({"values": {"severity": {"P1": 1, "p1 ": 2}}}, "values.severity.p1"),
        ({"values": {"kind": {"Task": "todo"}}}, "values.kind.Task"),
        ({"values": {"tone": {"x": "furious"}}}, "values.tone.x"),
        ({"values": {"escalated": {"x": "maybe"}}}, "values.escalated.x"),
        ({"values": {"kind": "bug"}}, "values.kind"),
        ({"values": {"title": {"a": "b"}}}, "values.title"),
        ({"constants": {"kind": "todo"}}, "constants.kind"),
        ({"constants": {"user": "anna"}}, "constants.user"),
        ({"constants": {"colour": "red"}}, "constants.colour"),
        ({"dates": {"format": "dd.mm.yyyy"}}, "dates.format"),
        ({"dates": {"format": "%H:%M"}}, "dates.format"),
        ({"dates": {"format": "%Q"}}, "dates.format"),
        ({"dates": {"zone": "Mars/Olympus"}}, "dates.zone"),
        ({"dates": {"zone": "../etc"}}, "dates.zone"),
        ({"dates": {"fromat": "%d"}}, "dates.fromat"),
        ({"lists": {"separator": ""}}, "lists.separator"),
        ({"same_names": "yes"}, "same_names"),
    ],
)
def test_a_map_that_cannot_be_names_the_entry(
    tmp_path: Path, sections: dict[str, Any], entry: str
) -> None:
    assert f"`{entry}" in refused(tmp_path, **sections)


def test_a_misspelt_entry_is_told_what_may_be_meant(tmp_path: Path) -> None:
    assert "`severity` may be meant" in refused(tmp_path, columns=columns(severty="P"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("map.toml", b"columns = "),
        ("map.json", b"{"),
        ("map.json", b"[]"),
        ("map.json", b"\xff"),
        ("map.yaml", b"a: 1"),
        ("map.json", b"[" * 100_000),
        ("map.json", b" " * 1_000_001),
    ],
)
def test_a_file_that_is_no_map_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadFile):
        open_map(path)


@pytest.mark.parametrize("write", [table, objects])
def test_a_column_that_is_not_there_is_an_error_before_any_case(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    path = write(tmp_path, {"No": 1, "Sumary": "T"})
    with pytest.raises(BadFile, match=r"`columns\.title` names `Summary`.*`Sumary` may be meant"):
        read(path, map_file(tmp_path))


def test_a_table_of_values_without_a_column_is_an_error(tmp_path: Path) -> None:
    path = table(tmp_path, {"No": 1, "Summary": "T"})
    with pytest.raises(BadFile, match=r"add `columns\.kind`"):
        read(path, map_file(tmp_path, values={"kind": {"x": "bug"}}))


def test_a_column_of_few_objects_is_there(tmp_path: Path) -> None:
    rows = [{"No": i, "Summary": "T"} for i in range(50)]
    path = objects(tmp_path, *rows, {"No": 99, "Summary": "T", "P": 2})
    assert read(path, map_file(tmp_path, columns=columns(severity="P")))[0][-1].severity == 2


def test_bad_lines_cost_themselves_only(tmp_path: Path) -> None:
    path = objects(tmp_path, {"No": 1, "Summary": "T"}, {"No": 2}, {"Summary": "no id"})
    with path.open("a") as file:
        file.write("{broken\n")
    cases, reading, _ = read(path, map_file(tmp_path))
    assert (len(cases), reading.error_count) == (1, 3)
    strict = Reading(path, strict=True)
    with pytest.raises(BadRecord):
        list(read_mapped_cases(path, open_map(map_file(tmp_path)), HASH, strict, Unmapped()))


def test_a_preview_says_what_is_read_and_what_is_lost() -> None:
    path, map_path = SAMPLE / "tickets.csv", SAMPLE / "tickets.toml"
    preview = preview_cases(path, open_map(map_path), 2)
    assert [row["id"] for row in preview.shown] == ["48101", "48102"]
    assert preview.shown[0]["user"] == "(hashed)"
    assert preview.shown[0]["severity"] == 2
    assert preview.unmapped == {"tone": {"Happy": 1}}
    lost = {loss.field: (loss.cases, loss.unmapped) for loss in preview.losses}
    assert lost == {
        "severity": (1, 0),
        "tone": (1, 1),
        "closed": (1, 0),
        "group": (5, 0),
        "answer": (5, 0),
        "groups": (5, 0),
    }


def test_a_preview_shortens_texts(tmp_path: Path) -> None:
    path = table(tmp_path, {"No": 1, "Summary": "word " * 1000})
    shown = preview_cases(path, open_map(map_file(tmp_path)), 1).shown[0]
    assert len(str(shown["title"])) < 100


CELLS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)  # fmt: skip


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.dictionaries(st.sampled_from(["S", "K", "C", "G", "T", "L", "B"]), CELLS))
def test_objects_of_any_shape_are_counted_and_never_raised(
    tmp_path: Path, row: dict[str, object]
) -> None:
    map_path = map_file(
        tmp_path,
        columns=columns(
            severity="S", kind="K", created="C", groups="G", topic=["T", "K"], lang="L", body="B"
        ),
        values={"topic": {"x": "y"}},
        dates={"format": "seconds"},
    )
    every = dict.fromkeys(["S", "K", "C", "G", "T", "L", "B"])
    path = objects(tmp_path, {"No": 1, "Summary": "T", **every, **row})
    try:
        _, reading, _ = read(path, map_path)
    except BadFile:
        # An object in the place of a column has columns of its own instead.
        assert any(isinstance(value, dict) for value in row.values())
    else:
        assert reading.rows + reading.error_count == 1


NORDIC = (
    'No;Summary;Opened\r\n1;"Hvor er\nfakturaen?";05.05.2026 kl. 06:06\r\n2;Får ikke åpnet;\r\n'
)


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8-sig", None),
        ("utf-16", None),
        ("utf-16-le", None),
        ("utf-16-be", None),
        ("windows-1252", "Windows-1252"),
        ("iso-8859-1", "latin-1"),
        ("utf-16-le", "utf-16-le"),
    ],
)
def test_a_table_is_read_in_the_encoding_that_it_shows_or_that_is_named(
    tmp_path: Path, encoding: str, named: str | None
) -> None:
    path = tmp_path / "tickets.csv"
    path.write_bytes(NORDIC.encode(encoding))
    dates = {"format": "%d.%m.%Y kl. %H:%M", "zone": "Europe/Oslo"}
    file = {} if named is None else {"file": {"encoding": named}}
    map_path = map_file(tmp_path, columns=columns(created="Opened"), dates=dates, **file)
    cases, reading, unmapped = read(path, map_path)
    assert (reading.errors, unmapped.values) == ([], {})
    assert [case.title for case in cases] == ["Hvor er\nfakturaen?", "Får ikke åpnet"]
    assert str(cases[0].created) == "2026-05-05 04:06:00+00:00"


def test_a_table_in_another_encoding_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_bytes("No;Summary\r\n1;Får ikke åpnet\r\n2;fine\r\n".encode("windows-1252"))
    _, reading, _ = read(path, map_file(tmp_path))
    assert (reading.rows, reading.error_count) == (1, 1)
    assert "is not UTF-8 at byte 4; save it as UTF-8, or name its encoding" in str(
        reading.errors[0]
    )
    path.write_bytes("Nr;Område\r\n1;x\r\n".encode("windows-1252"))
    with pytest.raises(BadFile, match=r"its header is not UTF-8.*name its encoding in a map"):
        read(path, map_file(tmp_path))


def test_utf_16_that_breaks_off_is_said(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_bytes(NORDIC.encode("utf-16")[:-1])
    with pytest.raises(BadFile, match="not whole as UTF-16"):
        read(path, map_file(tmp_path))


@pytest.mark.parametrize("name", ["klingon", "hex", 7, "utf-8\0"])
def test_what_is_no_encoding_is_said_of_its_entry(tmp_path: Path, name: object) -> None:
    assert "`file.encoding` is no encoding" in refused(tmp_path, file={"encoding": name})


@pytest.mark.parametrize("name", ["punycode", "cp500", "unicode_escape"])
def test_an_encoding_without_ends_of_lines_is_said_of_its_entry(tmp_path: Path, name: str) -> None:
    assert "`file.encoding` is one in which" in refused(tmp_path, file={"encoding": name})


@pytest.mark.parametrize("content", [NORDIC.encode("utf-32"), b"No;Summary\r1;T\r"])
def test_a_header_that_does_not_end_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tickets.csv"
    path.write_bytes(content)
    with pytest.raises(BadFile, match="save it as UTF-8 with other line ends"):
        read(path, map_file(tmp_path))


@pytest.mark.parametrize("read_file", [read_cases, read_threads])
def test_a_table_of_other_columns_is_refused_once_and_says_what_to_do(
    tmp_path: Path, read_file: Callable[..., object]
) -> None:
    path = table(tmp_path, *({"Ticket no": str(n), "Summary": "x"} for n in range(5)))
    with pytest.raises(BadFile, match=r"it has Ticket no, Summary.*--map MAP"):
        list(read_file(path, HASH, Reading(path)))  # type: ignore[call-overload]
    with pytest.raises(BadFile, match="none of its columns is called `id`"):
        preview_cases(path, no_map(path), 1)
