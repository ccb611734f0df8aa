"""A person's name -> keyed hash. The name goes no further than this call.

In: the installation key and what a forum calls a person. Out: 32 hexadecimal digits.
Not here: where the key is kept (settings), what is known of a person (store).
"""

import hashlib
import hmac
from collections.abc import Callable

HashPerson = Callable[[str], str]


def person_hasher(key: bytes, forum: str) -> HashPerson:
    """Return the function that hashes this forum's persons (HMAC-SHA-256, 128 bits kept).

    The forum is part of the hash, so that one person in two forums of an installation cannot be
    joined. Raises ValueError for a key under 16 bytes.
    """
    if len(key) < 16:
        raise ValueError("The installation key must have at least 16 bytes.")
    scope = forum.encode() + b"\x00"

    def hash_person(user: str) -> str:
        return hmac.new(key, scope + user.strip().encode(), hashlib.sha256).hexdigest()[:32]

    return hash_person
