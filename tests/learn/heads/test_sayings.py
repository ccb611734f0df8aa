from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from triage.encode import HashingEncoder, TextRole
from triage.learn.heads import fitting
from triage.learn.heads.fitting import FitOptions, FitReport, fit_classifier
from triage.learn.heads.sayings import Sayings, sayings_in
from triage.phrases.sayings import SAYINGS
from triage.records import Case, Kind, Target, Tone

ENCODER = HashingEncoder(256)
OPTIONS = FitOptions(targets=(Target.KIND,), scope=False)
SIX = {"en", "sv", "nb", "da", "fi", "de"}


def encode(texts: Sequence[str]) -> NDArray[np.float32]:
    return ENCODER.encode(texts, TextRole.QUERY)


def a_forum_with_few_requests() -> list[Case]:
    asked = [f"How do I export report {i}?" for i in range(30)]
    wished = ["Wanted: dark mode", "Wanted: bigger fonts", "Wanted: shorter menus"]
    return [Case(f"a{i}", text, "", kind="how_to", lang="en") for i, text in enumerate(asked)] + [
        Case(f"b{i}", text, "", kind="request", lang="en") for i, text in enumerate(wished)
    ]


def fit(sayings: Sayings | None) -> FitReport:
    cases = a_forum_with_few_requests()
    vectors = encode([case.text for case in cases])
    return fit_classifier(cases, vectors, "hashing", OPTIONS, lambda _: None, None, sayings)


def label_of(report: FitReport, text: str) -> object:
    (labels,) = report.classifier.predict([text], [""], encode([text]))
    return labels[Target.KIND].value


def test_every_kind_and_tone_has_sayings_in_every_language() -> None:
    assert set(SAYINGS[Target.KIND]) == set(Kind)
    assert set(SAYINGS[Target.TONE]) == set(Tone)
    for labels in SAYINGS.values():
        assert all(set(said) == SIX for said in labels.values())


def test_no_two_labels_are_said_alike() -> None:
    for labels in SAYINGS.values():
        texts = [text for said in labels.values() for some in said.values() for text in some]
        assert len(set(texts)) == len(texts)


def test_what_a_wish_sounds_like_is_known_though_no_case_said_it() -> None:
    text = "Could you please add a calendar? It would save us work"
    assert label_of(fit(None), text) == "how_to"
    assert label_of(fit(sayings_in({"en"}, encode)), text) == "request"


def test_sayings_are_judged_by_nobody() -> None:
    report = fit(sayings_in({"en"}, encode))
    assert report.metrics[Target.KIND]["n"] == 33
    assert report.unseen[Target.KIND].probabilities.shape == (33, 2)
    assert report.classifier.heads[Target.KIND].classes == ("how_to", "request")


def test_a_head_of_many_cases_learns_from_these_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "FEW", 33)
    with_them, without = fit(sayings_in({"en"}, encode)), fit(None)
    np.testing.assert_array_equal(
        with_them.classifier.heads[Target.KIND].weights,
        without.classifier.heads[Target.KIND].weights,
    )


def test_only_the_languages_of_the_cases_are_said_and_all_where_none_is_known() -> None:
    swedish = sayings_in({"sv", None}, encode)
    everything = sayings_in({None}, encode)
    assert swedish is not None
    assert everything is not None
    said = {text for labels in SAYINGS.values() for by in labels.values() for text in by["sv"]}
    assert set(swedish.texts) == said
    assert len(everything.texts) == 6 * len(said)


def test_what_is_each_forums_own_has_no_sayings() -> None:
    assert sayings_in({"en"}, encode, {Target.TOPIC}) is None
