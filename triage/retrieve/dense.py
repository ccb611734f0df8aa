"""Nearest neighbours by inner product: the only file that imports faiss.

In: unit rows under the numbers 0, 1, 2, ..., then a vector. Out: the nearest rows' numbers, and
exact cosines of any rows. Rows are kept as 16-bit fixed point, in memory or in mapped files. Up to
`EXACT_UNITS` all of them are compared; above, codes of one bit a dimension (RaBitQ: Gao and Long,
"RaBitQ: Quantizing High-Dimensional Vectors with a Theoretical Error Bound for Approximate Nearest
Neighbor Search", 2024) propose some hundreds, which are then compared exactly. Measured choices:
docs/decisions/quantised-search.md.
Not here: who may read what (sight), which thread a row is of (table).
"""

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from triage.errors import IndexMismatch
from triage.retrieve.base import Vector, Vectors
from triage.retrieve.pieces import Numbers, Pieces, Shape
from triage.retrieve.sight import Sight

EXACT_UNITS = 20_000
# A coordinate of a unit row is in [-1, 1]: as 16-bit fixed point it is off by 0.000015 at most,
# and turns into float32 six times faster than a half float does in numpy.
_SCALE = 32767.0
_PIECE_ROWS = 1 << 16
# How often the rows may have multiplied before lists and codes are learnt anew.
_GROWTH = 4
_ROTATION_SEED = 20_240_521
_BLOCK = 4096
# Rows to compare exactly, at least and for each that is wanted.
_LEAST_RESCORED, _RESCORED = 800, 2
# As far as all codes can be looked at, they are in one list: in lists of near ones, half of all
# must be searched to find .98 of what drafts of other forums are nearest to. Above, lists of about
# 3,000 rows, learnt from 48 each, of which so many are searched: a quarter, or this many rows.
_ONE_LIST_UNITS = 500_000
_LIST_ROWS, _LEARNT_ROWS = 3000, 48
_SEARCHED = 0.25
# Mapped rows may take so much memory. With a row that is read come 64 kB of what stands about it,
# where the system has that at hand: where there are more rows, they are let go of in time.
_MAPPED_BYTES, _BROUGHT_ALONG = 512_000_000, 65_536


class DenseSide:
    """Vectors under numbers; one may write while nobody searches, many may search."""

    def __init__(self, dimension: int, folder: Path | None = None) -> None:
        """Begin without rows; they are kept in files of `folder` where given."""
        self._dimension = dimension
        self._rows = Pieces(_shape(dimension), folder)
        self._codes: faiss.Index = _exact(dimension)
        self._learnt = 0
        self._read = 0

    def __len__(self) -> int:
        return len(self._rows)

    def check(self, vectors: Vectors) -> None:
        """Raise IndexMismatch unless the rows have this index's dimension."""
        if vectors.shape[-1] != self._dimension:
            raise IndexMismatch(self._dimension, int(vectors.shape[-1]))

    def append(self, first: int, vectors: Vectors) -> None:
        """Keep rows from the number `first` on, not yet to be found; others may search."""
        self.check(vectors)
        self._rows.cut(first)
        fixed = np.rint(np.clip(vectors, -1.0, 1.0) * _SCALE)
        self._rows.append(fixed.astype("<i2"))

    def admit(self, last: int) -> None:
        """Have the rows before the number `last` found; nobody may be searching."""
        _add(self._codes, self._rows, last)

    def settle(self, count: int) -> None:
        """Keep just the first `count` rows, all found: what a put that failed left goes."""
        self._rows.cut(count)
        self.admit(count)

    @property
    def crowded(self) -> bool:
        """Whether there are too many rows to compare all of them, and no codes yet."""
        return not self._learnt and self._codes.ntotal > EXACT_UNITS

    @property
    def outgrown(self) -> bool:
        """Whether searching would be faster with codes learnt anew."""
        count = self._codes.ntotal
        if count <= EXACT_UNITS:
            return False
        return count > _GROWTH * self._learnt or _lists(count) >= _GROWTH * self._lists()

    def learn(self) -> tuple[Any, int]:
        """Return new codes, for `adopt`; others may search, and append, meanwhile."""
        count = int(self._codes.ntotal)
        codes = _learn(self._rows, self._dimension, count)
        _add(codes, self._rows, count)
        return codes, count

    def adopt(self, learnt: tuple[Any, int]) -> None:
        """Search with new codes from now on; nobody may be searching."""
        admitted = self._codes.ntotal
        self._codes, self._learnt = learnt
        _add(self._codes, self._rows, admitted)

    def nearest(self, vector: Vector, k: int, sight: Sight) -> Numbers:
        """Return the numbers of the k nearest rows that are seen, nearest first.

        Above EXACT_UNITS those that the codes propose; fewer than k only if fewer are seen.
        """
        k = min(k, sight.seen)
        if k <= 0:
            return np.empty(0, dtype=np.int64)
        asked = np.ascontiguousarray(vector[None, :], dtype=np.float32)
        wanted = k if not self._learnt else max(_LEAST_RESCORED, _RESCORED * k)
        numbers = self._propose(asked, min(wanted, sight.seen), k, sight)
        similarities = self.similarities(vector, numbers)
        return numbers[np.argsort(-similarities, kind="stable")[:k]]

    def similarities(self, vector: Vector, numbers: Numbers) -> NDArray[np.float32]:
        """Return the cosine of each numbered row with the vector, in [-1, 1]."""
        if not len(numbers):
            return np.empty(0, dtype=np.float32)
        rows = self._rows.take(numbers).astype(np.float32)
        self._read += len(numbers)
        if self._read * _BROUGHT_ALONG > _MAPPED_BYTES:
            self._read = 0
            if self._rows.size_bytes > _MAPPED_BYTES:
                self._rows.let_go()
        return np.clip(rows @ (vector / np.float32(_SCALE)), -1.0, 1.0)

    def blank(self, numbers: Numbers) -> None:
        """Overwrite rows that are never looked for again."""
        self._rows.blank(numbers)

    def save(self, folder: Path) -> dict[str, Any]:
        """Write rows and codes into a folder; return what `open` must be told."""
        self._rows.save(folder)
        if self._learnt:
            faiss.write_index(self._codes, str(folder / "codes.faiss"))
        return {"rows": len(self._rows), "learnt": self._learnt}

    @classmethod
    def open(
        cls, dimension: int, told: dict[str, Any], snapshot: Path, folder: Path
    ) -> "DenseSide":
        """Open what was saved, as a copy in `folder`. Raises ValueError when it does not fit."""
        side = cls(dimension)
        side._rows = Pieces.open(_shape(dimension), told["rows"], snapshot, folder)
        side._learnt = told["learnt"]
        if side._learnt:
            try:
                side._codes = faiss.read_index(str(snapshot / "codes.faiss"))
            except RuntimeError as error:
                raise ValueError(f"{snapshot} has no codes that can be read.") from error
            if side._codes.ntotal != told["rows"] or side._codes.d != dimension:
                raise ValueError(f"{snapshot} has codes of other rows.")
        else:
            side.admit(told["rows"])
        return side

    def close(self) -> None:
        """Let go of the files."""
        self._rows.close()

    def _lists(self) -> int:
        return int(faiss.extract_index_ivf(self._codes).nlist) if self._learnt else 1

    def _propose(self, asked: Vectors, wanted: int, least: int, sight: Sight) -> Numbers:
        """Return the rows that the codes hold nearest: `wanted` of them, at least `least`."""
        selector = None
        if sight.seen < self._codes.ntotal:
            selector = faiss.IDSelectorBitmap(len(sight.bits), faiss.swig_ptr(sight.bits))
        # What is handed to faiss has a name as long as it searches: it keeps bare pointers.
        if not self._learnt:
            parameters = faiss.SearchParameters()
            if selector is not None:
                parameters.sel = selector
            return _found(self._codes.search(asked, wanted, params=parameters))
        lists = self._lists()
        probed = _probes(lists, self._codes.ntotal)
        while True:
            inner = _in_lists(probed, selector)
            outer = faiss.SearchParametersPreTransform()
            outer.index_params = inner
            numbers = _found(self._codes.search(asked, wanted, params=outer))
            # Where few rows are seen, the nearest lists may have none of them.
            if len(numbers) >= least or probed >= lists:
                return numbers
            probed = min(lists, probed * 4)


