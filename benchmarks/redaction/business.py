"""Business secrets, mail and postal addresses, drawn at random; and what a forum knows of itself.

In: a random source. Out: company names, hosts, internal addresses, customer numbers, addresses.
Not here: numbers with check digits (numbers).
"""

from collections.abc import Callable, Mapping
from random import Random

Kind = Callable[[Random], str]

# What the service is told by its settings and by the accounts of the forum.
CUSTOMER_TEMPLATES = ("K-#####", "@@##-####")
INTERNAL_DOMAINS = ("nordhavn-intern.se", "erp.solvik.no")
KNOWN_NAMES = ("Solvik Fjordfisk", "Kvarnbergs Bruk", "Torvinen & Pojat", "Hansa Antriebstechnik")

_FIRST = "anna bjorn matti ole karin jens sofie pekka ingrid ulrike tom lisa".split()
_LAST = "berg lindqvist virtanen hansen nilsen mueller smith sorensen koskela".split()
_STEMS = (
    "Bäckström Nordlys Mäkelä Vestergård Lindhagen Brückner Fjellheim Solberga Aalto Kragh"
    " Whitmore Tallberg Steinhoff Rantanen Østby"
).split()
_TRADES = {
    "sv": "Bygg Måleri Transport Konsult Mekaniska".split(),
    "nb": "Eiendom Entreprenør Regnskap Maskin Sjømat".split(),
    "da": "Byg Transport Rådgivning Maskinfabrik Handel".split(),
    "fi": "Rakennus Kuljetus Konepaja Palvelut Tekniikka".split(),
    "de": "Maschinenbau Logistik Anlagentechnik Beratung Handel".split(),
    "en": "Logistics Consulting Foods Engineering Holdings".split(),
}
_FORMS = {
    "sv": ("AB", "HB", "Aktiebolag"),
    "nb": ("AS", "ASA", "ANS"),
    "da": ("A/S", "ApS", "I/S"),
    "fi": ("Oy", "Oyj", "Ky"),
    "de": ("GmbH", "AG", "GmbH & Co. KG", "KG"),
    "en": ("Ltd", "Inc", "Limited", "Inc.", "LLC"),
}


def _company(lang: str) -> Kind:
    def drawn(rng: Random) -> str:
        return " ".join((rng.choice(_STEMS), rng.choice(_TRADES[lang]), rng.choice(_FORMS[lang])))

    return drawn


def _partners(rng: Random) -> str:
    one, other = rng.sample(_STEMS, 2)
    return f"{one} & {other} {rng.choice(('AB', 'AS', 'ApS', 'Oy', 'GmbH', 'Ltd'))}"


def _mail(rng: Random) -> str:
    domain = rng.choice(_STEMS).lower().translate(_ASCII)
    end = rng.choice(("se", "no", "dk", "fi", "de", "com"))
    return f"{rng.choice(_FIRST)}.{rng.choice(_LAST)}@{domain}.{end}"


_ROLES = "sql app web file dc erp mail print backup citrix".split()


def _short(rng: Random) -> str:
    return f"srv-{rng.choice(_ROLES)}{rng.randint(1, 19):02d}"


def _upper(rng: Random) -> str:
    place = rng.choice(("SRV", "NOOSL", "SESTO", "PRD"))
    return f"{place}-{rng.choice(_ROLES).upper()}{rng.randint(1, 9):02d}"


def _internal(end: str) -> Kind:
    return lambda r: f"{_short(r)}.{r.choice(_STEMS).lower().translate(_ASCII)}.{end}"


_ASCII = str.maketrans("åäöæøü", "aaoaou")


def _private(rng: Random) -> str:
    middle = rng.randint(2, 250), rng.randint(2, 250)
    starts = (f"10.{rng.randint(11, 250)}", "192.168", f"172.{rng.randint(16, 31)}")
    return f"{rng.choice(starts)}.{middle[0]}.{middle[1]}"


