"""A text -> its sentences, each by its place in the text. Pure.

In: a field's text as it is kept. Out: spans whose characters stand in the text as they are.
Not here: what a sentence says (saying).
"""

import re
from dataclasses import dataclass

# A long text says what it has to say before this; a pasted log goes on for ever.
READ = 20_000
MOST_SENTENCES = 200

# A full stop ends a sentence unless a number or a short form holds it: "4. März", "bzw. das".
_SHORT = frozenset(
    "bzw ca ggf inkl zzgl usw evtl nr str tel dr mr mrs ms st vs etc eg ie e.g i.e z.b d.h u.a"
    " t.ex bl.a dvs osv resp kl f.eks o.l mv pga jf mm m.m tlf d pr kr esim ym jne n klo no"
    " approx".split()
)
# What ends a list often ends the sentence as well.
_LISTING = frozenset({"etc", "usw", "osv", "jne", "kr", "ym"})
# What a number with a full stop counts: the 4th of March, the 2nd quarter.
_COUNTED = frozenset(
    "januar februar märz april mai juni juli august september oktober november dezember quartal"
    " termin klasse".split()
)
_END = re.compile(r"[.!?…]{1,20}[\"'”’»“)\]]{0,3}(?=\s|$)|\n+|$")
_LAST_WORD = re.compile(r"(\S{1,12})$")
_BLANK = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of a field, and what stands there."""

    field: str
    start: int
    end: int
    text: str


def span_of(field: str, text: str, start: int, end: int) -> Span | None:
    """Return these characters less the blanks around them; None where nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(field, start, end, text[start:end]) if start < end else None


def sentences(field: str, text: str) -> list[Span]:
    """Return the sentences of a text in their order; without words there are none."""
    head = text[:READ]
    found: list[Span] = []
    start = 0
    for match in _END.finditer(head):
        if match.end() <= start or _goes_on(head, start, match):
            continue
        span = span_of(field, head, start, match.end())
        if span is not None and any(c.isalnum() for c in span.text):
            found.append(span)
        start = match.end()
        if len(found) == MOST_SENTENCES:
            break
    return found


def _goes_on(text: str, start: int, match: re.Match[str]) -> bool:
    """Say whether this full stop belongs to a number or a short form."""
    after = _BLANK.match(text, match.end())
    following = text[after.end() : after.end() + 12] if after else ""
    last = _LAST_WORD.search(text, max(start, match.start() - 13), match.start())
    word = last[1].lower().lstrip("(\"'") if last else ""
    if match.group().endswith(")"):
        return following[:1].islower()
    if match.group() != ".":
        return False
    if word.isdigit():
        # "den 4. og", "am 4. März" is a day, "før kl 14. Disken" an end. Days have two digits.
        begins = following.split(maxsplit=1)[:1]
        counted = bool(begins) and (
            begins[0][0].islower() or begins[0].lower().rstrip(",.") in _COUNTED
        )
        return len(word) <= 2 and counted
    if word in _LISTING and following[:1].isupper():
        return False
    return word.rstrip(".") in _SHORT and following != ""
