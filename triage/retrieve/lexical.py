"""Words and character n-grams by BM25: the only file that imports tantivy.

Words are indexed as written and, beside them, stemmed by the text's own language: codes and
product names match exactly, inflected words by their stem. Character 4-grams, across word
borders, find compounds and misspellings (McNamee and Mayfield, "Character N-Gram Tokenization
for European Language Text Retrieval", 2004).

tantivy proposes units; what a unit is worth is counted from the unit itself (counted).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import tantivy
from tantivy import Filter, Occur, Query, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from triage.retrieve.asked import Amounts, Field, Terms, read_terms
from triage.retrieve.counted import (
    GRAM,
    Counted,
    Relevances,
    gram_codes,
    gram_codes_of_all,
    word_codes,
)
from triage.retrieve.engine_files import copy_engine, save_engine
from triage.retrieve.pieces import Numbers

_FORMAT = 1
_STEMMERS = dict(en="english", sv="swedish", nb="norwegian", da="danish", fi="finnish", de="german")
_LONGEST_WORD = 60
_WRITER_BYTES = 64_000_000
# What only groups may read stands in fields of its own, named so.
_HELD = "_held"
_ENGINE = "engine"
_TOLD = "lexical.json"


@dataclass(frozen=True, slots=True)
class Passage:
    """One unit on its way into the lexical side."""

    number: int
    text: str
    lang: str | None
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the lexical side reads it, against the index as it stood then."""

    searcher: "tantivy.Searcher"
    amounts: Amounts
    some_held: bool
    fields: Mapping[Field, Terms]


