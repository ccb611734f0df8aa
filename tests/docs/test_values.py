"""Every example of a file or a value is one that would be read."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pandas
import pytest

from benchmarks.askers import World, month_of
from triage import connect
from triage.connect.lines import Row
from triage.connect.mapping import open_map
from triage.connect.rows import rows_of
from triage.outcomes import Gathering, Wanted, asks_of, report_of

from .pages import Block, blocks, read_page

KNOWN = frozenset("sh python json toml csv html css js text example".split())
_LEFT_OUT = re.compile(r',?\s*"…": (?:null|\{\})')


def test_every_block_says_what_it_is() -> None:
    for block in blocks():
        assert block.language in KNOWN, str(block)


def _of(language: str) -> list[Block]:
    return list(blocks(language))


@pytest.mark.parametrize("block", _of("python"), ids=str)
def test_python_is_python(block: Block) -> None:
    ast.parse(block.text)


def test_the_measures_of_a_data_frame_are_those_of_its_events() -> None:
    rows = month_of(World("a month", persons=60), 1).rows
    (shown,) = (one for one in _of("python") if one.page == "docs/measures.md")
    names: dict[str, Any] = {"frame": pandas.DataFrame([dict(row) for row in rows])}
    exec(shown.text, names)
    gathering = Gathering()
    for row in rows:
        gathering.take(row)
    assert names["report"] == report_of(asks_of(gathering.log()), Wanted(holdout=0.05))


def _objects(block: Block) -> list[object]:
    """Return what a block of JSON holds: one value, or one on each line."""
    text = _LEFT_OUT.sub("", block.text)
    try:
        return [json.loads(text)]
    except ValueError:
        return [json.loads(line) for line in text.strip().split("\n")]


@pytest.mark.parametrize("block", _of("json"), ids=str)
def test_json_is_json(block: Block) -> None:
    assert all(isinstance(one, dict) for one in _objects(block))


def _example(heading: str, language: str = "json") -> str:
    """Return the example below a heading of data/README.md."""
    page = read_page("data/README.md")
    after = page[page.index(f"\n{heading}\n") :]
    found = re.search(rf"```{language}\n(.*?)```", after, re.DOTALL)
    assert found is not None, heading
    return found[1]


@pytest.mark.parametrize(
    ("heading", "read"),
    [
        ("## Threads", lambda path, reading: connect.read_threads(path, _hashed, reading)),
        ("## Cases", lambda path, reading: connect.read_cases(path, _hashed, reading)),
        ("## Accounts", connect.read_accounts),
    ],
)
def test_the_line_of_a_format_is_read(heading: str, read: object, tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text(_example(heading), encoding="utf-8")
    reading = connect.Reading(path, strict=True)
    assert list(read(path, reading))  # type: ignore[operator]
    assert not reading.unknown_fields


def test_the_lines_of_an_evaluation_are_read(tmp_path: Path) -> None:
    queries, qrels = _example("## Queries and qrels").strip().split("\n")
    for text, read in ((queries, connect.read_queries), (qrels, connect.read_judgements)):
        path = tmp_path / "lines.jsonl"
        path.write_text(text, encoding="utf-8")
        reading = connect.Reading(path, strict=True)
        assert list(read(path, reading))
        assert not reading.unknown_fields


def test_the_table_of_threads_is_one_thread_with_two_answers(tmp_path: Path) -> None:
    path = tmp_path / "threads.csv"
    path.write_text(_example("### CSV", "csv"), encoding="utf-8")
    reading = connect.Reading(path, strict=True)
    (thread,) = connect.read_threads(path, _hashed, reading)
    assert [answer.id for answer in thread.answers] == ["a1", "a2"]
    assert not reading.unknown_fields


def test_the_map_of_an_export_can_be_opened(tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_text(_example("### A map for an export of another system", "toml"), "utf-8")
    assert open_map(path).zone is not None


def _hashed(person: str) -> str:
    return f"hash of {person}"


def test_the_tickets_of_the_sample_are_what_their_map_reads() -> None:
    sample = Path(__file__).resolve().parents[2] / "data" / "sample"
    names = next(row for row in rows_of(sample / "tickets.csv") if isinstance(row, Row)).values
    columns = open_map(sample / "tickets.toml").columns
    assert {one for several in columns.values() for one in several} <= names.keys()
