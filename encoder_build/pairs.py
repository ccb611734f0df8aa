"""The shared training strings -> what the head is fitted on.

In: the folder of the shared data. Out: English strings, translations of some of them, and texts of
known language. Only sets that may be trained on are read: parallel, banking77, se_threads,
stackfaq (its questions, without what answers them), swefaq and our own sample for the vocabulary.
Not here: vectors (towers).
"""

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from triage.records import LANGUAGES

_SHORTEST, _LONGEST = 10, 80
_LETTERS = 0.8
_STRINGS, _QUESTIONS = 26_000, 6_000
_PARAGRAPHS = 400
_PARAGRAPH_LENGTH = 400


@dataclass(frozen=True, slots=True)
class Pairs:
    """English strings; `translated[k]` is the place of the string that translation k is of.

    `paragraphs` are longer texts with whether they are English.
    """

    english: Sequence[str]
    translations: Sequence[str]
    translated: Sequence[int]
    paragraphs: Sequence[tuple[str, bool]]


def read_pairs(shared: Path, seed: int) -> Pairs:
    """Choose the strings; the same for the same data and seed."""
    rng = random.Random(seed)
    known: dict[str, dict[str, str]] = {}
    for row, lang in _parallel(shared):
        english, other = row["en"].strip(), row["xx"].strip()
        if _useful(english) and _SHORTEST <= len(other) <= 2 * _LONGEST and english != other:
            known.setdefault(english, {})[lang] = other
    strings = sorted(known)
    rng.shuffle(strings)
    strings = strings[:_STRINGS]
    questions = sorted(set(_questions(shared)))
    rng.shuffle(questions)
    translations = [rng.choice(sorted(known[s].items()))[1] for s in strings]
    return Pairs(
        [*strings, *questions[:_QUESTIONS]],
        translations,
        range(len(strings)),
        _paragraphs(shared, rng),
    )


def all_texts(shared: Path, sample: Path) -> Iterator[str]:
    """Yield every text that says which pieces are needed."""
    for row, _ in _parallel(shared):
        yield row["en"]
        yield row["xx"]
    files = [
        *(shared / "banking77").glob("train.jsonl"),
        *(shared / "se_threads").glob("*.gz"),
        *(shared / "stackfaq").glob("*.jsonl"),
        *(shared / "swefaq").glob("*.jsonl"),
        *sample.glob("*.jsonl"),
    ]
    for file in sorted(files):
        for row in _rows(file):
            yield str(row.get("title") or "")
            yield str(row.get("body") or "")
            for answer in row.get("answers") or ():
                yield str(answer["body"])


def _useful(text: str) -> bool:
    words = sum(c.isalpha() or c == " " for c in text)
    enough = _SHORTEST <= len(text) <= _LONGEST and " " in text
    return enough and words >= _LETTERS * len(text)


def _questions(shared: Path) -> Iterator[str]:
    for name in ("banking77/train.jsonl", "se_threads/threads.jsonl.gz", "stackfaq/queries.jsonl"):
        for row in _rows(shared / name):
            if _SHORTEST <= len(row["title"]) <= _LONGEST:
                yield row["title"]


def _paragraphs(shared: Path, rng: random.Random) -> list[tuple[str, bool]]:
    by_language: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(shared / "parallel" / "libreoffice_help.jsonl.gz"):
        by_language.setdefault(row["lang"], []).append(row)
    chosen: list[tuple[str, bool]] = []
    for _, rows in sorted(by_language.items()):
        for row in rng.sample(rows, min(_PARAGRAPHS, len(rows))):
            chosen.append((row["xx"][:_PARAGRAPH_LENGTH], False))
            chosen.append((row["en"][:_PARAGRAPH_LENGTH], True))
    return chosen


def _parallel(shared: Path) -> Iterator[tuple[dict[str, Any], str]]:
    for file in sorted((shared / "parallel").glob("*.jsonl.gz")):
        lang = file.name.removesuffix(".jsonl.gz").rpartition("-")[2]
        for row in _rows(file):
            yield row, lang if lang in LANGUAGES else row["lang"]


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    opened = gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open()
    with opened as lines:
        for line in lines:
            yield json.loads(line)
