"""What opens doors to people: passwords, PINs and one-time codes.

In: the text of a view. Out: candidates.
Not here: keys of programs (keys), what a password looks like in a sentence (wordings).
"""

import re
from collections.abc import Iterator

from triage.text.candidates import PLACEHOLDER, Found
from triage.text.keys import ISSUED
from triage.text.wordings import (
    CREDENTIALS,
    FUNCTION_WORDS,
    ONE_TIME,
    PASSWORD,
    PROSE,
    SHORT,
    STEMS,
    is_reference,
    looks_chosen,
    looks_like_one,
)

_VALUE = (
    r"(?:[\"`«“„](?P<quoted>[^\"`«»“”„\n]{3,128})[\"`»”“]"
    r"|(?P<quote>[\"'`«“„]?)(?P<value>[^\s\"'`«»“”„<>]{3,128}))"
)
# Whose it is, between the word and what follows it.
_ASIDE = r"(?:[ \t]{0,2}\([^()\n]{1,40}\))?"
_MARKED = re.compile(
    PASSWORD + _ASIDE + r"(?:[\"']?\]?[ \t]{0,3}(?P<mark>=>?|:(?!:)|->)\s{0,3}"
    r"|[\"'] value=|[ \t]{0,2}>\s{0,8}|(?:[ \t]{1,2}[^\W\d_]{1,15}){1,3}?[ \t]{0,3}:\s{0,3})"
    + _VALUE
)
# "is", "was changed to", "set to": how sentences go on to the password itself.
_TOLD = re.compile(
    PASSWORD + r"(?:[ \t]{1,2}[^\W\d_]{1,15}){0,4}?[ \t]{1,3}"
    r"(?:is|was|are|to|as|är|var|till|er|blev|ble|til|on|oli|ovat|ist|sind|war|lautet|auf|zu|in)"
    r"[ \t]{1,3}(?::[ \t]{0,3})?" + _VALUE
)
_BARE = re.compile(
    PASSWORD + r"[ \t]{1,3}(?:[\"«“„](?P<quoted>[^\"«»“”„\n]{3,128})[\"»”“]"
    r"|[\[(\"'`«“„]?(?P<value>[^\s\"'`«»“”„<>]{3,128}))"
)
# Further on in the sentence, or before it: only what no sentence has in it.
_LATER = re.compile(PASSWORD + r"(?P<later>(?:[ \t,(/:\"'-]{1,3}[^\s,;:()\"']{1,40}){1,9})")
_EARLIER = re.compile(
    r"(?:^|(?<=[\s(\"'«“„:=]))(?P<value>[^\s\"'`«»“”„<>()]{4,64})[\"'»”“)]{0,2}[ \t]{1,2}"
    r"(?:(?:as|som|als|is|är|er|on|ist)[ \t]{1,2})?(?:[^\W\d_]{1,9}[ \t]{1,2}){0,2}" + PASSWORD,
    re.MULTILINE,
)
_SIGNED_IN = re.compile(
    CREDENTIALS + r"[ \t:=]{1,4}(?:(?:are|is|är|er|ovat|on|sind|lauten)[ \t:]{1,3})?"
    r"[\w.@+-]{1,64}[ \t]{0,2}[/|:][ \t]{0,2}(?P<value>[^\s\"'`<>]{4,128})"
)
_IN_URL = re.compile(r"://[^\s/:@]{0,64}:(?P<value>[^\s/\"'<>\[\]]{1,128})@(?=[\w.\[-])")
_COMMAND = re.compile(
    r"(?:\bcurl\b[^\n]{0,200}?[ ](?:-u|--user|--proxy-user)[ =]?[\"']?[^\s:\"']{1,64}:"
    r"|\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n]{0,120}?[ ]-p"
    r"|\b(?:sshpass|docker login|az login|helm registry login|sqlcmd|bcp|redis-cli|htpasswd)\b"
    r"[^\n]{0,120}?[ ](?:-p|-P|-a)[ ][\"']?"
    r"|[ ]/p(?:ass(?:word)?)?:|(?<![\w-])--?pass(?:word|wd)?[ =][\"']?"
    r"|identified[ ]by[ ][\"']|convertto-securestring[ ](?:-string[ ])?[\"'])"
    r"(?P<value>[^\s\"'`<>$-][^\s\"'`<>]{2,127})"
)
_CODE = re.compile(
    ONE_TIME + r"(?![^\W\d_])(?:[ \t]{1,2}[^\W\d_]{1,12}){0,3}?[ \t]{0,3}(?:=|:|is|was|är|var|er|on"
    r"|oli|ist|war|lautet)?[ \t]{0,3}(?P<value>\d{4,8}|\d{3}[ -]\d{3}|\d\d(?: \d\d){2})"
    r"(?![\w]|[.,:/-]\d)"
)
# Three digits on the back of a card; anywhere else they are a number like any other.
_CARD_CODE = re.compile(r"(?<![^\W_])(?:cvc2?|cvv2?)[ :=]{1,3}(?P<value>\d{3,4})(?!\w)")
_NEXT_SETTING = re.compile(r"[;,](?=[ ]?[A-Za-z_][\w. -]{2,40}=[^=])|[;,}](?=[\"'}\]]|\s*$)")
_ENDS = ".,;)}]>:?"


