"""A text -> the names in it that match exactly or not at all: error codes, versions, file names.

In: a text already redacted. Out: identifiers in lower case. Two error codes may differ in one
digit and mean different things, which neither vectors nor stems notice.
Not here: comparing them with a thread's (retrieve).
"""

import re

# Bounded: a pasted log repeats a few codes and invents thousands of numbers.
_READ = 40_000
MOST = 64

# Letters and digits in one word (KV-1042, ORA-00942, 0x80070005, E77), parts joined by - _ . or :
# but not a number with its unit (7th, 45p, 31k).
_CODE = re.compile(
    r"(?<![\w.-])(?!\d+[a-z]{1,2}(?!\w))(?=[\w.:-]*\d)(?=[\w.:-]*[^\W\d_])\w+(?:[-_.:]\w+)*",
    re.A | re.I,
)
# Three parts (8.0.2) or a v before them (v17.3): two parts alone are more often an amount.
_VERSION = re.compile(
    r"(?<![\w.,-])(?:v\d{1,4}(?:\.\d{1,5}){0,4}|\d{1,4}(?:\.\d{1,5}){2,4})(?!\w|\.\d)"
)
_FILE = re.compile(r"(?<![\w.@/-])\w[\w-]{2,60}\.[a-z]{2,5}\d?(?!\w|\.\w|@)", re.I)
_SHORTEST, _LONGEST = 3, 40


def identifiers(text: str) -> frozenset[str]:
    """Return the first `MOST` different identifiers of a text."""
    found: dict[str, None] = {}
    head = text[:_READ]
    for pattern in (_CODE, _VERSION, _FILE):
        for match in pattern.finditer(head):
            name = match.group().lower()
            if _SHORTEST <= len(name) <= _LONGEST:
                found.setdefault(name)
            if len(found) >= MOST:
                return frozenset(found)
    return frozenset(found)
