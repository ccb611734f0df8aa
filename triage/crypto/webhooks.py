"""Signatures of messages by the Standard Webhooks specification (HMAC-SHA256, `v1`).

In: secrets (`whsec_…`), a message's id, the moment and its bytes. Out: three headers. While a
secret is being changed there are two, and a signature of each.
Not here: where secrets are kept (channels), sending (client).
"""

import base64
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

_PREFIX = "whsec_"
_SECRET_BYTES, _SHORTEST, _LONGEST = 32, 24, 64
# What clocks may differ by, and how old a message may be that is still believed.
TOLERANCE = timedelta(minutes=5)


def new_secret() -> str:
    """Return a secret as the specification writes it."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def is_secret(text: str) -> bool:
    """Whether this is a secret as the specification writes it."""
    try:
        return text.startswith(_PREFIX) and _SHORTEST <= len(_key(text)) <= _LONGEST
    except ValueError:
        return False


def sign(secrets_: Sequence[str], message_id: str, at: datetime, body: bytes) -> Mapping[str, str]:
    """Return the headers of a message that is sent at this moment, signed with every secret."""
    seconds = str(int(at.timestamp()))
    signatures = [f"v1,{_signature(secret, message_id, seconds, body)}" for secret in secrets_]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(signatures),
    }


def verify(secrets_: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether a message is signed with one of the secrets, and not long ago."""
    message_id, seconds = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 11):
        return False
    if abs(now - datetime.fromtimestamp(int(seconds), UTC)) > TOLERANCE:
        return False
    wanted = [_signature(secret, message_id, seconds, body).encode() for secret in secrets_]
    found = [
        one[3:].encode() for one in headers.get("webhook-signature", "").split() if one[:3] == "v1,"
    ]
    return any([hmac.compare_digest(one, other) for one in found for other in wanted])


def _signature(secret: str, message_id: str, seconds: str, body: bytes) -> str:
    signed = f"{message_id}.{seconds}.".encode() + body
    return base64.b64encode(hmac.new(_key(secret), signed, sha256).digest()).decode()


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
