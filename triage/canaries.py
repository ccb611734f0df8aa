"""Questions whose answer is known, asked again and again: does the index still find them?

In: what a request works with, threads of the forum that are solved. Out: how many of the questions
find their thread. A question is the title of a thread; which one is known only here, and no text
leaves this room.
Not here: how often they are asked (api.errands), keeping them: every server chooses its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from triage import text
from triage.errors import EmptyDraft
from triage.pipeline import Parts, gather, order
from triage.records import Draft, Thread

WANTED = 5
# Who stands so far up once is watched; who cannot be found so far up at all is lost.
_FIRST, _SEEN = 3, 10
_FEWEST_WORDS = 3
# Of so many titles that were tried in vain at least half should have been found.
_TRIED, _FEWEST_TRIED = 20, 8


@dataclass(frozen=True, slots=True)
class Song:
    """What came of asking all of a forum's canaries once; `failed` of the `asked` were lost."""

    asked: int
    failed: int
    at: datetime

    def told(self) -> Mapping[str, object]:
        """Return it in numbers, as whoever runs the server is told."""
        return {"asked": self.asked, "failed": self.failed, "at": self.at.isoformat()}


@dataclass(slots=True)
class Canaries:
    """The canaries of one forum: threads, each as it was when it was found first by its title."""

    _threads: dict[str, Thread] = field(default_factory=dict)

    def sing(self, parts: Parts, solved: Iterable[Thread], now: datetime) -> Song:
        """Ask them all; replace those that have changed or sunk by others of the `solved`."""
        lost: set[str] = set()
        there = parts.fetch(list(self._threads))
        for name, thread in list(self._threads.items()):
            # Edited, hidden or deleted since: nobody need find it by its former title.
            if there.get(name) != thread:
                del self._threads[name]
                continue
            place = place_of(parts, thread)
            if place is None:
                lost.add(name)
            elif place > _FIRST:
                # Others speak to it better by now, which is as it should be.
                del self._threads[name]
        asked = len(self._threads)
        tried, found = self._choose(parts, solved) if asked < WANTED else (0, 0)
        if tried >= _FEWEST_TRIED and 2 * found < tried:
            return Song(asked + tried, len(lost) + tried - found, now)
        return Song(len(self._threads), len(lost), now)

    def _choose(self, parts: Parts, solved: Iterable[Thread]) -> tuple[int, int]:
        """Fill up with threads that their title finds first; return how many were tried, found."""
        tried = found = 0
        for thread in solved:
            if len(self._threads) >= WANTED or tried >= _TRIED:
                break
            if thread.id in self._threads or not _is_telling(thread):
                continue
            place = place_of(parts, thread)
            tried += 1
            found += place is not None
            if place == 1:
                self._threads[thread.id] = thread
        return tried, found


def place_of(parts: Parts, thread: Thread) -> int | None:
    """Return at which place the title of a thread finds it; None where it is not found so far."""
    draft = Draft(thread.title, "", lang=thread.lang, product=thread.product)
    try:
        question = text.prepare(draft, parts.redaction)
    except EmptyDraft:
        return None
    hits, threads = gather(parts, question)
    matches = order(parts, question, hits, threads)
    best = [match.thread_id for match in matches[:_SEEN]]
    ours: Sequence[str] = (thread.id,)
    # Whoever asks is given the thread that stands for all that ask the same.
    settled = parts.resolution.canonical(thread.id, (), thread.lang)
    if settled is not None:
        ours = (thread.id, settled)
    return next((n for n, name in enumerate(best, start=1) if name in ours), None)


def _is_telling(thread: Thread) -> bool:
    return not thread.groups and len(thread.title.split()) >= _FEWEST_WORDS
