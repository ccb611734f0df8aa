"""A thread -> its units; a text -> its passages, its digest, its snippet.

In: texts already redacted and cleaned. Out: `Unit`s, which are embedded and searched, and the
words of an answer that are shown beside a suggestion.
Not here: embedding (encode), searching (retrieve).
"""

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterator

from triage.records import Answer, Thread, Unit, UnitKind
from triage.text.boilerplate import NOTHING, Boilerplate

MAX_PASSAGES = 40

_PARAGRAPH_END = re.compile(r"\n\s*\n")
_SENTENCE_END = re.compile(r"[.!?…:]['\")\]»”]*(?=\s)|\n")
_WORD = re.compile(r"\S+")
_LETTERS = re.compile(r"\w+")
_ELLIPSIS = "…"
_MOST_SHOWN_FROM = 20_000


def units_of(thread: Thread, boilerplate: Boilerplate = NOTHING) -> tuple[Unit, ...]:
    """Return the title, the passages of the question and those of every answer.

    A question's first passage begins with the title: its body often only makes sense after it.
    Boilerplate goes before the passages are cut. What is searched must be cut as the index was:
    with the forum's own.
    """
    units: list[Unit] = []
    title = " ".join(thread.title.split())
    if title:
        units.append(Unit(UnitKind.TITLE, title))
    question = split(boilerplate.strip(thread.body, person=thread.person, beside=title))
    if question:
        units.append(Unit(UnitKind.QUESTION, f"{title}\n{question[0]}".strip()))
        units += [Unit(UnitKind.QUESTION, passage) for passage in question[1:]]
    for answer in thread.answers:
        passages = passages_of(answer, boilerplate)
        units += [Unit(UnitKind.ANSWER, passage, answer.id) for passage in passages]
    return tuple(units)


def passages_of(answer: Answer, boilerplate: Boilerplate = NOTHING) -> tuple[str, ...]:
    """Return an answer's passages as they are searched."""
    return split(boilerplate.strip(answer.body, person=answer.person))


def split(text: str, words: int = 150, overlap: int = 30) -> tuple[str, ...]:
    """Return passages of at most `words` words that share up to `overlap` with the one before.

    A passage ends with a paragraph or a sentence where one ends in its second half. What comes
    after `MAX_PASSAGES` passages is not searched. Raises ValueError unless 0 <= overlap < words / 2
    (a passage may end in the middle, and the next must begin further on).
    """
    if not 0 <= overlap * 2 < words:
        raise ValueError("The overlap must be less than half of the words of a passage.")
    spans = _word_spans(text, words * MAX_PASSAGES)
    tokens = [text[start:end] for start, end in spans]
    if not tokens:
        return ()
    paragraphs = _ends_in(text, spans, _PARAGRAPH_END)
    sentences = _ends_in(text, spans, _SENTENCE_END)
    passages: list[str] = []
    first = 0
    while len(passages) < MAX_PASSAGES:
        last = min(first + words, len(tokens))
        if last < len(tokens):
            last = _natural_end(first + words // 2, last, paragraphs, sentences)
        passages.append(" ".join(tokens[first:last]))
        if last >= len(tokens):
            break
        first = _natural_start(last - overlap, last, sentences)
    return tuple(passages)


def _word_spans(text: str, most: int) -> list[tuple[int, int]]:
    """Return where the first words stand; a word beyond 100 characters counts as several."""
    spans: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        for start in range(match.start(), match.end(), 100):
            spans.append((start, min(start + 100, match.end())))
            if len(spans) >= most:
                return spans
    return spans


def _ends_in(text: str, spans: list[tuple[int, int]], pattern: re.Pattern[str]) -> list[int]:
    """Return, in rising order, the numbers of words after which something ends."""
    starts = [start for start, _ in spans]
    return [
        bisect_right(starts, match.start()) for match in pattern.finditer(text, 0, spans[-1][1])
    ]


def _natural_end(lowest: int, highest: int, *kinds: list[int]) -> int:
    for ends in kinds:
        at = bisect_right(ends, highest) - 1
        if at >= 0 and ends[at] > lowest:
            return ends[at]
    return highest


def _natural_start(lowest: int, highest: int, ends: list[int]) -> int:
    """Return where a sentence begins in the overlap, or the whole overlap's beginning."""
    at = bisect_right(ends, lowest - 1)
    return ends[at] if at < len(ends) and ends[at] < highest else lowest


def digest(text: str) -> str:
    """Return the SHA-256 of a text in NFC, in hexadecimal."""
    normal = unicodedata.normalize("NFC", text)
    return hashlib.sha256(normal.encode("utf-8", "surrogatepass")).hexdigest()


def snippet(answer_body: str, question_words: Collection[str], length: int = 240) -> str:
    """Return the sentences in a row that share most words with the question.

    At most `length` characters with the ellipses that say where something was left out. Of
    equally good ones the first wins; a sentence that is too long by itself is cut at a word.
    """
    text = " ".join(answer_body[:_MOST_SHOWN_FROM].split())
    if len(text) <= length:
        return text
    wanted = {word.lower() for word in question_words}
    sentences = list(_sentences(text))
    shared = [wanted & {w.lower() for w in _LETTERS.findall(text[a:b])} for a, b in sentences]
    room = length - 2 * len(_ELLIPSIS) - 2
    best, best_count = (0, 0), -1
    last = 0
    for first, (start, _) in enumerate(sentences):
        last = max(last, first)
        while last < len(sentences) and sentences[last][1] - start <= room:
            last += 1
        found = set().union(*shared[first : max(last, first + 1)])
        if len(found) > best_count:
            best, best_count = (start, sentences[max(last - 1, first)][1]), len(found)
    return _cut(text, *best, room)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCE_END.finditer(text):
        yield start, match.end()
        start = match.end() + 1
    if start < len(text):
        yield start, len(text)


def _cut(text: str, start: int, end: int, room: int) -> str:
    if end - start > room:
        space = text.rfind(" ", start, start + room + 1)
        end = space if space > start + room // 2 else start + room
    before = f"{_ELLIPSIS} " if start > 0 else ""
    after = f" {_ELLIPSIS}" if end < len(text) else ""
    return f"{before}{text[start:end].strip()}{after}"
