"""Hard negatives: texts that look sensitive and are not, drawn at random.

In: a random source. Out: HARMLESS, by split and language; `{name}` is where a drawn value stands.
Not here: what is sensitive (seen, blind).
"""

import string
from collections.abc import Callable, Mapping
from random import Random

from benchmarks.redaction.numbers import digits

_HEX = "0123456789abcdef"


def _hex(count: int) -> Callable[[Random], str]:
    return lambda rng: "".join(rng.choice(_HEX) for _ in range(count))


# What may stand in a harmless text; none of it opens a door or names anybody.
DRAWN: Mapping[str, Callable[[Random], str]] = {
    "order": lambda r: digits(r, r.choice((6, 7, 8, 10))).replace("0", "1", 1),
    "long_order": lambda r: f"{r.choice(('SO', 'PO', 'INV', 'ORD'))}-{digits(r, 8)}",
    "version": lambda r: f"{r.randint(1, 24)}.{r.randint(0, 20)}.{r.randint(0, 99)}",
    "build": lambda r: f"10.0.{r.randint(10000, 22999)}.{r.randint(1, 4000)}",
    "four": lambda r: f"{r.randint(8, 17)}.0.{r.randint(0, 9)}.{r.randint(0, 99)}",
    "commit": _hex(40),
    "short_commit": _hex(7),
    "sha256": _hex(64),
    "uuid": lambda r: "-".join(_hex(n)(r) for n in (8, 4, 4, 4, 12)),
    "date": lambda r: f"{r.randint(2015, 2026)}-{r.randint(1, 12):02d}-{r.randint(1, 28):02d}",
    "time": lambda r: (
        f"{r.randint(0, 23):02d}:{r.randint(0, 59):02d}:{r.randint(0, 59):02d}.{digits(r, 3)}"
    ),
    "epoch": lambda r: str(r.randint(1_500_000_000_000, 1_790_000_000_000)),
    "amount": lambda r: f"{r.randint(1, 9)} {digits(r, 3)} {digits(r, 3)},{digits(r, 2)}",
    "line": lambda r: str(r.randint(10, 900)),
    "code": lambda r: f"{r.choice(('KV', 'ERR', 'ORA', 'HTTP', 'E'))}-{digits(r, 4)}",
    "hexcode": lambda r: f"0x8007{''.join(r.choice(_HEX) for _ in range(4))}",
    "class": lambda r: r.choice(("InvoiceService", "BankFeedImporter", "AbstractJobRunner2")),
    "letters": lambda r: "".join(r.choice(string.ascii_uppercase) for _ in range(3)),
    "ean": lambda r: "73" + digits(r, 11),
    "isbn": lambda r: f"978-91-{digits(r, 4)}-{digits(r, 3)}-{digits(r, 1)}",
}

HARMLESS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "seen": {
        "en": (
            "Order {order} is stuck in state {code} since {date}.",
            "It fails on version {version} but not on {version}.",
            "at com.acme.erp.{class}.run({class}.java:{line})",
            "Commit {commit} broke the import.",
            "sha256:{sha256} does not match the checksum",
            "Windows build {build}, client {four}",
            "The password is required, says the form after the reset.",
            "How do I change my password when the password field is empty?",
            "See https://learn.microsoft.com/en-us/windows/release-health and https://github.com/python/cpython/issues/{order}",
            "request id {uuid} at {date}T{time}Z",
            "My API key does not work, where do I create a new token?",
            "The total is {amount} but should be {amount}.",
            "localhost:8080 and http://127.0.0.1:5000/health answer fine",
            "We use Microsoft Azure, Google Drive and Visual Studio Code.",
            "EAN {ean} and ISBN {isbn} are not found",
            "Error {hexcode} in module kernel32.dll",
        ),
        "sv": (
            "Order {order} och faktura {long_order} saknas.",
            "Felet {code} kom efter uppdateringen {date}.",
            "Hur byter jag lösenord? Lösenordet är för gammalt.",
            "Summan är {amount} kr i stället för {amount} kr.",
            "Ärende {long_order}, version {version}",
        ),
        "nb": (
            "Ordre {order} står fast siden {date}.",
            "Passordet er utløpt, hvordan får jeg et nytt passord?",
            "Beløpet er {amount} kr, feilkode {code}.",
        ),
        "da": (
            "Ordre {order} kan ikke faktureres, fejl {code}.",
            "Adgangskoden er udløbet, hvad gør jeg?",
            "Varenummer {ean} mangler siden {date}",
        ),
        "fi": (
            "Tilaus {order} ei etene, virhe {code}.",
            "Salasana on vanhentunut, miten vaihdan sen?",
            "Summa on {amount} euroa versiossa {version}.",
        ),
        "de": (
            "Bestellung {order} hängt seit {date}.",
            "Das Passwort ist abgelaufen, wie setze ich ein neues?",
            "Betrag {amount} EUR, Fehler {code}, Version {version}",
        ),
    },
    "blind": {
        "en": (
            "Invoice no {order} was posted twice, ticket {long_order}.",
            "pip install requests=={version} numpy=={version}",
            "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/{four}",
            "index {short_commit}..{short_commit} 100644",
            "docker pull nginx@sha256:{sha256}",
            "timestamp={epoch} trace={uuid}",
            'File "/usr/lib/python3.11/site-packages/requests/models.py", line {line}, in'
            " raise_for_status",
            "The secret of good bookkeeping is a key question for us.",
            "Enter password: does not accept any input on the login page",
            "passwords must be 12 characters, tokens expire after 30 days",
            "Read https://docs.python.org/3/library/re.html and stackoverflow.com/q/{order}",
            "PUT /api/v2/orders/{order}/lines/{line} returned 409",
            "Part number {letters}-{order} has price 1 299.00",
            "Is there a limited edition or an inc file in the AS clause?",
            "SELECT a.id AS aid, b.name AS bn FROM invoice a WHERE a.id = {order}",
            "The token ring and the license agreement are shown on the next screen",
            "npm ERR! integrity sha512 mismatch, node v{version}",
        ),
        "sv": (
            "Kundorder {order} med leveransdatum {date} och artikel {ean}.",
            "Var ställer man in lösenordskrav och licens per användare?",
            "Vi har 12 345 678 rader och kör build {build}.",
            "Bokföring per {date}: verifikat {long_order}.",
            "Nyckeltal och tokens i rapporten visas inte.",
        ),
        "nb": (
            "Bilag {long_order} fra {date} mangler i versjon {version}.",
            "Hvor setter jeg passordregler for alle brukere?",
            "Feil i {class} linje {line}: {code}",
        ),
        "da": (
            "Bilag {order} fra {date} er væk efter version {version}.",
            "Hvor indstiller man regler for adgangskode?",
            "Beløb {amount} og EAN {ean}",
        ),
        "fi": (
            "Lasku {long_order} päivältä {date} puuttuu.",
            "Missä asetetaan salasanan pituus?",
            "Virhe {hexcode} rivillä {line}",
        ),
        "de": (
            "Beleg {long_order} vom {date} fehlt seit Version {version}.",
            "Wo stelle ich die Kennwortrichtlinie ein?",
            "Artikel {ean}, Menge {line}, Auftrag {order}",
        ),
    },
}
