"""Questions -> one sparse row of features each.

In: titles, bodies, encoder rows and facts. Out: a matrix whose columns are words of the title, of
the body and of its opening prose, whole lines (which tell a form), character n-grams, the encoder's
row and its nearness to landmarks, the facts and the signs of form; each block is of about length
one before its weight, so that none drowns another. What fewer than three persons said never becomes
a column.
Not here: what the features mean for a label (heads), choosing the columns (vocabulary).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from triage.classify.facts import UNKNOWN, Facts, FactTable, fit_facts
from triage.classify.landmarks import Landmarks, fit_landmarks
from triage.classify.structure import SIGNS, read_structure
from triage.classify.vocabulary import Owners, Shape, Words, learn_words, weigh
from triage.errors import IndexMismatch

Vectors = NDArray[np.float32]

_CHARACTERS_READ = 3_000
_OPENING_READ = 400
_GRAMS_READ = 1_000
_LINE_READ = 60  # whoever writes no form shares no line, and a longer one tells no more of a form

_VECTOR_WEIGHT = 2.1
_LANDMARKS_WEIGHT = 2.1
_SIGNS_WEIGHT = 0.5
_FACTS_WEIGHT = 0.5

_TOKEN = r"(?u)\b\w+\b|\?"
_LINE = r"[^\n]+"
_CODE = re.compile(r"```.*?(?:```|\Z)", re.S)
_HEADING = re.compile(r"^[ \t]{0,3}(?:#{1,6}[ \t][^\n]*|\*\*[^*\n]{1,100}\*\*:?[ \t]*)$", re.M)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_NOISE = re.compile(r"https?://\S+|_No response_")


class Part(StrEnum):
    """A reading of the question that has its own vocabulary."""

    TITLE = "title"
    BODY = "body"
    OPENING = "opening"
    LINES = "lines"
    GRAMS = "grams"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words (or character n-grams, or lines) of one part."""

    part: Part
    words: Words

    def reads(self, title: str, body: str) -> str:
        """Return the text of a question that this part's columns are made of."""
        return _read(self.part, [title], [body])[0]


