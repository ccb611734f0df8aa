"""Threads, queries and judgements -> how well the served pipeline finds the right thread.

In: files of an evaluation set (and of a separate fitting set). Out: a table of numbers.
Everything runs through a temporary store and the pipeline that serves; judgements are looked at
only after ranking, and what is fitted is fitted only on the fitting set.
Not here: the measures themselves (measures), printing (cli).
"""

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from triage import store, text
from triage.adapt import Adaptation
from triage.decide import Policy, decide
from triage.embedding import Progress
from triage.encode import Encoder, TextRole
from triage.knowledge import Knowledge
from triage.learn.measures import QueryMeasures, measure, summarise
from triage.learn.ranking import Judged, fit_ranker
from triage.learn.remembering import RememberingEncoder
from triage.pipeline import Parts, ranked
from triage.rank import FEATURES, REGIMES, Ranker, Weights, load_ranker
from triage.records import Draft, Hit, Judgement, Match, Query, Question, Side, Thread

Gains = Mapping[str, Mapping[str, int]]
NOT_MOVED: Mapping[str, Adaptation] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """What is asked of what, and which documents are right (gain above 0)."""

    threads: Sequence[Thread]
    queries: Sequence[Query]
    judgements: Sequence[Judgement]

    @property
    def gains(self) -> Gains:
        """The judged gains by query and document."""
        table: dict[str, dict[str, int]] = {}
        for j in self.judgements:
            table.setdefault(j.query_id, {})[j.doc_id] = j.gain
        return table


@dataclass(frozen=True, slots=True)
class RetrievalOptions:
    """How to run: see `python -m triage evaluate retrieval --help`."""

    side: Side = Side.BOTH
    rerank_judged: bool = False
    candidates: bool = False
    where: Mapping[str, str] | None = None
    gated: bool = False
    drop_gold: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Measured:
    """One query, the documents that are right for it, and how well they were ranked."""

    query: Query
    right: frozenset[str]
    measures: QueryMeasures


@dataclass(frozen=True, slots=True)
class _Found:
    query: Query
    hits: tuple[Hit, ...]
    matches: tuple[Match, ...]
    known_language: bool


def evaluate_retrieval(
    tested: EvaluationSet,
    encoder: Encoder | None,
    options: RetrievalOptions,
    *,
    fitted_on: EvaluationSet | None = None,
    progress: Progress,
) -> dict[str, float | int | str]:
    """Return the measures of one set under the keys of docs/benchmarks.md.

    With `fitted_on` the ranker is fitted on that set first; without it the shipped weights rank.
    """
    started = time.perf_counter()
    if options.side is Side.LEXICAL:
        encoder = None
    ranker = load_ranker()
    if fitted_on is not None:
        progress("fitting the ranker on the fitting set")
        ranker = fit_on(fitted_on, encoder, ranker, options, progress)
    if options.drop_gold:
        tested = drop_gold(tested, options.drop_gold, options.seed)
    with opened(tested.threads, encoder, ranker, progress) as parts:
        found = list(_search(tested, parts, options, progress))
        gains = tested.gains
        rows = [_measured(f, gains).measures for f in found]
        summary: dict[str, float | int | str] = dict(summarise(rows))
        if options.gated:
            summary |= _gated(found, gains, parts)
    summary["ranker"] = ranker.fitted_on
    summary["seconds"] = round(time.perf_counter() - started, 3)
    return summary


def measure_queries(
    tested: EvaluationSet, parts: Parts, options: RetrievalOptions, progress: Progress
) -> list[Measured]:
    """Rank every chosen query with opened parts and measure each: what a paired test needs.

    `evaluate_retrieval` reports the means of the same values.
    """
    gains = tested.gains
    return [_measured(f, gains) for f in _search(tested, parts, options, progress)]


def unfitted(feature: str) -> Ranker:
    """Return a ranker that orders by one feature alone.

    Fitted weights suit the encoder they were fitted with; where vector spaces are compared, all
    of them are ranked by `similarity_lead`: the thread with the nearest passage first.
    """
    place = FEATURES.index(feature)
    alone = Weights(0.0, tuple(float(n == place) for n in range(len(FEATURES))))
    return Ranker(dict.fromkeys(REGIMES, alone), f"nothing, {feature} alone", 0.0, 0.0)


def fit_on(
    known: EvaluationSet,
    encoder: Encoder | None,
    base: Ranker,
    options: RetrievalOptions,
    progress: Progress,
    *,
    name: str = "fit files",
) -> Ranker:
    """Fit a ranker on a set whose right threads are known, as `options` choose the candidates.

    Where only right documents are judged there is nothing to tell them from: then all threads
    are candidates.
    """
    contrasted = any(j.gain == 0 for j in known.judgements)
    options = replace(
        options,
        side=Side.BOTH,
        where=None,
        rerank_judged=options.rerank_judged and contrasted,
    )
    judged = judge(known, encoder, base, options, progress)
    return fit_ranker(judged, base, fitted_on=name)


