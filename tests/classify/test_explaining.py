"""What moved a prediction adds up to it, and is named in the words of the question."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.forum import cases
from triage.classify import (
    ABSTAIN_ALWAYS,
    Classifier,
    Facts,
    Head,
    Origin,
    attribute,
    explain,
    fit_featuriser,
)
from triage.encode import HashingEncoder, TextRole
from triage.errors import BadField
from triage.learn.heads.fitting import FitOptions, fit_classifier
from triage.records import Target

ENCODER = HashingEncoder()


def fitted(with_encoder: bool = True) -> Classifier:
    known = cases(60)
    vectors = ENCODER.encode([c.text for c in known], TextRole.QUERY) if with_encoder else None
    encoder_id = ENCODER.id if with_encoder else None
    options = FitOptions(workers=1, min_cases=10)
    return fit_classifier(known, vectors, encoder_id, options, lambda _: None).classifier


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return fitted()


def vector_of(title: str, body: str) -> np.ndarray:
    return ENCODER.encode([f"{title}\n{body}".strip()], TextRole.QUERY)


def logits(classifier: Classifier, title: str, body: str, target: Target) -> dict[str, float]:
    """The head's own logits, by class, taken back from its probabilities."""
    row = classifier.featuriser.transform([title], [body], vector_of(title, body))
    head = classifier.heads[target]
    spread = head.probabilities(row)[0]
    bare = (spread - head.lapse / len(head.classes)) / (1 - head.lapse)
    return dict(zip(head.classes, np.log(bare), strict=True))


TEXTS = st.text(
    st.sampled_from("abcdehilnorstuw  ?!.-#`\nÅßİéK1[]<>")
    | st.characters(exclude_categories=["Cs"])
)


@given(title=TEXTS, body=TEXTS | st.just("Crash with a stack trace, data is lost? a-b  Thank you"))
@settings(max_examples=30, deadline=None)
def test_what_moved_a_prediction_adds_up_to_its_log_odds(
    classifier: Classifier, title: str, body: str
) -> None:
    read = attribute(classifier.featuriser, title, body, vector_of(title, body))
    for target in classifier.heads:
        found = explain(classifier, read, target)
        assert found is not None
        own = logits(classifier, title, body, target)
        assert found.log_odds == pytest.approx(own[found.explained] - own[found.against], abs=1e-4)
        total = found.base + sum(pull.log_odds for pull in found.pulls)
        assert total == pytest.approx(found.log_odds, abs=1e-9)


@given(title=TEXTS, body=TEXTS)
@settings(max_examples=30, deadline=None)
def test_every_column_is_somebodys_whole(classifier: Classifier, title: str, body: str) -> None:
    read = attribute(classifier.featuriser, title, body, vector_of(title, body))
    shares = np.bincount(read.column, weights=read.share, minlength=read.row.nnz)
    np.testing.assert_allclose(shares, 1)
    assert "…" not in {name.text for name in read.names}


def test_the_prediction_is_explained_against_its_runner_up(classifier: Classifier) -> None:
    title, body = "Crash with a stack trace, data is lost", "please help"
    label = classifier.predict([title], [body], vector_of(title, body))[0][Target.KIND]
    read = attribute(classifier.featuriser, title, body, vector_of(title, body))
    found = explain(classifier, read, Target.KIND)
    assert found is not None
    assert found.explained == label.value == "bug"
    assert found.against == label.alternatives[0][0]
    assert found.log_odds > 0


def test_the_words_that_decide_come_first_and_are_the_questions_own(classifier: Classifier) -> None:
    title = "Please add a dark theme to the app, wish"
    read = attribute(classifier.featuriser, title, "Zebra", vector_of(title, "Zebra"))
    found = explain(classifier, read, Target.KIND, against="bug")
    assert found is not None
    assert found.explained == "request"
    words = [p.name.text for p in found.pulls if p.name.origin is Origin.WORDS]
    said = set(f"{title} zebra".lower().replace(",", "").split())
    assert all(part in said for word in words for part in word.split())
    strongest = {part for word in words[:6] for part in word.split()}
    assert strongest & {"dark", "theme", "add", "wish", "please"}
    assert next(p for p in found.pulls if p.name.text in strongest or " " in p.name.text)


