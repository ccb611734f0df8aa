"""What opens doors to programs: keys and tokens.

In: the text of a view. Out: candidates.
Not here: passwords, licence keys (licences), which of two overlapping candidates wins (redact).
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from triage.text.candidates import Found

ISSUED = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}"
    r"|gh[opusr]_[A-Za-z0-9]{20,255}|github_pat_\w{20,255}|gl(?:pat|dt|rt|ptt|soat)-[\w-]{16,255}"
    r"|[spr]k_(?:live|test)_[A-Za-z0-9]{6,255}|whsec_[A-Za-z0-9+/=]{16,255}"
    r"|sk-[A-Za-z0-9_-]{20,255}|xox[abeoprs]-[A-Za-z0-9-]{10,255}|xapp-[A-Za-z0-9-]{20,255}"
    r"|npm_[A-Za-z0-9]{30,64}|pypi-[\w-]{50,255}|hf_[A-Za-z]{30,64}|rubygems_[0-9a-f]{48}"
    r"|AIza[\w-]{30,60}|ya29\.[\w-]{20,512}|GOCSPX-[\w-]{20,64}|SG\.[\w-]{16,64}\.[\w-]{16,128}"
    r"|(?:SK|AC)[0-9a-f]{32}|do[opr]_v1_[0-9a-f]{40,80}|shp(?:at|ss|ca|pa)_[0-9a-fA-F]{32}"
    r"|key-[0-9a-f]{32}|dapi[0-9a-f]{32}|dckr_[a-z]{3}_[\w-]{20,64}|hv[sbr]\.[\w-]{20,255}"
    r"|gls[ac]_[A-Za-z0-9]{20,64}(?:_[0-9a-f]{8})?|glc_[A-Za-z0-9+/=]{32,255}|ATATT3[\w=-]{40,255}"
    r"|NRAK-[A-Z0-9]{20,40}|lin_api_[A-Za-z0-9]{30,64}|PMAK-[0-9a-f]{24}-[0-9a-f]{30,40}"
    r"|ntn_[A-Za-z0-9]{30,64}|figd_[\w-]{30,64}|atlasv1-[\w=-]{40,90}|sq0(?:atp|csp)-[\w-]{20,60}"
    r"|EAAC[A-Za-z0-9]{30,255}|r8_[A-Za-z0-9]{30,50}|[0-9a-f]{32}-us\d{1,2}"
    r"|gsk_[A-Za-z0-9]{40,64}|oy2[a-z0-9]{43}"
    r"|age-secret-key-1\w{50,64}"
    r"|[A-Za-z0-9]{24}\.[\w-]{6}\.[\w-]{25,40}|\d{8,10}:AA[\w-]{30,40}|\w{3}\dQ~[\w.~-]{31,40}"
    r"|eyJ[\w-]{6,8000}\.[\w-]{4,8000}(?:\.[\w-]{0,8000})?"
    r"|T[A-Z0-9]{8,11}/B[A-Z0-9]{8,11}/[A-Za-z0-9]{16,32}"
    r")"
)
_HEADER = re.compile(
    r"(?:bearer|basic|apikey|token|digest)(?<![^\W_]bearer)[ \t]{1,4}(?P<value>[\w.~+/=-]{8,8192})"
)
# The word that a name ends with, as programs, files and six languages write it.
_KEY_WORD = (
    r"(?:api[ _-]?(?:key|nyckeln?|nøkkel(?:en)?|nøglen?|schlüssel|avain)|rajapinta-?avain"
    r"|(?:access|secret|account|private|shared|storage|master|encryption|signing|subscription"
    r"|function|host|license|client|service|app|application|primary|secondary|webhook|deploy"
    r"|admin|rest|write|read|user|project|server|consumer)[ _-]?(?:access[ _-]?)?key"
    r"(?:[ _-]?(?:id|base|value|data))?"
    r"|(?:client|shared|webhook|signing|app|consumer|api|jwt|session|cookie|token|oauth|auth)"
    r"[ _-]?secret(?:[ _-]?(?:key|id|value))?"
    r"|(?:access|auth|refresh|api|bearer|session|csrf|bot|personal|deploy|id|security|oauth|user"
    r"|private|registry|service|sas|push|reset|login|integration)[ _-]?tokens?"
    r"|_auth|(?:php|j|asp\.net_)?sess(?:ion)?_?id|secrets?|tokens?|sig(?:nature)?|sas|accesskeyid"
    r"|åtkomstnyckeln?|säkerhetsnyckeln?|hemlig(?:a|heten)?(?: nyckeln?)?|tilgangsnøkkel(?:en)?"
    r"|hemmelig(?:e|het)? ?(?:nøkkel(?:en)?|nøglen?)|adgangsnøglen?|zugriffsschlüssel"
    r"|geheim(?:e[rn]?)? ?(?:schlüssel|nis)|sicherheitsschlüssel|zugangsschlüssel"
    r"|salai(?:nen|sen|suus) ?(?:avain|avaimen|avaimeni)?|(?:pääsy|käyttö)avain"
    r"|token(?:en|et|in|ille)?|nyckeln|nøkkelen|nøglen|(?:der|dem|den) schlüssel|avain)"
)
_NAMED = re.compile(
    r"(?<![^\W_])(?:[a-z0-9]{1,20}[_-]){0,4}" + _KEY_WORD + r"(?![^\W\d_])"
    r"[\"']?(?: (?:for|för|till|til|to|of|zu|für|from|fra|från)(?: [^\W\d_]{1,20}){1,2})?"
    r"(?:[ \t]{0,3}(?:=>?|:|,)[ \t]{0,3}(?:\n[ \t]{0,8})?"
    r"|[ \t]{1,3}(?:is|was|är|var|er|on|oli|ist|war|lautet|value)[ \t]{1,3}(?::[ \t]{0,3})?)"
    r"[\"'`]?(?P<value>(?!\[)[\w.~+/=%!@*#$&^-]{8,8192})"
)
# "the token I created is …", "my stripe key …": only what cannot be a word of the sentence.
_NEAR = re.compile(
    r"(?<![^\W_])(?:api[ -]?|access |secret )?(?:key|token|secret|pat|nyckeln?|nøkkel(?:en)?"
    r"|nøglen?|schlüssel|avain|hemligheten|apikey|key and)(?![^\W\d_])"
    r"(?P<between>[^\w\n]{1,4}(?:[^\W\d_]{1,14}[ \t:,(\"'`]{1,3}){0,4}?)"
    r"(?P<value>[\w~+/-]{16,512}={0,2})"
)
_IN_QUERY = re.compile(
    r"[?&;](?:sig|signature|token|access_token|id_token|api_?key|apikey|key|auth|secret|code"
    r"|subscription-key|x-amz-(?:signature|security-token|credential)|private_token|sessionid)="
    r"(?P<value>[\w.~+/%-]{8,2048}=*)"
)
_PEM_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_PEM_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_PEM_BODY = re.compile(r"[A-Za-z0-9+/=\s\\]*")
_LONG = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")
_DIGEST_WORD = re.compile(
    r"(?:\b(?:sha-?\d{0,3}|md5|etag|commit|digest|checksum|hash|integrity|fingerprint|thumbprint"
    r"|revision|index|ssh-(?:rsa|ed25519|dss))\b\W{1,3}|\bsha\d{1,3}-)\Z",
    re.IGNORECASE,
)
_PIECE = re.compile(r"[A-Za-z0-9]+")
# Digests, commits and ids are written so; a key of hexadecimal digits is found by the word before.
_HEX = re.compile(r"(?<![A-Za-z0-9])(?:[0-9a-f]{24,}|[0-9A-F]{24,})(?![A-Za-z0-9])")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_CONSONANTS = re.compile(r"[^aeiouyåäöæø]{6}", re.IGNORECASE)
_VOWEL = re.compile(r"[aeiouyåäöæø]", re.IGNORECASE)


def _switches(piece: str) -> float:
    """Return how often neighbours are of different classes (digit, capital, small letter)."""
    classes = ["d" if c.isdigit() else "u" if c.isupper() else "l" for c in piece]
    return sum(a != b for a, b in pairwise(classes)) / len(piece)


def _looks_drawn(token: str) -> bool:
    """Tell characters drawn at random from names, paths and identifiers put together of words.

    Random text changes between digits, capitals and small letters at every other character,
    words put together at every sixth. Hexadecimal digits alone are no secret by their looks.
    """
    token = _HEX.sub("", token[:256])
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


def _no_word(value: str, most_vowels: float = 0.3) -> bool:
    """Tell letters in one case drawn at random from words: they have few vowels."""
    if len(value) < 16 or not value.isalpha() or value not in (value.lower(), value.upper()):
        return False
    few = len(_VOWEL.findall(value)) / len(value) < most_vowels
    return few or _CONSONANTS.search(value) is not None


def _is_announced(value: str) -> bool:
    """Judge what stands right after the name of a key."""
    letters, digits = any(c.isalpha() for c in value), any(c.isdigit() for c in value)
    if not letters or not digits:
        return _no_word(max(_PIECE.findall(value), key=len, default=""))
    # 2024-05-01T10, v8.2.0 and 10min are not what keys look like.
    plain = value.strip(".,;:!%")
    return len(plain) >= 8 and re.fullmatch(r"v?\d[\d.:-]*[a-z]{0,3}|\d[\dtz:.+-]+", plain) is None


def _is_near(value: str) -> bool:
    """Judge a word some way after a word for key: long, and of letters and digits in disorder."""
    if _UUID.fullmatch(value) or _HEX.fullmatch(value):
        return not value.isupper()
    if re.fullmatch(r"[0-9A-F]+", value):
        return False  # the number of a public key
    digits = sum(c.isdigit() for c in value)
    drawn = 2 <= digits < len(value) and _switches(value) >= 0.25
    return (drawn and "/" not in value) or _no_word(value, 0.22) or _looks_drawn(value)


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


def _named(text: str) -> Iterator[Found]:
    """Find what a word for key, a header or an address announces."""
    lowered = text.lower()
    for match in _HEADER.finditer(lowered):
        if _is_announced(match["value"]):
            yield Found("key", *match.span("value"))
    for match in _NAMED.finditer(lowered):
        start, end = match.span("value")
        value = text[start:end].rstrip(".,;:!*@")
        if _is_announced(value):
            yield Found("key", start, start + len(value))
    for match in _IN_QUERY.finditer(lowered):
        value = text[slice(*match.span("value"))]
        if _is_announced(value) and _is_near(value.replace("%", "")[:256]):
            yield Found("key", *match.span("value"))
    for match in _NEAR.finditer(lowered):
        start, end = match.span("value")
        before = text[max(0, start - 14) : start]
        if _is_near(text[start:end].rstrip("=-/")) and not _DIGEST_WORD.search(before):
            yield Found("key", start, end)


def keys_in(text: str) -> Iterator[Found]:
    """Find private keys, tokens of known issuers, announced keys and long random strings."""
    yield from _private_keys(text)
    for match in ISSUED.finditer(text):
        yield Found("key", match.start(), match.end())
    yield from _named(text)
    for match in _LONG.finditer(text):
        before = text[max(0, match.start() - 14) : match.start()]
        if _looks_drawn(match.group()) and not _DIGEST_WORD.search(before):
            yield Found("key", match.start(), match.end())
