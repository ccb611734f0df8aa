"""Threads to put into an index, and an encoder that needs no model."""

import numpy as np

from triage.records import Unit, UnitKind
from triage.retrieve import IndexedThread, Search

DIMENSION = 64
WORDS = tuple("bank feed logo faktura sende laskun portal walrus zebra consent renew print".split())


def thread(
    number: int | str,
    units: int = 2,
    groups: frozenset[str] = frozenset(),
    seed: int | None = None,
    **more: object,
) -> IndexedThread:
    """Return a thread of a title and answers, its texts and vectors by lot of its number."""
    luck = np.random.default_rng(abs(hash_of(number)) if seed is None else seed)
    texts = [" ".join(luck.choice(WORDS, 4)) for _ in range(units)]
    made = [
        Unit(UnitKind.ANSWER, text, f"{number}-a{n}") if n else Unit(UnitKind.TITLE, text)
        for n, text in enumerate(texts)
    ]
    rows = luck.standard_normal((units, DIMENSION)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return IndexedThread(str(number), tuple(made), rows, "en", groups, **more)  # type: ignore[arg-type]


def hash_of(name: int | str) -> int:
    """Return the same number for the same name in every process."""
    return int.from_bytes(str(name).encode()[-6:], "little")


def asking(seed: int, **more: object) -> Search:
    """Return a search for some words near some vector."""
    luck = np.random.default_rng(seed)
    vector = luck.standard_normal(DIMENSION).astype(np.float32)
    text = " ".join(luck.choice(WORDS, 3))
    vector /= np.linalg.norm(vector)
    return Search(**{"text": text, "lang": "en", "vector": vector, **more})  # type: ignore[arg-type]
