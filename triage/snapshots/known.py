"""Which threads a snapshot holds, each as it was: eight bytes a thread.

In: ids and digests of threads. Out: whether a thread stands in the snapshot just so. This, and no
number of a revision, tells what has changed since: a store restored from a backup counts its
revisions over again.
Not here: reading the threads of the store (knowledge).
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

NAME = "known.npy"
Marks = NDArray[np.uint64]


def marks_of(threads: Iterable[tuple[str, str]]) -> Marks:
    """Return one mark of each thread's id and digest."""
    return np.fromiter((_mark(*thread) for thread in threads), np.uint64)


def keep_marks(folder: Path, marks: Marks) -> None:
    """Write marks into the folder of a snapshot."""
    with (folder / NAME).open("wb") as file:
        np.save(file, np.sort(marks), allow_pickle=False)


def read_marks(folder: Path) -> Marks:
    """Read them. Raises OSError, ValueError."""
    found: Marks = np.load(folder / NAME, allow_pickle=False)
    return found


def are_known(known: Marks, marks: Marks) -> NDArray[np.bool_]:
    """Return which of the marks are among the known."""
    if not len(known):
        return np.zeros(len(marks), dtype=np.bool_)
    places = np.minimum(np.searchsorted(known, marks), len(known) - 1)
    found: NDArray[np.bool_] = known[places] == marks
    return found


def _mark(thread_id: str, digest: str) -> int:
    # The digest is of fixed length, so that no two pairs are spelt alike.
    text = f"{digest}{thread_id}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")
