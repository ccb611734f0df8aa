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
# A licence is one by itself; a product or a program only has a key. Endings are those of six
# languages, whatever they are: lisenssiavaimellamme.
_LICENCE = r"licen[sc]e|licens|lisens|lizenz|lisenssi"
_OF_KEYS = (
    r"product|produkt|tuote|activation|aktiver(?:ings)?|aktivierungs|aktivointi|registration"
    r"|registrerings|registrierungs|rekisteröinti|serial|serie|serien|sarja|volume|(?<![a-z])cd"
    r"|(?<![a-z])lic\.|unlock|upplåsnings|opplåsings|oplåsnings|freischalt|software|program"
    r"|upgrade|subscription"
)
_KEY = (
    r"(?:key|code|number|id(?![a-z])|nyckel|kod(?!i)|nøkkel|nøgle|nummer|numre|avai[nm]|koodi"
    r"|numero|schlüssel)[^\W\d_]{0,10}|no(?![a-z])\.?|nr(?![a-z])\.?"
)
_WORD = re.compile(
    rf"(?<!\d)(?:(?:{_LICENCE})(?:[ _-]?(?:{_KEY})|[^\W\d_]{{0,4}})"
    rf"|(?:{_OF_KEYS})[ _-]?(?:{_KEY})|(?<![^\W\d_])(?:serial|s/n)"
    r"|(?<![^\W\d_])key to (?:activate|register|unlock))(?![^\W\d_])"
)
# Behind the word, with a few others between: "the licence key that we were sent is …".
_JOINED = r"(?=[A-Za-z+/=._-]{0,40}\d)[A-Za-z0-9][A-Za-z0-9+/=._-]{3,127}"
_SPACED = r"[A-Z0-9]{4,6}(?: [A-Z0-9]{4,6}){2,8}(?![A-Za-z0-9])"
_LETTERS = r"[A-Z]{2,6}(?:-[A-Z]{4,6}){2,8}(?![A-Za-z0-9-])"
_BEHIND = re.compile(
    r"[^\w]{1,4}(?:[^\W\d_]{1,14}[^\w\n]{1,3}){0,5}?"
    rf"(?P<value>{_SPACED}|{_LETTERS}|{_JOINED})"
)
# Before it: "we typed … as product key".
_BEFORE = re.compile(
    rf"(?<![^\W_])(?P<value>{_JOINED})[^\w\n]{{1,3}}"
    r"(?:as|is|was|som|är|var|er|als|ist|war|on|oli)(?: [^\W\d_]{1,10}){0,3} \Z"
)
_LOOKS_BACK = 200
_SHAPES = (
    re.compile(r"[A-Za-z0-9]{3,12}(?:-[A-Za-z0-9]{3,12}){2,8}"),
    re.compile(r"[A-Za-z0-9]{4,12}(?:[._][A-Za-z0-9]{4,12}){2,8}"),
    re.compile(r"[A-Z0-9]{4,6}(?: [A-Z0-9]{4,6}){2,8}"),
    re.compile(r"[A-Z0-9]{16,40}"),
    re.compile(r"[A-Z0-9]{10}-[A-Za-z0-9+/=]{20,118}"),
    re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
)
_ONLY_DIGITS = re.compile(r"\d{4,6}(?:[ -]\d{4,6}){3,7}")
_GROUP = re.compile(r"[A-Za-z0-9]+")
_VOWEL = re.compile("[AEIOUY]")
# Of letters in a word about four in ten are vowels, of letters drawn at random fewer.
_FEW = 0.3


def _is_mixed(group: str) -> bool:
    return any(c.isdigit() for c in group) and any(c.isalpha() for c in group)


def _is_licence(value: str) -> bool:
    if not any(c.isalpha() for c in value):
        return _ONLY_DIGITS.fullmatch(value) is not None
    groups = _GROUP.findall(value)
    alike = len(groups) >= 3 and len({len(group) for group in groups[1:]}) == 1
    mixed, digits = sum(map(_is_mixed, groups)), sum(map(str.isdigit, value))
    if not digits:
        return alike and value.isupper() and len(_VOWEL.findall(value)) / len(value) < _FEW
    # release-notes-2024 is a name, and so is portal.example.com; XK7Q.22MP.9RTA is none.
    if mixed < 2 and value.islower() and digits < 4:
        return False
    if mixed < 2 and not (alike and value.isupper()) and not value.isalnum() and "-" not in value:
        return False
    return any(shape.fullmatch(value) for shape in _SHAPES)


def _ended(value: str) -> str:
    """Return a value without what ends the sentence around it."""
    value = value.rstrip("._")
    return value if value.endswith("=") else value.rstrip("-/")


def licences_in(text: str) -> Iterator[Found]:
    """Find five groups of five, and what other shapes stand beside a word for such a key."""
    for match in _FIVE.finditer(text):
        groups = match.group().split("-")
        if sum(any(c.isdigit() for c in g) for g in groups) >= 2 and not match.group().isdigit():
            if any(c.isalpha() for c in match.group()):
                yield Found("licence", match.start(), match.end())
    for word in _WORD.finditer(text.lower()):
        for beside in (_BEHIND.match(text, word.end()), _before(text, word.start())):
            if beside is not None:
                start, value = beside.start("value"), _ended(beside["value"])
                if _is_licence(value):
                    yield Found("licence", start, start + len(value))


def _before(text: str, at: int) -> re.Match[str] | None:
    return _BEFORE.search(text, max(0, at - _LOOKS_BACK), at)
