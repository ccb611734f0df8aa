"""What Zammad sends when a ticket changes -> whether it is from there, and of which ticket it is.

In: headers and bytes as they came. Out: ids. What else the payload says is not believed: the ticket
itself is read anew.
Not here: the route (api), reading the ticket (rest), what follows (filing).
"""

import hmac
import json
from collections.abc import Mapping
from hashlib import sha1

_HEADER = "x-hub-signature"
_PREFIX = "sha1="


def is_signed(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether this is signed with the secret; header names are in lower case."""
    if not secret:
        return False
    said = headers.get(_HEADER, "").strip()
    # Zammad signs so and not otherwise; an HMAC over SHA-1 is not broken as SHA-1 alone is.
    right = _PREFIX + hmac.new(secret.encode(), body, sha1).hexdigest()
    return hmac.compare_digest(said.encode(), right.encode())


def told_items(headers: Mapping[str, str], body: bytes) -> tuple[str, ...]:
    """Return the id of the ticket that is told of; none where it tells of something else."""
    try:
        told = json.loads(body)
        number = told["ticket"]["id"]
    except (ValueError, RecursionError, LookupError, TypeError):
        return ()
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number < 10**12:
        return ()
    return (str(number),)
