"""The index port and the values that cross it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from triage.records import Hit, Unit

Vectors = NDArray[np.float32]
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class IndexedThread:
    """A thread as the index sees it.

    `vectors` has one unit row per unit, shape (len(units), dimension), or is None when the
    service runs without an encoder. No groups means that everyone may find it. `identifiers` are
    matched exactly; `qualities` say in [0, 1] what each answer is worth by itself.
    """

    thread_id: str
    units: tuple[Unit, ...]
    vectors: Vectors | None
    lang: str | None = None
    groups: frozenset[str] = frozenset()
    identifiers: frozenset[str] = frozenset()
    qualities: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for.

    `vector` is a unit row of the index's dimension, or None to search by words alone; `text` is
    empty to search by vector alone. Only threads that `groups` may read are found, and only
    those of `among` where given; `among` threads are all returned, found or not.
    """

    text: str
    lang: str
    vector: Vector | None
    groups: frozenset[str] = frozenset()
    among: frozenset[str] | None = None
    limit: int = 50
    identifiers: frozenset[str] = frozenset()


class KnowledgeIndex(Protocol):
    """Where threads are searched. Every implementation passes tests/contracts/test_index.py."""

    def put(self, threads: Sequence[IndexedThread]) -> None:
        """Add threads, replacing those of the same id; they can be found when this returns.

        Raises IndexMismatch when the vectors are of another dimension than the index.
        """
        ...

    def remove(self, thread_ids: Collection[str]) -> None:
        """Forget threads; unknown ids are ignored. None can be found when this returns."""
        ...

    def search(self, search: Search) -> list[Hit]:
        """Return at most `limit` hits (each side's best), with every side's evidence for each."""
        ...

    def __len__(self) -> int:
        """How many threads the index holds."""
        ...

    def holds(self, thread_id: str) -> bool:
        """Whether the index holds a thread."""
        ...

    def thread_ids(self) -> frozenset[str]:
        """The threads that the index holds."""
        ...


def may_read(groups: frozenset[str], audience: frozenset[str]) -> bool:
    """Whether a person of `groups` may read what is meant for `audience` (empty: everyone)."""
    return not audience or bool(groups & audience)
