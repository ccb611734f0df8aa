"""Texts -> vectors through the store's cache: nothing is encoded twice, two encoders never mix.

In: redacted texts. Out: one row per text. Vectors are kept under the digest of the text and the
encoder's id with the text's role, since some encoders treat questions and answers differently.
Not here: how vectors are made (encode) or kept (store).
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from triage import store
from triage.encode import Encoder, TextRole
from triage.encode.base import Vectors
from triage.text import digest

Progress = Callable[[str], None]
# Small enough that a killed run loses little, large enough to keep the encoder busy.
_BATCH = 256


def space_of(encoder: Encoder, role: TextRole) -> str:
    """Name the vectors of this encoder in this role."""
    return f"{encoder.id}#{role}"


def embed(
    database: store.Database,
    forum_id: int,
    encoder: Encoder,
    texts: Sequence[str],
    role: TextRole,
    progress: Progress | None = None,
) -> Mapping[str, Vectors]:
    """Return the vector of every text by its digest; what is new is encoded and kept."""
    space = space_of(encoder, role)
    by_digest = {digest(t): t for t in texts}
    with database.read() as c:
        found = dict(store.get_vectors(c, forum_id, space, list(by_digest)))
    missing = [d for d in by_digest if d not in found]
    # Similar lengths side by side: a batch costs as much as its longest text.
    missing.sort(key=lambda d: len(by_digest[d]))
    for start in range(0, len(missing), _BATCH):
        batch = missing[start : start + _BATCH]
        rows = encoder.encode([by_digest[d] for d in batch], role)
        fresh = {d: np.asarray(row) for d, row in zip(batch, rows, strict=True)}
        with database.write() as c:
            store.put_vectors(c, forum_id, space, fresh)
        found.update(fresh)
        if progress is not None:
            progress(f"encoded {min(start + _BATCH, len(missing))} of {len(missing)} texts")
    return found


def matrix(vectors: Mapping[str, Vectors], texts: Sequence[str], dimension: int) -> Vectors:
    """Stack the vectors of texts in their order, shape (len(texts), dimension)."""
    if not texts:
        return np.empty((0, dimension), dtype=np.float32)
    return np.stack([vectors[digest(t)] for t in texts])
