"""The words that speak for a label are those of its own questions."""

import re

import pytest

from tests.forum import cases
from triage.classify import Classifier, telling_words
from triage.learn.heads.fitting import FitOptions, fit_classifier
from triage.records import Target


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    options = FitOptions(workers=1, min_cases=10)
    return fit_classifier(cases(60), None, None, options, lambda _: None).classifier


def test_words_of_a_label_stand_in_its_own_cases_more_than_in_others(
    classifier: Classifier,
) -> None:
    known = cases(60)
    head = classifier.heads[Target.TOPIC]
    for label in head.classes:
        words = telling_words(classifier, Target.TOPIC, label, 3)
        assert words
        own = [_words(case.text) for case in known if case.topic == label]
        others = [_words(case.text) for case in known if case.topic != label]
        for word in words:
            in_own = sum(word in text for text in own) / len(own)
            in_others = sum(word in text for text in others) / max(1, len(others))
            assert in_own > in_others, (label, word)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+|\?", text.casefold()))


def test_no_more_are_given_than_are_wanted_and_none_of_what_is_unknown(
    classifier: Classifier,
) -> None:
    label = classifier.heads[Target.TOPIC].classes[0]
    assert len(telling_words(classifier, Target.TOPIC, label, 2)) == 2
    assert telling_words(classifier, Target.TOPIC, "unheard of", 2) == []
    assert telling_words(classifier, Target.SCOPE, label, 2) == []
