"""What makes a program run for those who paid: licence and product keys.

In: the text of a view. Out: candidates.
Not here: keys of interfaces (keys), which of two overlapping candidates wins (redact).
"""

import re
from collections.abc import Iterator

from triage.text.candidates import Found

_FIVE = re.compile(
    r"(?<![A-Za-z0-9-])(?:[A-Z0-9]{5}-){4}[A-Z0-9]{5}(?![A-Za-z0-9-])"
    r"|(?<![A-Za-z0-9-])(?:[a-z0-9]{5}-){4}[a-z0-9]{5}(?![A-Za-z0-9-])"
)
_WORD = re.compile(
    r"(?<!\d)(?:licen[sc]e|licens|lisens|lizenz|lisenssi|product|produkt|tuote|activation"
    r"|aktiver(?:ings)?"
    r"|aktivierungs|aktivointi|registration|registrerings|serial|serie|serien|sarja|volume"
    r"|(?<![a-z])cd|unlock"
    r"|software|program|upgrade|subscription)"
    r"[ -]?(?:key|code|no\.?|number|nyckeln?|koden?|nøkkel(?:en)?|nøglen?|nr\.?|nummer(?:et)?"
    r"|avain|avaimen|koodi|numero|schlüssel|codes?|id)?(?![^\W\d_])"
    r"(?P<between>[^\w\n]{1,4}(?:[^\W\d_]{1,12}[ \t:,(\"']{1,3}){0,4}?)"
    r"(?P<value>[a-z0-9+/=-]{4,128}"
    r"(?: (?=[a-z]*\d)[a-z0-9]{4,6}){0,8})",
)
_SHAPES = (
    re.compile(r"[A-Za-z0-9]{3,12}(?:-[A-Za-z0-9]{3,12}){2,8}"),
    re.compile(r"[A-Z0-9]{4,6}(?: [A-Z0-9]{4,6}){3,8}"),
    re.compile(r"[A-Z0-9]{16,40}"),
    re.compile(r"[A-Z0-9]{10}-[A-Za-z0-9+/=]{20,118}"),
    re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
)
_ONLY_DIGITS = re.compile(r"\d{4,6}(?:-\d{4,6}){3,7}")


def _is_licence(value: str) -> bool:
    digits, letters = any(c.isdigit() for c in value), any(c.isalpha() for c in value)
    if not letters:
        return _ONLY_DIGITS.fullmatch(value) is not None
    if re.fullmatch(r"[a-z]+(?:-[a-z0-9]+)*", value) and sum(map(str.isdigit, value)) < 4:
        return False
    return digits and any(shape.fullmatch(value) for shape in _SHAPES)


def licences_in(text: str) -> Iterator[Found]:
    """Find five groups of five, and what other shapes follow a word for such a key."""
    for match in _FIVE.finditer(text):
        groups = match.group().split("-")
        if sum(any(c.isdigit() for c in g) for g in groups) >= 2 and not match.group().isdigit():
            if any(c.isalpha() for c in match.group()):
                yield Found("licence", match.start(), match.end())
    for match in _WORD.finditer(text.lower()):
        start, end = match.span("value")
        value = text[start:end]
        if not value.isupper() and " " in value:
            value = value.split(" ", 1)[0]
        value = value.rstrip("-/=") if not value.endswith("=") else value
        if _is_licence(value):
            yield Found("licence", start, start + len(value))