def judge(
    known: EvaluationSet,
    encoder: Encoder | None,
    base: Ranker,
    options: RetrievalOptions,
    progress: Progress,
    moved_by: Mapping[str, Adaptation] = NOT_MOVED,
) -> list[Judged]:
    """Collect the evidence for every query of a set beside which documents are right.

    `moved_by` has the adaptation of each query by its id; a query that it lacks stays as it is.
    """
    gains = known.gains
    with opened(known.threads, encoder, base, progress) as parts:
        return [
            Judged(
                f.hits,
                frozenset(d for d, gain in gains.get(f.query.id, {}).items() if gain > 0),
                f.known_language,
            )
            for f in _search(known, parts, options, progress, moved_by)
        ]


@contextmanager
def opened(
    threads: Sequence[Thread], encoder: Encoder | None, ranker: Ranker, progress: Progress
) -> Iterator[Parts]:
    """Ingest threads into a temporary store and open the pipeline over it."""
    with tempfile.TemporaryDirectory(prefix="triage-evaluate-") as folder:
        database = store.Database(store.sqlite_url(Path(folder) / "evaluate.db"))
        try:
            with database.write() as c:
                forum = store.ensure_forum(c, "evaluate")
            knowledge = Knowledge(database, forum.id, encoder)
            knowledge.put(threads, progress)
            knowledge.sync()
            yield Parts(encoder, knowledge.index, ranker, None, Policy(), knowledge.fetch)
        finally:
            database.close()


def drop_gold(tested: EvaluationSet, share: float, seed: int) -> EvaluationSet:
    """Take right threads away until a share of the answerable queries has none left.

    Whole threads go, not pairs: queries that share a right thread lose it together, as when
    nobody has answered that problem yet.
    """
    right = {
        query: {d for d, gain in docs.items() if gain > 0}
        for query, docs in tested.gains.items()
        if any(gain > 0 for gain in docs.values())
    }
    gone: set[str] = set()
    for place in np.random.default_rng(seed).permutation(len(right)):
        if sum(docs <= gone for docs in right.values()) >= share * len(right):
            break
        gone |= right[sorted(right)[place]]
    return EvaluationSet(
        [t for t in tested.threads if t.id not in gone],
        tested.queries,
        [j for j in tested.judgements if j.doc_id not in gone],
    )


def _search(
    tested: EvaluationSet,
    parts: Parts,
    options: RetrievalOptions,
    progress: Progress,
    moved_by: Mapping[str, Adaptation] = NOT_MOVED,
) -> Iterator[_Found]:
    judged: dict[str, set[str]] = {}
    if options.rerank_judged:
        # Only which documents were judged; how they were is not looked at before ranking.
        for j in tested.judgements:
            judged.setdefault(j.query_id, set()).add(j.doc_id)
    chosen = [q for q in tested.queries if selected(q, options.where)]
    questions = [_question(q) for q in chosen]
    if parts.encoder is not None and options.side is not Side.LEXICAL:
        progress(f"encoding {len(questions)} queries")
        encoder = RememberingEncoder(parts.encoder)
        encoder.remember([q.text for q in questions], TextRole.QUERY)
        parts = replace(parts, encoder=encoder)
    for done, (query, question) in enumerate(zip(chosen, questions, strict=True), start=1):
        among = None
        if options.rerank_judged:
            among = frozenset(judged.get(query.id, ()))
        elif options.candidates and query.candidates:
            among = frozenset(query.candidates)
        of_query = replace(parts, adaptation=moved_by.get(query.id, parts.adaptation))
        hits, matches = ranked(of_query, question, side=options.side, among=among)
        known = parts.encoder is not None and question.lang in parts.encoder.languages
        yield _Found(query, tuple(hits), tuple(matches), known)
        if done % 100 == 0 or done == len(chosen):
            progress(f"ranked {done} of {len(chosen)} queries")


def _question(query: Query) -> Question:
    return text.prepare(Draft(query.title, query.body, lang=query.lang))


def selected(query: Query, where: Mapping[str, str] | None) -> bool:
    """Tell whether a query's fields, its id and language among them, have the wanted values."""
    values = {**query.extra, "id": query.id, "lang": query.lang or ""}
    return all(values.get(name) == value for name, value in (where or {}).items())


def _measured(found: _Found, gains: Gains) -> Measured:
    own = gains.get(found.query.id, {})
    right = frozenset(d for d, gain in own.items() if gain > 0)
    return Measured(found.query, right, measure([m.thread_id for m in found.matches], own))


def _gated(found: Sequence[_Found], gains: Gains, parts: Parts) -> dict[str, float]:
    """Measure what the decision would show: offered drafts, and the wrong share of the shown."""
    shown = wrong = offered = answerable = offered_answerable = 0
    for f in found:
        right = {d for d, gain in gains.get(f.query.id, {}).items() if gain > 0}
        threads = parts.fetch([m.thread_id for m in f.matches])
        decision = decide(_question(f.query), f.matches, threads, {}, parts.policy)
        shown += len(decision.shown)
        wrong += sum(m.thread_id not in right for m in decision.shown)
        offered += bool(decision.shown)
        answerable += bool(right)
        offered_answerable += bool(right and decision.shown)
    return {
        "offered": offered / max(1, len(found)),
        "offered_of_answerable": offered_answerable / max(1, answerable),
        "wrong_among_shown": wrong / max(1, shown),
    }
