"""Licence keys as customers of six languages write of them, and what is none beside the word."""

import pytest

from triage.text.redact import redact

SHAPES = {
    "five fives": "7KQ2M-XW4TR-9PLV3-HC8DZ-2BNF6",
    "fours": "7KQ2-XW4T-9PLV-HC8D",
    "in small letters": "7kq2-xw4t-9plv-hc8d-2bnf",
    "spaced": "7KQ2M XW4TR 9PLV3 HC8DZ 2BNF6",
    "prefixed": "LDG-XW4T-9PLV-HC8D",
    "in one": "7KQ2MXW4TR9PLV3HC8DZ2BNF6",
    "digits": "4821-9034-1175-6620-9931",
    "spaced digits": "4821 9034 1175 6620",
    "dotted": "7KQ2.XW4T.9PLV.HC8D",
    "of letters": "XWTR-PLVH-CDZB-NFKQ",
}
SAID = {
    "en": [
        "License key: {}",
        "The licence number is {}.",
        "Our product key of last week is {}",
        "LICENSE_KEY={}",
        "product key\n{}",
        "S/N: {}",
        "key to activate: {}",
    ],
    "sv": [
        "Licensnumret är {}",
        "licensnyckeln vi fick är {}",
        "Aktiveringskoden {} fungerar inte",
    ],
    "nb": ["Lisensnøkkelen vår er {}", "aktiveringskoden {} virker ikke", "lisensnr. {}"],
    "da": ["Licensnøglen er {}", "produktnøglen {} virker ikke", "licenskode {}"],
    "fi": ["lisenssiavaimemme on {}", "Tuoteavain {} ei toimi", "rekisteröintikoodi {}"],
    "de": [
        "Unser Lizenzschlüssel lautet {}",
        "Freischaltcode: {}",
        "Die Lizenz {} ist abgelaufen",
    ],
}
HARMLESS = [
    "license: MIT, serial number SN-2024-001234",
    "The licence agreement of 2024-01-15 and release-notes-2024",
    "We bought the product in March, model ABC-1234-XYZ, and it is fine",
    "licence server license.example.com:27000 does not answer",
    "The product key field is empty, and the licence key page shows error 404",
    "Licensen gäller 2024-2026 för 25 användare",
    "Lizenz 2024.03.01, Version 8.2.1",
    "LICENSE KEY MUST NOT BE EMPTY ON THIS PAGE IN 2024",
    "serial 2024-01-15 and order 12345678",
    "produktkodifiering enligt ISO-9001-2015",
]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("said", [one for texts in SAID.values() for one in texts])
def test_a_key_beside_the_word_for_it_is_taken_out_whole(said: str, shape: str) -> None:
    told = redact(said.format(SHAPES[shape]))
    assert told.text == said.format("[LICENCE]")


@pytest.mark.parametrize(
    "text", ["We typed {} as product key", "{} is our licence key", "{} är vår licensnyckel"]
)
def test_a_key_before_the_word_for_it_is_taken_out(text: str) -> None:
    assert redact(text.format(SHAPES["fours"])).text == text.format("[LICENCE]")


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_stands_beside_the_word_stays(text: str) -> None:
    assert redact(text).text == text
