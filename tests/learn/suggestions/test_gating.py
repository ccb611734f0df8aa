"""A gate is fitted on questions that the ranker had not seen, half of them unanswered."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from triage.decide.gate import shipped_gate
from triage.errors import NotEnoughData
from triage.learn.suggestions.gating import Gated, GateOptions, cross_gate
from triage.learn.suggestions.ranking import Judged, fit_ranker
from triage.rank import Ranker, load_ranker
from triage.records import Answer, Hit, Question, Side, Thread

BASE, COLD = shipped_gate(), load_ranker()


def thread(name: str, *, solved: bool = True) -> Thread:
    return Thread(name, "t", "b", (Answer(f"{name}-a", "do this"),), solved=solved, lang="en")


def question(
    number: int, rng: np.random.Generator, lang: str = "en", *, clear: float = 0.9
) -> Judged:
    """Ask for one thread among eight; it is the nearest by far where the question is clear."""
    name = f"{lang}{number:04}"
    nearness = rng.uniform(0.1, 0.5, 8)
    if rng.random() < clear:
        nearness[0] = rng.uniform(0.75, 0.95)
    hits = tuple(
        Hit(f"{name}-{i}", similarity_question=float(s), words=float(s) / 2, grams=float(s) / 2)
        for i, s in enumerate(nearness)
    )
    threads = {h.thread_id: thread(h.thread_id) for h in hits}
    right = frozenset({f"{name}-0"})
    return Judged(name, Question("t", "b", lang), hits, threads, right, True, group=f"group {name}")


def asked(n: int, lang: str = "en", seed: int = 0, *, clear: float = 0.9) -> list[Judged]:
    rng = np.random.default_rng([seed, n])
    return [question(i, rng, lang, clear=clear) for i in range(n)]


def fit(judged: Sequence[Judged]) -> Ranker:
    return fit_ranker(judged, COLD, fitted_on="a test")


@cache
def once() -> Ranker:
    return fit(asked(200, seed=9))


def gated(judged: Sequence[Judged], **options: object) -> Gated:
    """Fit a gate with a ranker of other questions, which is quicker than one for each fold."""
    how = GateOptions(**options)  # type: ignore[arg-type]
    return cross_gate(judged, lambda rows: once(), BASE, how)


def never(judged: Sequence[Judged]) -> Ranker:
    raise AssertionError("nothing was to be fitted")


def test_a_language_with_few_questions_goes_by_the_pooled_threshold_and_is_not_guaranteed() -> None:
    found = cross_gate([*asked(400), *asked(20, "sv")], fit, BASE)
    assert found.fitted
    english, swedish = (found.gate.threshold_for(lang) for lang in ("en", "sv"))
    assert english.guaranteed
    assert found.gate.pooled.guaranteed
    assert "sv" not in found.gate.by_language
    assert (swedish.value, swedish.guaranteed) == (found.gate.pooled.value, False)
    rows = found.facts["languages"]
    assert (rows["en"]["questions"], rows["sv"]["questions"]) == (400, 20)
    assert (rows["en"]["own"], rows["sv"]["own"]) == (True, False)
    assert found.gate.fitted_on == "duplicate links"


def test_what_the_gate_promises_holds_for_questions_to_come() -> None:
    known = asked(500, clear=0.7)
    found, ranker = cross_gate(known, fit, BASE), fit(known)
    shown = wrong = 0
    for number, one in enumerate(asked(2000, seed=7, clear=0.7)):
        hits = one.hits if number % 2 else one.hits[1:]
        chances = ranker.probabilities(
            one.question, hits, one.threads, side=Side.BOTH, known_language=True
        )
        passed = [
            h.thread_id in one.right
            for h, p in sorted(zip(hits, chances, strict=True), key=lambda row: -row[1])
            if found.gate.passes(float(p), "en")
        ][:3]
        shown += len(passed)
        wrong += passed.count(False)
    assert shown > 500
    assert wrong <= 0.1 * shown


def test_no_question_is_judged_by_a_ranker_that_has_seen_its_group() -> None:
    judged = [replace(j, group=f"group {i // 2}") for i, j in enumerate(asked(80))]
    parts: list[frozenset[str]] = []

    def watched(rows: Sequence[Judged]) -> Ranker:
        parts.append(frozenset(j.group for j in rows))
        return COLD

    cross_gate(judged, watched, BASE, GateOptions(folds=4))
    every = {j.group for j in judged}
    assert len(parts) == 4
    # Each group is held out once, whole: the parts that lack it are one.
    assert all(sum(group not in part for part in parts) == 1 for group in every)


def test_of_each_group_one_question_counts() -> None:
    judged = [replace(j, group=f"group {i // 2}") for i, j in enumerate(asked(200))]
    assert gated(judged).facts["questions"] == 100
    alone = [replace(j, group="") for j in judged]
    assert gated(alone).facts["questions"] == 200


@pytest.mark.parametrize(("share", "answered"), [(0.0, 400), (0.5, 200), (1.0, 0)])
def test_the_share_of_unanswered_questions_is_kept_in_every_language(
    share: float, answered: int
) -> None:
    found = gated([*asked(300), *asked(100, "sv")], unanswered=share)
    assert found.facts["measured"]["right_found"] == answered
    for lang, n in (("en", 300), ("sv", 100)):
        alone = gated(asked(n, lang), unanswered=share)
        assert alone.facts["measured"]["right_found"] == answered * n / 400


def test_where_nothing_is_answered_nothing_is_shown() -> None:
    found = gated(asked(300), unanswered=1.0)
    assert not found.gate.pooled.guaranteed
    assert found.facts["measured"]["wrong_among_shown"] == found.facts["measured"]["offered"] == 0


def test_only_what_decide_would_offer_counts() -> None:
    """Here the nearest thread is one that nobody has answered: neither right nor wrong."""
    judged = [
        replace(j, threads={i: replace(t, solved=i not in j.right) for i, t in j.threads.items()})
        for j in asked(200)
    ]
    found = gated(judged)
    assert found.facts["measured"]["right_found"] == 0
    assert found.reliability["n"] == 3 * 200
    assert all(each["share_right"] == 0 for each in found.reliability["bins"])


def test_too_few_questions_keep_the_base_and_say_why() -> None:
    found = cross_gate(asked(45), fit, BASE)  # without a fold, fewer than the ranker needs
    assert found.gate is BASE
    assert not found.fitted
    assert found.facts["questions"] == 45
    assert "too few" in found.facts["why"]
    assert found.reliability == {}
    with pytest.raises(NotEnoughData):
        fit(asked(36))


def test_without_any_question_nothing_is_fitted() -> None:
    assert cross_gate([], never, BASE, GateOptions()).gate is BASE


def test_a_question_that_finds_nothing_counts_as_well() -> None:
    judged = [*asked(200), *(replace(j, hits=(), threads={}) for j in asked(50, "sv"))]
    found = gated(judged)
    assert found.facts["questions"] == 250
    assert found.facts["languages"]["sv"]["questions"] == 50


def test_the_order_of_the_questions_has_no_part_in_who_is_unanswered() -> None:
    judged = asked(200)
    one, other = gated(judged, folds=2), gated(judged[::-1], folds=2)
    for found in (one, other):
        assert found.facts["measured"]["right_found"] == 100
    assert one.facts["pooled"]["guaranteed"] == other.facts["pooled"]["guaranteed"]


def test_the_same_questions_make_the_same_gate() -> None:
    one, other = (cross_gate(asked(100), fit, BASE) for _ in range(2))
    assert (one.gate, one.facts, one.reliability) == (other.gate, other.facts, other.reliability)


def test_less_risk_shows_no_more() -> None:
    judged = asked(500, clear=0.7)
    bold, cautious = (gated(judged, risk=risk).facts["measured"] for risk in (0.3, 0.05))
    assert cautious["offered"] <= bold["offered"]
    assert gated(judged, risk=0.05).gate.risk == 0.05


def test_it_is_said_where_one_suggestion_alone_could_be_guaranteed() -> None:
    found = gated(asked(110))
    assert not found.facts["pooled"]["guaranteed"]
    assert found.facts["pooled"]["one_would_be_guaranteed"]
    assert found.facts["languages"]["en"]["one_would_be_guaranteed"]
    many = gated(asked(500))
    assert many.facts["pooled"]["guaranteed"]
    assert not many.facts["pooled"]["one_would_be_guaranteed"]


def test_probabilities_of_the_side_that_serves_are_looked_at() -> None:
    """Without an encoder the lexical weights rank; others would be a gate for other numbers."""
    judged = [replace(j, known_language=False) for j in asked(300)]
    both, lexical = gated(judged), gated(judged, side=Side.LEXICAL)
    assert both.reliability != lexical.reliability
    assert lexical.facts["side"] == "lexical"


def test_the_reliability_is_of_the_candidates_that_could_be_shown() -> None:
    found = gated(asked(300))
    assert found.reliability["n"] == 900
    assert sum(each["n"] for each in found.reliability["bins"]) == 900
    assert found.reliability["ece"] < 0.1
