"""Columns of numbers that grow at their end, kept together in one array each.

In: numbers to append. Out: one array to read and change in place. Not here: what they mean.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]
_SMALLEST = 64


class Columns:
    """Several columns of equal length, by name."""

    def __init__(self, types: dict[str, str]) -> None:
        """Begin without rows; `types` are numpy's, little endian."""
        self._columns: dict[str, Column] = {
            name: np.empty(_SMALLEST, dtype=kind) for name, kind in types.items()
        }
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, name: str) -> Column:
        """The column as far as it is filled; writing into it changes it."""
        return self._columns[name][: self._count]

    def append(self, **values: int | Column) -> int:
        """Add one row or several (numbers or arrays of one length); return the first's place."""
        first = self._count
        added = max(np.size(v) for v in values.values())
        self._reserve(first + added)
        for name, column in self._columns.items():
            column[first : first + added] = values[name]
        self._count += added
        return first

    def save(self, folder: Path, stem: str) -> None:
        """Write each column into a file of its own."""
        for name in self._columns:
            (folder / f"{stem}-{name}.bin").write_bytes(self[name].tobytes())

    @classmethod
    def open(cls, types: dict[str, str], folder: Path, stem: str, count: int) -> "Columns":
        """Read saved columns. Raises ValueError when one has another length than `count`."""
        columns = cls(types)
        for name, kind in types.items():
            path = folder / f"{stem}-{name}.bin"
            read = np.fromfile(path, dtype=kind)
            if len(read) != count:
                raise ValueError(f"{path} has {len(read)} numbers, not {count}.")
            columns._columns[name] = read
        columns._count = count
        return columns

    def _reserve(self, count: int) -> None:
        for name, column in self._columns.items():
            if len(column) < count:
                # A quarter more, not twice as much: at a million threads doubling is felt.
                room = max(count, len(column) + len(column) // 4, _SMALLEST)
                larger = np.empty(room, dtype=column.dtype)
                larger[: self._count] = column[: self._count]
                self._columns[name] = larger
