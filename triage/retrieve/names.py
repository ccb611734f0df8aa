"""Thread ids -> places, as a table of numbers instead of a dictionary of texts.

A million ids in a dictionary take about 170 MB; here they take 12 bytes each, beside the texts
themselves, which whoever asks keeps (table).
Open addressing: an id's digest says where to begin to look, and the next slots are tried in turn.
"""

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_SMALLEST = 1 << 8
_NONE = 0


class Names:
    """The latest place of every id."""

    def __init__(self, id_at: Callable[[int], str]) -> None:
        """Begin without ids; `id_at` gives the id that was noted for a place."""
        self._id_at = id_at
        self._places: NDArray[np.uint32] = np.zeros(_SMALLEST, dtype="<u4")
        self._tags: NDArray[np.uint32] = np.zeros(_SMALLEST, dtype="<u4")
        self._count = 0

    def find(self, name: str) -> int | None:
        """Return the place noted last for an id, or None."""
        slot = self._slot(name, _tag(name))
        place = int(self._places[slot])
        return None if place == _NONE else place - 1

    def note(self, name: str, place: int) -> None:
        """Note that an id is at a place from now on."""
        tag = _tag(name)
        slot = self._slot(name, tag)
        if self._places[slot] == _NONE:
            self._count += 1
        self._places[slot] = place + 1
        self._tags[slot] = tag
        if self._count * 3 > len(self._places) * 2:
            self._grow()

    def save(self, folder: Path) -> None:
        """Write the table into a folder."""
        (folder / "names-places.bin").write_bytes(self._places.tobytes())
        (folder / "names-tags.bin").write_bytes(self._tags.tobytes())

    @classmethod
    def open(cls, id_at: Callable[[int], str], folder: Path) -> "Names":
        """Read a saved table. Raises ValueError when it is none."""
        names = cls(id_at)
        names._places = np.fromfile(folder / "names-places.bin", dtype="<u4")
        names._tags = np.fromfile(folder / "names-tags.bin", dtype="<u4")
        size = len(names._places)
        if size != len(names._tags) or size < _SMALLEST or size & (size - 1):
            raise ValueError(f"{folder} has no table of names.")
        names._count = int(np.count_nonzero(names._places))
        return names

    def _slot(self, name: str, tag: int) -> int:
        """Return the slot that holds an id, or the empty one where it would be put."""
        places, tags, last = self._places, self._tags, len(self._places) - 1
        slot = tag & last
        while places[slot] != _NONE:
            if tags[slot] == tag and self._id_at(int(places[slot]) - 1) == name:
                break
            slot = (slot + 1) & last
        return slot

    def _grow(self) -> None:
        filled = np.flatnonzero(self._places)
        old_places, old_tags = self._places[filled].tolist(), self._tags[filled].tolist()
        size = len(self._places) * 2
        places, tags, last = [_NONE] * size, [0] * size, size - 1
        for place, tag in zip(old_places, old_tags, strict=True):
            slot = tag & last
            while places[slot] != _NONE:
                slot = (slot + 1) & last
            places[slot], tags[slot] = place, tag
        self._places = np.array(places, dtype="<u4")
        self._tags = np.array(tags, dtype="<u4")


def _tag(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "little")
