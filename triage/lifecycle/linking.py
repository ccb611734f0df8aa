"""A template of an address and what is known of a question -> the address, filled in.

In: where a company meets its customers, with places for what is known; words for these places, safe
and the asker's own. Out: an address of less than 2,000 characters, whatever stood in the words.
Not here: which words those are (questions), whether a person of the company is the way (questions).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from string import ascii_letters, digits
from urllib.parse import quote, urlsplit

from triage.errors import BadField

FIELD = "handover_url"
# What browsers, proxies and mail programs all take.
LONGEST = 1_999
LONGEST_TEMPLATE = 1_000
# Short ones are given their room first: a form that lacks its product is worse than a cut sentence.
SHORT = frozenset({"severity", "lang", "product", "version", "topic", "triage_id", "question_id"})
LONG = frozenset({"title", "situation", "problem", "impact", "next_step"})
PLACES = SHORT | LONG
_MOST_SHORT = 200
_PLACE = re.compile(r"\{([^{}]*)\}")
_LEFT_OUT = "…"
# What stands for itself in an address (RFC 3986); of the rest each byte takes three characters.
_PLAIN = frozenset(ascii_letters + digits + "-._~")


def check_template(template: str | None) -> str | None:
    """Return a template as it is kept. Raises BadField for one that could lead elsewhere.

    Words of customers only ever stand behind the path: they never choose where it leads.
    """
    if template is None or not template.strip():
        return None
    text = template.strip()
    if len(text) > LONGEST_TEMPLATE:
        raise BadField(FIELD, f"has more than {LONGEST_TEMPLATE} characters")
    if not text.isascii() or not text.isprintable() or any(c in text for c in ' "<>\\^`|'):
        raise BadField(FIELD, "holds a character that stands in no address; encode it as %XX")
    rest = _PLACE.sub("", text)
    if not PLACES.issuperset(places_in(text)) or "{" in rest or "}" in rest:
        known = ", ".join(f"{{{name}}}" for name in sorted(PLACES))
        raise BadField(FIELD, f"has a brace that is of none of the places that there are: {known}")
    _check_address(text)
    return text


def places_in(template: str) -> list[str]:
    """Return the places of a template, each as often as it is there."""
    return _PLACE.findall(template)


def fill(template: str, words: Mapping[str, str | None]) -> str:
    """Return the address with words in its places; what is too long for it is cut."""
    places = places_in(template)
    room = LONGEST - len(_PLACE.sub("", template))
    told = {name: " ".join((words.get(name) or "").split())[:LONGEST] for name in places}
    short = _shared(_only(told, SHORT), places, room // 2, most=_MOST_SHORT)
    used = sum(len(short[name]) for name in places if name in short)
    filled = {**short, **_shared(_only(told, LONG), places, room - used)}
    return _PLACE.sub(lambda found: filled[found[1]], template)


def _check_address(text: str) -> None:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise BadField(FIELD, "is no address") from error
    if parts.scheme != "https" or not parts.hostname or port == 0:
        raise BadField(FIELD, "is no https address with a host")
    if parts.username is not None or parts.password is not None:
        raise BadField(FIELD, "names somebody before its host")
    before = re.split(r"[?#]", text, maxsplit=1)[0]
    if places_in(before):
        raise BadField(FIELD, "has a place before `?` or `#`, where it would choose the address")


def _only(told: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    return {name: words for name, words in told.items() if name in names}


def _shared(
    told: Mapping[str, str], places: Sequence[str], room: int, most: int | None = None
) -> dict[str, str]:
    """Encode words so that all of them fit: what one does not need, the others have."""
    filled: dict[str, str] = {}
    waiting = sorted(told, key=lambda name: len(_encoded(told[name])) * places.count(name))
    for number, name in enumerate(waiting):
        times = places.count(name)
        share = room // (len(waiting) - number) // times
        filled[name] = _cut(told[name], share if most is None else min(share, most))
        room -= len(filled[name]) * times
    return filled


def _cut(words: str, most: int) -> str:
    """Return words encoded, as many of them as fit."""
    whole = _encoded(words)
    if len(whole) <= most:
        return whole
    end = len(_encoded(_LEFT_OUT))
    if most <= end:
        return ""
    size, kept = 0, 0
    for letter in words:
        size += 1 if letter in _PLAIN else 3 * len(letter.encode(errors="replace"))
        if size > most - end:
            break
        kept += 1
    # Rather a word less than a part of one.
    cut = words[:kept]
    at = cut.rfind(" ")
    return _encoded((cut[:at] if at > kept // 2 else cut).rstrip() + _LEFT_OUT)


def _encoded(words: str) -> str:
    return quote(words, safe="", errors="replace")
