"""What opens doors: keys, tokens and passwords.

In: the text of a view. Out: candidates.
Not here: numbers and addresses of people, which of two overlapping candidates wins (redact).
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from triage.text.candidates import PLACEHOLDER, Found

_ISSUED = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"(?:AKIA|ASIA)[0-9A-Z]{16}"
    r"|gh[opusr]_[A-Za-z0-9]{20,255}|github_pat_\w{20,255}|glpat-[\w-]{16,64}"
    r"|[spr]k_(?:live|test)_[A-Za-z0-9]{6,255}|whsec_[A-Za-z0-9]{16,255}"
    r"|sk-[A-Za-z0-9_-]{20,255}|xox[abeprs]-[A-Za-z0-9-]{10,255}|npm_[A-Za-z0-9]{30,64}"
    r"|AIza[\w-]{30,60}|ya29\.[\w-]{20,512}|SG\.[\w-]{16,64}\.[\w-]{16,128}"
    r"|eyJ[\w-]{6,8000}\.[\w-]{4,8000}(?:\.[\w-]{0,8000})?"
    r")"
)
_HEADER = re.compile(
    r"(?:bearer|basic|apikey|token)(?<![^\W_]bearer)[ \t]{1,4}(?P<value>[\w.~+/=-]{8,8192})"
)
_NAMED = re.compile(
    r"(?:api[ _-]?(?:key|nyckel|nøkkel|nøgle|schlüssel|avain)|access[ _-]?key|secret[ _-]?key"
    r"|client[ _-]?secret|account[ _-]?key|private[ _-]?key|shared[ _-]?secret|webhook[ _-]?secret"
    r"|(?:access|auth|refresh|api|bearer|session|csrf)[ _-]?token|secret|token|x-api-key)"
    r"[\"']?[ \t]{0,3}(?:=>?|:| is| är| er| on| ist)[ \t]{0,3}[\"'`]?(?P<value>[\w.~+/=-]{8,8192})"
)
_PEM_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_PEM_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_PEM_BODY = re.compile(r"[A-Za-z0-9+/=\s]*")
_LONG = re.compile(r"[A-Za-z0-9+/=_-]{24,}")
_DIGEST_WORD = re.compile(
    r"(?:sha-?\d{1,3}|md5|etag|commit|digest|checksum)\W{1,3}\Z", re.IGNORECASE
)
_PIECE = re.compile(r"[A-Za-z0-9]+")
# Alone or as a part of an address: links to code are full of them.
_COMMIT = re.compile(r"(?<![A-Za-z0-9])(?:[0-9a-f]{40}|[0-9A-F]{40})(?![A-Za-z0-9])")


def _switches(piece: str) -> float:
    """Return how often neighbours are of different classes (digit, capital, small letter)."""
    classes = ["d" if c.isdigit() else "u" if c.isupper() else "l" for c in piece]
    return sum(a != b for a, b in pairwise(classes)) / len(piece)


def _looks_drawn(token: str) -> bool:
    """Tell characters drawn at random from names, paths and identifiers put together of words.

    Random text changes between digits, capitals and small letters at every other character,
    words put together at every sixth. A lone commit hash (40 hexadecimal digits) is no secret.
    """
    token = _COMMIT.sub("", token[:256])
    if not token.strip("0123456789_-/"):
        return False
    pieces = _PIECE.findall(token)
    piece, whole = max(pieces, key=len, default=""), "".join(pieces)
    digits = sum(c.isdigit() for c in piece)
    if len(piece) >= 16 and 2 <= digits < len(piece):
        one_case = piece == piece.lower() or piece == piece.upper()
        if _switches(piece) >= (0.25 if one_case else 0.3) and (not one_case or digits >= 4):
            return True
    # Base64 with slashes falls into short pieces; forty characters are the cloud secrets' length.
    mixed = whole != whole.lower() and whole != whole.upper() and any(c.isdigit() for c in whole)
    return mixed and _switches(whole) >= (0.33 if len(token) == 40 else 0.45)


def _private_keys(text: str) -> Iterator[Found]:
    """Find PEM private keys; one without an end reaches as far as its lines look like one."""
    ends = [match.end() for match in _PEM_END.finditer(text)]
    done = at = 0
    for begin in _PEM_BEGIN.finditer(text):
        if begin.start() < done:
            continue
        while at < len(ends) and ends[at] <= begin.end():
            at += 1
        body = _PEM_BODY.match(text, begin.end())
        done = ends[at] if at < len(ends) else body.end() if body else begin.end()
        yield Found("key", begin.start(), done)


def keys_in(text: str) -> Iterator[Found]:
    """Find private keys, tokens of known issuers, announced keys and long random strings."""
    lowered = text.lower()
    yield from _private_keys(text)
    for match in _ISSUED.finditer(text):
        yield Found("key", match.start(), match.end())
    for pattern in (_HEADER, _NAMED):
        for match in pattern.finditer(lowered):
            value = match["value"]
            if any(c.isdigit() for c in value) and any(c.isalpha() for c in value):
                yield Found("key", *match.span("value"))
    for match in _LONG.finditer(text):
        before = text[max(0, match.start() - 12) : match.start()]
        if _looks_drawn(match.group()) and not _DIGEST_WORD.search(before):
            yield Found("key", match.start(), match.end())


_PASSWORD_WORD = (
    r"(?:pass(?:word|wd|code|phrase|wort|ord(?:et)?)?|pwd|l[öo]senord(?:et)?"
    r"|adgangskoden?|kodeord(?:et)?|salasana(?:ni|mme)?|kennwort)(?![^\W\d_])"
)
_PASSWORD_VALUE = r"(?P<quote>[\"'`«“„]?)(?P<value>[^\s\"'`«»“”„]{3,128})"
_PASSWORD = re.compile(
    _PASSWORD_WORD + r"[\"']?(?:[ \t]{1,2}[^\W\d_]{1,15}){0,3}?"
    r"(?:(?P<mark>[ \t]{0,3}(?:=>?|:|->)\s{0,3})"
    r"|[ \t]{1,3}(?:is|was|är|var|er|on|oli|ist|war|lautet)[ \t]{1,3}(?::[ \t]{0,3})?)"
    + _PASSWORD_VALUE
)
_BARE_PASSWORD = re.compile(_PASSWORD_WORD + r"[ \t]{1,3}" + _PASSWORD_VALUE)
_IN_URL = re.compile(r"://[^\s/:@]{0,64}:(?P<value>[^\s/:@]{1,128})@")
_PIN = re.compile(
    r"pin(?:[ -]?(?:kode?n?|code|koodi(?:ni)?|number))?(?![^\W\d_])"
    r"[ \t]{0,2}(?:=|:|is|är|er|on|ist|lautet)?[ \t]{0,2}(?P<value>\d{4,8})(?![\w.,])"
)
# What follows "password:" in sentences and in error messages, not in sign-in details.
_PROSE = frozenset(
    """
    the this that these and but not does did has have had was were will would can cannot can't
    could should must may when what why how who where which after before then there it's its
    i'm i've you your they required invalid incorrect wrong expired reset forgot forgotten null
    none nil string true false missing empty field change changed unknown failed error denied
    det den detta jag när var vad varför hur kan inte fel fungerar glömt måste ska finns och men
    jeg ikke når hva hvad hvordan hvorfor feil fejl virker glemt skal kan men og utløpt udløbet
    minä en ei se kun mitä miksi miten väärä virhe toimi unohtunut vanhentunut täytyy pitää mutta
    ich nicht wenn wann was warum wie falsch fehler vergessen abgelaufen muss kann soll und aber
    das die der ist sind wird werden abc
    """.split()
)


def _is_value(match: re.Match[str], word: str) -> bool:
    """Judge what follows a word for password: a value, or the sentence going on.

    After a colon or equals sign every word is a value that does not belong to a sentence; after
    "is" and after nothing it has to look like no word of a language.
    """
    if len(word) < 3 or word.lower() in _PROSE:
        return False
    letters = any(c.isalpha() for c in word)
    digits = any(c.isdigit() for c in word)
    if match.re is _BARE_PASSWORD:
        return letters and digits and re.fullmatch(r"[^\W\d_]+-?\d", word) is None
    if match["mark"] or match["quote"]:
        return True
    signs = any(not c.isalnum() and c not in "-'/." for c in word)
    inner_capital = any(c.isupper() for c in word[1:]) and not word.isupper()
    return (letters and (digits or inner_capital)) or signs or (digits and len(word) >= 4)


def passwords_in(text: str) -> Iterator[Found]:
    """Find the value after a word for password in six languages, in an address, or after PIN."""
    lowered = text.lower()
    for pattern in (_PASSWORD, _BARE_PASSWORD):
        for match in pattern.finditer(lowered):
            start, end = match.span("value")
            value = PLACEHOLDER.split(text[start:end], maxsplit=1)[0].rstrip(".,;)")
            if not _inside_a_word(text, match.start()) and _is_value(match, value):
                yield Found("password", start, start + len(value))
    for match in _IN_URL.finditer(text):
        yield Found("password", *match.span("value"))
    for match in _PIN.finditer(lowered):
        if not _inside_a_word(text, match.start()):
            yield Found("password", *match.span("value"))


def _inside_a_word(text: str, start: int) -> bool:
    return start > 0 and text[start - 1].isalpha()
