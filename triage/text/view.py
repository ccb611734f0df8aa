"""The text as a reader sees it, with the way back to where each character stood.

In: a string as submitted. Out: a `View` without invisible characters, in which digits, letters
and dashes of other alphabets' typography are plain ones.
Not here: looking for anything in it (addresses, numbers, secrets).
"""

import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from triage.text.characters import hidden, trailing_marks

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"


@dataclass(frozen=True, slots=True)
class View:
    """`text` is what is looked at; `place` says where a stretch of it stood in the original."""

    text: str
    original: str
    starts: tuple[int, ...]
    offsets: tuple[int, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the original offsets of the view's characters `start` to `end`."""
        first = self._back(start)
        last = self._back(end - 1) + 1
        marks = trailing_marks().match(self.original, last)
        return first, marks.end() if marks else last

    def _back(self, index: int) -> int:
        piece = bisect_right(self.starts, index) - 1
        return self.offsets[piece] + index - self.starts[piece]


def _plain(char: str) -> str:
    """Return the plain character that this one is a typographic form of, or itself."""
    if char in _DASHES:
        return "-"
    if len(char.lower()) != 1:
        # Finders look in lower case and need every character to keep its place.
        return char.lower()[0]
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    folded = unicodedata.normalize("NFKC", char)
    if len(folded) == 1 and folded.isascii():
        return folded
    return char


def see(text: str) -> View:
    """Return the view of a text; both have the same characters where nothing is hidden."""
    pieces: list[str] = []
    starts: list[int] = []
    offsets: list[int] = []
    length = at = 0
    # A view needs its first piece even where the text begins with something hidden.
    for match in hidden(text.isascii()).finditer(text):
        if match.start() > at:
            starts.append(length)
            offsets.append(at)
            pieces.append(text[at : match.start()])
            length += match.start() - at
        at = match.end()
    starts.append(length)
    offsets.append(at)
    pieces.append(text[at:])
    seen = "".join(pieces)
    if not seen.isascii():
        table = {ord(c): _plain(c) for c in set(seen) if not c.isascii()}
        seen = seen.translate(table)
    return View(text=seen, original=text, starts=tuple(starts), offsets=tuple(offsets))
