"""The columns that a question fills -> what they are to a person who reads the question.

In: a featuriser, one question with its encoder row and facts. Out: its row, and for each column of
it the words, signs or facts that it belongs to, in shares that add up to one. A character n-gram
belongs to the words of the question that hold it, each as often as it does.
Not here: what a column is worth to a head (explaining).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from triage.classify.facts import Facts
from triage.classify.features import Block, Featuriser, Origin, Vectors, Vocabulary

MEANING = "meaning"
_UNNAMED = "…"
_WORD = re.compile(r"\w+|\?")


@dataclass(frozen=True, slots=True)
class Name:
    """A word or phrase of the question, a sign of its form, a fact, or its meaning.

    `more` says of a sign whether the question has more or less of it than is usual.
    """

    origin: Origin
    text: str
    more: bool | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Several words that were counted as one: places of names. `bound`: they stand nowhere else."""

    name: int
    words: tuple[int, ...]
    bound: bool


@dataclass(frozen=True, slots=True, eq=False)
class Attribution:
    """One question's row, and whose its columns are.

    Entry i says that `share[i]` of the filled column at place `column[i]` of the row belongs to
    the name at place `name[i]`.
    """

    row: sparse.csr_matrix
    names: tuple[Name, ...]
    phrases: tuple[Phrase, ...]
    column: NDArray[np.int64]
    name: NDArray[np.int64]
    share: NDArray[np.float64]

    def spread(self, amounts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Amounts by filled column -> amounts by name."""
        weights = amounts[self.column] * self.share
        summed: NDArray[np.float64] = np.zeros(len(self.names))
        np.add.at(summed, self.name, weights)
        return summed


def attribute(
    featuriser: Featuriser,
    title: str,
    body: str,
    vector: Vectors | None,
    facts: Facts | None = None,
) -> Attribution:
    """Read one question; `vector` is its encoder row, shape (1, dimension)."""
    row = featuriser.transform([title], [body], vector, None if facts is None else [facts])
    ledger = _Ledger(row)
    for block in featuriser.blocks:
        match block.origin, block.vocabulary:
            case Origin.WORDS, Vocabulary() as vocabulary:
                _enter_words(ledger, block, vocabulary, vocabulary.reads(title, body))
            case _:
                ledger.enter_block(block)
    return ledger.close()


class _Ledger:
    """The entries while they are gathered."""

    def __init__(self, row: sparse.csr_matrix) -> None:
        self.row = row
        self.seen: Counter[str] = Counter()
        self._at = {int(column): place for place, column in enumerate(row.indices)}
        self._names: dict[Name, int] = {}
        self._entries: list[tuple[int, int, float]] = []

    def enter(self, column: int, name: Name, share: float) -> None:
        """Give a share of a column to a name; a column that is not filled is passed over."""
        place = self._at.get(column)
        if place is not None:
            self._entries.append((place, self.number(name), share))

    def enter_block(self, block: Block) -> None:
        """Give each filled column of a block to the one name that it has there."""
        for column in range(block.start, block.stop):
            place = self._at.get(column)
            if place is None:
                continue
            called = block.names[column - block.start] if block.names else MEANING
            above = bool(self.row.data[place] > 0) if block.origin is Origin.FORM else None
            self.enter(column, Name(block.origin, called, above), 1.0)

    def number(self, name: Name) -> int:
        """Return the place of a name."""
        return self._names.setdefault(name, len(self._names))

    def close(self) -> Attribution:
        """Return what was gathered; whatever nobody claimed is given to one name for all."""
        claimed = {place for place, _, _ in self._entries}
        for place in range(self.row.nnz):
            if place not in claimed:
                self._entries.append((place, self.number(Name(Origin.WORDS, _UNNAMED)), 1.0))
        phrases = tuple(self._phrases())
        columns, names, shares = zip(*self._entries, strict=True) if self._entries else ((),) * 3
        return Attribution(
            self.row,
            tuple(self._names),
            phrases,
            np.array(columns, dtype=np.int64),
            np.array(names, dtype=np.int64),
            np.array(shares, dtype=np.float64),
        )

    def _phrases(self) -> Iterable[Phrase]:
        for name, number in list(self._names.items()):
            words = name.text.split(" ")
            if name.origin is Origin.WORDS and len(words) > 1:
                # A word that is said twice in a phrase belongs to nothing but itself.
                bound = len({*words}) == len(words) and all(
                    self.seen[word] == self.seen[name.text] for word in words
                )
                places = tuple(self.number(Name(Origin.WORDS, word)) for word in words)
                yield Phrase(number, places, bound)


def _enter_words(ledger: _Ledger, block: Block, vocabulary: Vocabulary, text: str) -> None:
    columns, analyse = vocabulary.words.vocabulary_, vocabulary.words.build_analyzer()
    if not vocabulary.words.analyzer.startswith("char"):
        said = Counter(analyse(text))
        ledger.seen.update(said)
        for term in said:
            if term in columns:
                ledger.enter(block.start + columns[term], Name(Origin.WORDS, term), 1.0)
        return
    owned: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for piece, times in Counter(text.lower().split()).items():
        words = _WORD.findall(piece) or [piece]
        for gram in analyse(piece):
            if gram in columns:
                for word in (owners := _holders(words, gram.strip())):
                    owned[gram][word] += times / len(owners)
    for gram, held in owned.items():
        everywhere = sum(held.values())
        for word, times_held in held.items():
            share = times_held / everywhere
            ledger.enter(block.start + columns[gram], Name(Origin.WORDS, word), share)


def _holders(words: Sequence[str], gram: str) -> Sequence[str]:
    """Return the words that hold a character n-gram; all, if it lies between them."""
    return [word for word in words if gram in word] or words
