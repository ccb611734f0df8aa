"""Values per query: what the table of an evaluation is the mean of."""

from dataclasses import replace

import pytest

from triage.encode import HashingEncoder
from triage.learn.evaluate.retrieval import (
    GROUPS,
    RetrievalOptions,
    evaluate_retrieval,
    measured,
    unfitted,
)
from triage.learn.suggestions.judging import Asking, EvaluationSet, judge
from triage.learn.suggestions.ranking import Judged, chances
from triage.rank import FEATURES, Ranker, load_ranker
from triage.records import Answer, Hit, Judgement, Query, Question, Side, Thread

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


def of(hits: list[Hit]) -> Judged:
    threads = {h.thread_id: Thread(h.thread_id, "", "") for h in hits}
    return Judged("q", Question("t", "b", "en"), tuple(hits), threads, frozenset(), True)


@pytest.mark.parametrize("side", list(Side))
def test_the_table_is_the_mean_of_the_queries(tested: EvaluationSet, side: Side) -> None:
    asking = Asking(side)
    encoder = None if side is Side.LEXICAL else HashingEncoder()
    options = RetrievalOptions(asking)
    summary = evaluate_retrieval(tested, HashingEncoder(), options, progress=ignore)
    found = judge(tested, encoder, load_ranker(), asking, ignore)
    rows = measured(found, tested.gains, load_ranker(), side)
    assert [r.judged.query_id for r in rows] == [q.id for q in tested.queries]
    mean = sum(r.measures.reciprocal_rank for r in rows) / len(rows)
    assert summary["mrr@10"] == pytest.approx(mean)
    assert rows[0].judged.right == {"t3"}
    assert rows[0].measures.reciprocal_rank < rows[1].measures.reciprocal_rank == 1.0


def test_an_unfitted_ranker_puts_the_nearest_passage_first() -> None:
    nearest = {"by its title": 0.61, "by an answer": 0.83, "by its question": 0.72, "equal": 0.72}
    hits = [
        Hit("by its title", 0.61, 0.2, 0.1, 9.0, 9.0, None),
        Hit("by an answer", 0.1, 0.2, 0.83, 0.0, 0.0, None),
        Hit("by its question", 0.3, 0.72, None, 0.0, 1.0, None),
        Hit("equal", 0.72, None, None, None, None, None),
    ]
    for known in (True, False):
        asked = replace(of(hits), known_language=known)
        odds = chances(unfitted("similarity_lead"), asked, Side.DENSE)
        order = [hits[n].thread_id for n in (-odds).argsort(kind="stable")]
        assert order == sorted(nearest, key=lambda name: -nearest[name])


def test_an_unfitted_ranker_of_words_reads_nothing_else() -> None:
    hits = [Hit("few", 0.9, 0.9, 0.9, 1.0, 7.0, None), Hit("many", 0.1, 0.1, 0.1, 2.0, 0.0, None)]
    few, many = chances(unfitted("words"), of(hits), Side.LEXICAL)
    assert many > few


def test_another_ranker_orders_the_same_evidence(tested: EvaluationSet) -> None:
    threads = [replace(t, answers=(Answer("a", "Try again."),)) for t in tested.threads]
    asked = judge(
        replace(tested, threads=threads),
        HashingEncoder(),
        unfitted("words"),
        Asking(Side.DENSE),
        ignore,
    )

    def found(ranker: Ranker) -> float:
        rows = measured(asked, tested.gains, ranker, Side.DENSE)
        return sum(r.measures.hit_1 for r in rows)

    # On the dense side words are zero, so that everything ties.
    assert found(unfitted("similarity_lead")) > found(unfitted("words"))


def many() -> EvaluationSet:
    """Many questions that share a word with the wrong thread and two with the right one."""
    threads = [
        Thread(
            f"t{n:03}",
            f"alpha{n} beta{n}",
            "",
            (Answer(f"a{n}", f"gamma{n}", accepted=True),),
            solved=True,
            lang="en",
        )
        for n in range(160)
    ]
    queries = [Query(f"q{n:03}", f"alpha{n} beta{n} gamma{n - 1}", "", "en") for n in range(160)]
    return EvaluationSet(
        threads, queries, [Judgement(f"q{n:03}", f"t{n:03}", 1) for n in range(160)]
    )


def test_folds_fit_ranker_and_gate_without_the_query_that_they_judge() -> None:
    options = RetrievalOptions(gated=True, folds=3, drop_gold=0.5)
    found = evaluate_retrieval(many(), HashingEncoder(), options, progress=ignore)
    assert found["ranker"] == "fit files"
    assert found["mrr@10"] == 0.5  # the other half is gone
    assert 0.0 <= found["wrong_among_shown"] <= 0.2  # type: ignore[operator]
    assert found["settled_of_answerable"] <= found["offered_of_answerable"]  # type: ignore[operator]
    assert {"ece", "brier", "no_right_among_offered", "guaranteed"} <= set(found)


def test_what_an_ablation_leaves_out_plays_no_part() -> None:
    whole = evaluate_retrieval(many(), None, RetrievalOptions(folds=3), progress=ignore)
    bare = RetrievalOptions(folds=3, without=("lexical",))
    nothing = evaluate_retrieval(many(), None, bare, progress=ignore)
    assert whole["mrr@10"] > nothing["mrr@10"]  # type: ignore[operator]
    assert {name for group in GROUPS.values() for name in group} == set(FEATURES)
