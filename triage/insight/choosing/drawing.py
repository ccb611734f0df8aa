"""Ids -> some of them by lot, the same ones whenever it is drawn again with this key.

In: all ids that could have been drawn, how many, a key such as the forum and the day. Out: a Lot.
What is learnt from chosen questions says nothing of the others: only where each had a known chance
does a share among the drawn ones stand for all (Horvitz and Thompson, 1952).
Not here: leaving out what was drawn before: it would change the chances.
"""

import hashlib
from collections.abc import Sequence

from triage.insight.choosing.values import Lot


def by_lot(ids: Sequence[str], count: int, key: str) -> Lot:
    """Draw `count` of the ids without replacement, or all where there are fewer.

    Each has the same chance, and it does not matter in which order they come.
    """
    drawn = sorted(range(len(ids)), key=lambda place: (_ticket(key, ids[place]), ids[place]))
    places = tuple(drawn[: max(0, count)])
    return Lot(places, len(places) / len(ids) if ids else 0.0)


def _ticket(key: str, one: str) -> bytes:
    # The key's length stands first, so that no key and id are read as another pair.
    return hashlib.blake2b(f"{len(key)} {key} {one}".encode(), digest_size=16).digest()
