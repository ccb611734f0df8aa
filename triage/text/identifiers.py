"""A text -> the names in it that match exactly or not at all: error codes, versions, file names.

In: a text already redacted. Out: identifiers in lower case. Two error codes may differ in one
digit and mean different things, which neither vectors nor stems notice.
Not here: comparing them with a thread's (retrieve).
"""

import re
from collections.abc import Iterator

# Bounded: a pasted log repeats a few codes and invents thousands of numbers.
_READ = 40_000
MOST = 64

# Letters and digits in one word (KV-1042, ORA-00942, 0x80070005, E77), parts joined by - _ . or :
# but not a number with its unit (7th, 45p, 31k). Both kinds are looked for no further than a name
# can be long: behind each colon it is begun anew, which would take seconds where there are many.
_CODE = re.compile(
    r"(?<![\w.-])(?!\d+[a-z]{1,2}(?!\w))(?=[\w.:-]{0,63}\d)(?=[\w.:-]{0,63}[^\W\d_])"
    r"\w+(?:[-_.:]\w+)*",
    re.A | re.I,
)
# What a language hangs on a code or a number: 29:e, KV-1042:n, KV-1042-fel, 90-dagars, 8.1-Update.
# Of a word with other letters than these only the beginning is matched: then one letter may do.
_ENDING = re.compile(r"(?::[a-z]{1,6}|-[a-z]{3,})$")
_CUT_ENDING = re.compile(r"[:-][a-z]+$")
_NUMBER = re.compile(r"[\d.:-]+")
# Three parts (8.0.2) or a v before them (v17.3): two parts alone are more often an amount.
_VERSION = re.compile(
    r"(?<![\w.,-])(?:v\d{1,4}(?:\.\d{1,5}){0,4}|\d{1,4}(?:\.\d{1,5}){2,4})(?!\w|\.\d)"
)
_FILE = re.compile(r"(?<![\w.@/-])\w[\w-]{2,60}\.[a-z]{2,5}\d?(?!\w|\.\w|@)", re.I)
# What an error is called rather than a thing: a number in hex, or three digits and more behind few
# letters or behind a joint (E1042, KV-9931, ERR_104). No product (office365), year (fy2024,
# windows-2019) or standard (sha256), and no half of a date.
_OF_AN_ERROR = re.compile(
    r"0x[0-9a-f]{2,}"
    r"|(?!(?:aes|iso|md|rfc|sha|utf)[-_]?\d)(?:[a-z]{1,3}|(?:[a-z]{1,12}[-_:])+)"
    r"(?!(?:19|20)\d\d(?!\d))\d{3,8}[a-z]?"
)
_SHORTEST, _LONGEST = 3, 40


def identifiers(text: str) -> frozenset[str]:
    """Return the first `MOST` different identifiers of a text."""
    found: dict[str, None] = {}
    head = text[:_READ]
    for name in _names(head):
        if _SHORTEST <= len(name) <= _LONGEST:
            found.setdefault(name)
        if len(found) >= MOST:
            break
    return frozenset(found)


def error_codes(text: str) -> frozenset[str]:
    """Return those that look like the code of an error: a version or a file is none."""
    found = {
        name
        for name in _codes(text[:_READ])
        if _SHORTEST <= len(name) <= _LONGEST
        and _OF_AN_ERROR.fullmatch(name)
        and not _VERSION.fullmatch(name)
    }
    return frozenset(sorted(found)[:MOST])


def _names(head: str) -> Iterator[str]:
    yield from _codes(head)
    for pattern in (_VERSION, _FILE):
        for match in pattern.finditer(head):
            yield match.group().lower()


def _codes(head: str) -> Iterator[str]:
    """Yield codes without the endings that a sentence gave them; a number with one is no code."""
    for match in _CODE.finditer(head):
        name = match.group().lower()
        goes_on = head[match.end() : match.end() + 1].isalpha()
        bare = (_CUT_ENDING if goes_on else _ENDING).sub("", name)
        # What has no digit left was no ending: ORA-x1 is a code, x-abc1 too.
        name = bare if any(map(str.isdigit, bare)) else name
        if not _NUMBER.fullmatch(name):
            yield name