class Origin(StrEnum):
    """What a column of the features is made of."""

    WORDS = "words"
    FORM = "form"
    FACT = "fact"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbouring columns of one origin, from `start` to before `stop`.

    `names` has one for each column of FORM and FACT; WORDS are named by their vocabulary, and
    those of MEANING have no names.
    """

    origin: Origin
    start: int
    stop: int
    vocabulary: Vocabulary | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Featuriser:
    """What was learnt of the words and of the forms of a forum's questions.

    `dimension` is the length of the encoder's rows, None when trained without an encoder;
    `landmarks` are None then, and where too few persons wrote.
    """

    vocabularies: tuple[Vocabulary, ...]
    dimension: int | None
    usual_signs: NDArray[np.float32]
    spread_of_signs: NDArray[np.float32]
    facts: FactTable
    landmarks: Landmarks | None

    @property
    def width(self) -> int:
        """The number of columns."""
        words = sum(len(v.words.vocabulary_) for v in self.vocabularies)
        return words + self._of_meaning + len(self.facts.names) + len(SIGNS)

    @property
    def _of_meaning(self) -> int:
        """The number of columns that are made of the encoder's row."""
        return (self.dimension or 0) + (self.landmarks.width if self.landmarks is not None else 0)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What the columns are made of, in their order."""
        found: list[Block] = []
        start = 0
        for vocabulary in self.vocabularies:
            stop = start + len(vocabulary.words.vocabulary_)
            found.append(Block(Origin.WORDS, start, stop, vocabulary))
            start = stop
        if self.dimension is not None:
            found.append(Block(Origin.MEANING, start, start + self._of_meaning))
            start += self._of_meaning
        stop = start + len(self.facts.names)
        found.append(Block(Origin.FACT, start, stop, names=self.facts.names))
        return (*found, Block(Origin.FORM, stop, stop + len(SIGNS), names=SIGNS))

    def transform(
        self,
        titles: Sequence[str],
        bodies: Sequence[str],
        vectors: Vectors | None,
        facts: Sequence[Facts] | None = None,
    ) -> sparse.csr_matrix:
        """Return the rows, shape (len(titles), width).

        Without vectors the encoder's columns are empty; a featuriser made without an encoder
        ignores vectors. Unknown facts leave theirs empty. Raises IndexMismatch on rows of another
        length.
        """
        blocks = [weigh(v.words, _read(v.part, titles, bodies)) for v in self.vocabularies]
        known = facts if facts is not None else [UNKNOWN] * len(titles)
        return self._beside(blocks, read_structure(titles, bodies), vectors, known)

    def _beside(
        self,
        blocks: list[sparse.csr_matrix],
        signs: NDArray[np.float32],
        vectors: Vectors | None,
        facts: Sequence[Facts],
    ) -> sparse.csr_matrix:
        if self.dimension is not None:
            blocks = [
                *blocks,
                sparse.csr_matrix(self._meaning(vectors, self.dimension, len(signs))),
            ]
        unusual = np.clip((signs - self.usual_signs) / self.spread_of_signs, -4, 4)
        unusual *= np.float32(_SIGNS_WEIGHT / np.sqrt(len(SIGNS)))
        blocks = [*blocks, self.facts.rows(facts) * _FACTS_WEIGHT, sparse.csr_matrix(unusual)]
        return sparse.hstack(blocks, format="csr", dtype=np.float32)

    def _meaning(self, vectors: Vectors | None, dimension: int, count: int) -> Vectors:
        if vectors is None:
            return np.zeros((count, self._of_meaning), np.float32)
        if vectors.shape[1] != dimension:
            raise IndexMismatch(dimension, vectors.shape[1])
        rows = vectors * np.float32(_VECTOR_WEIGHT)
        if self.landmarks is None:
            return rows
        near = self.landmarks.rows(vectors) * np.float32(_LANDMARKS_WEIGHT)
        return np.concatenate([rows, near], axis=1)


def fit_featuriser(
    titles: Sequence[str],
    bodies: Sequence[str],
    vectors: Vectors | None,
    facts: Sequence[Facts] | None = None,
    owners: Sequence[str] | None = None,
) -> tuple[Featuriser, sparse.csr_matrix]:
    """Learn vocabularies and usual forms; return them with the rows of these very questions.

    `owners` says of each question who wrote it; without them, each has a writer of its own.
    """
    known = facts if facts is not None else [UNKNOWN] * len(titles)
    writers = Owners.of(owners if owners is not None else [str(i) for i in range(len(titles))])
    vocabularies: list[Vocabulary] = []
    blocks: list[sparse.csr_matrix] = []
    for part in Part:
        learnt = learn_words(_read(part, titles, bodies), _shape_of(part), writers)
        if learnt is not None:
            vocabularies.append(Vocabulary(part, learnt[0]))
            blocks.append(learnt[1])
    signs = read_structure(titles, bodies)
    featuriser = Featuriser(
        tuple(vocabularies),
        None if vectors is None else int(vectors.shape[1]),
        signs.mean(axis=0) if titles else np.zeros(len(SIGNS), np.float32),
        (signs.std(axis=0) if titles else np.zeros(len(SIGNS), np.float32)) + np.float32(0.02),
        fit_facts(known, writers.names),
        None if vectors is None else fit_landmarks(vectors, writers.names),
    )
    return featuriser, featuriser._beside(blocks, signs, vectors, known)


def _shape_of(part: Part) -> Shape:
    match part:
        case Part.TITLE | Part.BODY | Part.OPENING:
            return Shape("word", (1, 2), _TOKEN)
        case Part.LINES:
            return Shape("word", (1, 1), _LINE)
        case Part.GRAMS:
            return Shape("char_wb", (2, 4))
        case _:
            assert_never(part)


def _read(part: Part, titles: Sequence[str], bodies: Sequence[str]) -> list[str]:
    pairs = zip(titles, bodies, strict=True)
    match part:
        case Part.TITLE:
            return [title[:_OPENING_READ] for title in titles]
        case Part.BODY:
            return [body[:_CHARACTERS_READ] for body in bodies]
        case Part.OPENING:
            return [_prose(body)[:_OPENING_READ] for body in bodies]
        case Part.LINES:
            return [_lines(body) for body in bodies]
        case Part.GRAMS:
            return [
                f"{title[:_OPENING_READ]} {_prose(body)[:_GRAMS_READ]}" for title, body in pairs
            ]
        case _:
            assert_never(part)


def _prose(body: str) -> str:
    """What the person wrote: without code, comments, links and the headings of a form."""
    text = body[:_CHARACTERS_READ]
    for other in (_CODE, _COMMENT, _HEADING, _NOISE):
        text = other.sub(" ", text)
    return text


def _lines(body: str) -> str:
    """The beginnings of the lines: those of a form are shared by all who filled it in."""
    lines = (" ".join(line[:_LINE_READ].split()) for line in body[:_CHARACTERS_READ].split("\n"))
    return "\n".join(line for line in lines if line)
