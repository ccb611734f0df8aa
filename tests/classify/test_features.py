import pickle
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.classify import fit_featuriser
from triage.classify.features import Part
from triage.classify.structure import SIGNS, read_structure
from triage.errors import IndexMismatch

TITLES = ["Export fails", "How do I export?", "Export to CSV", ""]
BODIES = ["Error KV-1042 in 8.1.2", "", "### Steps\n1. Click\n```\nx\n```", "export please"]


def sign(name: str, title: str, body: str) -> float:
    return float(read_structure([title], [body])[0, SIGNS.index(name)])


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("trace", 'Traceback (most recent call last):\n  File "a.py", line 3'),
        ("version", "since 8.1.2"),
        ("error_code", "it says KV-1042"),
        ("url", "see https://example.org"),
        ("list_item", "- one\n- two"),
        ("heading", "### Steps to reproduce"),
        ("heading_steps", "### Steps to reproduce"),
        ("code_block", "```\nx\n```"),
        ("question_mark", "why?"),
        ("shouted", "it is BROKEN"),
    ],
)
def test_a_sign_of_form_is_seen_and_not_imagined(name: str, body: str) -> None:
    assert sign(name, "", body) > 0
    assert sign(name, "", "all is well") == 0


@pytest.mark.parametrize(
    "title", ["How do I pay", "Hur betalar jag", "Hvordan betaler jeg", "Miten maksan", "Wie zahle"]
)
def test_a_title_that_asks_is_seen_in_every_language(title: str) -> None:
    assert sign("title_asks", title, "") == 1


@pytest.mark.parametrize("piece", ["a", "\n", "![", "**", "1.", "A", "- ", "```", "<!--", "# "])
def test_a_hostile_text_is_read_in_good_time(piece: str) -> None:
    featuriser, _ = fit_featuriser(TITLES, BODIES, None)
    huge = piece * (1_000_000 // len(piece))
    began = time.process_time()
    featuriser.transform([huge], [huge], None)
    assert time.process_time() - began < 2


@given(st.text(), st.text())
@settings(max_examples=50, deadline=None)
def test_signs_lie_between_zero_and_one(title: str, body: str) -> None:
    row = read_structure([title], [body])
    assert np.all((row >= 0) & (row <= 1))


def test_title_and_body_have_words_of_their_own() -> None:
    featuriser, _ = fit_featuriser(TITLES * 3, BODIES * 3, None)
    by_title, by_body = featuriser.transform(["export", ""], ["", "export"], None).toarray()
    assert not np.allclose(by_title, by_body)


def test_the_lines_of_a_form_are_columns() -> None:
    form = "### What happens?\n{}\n### Since when?"
    bodies = [form.format(word) for word in ("nothing", "it fails", "slow")]
    featuriser, _ = fit_featuriser(["a", "b", "c"], bodies, None)
    (lines,) = [v for v in featuriser.vocabularies if v.part is Part.LINES]
    assert set(lines.words.vocabulary_) == {"### what happens?", "### since when?"}


def test_the_rows_of_fitting_are_the_rows_of_reading() -> None:
    vectors = np.eye(4, 8, dtype=np.float32)
    featuriser, rows = fit_featuriser(TITLES, BODIES, vectors)
    assert rows.shape == (4, featuriser.width)
    again = featuriser.transform(TITLES, BODIES, vectors)
    np.testing.assert_allclose(rows.toarray(), again.toarray(), atol=1e-6)


def test_a_featuriser_survives_pickling() -> None:
    featuriser, rows = fit_featuriser(TITLES, BODIES, None)
    opened = pickle.loads(pickle.dumps(featuriser))
    np.testing.assert_array_equal(opened.transform(TITLES, BODIES, None).toarray(), rows.toarray())


def test_without_vectors_the_encoders_columns_are_empty() -> None:
    vectors = np.eye(4, 8, dtype=np.float32)
    featuriser, _ = fit_featuriser(TITLES, BODIES, vectors)
    assert featuriser.transform(TITLES, BODIES, None).shape == (4, featuriser.width)


def test_vectors_are_ignored_when_trained_without_an_encoder() -> None:
    featuriser, rows = fit_featuriser(TITLES, BODIES, None)
    given_anyway = featuriser.transform(TITLES, BODIES, np.eye(4, 8, dtype=np.float32))
    np.testing.assert_array_equal(given_anyway.toarray(), rows.toarray())


def test_vectors_of_another_encoder_are_refused() -> None:
    featuriser, _ = fit_featuriser(TITLES, BODIES, np.eye(4, 8, dtype=np.float32))
    with pytest.raises(IndexMismatch):
        featuriser.transform(TITLES, BODIES, np.eye(4, 5, dtype=np.float32))


def test_questions_without_words_still_have_rows() -> None:
    featuriser, rows = fit_featuriser(["", "!"], ["", "..."], None)
    assert rows.shape == (2, featuriser.width)
    assert np.isfinite(rows.toarray()).all()


def test_no_questions_make_an_empty_featuriser() -> None:
    featuriser, rows = fit_featuriser([], [], None)
    assert rows.shape[0] == 0
    assert featuriser.transform(["a"], ["b"], None).shape == (1, featuriser.width)
