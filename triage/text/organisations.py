"""Numbers of companies: organisation, register and VAT numbers, Nordic, German and of the EU.

In: the text of a view. Out: candidates.
Not here: names of companies (companies), numbers of people (identities).
"""

import functools
import re
from collections.abc import Iterator

from stdnum import luhn
from stdnum.de import vat as de_vat
from stdnum.dk import cvr
from stdnum.eu import vat as eu_vat
from stdnum.fi import ytunnus
from stdnum.no import orgnr as no_orgnr

from triage.text.candidates import Found

_SWEDISH = re.compile(r"(?<![\w.,/+-])(?:16)?[25-9]\d[2-9]\d{3}-\d{4}(?![\w/-])(?![.,]\d)")
_FINNISH = re.compile(r"(?<![\w.,/+-])\d{6,7}-\d(?![\w/-])(?![.,]\d)")
_NORWEGIAN = re.compile(
    r"(?<![\w.,/+-])(?:NO[ -]?)?(?P<number>[89]\d\d[ .]?\d{3}[ .]?\d{3})[ -]?MVA(?!\w)",
    re.IGNORECASE,
)
_REGISTER = re.compile(
    r"(?<![\w-])(?:HR[AB]|GnR|GsR)[ -]?(?:Nr\.?|Nummer)?[ :]?\d{2,6}(?: [A-Z]{1,2})?(?!\w)(?!-\d)"
)
_VAT_BODIES = {
    **{"AT": r"U\d{8}", "BE": r"[01]\d{9}", "BG": r"\d{9,10}", "CY": r"\d{8}[A-Z]"},
    **{"CZ": r"\d{8,10}", "DE": r"\d{9}", "DK": r"\d{8}", "EE": r"\d{9}", "EL": r"\d{9}"},
    **{"ES": r"[A-Z0-9]\d{7}[A-Z0-9]", "FI": r"\d{8}", "FR": r"[A-Z0-9]{2}\d{9}"},
    **{"GB": r"\d{9}", "HR": r"\d{11}", "HU": r"\d{8}", "IE": r"\d[A-Z0-9]\d{5}[A-Z]{1,2}"},
    **{"IT": r"\d{11}", "LT": r"(?:\d{9}|\d{12})", "LU": r"\d{8}", "LV": r"\d{11}"},
    **{"MT": r"\d{8}", "NL": r"\d{9}B\d\d", "PL": r"\d{10}", "PT": r"\d{9}", "RO": r"\d{6,10}"},
    **{"SE": r"\d{10}01", "SI": r"\d{8}", "SK": r"\d{10}", "XI": r"\d{9}", "NO": r"\d{9}"},
}
# Beyond these, too little tells a number from a code of somebody's own.
_UNANNOUNCED = frozenset("AT BE DE DK FI FR NL NO PL SE IT IE EL CY ES".split())
_ANY_VAT = re.compile(
    r"(?<![A-Za-z0-9])(?P<country>[A-Z]{2})[ -]?"
    r"(?P<body>[A-Z0-9](?:[ .-]?[A-Z0-9]){5,13})(?![A-Za-z0-9])(?!-\d)"
)
_SWISS = re.compile(r"(?<!\w)CHE-?\d{3}\.?\d{3}\.?\d{3}(?: ?(?:MWST|TVA|IVA|HR))?(?!\w)")
_WORD = re.compile(
    r"(?<![^\W\d_])(?P<word>org(?:anisation|anisasjon|anisations|anisasjons|anization)?s?[ .-]{0,2}"
    r"(?:nr|nummer|nummeret|numret|number|no|id)|foretaks(?:nr|nummer)|företagsnummer"
    r"|cvr|virksomheds(?:nr|nummer)|se-?(?:nr|nummer)|y-?tunnus|yritystunnus|ly-tunnus"
    r"|vat|moms|mva|alv|btw|ust|umsatzsteuer|uid|mwst|tax|steuer-?(?:nr|nummer)|st-?nr|w-idnr"
    r"|company (?:reg(?:istration)?|number)|registration|business id|handelsregister"
    r"|momsregistrerings|mervärdesskatte|eori|duns)(?P<rest>[^\d\n]{0,28}?)"
    r"(?P<number>(?:(?:at|be|bg|cy|cz|de|dk|ee|el|es|fi|fr|gb|hr|hu|ie|it|lt|lu|lv|mt|nl|pl|pt|ro"
    r"|se|si|sk|xi|no)[ -]?)?(?:u)?\d[\d .-]{5,16}\d(?:[a-z]\d\d)?"
    r"|\d{2,3}/\d{3}/\d{4,5})(?![\w])"
)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _is_swedish(number: str) -> bool:
    digits = _digits(number)[-10:]
    return len(digits) == 10 and digits[2] >= "2" and luhn.is_valid(digits)


