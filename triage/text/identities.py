"""Personal identity numbers: Swedish, Finnish, Norwegian, Danish, German, and of the US.

In: the text of a view. Out: candidates.
Not here: numbers of companies (organisations), which of two overlapping candidates wins (redact).
"""

import datetime
import re
from collections.abc import Iterator

from stdnum import luhn
from stdnum.de import idnr
from stdnum.dk import cpr
from stdnum.fi import hetu
from stdnum.no import fodselsnummer
from stdnum.se import personnummer
from stdnum.us import ssn

from triage.text.candidates import Found

_IDENTITY = re.compile(
    r"\d(?<![\w/-]\d)(?<!\d[.,]\d)(?:"
    r"(?P<se>(?:\d{3}|\d)[01]\d\d\d ?[-+]? ?\d{4})"
    r"|(?P<fi>\d[01]\d{3}[-+A-FU-Ya-fu-y]\d{3}[0-9A-Ya-y])"
    r"|(?P<no>\d{5}[ -]?\d{5}|\d\d{2}\d\d\d{2} ?\d{3} \d\d|\d [01 -]\d ?\d\d ?\d{3} ?\d\d)"
    r"|(?P<de>\d[ ./]?\d{3}[ ./]?\d{3}[ ./]?\d{3})"
    r"|(?P<social>\d ?\d{6} ?[A-Za-z] ?\d{3})"
    r"|(?P<us>\d\d-\d\d-\d{4})"
    r")(?!\w)(?![.,/-]\d)"
)
_CPR = re.compile(
    r"[0-3](?<![\w/-]\d)(?<!\d[.,]\d)\d[01]\d\d\d(?P<dash> ?- ?|)\d{4}(?!\w)(?![.,/-]\d)"
)
_ANNOUNCED_CPR = re.compile(
    r"(?:[cC][pP][rR]|[pP]ersonn(?:umme)?r|PERSONN(?:UMME)?R)[^\d\n]{0,16}"
    r"(?P<number>[0-3]\d[01]\d\d\d ?-? ?\d{4})(?!\d)"
)


def _is_swedish(number: str) -> bool:
    """Judge a personal or a coordination number; the latter has 60 added to the day."""
    digits = re.sub(r"\D", "", number)
    if not luhn.is_valid(digits[-10:]):
        return False
    year, month, day = digits[-10:-8], int(digits[-8:-6]), int(digits[-6:-4]) - 60
    if day < 1:
        return bool(personnummer.is_valid(number.replace(" ", "")))
    try:
        datetime.date(2000 + int(year), month, day)
    except ValueError:
        return False
    return True


_SOCIAL_WEIGHTS = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)


def _is_social(number: str) -> bool:
    """Judge a German social insurance number: area, birthday, initial, serial, check digit.

    The check digit is that of the weighted digits with the initial as its place in the alphabet,
    each product counted as the sum of its own digits (VKVV, paragraph 4).
    """
    compact = number.replace(" ", "").upper()
    day, month = int(compact[2:4]), int(compact[4:6])
    if not (0 < day <= 31 or 50 < day <= 81) or not 0 < month <= 12:
        return False
    digits = f"{compact[:8]}{ord(compact[8]) - ord('A') + 1:02d}{compact[9:11]}"
    products = (int(d) * w for d, w in zip(digits, _SOCIAL_WEIGHTS, strict=True))
    return sum(p // 10 + p % 10 for p in products) % 10 == int(compact[11])


def _is_eleven(number: str) -> bool:
    """Judge eleven digits, which are the form of the Norwegian and of the German number."""
    plain = re.sub(r"[ ./]", "", number)
    return bool(
        fodselsnummer.is_valid(plain)
        or ("-" not in number and len(plain) == 11 and idnr.is_valid(plain))
    )


def _is_identity(country: str, number: str) -> bool:
    if country == "se":
        # A Finnish number whose check character is a digit has the same form.
        return _is_swedish(number) or bool(hetu.is_valid(number, allow_temporary=True))
    if country == "fi":
        return bool(hetu.is_valid(number, allow_temporary=True))
    if country in ("no", "de"):
        return _is_eleven(number)
    if country == "social":
        return _is_social(number)
    return bool(ssn.is_valid(number))


_ORDER_BEFORE = re.compile(
    r"(?<![^\W\d_])(?:order|invoice|faktura|fakturan|ärende|ticket|ordre|tilaus|lasku|bestellung|bestilling"
    r"|beställning|rechnung|bilag|beleg|verifikat|artikel|article|item|sku|batch|auftrag|lot)[a-z-]{0,8}"
    r"[ .:#=-]{1,3}(?:(?:nr|no|nummer|number|numero|id)\b[ .:#=-]{0,3})?\Z",
    re.IGNORECASE,
)


def _is_ordered(text: str, start: int) -> bool:
    """Say whether a number is that of an order or the like: one in ten looks like a person's."""
    return _ORDER_BEFORE.search(text, max(0, start - 28), start) is not None


def identities_in(text: str) -> Iterator[Found]:
    """Find personal identity numbers by form and check digit.

    Danish numbers since 2007 may have no check digit: a valid date and the dash are enough;
    without the dash the check digit or a word for such a number is asked for.
    """
    for match in _IDENTITY.finditer(text):
        if _is_identity(match.lastgroup or "", match.group()) and not _is_ordered(
            text, match.start()
        ):
            yield Found("identity_number", match.start(), match.end())
    for match in _CPR.finditer(text):
        number = match.group().replace(" ", "")
        if (match["dash"] or cpr.checksum(number.replace("-", "")) == 0) and cpr.is_valid(number):
            yield Found("identity_number", match.start(), match.end())
    for match in _ANNOUNCED_CPR.finditer(text):
        if cpr.is_valid(match["number"].replace(" ", "")):
            yield Found("identity_number", match.start("number"), match.end("number"))
