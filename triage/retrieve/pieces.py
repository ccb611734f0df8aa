"""Rows that are only ever appended -> pieces of equal size, in memory or in mapped files.

In: rows of one type and width, then row numbers. Out: the rows. A full piece never changes again,
so a snapshot shares its file by a hard link; only the last one is copied.
Not here: what the rows mean (table, dense).
"""

import mmap
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Rows = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a row is: its file's name, its type (little endian), its width, how many make a piece.

    A width of 0 is a row that is one number.
    """

    stem: str
    dtype: str
    width: int
    piece: int

    @property
    def row_bytes(self) -> int:
        """How many bytes one row has."""
        return np.dtype(self.dtype).itemsize * max(1, self.width)

    def path(self, folder: Path, piece: int) -> Path:
        """Where a piece lies in a folder."""
        return folder / f"{self.stem}-{piece:05}.bin"

    def array(self, buffer: bytes | mmap.mmap) -> Rows:
        """View a buffer as rows."""
        rows = np.frombuffer(buffer, dtype=self.dtype)
        return rows.reshape(-1, self.width) if self.width else rows


class Pieces:
    """Rows under the numbers 0, 1, 2, ...; one may append while others read what is there."""

    def __init__(self, shape: Shape, folder: Path | None = None) -> None:
        """Begin without rows, in memory or in files of `folder`."""
        self._shape = shape
        self._folder = folder
        self._pieces: list[Rows] = []
        self._maps: dict[int, mmap.mmap] = {}
        self._shared: set[int] = set()
        self._file: int | None = None
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def size_bytes(self) -> int:
        """How many bytes the rows have."""
        return self._count * self._shape.row_bytes

    def append(self, rows: Rows) -> int:
        """Add rows and return the number of the first. Raises OSError when the disk is full."""
        rows = np.ascontiguousarray(rows, dtype=self._shape.dtype)
        first, done, size = self._count, 0, self._shape.piece
        while done < len(rows):
            place = (first + done) % size
            piece = (first + done) // size
            if piece == len(self._pieces):
                self._begin(piece)
            part = rows[done : done + size - place]
            self._write(piece, place, part)
            done += len(part)
        self._count += len(rows)
        return first

    def cut(self, count: int) -> None:
        """Forget all rows but the first `count`, which were the last that came."""
        if count // self._shape.piece != self._count // self._shape.piece:
            raise ValueError("Only rows of the last piece can be cut off.")
        self._count = count

    def take(self, numbers: Numbers) -> Rows:
        """Return rows by number, in that order."""
        where, places = np.divmod(numbers, self._shape.piece)
        if not len(numbers):
            return self._shape.array(b"")
        if len(self._pieces) == 1:
            return self._pieces[0][places]
        shape = (len(numbers), self._shape.width) if self._shape.width else (len(numbers),)
        found = np.empty(shape, dtype=self._shape.dtype)
        order = np.argsort(where, kind="stable")
        here, starts = np.unique(where[order], return_index=True)
        for piece, rows in zip(here, np.split(order, starts[1:]), strict=True):
            found[rows] = self._pieces[piece][places[rows]]
        return found

    def between(self, first: int, last: int) -> Rows:
        """Return the rows from `first` up to but not including `last`."""
        piece, place = divmod(first, self._shape.piece)
        if first < last <= (piece + 1) * self._shape.piece:
            return self._pieces[piece][place : place + last - first]
        parts = list(self.parts(first, last)) or [self._shape.array(b"")]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def parts(self, first: int, last: int) -> Iterator[Rows]:
        """Give the rows from `first` to `last` piece by piece, without a copy."""
        size = self._shape.piece
        while first < last:
            piece, place = divmod(first, size)
            end = min(size, place + last - first)
            yield self._pieces[piece][place:end]
            first += end - place

    def blank(self, numbers: Numbers) -> None:
        """Overwrite rows with zeros, here and in what is saved from now on.

        A piece that a snapshot shares is copied first: what was saved stays as it is.
        """
        for piece in np.unique(numbers // self._shape.piece).tolist():
            if piece in self._shared:
                self._part(piece)
            places = numbers[numbers // self._shape.piece == piece] % self._shape.piece
            if self._folder is None:
                self._pieces[piece][places] = 0
                continue
            file = os.open(self._shape.path(self._folder, piece), os.O_WRONLY)
            try:
                for place in places.tolist():
                    at = place * self._shape.row_bytes
                    os.pwrite(file, bytes(self._shape.row_bytes), at)
            finally:
                os.close(file)

    def let_go(self) -> None:
        """Give back the memory of mapped rows; they are read from their files when next asked."""
        for held in list(self._maps.values()):
            held.madvise(mmap.MADV_DONTNEED)

    def save(self, folder: Path) -> None:
        """Write the rows into files of `folder`: full pieces are shared, the last is copied.

        Raises ValueError for rows in memory, which have no files.
        """
        if self._folder is None:
            raise ValueError("Rows in memory have no files to save.")
        full, rest = divmod(self._count, self._shape.piece)
        for piece in range(full):
            share(self._shape.path(self._folder, piece), self._shape.path(folder, piece))
            self._shared.add(piece)
        if rest:
            self._shape.path(folder, full).write_bytes(self._pieces[full][:rest].data)

    @classmethod
    def open(cls, shape: Shape, count: int, snapshot: Path, folder: Path) -> "Pieces":
        """Open `count` saved rows as a copy in `folder`.

        Raises ValueError when the files are shorter than that.
        """
        pieces = cls(shape, folder)
        full, rest = divmod(count, shape.piece)
        for piece in range(full):
            pieces._adopt(piece, snapshot, folder)
        pieces._count = full * shape.piece
        if rest:
            rows = shape.array(shape.path(snapshot, full).read_bytes())
            if len(rows) != rest:
                raise ValueError(f"{shape.path(snapshot, full)} has {len(rows)} rows, not {rest}.")
            pieces.append(rows)
        return pieces

    def close(self) -> None:
        """Let go of the files. Rows that somebody still holds stay readable."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        self._pieces.clear()
        self._maps.clear()

    def _begin(self, piece: int) -> None:
        size = self._shape.piece * self._shape.row_bytes
        if self._folder is None:
            # Pages that nothing was written to cost no memory.
            held = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
            self._pieces.append(self._shape.array(held))
            return
        if self._file is not None:
            os.close(self._file)
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL
        self._file = os.open(self._shape.path(self._folder, piece), flags, 0o600)
        os.truncate(self._file, size)
        self._pieces.append(self._map(piece, self._file))

    def _write(self, piece: int, place: int, rows: Rows) -> None:
        if self._file is None:
            self._pieces[piece][place : place + len(rows)] = rows
            return
        # Not through the map: there a full disk would end the process instead of raising.
        left, at = rows.data.cast("B"), place * self._shape.row_bytes
        while left:
            written = os.pwrite(self._file, left, at)
            left, at = left[written:], at + written

    def _adopt(self, piece: int, snapshot: Path, folder: Path) -> None:
        source, size = self._shape.path(snapshot, piece), self._shape.piece * self._shape.row_bytes
        if source.stat().st_size != size:
            raise ValueError(f"{source} is not {size} bytes long.")
        target = self._shape.path(folder, piece)
        share(source, target)
        self._shared.add(piece)
        with target.open("rb") as file:
            self._pieces.append(self._map(piece, file.fileno()))

    def _part(self, piece: int) -> None:
        """Give a shared piece a file of its own; who reads the former goes on doing so."""
        assert self._folder is not None
        path = self._shape.path(self._folder, piece)
        own = path.with_suffix(".own")
        shutil.copyfile(path, own)
        own.replace(path)
        self._shared.discard(piece)
        with path.open("rb") as file:
            self._pieces[piece] = self._map(piece, file.fileno())

    def _map(self, piece: int, file: int) -> Rows:
        size = self._shape.piece * self._shape.row_bytes
        mapped = mmap.mmap(file, size, prot=mmap.PROT_READ)
        # Rows are asked for here and there: what stands beside one need not be read with it.
        mapped.madvise(mmap.MADV_RANDOM)
        self._maps[piece] = mapped
        return self._shape.array(mapped)


def share(source: Path, target: Path) -> None:
    """Give a file that never changes a second name, or a copy where that cannot be done."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
