"""What an expert may read beside the question: what is private, never what is secret."""

import pytest

from triage.records import Attachment, Context, Draft
from triage.text import original_of, prepare

MAIL, CARD = "anna.quux@example.com", "4111 1111 1111 1111"


def kept(**fields: object) -> dict[str, str]:
    draft = Draft(**{"title": "Invoices", "body": "", **fields})  # type: ignore[arg-type]
    return dict(original_of(draft, prepare(draft)))


def test_private_parts_come_back_and_secrets_do_not() -> None:
    found = kept(body=f"Write to {MAIL}, the card is {CARD}.\n password: hunter2-Xy7")
    assert found == {"body": f"Write to {MAIL}, the card is [CARD].\n password: [PASSWORD]"}


def test_fields_without_anything_private_are_left_out() -> None:
    assert kept(body="Nothing here.") == {}
    assert kept(body=f"The card is {CARD}.") == {}


def test_every_field_is_read() -> None:
    found = kept(
        title=f"Mail {MAIL}",
        context=Context(error_text=f"User {MAIL} unknown"),
        attachments=(Attachment("log.txt", text="nothing"), Attachment("b.txt", text=f"to {MAIL}")),
    )
    assert found == {
        "title": f"Mail {MAIL}",
        "context.error_text": f"User {MAIL} unknown",
        "attachments.1.text": f"to {MAIL}",
    }


@pytest.mark.parametrize("secret", ["hunter2-Xy7", "sk_live_4eC39HqLyjWDarjtT1zdp7dc"])
def test_a_secret_beside_something_private_stays_out(secret: str) -> None:
    found = kept(body=f"Login {MAIL} password: {secret}")
    assert found.keys() == {"body"}
    assert secret not in found["body"]
    assert MAIL in found["body"]
