"""The terms of every unit, by unit number -> how relevant given units are to a question's terms.

In: the terms of units as codes of 32 bits, then unit numbers with the codes and weights that are
asked. Out: BM25, counted from those units alone: the time it takes does not grow with the index.
Not here: which units are worth counting, how frequent a term is (lexical).
"""

import zlib
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from triage.retrieve.frequencies import Codes
from triage.retrieve.pieces import Numbers, Pieces, Shape

Relevances = NDArray[np.float32]

GRAM = 4
_K1, _B = np.float32(1.2), np.float32(0.75)
_CODES_A_PIECE = 1 << 22
_UNITS_A_PIECE = 1 << 20
# Where a unit's codes begin, and how many there are, in one number.
_LENGTH_BITS = np.uint64(24)
_LENGTH_MASK = np.uint64((1 << 24) - 1)
_MIXES = np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F], dtype=np.uint32)
_SIEVE_BITS = 16
_SIEVE_SHIFT = np.uint32(32 - _SIEVE_BITS)


def word_codes(words: Sequence[str]) -> Codes:
    """Return a code for each word. Two words share one as seldom as two random numbers do."""
    return np.fromiter((zlib.crc32(w.encode()) for w in words), np.uint32, len(words))


def gram_codes(text: str) -> Codes:
    """Return a code for each run of four characters.

    Up to U+00FF, so in all six languages, no two different runs share one.
    """
    points = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    count = max(0, len(points) - GRAM + 1)
    codes = np.zeros(count, dtype=np.uint32)
    for place, mix in enumerate(_MIXES):
        here = points[place : place + count]
        codes ^= (here & 0xFF) << (8 * place)
        codes ^= (here >> 8) * mix
    return codes


def gram_codes_of_all(texts: Sequence[str]) -> list[Codes]:
    """Return the same for each of many texts, read as one."""
    whole = gram_codes("".join(texts))
    lengths = [len(text) for text in texts]
    starts = accumulate(lengths, initial=0)
    return [
        whole[start : start + max(0, length - GRAM + 1)]
        for start, length in zip(starts, lengths, strict=False)
    ]


