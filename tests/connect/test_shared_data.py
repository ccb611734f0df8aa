"""Real files load without a lost line.

Left out are `parallel` (sentence pairs) and `semeval_cqa/comments.jsonl.gz` (labelled answers):
they are of no format of the service.
"""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from triage.connect import (
    Reading,
    read_cases,
    read_judgements,
    read_queries,
    read_threads,
)
from triage.crypto.persons import person_hasher

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
HASH = person_hasher(b"0123456789abcdef", "demo")

THREADS = [
    "help_pages/gnome_threads_en.jsonl.gz",
    "help_pages/libreoffice_threads.jsonl.gz",
    "se_threads/threads.jsonl.gz",
    "semeval_cqa/threads.jsonl",
    "stackfaq/threads.jsonl",
    "swefaq/threads.jsonl",
]
CASES = [
    "banking77/test.jsonl",
    "banking77/train.jsonl",
    "nlbse2024/cases.jsonl.gz",
    "stackoverflow20/test.jsonl.gz",
    "stackoverflow20/train.jsonl.gz",
]
QUERIES = [
    "help_pages/gnome_xling_queries.jsonl",
    "semeval_cqa/queries.jsonl",
    "stackfaq/queries.jsonl",
    "swefaq/queries.jsonl",
]
QRELS = [
    "help_pages/gnome_xling_qrels.jsonl",
    "semeval_cqa/qrels.jsonl",
    "stackfaq/qrels.jsonl",
    "swefaq/qrels.jsonl",
]

Read = Callable[[Path, Reading], Iterator[object]]


def loads_whole(name: str, read: Read) -> None:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{path} is not there")
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        lines = sum(1 for line in file if line.strip())
    reading = Reading(path)
    records = sum(1 for _ in read(path, reading))
    assert (records, reading.rows, reading.errors, reading.repeated) == (lines, lines, [], 0)


@pytest.mark.parametrize("name", THREADS)
def test_every_thread_is_read(name: str) -> None:
    loads_whole(name, lambda path, reading: read_threads(path, HASH, reading))


@pytest.mark.parametrize("name", CASES)
def test_every_case_is_read(name: str) -> None:
    loads_whole(name, lambda path, reading: read_cases(path, HASH, reading))


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_is_read(name: str) -> None:
    loads_whole(name, read_queries)


@pytest.mark.parametrize("name", QRELS)
def test_every_judgement_is_read(name: str) -> None:
    loads_whole(name, read_judgements)


def test_no_file_is_forgotten() -> None:
    if not SHARED.exists():
        pytest.skip(f"{SHARED} is not there")
    there = {str(path.relative_to(SHARED)) for path in SHARED.glob("*/*.jsonl*")}
    left_out = {name for name in there if name.startswith("parallel/")}
    left_out.add("semeval_cqa/comments.jsonl.gz")
    assert there - left_out == {*THREADS, *CASES, *QUERIES, *QRELS}