def _trimmed(value: str, in_query: bool = False) -> str:
    """Return a value without what belongs to the text around it."""
    value = PLACEHOLDER.split(value, maxsplit=1)[0]
    if in_query:
        value = value.split("&", 1)[0]
    value = _NEXT_SETTING.split(value, maxsplit=1)[0]
    return value.rstrip(_ENDS)


def _inside_a_word(text: str, match: re.Match[str]) -> bool:
    """Say whether a short word for password is the end of another: compass, bypass."""
    start = match.start("word")
    before = text[start - 1] if start else " "
    return match["word"] in SHORT and before.isalpha() and text[start].islower()


def _span(match: re.Match[str], text: str) -> tuple[int, int]:
    """Return where the value stands, trimmed; an empty stretch where nothing is left of it."""
    quoted = match.groupdict().get("quoted")
    start, end = match.span("quoted" if quoted else "value")
    value = text[start:end]
    if quoted and "[" not in value:
        return start, end
    in_query = text[max(0, match.start() - 1) : match.start()] in ("?", "&")
    return start, start + len(_trimmed(value, in_query))


def _is_marked(match: re.Match[str], text: str, value: str) -> bool:
    """Judge what follows a colon or an equals sign: everything but sentences and program code."""
    if len(value) < 3 or value.lower() in PROSE or is_reference(value):
        return False
    if value.isalpha() and not match["quote"] and not match["quoted"]:
        following = re.match(r"[ \t]{1,2}([^\W\d_]+)", text[match.end() : match.end() + 24])
        return following is None or following[1].lower() not in FUNCTION_WORDS
    if match["quoted"] and " " in value and not any(map(str.isdigit, value)):
        return not {w.lower().strip(".,!?") for w in value.split()} & PROSE
    return True


def _announced(text: str, lowered: str) -> Iterator[Found]:
    """Find what follows a word for password: after a mark, after "is", and after nothing."""
    for pattern in (_MARKED, _TOLD, _BARE):
        for match in pattern.finditer(lowered):
            start, end = _span(match, text)
            value = text[start:end]
            if _inside_a_word(text, match) or len(value) < 3 or value.lower() in PROSE:
                continue
            if pattern is _MARKED:
                holds = _is_marked(match, text, value)
            elif pattern is _TOLD:
                quoted = bool(match["quoted"] or match["quote"])
                holds = looks_chosen(value) or (quoted and " " not in value)
                if match["word"] in SHORT:
                    holds = looks_like_one(value)
            elif match["word"] in SHORT:
                holds = False
            else:
                told = bool(match["quoted"]) and any(c.isdigit() for c in value)
                holds = (told or looks_like_one(value)) and re.fullmatch(
                    r"[^\W\d_]+-?\d", value
                ) is None
            if holds and not is_reference(value):
                yield Found("key" if ISSUED.fullmatch(value) else "password", start, end)


def _beside(text: str, lowered: str) -> Iterator[Found]:
    """Find what stands in the same sentence as a word for password and is no word itself."""
    for match in _EARLIER.finditer(lowered):
        start, end = _span(match, text)
        if match["word"] not in SHORT and looks_like_one(text[start:end]):
            yield Found("password", start, end)
    for match in _LATER.finditer(lowered):
        if match["word"] in SHORT:
            continue
        first, last = match.span("later")
        for word in re.finditer(r"[^\s,;()\"'/]{5,64}", text[first:last]):
            value = _trimmed(word.group())
            if looks_like_one(value):
                start = first + word.start()
                yield Found("password", start, start + len(value))


def passwords_in(text: str) -> Iterator[Found]:
    """Find passwords after, before and near a word for one, in addresses, commands, and codes."""
    lowered = text.lower()
    if any(stem in lowered for stem in STEMS):
        yield from _announced(text, lowered)
        yield from _beside(text, lowered)
    for match in _IN_URL.finditer(text):
        value = match["value"]
        yield Found("key" if ISSUED.fullmatch(value) else "password", *match.span("value"))
    for match in _SIGNED_IN.finditer(lowered):
        start, end = _span(match, text)
        if looks_chosen(text[start:end]):
            yield Found("password", start, end)
    for match in _COMMAND.finditer(lowered):
        start, end = _span(match, text)
        value = text[start:end]
        if value.lower() not in PROSE and not is_reference(value):
            yield Found("key" if ISSUED.fullmatch(value) else "password", start, end)
    for match in _CARD_CODE.finditer(lowered):
        yield Found("password", *match.span("value"))
    for match in _CODE.finditer(lowered):
        if not (match.start() > 0 and text[match.start() - 1].isalpha()):
            yield Found("password", *match.span("value"))
