"""The plainest index: numpy and loops over everything. It says what the fast ones must find.

BM25 after Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), k1 = 1.2,
b = 0.75, with the inverse document frequency ln(1 + (N - n + .5) / (n + .5)), over the sum of the
query's inverse document frequencies.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence

import numpy as np

from triage.errors import IndexMismatch
from triage.records import Hit
from triage.retrieve.base import IndexedThread, Search, may_read
from triage.retrieve.evidence import UnitEvidence, agreement, gather

_K1, _B = 1.2, 0.75
_WORD = re.compile(r"\w+")


class PlainIndex:
    """Exact search without any engine; unstemmed words, one thread after another."""

    def __init__(self, dimension: int | None) -> None:
        self._dimension = dimension
        self._threads: dict[str, IndexedThread] = {}

    def put(self, threads: Sequence[IndexedThread]) -> None:
        """Add threads, replacing those of the same id."""
        for thread in threads:
            found = 0 if thread.vectors is None else thread.vectors.shape[1]
            if found != (self._dimension or 0):
                raise IndexMismatch(self._dimension or 0, found)
        self._threads.update({t.thread_id: t for t in threads})

    def remove(self, thread_ids: Collection[str]) -> None:
        """Forget threads; unknown ids are ignored."""
        for thread_id in thread_ids:
            self._threads.pop(thread_id, None)

    def __len__(self) -> int:
        """How many threads the index holds."""
        return len(self._threads)

    def holds(self, thread_id: str) -> bool:
        """Whether the index holds a thread."""
        return thread_id in self._threads

    def thread_ids(self) -> frozenset[str]:
        """The threads that the index holds."""
        return frozenset(self._threads)

    def search(self, search: Search) -> list[Hit]:
        """Return at most `limit` hits, best similarity first, or best words without a vector."""
        hits = [
            self._hit(search, thread)
            for thread in self._threads.values()
            if may_read(search.groups, thread.groups)
            and (search.among is None or thread.thread_id in search.among)
        ]
        if search.among is not None:
            return hits
        found = [h for h in hits if search.vector is not None or (h.words or h.grams)]
        found.sort(key=lambda h: (-(h.similarity or 0.0), -(h.words or 0.0), h.thread_id))
        return found[: search.limit]

    def _hit(self, search: Search, thread: IndexedThread) -> Hit:
        units = []
        for place, unit in enumerate(thread.units):
            similarity = None
            if search.vector is not None and thread.vectors is not None:
                similarity = float(np.dot(thread.vectors[place], search.vector))
            asked = bool(search.text)
            words = self._bm25(search.text, unit.text, _words) if asked else None
            grams = self._bm25(search.text, unit.text, _grams) if asked else None
            units.append(UnitEvidence(unit.kind, unit.answer_id, similarity, words, grams))
        identifiers = agreement(search.identifiers, thread.identifiers)
        return gather(thread.thread_id, units, identifiers, thread.qualities)

    def _bm25(self, query: str, text: str, terms: Callable[[str], list[str]]) -> float:
        corpus = [Counter(terms(u.text)) for t in self._threads.values() for u in t.units]
        mean = sum(c.total() for c in corpus) / max(1, len(corpus)) or 1.0
        counts = Counter(terms(text))
        relevance, whole = 0.0, 0.0
        for term in set(terms(query)):
            holding = sum(term in c for c in corpus)
            idf = math.log(1 + (len(corpus) - holding + 0.5) / (holding + 0.5))
            whole += idf
            weight = counts[term] + _K1 * (1 - _B + _B * counts.total() / mean)
            relevance += idf * counts[term] * (_K1 + 1) / weight if counts[term] else 0.0
        return relevance / whole if whole else 0.0


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _grams(text: str) -> list[str]:
    lowered = text.lower()
    return [lowered[i : i + 4] for i in range(len(lowered) - 3)]
