"""What a letter says is kept; to whom and by whom is not."""

import pytest

from triage.text import without_courtesies


@pytest.mark.parametrize(
    ("letter", "said"),
    [
        (
            "Hi Anna,\n\nRenew the consent. Anna's bank needs it.\n\nRegards\nErik Lund\nSupport",
            "Renew the consent. [NAME] bank needs it.",
        ),
        ("Hej Anna! Förnya samtycket under Bank.\n\nMvh Erik", "Förnya samtycket under Bank."),
        ("Hyvä Liisa,\nAvaa asetukset.\nYstävällisin terveisin\nMatti", "Avaa asetukset."),
        ("Kjære Kari Nordmann\nÅpne menyen.\nVennlig hilsen\nOla", "Åpne menyen."),
        ("Kære Bo,\nÅbn menuen, Bo.\nMed venlig hilsen\nEva", "Åbn menuen, [NAME]."),
        (
            "Sehr geehrte Frau Müller,\nbitte erneuern Sie es.\nMit freundlichen Grüßen\nH. Meier",
            "bitte erneuern Sie es.",
        ),
        ("The export stops.\nThanks in advance!", "The export stops."),
        ("Dear all, restart it.", "Restart it."),
    ],
)
def test_greeting_farewell_and_their_names_go(letter: str, said: str) -> None:
    assert without_courtesies(letter) == said


@pytest.mark.parametrize(
    "text",
    [
        "Hi there are three ways to do it",
        "Hello",
        "Thanks",
        "",
        "Open the menu.\n\nThanks\n1. Open it again.\n2. Choose Bank.",
        "Tack för din fråga! Gör så här: välj Bank.",
        "Thanks\nOpen the menu and choose the bank, which is what many forget.",
        "Restart it. Regards to the team.",
    ],
)
def test_what_is_no_courtesy_stays(text: str) -> None:
    assert without_courtesies(text) == text


def test_once_more_changes_nothing_further() -> None:
    once = without_courtesies("Hi Anna,\nAnna, open it.\nThanks\nErik")
    assert without_courtesies(once) == once == "[NAME], open it."
