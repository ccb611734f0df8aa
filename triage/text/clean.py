"""Text as typed -> text as it is kept.

In: any string. Out: the same text in NFC with plain line breaks and nothing invisible in it.
Not here: what is sensitive (redact), what language it is (language).
"""

import re
import unicodedata

from triage.text.characters import (
    LINE_BREAKS,
    LONE_SURROGATES,
    STRAY_JOINER,
    UNSEEN,
    piled_marks,
)

_MANY_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){3,}")


def clean(text: str) -> str:
    """Return the text in NFC, without invisible characters, with at most two blank lines in a row.

    Line ends of every kind become `\\n`, lone surrogates become U+FFFD; a joiner stays where it
    makes one emoji of two. The work is proportional to the length, whatever the text.
    """
    text = LINE_BREAKS.sub("\n", text)
    text = UNSEEN.sub("", text)
    text = STRAY_JOINER.sub("", text)
    text = LONE_SURROGATES.sub("\ufffd", text)
    text = unicodedata.normalize("NFC", piled_marks().sub(r"\1", text))
    return _MANY_BLANK_LINES.sub("\n\n\n", text).strip()
