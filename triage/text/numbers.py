"""Numbers with check digits that move money: payment cards and bank accounts.

In: the text of a view. Out: candidates.
Not here: numbers of people (identities) and of companies (organisations), telephones (addresses).
"""

import functools
import re
from collections.abc import Iterator

from stdnum import iban, luhn

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
