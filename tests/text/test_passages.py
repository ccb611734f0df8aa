import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.records import Answer, Thread, UnitKind
from triage.text.passages import MAX_PASSAGES, digest, snippet, split, units_of


def test_a_thread_has_a_title_a_question_and_answers() -> None:
    thread = Thread("t", "A  title", "A body.", (Answer("a", "One."), Answer("b", "")))
    units = [(unit.kind, unit.text, unit.answer_id) for unit in units_of(thread)]
    assert units == [
        (UnitKind.TITLE, "A title", None),
        (UnitKind.QUESTION, "A title\nA body.", None),
        (UnitKind.ANSWER, "One.", "a"),
    ]


def test_an_article_without_a_question_has_answers_only() -> None:
    units = units_of(Thread("t", "", " ", (Answer("a", "One."),)))
    assert [unit.kind for unit in units] == [UnitKind.ANSWER]


def test_a_short_text_is_one_passage_with_single_spaces() -> None:
    assert split("a  b\n\nc") == ("a b c",)
    assert split(" \n") == ()


def test_a_passage_ends_with_a_paragraph_or_else_a_sentence() -> None:
    sentence = "one two three four five."
    text = " ".join([sentence] * 16) + "\n\n" + " ".join([sentence] * 30)
    passages = split(text, words=100, overlap=10)
    assert len(passages[0].split()) == 80
    assert all(passage.endswith("five.") for passage in passages)
    assert all(len(passage.split()) <= 100 for passage in passages)


def test_passages_overlap_so_that_nothing_is_cut_in_two() -> None:
    words = [f"w{i}" for i in range(400)]
    first, second, *_ = split(" ".join(words), words=150, overlap=30)
    assert first.split()[-30:] == second.split()[:30]


@given(st.lists(st.sampled_from(["a", "b.", "c\n\n", "d!"]), max_size=600), st.integers(0, 9))
def test_no_word_is_lost_below_the_limit(words: list[str], overlap: int) -> None:
    passages = split(" ".join(words), words=40, overlap=overlap)
    if len(passages) < MAX_PASSAGES:
        covered = sum(len(passage.split()) for passage in passages)
        assert covered >= len(words)
        assert covered <= len(words) + overlap * max(0, len(passages) - 1)


@pytest.mark.parametrize("text", ["word " * 100_000, "x" * 1_000_000, "a. " * 300_000])
def test_a_huge_text_gives_few_passages(text: str) -> None:
    assert 0 < len(split(text)) <= MAX_PASSAGES


def test_an_overlap_that_would_never_end_is_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        split("a", words=10, overlap=5)


def test_the_digest_is_that_of_the_normal_form() -> None:
    assert digest("e\u0301") == digest("é") == hashlib.sha256("é".encode()).hexdigest()
    assert len(digest("\ud800")) == 64


def test_a_snippet_shows_the_sentences_nearest_to_the_question() -> None:
    body = (
        "Hello and thanks for asking in our forum today. " * 6
        + "Open settings and set the page size to zero. Then the export runs to the end. "
        + "Good luck with everything and have a nice day. " * 6
    )
    shown = snippet(body, {"Export", "page", "size"}, length=120)
    assert "set the page size to zero. Then the export runs" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) <= 120


def test_a_short_answer_is_shown_whole() -> None:
    assert snippet("Set it\nto 0.", {"x"}) == "Set it to 0."


@given(st.text(max_size=400), st.integers(20, 300))
def test_a_snippet_is_never_longer_than_asked(body: str, length: int) -> None:
    assert len(snippet(body, {"a", "b"}, length)) <= length


def test_a_snippet_of_a_million_characters_is_quick() -> None:
    assert len(snippet("a. " * 400_000, {"a"})) <= 240
