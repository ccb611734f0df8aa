"""The store's threads -> an index that agrees with one revision of it.

In: a store, an empty index, one of a snapshot, or one that is some changes behind. Out: a
`Standing`: the index, and all that it agrees with. Nothing here holds a lock.
Not here: where the index lies (placing), which one is searched now (holding).
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from triage import store
from triage.embedding import embed_units, identity
from triage.encode import Encoder
from triage.encode.base import Vectors
from triage.rank.answer_quality import load_quality
from triage.rank.resolution import Link, Resolution
from triage.records import Thread, Unit
from triage.retrieve import IndexedThread, KnowledgeIndex
from triage.snapshots import MadeWith, Manifest, Opened, made_with
from triage.snapshots.known import are_known, marks_of
from triage.store.threads import thread_digests
from triage.streams import chunks
from triage.text import NOTHING, Boilerplate, identifiers, units_of

MakeIndex = Callable[[int | None], KnowledgeIndex]
_BATCH = 200
# Each batch is written and shown once, which takes as long for few as for many.
_LARGE_BATCH = 1000
_PAGE = 5000
UNLINKED = Resolution()


@dataclass(frozen=True, slots=True)
class Standing:
    """An index, and what it agrees with.

    It agrees with the store at `revision`; it was made from nothing at `built`. What was removed or
    replaced in between is found by nobody and may still stand in its files, the oldest of it since
    `leftovers_since`. `folder` is where it lies, None in memory; `unsaved` threads have changed
    since the snapshot `saved`.
    """

    index: KnowledgeIndex
    boilerplate: Boilerplate = NOTHING
    resolution: Resolution = UNLINKED
    revision: int = 0
    built: int = 0
    leftovers_since: datetime | None = None
    folder: Path | None = None
    saved: Manifest | None = None
    unsaved: int = 0


class Builder:
    """Makes the index of one forum, with one encoder, agree with the store."""

    def __init__(
        self,
        database: store.Database,
        forum_id: int,
        encoder: Encoder | None,
        make_index: MakeIndex,
    ) -> None:
        self._database = database
        self._forum_id = forum_id
        self._encoder = encoder
        self._make_index = make_index
        # As shipped: rankers and gates are fitted on evidence of an index that has this one.
        self._quality = load_quality()

    @property
    def dimension(self) -> int | None:
        """How long the vectors are; None without an encoder."""
        return self._encoder.dimension if self._encoder else None

    def in_memory(self) -> KnowledgeIndex:
        """Return an empty index in memory."""
        return self._make_index(self.dimension)

    def made_with(self, boilerplate: Boilerplate | None = None) -> MadeWith:
        """Return what an index is made with that is made now, or with that boilerplate."""
        if boilerplate is None:
            with self._database.read() as c:
                boilerplate = boilerplate_of(c, self._forum_id)
        return made_with(identity(self._encoder), self.dimension, digest_of(boilerplate))

    def count(self) -> int:
        """Return how many threads the store has."""
        with self._database.read() as c:
            return store.count_threads(c, self._forum_id)

    def build(self, index: KnowledgeIndex, folder: Path | None = None) -> Standing:
        """Put every thread into an empty index."""
        with self._database.read() as c:
            # Read first: what changes while the index is built is followed afterwards.
            revision = store.revision_of(c, self._forum_id)
            boilerplate = boilerplate_of(c, self._forum_id)
            links = self._links(c)
            for group in chunks(store.iter_threads(c, self._forum_id), _LARGE_BATCH):
                index.put(self._indexed(group, revision, boilerplate))
        return Standing(index, boilerplate, links, revision, revision, folder=folder)

    def catch_up(self, opened: Opened) -> Standing | None:
        """Bring the index of a snapshot to the store as it is now, thread by thread.

        None where the forum discounts other lines by now.
        """
        index, now = opened.index, datetime.now(UTC)
        with self._database.read() as c:
            revision = store.revision_of(c, self._forum_id)
            boilerplate = boilerplate_of(c, self._forum_id)
            if digest_of(boilerplate) != opened.manifest.made_with.boilerplate:
                return None
            changed, there = self._differing(c, opened)
            gone: list[str] = []
            if there != len(index):
                kept = {row[0] for row in thread_digests(c, self._forum_id)}
                gone = sorted(index.thread_ids() - kept)
                index.remove(gone)
            left = bool(gone) or any(index.holds(name) for name in changed)
            for ids in chunks(changed, _BATCH):
                threads = list(store.get_threads(c, self._forum_id, ids).values())
                index.put(self._indexed(threads, revision, boilerplate))
            links = self._links(c)
        since = opened.manifest.leftovers_since or (now if left else None)
        return Standing(
            index,
            boilerplate,
            links,
            revision,
            opened.manifest.built,
            since,
            opened.folder,
            opened.manifest,
            len(changed) + len(gone),
        )

    def follow(self, standing: Standing, *, any_boilerplate: bool = False) -> Standing | None:
        """Bring an index to the store's revision. None: it has to be built anew.

        With `any_boilerplate` it goes on with its own where the forum discounts other lines.
        """
        index, boilerplate, count, left = standing.index, standing.boilerplate, 0, False
        with self._database.read() as c:
            if boilerplate_of(c, self._forum_id) != boilerplate and not any_boilerplate:
                return None
            changes = store.changes_since(c, self._forum_id, standing.revision)
            if changes.revision < standing.revision:
                # The store was restored from a backup under our feet.
                return None
            left = any(index.holds(name) for name in changes.removed)
            index.remove(changes.removed)
            links: list[Link] = []
            for group in chunks(changes.changed, _BATCH):
                left = left or any(index.holds(t.id) for t in group)
                index.put(self._indexed(group, changes.revision, boilerplate))
                ids = [t.id for t in group]
                links += (Link(*row) for row in store.links_of(c, self._forum_id, ids))
                count += len(group)
            count += len(changes.removed)
            if count and len(index) != store.count_threads(c, self._forum_id):
                return None
        since = standing.leftovers_since or (datetime.now(UTC) if left else None)
        return replace(
            standing,
            resolution=standing.resolution.changed(links, changes.removed),
            revision=changes.revision,
            leftovers_since=since,
            unsaved=standing.unsaved + count,
        )

    def agrees(self, standing: Standing) -> bool:
        """Say whether an index holds just the threads of the store."""
        index, there = standing.index, 0
        with self._database.read() as c:
            for name, _, _ in thread_digests(c, self._forum_id):
                if not index.holds(name):
                    return False
                there += 1
        return there == len(index)

    def unchanged_since(self, revision: int) -> Iterator[tuple[str, str]]:
        """Give id and digest of the threads that are as they were at a revision."""
        with self._database.read() as c:
            for name, digest, changed in thread_digests(c, self._forum_id):
                if changed <= revision:
                    yield name, digest

    def _differing(self, c: store.Connection, opened: Opened) -> tuple[list[str], int]:
        """Return the threads that a snapshot has not just so, and how many it has at all."""
        index, there, changed = opened.index, 0, []
        for page in chunks(thread_digests(c, self._forum_id), _PAGE):
            same = are_known(opened.known, marks_of((name, digest) for name, digest, _ in page))
            for (name, _, _), is_same in zip(page, same.tolist(), strict=True):
                held = index.holds(name)
                there += held
                if not (held and is_same):
                    changed.append(name)
        return changed, there

    def _links(self, c: store.Connection) -> Resolution:
        return Resolution.of(Link(*row) for row in store.iter_links(c, self._forum_id))

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


def boilerplate_of(c: store.Connection, forum_id: int) -> Boilerplate:
    """Return what a forum discounts."""
    return Boilerplate.of(store.boilerplate_segments(c, forum_id))


def digest_of(boilerplate: Boilerplate) -> str:
    """Return SHA-256 over what is discounted."""
    parts = (boilerplate.lines, boilerplate.labels, boilerplate.signatures)
    return hashlib.sha256(json.dumps([sorted(part) for part in parts]).encode()).hexdigest()
