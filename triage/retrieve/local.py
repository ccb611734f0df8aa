"""The local engine: faiss beside tantivy, in memory, fused by gathering evidence.

Each side proposes units; every thread proposed by either then gets both sides' evidence, so
that ranking never compares a thread that was measured with one that was not.
"""

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from triage.errors import IndexMismatch
from triage.records import Hit, UnitKind
from triage.retrieve.base import IndexedThread, Search, may_read
from triage.retrieve.dense import DenseSide
from triage.retrieve.evidence import UnitEvidence, agreement, gather
from triage.retrieve.lexical import Field, LexicalSide, Passage

# A thread has several units; so many per wanted thread make it unlikely that one thread's
# units crowd the others out.
_UNITS_PER_THREAD = 4


@dataclass(frozen=True, slots=True)
class _Held:
    """What is known of a thread in the index: its unit numbers and what they are."""

    numbers: tuple[int, ...]
    kinds: tuple[UnitKind, ...]
    answer_ids: tuple[str | None, ...]
    groups: frozenset[str]
    identifiers: frozenset[str]
    qualities: Mapping[str, float]


class LocalIndex:
    """An embedded index of one forum; safe to share between threads."""

    def __init__(self, dimension: int | None) -> None:
        """Make an empty index for vectors of `dimension`, or for words alone (None)."""
        self._dense = DenseSide(dimension) if dimension else None
        self._lexical = LexicalSide()
        self._held: dict[str, _Held] = {}
        self._thread_of: dict[int, str] = {}
        self._restricted: dict[frozenset[str], set[int]] = {}
        self._next = 0
        # One lock for all: faiss must not be searched while rows are added or taken out.
        self._lock = threading.Lock()

    def put(self, threads: Sequence[IndexedThread]) -> None:
        """Add threads, replacing those of the same id."""
        latest = list({t.thread_id: t for t in threads}.values())
        with self._lock:
            self._check(latest)
            ids = [t.thread_id for t in latest]
            self._forget(ids)
            self._lexical.replace(ids, [p for t in latest for p in self._hold(t)])

    def remove(self, thread_ids: Collection[str]) -> None:
        """Forget threads; unknown ids are ignored."""
        with self._lock:
            known = [t for t in thread_ids if t in self._held]
            self._forget(known)
            if known:
                self._lexical.replace(known, [])

    def search(self, search: Search) -> list[Hit]:
        """Return at most `limit` hits (each side's best), with every side's evidence."""
        with self._lock:
            threads = self._candidates(search)
            return self._evidence(search, threads)

    def thread_ids(self) -> frozenset[str]:
        """The threads that the index holds."""
        with self._lock:
            return frozenset(self._held)

    def _check(self, threads: Sequence[IndexedThread]) -> None:
        for thread in threads:
            if (thread.vectors is None) != (self._dense is None):
                raise IndexMismatch(0, 0)
            if self._dense is not None and thread.vectors is not None:
                self._dense.check(thread.vectors)

    def _hold(self, thread: IndexedThread) -> list[Passage]:
        numbers = tuple(range(self._next, self._next + len(thread.units)))
        self._next += len(numbers)
        self._held[thread.thread_id] = _Held(
            numbers,
            tuple(u.kind for u in thread.units),
            tuple(u.answer_id for u in thread.units),
            thread.groups,
            thread.identifiers,
            thread.qualities,
        )
        self._thread_of.update(dict.fromkeys(numbers, thread.thread_id))
        if thread.groups:
            self._restricted.setdefault(thread.groups, set()).update(numbers)
        if self._dense is not None and thread.vectors is not None:
            self._dense.add(np.asarray(numbers, dtype=np.int64), thread.vectors)
        return [
            Passage(number, thread.thread_id, unit.text, thread.lang, thread.groups)
            for number, unit in zip(numbers, thread.units, strict=True)
        ]

    def _forget(self, thread_ids: Collection[str]) -> None:
        gone: list[int] = []
        for thread_id in thread_ids:
            held = self._held.pop(thread_id, None)
            if held is not None:
                gone.extend(held.numbers)
                self._restricted.get(held.groups, set()).difference_update(held.numbers)
        for number in gone:
            del self._thread_of[number]
        if self._dense is not None:
            self._dense.remove(np.asarray(gone, dtype=np.int64))

    def _candidates(self, search: Search) -> list[str]:
        if search.among is not None:
            return [
                t
                for t in sorted(search.among)
                if t in self._held and may_read(search.groups, self._held[t].groups)
            ]
        units = search.limit * _UNITS_PER_THREAD
        proposals: list[Sequence[int]] = []
        if self._dense is not None and search.vector is not None:
            hidden = [
                number
                for audience, numbers in self._restricted.items()
                if not may_read(search.groups, audience)
                for number in numbers
            ]
            self._dense.check(search.vector)
            proposals.append(self._dense.nearest(search.vector, units, hidden))
        for field in Field:
            found = self._lexical.relevances(
                field, search.text, search.lang, groups=search.groups, among=None, limit=units
            )
            proposals.append(list(found))
        return _interleave([[self._thread_of[n] for n in p] for p in proposals], search.limit)

    def _evidence(self, search: Search, threads: Sequence[str]) -> list[Hit]:
        held = [self._held[t] for t in threads]
        numbers = [n for h in held for n in h.numbers]
        nearness: dict[int, float] = {}
        if self._dense is not None and search.vector is not None:
            similarities = self._dense.similarities(search.vector, numbers)
            nearness = dict(zip(numbers, map(float, similarities), strict=True))
        words, grams = (
            self._lexical.relevances(
                field,
                search.text,
                search.lang,
                groups=search.groups,
                among=threads,
                limit=max(1, len(numbers)),
            )
            for field in Field
        )
        sides = (nearness, words, grams) if search.text else (nearness, None, None)
        return [_hit(search, t, h, *sides) for t, h in zip(threads, held, strict=True)]


def _hit(
    search: Search,
    thread_id: str,
    held: _Held,
    nearness: Mapping[int, float],
    words: Mapping[int, float] | None,
    grams: Mapping[int, float] | None,
) -> Hit:
    units = [
        UnitEvidence(
            kind,
            answer_id,
            nearness.get(number),
            None if words is None else words.get(number, 0.0),
            None if grams is None else grams.get(number, 0.0),
        )
        for number, kind, answer_id in zip(held.numbers, held.kinds, held.answer_ids, strict=True)
    ]
    identifiers = agreement(search.identifiers, held.identifiers)
    return gather(thread_id, units, identifiers, held.qualities)


def _interleave(proposals: Sequence[Sequence[str]], limit: int) -> list[str]:
    """Take the best of each side in turn, each thread once, until there are `limit`."""
    taken: dict[str, None] = {}
    longest = max((len(p) for p in proposals), default=0)
    for place in range(longest):
        for proposal in proposals:
            if place < len(proposal) and len(taken) < limit:
                taken.setdefault(proposal[place])
    return list(taken)
