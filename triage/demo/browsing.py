"""What stands in the demo forum: its threads, newest first, or those that mean what is looked for.

In: who reads, and what they look for. Out: a page of threads.
Not here: one thread and what becomes of it (forum), how well a thread answers (rank).
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from triage import store, text
from triage.errors import EmptyDraft
from triage.pipeline import Parts, asked_of, gather, order
from triage.records import Draft, Thread

PER_PAGE = 20
# What is found further down has little to do with what was looked for.
MOST_FOUND = 20
_LONG_AGO = datetime.min.replace(tzinfo=UTC)

MayRead = Callable[[Thread], bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; what is None or empty is not asked about. Pages begin at 1."""

    words: str = ""
    lang: str | None = None
    product: str | None = None
    solved: bool | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """A page of threads, which page it is, and how many pages and threads there are."""

    threads: tuple[Thread, ...]
    page: int
    pages: int
    total: int


class Shelf:
    """The threads of one forum, newest first; read again only when something was put or removed."""

    def __init__(self, database: store.Database, forum_id: int) -> None:
        self._database = database
        self._forum_id = forum_id
        self._read: tuple[int, tuple[Thread, ...]] = (-1, ())
        self._lock = threading.Lock()

    def is_of(self, database: store.Database) -> bool:
        """Say whether this is where it reads."""
        return self._database is database

    def threads(self) -> tuple[Thread, ...]:
        """Return them as they are now."""
        with self._lock, self._database.read() as c:
            revision = store.revision_of(c, self._forum_id)
            if revision != self._read[0]:
                every = sorted(store.iter_threads(c, self._forum_id), key=_age)
                self._read = revision, tuple(every)
            return self._read[1]

    def groups(self) -> frozenset[str]:
        """Return every group that some of them are for."""
        return frozenset().union(*(thread.groups for thread in self.threads()))


def browse(shelf: Shelf, may_read: MayRead, wanted: Wanted) -> Found:
    """Return a page of what somebody may read, newest first."""
    return _page(_fitting(shelf.threads(), wanted), may_read, wanted)


def search(parts: Parts, groups: frozenset[str], may_read: MayRead, wanted: Wanted) -> Found:
    """Return what means what is looked for, in any language, the best first.

    It is found as suggestions are, but nothing is decided and nothing kept.
    """
    draft = Draft(title=wanted.words, body="", groups=groups)
    try:
        question = asked_of(parts, text.prepare(draft, parts.redaction))
    except EmptyDraft:
        return Found((), 1, 1, 0)
    hits, threads = gather(parts, question)
    ordered = [threads[match.thread_id] for match in order(parts, question, hits, threads)]
    return _page(_fitting(ordered, wanted), may_read, wanted, most=MOST_FOUND)


def _fitting(threads: Iterable[Thread], wanted: Wanted) -> Iterable[Thread]:
    for thread in threads:
        if wanted.lang is not None and thread.lang != wanted.lang:
            continue
        if wanted.product is not None and thread.product != wanted.product:
            continue
        if wanted.solved is None or thread.solved is wanted.solved:
            yield thread


def _page(
    threads: Iterable[Thread], may_read: MayRead, wanted: Wanted, most: int | None = None
) -> Found:
    every = [thread for thread in threads if may_read(thread)][:most]
    pages = max(1, -(-len(every) // PER_PAGE))
    page = min(max(1, wanted.page), pages)
    return Found(tuple(every[(page - 1) * PER_PAGE : page * PER_PAGE]), page, pages, len(every))


def _age(thread: Thread) -> tuple[float, str]:
    return -((thread.created or _LONG_AGO).timestamp()), thread.id
