"""A question -> what it already tells of version, error, steps and impact, and where. Pure.

In: a safe question. Out: the pieces that are given, versions and error codes by their places.
Not here: what to ask back (missing), filling the expert's form (intake).
"""

import re
from collections.abc import Iterator
from enum import StrEnum

from triage.lifecycle.saying import ERROR_CODE, Slot, read
from triage.lifecycle.sentences import READ, Span, sentences, span_of
from triage.lifecycle.signs import Sign
from triage.records import Question


class Piece(StrEnum):
    """Something that an expert often has to ask for."""

    VERSION = "version"
    ERROR = "error"
    STEPS = "steps"
    IMPACT = "impact"


MOST_FOUND = 20

# Three parts, a v before, or a word that says so; two bare parts, the last of one digit (longer
# ones are oftener an amount or a time), unless they are money or a date.
_VERSION = re.compile(
    r"(?:(?<=version )|(?<=versio )|(?<=versionen )|(?<=versjon )|(?<=versiota )|(?<=release ))"
    r"v?\d{1,4}(?:\.\d{1,6}){0,3}(?!\w)"
    r"|(?<![\w.,/:-])v\d{1,4}(?:\.\d{1,6}){0,3}(?!\w)"
    r"|(?<![\w.,/:£$€-])\d{1,3}(?:\.\d{1,6}){2,3}(?!\w|\.\d|:\d)"
    r"|(?<![\w.,/:£$€+-])(?<!kl )(?<!kl\. )(?<!klo )(?<!den )(?<!am )(?<!d\. )(?<!vom )"
    r"(?<!zum )\d{1,2}\.\d(?!\d|\.\d|,\d|\.,|[:/]"
    r"|\s?(?:%|kr\b|mill|mio|uhr|h\b|e\b|t\b|euro|€|prosent|procent|tim|gb\b|mb\b|gt\b|m\b|million|miljoon|sek\b|nok\b|dkk\b))",
    re.IGNORECASE,
)
# "12.5." before a small letter is a day as well; before a capital or nothing a sentence ends.
_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2}|(?=\s+[^\W\dA-ZÅÄÖÆØÜ]))")
_ADDRESS = re.compile(r"\d{2,3}(?:\.\d{1,3}){3}")
# Written like codes, yet the names of money, forms and standards.
_NO_CODE = re.compile(
    r"(?i:SEK|NOK|DKK|EUR|USD|GBP|CHF|ISO|RFC|IBAN|EN|UTF|NR|KTO|BG|PG|CVR|ORG|A|B|C|D|Q|V|W|PO"
    r"|GB|DK|NO|SE|FI|DE|SHA|MD|RE)[-_ ]?\d+|[A-Z]{1,6}[-_ ]?0+"
)
# A name with underscores is the name of an error when it says so.
_SAYS_SO = re.compile(
    r"error|invalid|denied|disabled|fail|not_|_not|expired|missing|unknown|exceeded|forbidden"
    r"|unauthor|refused|timeout|locked|limit"
)
_NUMBERED = re.compile(r"^[ \t]{0,8}(?:\d{1,2}[.)]|[-*•])[ \t]+\S", re.MULTILINE)
_HEADING = re.compile(
    r"^[#*_ \t]{0,8}(?:\w{1,20} ){0,3}(?:steps|to reproduce|steg|stegen|trinn|trin|fremgangsmåde"
    r"|vaihee?t|schritte)\b[^\n]{0,30}$",
    re.MULTILINE | re.IGNORECASE,
)


def texts_of(question: Question) -> Iterator[tuple[str, str]]:
    """Give the fields in the customer's own words, and the error text of their system."""
    yield "title", question.title
    yield "body", question.body
    if question.context.error_text:
        yield "context.error_text", question.context.error_text


def versions_in(field: str, text: str) -> list[Span]:
    """Return the versions that a text names, by their places."""
    head = text[:READ]
    dates = [match.span() for match in _DATE.finditer(head)]
    found = (match.span() for match in _VERSION.finditer(head))
    free = [
        (start, end)
        for start, end in found
        if not any(a <= start < b for a, b in dates) and not _ADDRESS.fullmatch(head[start:end])
    ]
    spans = (span_of(field, head, start, end) for start, end in free[:MOST_FOUND])
    return [span for span in spans if span is not None]


def error_codes_in(field: str, text: str) -> list[Span]:
    """Return the error codes and names of exceptions in a text, by their places."""
    head = text[:READ]
    found = [
        match.span()
        for match in ERROR_CODE.finditer(head)
        if _NO_CODE.fullmatch(match.group()) is None
        and ("_" not in match.group() or _SAYS_SO.search(match.group()))
    ]
    spans = (span_of(field, head, start, end) for start, end in found[:MOST_FOUND])
    return [span for span in spans if span is not None]


def given(question: Question) -> frozenset[Piece]:
    """Return what a question tells already, so that nobody is asked for it twice."""
    found = set()
    texts = list(texts_of(question))
    if question.version or any(versions_in(*one) for one in texts):
        found.add(Piece.VERSION)
    if question.context.error_text or any(error_codes_in(*one) for one in texts):
        found.add(Piece.ERROR)
    if question.customer_severity is not None:
        found.add(Piece.IMPACT)
    body = question.body[:READ]
    if _HEADING.search(body) or len(_NUMBERED.findall(body)) >= 2:
        found.add(Piece.STEPS)
    for field, text in texts[:2]:
        for span in sentences(field, text):
            said = read(span.text, question.lang)
            if Slot.IMPACT in said.slots:
                found.add(Piece.IMPACT)
            if Sign.STEPS in said.signs and "question_mark" not in said.signs:
                found.add(Piece.STEPS)
            if {"quoted", Sign.TROUBLE} <= set(said.signs):
                found.add(Piece.ERROR)
    return frozenset(found)
