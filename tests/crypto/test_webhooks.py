"""Signatures by the Standard Webhooks specification, held against its own library."""

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from triage.crypto.webhooks import TOLERANCE, is_secret, new_secret, sign, verify

BODY = '{"type":"question.answered","data":{"title":"Ä"}}'.encode()


def test_what_we_sign_their_library_believes() -> None:
    secret, now = new_secret(), datetime.now(UTC)
    headers = dict(sign([secret], "msg_1", now, BODY))
    assert Webhook(secret).verify(BODY, headers) == {
        "type": "question.answered",
        "data": {"title": "Ä"},
    }
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY + b" ", headers)


def test_what_their_library_signs_we_believe() -> None:
    secret, now = new_secret(), datetime.now(UTC)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg_1", now, BODY.decode()),
    }
    assert verify([secret], headers, BODY, now)
    assert not verify([new_secret()], headers, BODY, now)
    assert not verify([secret], {**headers, "webhook-id": "msg_2"}, BODY, now)
    assert not verify([secret], headers, BODY, now + TOLERANCE + timedelta(seconds=2))
    assert not verify([secret], {**headers, "webhook-timestamp": "²"}, BODY, now)
    assert not verify([secret], {}, BODY, now)


def test_while_a_secret_is_changed_either_is_believed() -> None:
    old, new, now = new_secret(), new_secret(), datetime.now(UTC)
    headers = dict(sign([new, old], "msg_1", now, BODY))
    for secret in (old, new):
        Webhook(secret).verify(BODY, headers)
        assert verify([secret], headers, BODY, now)


def test_a_secret_is_of_the_right_form_and_never_made_twice() -> None:
    assert is_secret(new_secret())
    assert new_secret() != new_secret()
    for wrong in (
        "whsec_",
        "whsec_!!!!",
        "x" * 40,
        "whsec_" + "QUJD" * 4,
        "whsec_" + "QUJD" * 30,
        "whsec_é",
    ):
        assert not is_secret(wrong)