def test_a_named_class_takes_the_place_of_the_runner_up(classifier: Classifier) -> None:
    title = "Crash with a stack trace, data is lost"
    read = attribute(classifier.featuriser, title, "", vector_of(title, ""))
    plain = explain(classifier, read, Target.KIND)
    assert plain is not None
    for named in classifier.heads[Target.KIND].classes:
        found = explain(classifier, read, Target.KIND, against=named)
        assert found is not None
        assert found.explained == "bug"
        assert found.against == (plain.against if named == "bug" else named)


def test_a_class_that_no_case_had_is_refused_without_repeating_it(classifier: Classifier) -> None:
    read = attribute(classifier.featuriser, "Crash", "", vector_of("Crash", ""))
    with pytest.raises(BadField) as refused:
        explain(classifier, read, Target.KIND, against="walrus")
    assert "walrus" not in str(refused.value)


def test_a_target_without_a_head_has_no_explanation(classifier: Classifier) -> None:
    read = attribute(classifier.featuriser, "Crash", "", vector_of("Crash", ""))
    assert explain(classifier, read, Target.SCOPE) is None


def test_a_sign_of_form_is_named_with_more_or_less_than_usual(classifier: Classifier) -> None:
    body = "```\nTraceback (most recent call last):\n```"
    read = attribute(classifier.featuriser, "Crash", body, vector_of("Crash", body))
    signs = {name.text: name.more for name in read.names if name.origin is Origin.FORM}
    assert signs["code_block"] is True
    assert signs["title_words"] is False
    assert all(name.more is None for name in read.names if name.origin is not Origin.FORM)


def test_the_encoders_part_is_one_thing_and_absent_without_an_encoder() -> None:
    for with_encoder in (True, False):
        classifier = fitted(with_encoder)
        vector = vector_of("Crash", "") if with_encoder else None
        read = attribute(classifier.featuriser, "Crash", "", vector)
        meant = [name for name in read.names if name.origin is Origin.MEANING]
        assert len(meant) == int(with_encoder)


def test_facts_are_named_and_count() -> None:
    known = cases(60)
    facts = [Facts(product="ledger" if case.kind == "bug" else "books") for case in known]
    titles, bodies = ["Question"] * len(known), [""] * len(known)
    featuriser, rows = fit_featuriser(titles, bodies, None, facts)
    weights = np.zeros((rows.shape[1], 2), np.float32)
    block = next(b for b in featuriser.blocks if b.origin is Origin.FACT)
    weights[block.start : block.stop, 1] = 1
    flat, never = np.zeros(2), (ABSTAIN_ALWAYS, ABSTAIN_ALWAYS)
    head = Head(Target.KIND, ("a", "b"), weights, flat, 1.0, flat, 0.0, never)
    made = Classifier(featuriser, {Target.KIND: head}, None)
    read = attribute(featuriser, "Question", "", None, Facts(product="ledger"))
    found = explain(made, read, Target.KIND)
    assert found is not None
    assert [p.name.origin for p in found.pulls] == [Origin.FACT]
    assert "ledger" in found.pulls[0].name.text


def test_characters_belong_to_the_words_that_hold_them(classifier: Classifier) -> None:
    read = attribute(classifier.featuriser, "crashing unrelated", "", None)
    grams = next(b for b in classifier.featuriser.blocks if b.start > 0 and _is_grams(b.vocabulary))
    assert grams.vocabulary is not None
    column = grams.start + grams.vocabulary.words.vocabulary_["ras"]
    place = list(read.row.indices).index(column)
    owners = {read.names[n].text for c, n in zip(read.column, read.name, strict=True) if c == place}
    assert owners == {"crashing"}


def test_words_that_stand_only_together_are_one_phrase_or_share_it(classifier: Classifier) -> None:
    read = attribute(classifier.featuriser, "stack trace and stack", "", None)
    bound = {read.names[p.name].text: p.bound for p in read.phrases}
    assert bound["stack trace"] is False
    read = attribute(classifier.featuriser, "stack trace and crash", "", None)
    bound = {read.names[p.name].text: p.bound for p in read.phrases}
    assert bound["stack trace"] is True


def _is_grams(vocabulary: object) -> bool:
    words = getattr(vocabulary, "words", None)
    return words is not None and words.analyzer.startswith("char")
