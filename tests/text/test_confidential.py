import pytest

from triage.records import Draft
from triage.text.confidential import confidential, signs
from triage.text.question import prepare

CONFIDENTIAL = [
    "What discount do we get in our contract?",
    "We found a vulnerability in the portal",
    "Vilken rabatt har vi i vårt avtal?",
    "Vi har hittat ett säkerhetshål",
    "Hvor lang oppsigelsestid har vi på avtalen vår?",
    "Kan vi få et tilbud på 20 pladser mere til vores nuværende pris?",
    "Mikä on sopimuksemme irtisanomisaika ja hinta?",
    "Unser Konto wurde gehackt",
    "Laut Vertrag darf der Preis höchstens um 3 % steigen",
]
ORDINARY = [
    "The price field in the product form shows the wrong value",
    "How do I set up a discount group for a customer?",
    "Prisfältet på artikeln visar fel värde",
    "Avtalsmodulen skapar inga fakturor",
    "Hvor endrer man sikkerhetsinnstillinger for en rolle?",
    "Rabatten vises ikke på fakturaen",
    "Hinnaston tuonti antaa väärät desimaalit",
    "Wie lege ich einen Rabatt für eine Kundengruppe an?",
    "The bank feed stopped with KV-1042",
    "memory leak in the client after the update",
    "",
]


@pytest.mark.parametrize("text", CONFIDENTIAL)
def test_talk_of_contracts_agreed_prices_and_security_is_confidential(text: str) -> None:
    assert confidential(text) >= 0.5


@pytest.mark.parametrize("text", ORDINARY)
def test_questions_of_how_to_are_not(text: str) -> None:
    assert confidential(text) < 0.5


def test_it_is_a_probability_and_the_more_signs_the_higher() -> None:
    little = confidential("our contract")
    much = confidential("our contract, please keep it between us: what discount do we get?")
    assert 0 < little < much < 1
    assert "hush" in signs("Bitte vertraulich behandeln")


def test_a_question_brings_it_to_the_decision() -> None:
    question = prepare(Draft("Our contract", "What discount do we get in our contract?"))
    assert question.confidential >= 0.5
    assert prepare(Draft("Bank feed", "It stopped")).confidential < 0.5


def test_what_is_pasted_far_below_is_not_read() -> None:
    assert confidential("It stopped. " * 1000 + "We found a vulnerability") < 0.5
