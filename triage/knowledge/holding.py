"""One forum's threads, searchable while they change.

In: threads to put or remove; that the store has another revision. Out: the index that is searched
now. A thread that was removed or hidden is found by no search that begins after the call returns.
Not here: making the index agree with the store (building), where it lies (placing).
"""

import logging
import threading
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from triage import store
from triage.embedding import Progress, identity
from triage.encode import Encoder
from triage.forgotten import threads_left
from triage.knowledge.building import Builder, MakeIndex, Standing, boilerplate_of
from triage.knowledge.placing import UNUSABLE, Placing
from triage.knowledge.writing import Writer
from triage.rank.resolution import Resolution
from triage.records import Thread
from triage.retrieve import KnowledgeIndex, LocalIndex
from triage.snapshots import Shelf
from triage.streams import chunks
from triage.text import Boilerplate, prepare_thread

_log = logging.getLogger(__name__)
_BATCH = 200


class Knowledge:
    """The threads of one forum, searchable."""

    def __init__(
        self,
        database: store.Database,
        forum_id: int,
        encoder: Encoder | None,
        make_index: MakeIndex = LocalIndex,
        shelf: Shelf | None = None,
    ) -> None:
        self._database = database
        self._forum_id = forum_id
        self._encoder = encoder
        self._builder = Builder(database, forum_id, encoder, make_index)
        self._placing = Placing(self._builder, shelf)
        self._writer = Writer(database, forum_id, encoder)
        self._standing = Standing(self._builder.in_memory())
        self._former: list[Standing] = []
        self._agreed_at = time.monotonic()
        self._lock = threading.Lock()
        self._tending = threading.Lock()

    @property
    def index(self) -> KnowledgeIndex:
        """The index as it stands; call `sync` first to have it agree with the store."""
        return self._standing.index

    @property
    def boilerplate(self) -> Boilerplate:
        """What is discounted in the texts of this index; a question must be without it too."""
        return self._standing.boilerplate

    @property
    def resolution(self) -> Resolution:
        """Which threads ask the same, and which one settles it."""
        return self._standing.resolution

    @property
    def version(self) -> str:
        """The revision of the store that the index agrees with, and the vector space."""
        return f"{self._standing.revision}@{identity(self._encoder)}"

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
            total += self._writer.put([prepare_thread(t) for t in group], note)
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
        return self._writer.put(threads, note)

    def remove(self, thread_id: str, note: store.Note | None = None) -> bool:
        """Take a thread out of store, vectors and index; gone when this returns.

        `note` is called if it was there.
        """
        # Under the lock: a `sync` under way must not put back what it read a moment before.
        with self._lock:
            with self._database.write() as c:
                if note is not None and store.get_thread(c, self._forum_id, thread_id):
                    note(c)
                digests = self._writer.digests(c, [thread_id], boilerplate_of(c, self._forum_id))
                revision = store.next_revision(c, self._forum_id)
                known = store.delete_thread(c, self._forum_id, thread_id, revision)
                store.drop_orphan_vectors(c, self._forum_id, None, digests)
            self._take_out(thread_id)
        return known

    def sync(self, revision: int | None = None) -> None:
        """Bring the index to the store's revision; free when `revision` is the one it has."""
        seen = self._standing
        if revision is not None and revision == seen.revision:
            self._agreed_at = time.monotonic()
            return
        with self._lock:
            now = self._standing
            if revision is not None and now is not seen and now.revision >= revision:
                # Somebody else has brought it there while this one waited.
                return
            if now.revision == 0:
                self._take(self._placing.make())
            else:
                self._follow()
            self._agreed_at = time.monotonic()

    def verify(self) -> bool:
        """Compare the index with the store; rebuild it when they disagree. True: they agreed."""
        self.sync()
        if self._builder.agrees(self._standing):
            return True
        with self._lock:
            self._take(self._placing.make(anew=True))
        return False

    def tend(self) -> None:
        """Write a snapshot if one is due, and take over one that is better than what stands.

        For a thread that goes its rounds; nobody who asks waits for it.
        """
        with self._tending:
            while self._former:
                self._placing.let_go(self._former.pop())
            if self._standing.revision == 0:
                return
            self.sync()
            if self._placing.is_due(self._standing, datetime.now(UTC)):
                self._save()
            fresh = self._placing.taken_over(self._standing)
            if fresh is not None:
                with self._lock:
                    self._take(fresh)
                    self._follow()

    def is_worn(self) -> bool:
        """Say whether a snapshot should be made from the store alone, by another process."""
        standing = self._standing
        return standing.revision > 0 and self._placing.is_worn(standing, datetime.now(UTC))

    def state(self) -> Mapping[str, Any]:
        """Say where the index lies, how far behind the store it is, and what a start would open."""
        standing, saved = self._standing, self._placing.newest()
        with self._database.read() as c:
            revision = store.revision_of(c, self._forum_id)
        now = datetime.now(UTC)
        age = round((now - saved.saved_at).total_seconds(), 1) if saved else None
        return {
            "index_threads": len(standing.index),
            "index_behind": revision - standing.revision,
            "index_in": "folder" if standing.folder is not None else "memory",
            "index_trouble": self._placing.trouble,
            "snapshot_behind": revision - saved.revision if saved else None,
            "snapshot_age_seconds": age,
        }

    def close(self) -> None:
        """Let go of the index and of what is private to this process."""
        with self._tending, self._lock:
            former, self._former = [*self._former, self._standing], []
            self._standing = Standing(self._builder.in_memory())
            for one in former:
                self._placing.let_go(one)
            self._placing.close()

    def _save(self) -> None:
        standing = self._standing
        saved = self._placing.save(standing)
        if saved is None:
            return
        with self._lock:
            now = self._standing
            if now.index is standing.index:
                unsaved = now.unsaved - standing.unsaved
                self._standing = replace(now, saved=saved, unsaved=unsaved)

    def _take(self, standing: Standing) -> None:
        """Have this searched from now on; requests under way end with the one that they have."""
        former, self._standing = self._standing, standing
        if former.folder is not None and former.index is not standing.index:
            self._former.append(former)

    def _take_out(self, thread_id: str) -> None:
        standing = self._standing
        if not standing.index.holds(thread_id):
            return
        try:
            standing.index.remove([thread_id])
        except UNUSABLE as error:
            self._fall_back(error)
            return
        since = standing.leftovers_since or datetime.now(UTC)
        count = standing.unsaved + 1
        self._standing = replace(standing, leftovers_since=since, unsaved=count)

    def _follow(self) -> None:
        standing = self._standing
        # A large one goes on with its own boilerplate until one with the other is made beside it.
        on = standing.folder is not None
        try:
            followed = self._builder.follow(standing, any_boilerplate=on)
            self._take(followed or self._placing.make())
        except UNUSABLE as error:
            if standing.folder is None:
                raise
            self._fall_back(error)

    def _fall_back(self, error: Exception) -> None:
        """Go on in memory: what is on disk may be half written."""
        self._placing.lost(error)
        self._take(self._builder.build(self._builder.in_memory()))
