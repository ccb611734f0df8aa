"""Texts -> vectors through the store's cache: nothing is encoded twice, two encoders never mix.

In: redacted texts, or the units of threads. Out: one row per text. Vectors are kept under the
digest of the text and the encoder's id with the text's role, since some encoders treat questions
and answers differently.
Not here: how vectors are made (encode) or kept (store).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from triage import store
from triage.encode import Encoder, TextRole
from triage.encode.base import Vectors
from triage.records import Unit, UnitKind
from triage.streams import chunks
from triage.text import digest

Progress = Callable[[str], None]
# Small enough that a killed run loses little, large enough to keep the encoder busy.
_BATCH = 256


def space_of(encoder: Encoder, role: TextRole) -> str:
    """Name the vectors of this encoder in this role."""
    return f"{encoder.id}#{role}"


def role_of(kind: UnitKind) -> TextRole:
    """Say in which role a unit of a thread is encoded.

    A thread's question asks as a draft does; its answers reply. Its title stays with these: drafts
    in other languages find titles better so (docs/error-analysis-suggestions.md).
    """
    return TextRole.QUERY if kind is UnitKind.QUESTION else TextRole.PASSAGE


def identity(encoder: Encoder | None) -> str:
    """Name an encoder's vectors; without one there are only words."""
    return encoder.id if encoder is not None else "words"


def embed(
    database: store.Database,
    forum_id: int,
    encoder: Encoder,
    texts: Sequence[str],
    role: TextRole,
    progress: Progress | None = None,
    *,
    revision: int | None = None,
) -> Mapping[str, Vectors]:
    """Return the vector of every text by its digest; what is new is encoded and kept.

    Texts that were read at a `revision` may have been deleted since: then nothing is kept of them.
    """
    space = space_of(encoder, role)
    by_digest = {digest(t): t for t in texts}
    with database.read() as c:
        found = dict(store.get_vectors(c, forum_id, space, list(by_digest)))
    missing = {d: t for d, t in by_digest.items() if d not in found}
    done = 0
    for fresh in _encoded(encoder, missing, role):
        _keep(database, forum_id, space, fresh, revision)
        found.update(fresh)
        done += len(fresh)
        if progress is not None:
            progress(f"encoded {done} of {len(missing)} texts")
    return found


def encode_ahead(
    database: store.Database,
    forum_id: int,
    encoder: Encoder,
    texts: Sequence[str],
    role: TextRole,
    told: Callable[[int], None],
    revision: int,
) -> None:
    """Keep the vectors of those texts, read at a revision, that have none yet.

    `told` hears how many after each batch.
    """
    space = space_of(encoder, role)
    by_digest = {digest(t): t for t in texts}
    with database.read() as c:
        known = store.known_digests(c, forum_id, space, list(by_digest))
    missing = {d: t for d, t in by_digest.items() if d not in known}
    for fresh in _encoded(encoder, missing, role):
        _keep(database, forum_id, space, fresh, revision)
        told(len(fresh))


def embed_units(
    database: store.Database,
    forum_id: int,
    encoder: Encoder,
    units: Sequence[Unit],
    progress: Progress | None = None,
    *,
    revision: int | None = None,
) -> Vectors:
    """Return the vector of every unit in the role of its kind, shape (len(units), dimension)."""
    rows = np.empty((len(units), encoder.dimension), dtype=np.float32)
    where = (database, forum_id, encoder)
    for role, places in places_by_role(units).items():
        texts = [units[place].text for place in places]
        kept = embed(*where, texts, role, progress, revision=revision)
        rows[places] = matrix(kept, texts, encoder.dimension)
    return rows


def encode_units_ahead(
    database: store.Database,
    forum_id: int,
    encoder: Encoder,
    units: Sequence[Unit],
    told: Callable[[int], None],
    revision: int,
) -> None:
    """Keep the vectors of those units, read at a revision, that have none yet."""
    for role, places in places_by_role(units).items():
        texts = [units[place].text for place in places]
        encode_ahead(database, forum_id, encoder, texts, role, told, revision)


def places_by_role(units: Sequence[Unit]) -> Mapping[TextRole, list[int]]:
    """Return which of the units are encoded in which role."""
    places: dict[TextRole, list[int]] = defaultdict(list)
    for place, unit in enumerate(units):
        places[role_of(unit.kind)].append(place)
    return places


def _keep(
    database: store.Database,
    forum_id: int,
    space: str,
    fresh: Mapping[str, Vectors],
    revision: int | None,
) -> None:
    with database.write() as c:
        store.put_vectors(c, forum_id, space, fresh)
        # A text that was deleted while it was encoded must not live on as a vector.
        if revision is not None and store.revision_of(c, forum_id, lock=True) != revision:
            store.drop_orphan_vectors(c, forum_id, space, list(fresh))


def _encoded(
    encoder: Encoder, texts: Mapping[str, str], role: TextRole
) -> Iterator[dict[str, Vectors]]:
    """Encode texts by digest, a batch at a time."""
    # Similar lengths side by side: a batch costs as much as its longest text.
    order = sorted(texts, key=lambda d: len(texts[d]))
    for batch in chunks(order, _BATCH):
        rows = encoder.encode([texts[d] for d in batch], role)
        yield {d: np.asarray(row) for d, row in zip(batch, rows, strict=True)}


def matrix(vectors: Mapping[str, Vectors], texts: Sequence[str], dimension: int) -> Vectors:
    """Stack the vectors of texts in their order, shape (len(texts), dimension)."""
    if not texts:
        return np.empty((0, dimension), dtype=np.float32)
    return np.stack([vectors[digest(t)] for t in texts])