class LexicalSide:
    """A tantivy index, one document per unit, beside what stands in each unit.

    Documents that only groups may read have fields of their own. So everybody else's search
    never meets them, and is a bare union of terms, which tantivy prunes as it does no other.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Begin empty, in memory or in an empty folder that is nobody else's."""
        self._words = _analyser(Tokenizer.simple(), None)
        self._stems = {
            lang: _analyser(Tokenizer.simple(), name) for lang, name in _STEMMERS.items()
        }
        self._folder = folder
        self._written = Amounts()
        self._gone = np.empty(0, dtype=np.int64)
        self._counted = {f: Counted(f, folder) for f in Field}
        if folder is None:
            self._take_up(tantivy.Index(_schema()))
        else:
            (folder / _ENGINE).mkdir()
            self._take_up(tantivy.Index(_schema(), path=str(folder / _ENGINE)))

    @classmethod
    def open(cls, snapshot: Path, folder: Path) -> "LexicalSide":
        """Open what was saved in `snapshot` as a working copy in the empty `folder`.

        Raises ValueError, KeyError or OSError when it cannot be read.
        """
        told = json.loads((snapshot / _TOLD).read_text(encoding="utf-8"))
        if told["format"] != _FORMAT:
            raise ValueError(f"{snapshot} has format {told['format']}, not {_FORMAT}.")
        side = cls()
        side._folder = folder
        side._written = Amounts.open(snapshot, told)
        side._counted = {
            f: Counted.open(f, (told["codes"][f], told["rows"][f]), snapshot, folder) for f in Field
        }
        copy_engine(snapshot / _ENGINE, folder / _ENGINE)
        side._take_up(tantivy.Index.open(str(folder / _ENGINE)))
        return side

    def write(self, gone: Sequence[int], passages: Sequence[Passage]) -> None:
        """Remove units and add passages, numbered from the first one on; not seen before `show`.

        Numbers given to a call that raised are spent.
        """
        words = [self._word_terms(p.text, p.lang) for p in passages]
        lowered = [p.text.lower() for p in passages]
        came = {
            Field.WORDS: [word_codes(w) for w in words],
            Field.GRAMS: gram_codes_of_all(lowered),
        }
        removed = np.asarray(gone, dtype=np.int64)
        tokens, frequencies = {}, {}
        for of, units in came.items():
            left = self._counted[of].read(removed)
            tokens[of] = self._written.tokens[of] + sum(map(len, units)) - sum(map(len, left))
            frequencies[of] = self._written.frequencies[of].minus(left).plus(units)
            if passages:
                self._counted[of].append(passages[0].number, units)
        self._index_documents(gone, passages, words, lowered)
        units_now = self._written.units + len(passages) - len(gone)
        self._written = Amounts(units_now, tokens, frequencies)
        self._gone = np.append(self._gone, removed)

    def show(self) -> None:
        """Let searches that begin from now on see what was written; what is gone is wiped."""
        self._index.reload()
        searcher = self._index.searcher()
        held = searcher.terms_with_prefix("audience", "", limit=1) if searcher.num_docs else []
        self._shown = searcher, self._written, bool(held)
        for counted in self._counted.values():
            counted.forget(self._gone)
        self._gone = self._gone[:0]

    def replace(self, gone: Sequence[int], passages: Sequence[Passage]) -> None:
        """Write and show at once."""
        self.write(gone, passages)
        self.show()

    def ask(self, text: str, lang: str) -> Asked:
        """Look up the terms of a question: what `propose` and `evidence` are then asked for."""
        searcher, amounts, some_held = self._shown
        words = self._word_terms(text, lang)
        lowered = text.lower()

        spelt = {
            Field.WORDS: (word_codes(words), words.__getitem__),
            Field.GRAMS: (gram_codes(lowered), lambda place: lowered[place : place + GRAM]),
        }
        fields = {of: read_terms(amounts, of, *terms) for of, terms in spelt.items()}
        return Asked(searcher, amounts, some_held, fields)

    def propose(self, asked: Asked, groups: frozenset[str], limit: int) -> list[list[int]]:
        """Return by words and by n-grams the most relevant units that `groups` may read."""
        return [self.propose_of(asked, of, groups, limit) for of in Field]

    def evidence(self, asked: Asked, numbers: Numbers) -> tuple[Relevances, Relevances]:
        """Return the relevance of each unit by words and by n-grams, whoever may read it."""
        words, grams = (self.evidence_of(asked, of, numbers) for of in Field)
        return words, grams

    def propose_of(self, asked: Asked, of: Field, groups: frozenset[str], limit: int) -> list[int]:
        """Return the units most relevant by one field that `groups` may read, best first."""
        schema, terms = self._index.schema, asked.fields[of]
        if not terms.proposing:
            return []
        # Fewer terms know less well what comes first, and so does a field that knows only its own
        # lengths: more are asked for, to be put in order.
        in_order = terms.complete and not asked.some_held
        limit_here = limit if in_order else 2 * limit
        numbers = _numbers(asked.searcher, _union(schema, of, terms.proposing), limit_here)
        if groups and asked.some_held:
            readable = Query.term_set_query(schema, "audience", list(groups))
            clauses = [
                (Occur.Must, _union(schema, of + _HELD, terms.proposing)),
                (Occur.Must, Query.const_score_query(readable, 0.0)),
            ]
            numbers += _numbers(asked.searcher, Query.boolean_query(clauses), limit_here)
        if in_order:
            return numbers
        relevances = self.evidence_of(asked, of, np.asarray(numbers, dtype=np.int64))
        order = np.argsort(-relevances, kind="stable")[:limit]
        return [numbers[place] for place in order]

    def evidence_of(self, asked: Asked, of: Field, numbers: Numbers) -> Relevances:
        """Return the relevance of each unit by one field, whoever may read it.

        Relevance is BM25 over the sum of the query's inverse document frequencies: 0 where
        nothing matches, about 1 where every term of the query stands once in a passage of mean
        length. Unlike bare BM25 it can be compared between queries.
        """
        terms = asked.fields[of]
        mean = asked.amounts.mean(of)
        return self._counted[of].relevances(terms.codes, terms.weights, mean, numbers)

    def save(self, folder: Path) -> None:
        """Write a snapshot into an empty folder, by links where files no longer change.

        Raises ValueError for an index in memory, which has no files to link.
        """
        if self._folder is None:
            raise ValueError("An index in memory cannot be saved.")
        save_engine(self._folder / _ENGINE, folder / _ENGINE)
        for counted in self._counted.values():
            counted.save(folder)
        told = {
            **self._written.save(folder),
            "format": _FORMAT,
            "codes": {f: c.sizes[0] for f, c in self._counted.items()},
            "rows": {f: c.sizes[1] for f, c in self._counted.items()},
        }
        (folder / _TOLD).write_text(json.dumps(told), encoding="utf-8")

    def close(self) -> None:
        """Let go of files and threads; nothing may be asked any more."""
        self.__dict__.pop("_writer", None)
        for counted in self._counted.values():
            counted.close()

    @cached_property
    def _writer(self) -> "tantivy.IndexWriter":
        """What writes, made with the first that is written: it holds threads and memory."""
        return self._index.writer(_WRITER_BYTES, 1)

    def _take_up(self, index: "tantivy.Index") -> None:
        grams = Tokenizer.ngram(min_gram=GRAM, max_gram=GRAM, prefix_only=False)
        index.register_tokenizer("grams", TextAnalyzerBuilder(grams).build())
        # Otherwise a thread watches the folder, and shows what is not to be seen yet.
        index.config_reader("manual")
        self._index = index
        self.show()

    def _index_documents(
        self,
        gone: Sequence[int],
        passages: Sequence[Passage],
        words: Sequence[Sequence[str]],
        lowered: Sequence[str],
    ) -> None:
        try:
            if gone:
                # By a query: deleting by a term takes a number for another type and finds none.
                numbers = Query.term_set_query(self._index.schema, "number", list(gone))
                self._writer.delete_documents_by_query(numbers)
            for passage, its_words, its_text in zip(passages, words, lowered, strict=True):
                document = tantivy.Document()
                document.add_unsigned("number", passage.number)
                for group in passage.groups:
                    document.add_text("audience", group)
                held = _HELD if passage.groups else ""
                document.add_text(Field.WORDS + held, " ".join(its_words))
                document.add_text(Field.GRAMS + held, its_text)
                self._writer.add_document(document)
            self._writer.commit()
        except BaseException:
            self._writer.rollback()
            raise

    def _word_terms(self, text: str, lang: str | None) -> list[str]:
        words: list[str] = self._words.analyze(text)
        stemmer = self._stems.get(lang or "")
        if stemmer is None:
            return words
        stems = stemmer.analyze(text)
        return words + [s for s, w in zip(stems, words, strict=True) if s != w]


