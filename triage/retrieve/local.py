"""The local engine: faiss beside tantivy, fused by gathering evidence.

In: threads with vectors, then searches. Out: hits. Each side proposes units; every thread
proposed by either then gets both sides' evidence, so that ranking never compares a thread that
was measured with one that was not. In memory, or with rows and words in mapped files of a folder
of its own, which a snapshot of it can be saved from.
Not here: when snapshots are made and whether they are whole (snapshots).
"""

import json
import threading
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

from triage.errors import IndexMismatch
from triage.records import Hit
from triage.retrieve.base import IndexedThread, Search
from triage.retrieve.dense import DenseSide
from triage.retrieve.evidence import UnitEvidence, agreement, gather
from triage.retrieve.lexical import Asked, LexicalSide, Passage
from triage.retrieve.pieces import Numbers
from triage.retrieve.table import Held, Table
from triage.retrieve.turns import Turns

# A thread has several units; so many per wanted thread make it unlikely that one thread's
# units crowd the others out. Where they do, more are asked for.
_UNITS_PER_THREAD, _MORE = 4, 4
# So many rows are made searchable at a time, so that no search waits long for a large import.
_ADMITTED = 64
_FORMAT = 1
_PARTS = ("table", "dense", "lexical")


class LocalIndex:
    """An embedded index of one forum; safe to share between threads.

    Searches run beside each other and beside most of a change; changes wait for one another.
    """

    def __init__(self, dimension: int | None, folder: Path | None = None) -> None:
        """Make an empty index for vectors of `dimension`, or for words alone (None).

        With a folder, which must be empty and nobody else's, rows and words are mapped from it.
        """
        self._dimension = dimension
        parts = {name: folder and _inside(folder, name) for name in _PARTS}
        self._table = Table(parts["table"])
        self._dense = DenseSide(dimension, parts["dense"]) if dimension else None
        self._lexical = LexicalSide(parts["lexical"])
        self._folder = folder
        self._turns = Turns()
        self._changing = threading.Lock()
        self._learning = threading.Lock()

    @property
    def dimension(self) -> int | None:
        """How long its vectors are; None for words alone."""
        return self._dimension

    @property
    def worn(self) -> bool:
        """Whether most of what it keeps is of replaced and removed threads: build it anew."""
        return self._table.gone_units > max(1000, self._table.units // 2)

    def __len__(self) -> int:
        """How many threads the index holds."""
        return len(self._table)

    def holds(self, thread_id: str) -> bool:
        """Whether the index holds a thread."""
        with self._turns.reading():
            return self._table.find(thread_id) is not None

    def thread_ids(self) -> frozenset[str]:
        """The threads that the index holds."""
        with self._turns.reading():
            return frozenset(self._table.thread_ids())

    def put(self, threads: Sequence[IndexedThread]) -> None:
        """Add threads, replacing those of the same id."""
        latest = list({t.thread_id: t for t in threads}.values())
        self._check(latest)
        if not latest:
            return
        with self._changing:
            first = self._table.units
            if self._dense is not None:
                rows = [t.vectors for t in latest if t.vectors is not None]
                self._dense.append(first, np.concatenate(rows))
            places = self._table.hold(latest)
            former = [p for t in latest if (p := self._table.find(t.thread_id)) is not None]
            gone = self._table.numbers_of(former)
            self._lexical.write(gone.tolist(), _passages(first, latest))
            self._admit(first)
            with self._turns.writing():
                self._table.show(latest, places)
                self._lexical.show()
            if self._dense is not None and self._dense.crowded:
                self._learn()

    def remove(self, thread_ids: Collection[str]) -> None:
        """Forget threads; unknown ids are ignored."""
        with self._changing:
            known = {p for t in thread_ids if (p := self._table.find(t)) is not None}
            places = sorted(known)
            if not places:
                return
            gone = self._table.numbers_of(places).tolist()
            with self._turns.writing():
                self._table.hide(places)
            self._lexical.write(gone, [])
            with self._turns.writing():
                self._lexical.show()

    def search(self, search: Search) -> list[Hit]:
        """Return at most `limit` hits (each side's best), with every side's evidence."""
        asked = self._lexical.ask(search.text, search.lang)
        with self._turns.reading():
            places = self._candidates(search, asked)
            return self._evidence(search, asked, places)

    def save(self, folder: Path) -> None:
        """Write a snapshot into an empty folder: files that never change are shared by links.

        Searches go on meanwhile, changes wait. Of threads that are gone it has neither vectors
        nor ids. Raises ValueError for an index without a folder.
        """
        if self._folder is None:
            raise ValueError("An index in memory has no files to make a snapshot of.")
        if self._dense is not None and self._dense.outgrown:
            self._learn()
        parts = {name: _inside(folder, name) for name in _PARTS}
        with self._changing:
            gone = self._table.blank()
            if self._dense is not None:
                with self._turns.writing():
                    self._dense.settle(self._table.units)
                self._dense.blank(gone)
            told = {
                "format": _FORMAT,
                "dimension": self._dimension,
                "table": self._table.save(parts["table"]),
                "dense": self._dense.save(parts["dense"]) if self._dense is not None else None,
            }
            self._lexical.save(parts["lexical"])
        (folder / "local.json").write_text(json.dumps(told), encoding="utf-8")

    @classmethod
    def open(cls, snapshot: Path, folder: Path) -> "LocalIndex":
        """Open a snapshot as a working copy in an empty folder; the snapshot is left as it is.

        Raises OSError or ValueError for what is none.
        """
        told = json.loads((snapshot / "local.json").read_text(encoding="utf-8"))
        if told.get("format") != _FORMAT:
            raise ValueError(f"{snapshot} is of another format.")
        index = cls(None)
        index._dimension, index._folder = told["dimension"], folder
        parts = {name: (snapshot / name, _inside(folder, name)) for name in _PARTS}
        index._table = Table.open(told["table"], *parts["table"])
        if index._dimension is not None:
            index._dense = DenseSide.open(index._dimension, told["dense"], *parts["dense"])
        index._lexical = LexicalSide.open(*parts["lexical"])
        return index

    def close(self) -> None:
        """Let go of all files; nothing can be searched afterwards."""
        with self._changing, self._turns.writing():
            self._table.close()
            self._lexical.close()
            if self._dense is not None:
                self._dense.close()

    def _check(self, threads: Sequence[IndexedThread]) -> None:
        for thread in threads:
            if (thread.vectors is None) != (self._dense is None):
                raise IndexMismatch(0, 0)
            if self._dense is not None and thread.vectors is not None:
                self._dense.check(thread.vectors)
                if len(thread.vectors) != len(thread.units):
                    raise ValueError(f"Thread {thread.thread_id!r} needs a vector for each unit.")

    def _admit(self, first: int) -> None:
        if self._dense is None:
            return
        for start in range(first, len(self._dense), _ADMITTED):
            with self._turns.writing():
                self._dense.admit(min(len(self._dense), start + _ADMITTED))

    def _learn(self) -> None:
        """Learn the codes anew while others search, then change to them."""
        if self._dense is None:
            return
        with self._learning:
            learnt = self._dense.learn()
            with self._turns.writing():
                self._dense.adopt(learnt)

    def _candidates(self, search: Search, asked: Asked) -> list[int]:
        """Return the places of the threads that are looked at, each side's best in turn."""
        if search.among is not None:
            found = (self._table.find(t) for t in sorted(search.among))
            return [p for p in found if p is not None and self._table.readable(p, search.groups)]
        units = search.limit * _UNITS_PER_THREAD
        while True:
            proposals = self._proposals(search, asked, units)
            places = _interleave(
                [self._table.places_of(p).tolist() for p in proposals], search.limit
            )
            if len(places) >= search.limit or all(len(p) < units for p in proposals):
                return places
            units *= _MORE

    def _proposals(self, search: Search, asked: Asked, units: int) -> list[Numbers]:
        sight = self._table.sight(search.groups)
        proposals = []
        if self._dense is not None and search.vector is not None:
            self._dense.check(search.vector)
            proposals.append(self._dense.nearest(search.vector, units, sight))
        for found in self._lexical.propose(asked, search.groups, units):
            proposals.append(sight.of(np.asarray(found, dtype=np.int64)))
        return proposals

    def _evidence(self, search: Search, asked: Asked, places: Sequence[int]) -> list[Hit]:
        numbers = self._table.numbers_of(places)
        nearness: list[float] | list[None] = [None] * len(numbers)
        if self._dense is not None and search.vector is not None:
            nearness = self._dense.similarities(search.vector, numbers).tolist()
        words: list[float] | list[None] = [None] * len(numbers)
        grams: list[float] | list[None] = words
        if search.text:
            words, grams = (r.tolist() for r in self._lexical.evidence(asked, numbers))
        hits, first = [], 0
        for held in self._table.held(places):
            its = slice(first, first + len(held.kinds))
            hits.append(_hit(search, held, nearness[its], words[its], grams[its]))
            first = its.stop
        return hits


def _hit(
    search: Search,
    held: Held,
    nearness: Sequence[float | None],
    words: Sequence[float | None],
    grams: Sequence[float | None],
) -> Hit:
    units = [
        UnitEvidence(*evidence)
        for evidence in zip(held.kinds, held.answer_ids, nearness, words, grams, strict=True)
    ]
    identifiers = agreement(search.identifiers, held.identifiers)
    return gather(held.thread_id, units, identifiers, held.qualities)


def _passages(first: int, threads: Sequence[IndexedThread]) -> list[Passage]:
    units = ((unit, t) for t in threads for unit in t.units)
    return [Passage(n, u.text, t.lang, t.groups) for n, (u, t) in enumerate(units, first)]


def _interleave(proposals: Sequence[Sequence[int]], limit: int) -> list[int]:
    """Take the best of each side in turn, each thread once, until there are `limit`."""
    taken: dict[int, None] = {}
    longest = max((len(p) for p in proposals), default=0)
    for place in range(longest):
        for proposal in proposals:
            if place < len(proposal) and len(taken) < limit:
                taken.setdefault(proposal[place])
        if len(taken) >= limit:
            break
    return list(taken)


def _inside(folder: Path, name: str) -> Path:
    """Make a folder in a folder."""
    (folder / name).mkdir()
    return folder / name
