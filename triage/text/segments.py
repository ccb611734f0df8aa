"""A line of a text -> what it is compared by: its words, with numbers and times as blanks.

In: one line of a cleaned text. Out: its words with their places, the key of the line, the key of
the form label that it begins with.
Not here: which lines are boilerplate (boilerplate), counting them (frequency).
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

# What stands in a key where a text has a number, or a date, a time, a long identifier. No word of
# a text begins with these characters.
NUMBER = "<n>"
STAMP = "<t>"
# Longer lines are nobody's template: whole reports without a line break.
MOST_WORDS = 200
MOST_CHARACTERS = 2000
_MOST_LABEL_WORDS = 12
# Longer words are hardly ever met again.
_MOST_KNOWN = 30

_WORD = re.compile(r"\w+(?:[^\w\s]+\w+)*")
_DIGIT = re.compile(r"\d")
# A ticked box and an empty one begin the same line of a form.
_TICK = re.compile(r"\[[xX]\]")
_LABEL = re.compile(r"\W*+(\w[^:\uff1a]{0,99})[:\uff1a]\**(?=\s|$)")
_DATE = r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})"
_TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?"
_HEX = r"(?:0x)?(?=[0-9a-f-]*\d)[0-9a-f]{8}[0-9a-f-]{4,}"
_STAMP = re.compile(rf"{_DATE}(?:[Tt_]{_TIME})?|{_TIME}|{_HEX}|\d{{10,}}", re.IGNORECASE)


class Label(NamedTuple):
    """A form label, such as `Version:`, how many words it has, and where its value begins."""

    key: str
    words: int
    end: int


def has_words(text: str) -> bool:
    """Return whether anything but punctuation stands in a text."""
    return _WORD.search(text) is not None


def words_of(line: str) -> list[str]:
    """Return the words of a line; punctuation around them counts for nothing."""
    return _WORD.findall(_unticked(line))


def places_of(line: str) -> list[tuple[int, int]]:
    """Return where the words of a line stand."""
    return [m.span() for m in _WORD.finditer(_unticked(line))]


def keys_of(words: Sequence[str]) -> list[str]:
    """Return what words are compared by."""
    return [_known_key(word) if len(word) < _MOST_KNOWN else _key(word) for word in words]


def line_key(line: str, keys: Sequence[str]) -> str | None:
    """Return what a line with these words is compared by; None: it is never boilerplate.

    A blank line, one of numbers only and an overlong one are none.
    """
    return joined(keys) if keys else _of_marks(line)


def literal_key(words: Sequence[str], keys: Sequence[str]) -> str:
    """Return the key of a line with its numbers as they are."""
    both = zip(words, keys, strict=True)
    return " ".join(word.casefold() if key == NUMBER else key for word, key in both)


def joined(keys: Sequence[str]) -> str | None:
    """Return the key of a line of these words; None where none is a word, or it is overlong."""
    if len(keys) > MOST_WORDS or all(key in (NUMBER, STAMP) for key in keys):
        return None
    key = " ".join(keys)
    return key if len(key) <= MOST_CHARACTERS else None


def label_of(line: str, start: int = 0) -> Label | None:
    """Return the form label at this place of a line: a few words before its first colon."""
    found = _LABEL.match(line, start)
    if found is None:
        return None
    keys = keys_of(words_of(found[1]))
    if not keys or len(keys) > _MOST_LABEL_WORDS or NUMBER in keys or STAMP in keys:
        return None
    return Label(" ".join(keys) + ":", len(keys), found.end())


def _unticked(line: str) -> str:
    return _TICK.sub("   ", line) if "[" in line else line


@lru_cache(maxsize=1 << 16)
def _known_key(word: str) -> str:
    return _key(word)


def _key(word: str) -> str:
    if word.isalpha() or not _DIGIT.search(word):
        return word.casefold()
    return STAMP if _STAMP.fullmatch(word) else NUMBER


def _of_marks(line: str) -> str | None:
    """Return a line of dashes or brackets as it is, but its repetitions."""
    marks = "".join(line.split())
    shown = "".join(c for i, c in enumerate(marks[:100]) if i == 0 or marks[i - 1] != c)
    return shown or None