@functools.cache
def _body(country: str) -> re.Pattern[str] | None:
    body = _VAT_BODIES.get(country)
    return None if body is None else re.compile(body)


def _is_vat(country: str, body: str, announced: bool) -> bool:
    """Judge a VAT number: by its check digits, or after a word for one by its form."""
    pattern, compact = _body(country), re.sub(r"[ .-]", "", body)
    if pattern is None or pattern.fullmatch(compact) is None:
        return False
    if announced:
        return True
    if country == "NO":
        return False
    if country == "DE":
        return bool(de_vat.is_valid(compact))
    return country in _UNANNOUNCED and bool(eu_vat.is_valid(country + compact))


def _is_announced(word: str, number: str) -> bool:
    """Judge a number after a word for one; each country has its own check digit."""
    if "/" in number:
        return word.startswith(("st", "ust", "tax"))
    if number[:2].isalpha() and _is_vat(
        number[:2].upper(), number[2:].strip(" -").upper(), announced=True
    ):
        return True
    digits = _digits(number)
    if len(digits) == 8:
        finnish = "-" in number and ytunnus.is_valid(digits)
        return finnish or (word.startswith(("cvr", "virk", "se", "moms")) and cvr.is_valid(digits))
    if len(digits) == 9:
        return bool(no_orgnr.is_valid(digits)) or word.startswith(("vat", "ust", "umsatz", "duns"))
    return len(digits) in (10, 12) and _is_swedish(digits)


def _announced(text: str) -> Iterator[Found]:
    for match in _WORD.finditer(text.lower()):
        number = match["number"]
        start = match.start("number")
        # What follows in the same line ("556016-0680 2024") is tried without.
        for end in (len(number), *(m.start() for m in re.finditer(" ", number))):
            if _is_announced(match["word"], number[:end]):
                yield Found("organisation_number", start, start + end)
                break


def organisations_in(text: str) -> Iterator[Found]:
    """Find numbers of companies by their form and check digits, or after a word for one."""
    for match in _SWEDISH.finditer(text):
        if _is_swedish(match.group()):
            yield Found("organisation_number", match.start(), match.end())
    for match in _FINNISH.finditer(text):
        if ytunnus.is_valid(match.group()):
            yield Found("organisation_number", match.start(), match.end())
    for match in _NORWEGIAN.finditer(text):
        if no_orgnr.is_valid(match["number"]):
            yield Found("organisation_number", match.start(), match.end())
    for pattern in (_REGISTER, _SWISS):
        for match in pattern.finditer(text):
            yield Found("organisation_number", match.start(), match.end())
    yield from _vat(text)
    yield from _announced(text)


def _vat(text: str) -> Iterator[Found]:
    for match in _ANY_VAT.finditer(text):
        country, body = match["country"], match["body"]
        if country not in _VAT_BODIES:
            continue
        # The next word may stand in capitals as well.
        for end in (len(body), *(m.start() for m in re.finditer("[ .-]", body))):
            if end >= 6 and _is_vat(country, body[:end], announced=False):
                yield Found("organisation_number", match.start(), match.start("body") + end)
                break
