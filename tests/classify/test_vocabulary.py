import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.classify import fit_featuriser
from triage.classify.vocabulary import FEWEST, Owners, Shape, learn_words, weigh

WORDS = Shape("word", (1, 2), r"(?u)\b\w+\b")


def terms(texts: list[str], owners: list[str]) -> set[str]:
    learnt = learn_words(texts, WORDS, Owners.of(owners))
    return set() if learnt is None else set(learnt[0].vocabulary_)


def test_a_word_of_three_persons_becomes_a_column() -> None:
    assert terms(["ledger"] * 3, ["a", "b", "c"]) == {"ledger"}


def test_a_word_that_two_persons_said_ten_times_does_not() -> None:
    assert terms(["ledger"] * 10, ["a", "b"] * 5) == set()


def test_three_persons_count_by_word_and_not_by_text() -> None:
    texts = ["project falcon", "project falcon", "project", "project eagle"]
    assert terms(texts, ["a", "b", "c", "c"]) == {"project"}


def test_rows_of_learning_are_rows_of_reading() -> None:
    texts = ["export fails", "export works", "export", "other thing"]
    learnt = learn_words(texts, WORDS, Owners.of(list("abcd")))
    assert learnt is not None
    words, rows = learnt
    np.testing.assert_allclose(rows.toarray(), words.transform(texts).toarray(), atol=1e-6)
    assert pickle.loads(pickle.dumps(words)).vocabulary_ == words.vocabulary_


def test_the_columns_are_bounded_and_the_commonest_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triage.classify.vocabulary._MOST_COLUMNS", 1)
    assert terms(["rare often"] * 3 + ["often"] * 2, list("abcde")) == {"often"}


def test_of_very_many_texts_the_words_are_chosen_from_some(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, owners = ["even", "odd"] * 8, [str(i) for i in range(16)]
    monkeypatch.setattr("triage.classify.vocabulary._MOST_READ", 8)
    learnt = learn_words(texts, WORDS, Owners.of(owners))
    assert learnt is not None
    assert learnt[1].shape == (16, len(learnt[0].vocabulary_))
    assert learnt[1].nnz >= 8
    assert terms(["ledger"] * 16, ["a", "b"] * 8) == set()


def test_no_texts_have_no_words() -> None:
    assert terms([], []) == set()
    assert terms(["", "", "", ""], list("abcd")) == set()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.text("xyz ", max_size=8)), max_size=12))
def test_nothing_that_fewer_than_three_said_is_kept(said: list[tuple[str, str]]) -> None:
    owners, texts = [o for o, _ in said], [t for _, t in said]
    featuriser, _ = fit_featuriser(texts, texts, None, owners=owners)
    for vocabulary in featuriser.vocabularies:
        analyse = vocabulary.words.build_analyzer()
        for term in vocabulary.words.vocabulary_:
            saying = {o for o, t in said if term in analyse(vocabulary.reads(t, t))}
            assert len(saying) >= FEWEST


@pytest.mark.parametrize("shape", [WORDS, Shape("char_wb", (2, 4))])
@given(st.lists(st.text("ab c?\n", max_size=30), min_size=1, max_size=4))
def test_one_text_is_weighed_to_the_last_bit_as_the_library_weighs_it(
    shape: Shape, texts: list[str]
) -> None:
    every = ["a b ab?", "a b ba c", "ab a b abc", "c c a"]
    learnt = learn_words(every, shape, Owners.of(["1", "2", "3", "4"]))
    assert learnt is not None
    for text in texts:
        ours, theirs = weigh(learnt[0], [text]), learnt[0].transform([text])
        assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype)
        for ours_of, theirs_of in zip(
            (ours.data, ours.indices, ours.indptr),
            (theirs.data, theirs.indices, theirs.indptr),
            strict=True,
        ):
            assert ours_of.dtype == theirs_of.dtype
            assert ours_of.tolist() == theirs_of.tolist()
