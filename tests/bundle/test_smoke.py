import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from tests.bundles import ENCODER, fitted
from triage.adapt import Adaptation
from triage.bundle import Fitted
from triage.bundle.smoke import QUESTIONS, disagreement, record_answers
from triage.encode import Encoder, HashingEncoder, TextRole
from triage.encode.base import Vectors
from triage.rank import load_ranker

SIX = {"en", "sv", "nb", "da", "fi", "de"}


def answers(of: Fitted, encoder: Encoder | None = ENCODER) -> str:
    return record_answers(of.classifier, of.ranker, of.gate, of.adaptation, encoder)


def differs(recorded: str | None, of: Fitted, encoder: Encoder | None = ENCODER) -> str | None:
    return disagreement(recorded, of.classifier, of.ranker, of.gate, of.adaptation, encoder)


def test_the_questions_are_in_the_six_languages() -> None:
    assert {lang for _, _, lang in QUESTIONS} == SIX


def test_a_model_agrees_with_itself() -> None:
    assert differs(answers(fitted()), fitted()) is None


def test_what_is_recorded_holds_no_question() -> None:
    recorded = answers(fitted())
    for title, body, _ in QUESTIONS:
        assert title not in recorded
        assert body not in recorded


def test_another_classifier_disagrees() -> None:
    assert "kind" in (differs(answers(fitted()), fitted("turned")) or "")


def test_a_classifier_that_lost_a_head_disagrees() -> None:
    lost = replace(fitted(), classifier=replace(fitted().classifier, heads={}))
    assert "no kind any more" in (differs(answers(fitted()), lost) or "")


def test_vectors_of_another_encoder_disagree() -> None:
    """Of another meaning, or another dimension: an encoder whose id says the same."""

    class Turned(HashingEncoder):
        def encode(self, texts: Sequence[str], role: TextRole) -> Vectors:
            return -super().encode(texts, role)

    assert differs(answers(fitted()), fitted(), Turned()) is not None
    assert "cannot answer" in (differs(answers(fitted()), fitted(), HashingEncoder(16)) or "")


@pytest.mark.parametrize("what", ["ranker", "gate", "adaptation"])
def test_other_parts_disagree(what: str) -> None:
    rng = np.random.default_rng(0)
    dimension = ENCODER.dimension
    down, up = (
        rng.normal(size=s, scale=0.5).astype(np.float32) for s in ((4, dimension), (dimension, 4))
    )
    before = replace(fitted(), adaptation=Adaptation(down, up, ENCODER.id, "a test"))
    gate = replace(before.gate, pooled=replace(before.gate.pooled, value=0.7))
    ranker = load_ranker()
    regime = next(iter(ranker.regimes))
    weights = replace(ranker.regimes[regime], bias=ranker.regimes[regime].bias + 0.5)
    other = {
        "ranker": replace(
            before, ranker=replace(ranker, regimes={**ranker.regimes, regime: weights})
        ),
        "gate": replace(before, gate=gate),
        "adaptation": replace(before, adaptation=Adaptation(down, -up, ENCODER.id, "a test")),
    }
    assert differs(answers(before), before) is None
    assert what in (differs(answers(before), other[what]) or "")


def test_an_answer_that_is_no_number_is_a_disagreement() -> None:
    head = next(iter(fitted().classifier.heads.values()))
    broken = replace(head, intercept=head.intercept * np.nan)
    classifier = replace(fitted().classifier, heads={head.target: broken})
    assert differs(None, replace(fitted(), classifier=classifier)) == "an answer is no number"


def test_answers_to_questions_of_another_release_are_not_compared() -> None:
    recorded = json.dumps({**json.loads(answers(fitted("turned"))), "questions": "others"})
    assert differs(recorded, fitted()) is None
    assert differs(None, fitted()) is None


@pytest.mark.parametrize("recorded", ["", "[]", "{}", '{"questions": 1, "labels": 2}'])
def test_what_is_no_record_is_a_disagreement(recorded: str) -> None:
    mended = recorded.replace("1", json.dumps(json.loads(answers(fitted()))["questions"]))
    assert "cannot answer" in (differs(mended, fitted()) or "")