class Counted:
    """What stands in each unit, of one field; one may append while others count."""

    def __init__(self, stem: str, folder: Path | None = None) -> None:
        """Begin without units, in memory or in files of `folder` that begin with `stem`."""
        codes, spans = _shapes(stem)
        self._codes, self._spans = Pieces(codes, folder), Pieces(spans, folder)

    @property
    def sizes(self) -> tuple[int, int]:
        """How many codes and how many units there are: what `open` must be told."""
        return len(self._codes), len(self._spans)

    def append(self, first: int, units: Sequence[Codes]) -> None:
        """Add the codes of units, the first of which has this number.

        Numbers that were left out have no terms. Raises OSError when the disk is full, and
        ValueError for a number that is taken.
        """
        left_out = first - len(self._spans)
        if left_out < 0:
            raise ValueError(f"Unit {first} is counted already.")
        lengths = np.array([0] * left_out + [len(u) for u in units], dtype=np.uint64)
        if lengths.max(initial=0) > _LENGTH_MASK:
            raise ValueError("A unit has more terms than can be counted.")
        together = np.concatenate([np.empty(0, np.uint32), *units])
        start = np.uint64(self._codes.append(together))
        starts = start + np.cumsum(lengths) - lengths
        self._spans.append(starts << _LENGTH_BITS | lengths)

    def read(self, numbers: Numbers) -> list[Codes]:
        """Return the codes of each unit."""
        if not len(numbers):
            return []
        codes, lengths = self._read(numbers)
        return np.split(codes, np.cumsum(lengths)[:-1])

    def forget(self, numbers: Numbers) -> None:
        """Wipe what stands in these units, here and in what is saved from now on."""
        spans = self._spans.take(numbers)
        starts = (spans >> _LENGTH_BITS).astype(np.int64)
        lengths = (spans & _LENGTH_MASK).astype(np.int64)
        befores = np.cumsum(lengths) - lengths
        self._codes.blank(np.repeat(starts - befores, lengths) + np.arange(lengths.sum()))

    def relevances(
        self, asked: Codes, weights: Relevances, mean_length: float, numbers: Numbers
    ) -> Relevances:
        """Return for each unit BM25 over `asked` (each code once), whose weights are their idf.

        Lengths are rounded down as tantivy does, so that both say the same.
        """
        if not len(asked) or not len(numbers):
            return np.zeros(len(numbers), dtype=np.float32)
        codes, lengths = self._read(numbers)
        order = np.argsort(asked)
        found, terms = _found(codes, asked[order])
        units = np.searchsorted(np.cumsum(lengths), found, side="right")
        # Few terms of the question stand in any one unit: only those are gone through.
        counts = np.bincount(units * len(asked) + terms)
        pairs = np.flatnonzero(counts)
        units, terms = np.divmod(pairs, len(asked))
        rounded = _LENGTHS[np.searchsorted(_LENGTHS, lengths, side="right") - 1]
        damping = _K1 * (1 - _B + _B * (rounded / np.float32(mean_length)))
        often = counts[pairs].astype(np.float32)
        worth = weights[order][terms] * (often * (1 + _K1) / (often + damping[units]))
        summed = np.bincount(units, weights=worth, minlength=len(numbers))
        return summed.astype(np.float32)

    def save(self, folder: Path) -> None:
        """Write everything into files of `folder`."""
        self._codes.save(folder)
        self._spans.save(folder)

    @classmethod
    def open(cls, stem: str, sizes: tuple[int, int], snapshot: Path, folder: Path) -> "Counted":
        """Open what was saved in `snapshot`, as a copy in `folder`."""
        counted = cls(stem)
        codes, spans = _shapes(stem)
        counted._codes = Pieces.open(codes, sizes[0], snapshot, folder)
        counted._spans = Pieces.open(spans, sizes[1], snapshot, folder)
        return counted

    def close(self) -> None:
        """Let go of the files."""
        self._codes.close()
        self._spans.close()

    def _read(self, numbers: Numbers) -> tuple[Codes, NDArray[np.int64]]:
        """Return the codes of units, one unit after another, and how many each has."""
        spans = self._spans.take(numbers)
        starts = (spans >> _LENGTH_BITS).astype(np.int64)
        lengths = (spans & _LENGTH_MASK).astype(np.int64)
        ends = starts + lengths
        # The units of a thread stand side by side: they are read as one.
        breaks = np.flatnonzero(starts[1:] != ends[:-1])
        firsts = starts[np.append(0, breaks + 1)].tolist()
        lasts = ends[np.append(breaks, -1)].tolist()
        runs = [self._codes.between(a, b) for a, b in zip(firsts, lasts, strict=True)]
        return np.concatenate(runs), lengths


def _shapes(stem: str) -> tuple[Shape, Shape]:
    codes = Shape(f"{stem}-codes", "<u4", 0, _CODES_A_PIECE)
    return codes, Shape(f"{stem}-spans", "<u8", 0, _UNITS_A_PIECE)


def _found(codes: Codes, asked: Codes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of `codes` that are asked, and the place in `asked` (sorted) of each."""
    # Nearly none is asked: a small table throws most of them out before the exact look-up.
    sieve = np.zeros(1 << _SIEVE_BITS, dtype=bool)
    sieve[_slots(asked)] = True
    places = np.flatnonzero(sieve[_slots(codes)])
    likely = codes[places]
    terms = np.searchsorted(asked, likely)
    same = asked[np.minimum(terms, len(asked) - 1)] == likely
    return places[same], terms[same]


def _slots(codes: Codes) -> Codes:
    mixed: Codes = (codes * _MIXES[0]) >> _SIEVE_SHIFT
    return mixed


def _rounded_lengths() -> NDArray[np.float32]:
    """Return the lengths that tantivy can write in one byte: eight steps for every doubling."""
    steps = range(8, 16)
    doubled = [24 + (step << times) for times in range(28) for step in steps]
    return np.array([*range(32), *doubled], dtype=np.float32)


_LENGTHS = _rounded_lengths()
