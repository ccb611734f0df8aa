"""Formats and values -> the items of the test set, always the same ones.

In: a split (`seen` or `blind`). Out: items: a text, its language, what in it is sensitive.
Not here: judging what was found (measure).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from benchmarks.redaction import blind, seen
from benchmarks.redaction.negatives import DRAWN, HARMLESS
from benchmarks.redaction.values import KINDS

SPLITS = ("seen", "blind")
_FORMATS = {"seen": seen.FORMATS, "blind": blind.FORMATS}
_AROUND = {"seen": seen.AROUND, "blind": blind.AROUND}
_DRAWS, _HARMLESS_DRAWS = 5, 8
_MARK = re.compile(r"<<(?P<kind>[a-z_0-9.]+)>>")
_NAME = re.compile(r"\{(?P<name>[a-z_0-9]+)\}")


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` hold something of this type."""

    type: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Item:
    """A text and all that is sensitive in it; `format` says what it was made of."""

    id: str
    lang: str
    text: str
    spans: tuple[Span, ...]
    format: str


def items(split: str) -> Iterator[Item]:
    """Draw the items of a split."""
    yield from _sensitive(split)
    yield from _harmless(split)


def _sensitive(split: str) -> Iterator[Item]:
    for lang, formats in _FORMATS[split].items():
        for number, form in enumerate(formats):
            for draw in range(_DRAWS):
                name = f"{split}-{lang}-{number}-{draw}"
                rng = Random(name)
                around = _AROUND[split][lang]
                before = f"{rng.choice(around)}\n" if draw % 2 else ""
                after = f"\n{rng.choice(around)}" if draw % 2 else ""
                yield _filled(name, lang, before + form + after, form, rng)


def _harmless(split: str) -> Iterator[Item]:
    for lang, formats in HARMLESS[split].items():
        for number, form in enumerate(formats):
            for draw in range(_HARMLESS_DRAWS):
                name = f"{split}-{lang}-harmless-{number}-{draw}"
                yield Item(name, lang, _drawn(form, Random(name)), (), form)


def _drawn(form: str, rng: Random) -> str:
    return _NAME.sub(lambda m: DRAWN[m["name"]](rng), form)


def _filled(name: str, lang: str, form: str, origin: str, rng: Random) -> Item:
    pieces: list[str] = []
    spans: list[Span] = []
    at = length = 0
    for mark in _MARK.finditer(form):
        type_, kind = KINDS[mark["kind"]]
        words, value = form[at : mark.start()], kind(rng)
        pieces += [words, value]
        start = length + len(words)
        spans.append(Span(type_, start, start + len(value)))
        at, length = mark.end(), start + len(value)
    return Item(name, lang, "".join([*pieces, form[at:]]), tuple(spans), origin)


def types_of(all_items: Mapping[str, list[Item]]) -> list[str]:
    """Return every type that occurs, in alphabetical order."""
    return sorted({s.type for found in all_items.values() for item in found for s in item.spans})
