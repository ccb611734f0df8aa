import gzip
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from triage.connect import (
    Reading,
    read_accounts,
    read_cases,
    read_judgements,
    read_queries,
    read_threads,
)
from triage.connect.lines import LONGEST_LINE
from triage.crypto.persons import person_hasher
from triage.errors import BadFile, BadRecord
from triage.records import Case, Thread

HASH = person_hasher(b"0123456789abcdef", "demo")
GOOD = b'{"id": 1, "title": "T"}\n'


def threads_in(path: Path) -> tuple[list[Thread], Reading]:
    reading = Reading(path)
    return list(read_threads(path, HASH, reading)), reading


def cases_in(path: Path) -> tuple[list[Case], Reading]:
    reading = Reading(path)
    return list(read_cases(path, HASH, reading)), reading


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "bad",
    [
        b"{",
        b"[1]",
        b'"text"',
        b'{"id": 1, "title": "\xff"}',
        b'{"id": 1, "title": NaN}',
        b'{"id": 1, "title": "T", "votes": Infinity}',
        b'{"id": 1, "title": ' + b"9" * 5000 + b"}",
        b'{"id": 1, "x": ' + b"[" * 200_000 + b"}",
        b'{"title": "no id"}',
        b'{"id": "no text"}',
        b'{"id": 1, "title": "' + b"x" * LONGEST_LINE + b'"}',
        b"\x00",
    ],
    ids=lambda bad: bad[:20],
)
def test_a_bad_line_costs_itself_only(tmp_path: Path, bad: bytes) -> None:
    path = written(tmp_path, "t.jsonl", GOOD + bad + b"\n\n" + GOOD.replace(b"1", b"2"))
    threads, reading = threads_in(path)
    assert [thread.id for thread in threads] == ["1", "2"]
    assert (reading.rows, reading.error_count) == (2, 1)
    assert (reading.errors[0].file, reading.errors[0].line) == (str(path), 2)


def test_an_error_names_the_field_and_never_the_value(tmp_path: Path) -> None:
    path = written(tmp_path, "c.jsonl", b'{"id": 1, "body": "B", "kind": "my secret"}')
    _, reading = cases_in(path)
    assert reading.errors[0].field == "kind"
    assert "secret" not in str(reading.errors[0])


def test_a_strict_reading_stops_at_the_first_bad_line(tmp_path: Path) -> None:
    path = written(tmp_path, "t.jsonl", GOOD + b"{\n" + GOOD)
    records = read_threads(path, HASH, Reading(path, strict=True))
    assert next(records).id == "1"
    with pytest.raises(BadRecord):
        next(records)


def test_only_the_first_errors_are_kept_and_all_counted(tmp_path: Path) -> None:
    _, reading = threads_in(written(tmp_path, "t.jsonl", b"{\n" * 1500))
    assert (len(reading.errors), reading.error_count) == (1000, 1500)


def test_unknown_fields_are_counted(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "t.jsonl",
        b'{"id": 1, "title": "T", "mood": 1, "answers": [{"body": "A", "mood": 1}]}\n' * 2,
    )
    _, reading = threads_in(path)
    assert reading.unknown_fields == {"mood": 2, "answers.mood": 2}
    assert reading.repeated == 1