def _shape(dimension: int) -> Shape:
    return Shape("rows", "<i2", dimension, _PIECE_ROWS)


def _exact(dimension: int) -> faiss.Index:
    kind = faiss.ScalarQuantizer.QT_fp16
    return faiss.IndexScalarQuantizer(dimension, kind, faiss.METRIC_INNER_PRODUCT)


def _learn(rows: Pieces, dimension: int, count: int) -> faiss.Index:
    """Return empty codes: lists learnt from an even sample of the rows, always the same one."""
    lists = _lists(count)
    size = min(count, max(EXACT_UNITS, lists * _LEARNT_ROWS))
    sample = np.linspace(0, count - 1, size).astype(np.int64)
    rotation = faiss.RandomRotationMatrix(dimension, dimension)
    rotation.init(_ROTATION_SEED)
    codes = faiss.IndexIVFRaBitQFastScan(
        faiss.IndexFlatIP(dimension), dimension, lists, faiss.METRIC_INNER_PRODUCT
    )
    codes.cp.niter = 8
    codes.cp.min_points_per_centroid = 1
    rotated = faiss.IndexPreTransform(rotation, codes)
    rotated.train(_floats(rows.take(sample)))
    return rotated


def _lists(count: int) -> int:
    """Return into how many lists so many rows go."""
    if count <= _ONE_LIST_UNITS:
        return 1
    return int(2 ** round(np.log2(count / _LIST_ROWS)))


def _probes(lists: int, count: int) -> int:
    """Return how many lists of all that hold so many rows are searched."""
    share = max(_SEARCHED, _ONE_LIST_UNITS / max(1, count))
    return min(lists, max(1, round(share * lists)))


def _in_lists(probed: int, selector: faiss.IDSelector | None) -> faiss.SearchParametersIVF:
    parameters = faiss.SearchParametersIVF()
    parameters.nprobe = probed
    if selector is not None:
        parameters.sel = selector
    return parameters


def _found(answer: tuple[Vectors, Numbers]) -> Numbers:
    numbers: Numbers = answer[1][0]
    return numbers[numbers >= 0]


def _add(codes: faiss.Index, rows: Pieces, last: int) -> None:
    """Add the rows that the codes do not have yet, up to but not including `last`."""
    while (first := codes.ntotal) < last:
        codes.add(_floats(rows.between(first, min(last, first + _BLOCK))))


def _floats(fixed: NDArray[Any]) -> Vectors:
    return fixed.astype(np.float32) / np.float32(_SCALE)
