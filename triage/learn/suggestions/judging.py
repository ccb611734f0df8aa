"""Threads and judged queries -> the evidence that the served pipeline finds for each query.

In: an evaluation set. Out: `Judged` questions, one per query, for fitting and for measuring.
Everything runs through a temporary store and the pipeline that serves; judgements are only looked
at to say afterwards which threads are right.
Not here: fitting (ranking, gating), the measures (retrieval).
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from triage import store, text
from triage.adapt import Adaptation
from triage.decide import Policy
from triage.decide.gate import shipped_gate
from triage.embedding import Progress
from triage.encode import Encoder, TextRole
from triage.knowledge import Knowledge
from triage.learn.suggestions.ranking import Judged
from triage.learn.suggestions.remembering import RememberingEncoder
from triage.pipeline import Parts, gather
from triage.rank import Ranker
from triage.records import Draft, Judgement, Query, Question, Side, Thread

Gains = Mapping[str, Mapping[str, int]]
NOT_MOVED: Mapping[str, Adaptation] = MappingProxyType({})
NOTHING_HIDDEN: Mapping[str, frozenset[str]] = MappingProxyType({})


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
class Asking:
    """Which queries are asked, and of which threads: see `evaluate retrieval --help`."""

    side: Side = Side.BOTH
    rerank_judged: bool = False
    candidates: bool = False
    where: Mapping[str, str] | None = None


def judge(
    known: EvaluationSet,
    encoder: Encoder | None,
    base: Ranker,
    asking: Asking,
    progress: Progress,
    moved_by: Mapping[str, Adaptation] = NOT_MOVED,
    discounted: Sequence[store.BoilerplateRow] = (),
    hidden: Mapping[str, frozenset[str]] = NOTHING_HIDDEN,
) -> list[Judged]:
    """Collect the evidence for every query of a set beside which documents are right.

    `moved_by` has the adaptation of each query by its id; a query that it lacks stays as it is.
    What is `discounted` is left out on both sides, as in serving. `hidden` has what a query is
    asked without, by its id.
    """
    with opened(known.threads, encoder, base, progress, discounted) as parts:
        return list(search(known, parts, asking, progress, moved_by, hidden))


@contextmanager
def opened(
    threads: Sequence[Thread],
    encoder: Encoder | None,
    ranker: Ranker,
    progress: Progress,
    discounted: Sequence[store.BoilerplateRow] = (),
) -> Iterator[Parts]:
    """Ingest threads into a temporary store and open the pipeline over it."""
    with tempfile.TemporaryDirectory(prefix="triage-evaluate-") as folder:
        database = store.Database(store.sqlite_url(Path(folder) / "evaluate.db"))
        try:
            with database.write() as c:
                forum = store.ensure_forum(c, "evaluate")
                store.replace_boilerplate(c, forum.id, discounted)
            knowledge = Knowledge(database, forum.id, encoder)
            knowledge.put(threads, progress)
            knowledge.sync()
            yield Parts(
                encoder,
                knowledge.index,
                ranker,
                None,
                Policy(),
                knowledge.fetch,
                gate=shipped_gate(),
                boilerplate=knowledge.boilerplate,
                resolution=knowledge.resolution,
            )
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


def search(
    tested: EvaluationSet,
    parts: Parts,
    asking: Asking,
    progress: Progress,
    moved_by: Mapping[str, Adaptation] = NOT_MOVED,
    hidden: Mapping[str, frozenset[str]] = NOTHING_HIDDEN,
) -> Iterator[Judged]:
    """Ask the chosen queries of opened parts, one after another."""
    gains = tested.gains
    # Every query has fifty threads: those that several have are held once.
    shared: dict[str, Thread] = {}
    chosen = [q for q in tested.queries if selected(q, asking.where)]
    questions = [question_of(q) for q in chosen]
    if parts.encoder is not None and asking.side is not Side.LEXICAL:
        progress(f"encoding {len(questions)} queries")
        encoder = RememberingEncoder(parts.encoder)
        encoder.remember([q.text for q in questions], TextRole.QUERY)
        parts = replace(parts, encoder=encoder)
    for done, (query, question) in enumerate(zip(chosen, questions, strict=True), start=1):
        own = gains.get(query.id, {})
        of_query = replace(parts, adaptation=moved_by.get(query.id, parts.adaptation))
        among = _among(query, asking, frozenset(own))
        without = hidden.get(query.id, frozenset())
        if without:
            links = parts.resolution.changed((), without)
            of_query = replace(of_query, hidden=without, resolution=links)
        hits, threads = gather(of_query, question, side=asking.side, among=among)
        known = parts.encoder is not None and question.lang in parts.encoder.languages
        right = frozenset(d for d, gain in own.items() if gain > 0)
        mine = {name: shared.setdefault(name, thread) for name, thread in threads.items()}
        yield Judged(query.id, question, tuple(hits), mine, right, known)
        if done % 100 == 0 or done == len(chosen):
            progress(f"asked {done} of {len(chosen)} queries")


def _among(query: Query, asking: Asking, judged: frozenset[str]) -> frozenset[str] | None:
    """Return the threads that a query chooses from; only which were judged is looked at."""
    if asking.rerank_judged:
        return judged
    if asking.candidates and query.candidates:
        return frozenset(query.candidates)
    return None


def question_of(query: Query) -> Question:
    """Read a query as a draft is read."""
    return text.prepare(Draft(query.title, query.body, lang=query.lang))


def selected(query: Query, where: Mapping[str, str] | None) -> bool:
    """Tell whether a query's fields, its id and language among them, have the wanted values."""
    values = {**query.extra, "id": query.id, "lang": query.lang or ""}
    return all(values.get(name) == value for name, value in (where or {}).items())