def _path(rng: Random) -> str:
    return rng.choice(("/faktura/edit?id=77", "/wiki/Budget", "/reports/q3.xlsx", "", "/"))


def _street(lang: str) -> Kind:
    places = {
        "sv": ("{s}gatan {n}, 11{p} {q} Stockholm", "{s}vägen {n} B, 41{p} {q} Göteborg"),
        "nb": ("{s}veien {n}, 0{r} Oslo", "{s} gate {n}B, 50{q} Bergen"),
        "da": ("{s}gade {n}, 2. tv, 80{q} Aarhus C", "{s}vej {n}, 21{q} København Ø"),
        "fi": ("{s}nkatu {n} B {m}, 00{r} Helsinki", "{s}ntie {n}, 33{r} Tampere"),
        "de": ("{s}straße {n}, 10{r} Berlin", "Am {s}weg {n}a, 80{r} München"),
        "en": ("{n} {s} Street, London NW1 {m}XE", "{n} {s} Road, Leeds LS{m} 4AB"),
    }[lang]

    def drawn(rng: Random) -> str:
        return rng.choice(places).format(
            s=rng.choice("Björk Kirke Skole Lind Birken Maple Asema Kastani".split()),
            n=rng.randint(1, 120),
            p=rng.randint(1, 9),
            q=rng.randint(10, 99),
            r=rng.randint(100, 999),
            m=rng.randint(1, 9),
        )

    return drawn


BUSINESS: Mapping[str, Mapping[str, Kind]] = {
    "email": {
        "plain": _mail,
        "tagged": lambda r: f"{r.choice(_FIRST)}+{r.randint(1, 99)}@mail.{r.choice(_LAST)}.co.uk",
        "spelled": lambda r: f"{r.choice(_FIRST)} (at) {r.choice(_LAST)} (dot) com",
        "upper": lambda r: (
            f"{r.choice(_FIRST)}_{r.choice(_LAST)}@{r.choice(_LAST)}-group.eu".upper()
        ),
    },
    "address": {lang: _street(lang) for lang in _FORMS},
    "company": {
        **{lang: _company(lang) for lang in _FORMS},
        "partners": _partners,
    },
    "account": {
        "known": lambda r: r.choice(KNOWN_NAMES),
        "known_upper": lambda r: r.choice(KNOWN_NAMES).upper(),
    },
    "host": {
        "short": _short,
        "upper": _upper,
        "local": _internal("local"),
        "internal": _internal("internal"),
        "corp": _internal("corp"),
        "lan": _internal("lan"),
        "private": _private,
        "private_port": lambda r: f"{_private(r)}:{r.choice((1433, 5432, 8080, 3306))}",
        "url_local": lambda r: f"https://{_internal('local')(r)}{_path(r)}",
        "url_short": lambda r: f"http://{_short(r)}:{r.choice((8080, 8443))}{_path(r)}",
        "url_intranet": lambda r: f"http://intranet{_path(r)}",
        "url_intranet_domain": lambda r: f"https://intranet.{r.choice(_LAST)}.com{_path(r)}",
        "url_private": lambda r: f"http://{_private(r)}:8080{_path(r)}",
        "url_configured": lambda r: f"https://app.{r.choice(INTERNAL_DOMAINS)}{_path(r)}",
        "configured": lambda r: f"{_short(r)}.{r.choice(INTERNAL_DOMAINS)}",
        "unc": lambda r: f"\\\\{_short(r)}\\delad\\ekonomi",
        "unc_domain": lambda r: f"\\\\{_internal('local')(r)}\\share$",
        "instance": lambda r: f"{_upper(r)}\\PROD",
        "mac_dns": lambda r: f"{r.choice(_FIRST)}s-macbook.local",
    },
    "customer_number": {
        "first": lambda r: f"K-{r.randint(10000, 99999)}",
        "second": lambda r: (
            f"{r.choice(('NO', 'AB', 'QX'))}{r.randint(10, 99)}-{r.randint(1000, 9999)}"
        ),
    },
}