def test_endless_unknown_fields_are_counted_together(tmp_path: Path) -> None:
    row = {"id": 1, "title": "T", **{f"field{i}": 1 for i in range(1500)}}
    _, reading = threads_in(written(tmp_path, "t.jsonl", json.dumps(row).encode()))
    assert len(reading.unknown_fields) <= 1001
    assert reading.unknown_fields.total() == 1500


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    path = written(tmp_path, "t.jsonl", b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n"))
    threads, reading = threads_in(path)
    assert (len(threads), reading.error_count) == (1, 0)


def test_a_gzip_file_is_read(tmp_path: Path) -> None:
    threads, _ = threads_in(written(tmp_path, "T.JSONL.GZ", gzip.compress(GOOD)))
    assert [thread.id for thread in threads] == ["1"]


def test_what_comes_before_a_broken_end_is_read(tmp_path: Path) -> None:
    rows = b"".join(b'{"id": %d, "title": "%d"}\n' % (i, i * 7919) for i in range(50_000))
    whole = gzip.compress(rows)
    path = written(tmp_path, "t.jsonl.gz", whole[: len(whole) // 2])
    reading = Reading(path)
    with pytest.raises(BadFile):
        list(read_threads(path, HASH, reading))
    assert reading.rows > 1000


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.jsonl.gz", GOOD),
        ("t.xlsx", b""),
        ("t.json", b"[]"),
        ("t.jsonl.gz", b"\x1f\x8b\x08garbage"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = written(tmp_path, name, content)
    with pytest.raises(BadFile):
        threads_in(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.jsonl").mkdir()
    for name in ("none.jsonl", "none.csv", "folder.jsonl"):
        with pytest.raises(BadFile):
            threads_in(tmp_path / name)


def test_an_empty_file_has_no_records(tmp_path: Path) -> None:
    for name in ("t.jsonl", "t.csv"):
        assert threads_in(written(tmp_path, name, b""))[0] == []


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_answers_of_a_thread_stand_one_a_row(tmp_path: Path, separator: str) -> None:
    rows = [
        ["id", "title", "tags", "answer_id", "answer_body", "answer_accepted", "answer_user"],
        ["t1", "T", "a|b", "a1", '"two\n\nlines, ""quoted"""', "yes", "anna"],
        ["t1", "", "", "", "Another", "", ""],
        ["t2", "U", "", "", "", "", ""],
    ]
    text = "\r\n".join(separator.join(row) for row in rows)
    threads, reading = threads_in(written(tmp_path, "t.csv", b"\xef\xbb\xbf" + text.encode()))
    first, second = threads
    assert [answer.body for answer in first.answers] == ['two\n\nlines, "quoted"', "Another"]
    assert [answer.id for answer in first.answers] == ["a1", "t1-a2"]
    assert first.answers[0].person == HASH("anna")
    assert first.tags == ("a", "b")
    assert first.solved
    assert second.answers == ()
    assert (reading.error_count, reading.repeated) == (0, 0)


def test_a_whole_thread_that_comes_again_is_repeated(tmp_path: Path) -> None:
    content = b"id,title,answer_body\nt1,T,A\nt1,Other,B\n"
    threads, reading = threads_in(written(tmp_path, "t.csv", content))
    assert [thread.title for thread in threads] == ["T", "Other"]
    assert reading.repeated == 1


def test_a_bad_row_of_a_table_costs_itself_only(tmp_path: Path) -> None:
    content = (
        b'id,title,body\n1,A,"never closed\n2,B,b\n3,C\n4,D,d,too,many\n5,E,\xff\n6,F,"f ""x"""\n'
        b'7,G,"g" g\n8,5" pipe,h,\n'
    )
    cases, reading = cases_in(written(tmp_path, "c.csv", content))
    assert [case.id for case in cases] == ["2", "6", "8"]
    assert [error.line for error in reading.errors] == [2, 4, 5, 6, 8]


def test_a_table_with_a_column_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile):
        cases_in(written(tmp_path, "c.csv", b"id,id\n1,2\n"))


def test_a_table_is_read_from_gzip(tmp_path: Path) -> None:
    content = gzip.compress("id;title;groups\n1;Åh;a|b\n".encode())
    cases, _ = cases_in(written(tmp_path, "c.csv.gz", content))
    assert (cases[0].title, cases[0].groups) == ("Åh", {"a", "b"})


def test_many_unclosed_quotes_do_not_take_for_ever(tmp_path: Path) -> None:
    path = written(tmp_path, "c.csv", b"id,title\n" + b'1,"a\n' * 2001)
    _, reading = cases_in(path)
    assert reading.rows + reading.error_count > 0


def test_the_other_formats_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, "a.jsonl", b'{"id": "acme"}\n')
    assert [one.id for one in read_accounts(path, Reading(path))] == ["acme"]
    path = written(tmp_path, "q.jsonl", b'{"id": 1, "title": "T", "split": "dev"}\n')
    reading = Reading(path)
    assert [one.id for one in read_queries(path, reading)] == ["1"]
    assert reading.unknown_fields == {"split": 1}
    path = written(tmp_path, "r.jsonl", b'{"query_id": 1, "doc_id": 2, "gain": 1}\n' * 2)
    reading = Reading(path)
    assert len(list(read_judgements(path, reading))) == 2
    assert reading.repeated == 1


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(st.binary(max_size=40), st.text(max_size=40).map(lambda t: t.encode())),
        max_size=5,
    )
)
@pytest.mark.parametrize("name", ["x.jsonl", "x.csv"])
def test_garbage_is_reported_and_never_raised(
    tmp_path: Path, name: str, lines: list[bytes]
) -> None:
    head = b"id,title,body,answer_body\n" if name.endswith("csv") else b""
    path = written(tmp_path, name, head + b"\n".join(lines))
    threads_in(path)
    cases_in(path)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = st.sampled_from(
    "id title body answers user solved tags groups created duplicate_of valid_versions kind"
    " severity difficulty escalated query_id doc_id gain candidates".split()
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(NAMES, VALUES, max_size=6))
def test_objects_of_any_shape_are_reported_and_never_raised(
    tmp_path: Path, row: dict[str, object]
) -> None:
    path = written(tmp_path, "x.jsonl", json.dumps({"id": 1, "title": "T", **row}).encode())
    for read in (read_accounts, read_queries, read_judgements):
        list(read(path, Reading(path)))
    for threads_or_cases in (threads_in, cases_in):
        _, reading = threads_or_cases(path)
        assert reading.rows + reading.error_count == 1
