"""Numbers with check digits and number plans, drawn at random.

In: a random source. Out: cards, bank accounts, identity, organisation and telephone numbers.
Not here: what is drawn without such a check (values, business).
"""

import datetime
import string
from collections.abc import Callable, Mapping
from random import Random

import phonenumbers
from stdnum import iban, luhn
from stdnum.de import idnr
from stdnum.de import vat as de_vat
from stdnum.dk import cpr, cvr
from stdnum.fi import hetu, ytunnus
from stdnum.no import fodselsnummer
from stdnum.no import orgnr as no_orgnr
from stdnum.se import orgnr, personnummer

Kind = Callable[[Random], str]


def digits(rng: Random, count: int) -> str:
    """Return so many digits."""
    return "".join(rng.choice(string.digits) for _ in range(count))


def _until(make: Kind, holds: Callable[[str], bool]) -> Kind:
    """Draw until a library calls the number valid."""

    def drawn(rng: Random) -> str:
        while True:
            value = make(rng)
            if holds(value):
                return value

    return drawn


def _born(rng: Random, since: int = 1940, until: int = 2005) -> datetime.date:
    first = datetime.date(since, 1, 1)
    return first + datetime.timedelta(rng.randrange((datetime.date(until, 12, 31) - first).days))


def _swedish(rng: Random, extra: int = 0) -> tuple[str, str]:
    born = _born(rng)
    nine = f"{born:%y%m}{born.day + extra:02d}{digits(rng, 3)}"
    return f"{born:%Y}"[:2], nine + luhn.calc_check_digit(nine)


def _se(shape: str, extra: int = 0) -> Kind:
    def drawn(rng: Random) -> str:
        century, ten = _swedish(rng, extra)
        return shape.format(c=century, date=ten[:6], rest=ten[6:])

    return drawn


def _norwegian(extra: int) -> Kind:
    def make(rng: Random) -> str:
        born = _born(rng, 1940, 1999)
        nine = f"{born.day + extra:02d}{born:%m%y}{rng.randint(0, 499):03d}"
        return nine + digits(rng, 2)

    return _until(make, fodselsnummer.is_valid)


def _cpr(checked: bool) -> Kind:
    def make(rng: Random) -> str:
        born = _born(rng, 1940, 1999) if checked else _born(rng, 2007, 2019)
        return f"{born:%d%m%y}{rng.randint(0, 3) if checked else rng.randint(4, 9)}{digits(rng, 3)}"

    return _until(make, lambda n: cpr.is_valid(n) and (cpr.checksum(n) == 0) == checked)


def _hetu(signs: str) -> Kind:
    def make(rng: Random) -> str:
        sign = rng.choice(signs)
        born = _born(rng, 2000, 2020) if sign in "ABCDEF" else _born(rng, 1940, 1999)
        check = rng.choice("0123456789ABCDEFHJKLMNPRSTUVWXY")
        return f"{born:%d%m%y}{sign}{rng.randint(2, 899):03d}{check}"

    return _until(make, hetu.is_valid)


def _social_insurance(rng: Random) -> str:
    """German: area, birthday, letter, serial, check digit of weighted digit sums."""
    born = _born(rng)
    letter = rng.choice(string.ascii_uppercase)
    area = rng.choice(("02", "10", "13", "15", "24", "53", "65"))
    eleven = f"{area}{born:%d%m%y}{letter}{digits(rng, 2)}"
    plain = eleven[:8] + f"{ord(letter) - 64:02d}" + eleven[9:]
    weighted = (
        int(c) * w for c, w in zip(plain, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1), strict=True)
    )
    return eleven + str(sum(sum(map(int, str(n))) for n in weighted) % 10)


def _steuer(rng: Random) -> str:
    """Ten digits of which just one comes twice, and the check digit."""
    while True:
        ten = rng.sample(string.digits, 9)
        ten.insert(rng.randrange(10), rng.choice(ten))
        if ten[0] != "0":
            for check in string.digits:
                if idnr.is_valid("".join(ten) + check):
                    return "".join(ten) + check


_BANKS = {"SE": 20, "NO": 11, "DK": 14, "FI": 14, "DE": 18}


def _iban(shape: str) -> Kind:
    def make(rng: Random) -> str:
        country = rng.choice(list(_BANKS))
        account = digits(rng, _BANKS[country])
        return f"{country}{iban.calc_check_digits(f'{country}00{account}')}{account}"

    drawn = _until(make, iban.is_valid)
    if shape == "grouped":
        return lambda rng: grouped(drawn(rng), 4)
    return (lambda rng: drawn(rng).lower()) if shape == "lower" else drawn


def grouped(value: str, size: int, sign: str = " ") -> str:
    """Return a value in groups."""
    return sign.join(value[i : i + size] for i in range(0, len(value), size))


def _card(rng: Random) -> str:
    start = rng.choice(("4", "51", "55", "2221", "4571", "5413"))
    fifteen = start + digits(rng, 15 - len(start))
    return f"{fifteen}{luhn.calc_check_digit(fifteen)}"


