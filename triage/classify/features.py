"""Questions -> one sparse row of features each.

In: titles, bodies and encoder rows. Out: a matrix whose columns are words of the title, words of
the body's prose and of its opening, headings of a form, character n-grams, the encoder's row and
the signs of form; each block is of about length one before its weight, so that none drowns
another.
Not here: what the features mean for a label (heads).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from triage.classify.structure import SIGNS, read_structure
from triage.errors import IndexMismatch

Vectors = NDArray[np.float32]

_CHARACTERS_READ = 3_000
_OPENING_READ = 400
_GRAMS_READ = 1_000
_MOST_COLUMNS = 40_000  # of one block: bounds the memory of a head with hundreds of classes

_VECTOR_WEIGHT = 1.5
_SIGNS_WEIGHT = 0.5

_TOKEN = r"(?u)\b\w+\b|\?"
_CODE = re.compile(r"```.*?(?:```|\Z)", re.S)
_HEADING = re.compile(r"^[ \t]{0,3}(?:#{1,6}[ \t][^\n]*|\*\*[^*\n]{1,100}\*\*:?[ \t]*)$", re.M)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_NOISE = re.compile(r"https?://\S+|_No response_")


class Part(StrEnum):
    """A reading of the question that has its own vocabulary."""

    TITLE = "title"
    PROSE = "prose"
    OPENING = "opening"
    HEADINGS = "headings"
    GRAMS = "grams"


_WEIGHTS: dict[Part, float] = {
    Part.TITLE: 1.0,
    Part.PROSE: 1.0,
    Part.OPENING: 1.0,
    Part.HEADINGS: 0.5,
    Part.GRAMS: 1.0,
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The weighted words (or character n-grams) of one part."""

    part: Part
    weight: float
    words: TfidfVectorizer


@dataclass(frozen=True, slots=True)
class Featuriser:
    """What was learnt of the words and of the forms of a forum's questions.

    `dimension` is the length of the encoder's rows, None when trained without an encoder.
    """

    vocabularies: tuple[Vocabulary, ...]
    dimension: int | None
    usual_signs: NDArray[np.float32]
    spread_of_signs: NDArray[np.float32]

    @property
    def width(self) -> int:
        """The number of columns."""
        words = sum(len(v.words.vocabulary_) for v in self.vocabularies)
        return words + (self.dimension or 0) + len(SIGNS)

    def transform(
        self, titles: Sequence[str], bodies: Sequence[str], vectors: Vectors | None
    ) -> sparse.csr_matrix:
        """Return the rows, shape (len(titles), width).

        Without vectors the encoder's columns are empty; a featuriser made without an encoder
        ignores vectors. Raises IndexMismatch on rows of another length.
        """
        blocks = [
            v.words.transform(_read(v.part, titles, bodies)) * v.weight for v in self.vocabularies
        ]
        return self._beside(blocks, read_structure(titles, bodies), vectors)

    def _beside(
        self,
        blocks: list[sparse.csr_matrix],
        signs: NDArray[np.float32],
        vectors: Vectors | None,
    ) -> sparse.csr_matrix:
        if self.dimension is not None:
            rows = np.zeros((len(signs), self.dimension), np.float32)
            if vectors is not None:
                if vectors.shape[1] != self.dimension:
                    raise IndexMismatch(self.dimension, vectors.shape[1])
                rows = vectors * np.float32(_VECTOR_WEIGHT)
            blocks = [*blocks, sparse.csr_matrix(rows)]
        unusual = np.clip((signs - self.usual_signs) / self.spread_of_signs, -4, 4)
        unusual *= np.float32(_SIGNS_WEIGHT / np.sqrt(len(SIGNS)))
        return sparse.hstack([*blocks, sparse.csr_matrix(unusual)], format="csr", dtype=np.float32)


def fit_featuriser(
    titles: Sequence[str], bodies: Sequence[str], vectors: Vectors | None
) -> tuple[Featuriser, sparse.csr_matrix]:
    """Learn vocabularies and usual forms; return them with the rows of these very questions."""
    vocabularies: list[Vocabulary] = []
    blocks: list[sparse.csr_matrix] = []
    for part in Part:
        words = _open_vocabulary(part, seen=2 if len(titles) > 50 else 1)
        try:
            rows = words.fit_transform(_read(part, titles, bodies))
        except ValueError:  # no word of this part is seen often enough: it has no columns
            continue
        vocabularies.append(Vocabulary(part, _WEIGHTS[part], words))
        blocks.append(rows * _WEIGHTS[part])
    signs = read_structure(titles, bodies)
    featuriser = Featuriser(
        tuple(vocabularies),
        None if vectors is None else int(vectors.shape[1]),
        signs.mean(axis=0) if titles else np.zeros(len(SIGNS), np.float32),
        (signs.std(axis=0) if titles else np.zeros(len(SIGNS), np.float32)) + np.float32(0.02),
    )
    return featuriser, featuriser._beside(blocks, signs, vectors)


def _open_vocabulary(part: Part, *, seen: int) -> TfidfVectorizer:
    match part:
        case Part.TITLE | Part.PROSE | Part.OPENING | Part.HEADINGS:
            shape = {"ngram_range": (1, 2), "token_pattern": _TOKEN}
        case Part.GRAMS:
            shape = {"ngram_range": (2, 4), "analyzer": "char_wb"}
        case _:
            assert_never(part)
    return TfidfVectorizer(
        **shape, sublinear_tf=True, min_df=seen, max_features=_MOST_COLUMNS, dtype=np.float32
    )


def _read(part: Part, titles: Sequence[str], bodies: Sequence[str]) -> list[str]:
    pairs = zip(titles, bodies, strict=True)
    match part:
        case Part.TITLE:
            return [title[:_OPENING_READ] for title in titles]
        case Part.PROSE:
            return [_prose(body) for body in bodies]
        case Part.OPENING:
            return [_prose(body)[:_OPENING_READ] for body in bodies]
        case Part.HEADINGS:
            return ["\n".join(_HEADING.findall(body[:_CHARACTERS_READ])) for body in bodies]
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
