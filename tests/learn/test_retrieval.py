"""Values per query: what the table of an evaluation is the mean of."""

from dataclasses import replace

import pytest

from triage.encode import HashingEncoder
from triage.learn.retrieval import (
    EvaluationSet,
    RetrievalOptions,
    evaluate_retrieval,
    measure_queries,
    opened,
    unfitted,
)
from triage.rank import load_ranker
from triage.records import Answer, Hit, Judgement, Query, Side, Thread

TOPICS = ("invoice numbers", "bank import", "password reset", "payroll tax", "expense receipts")


def ignore(_: str) -> None:
    pass


@pytest.fixture(scope="module")
def tested() -> EvaluationSet:
    return EvaluationSet(
        [
            Thread(f"t{n}", f"Trouble with {topic}", f"{topic} fail since Monday", lang="en")
            for n, topic in enumerate(TOPICS)
        ],
        [Query(f"q{n}", f"my {topic} fail", "", "en") for n, topic in enumerate(TOPICS)],
        [Judgement(f"q{n}", f"t{n if n else 3}", 1) for n in range(len(TOPICS))],
    )


@pytest.mark.parametrize("side", list(Side))
def test_the_table_is_the_mean_of_the_queries(tested: EvaluationSet, side: Side) -> None:
    options = RetrievalOptions(side)
    encoder = None if side is Side.LEXICAL else HashingEncoder()
    summary = evaluate_retrieval(tested, HashingEncoder(), options, progress=ignore)
    with opened(tested.threads, encoder, load_ranker(), ignore) as parts:
        rows = measure_queries(tested, parts, options, ignore)
    assert [r.query.id for r in rows] == [q.id for q in tested.queries]
    mean = sum(r.measures.reciprocal_rank for r in rows) / len(rows)
    assert summary["mrr@10"] == pytest.approx(mean)
    assert rows[0].right == {"t3"}
    assert rows[0].measures.reciprocal_rank < rows[1].measures.reciprocal_rank == 1.0


def test_an_unfitted_ranker_puts_the_nearest_passage_first() -> None:
    nearest = {"by its title": 0.61, "by an answer": 0.83, "by its question": 0.72, "equal": 0.72}
    hits = [
        Hit("by its title", 0.61, 0.2, 0.1, 9.0, 9.0, None),
        Hit("by an answer", 0.1, 0.2, 0.83, 0.0, 0.0, None),
        Hit("by its question", 0.3, 0.72, None, 0.0, 1.0, None),
        Hit("equal", 0.72, None, None, None, None, None),
    ]
    ranker = unfitted("similarity_lead")
    for known in (True, False):
        chances = ranker.probabilities(hits, Side.DENSE, known)
        order = [hits[n].thread_id for n in (-chances).argsort(kind="stable")]
        assert order == sorted(nearest, key=lambda name: -nearest[name])


def test_an_unfitted_ranker_of_words_reads_nothing_else() -> None:
    hits = [Hit("few", 0.9, 0.9, 0.9, 1.0, 7.0, None), Hit("many", 0.1, 0.1, 0.1, 2.0, 0.0, None)]
    few, many = unfitted("words").probabilities(hits, Side.LEXICAL, False)
    assert many > few


def test_another_ranker_orders_the_same_evidence(tested: EvaluationSet) -> None:
    threads = [replace(t, answers=(Answer("a", "Try again."),)) for t in tested.threads]
    options = RetrievalOptions(Side.DENSE)
    with opened(threads, HashingEncoder(), unfitted("similarity_lead"), ignore) as parts:
        plain = measure_queries(tested, parts, options, ignore)
        worst = unfitted("words")  # zero on the dense side: everything ties
        tied = measure_queries(tested, replace(parts, ranker=worst), options, ignore)
    assert sum(r.measures.hit_1 for r in plain) > sum(r.measures.hit_1 for r in tied)
