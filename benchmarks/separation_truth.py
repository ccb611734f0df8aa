"""Who may read what in a world, kept beside it: the answers are held against this.

In: what was put, changed and deleted. Out: the marks that somebody may be told, and those that are
closed to them. Every state of every thread holds words (marks) that are nowhere else, so that
whatever comes back in a reply, whole or in part, names what it is from.
Not here: what happens (separation_story).
"""

import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

GROUPS = ("alpha", "beta", "gamma", "delta")
_SYLLABLES = ("ba", "ke", "lo", "mu", "ri", "so", "tu", "va", "ne", "pi")
_MARK = re.compile(r"zq[a-z]{12}", re.IGNORECASE)


def new_mark(chance: random.Random) -> str:
    """Return a word that is nowhere else."""
    return "zq" + "".join(chance.choice(_SYLLABLES) for _ in range(6))


def marks_in(text: str) -> frozenset[str]:
    """Return the marks in a text."""
    return frozenset(mark.lower() for mark in _MARK.findall(text))


def some_groups(chance: random.Random) -> frozenset[str]:
    """Return no group, one, or two."""
    return frozenset(chance.sample(GROUPS, chance.choice((0, 0, 1, 1, 2))))


@dataclass(frozen=True, slots=True)
class Put:
    """A thread as it is now: who may read it, and the words that only this state of it has."""

    forum: str
    id: str
    groups: frozenset[str]
    body: Mapping[str, Any]

    @property
    def marks(self) -> frozenset[str]:
        """The words that tell of it, but for those of the threads that it points to."""
        own = {name: value for name, value in self.body.items() if name not in _POINTERS}
        return marks_in(f"{self.id} {own}")

    def readable(self, groups: frozenset[str] | None) -> bool:
        """Say whether a member of `groups` may read it; None reads all."""
        return groups is None or not self.groups or bool(self.groups & groups)


_POINTERS = frozenset({"duplicate_of", "superseded_by"})


class Truth:
    """All threads of all forums."""

    def __init__(self) -> None:
        self.threads: dict[tuple[str, str], Put] = {}
        self._named: dict[str, set[str]] = {}
        self._ever: dict[str, set[str]] = {}

    def put(self, put: Put) -> None:
        """Note that a thread is there, or is another now."""
        self.threads[put.forum, put.id] = put
        self._named.setdefault(put.forum, set()).update(marks_in(put.id))
        self._ever.setdefault(put.forum, set()).update(put.marks)

    def named(self, forum: str) -> frozenset[str]:
        """Return the words in the ids of all threads that ever were: who leads sees those.

        The log of acts names them, and so does a thread that points to one that is gone.
        """
        return frozenset(self._named.get(forum, ()))

    def ever(self, forum: str) -> frozenset[str]:
        """Return every word that ever was in a forum: what a person was shown is kept of them."""
        return frozenset(self._ever.get(forum, ()))

    def of(self, forum: str) -> Iterable[Put]:
        """Return the threads of a forum."""
        return [put for (name, _), put in self.threads.items() if name == forum]

    def ids(self, forum: str, groups: frozenset[str] | None) -> frozenset[str]:
        """Return the ids of what a member of `groups` may read."""
        return frozenset(put.id for put in self.of(forum) if put.readable(groups))

    def open_marks(self, forum: str, groups: frozenset[str] | None) -> frozenset[str]:
        """Return every word that a member of `groups` may be told in a forum."""
        readable = [put.marks for put in self.of(forum) if put.readable(groups)]
        return frozenset().union(*readable)

    def closed_marks(self, forum: str, groups: frozenset[str] | None) -> frozenset[str]:
        """Return the words of threads that are there and not for them, in any forum."""
        everywhere = frozenset().union(*(put.marks for put in self.threads.values()))
        return everywhere - self.open_marks(forum, groups)
