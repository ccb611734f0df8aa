"""A forum's threads, in the store and in the index, kept in step.

In: threads to put or remove. Out: an index that agrees with the store. The store is the truth;
the index is rebuilt from it when missing or when the forum's boilerplate became another, and
follows its revision afterwards, whichever process wrote.
Not here: reading files (connect), searching (pipeline), learning boilerplate (discount).
"""

import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import numpy as np

from triage import store
from triage.embedding import Progress, embed_units, identity
from triage.encode import Encoder
from triage.encode.base import Vectors
from triage.forgotten import threads_left
from triage.rank.answer_quality import load_quality
from triage.rank.resolution import Link, Resolution
from triage.records import Thread, Unit
from triage.retrieve import IndexedThread, KnowledgeIndex, LocalIndex
from triage.streams import chunks
from triage.text import NOTHING, Boilerplate, digest, identifiers, prepare_thread, units_of

MakeIndex = Callable[[int | None], KnowledgeIndex]
_BATCH = 200


class Knowledge:
    """The threads of one forum, searchable."""

    def __init__(
        self,
        database: store.Database,
        forum_id: int,
        encoder: Encoder | None,
        make_index: MakeIndex = LocalIndex,
    ) -> None:
        self._database = database
        self._forum_id = forum_id
        self._encoder = encoder
        self._make_index = make_index
        self._index = self._empty()
        self._boilerplate = NOTHING
        self._resolution = Resolution()
        # As shipped: rankers and gates are fitted on evidence of an index that has this one.
        self._quality = load_quality()
        self._revision = 0
        self._agreed_at = time.monotonic()
        self._lock = threading.Lock()

    @property
    def index(self) -> KnowledgeIndex:
        """The index as it stands; call `sync` first to have it agree with the store."""
        return self._index

    @property
    def boilerplate(self) -> Boilerplate:
        """What is discounted in the texts of this index; a question must be without it too."""
        return self._boilerplate

    @property
    def resolution(self) -> Resolution:
        """Which threads ask the same, and which one settles it."""
        return self._resolution

    @property
    def version(self) -> str:
        """The revision of the store that the index agrees with, and the vector space."""
        return f"{self._revision}@{identity(self._encoder)}"

    @property
    def age_seconds(self) -> float:
        """How long ago the index last agreed with the store."""
        return time.monotonic() - self._agreed_at

    def fetch(self, thread_ids: Collection[str]) -> Mapping[str, Thread]:
        """Read threads by id from the store."""
        with self._database.read() as c:
            return store.get_threads(c, self._forum_id, thread_ids)

    def put(
        self,
        threads: Iterable[Thread],
        progress: Progress | None = None,
        note: store.Note | None = None,
    ) -> store.PutCounts:
        """Keep threads, redacted, and make them searchable; each batch is one transaction.

        A run that was killed is continued by running it again: what is there is left alone.
        What erased persons wrote before is left out. `note` is called once, with the first batch.
        """
        total = store.PutCounts()
        for group in chunks(threads, _BATCH):
            total += self._put_batch([prepare_thread(t) for t in group], note)
            note = None
            if progress is not None:
                done = total.created + total.updated + total.unchanged
                progress(f"{done} threads kept ({total.unchanged} unchanged)")
        return total

    def differing(self, threads: Iterable[Thread]) -> list[Thread]:
        """Return, redacted, those of the threads that are not kept just so; nothing is written."""
        prepared = [prepare_thread(t) for t in threads]
        with self._database.read() as c:
            left = threads_left(prepared, store.erased_persons(c, self._forum_id))
            same = store.threads_kept_so(c, self._forum_id, left)
        return [t for t in left if t.id not in same]

    def put_prepared(self, threads: Sequence[Thread], note: store.Note) -> store.PutCounts:
        """Keep threads that are redacted already, in one transaction; `note` is called in it."""
        return self._put_batch(threads, note)

    def remove(self, thread_id: str, note: store.Note | None = None) -> bool:
        """Take a thread out of store, vectors and index; gone when this returns.

        `note` is called if it was there.
        """
        # Under the lock: a `sync` under way must not put back what it read a moment before.
        with self._lock:
            with self._database.write() as c:
                if note is not None and store.get_thread(c, self._forum_id, thread_id):
                    note(c)
                digests = self._digests(c, [thread_id], boilerplate_of(c, self._forum_id))
                revision = store.next_revision(c, self._forum_id)
                known = store.delete_thread(c, self._forum_id, thread_id, revision)
                store.drop_orphan_vectors(c, self._forum_id, None, digests)
            self._index.remove([thread_id])
        return known

    def sync(self, revision: int | None = None) -> None:
        """Bring the index to the store's revision; free when `revision` is the one it has."""
        if revision is not None and revision == self._revision:
            self._agreed_at = time.monotonic()
            return
        with self._lock:
            if self._revision == 0:
                self._build()
            else:
                self._follow()
            self._agreed_at = time.monotonic()

    def verify(self) -> bool:
        """Compare the index with the store; rebuild it when they disagree. True: they agreed."""
        self.sync()
        with self._database.read() as c:
            kept = store.thread_state(c, self._forum_id)
        if self._index.thread_ids() == kept.keys():
            return True
        with self._lock:
            self._build()
        return False

    def _put_batch(self, threads: Sequence[Thread], note: store.Note | None) -> store.PutCounts:
        stale: set[str] = set()
        while True:
            with self._database.read() as c:
                boilerplate = boilerplate_of(c, self._forum_id)
                forgotten = store.erased_persons(c, self._forum_id)
            threads = threads_left(threads, forgotten)
            units = {t.id: units_of(t, boilerplate) for t in threads}
            # Encoded before the transaction, so that no other writer waits for the encoder.
            if self._encoder is not None:
                every = [u for us in units.values() for u in us]
                embed_units(self._database, self._forum_id, self._encoder, every)
            with self._database.write() as c:
                now = boilerplate_of(c, self._forum_id), store.erased_persons(c, self._forum_id)
                if now == (boilerplate, forgotten):
                    if note is not None:
                        note(c)
                    return self._keep(c, threads, units, boilerplate, stale)
            # It was learnt anew meanwhile, or somebody was erased: the former is nobody's text now.
            stale |= {digest(u.text) for us in units.values() for u in us}

    def _keep(
        self,
        c: store.Connection,
        threads: Sequence[Thread],
        units: Mapping[str, Sequence[Unit]],
        boilerplate: Boilerplate,
        stale: set[str],
    ) -> store.PutCounts:
        before = self._digests(c, [t.id for t in threads], boilerplate)
        revision = store.next_revision(c, self._forum_id)
        counts = store.put_threads(c, self._forum_id, threads, revision)
        for name, its_units in units.items():
            rows = [(u.kind, u.answer_id, digest(u.text)) for u in its_units]
            store.put_units(c, self._forum_id, name, rows)
        store.drop_orphan_vectors(c, self._forum_id, None, before | stale)
        return counts

    def _digests(
        self, c: store.Connection, thread_ids: Sequence[str], boilerplate: Boilerplate
    ) -> set[str]:
        """Return of which texts of these threads there may be vectors.

        Between new boilerplate and the rewriting of all unit rows, servers already encode texts
        that no row names yet.
        """
        named = store.unit_digests(c, self._forum_id, thread_ids)
        kept = store.get_threads(c, self._forum_id, thread_ids).values()
        return named | {digest(u.text) for t in kept for u in units_of(t, boilerplate)}

    def _build(self) -> None:
        index = self._empty()
        with self._database.read() as c:
            # Read first: what changes while the index is built is followed afterwards.
            revision = store.revision_of(c, self._forum_id)
            boilerplate = boilerplate_of(c, self._forum_id)
            links = Resolution.of(Link(*row) for row in store.iter_links(c, self._forum_id))
            for group in chunks(store.iter_threads(c, self._forum_id), _BATCH):
                index.put(self._indexed(group, revision, boilerplate))
        self._index = index
        self._boilerplate = boilerplate
        self._resolution = links
        self._revision = revision

    def _follow(self) -> None:
        with self._database.read() as c:
            same = boilerplate_of(c, self._forum_id) == self._boilerplate
            changes = store.changes_since(c, self._forum_id, self._revision)
            kept = store.count_threads(c, self._forum_id)
            links = store.links_of(c, self._forum_id, [t.id for t in changes.changed])
        if not same:
            self._build()
            return
        self._index.remove(changes.removed)
        for group in chunks(changes.changed, _BATCH):
            self._index.put(self._indexed(group, changes.revision, self._boilerplate))
        self._resolution = self._resolution.changed((Link(*r) for r in links), changes.removed)
        self._revision = changes.revision
        followed = changes.changed or changes.removed
        if followed and len(self._index.thread_ids()) != kept:
            self._build()

    def _indexed(
        self, threads: Sequence[Thread], revision: int, boilerplate: Boilerplate
    ) -> list[IndexedThread]:
        units = {t.id: units_of(t, boilerplate) for t in threads}
        rows = self._rows(units, revision)
        return [
            IndexedThread(
                t.id,
                units[t.id],
                rows[t.id],
                t.lang,
                t.groups,
                frozenset().union(*(identifiers(u.text) for u in units[t.id])),
                self._worth(t),
            )
            for t in threads
        ]

    def _rows(
        self, units: Mapping[str, Sequence[Unit]], revision: int
    ) -> Mapping[str, Vectors | None]:
        """Return the vectors of every thread's units; None of each without an encoder."""
        if self._encoder is None or not units:
            return dict.fromkeys(units)
        every = [u for us in units.values() for u in us]
        where = (self._database, self._forum_id, self._encoder)
        rows = embed_units(*where, every, revision=revision)
        ends = np.cumsum([len(us) for us in units.values()])
        return dict(zip(units, np.split(rows, ends[:-1]), strict=True))

    def _worth(self, thread: Thread) -> Mapping[str, float]:
        qualities = self._quality.qualities_of(thread).tolist()
        return {a.id: worth for a, worth in zip(thread.answers, qualities, strict=True)}

    def _empty(self) -> KnowledgeIndex:
        return self._make_index(self._encoder.dimension if self._encoder else None)


def boilerplate_of(c: store.Connection, forum_id: int) -> Boilerplate:
    """Return what a forum discounts."""
    return Boilerplate.of(store.boilerplate_segments(c, forum_id))