def _union(schema: "tantivy.Schema", name: str, terms: Sequence[str]) -> "Query":
    every = [Query.term_query(schema, name, term, index_option="freq") for term in terms]
    return Query.boolean_query([(Occur.Should, query) for query in every])


def _numbers(searcher: "tantivy.Searcher", query: "Query", limit: int) -> list[int]:
    addresses = [address for _, address in searcher.search(query, limit=limit, count=False).hits]
    found = searcher.fast_field_values("number", addresses) if addresses else []
    return [int(number) for number in found if number is not None]


def _schema() -> "tantivy.Schema":
    schema = tantivy.SchemaBuilder()
    schema.add_unsigned_field("number", stored=False, indexed=True, fast=True)
    schema.add_text_field("audience", tokenizer_name="raw", index_option="basic")
    for held in ("", _HELD):
        schema.add_text_field(Field.WORDS + held, tokenizer_name="whitespace", index_option="freq")
        schema.add_text_field(Field.GRAMS + held, tokenizer_name="grams", index_option="freq")
    return schema.build()


def _analyser(tokenizer: "Tokenizer", stemmer: str | None) -> "TextAnalyzer":
    builder = TextAnalyzerBuilder(tokenizer).filter(Filter.lowercase())
    builder = builder.filter(Filter.remove_long(_LONGEST_WORD))
    if stemmer is not None:
        builder = builder.filter(Filter.stemmer(stemmer))
    return builder.build()
