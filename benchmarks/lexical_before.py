"""The lexical side as it was until a question's terms were looked up once: one search for each.

In: passages with their threads. Out: relevances by unit number, from tantivy alone. It says what
the present one (triage.retrieve.lexical) must give, and what that is measured against.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import tantivy
from tantivy import Filter, Occur, Query, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from triage.retrieve.asked import Field

EVERYONE = "*"
_STEMMERS = {
    "en": "english",
    "sv": "swedish",
    "nb": "norwegian",
    "da": "danish",
    "fi": "finnish",
    "de": "german",
}
_LONGEST_WORD = 60
# A pasted log has thousands of different terms; the rarest ones say nearly all there is.
_MOST_TERMS = {"words": 80, "grams": 200}
_WRITER_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class ThreadPassage:
    """One unit on its way into the lexical side, with the thread it is of."""

    number: int
    thread_id: str
    text: str
    lang: str | None
    groups: frozenset[str]


class LexicalBefore:
    """A tantivy index in memory, one document per unit."""

    def __init__(self) -> None:
        schema = tantivy.SchemaBuilder()
        schema.add_unsigned_field("number", stored=False, indexed=True, fast=True)
        schema.add_text_field("thread", tokenizer_name="raw", index_option="basic")
        schema.add_text_field("audience", tokenizer_name="raw", index_option="basic")
        schema.add_text_field(Field.WORDS, tokenizer_name="whitespace", index_option="freq")
        schema.add_text_field(Field.GRAMS, tokenizer_name="grams", index_option="freq")
        self._index = tantivy.Index(schema.build())
        self._words = _analyzer(Tokenizer.simple(), None)
        self._stems = {
            lang: _analyzer(Tokenizer.simple(), name) for lang, name in _STEMMERS.items()
        }
        self._grams = _analyzer(Tokenizer.ngram(min_gram=4, max_gram=4, prefix_only=False), None)
        self._index.register_tokenizer("grams", self._grams)

    @cached_property
    def _writer(self) -> "tantivy.IndexWriter":
        """What writes, made with the first that is written: it holds threads and memory."""
        return self._index.writer(_WRITER_BYTES, 1)

    def replace(self, gone: Collection[str], passages: Sequence[ThreadPassage]) -> None:
        """Remove threads and add passages; both show at once when this returns."""
        for thread_id in gone:
            self._writer.delete_documents_by_term("thread", thread_id)
        for passage in passages:
            document = tantivy.Document()
            document.add_unsigned("number", passage.number)
            document.add_text("thread", passage.thread_id)
            for group in passage.groups or {EVERYONE}:
                document.add_text("audience", group)
            document.add_text(Field.WORDS, " ".join(self._word_terms(passage.text, passage.lang)))
            document.add_text(Field.GRAMS, passage.text)
            self._writer.add_document(document)
        self._writer.commit()
        self._index.reload()

    def relevances(
        self,
        field: Field,
        text: str,
        lang: str,
        *,
        groups: frozenset[str],
        among: Collection[str] | None,
        limit: int,
    ) -> Mapping[int, float]:
        """Return the relevance by unit number of the `limit` most relevant visible units.

        Relevance is BM25 over the sum of the query's inverse document frequencies: 0 where
        nothing matches, about 1 where every term of the query stands once in a passage of mean
        length. Unlike bare BM25 it can be compared between queries.
        """
        searcher = self._index.searcher()
        if searcher.num_docs == 0:
            return {}
        terms = self._query_terms(searcher, field, text, lang)
        if not terms or (among is not None and not among):
            return {}
        schema = self._index.schema
        anyword = Query.boolean_query(
            [(Occur.Should, Query.term_query(schema, field, t, index_option="freq")) for t in terms]
        )
        clauses = [
            (Occur.Must, anyword),
            (Occur.Must, _filter(schema, "audience", [EVERYONE, *groups])),
        ]
        if among is not None:
            clauses.append((Occur.Must, _filter(schema, "thread", among)))
        found = searcher.search(Query.boolean_query(clauses), limit=limit, count=False)
        addresses = [address for _, address in found.hits]
        numbers = searcher.fast_field_values("number", addresses) if addresses else []
        whole = sum(terms.values())
        return {
            int(number or 0): float(relevance) / whole
            for (relevance, _), number in zip(found.hits, numbers, strict=True)
        }

    def _word_terms(self, text: str, lang: str | None) -> list[str]:
        words: list[str] = self._words.analyze(text)
        stemmer = self._stems.get(lang or "")
        if stemmer is None:
            return words
        stems = stemmer.analyze(text)
        return words + [s for s, w in zip(stems, words, strict=True) if s != w]

    def _query_terms(
        self, searcher: "tantivy.Searcher", field: Field, text: str, lang: str
    ) -> dict[str, float]:
        """Return the query's rarest terms, each with its inverse document frequency."""
        terms = self._word_terms(text, lang) if field is Field.WORDS else self._grams.analyze(text)
        documents = searcher.num_docs
        frequencies = {t: searcher.doc_freq(field, t) for t in dict.fromkeys(terms)}
        rarest = sorted(frequencies, key=lambda t: frequencies[t])[: _MOST_TERMS[field]]
        return {
            t: math.log(1 + (documents - frequencies[t] + 0.5) / (frequencies[t] + 0.5))
            for t in rarest
        }


def _filter(schema: "tantivy.Schema", field: str, values: Collection[str]) -> "Query":
    return Query.const_score_query(Query.term_set_query(schema, field, list(values)), 0.0)


def _analyzer(tokenizer: "Tokenizer", stemmer: str | None) -> "TextAnalyzer":
    builder = TextAnalyzerBuilder(tokenizer).filter(Filter.lowercase())
    builder = builder.filter(Filter.remove_long(_LONGEST_WORD))
    if stemmer is not None:
        builder = builder.filter(Filter.stemmer(stemmer))
    return builder.build()
