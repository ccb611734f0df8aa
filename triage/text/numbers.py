"""Numbers with check digits: payment cards, bank accounts, personal identity numbers.

In: the text of a view. Out: candidates.
Not here: telephone numbers (addresses), which of two overlapping candidates wins (redact).
"""

import datetime
import functools
import re
from collections.abc import Iterator

from stdnum import iban, luhn
from stdnum.de import idnr
from stdnum.dk import cpr
from stdnum.fi import hetu
from stdnum.no import fodselsnummer
from stdnum.se import personnummer
from stdnum.us import ssn

from triage.text.candidates import Found

_GROUPED_CARD = re.compile(
    r"[2-6](?<!\d\d)(?<!\d[.,]\d)(?:"
    r"(?=(?P<long>(?P<short>\d{3}(?:[ .-]{1,2}\d{4}){3})(?:[ .-]?\d{1,3})?)(?!\d))"
    r"|(?=(?P<amex>\d{3}[ .-]{1,2}\d{6}[ .-]{1,2}\d{4,5})(?!\d)))"
)
_CARD = re.compile(r"[2-6](?<![\da-fA-F]\d)(?<!\d[.,]\d)\d{12,18}(?![\da-fA-F])")
_ISSUER = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}"
    r"|35\d{14}|6(?:011|4[4-9]|5)\d{11,16}|62\d{14,17}|(?:50|5[6-9]|6\d)\d{11,17}"
)


def _is_card(number: str) -> bool:
    digits = re.sub(r"\D", "", number)
    return _ISSUER.fullmatch(digits) is not None and luhn.is_valid(digits)


def cards_in(text: str) -> Iterator[Found]:
    """Find payment card numbers, in one piece or in the groups that are printed on the card."""
    for match in _CARD.finditer(text):
        if _is_card(match.group()):
            yield Found("card", match.start(), match.end())
    for match in _GROUPED_CARD.finditer(text):
        for name in ("long", "short", "amex"):
            if match[name] is not None and _is_card(match.group() + match[name]):
                yield Found("card", match.start(), match.end(name))
                break


_IBAN_START = re.compile(r"[A-Za-z](?<![A-Za-z0-9].)[A-Za-z]\d\d(?=[ -]?[A-Za-z0-9]{4})")
_IBAN_LENGTHS = {
    **{"NO": 15, "BE": 16, "DK": 18, "FI": 18, "NL": 18, "FO": 18, "GL": 18, "SI": 19},
    **{"AT": 20, "EE": 20, "LT": 20, "LU": 20, "HR": 21, "LV": 21, "CH": 21, "LI": 21},
    **{"DE": 22, "GB": 22, "IE": 22, "BG": 22, "GI": 23, "SE": 24, "ES": 24, "CZ": 24},
    **{"SK": 24, "RO": 24, "PT": 25, "IS": 26, "TR": 26, "FR": 27, "IT": 27, "GR": 27},
    **{"SM": 27, "MC": 27, "PL": 28, "HU": 28, "CY": 28, "MT": 31, "UA": 29, "RS": 22},
}


_ONLY_DIGITS = frozenset("NO BE DK FI FO GL SI AT EE LT HR DE ES SE CZ SK PT IS PL HU RS".split())


@functools.cache
def _rest_of_iban(country: str) -> re.Pattern[str] | None:
    """Return the pattern of what follows the check digits; None where there is no such country."""
    length = _IBAN_LENGTHS.get(country)
    if length is None:
        return None
    char = r"\d" if country in _ONLY_DIGITS else "[A-Za-z0-9]"
    return re.compile(rf"(?:[ -]?{char}){{{length - 4}}}(?![A-Za-z0-9])")


def _is_iban(number: str) -> bool:
    """Judge the check digits first: asking for the structure of each country takes longer."""
    compact = number.replace(" ", "").replace("-", "").upper()
    digits = "".join(str(int(c, 36)) for c in compact[4:] + compact[:4])
    return int(digits) % 97 == 1 and iban.is_valid(compact)


def ibans_in(text: str) -> Iterator[Found]:
    """Find international bank account numbers of European countries, grouped or not."""
    for match in _IBAN_START.finditer(text):
        pattern = _rest_of_iban(match.group()[:2].upper())
        rest = pattern and pattern.match(text, match.end())
        if rest and _is_iban(text[match.start() : rest.end()]):
            yield Found("iban", match.start(), rest.end())


_IDENTITY = re.compile(
    r"\d(?<![\w/-]\d)(?<!\d[.,]\d)(?:"
    r"(?P<se>(?:\d{3}|\d)[01]\d\d\d ?[-+]? ?\d{4})"
    r"|(?P<fi>\d[01]\d{3}[-+A-FU-Ya-fu-y]\d{3}[0-9A-Ya-y])"
    r"|(?P<no>\d{5}[ -]?\d{5})"
    r"|(?P<de>\d ?\d{3} ?\d{3} ?\d{3})"
    r"|(?P<us>\d\d-\d\d-\d{4})"
    r")(?!\w)(?![.,/-]\d)"
)
_CPR = re.compile(
    r"[0-3](?<![\w/-]\d)(?<!\d[.,]\d)\d[01]\d\d\d(?P<dash> ?- ?|)\d{4}(?!\w)(?![.,/-]\d)"
)
_ANNOUNCED_CPR = re.compile(
    r"[cC][pP][rR][^\d\n]{0,12}(?P<number>[0-3]\d[01]\d\d\d ?-? ?\d{4})(?!\d)"
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


def _is_identity(country: str, number: str) -> bool:
    if country == "se":
        return _is_swedish(number)
    if country == "fi":
        return bool(hetu.is_valid(number, allow_temporary=True))
    if country == "no":
        # Eleven digits are the form of the Norwegian and of the German number.
        return bool(fodselsnummer.is_valid(number) or ("-" not in number and idnr.is_valid(number)))
    if country == "de":
        return bool(idnr.is_valid(number))
    return bool(ssn.is_valid(number))


def identities_in(text: str) -> Iterator[Found]:
    """Find personal identity numbers of Sweden, Finland, Norway, Denmark, Germany and the US.

    Danish numbers since 2007 may have no check digit: a valid date and the dash are enough;
    without the dash the check digit or the word CPR is asked for.
    """
    for match in _IDENTITY.finditer(text):
        if _is_identity(match.lastgroup or "", match.group()):
            yield Found("identity_number", match.start(), match.end())
    for match in _CPR.finditer(text):
        number = match.group().replace(" ", "")
        if (match["dash"] or cpr.checksum(number.replace("-", "")) == 0) and cpr.is_valid(number):
            yield Found("identity_number", match.start(), match.end())
    for match in _ANNOUNCED_CPR.finditer(text):
        if cpr.is_valid(match["number"]):
            yield Found("identity_number", match.start("number"), match.end("number"))
