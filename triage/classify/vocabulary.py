"""Texts and who wrote them -> the words that may become columns, and their weights.

In: one text per question and its writer. Out: a vocabulary, and the rows of these very texts. A
word (or n-gram) that fewer than `FEWEST` different writers used is in none: it would tell of them,
and a bundle is copied to places where their questions may not go.
Not here: which texts are read (features).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

if TYPE_CHECKING:
    # Slow to import: whoever opens no model and fits none does without.
    from sklearn.feature_extraction.text import TfidfVectorizer

FEWEST = 3
_MOST_COLUMNS = 40_000  # bounds the memory of a head with hundreds of classes
_MOST_READ = 50_000  # texts that words are chosen from: bounds the memory of those chosen among

Words: TypeAlias = "TfidfVectorizer"


@dataclass(frozen=True, slots=True)
class Shape:
    """How a text is cut: into `word` or `char_wb` n-grams of these lengths."""

    analyzer: str
    lengths: tuple[int, int]
    token: str | None = None

    @property
    def options(self) -> dict[str, Any]:
        """The options of a vectoriser."""
        return {
            "analyzer": self.analyzer,
            "ngram_range": self.lengths,
            "token_pattern": self.token,
            "dtype": np.float32,
        }


@dataclass(frozen=True, slots=True, eq=False)
class Owners:
    """Who wrote each text; `seats` has shape (writers, texts), one 1 in each column."""

    names: tuple[str, ...]
    seats: sparse.csr_matrix

    @classmethod
    def of(cls, names: Sequence[str]) -> "Owners":
        """Seat texts with their writers."""
        found, codes = np.unique(np.array(names, dtype=object), return_inverse=True)
        ones = np.ones(len(codes), dtype=np.float32)
        places = (codes, np.arange(len(codes)))
        return cls(tuple(names), sparse.csr_matrix((ones, places), (len(found), len(codes))))

    def count(self, rows: sparse.csr_matrix) -> NDArray[np.int64]:
        """Return for each column how many writers have something there."""
        found = sparse.csr_matrix(self.seats @ rows)
        return np.bincount(found.indices, minlength=rows.shape[1])


def weigh(words: Words, texts: Sequence[str]) -> sparse.csr_matrix:
    """Return the rows of texts, those of `words.transform` to the last bit.

    One text is weighed here, as the vectoriser reads it and with its weights: to check what it is
    given takes it longer than to weigh it (docs/decisions/weighed-words.md).
    """
    if len(texts) != 1:
        return words.transform(texts)
    counts = Counter(map(words.vocabulary_.get, words.build_analyzer()(texts[0])))
    del counts[None]
    columns = np.array(sorted(counts), dtype=np.int32)
    amounts = np.array([counts[place] for place in columns.tolist()], dtype=np.float32)
    amounts = np.log(amounts) + np.float32(1.0)
    amounts *= words.idf_[columns]
    # Added up one by one, as a row of the vectoriser is: in another order it rounds otherwise.
    length = np.sqrt(np.cumsum(amounts * amounts, dtype=np.float64)[-1:])
    amounts = (amounts / length).astype(np.float32)
    ends = np.array([0, len(columns)], dtype=np.int32)
    return sparse.csr_matrix((amounts, columns, ends), (1, len(words.vocabulary_)))


def learn_words(
    texts: Sequence[str], shape: Shape, owners: Owners
) -> tuple[Words, sparse.csr_matrix] | None:
    """Choose the words and weigh them; None where none was used by enough writers.

    Of very many texts the words are chosen from some, taken evenly.
    """
    if len(texts) > _MOST_READ:
        some = np.linspace(0, len(texts) - 1, _MOST_READ).astype(np.int64).tolist()
        few = Owners.of([owners.names[i] for i in some])
        learnt = learn_words([texts[i] for i in some], shape, few)
        return None if learnt is None else (learnt[0], learnt[0].transform(texts))
    from sklearn.feature_extraction.text import (
        CountVectorizer,
        TfidfTransformer,
        TfidfVectorizer,
    )

    counter = CountVectorizer(**shape.options, min_df=FEWEST)
    if len(texts) < FEWEST:
        return None
    try:
        counts = counter.fit_transform(texts)
    except ValueError:  # no text has a word, or no word is in enough of them
        return None
    kept = np.flatnonzero(owners.count(counts) >= FEWEST)
    if len(kept) > _MOST_COLUMNS:
        often = np.asarray(counts[:, kept].sum(axis=0)).ravel()
        kept = np.sort(kept[np.argsort(-often, kind="stable")[:_MOST_COLUMNS]])
    if not len(kept):
        return None
    weigher = TfidfTransformer(sublinear_tf=True)
    rows = weigher.fit_transform(counts[:, kept])
    terms = counter.get_feature_names_out()[kept].tolist()
    words = TfidfVectorizer(**shape.options, vocabulary=terms, sublinear_tf=True)
    words.idf_ = weigher.idf_
    words.set_params(vocabulary=None)  # it has become `vocabulary_`: one copy in a bundle is enough
    return words, rows
