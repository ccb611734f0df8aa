"""The threads that are searched, and the drafts that are asked: real texts, no two alike.

In: the shared sets. Out: threads in the project's own format, drafts with title and body. What is
asked is never among what is searched. Beyond the real texts there are only made-up neighbours
(`neighbours`), for size alone.
"""

import gzip
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

Row = dict[str, Any]
_FIRST_WORDS = 9
# Of a string of a program: shorter ones are names of buttons.
_FEWEST_WORDS = 6
_LONGEST = 800
# Somebody who types forty words a minute stops for a moment about so often.
_WORDS_A_CALL, _MOST_CALLS = 8, 12


def real_threads(shared: Path) -> list[Row]:
    """Return every real thread once, mixed, each with an id, a title, and an answer if it has one.

    The first few are as varied as all of them.
    """
    found: dict[str, Row] = {}
    for row in _threads(shared):
        words = f"{row['title']} {row['body']} {row['answers']}"
        found.setdefault(" ".join(words.split()), row)
    rows = list(found.values())
    order = np.random.default_rng(0).permutation(len(rows))
    return [
        {**rows[place], "id": f"t{place}", "solved": bool(rows[place]["answers"])}
        for place in order
    ]


def threads(shared: Path, count: int) -> Iterator[Row]:
    """Give `count` threads: the real ones, and after them made-up ones."""
    kept = real_threads(shared)[:count]
    yield from kept
    yield from islice(neighbours(kept), count - len(kept))


def neighbours(rows: list[Row], seed: int = 0) -> Iterator[Row]:
    """Give threads without end that have the title of one real thread and the rest of another."""
    generator = np.random.default_rng(seed)
    place = 0
    while rows:
        for title, rest in generator.integers(len(rows), size=(10_000, 2)):
            named = f"{rows[title]['title']} ({place})"
            yield {**rows[rest], "id": f"n{place}", "title": named}
            place += 1


def drafts(shared: Path, count: int) -> list[Row]:
    """Return `count` drafts with title and body, the same ones each time, mixed.

    Raises ValueError where there are not so many that differ.
    """
    found: dict[str, Row] = {}
    for row in _asked(shared):
        title, body = " ".join(row["title"].split()), row["body"].strip()
        if title and body:
            found.setdefault(f"{title}\n{body}", {"title": title[:300], "body": body[:4_000]})
    if count > len(found):
        raise ValueError(f"there are {len(found)} drafts that differ, not {count}")
    rows = list(found.values())
    order = np.random.default_rng(0).permutation(len(rows))[:count]
    return [rows[place] for place in order]


def typed(draft: Row) -> Iterator[Row]:
    """Give a draft as it grows: the title, then some more words of the body at a time."""
    yield {**draft, "body": ""}
    words = draft["body"].split(" ")
    step = max(_WORDS_A_CALL, -(-len(words) // _MOST_CALLS))
    for end in range(step, len(words), step):
        yield {**draft, "body": " ".join(words[:end])}
    yield draft


def _threads(shared: Path) -> Iterator[Row]:
    yield from _pages(shared / "help_pages")
    for name in ("banking77/train.jsonl", "banking77/test.jsonl"):
        yield from (_thread(row["title"]) for row in _lines(shared / name))
    for name in ("stackoverflow20/train.jsonl.gz", "stackoverflow20/test.jsonl.gz"):
        yield from (_thread(row["title"]) for row in _lines(shared / name))
    yield from _translated(shared / "parallel")


def _pages(folder: Path) -> Iterator[Row]:
    for name in ("libreoffice_threads.jsonl.gz", "gnome_threads_en.jsonl.gz"):
        for row in _lines(folder / name):
            # A whole page is many times as long as what somebody answers in a forum.
            answers = [{**one, "body": one["body"][:_LONGEST]} for one in row.get("answers") or []]
            yield _thread(row["title"], row.get("body") or "", answers)


def _translated(folder: Path) -> Iterator[Row]:
    for row in _lines(folder / "libreoffice_help.jsonl.gz"):
        said = row["xx"].split()
        if len(said) > _FIRST_WORDS:
            answer = [{"body": row["en"], "accepted": True}]
            yield _thread(" ".join(said[:_FIRST_WORDS]), row["xx"], answer)
    for lang in ("sv", "nb", "da", "fi", "de"):
        for row in _lines(folder / f"ui_en-{lang}.jsonl.gz"):
            if len(row["xx"].split()) >= _FEWEST_WORDS:
                yield _thread(row["xx"], answers=[{"body": row["en"], "accepted": True}])


def _thread(title: str, body: str = "", answers: list[Row] | None = None) -> Row:
    return {"title": title[:300], "body": body, "answers": answers or []}


def _asked(shared: Path) -> Iterator[Row]:
    yield from _lines(shared / "semeval_cqa" / "threads.jsonl")
    yield from _lines(shared / "semeval_cqa" / "queries.jsonl")
    yield from _lines(shared / "nlbse2024" / "cases.jsonl.gz")
    yield from _lines(shared / "se_threads" / "threads.jsonl.gz")


def _lines(path: Path) -> Iterator[Row]:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        for line in file:
            yield json.loads(line)
