"""What a forum's texts share -> the same text without it.

In: the keys of learnt segments, and a cleaned text. Out: the text without templates, form labels
and signatures, or where in it they stand. A line of a template with one word changed loses all
but that word; numbers in a template stay, for they are what was filled in.
Not here: learning what is boilerplate (frequency), the keys (segments).
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from triage.text.segments import (
    MOST_WORDS,
    NUMBER,
    STAMP,
    has_words,
    joined,
    keys_of,
    label_of,
    line_key,
    literal_key,
    places_of,
    words_of,
)

# Shorter lines with a word changed are other lines.
_FEWEST_WORDS = 5


class SegmentKind(StrEnum):
    """What of a text a segment is."""

    LINE = "line"
    LABEL = "label"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of a text."""

    start: int
    end: int


def signature_key(person: str, key: str) -> str:
    """Return the digest by which a line of one person's signature is known.

    It says nothing of the line, and nobody can make it who does not know the person's keyed hash.
    """
    return hashlib.sha256(f"{person}\n{key}".encode("utf-8", "surrogatepass")).hexdigest()


def signature_keys(person: str, text: str) -> set[str]:
    """Return the digests by which any line of a text could be known as one of this person's."""
    lines = (line_key(line, keys_of(words_of(line))) for line in text.split("\n") if line.strip())
    return {signature_key(person, key) for key in lines if key is not None}


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """The segments that a forum discounts; without any, every text stays as it is."""

    lines: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    signatures: frozenset[str] = frozenset()
    # Lines by their first or last half: one changed word leaves the other half alone.
    _halves: Mapping[tuple[str, str], Sequence[list[str]]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Make the lines findable by half."""
        halves: dict[tuple[str, str], list[list[str]]] = defaultdict(list)
        for line in sorted(self.lines):
            keys = line.split(" ")
            if len(keys) - keys.count(NUMBER) - keys.count(STAMP) >= _FEWEST_WORDS:
                half = len(keys) // 2
                halves["first", " ".join(keys[:half])].append(keys)
                halves["last", " ".join(keys[half:])].append(keys)
        object.__setattr__(self, "_halves", dict(halves))

    @classmethod
    def of(cls, segments: Iterable[tuple[str, str]]) -> "Boilerplate":
        """Make it of the kinds and keys of learnt segments."""
        keys: dict[SegmentKind, set[str]] = {kind: set() for kind in SegmentKind}
        for kind, key in segments:
            keys[SegmentKind(kind)].add(key)
        return cls(*(frozenset(keys[kind]) for kind in SegmentKind))

    def strip(self, text: str, *, person: str | None = None, beside: str = "") -> str:
        """Return the text without boilerplate; a text that has none comes back as it is.

        A text that is all boilerplate comes back whole, unless `beside` (its title) has words.
        With its author, his signature goes as well. Stripping twice changes nothing more.
        """
        lines = text.split("\n")
        kept = self._kept(lines, person)
        if all(spans is None for spans in kept):
            return text
        rest: list[str] = []
        for line, spans in zip(lines, kept, strict=True):
            if spans is None:
                rest.append(line)
            elif spans:
                rest.append(" ".join(line[span.start : span.end] for span in spans))
        left = "\n".join(rest).strip()
        if has_words(left):
            return left
        return "" if has_words(beside) else text

    def marked(self, text: str, *, person: str | None = None, beside: str = "") -> tuple[Span, ...]:
        """Return which characters `strip` takes away, line breaks aside."""
        if self.strip(text, person=person, beside=beside) == text:
            return ()
        marks: list[Span] = []
        lines = text.split("\n")
        at = 0
        for line, spans in zip(lines, self._kept(lines, person), strict=True):
            if spans is not None:
                marks += _others(line, spans, at)
            at += len(line) + 1
        return tuple(marks)

    def _kept(self, lines: Sequence[str], person: str | None) -> list[tuple[Span, ...] | None]:
        """Return what stays of each line; None: it stays as it is."""
        if not (self.lines or self.labels or self.signatures):
            return [None] * len(lines)
        kept = [self._kept_of(line) for line in lines]
        if person is None or not self.signatures:
            return kept
        for i in range(len(lines) - 1, -1, -1):
            if not lines[i].strip() or kept[i] == ():
                continue
            # A label may have gone from the line; a second look would see it without.
            line = " ".join(lines[i][s.start : s.end] for s in kept[i] or ()) or lines[i]
            key = line_key(line, keys_of(words_of(line)))
            if key is None or signature_key(person, key) not in self.signatures:
                break
            kept[i] = ()
        return kept

    def _kept_of(self, line: str) -> tuple[Span, ...] | None:
        words = words_of(line)
        keys = keys_of(words)
        if not words:
            return () if line_key(line, keys) in self.lines else None
        first = at = 0
        while True:
            part = slice(first, first + MOST_WORDS + 1)
            stays = self._template(words[part], keys[part])
            if stays is not None:
                places = places_of(line) if stays else []
                return tuple(Span(*places[first + i]) for i in stays)
            label = label_of(line, at) if self.labels else None
            if label is None or label.key not in self.labels:
                break
            at, first = label.end, first + label.words
            if first == len(words):
                return ()
        if at == 0:
            return None
        return (Span(at + len(line[at:]) - len(line[at:].lstrip()), len(line)),)

    def _template(self, words: Sequence[str], keys: Sequence[str]) -> list[int] | None:
        """Return which words stay of a line of a template; None where it is none."""
        stays = self._exactly(words, keys)
        if stays is not None or not self._halves or len(keys) > MOST_WORDS:
            return stays
        odd = self._odd_word(keys)
        if odd is None:
            return None
        left = [i for i, key in enumerate(keys) if key == NUMBER or i == odd]
        stays = self._exactly([words[i] for i in left], [keys[i] for i in left])
        return left if stays is None else [left[i] for i in stays]

    def _exactly(self, words: Sequence[str], keys: Sequence[str]) -> list[int] | None:
        whole = joined(keys)
        if whole is None:
            return None
        numbers = [i for i, key in enumerate(keys) if key == NUMBER]
        if numbers and literal_key(words, keys) in self.lines:
            return []
        return numbers if whole in self.lines else None

    def _odd_word(self, keys: Sequence[str]) -> int | None:
        """Return which word is not the template's; -1: one of the template's is missing."""
        if len(keys) < _FEWEST_WORDS - 1:
            return None
        for template in self._near(keys):
            n = min(len(template), len(keys))
            same = next((i for i in range(n) if template[i] != keys[i]), n)
            end = next((i for i in range(n) if template[-1 - i] != keys[-1 - i]), n)
            if same + end >= max(len(template), len(keys)) - 1:
                return same if len(keys) >= len(template) else -1
        return None

    def _near(self, keys: Sequence[str]) -> Iterator[list[str]]:
        """Give the templates that are at most one word longer or shorter and share a half."""
        lengths = {len(keys) + more for more in (-1, 0, 1)}
        for half in sorted({length // 2 for length in lengths}):
            yield from self._halves.get(("first", " ".join(keys[:half])), ())
        for rest in sorted({length - length // 2 for length in lengths}):
            yield from self._halves.get(("last", " ".join(keys[-rest:])), ())


NOTHING = Boilerplate()


def _others(line: str, spans: Sequence[Span], at: int) -> Iterator[Span]:
    """Give the parts of a line between the spans that stay, where they stand in the text."""
    start = 0
    for span in (*spans, Span(len(line), len(line))):
        gap = line[start : span.start]
        if gap.strip():
            lead = len(gap) - len(gap.lstrip())
            yield Span(at + start + lead, at + start + len(gap.rstrip()))
        start = span.end
