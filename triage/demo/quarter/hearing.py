"""Texts -> what the service says to each, found once by the same steps that serve everybody.

In: texts, the parts that a request works with, vectors that are kept already. Out: each text with
what was made of it, as far as somebody types: its title alone, and all of it.
Not here: who asks it, in which arm, and what is kept of that (asking).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from triage import store
from triage.demo.quarter.texts import TYPED_FIRST, Words
from triage.embedding import Progress, space_of
from triage.encode import Encoder, TextRole
from triage.encode.base import Vectors
from triage.encode.over import EncoderOver
from triage.pipeline import FetchThreads, Parts, Triaged, triage
from triage.records import Thread
from triage.text import digest

_TOLD_EVERY = 100


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """A text and what was made of it; `first` is of its title, where somebody waits after that."""

    words: Words
    whole: Triaged
    first: Triaged | None = None

    @property
    def calls(self) -> tuple[Triaged, ...]:
        """What was made of the text as it grew."""
        return (self.whole,) if self.first is None else (self.first, self.whole)


class _Remembering(EncoderOver):
    """An encoder that reads what is kept instead of encoding it again; all else is its own."""

    def __init__(self, encoder: Encoder, kept: Mapping[str, Vectors]) -> None:
        super().__init__(encoder)
        self._kept = kept

    def encode(self, texts: Sequence[str], role: TextRole) -> Vectors:
        """Return one unit row per text, as the encoder would."""
        known = [self._kept.get(digest(text)) for text in texts]
        if role is not TextRole.QUERY or any(one is None for one in known):
            return self._encoder.encode(texts, role)
        return np.stack([one for one in known if one is not None])


@dataclass(slots=True)
class _Fetched:
    """Threads as they were when they were read first: nobody writes while all texts are heard."""

    fetch: FetchThreads
    known: dict[str, Thread] = field(default_factory=dict)

    def __call__(self, ids: Collection[str]) -> Mapping[str, Thread]:
        """Return those of the threads that are there."""
        if new := [name for name in ids if name not in self.known]:
            self.known.update(self.fetch(new))
        return {name: self.known[name] for name in ids if name in self.known}


def hear(
    database: store.Database,
    forum_id: int,
    parts: Parts,
    words: Sequence[Words],
    asked: Collection[int],
    progress: Progress,
) -> dict[int, Heard]:
    """Return what is made of each text that is asked, by its place. Nothing is kept of it here."""
    parts = _remembering(database, forum_id, parts, words)
    parts = replace(parts, fetch=_Fetched(parts.fetch))
    found: dict[int, Heard] = {}
    for place in sorted(asked):
        one = words[place]
        first = replace(one.draft, body="")
        # Some titles are all that is ever written.
        begun = place < TYPED_FIRST and bool(one.draft.body)
        title = triage(parts, first) if begun else None
        found[place] = Heard(one, triage(parts, one.draft), title)
        if len(found) % _TOLD_EVERY == 0:
            progress(f"heard {len(found)} of {len(asked)} texts")
    return found


def _remembering(
    database: store.Database, forum_id: int, parts: Parts, words: Sequence[Words]
) -> Parts:
    """Return the parts with the vectors that training kept of cases."""
    if parts.encoder is None:
        return parts
    texts = [f"{one.draft.title}\n{one.draft.body}".strip() for one in words]
    space = space_of(parts.encoder, TextRole.QUERY)
    with database.read() as c:
        kept = store.get_vectors(c, forum_id, space, [digest(text) for text in texts])
    return replace(parts, encoder=_Remembering(parts.encoder, kept))
