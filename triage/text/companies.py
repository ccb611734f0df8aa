"""Names of companies: by their legal form, and those that the forum's accounts are known by.

In: the text of a view, known names. Out: candidates.
Not here: numbers of companies (organisations), names of people.
"""

import functools
import re
from collections.abc import Iterator

from triage.text.candidates import Found
from triage.text.firms import FORMS, LEADING, NOT_NAMES, PUBLIC_NAMES, SQL

_CAP = r"[A-ZÅÄÖÆØÜÉ]"
_LETTERS = r"[\w&'’.-]"
_NAMED = re.compile(
    rf"(?<![\w@./\\-])(?P<name>{_CAP}{_LETTERS}{{0,30}}"
    rf"(?: (?:(?:&|\+|och|og|und|ja|and) )?{_CAP}{_LETTERS}{{0,30}}){{0,4}}?),? (?P<form>{FORMS})"
    r"(?![\w(@]|-\w|\.\w|/\w)"
)
_FINNISH_FRONT = re.compile(
    rf"(?<![\w@./\\-])(?:Oy|AB"
    rf"|A/S) {_CAP}{_LETTERS}{{2,30}}(?: {_CAP}{_LETTERS}{{0,30}}){{0,3}}(?: A[Bb])?"
    r"(?!\w)"
)
_AMBIGUOUS = frozenset("AS AB HB KB KG AG DA SA".split())
_SUFFIXES = frozenset(
    ["", "s", "'s", "’s", ":n", ":s", "n", "in", "lla", "llä", "lle", "ssa", "ssä"]
)
_WORD = re.compile(r"\w[\w&.'’:-]*|&")
_SHORTEST_ALONE = 4
_FORM_AT_END = re.compile(rf",? (?:{FORMS})\Z")


def _start_of(name: str) -> int:
    """Return where a name begins behind the words that a sentence begins with."""
    at = 0
    while (space := name.find(" ", at)) > 0 and name[at:space].lower().strip(".,") in LEADING:
        at = space + 1
    return at


def _shouts(name: str, after: str) -> bool:
    """Say whether a text in capitals goes on: there AS is a word like any other."""
    following = re.match(r" (\w+)", after)
    return " " not in name or name.count(" ") > 2 or bool(following and following[1].isupper())


def _by_form(text: str) -> Iterator[Found]:
    sql = SQL.search(text) is not None
    for match in _NAMED.finditer(text):
        name, form = match["name"], match["form"]
        # A sentence that ended before belongs to no name.
        cut = max((m.end() for m in re.finditer(r"\w{4,}[.!?] ", name)), default=0)
        start = cut + _start_of(name[cut:])
        bare = name[start:]
        if bare.lower().strip(".,") in LEADING or bare.lower() in PUBLIC_NAMES:
            continue
        if bare.split(" ", 1)[0].lower() in PUBLIC_NAMES:
            continue
        capitals = bare.isupper() and _shouts(bare, text[match.end() : match.end() + 12])
        if form in _AMBIGUOUS and (
            sql
            or (capitals and form != "AB")
            or len(bare) < 3
            or "." in bare[:-1]
            or bare.lower() in NOT_NAMES
        ):
            continue
        yield Found("company", match.start() + start, match.end())
    for match in _FINNISH_FRONT.finditer(text):
        if match.group().split(" ")[1].lower() not in PUBLIC_NAMES | LEADING and not (
            match.group().startswith("AB") and match.group().split(" ")[1].isupper()
        ):
            yield Found("company", match.start(), match.end())


@functools.lru_cache(maxsize=64)
def _by_first_word(names: frozenset[str]) -> dict[str, list[tuple[str, ...]]]:
    """Return known names, with and without their legal form, by their first word."""
    known: dict[str, list[tuple[str, ...]]] = {}
    for name in names:
        for form in {name.strip(), _FORM_AT_END.sub("", name.strip())}:
            words = tuple(_WORD.findall(form))
            if len(words) > 1 or len(form) >= _SHORTEST_ALONE:
                known.setdefault(words[0].lower(), []).append(words)
    for ways in known.values():
        ways.sort(key=len, reverse=True)
    return known


def _by_name(text: str, names: frozenset[str]) -> Iterator[Found]:
    known = _by_first_word(names)
    words = list(_WORD.finditer(text))
    for place, word in enumerate(words):
        stem = word.group().lower()
        ways = [*known.get(stem, ()), *(w for s in _shortened(stem) for w in known.get(s, ()))]
        for way in ways:
            there = words[place : place + len(way)]
            if len(there) == len(way) and _same(way, [w.group() for w in there]):
                yield Found("account", word.start(), there[-1].end())
                break


def _shortened(stem: str) -> Iterator[str]:
    """Return what a word may be without the ending or the full stop that its sentence gives it."""
    for suffix in ("s", "'s", "’s", ":n", ":s", ".", "n", "in", "lla", "llä", "lle", "ssa", "ssä"):
        if stem.endswith(suffix) and len(stem) > len(suffix):
            yield stem[: -len(suffix)]


def _same(way: tuple[str, ...], there: list[str]) -> bool:
    """Compare a known name with words of a text; a name of one word keeps its capitals."""
    last = there[-1].rstrip(".:'’-")
    wanted = way[-1].rstrip(".:'’-")
    if len(way) == 1 and not last.startswith(wanted) and last[: len(wanted)] != wanted.upper():
        return False
    if [w.lower() for w in there[:-1]] != [w.lower() for w in way[:-1]]:
        return False
    begins = last.lower().startswith(wanted.lower())
    return begins and last[len(wanted) :].lower() in _SUFFIXES


def companies_in(text: str, names: frozenset[str]) -> Iterator[Found]:
    """Find capitalised words before a legal form, and the known names however they end."""
    yield from _by_form(text)
    if names:
        yield from _by_name(text, names)
