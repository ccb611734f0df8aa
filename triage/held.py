"""Threads by id, read from the store once and held until any thread of the forum changes.

In: the ids that a search found. Out: those threads as the store has them at this moment. Every call
asks the store for the forum's revision, in the transaction that it reads the rest in: what was
changed, closed or deleted by any process is never given as it was.
Not here: searching (retrieve), keeping the index in step (knowledge), who may read what (pipeline).
"""

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping

from triage import store
from triage.records import Thread

# Of titles, bodies and answers together: some 10 MB of a forum, whatever it has.
_MOST_CHARACTERS = 4_000_000


class HeldThreads:
    """Reads the threads of one forum; those that drafts find again and again are held."""

    def __init__(
        self, database: store.Database, forum_id: int, most_characters: int = _MOST_CHARACTERS
    ) -> None:
        self._database = database
        self._forum_id = forum_id
        self._most = most_characters
        self._revision = -1
        self._threads: OrderedDict[str, Thread] = OrderedDict()
        self._characters = 0
        self._lock = threading.Lock()

    def __call__(self, thread_ids: Collection[str]) -> Mapping[str, Thread]:
        """Return those of the threads that the forum has now. Raises StoreUnavailable."""
        with self._database.read() as c:
            revision = store.revision_of(c, self._forum_id)
            found = self._held(revision, thread_ids)
            missing = [one for one in thread_ids if one not in found]
            read = store.get_threads(c, self._forum_id, missing) if missing else {}
        self._hold(revision, read)
        found |= read
        return {one: found[one] for one in thread_ids if one in found}

    def _held(self, revision: int, thread_ids: Collection[str]) -> dict[str, Thread]:
        with self._lock:
            if revision > self._revision:
                self._revision, self._characters = revision, 0
                self._threads.clear()
            if revision != self._revision:
                # This one began to read before another that has seen more.
                return {}
            found = {one: self._threads[one] for one in thread_ids if one in self._threads}
            for one in found:
                self._threads.move_to_end(one)
            return found

    def _hold(self, revision: int, read: Mapping[str, Thread]) -> None:
        with self._lock:
            if revision != self._revision:
                return
            for name, thread in read.items():
                if name not in self._threads:
                    self._threads[name] = thread
                    self._characters += _length(thread)
            while self._characters > self._most:
                _, thread = self._threads.popitem(last=False)
                self._characters -= _length(thread)


def _length(thread: Thread) -> int:
    return len(thread.title) + len(thread.body) + sum(len(a.body) for a in thread.answers)
