"""A letter -> what it says, without greeting, farewell and the names in both.

In: a text as somebody wrote it to somebody. Out: the same for everybody. Names of people cannot be
told from other words by their form, but a letter shows them: in its first line and its last ones.
Where such a name stands elsewhere in the text, a placeholder takes its place.
Not here: what is sensitive whatever stands around it (redact).
"""

import re
from collections.abc import Iterable, Iterator

NAME = "[NAME]"

_GREETINGS = (
    *("hi", "hello", "hey", "dear", "good morning", "good afternoon", "good evening"),
    *("hej", "hejsan", "hallå", "tjena", "god morgon", "god dag", "bästa", "kära", "käre"),
    *("hei", "hallo", "kjære", "goddag", "kære", "moi", "moikka", "terve", "hyvä", "huomenta"),
    *("hyvää päivää", "hyvää huomenta", "guten tag", "guten morgen", "guten abend", "moin"),
    *("sehr geehrte", "sehr geehrter", "sehr geehrtes", "liebe", "lieber", "grüß gott", "servus"),
)
_FAREWELLS = (
    *("best regards", "kind regards", "regards", "best wishes", "cheers", "sincerely"),
    *("yours sincerely", "many thanks", "thanks in advance", "thanks", "thank you", "br"),
    *("med vänliga hälsningar", "vänliga hälsningar", "hälsningar", "vänligen", "mvh"),
    *("tack på förhand", "tack", "med vennlig hilsen", "vennlig hilsen", "hilsen", "vh"),
    *("takk på forhånd", "takk", "med venlig hilsen", "venlig hilsen", "de bedste hilsner"),
    *("tak på forhånd", "på forhånd tak", "tak", "ystävällisin terveisin", "terveisin", "terv"),
    *("kiitos etukäteen", "kiitos", "t", "mit freundlichen grüßen", "mit freundlichem gruß"),
    *("freundliche grüße", "viele grüße", "beste grüße", "liebe grüße", "gruß", "mfg", "vg"),
    *("vielen dank im voraus", "vielen dank", "danke im voraus", "danke"),
)
# Said to anybody, or a title: no name.
_NO_NAMES = frozenset(
    "all everybody everyone there team support you again alla allesammans igen supporten alle"
    " sammen igjen kaikki kaikille taas tuki zusammen nochmals herr frau herrn fru hr mr mrs ms dr"
    " damen und herren the and och og ja".split()
)


def _any_of(phrases: Iterable[str]) -> str:
    longest_first = sorted(phrases, key=lambda phrase: -len(phrase))
    return "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in longest_first)


# At most four words follow, and then the line or the greeting ends.
_NAMES = r"(?P<names>(?:[ \t]+[^\W\d_][\w.'’-]{0,30}){0,4})"
_GREETING = re.compile(rf"\s*(?:{_any_of(_GREETINGS)}){_NAMES}[ \t]*(?P<end>[,!:.]+|$)", re.I)
_FAREWELL = re.compile(
    rf"\s*(?:{_any_of(_FAREWELLS)})\b[ \t]*[,.!/:]*{_NAMES}[ \t]*[,.!]*\s*", re.I
)
_WORD = re.compile(r"[^\W\d_][\w'’-]+")
_STEP = re.compile(r"\s*(?:\d{1,2}[.)]|[-*•])\s")
# A signature has a few lines; more than that is text that somebody wrote below one.
_LONGEST_SIGNATURE = 6
_LONGEST_SIGNED = 60


def without_courtesies(text: str) -> str:
    """Return the text without greeting and farewell, and with a placeholder for their names.

    A text that is nothing but courtesies comes back as it is.
    """
    names: set[str] = set()
    lines = text.strip().split("\n")
    lines = _without_farewell(_without_greeting(lines, names), names)
    left = "\n".join(lines).strip()
    return _without_names(left, names) if _WORD.search(left) else text


def _without_greeting(lines: list[str], names: set[str]) -> list[str]:
    found = _GREETING.match(lines[0])
    rest = lines[0][found.end() :] if found else ""
    # `Hi` at the beginning of a sentence is no greeting unless it ends like one.
    if found is None or (rest.strip() and not found["end"]):
        return lines
    names.update(_names_in(found["names"]))
    rest = rest.strip()
    return [rest[:1].upper() + rest[1:], *lines[1:]] if rest else lines[1:]


def _without_farewell(lines: list[str], names: set[str]) -> list[str]:
    filled = [number for number, line in enumerate(lines) if line.strip()]
    for number in filled[-_LONGEST_SIGNATURE - 1 :]:
        found = _FAREWELL.fullmatch(lines[number])
        below = [line for line in lines[number + 1 :] if line.strip()]
        if found is None or any(_goes_on(line) for line in below):
            continue
        if not _WORD.search("\n".join(lines[:number])):
            continue
        names.update(_names_in(found["names"]))
        if below:
            names.update(_names_in(below[0]))
        return lines[:number]
    return lines


def _goes_on(line: str) -> bool:
    """Say whether a line below thanks is more of the text, and no signature."""
    return len(line) > _LONGEST_SIGNED or _STEP.match(line) is not None


def _names_in(words: str) -> Iterator[str]:
    for word in _WORD.findall(words):
        if word[0].isupper() and word.lower() not in _NO_NAMES:
            yield word


def _without_names(text: str, names: set[str]) -> str:
    if not names:
        return text
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    either = "|".join(re.escape(name) for name in longest_first)
    return re.sub(rf"\b(?:{either})(?:['’]?s)?\b", NAME, text)
