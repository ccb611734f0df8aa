"""Which characters nobody sees, and which pile up on others.

In: nothing. Out: compiled patterns for `clean` and for the view in which `redact` looks.
Not here: what is done with them.
"""

import functools
import re
import unicodedata

_FORMATTING = (
    "\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
)
_CONTROL = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
_TAGS = "\U000e0000-\U000e007f"

_EMOJI_END = "\u00a9\u00ae\u2190-\u2bff\U0001f000-\U0001faff\ufe0f"
_EMOJI_START = "\u2190-\u2bff\U0001f000-\U0001faff"
_JOINER = f"(?<![{_EMOJI_END}])\u200d|\u200d(?![{_EMOJI_START}])"

UNSEEN = re.compile(f"[{_FORMATTING}{_CONTROL}{_TAGS}]+")
STRAY_JOINER = re.compile(_JOINER)
LINE_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
LONE_SURROGATES = re.compile("[\ud800-\udfff]")


def _as_class(points: list[int]) -> str:
    """Write code points in rising order as the inside of a character class."""
    ranges: list[tuple[int, int]] = []
    for point in points:
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1] = (ranges[-1][0], point)
        else:
            ranges.append((point, point))
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


@functools.cache
def _marks() -> str:
    """Every character that joins the one before it, as the inside of a character class."""
    # Beyond the second plane there are no marks (U+1E94A is the last of Unicode 16).
    return _as_class([p for p in range(0x300, 0x20000) if unicodedata.combining(chr(p))])


@functools.cache
def piled_marks() -> re.Pattern[str]:
    """Return the pattern of more than 30 combining marks in a row.

    No language writes so many; sorting them is what makes normalisation slow.
    """
    return re.compile(f"([{_marks()}]{{30}})[{_marks()}]+")


@functools.cache
def hidden(ascii_only: bool) -> re.Pattern[str]:
    """Return the pattern of what a reader of the text does not see as a character of its own."""
    if ascii_only:
        return re.compile("[\x00-\x08\x0e-\x1f\x7f]+")
    return re.compile(f"[{_FORMATTING}{_CONTROL}{_TAGS}\u200d\ufe00-\ufe0f{_marks()}]+")


@functools.cache
def trailing_marks() -> re.Pattern[str]:
    """Return the pattern of marks that belong to the character before them."""
    return re.compile(f"[{_marks()}\ufe00-\ufe0f]*")