def _amex(rng: Random) -> str:
    fourteen = "37" + digits(rng, 12)
    number = fourteen + luhn.calc_check_digit(fourteen)
    return f"{number[:4]} {number[4:10]} {number[10:]}"


_MOBILE = {"SE": "70", "NO": "41", "DK": "20", "FI": "40", "DE": "171", "GB": "7700"}
_LENGTHS = {"SE": 9, "NO": 8, "DK": 8, "FI": 9, "DE": 10, "GB": 10}


def _phone(style: int, *regions: str) -> Kind:
    def drawn(rng: Random) -> str:
        region = rng.choice(regions)
        while True:
            start = _MOBILE[region]
            number = phonenumbers.parse(start + digits(rng, _LENGTHS[region] - len(start)), region)
            if phonenumbers.is_valid_number(number):
                return phonenumbers.format_number(number, style)

    return drawn


def _org_se(rng: Random) -> str:
    nine = rng.choice(("556", "559", "802", "969")) + rng.choice("23456789") + digits(rng, 5)
    return f"{nine}{luhn.calc_check_digit(nine)}"


_ORG_NO = _until(lambda r: r.choice("89") + digits(r, 8), no_orgnr.is_valid)
_CVR = _until(lambda r: r.choice("1234") + digits(r, 7), cvr.is_valid)
_Y = _until(lambda r: f"{r.randint(100000, 3999999):07d}-{r.randint(0, 9)}", ytunnus.is_valid)
_DE_VAT = _until(lambda r: r.choice("128") + digits(r, 8), de_vat.is_valid)
_ORG_SE = _until(_org_se, orgnr.is_valid)
_INTERNATIONAL, _NATIONAL = 1, 2
_STEUER = _until(_steuer, idnr.is_valid)

NUMBERS: Mapping[str, Mapping[str, Kind]] = {
    "identity_number": {
        "se": _until(_se("{date}-{rest}"), personnummer.is_valid),
        "se_bare": _se("{date}{rest}"),
        "se_long": _se("{c}{date}-{rest}"),
        "se_long_bare": _se("{c}{date}{rest}"),
        "se_coordination": _se("{date}-{rest}", 60),
        "se_coordination_long": _se("{c}{date}{rest}", 60),
        "no": _norwegian(0),
        "no_spaced": lambda r: (lambda n: f"{n[:6]} {n[6:]}")(_norwegian(0)(r)),
        "no_d": _norwegian(40),
        "dk": lambda r: (lambda n: f"{n[:6]}-{n[6:]}")(_cpr(True)(r)),
        "dk_bare": _cpr(True),
        "dk_unchecked": lambda r: (lambda n: f"{n[:6]}-{n[6:]}")(_cpr(False)(r)),
        "dk_unchecked_bare": _cpr(False),
        "fi": _hetu("-A"),
        "fi_new": _hetu("YXWVUBCDEF"),
        "de": _STEUER,
        "de_spaced": lambda r: (lambda n: f"{n[:2]} {n[2:5]} {n[5:8]} {n[8:]}")(_STEUER(r)),
        "de_social": _social_insurance,
        "de_social_spaced": lambda r: (lambda n: f"{n[:2]} {n[2:8]} {n[8]} {n[9:]}")(
            _social_insurance(r)
        ),
    },
    "iban": {"grouped": _iban("grouped"), "compact": _iban(""), "lower": _iban("lower")},
    "card": {
        "grouped": lambda r: grouped(_card(r), 4),
        "dashed": lambda r: grouped(_card(r), 4, "-"),
        "compact": _card,
        "amex": _amex,
    },
    "phone": {
        "national": _phone(_NATIONAL, "SE", "FI", "DE"),
        "international": _phone(_INTERNATIONAL, *_MOBILE),
        "compact": _phone(0, *_MOBILE),
        "pairs": lambda r: grouped(_phone(0, "NO", "DK")(r)[3:], 2),
    },
    "organisation_number": {
        "se": lambda r: (lambda n: f"{n[:6]}-{n[6:]}")(_ORG_SE(r)),
        "se_bare": _ORG_SE,
        "se_vat": lambda r: f"SE{_ORG_SE(r)}01",
        "no": _ORG_NO,
        "no_spaced": lambda r: grouped(_ORG_NO(r), 3),
        "no_vat": lambda r: f"NO {grouped(_ORG_NO(r), 3)} MVA",
        "no_vat_compact": lambda r: f"NO{_ORG_NO(r)}MVA",
        "dk": _CVR,
        "dk_pairs": lambda r: grouped(_CVR(r), 2),
        "dk_vat": lambda r: f"DK{_CVR(r)}",
        "fi": _Y,
        "fi_vat": lambda r: "FI" + _Y(r).replace("-", ""),
        "de_vat": lambda r: f"DE{_DE_VAT(r)}",
        "de_vat_spaced": lambda r: f"DE {grouped(_DE_VAT(r), 3)}",
        "de_register": lambda r: f"HRB {r.randint(1000, 299999)}",
        "nl_vat": lambda r: f"NL{digits(r, 9)}B01",
    },
}
