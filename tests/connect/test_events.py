import gzip
from pathlib import Path

import pytest

from triage.connect import event_lines
from triage.errors import BadFile

GOOD = b'{"type": "asked", "ask_id": "a"}'


def read(tmp_path: Path, content: bytes, name: str = "events.jsonl") -> list[tuple[int, object]]:
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return list(event_lines(path))


def test_each_line_is_an_event_with_its_number(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD + b"\n\n \r\n" + GOOD + b"\r\n")
    assert [(line, type(event)) for line, event in found] == [(1, dict), (4, dict)]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b'{"type": ', "is not JSON"),
        (b'{"type": "asked", "value": NaN}', "is not JSON"),
        (b"[" * 5000, "is not JSON"),
        (b"\xff\xfe{}", "is not UTF-8 at byte 1"),
        (b'{"type": "\xe5"}', "is not UTF-8 at byte 11"),
        (b"12", "is not a JSON object"),
        (b'[1, {"type": "asked"}]', "is not a JSON object"),
        (b'{"events": 3}', "is not a JSON object"),
    ],
)
def test_a_line_that_is_none_says_why_and_the_next_ones_follow(
    tmp_path: Path, line: bytes, problem: str
) -> None:
    found = read(tmp_path, line + b"\n" + GOOD)
    assert str(found[0][1]).startswith(problem)
    assert found[0][0] == 1
    assert found[-1] == (2, {"type": "asked", "ask_id": "a"})


def test_a_line_that_is_too_long_is_read_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.connect.events.LONGEST_LINE", 50)
    found = read(tmp_path, b'{"a": "' + b"x" * 200 + b'"}\n' + GOOD)
    assert found == [(1, "is longer than 50 bytes"), (2, {"type": "asked", "ask_id": "a"})]


def test_a_batch_as_the_api_takes_it_is_its_events(tmp_path: Path) -> None:
    found = read(tmp_path, b'{"events": [' + GOOD + b"," + GOOD + b"]}\n[" + GOOD + b"]")
    assert [line for line, _ in found] == [1, 1, 2]


def test_a_byte_order_mark_and_gzip_are_no_trouble(tmp_path: Path) -> None:
    assert len(read(tmp_path, b"\xef\xbb\xbf" + GOOD)) == 1
    assert len(read(tmp_path, GOOD, "events.jsonl.gz")) == 1


def test_a_file_that_breaks_off_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / "events.gz"
    path.write_bytes(gzip.compress(GOOD * 1000)[:-20])
    with pytest.raises(BadFile):
        list(event_lines(path))
