"""The steps take what they are meant to: an adaptation moves the search, never the labels."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from tests.forum import SmallForum, cases, small_forum
from triage.adapt import Adaptation
from triage.encode import HashingEncoder, TextRole
from triage.learn.heads.fitting import FitOptions, fit_classifier
from triage.pipeline import Parts, gather, triage
from triage.records import Draft, Question, Side

ENCODER = HashingEncoder()
DRAFT = Draft("Logo is blurry on the printed invoice", "It looks fine on the screen.", lang="en")
QUESTION = Question(DRAFT.title, DRAFT.body, "en")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallForum]:
    with small_forum(tmp_path_factory.mktemp("pipeline"), encoder=ENCODER) as made:
        yield made


@pytest.fixture(scope="module")
def parts(small: SmallForum) -> Parts:
    vectors = ENCODER.encode([c.text for c in cases()], TextRole.QUERY)
    report = fit_classifier(cases(), vectors, ENCODER.id, FitOptions(), lambda line: None)
    return replace(small.desk().parts(), classifier=report.classifier)


def towards_bank() -> Adaptation:
    """Make a map that takes this question to where the bank thread is."""
    asked = ENCODER.encode([QUESTION.text], TextRole.QUERY)
    bank = ENCODER.encode(["Bank feed stopped with KV-1042"], TextRole.PASSAGE)
    return Adaptation(asked, 50 * bank.T, ENCODER.id, "a test", foreign=False)


def nearest(parts: Parts, question: Question = QUESTION) -> str:
    hits, _ = gather(parts, question, side=Side.DENSE)
    return max(hits, key=lambda h: h.similarity or 0.0).thread_id


def test_an_adaptation_moves_what_is_searched_with(parts: Parts) -> None:
    assert nearest(parts) == "logo"
    assert nearest(replace(parts, adaptation=towards_bank())) == "bank"


def test_an_adaptation_leaves_the_labels_alone(parts: Parts) -> None:
    plain, moved = triage(parts, DRAFT), triage(replace(parts, adaptation=towards_bank()), DRAFT)
    assert plain.labels == moved.labels
    assert [m.probability for m in plain.matches] != [m.probability for m in moved.matches]


def test_questions_stay_where_nothing_was_fitted_on_moved_ones(parts: Parts) -> None:
    """This map is for languages that the encoder knows; it does not know French."""
    adapted = replace(parts, adaptation=towards_bank())
    assert nearest(adapted, replace(QUESTION, lang="sv")) == "bank"
    assert nearest(adapted, replace(QUESTION, lang="fr")) == "logo"


def test_a_search_by_words_needs_no_vector_to_move(parts: Parts) -> None:
    adapted = replace(parts, adaptation=towards_bank())
    for variant in (adapted, replace(adapted, encoder=None)):
        hits, _ = gather(variant, QUESTION, side=Side.LEXICAL)
        assert all(h.similarity is None for h in hits)


def test_a_map_of_nothing_changes_nothing(parts: Parts) -> None:
    down, up = (np.zeros(s, np.float32) for s in ((2, 256), (256, 2)))
    idle = replace(parts, adaptation=Adaptation(down, up, ENCODER.id, ""))
    assert [m.thread_id for m in triage(idle, DRAFT).matches] == [
        m.thread_id for m in triage(parts, DRAFT).matches
    ]
