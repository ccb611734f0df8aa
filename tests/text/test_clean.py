import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.text.clean import clean


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("  a\tb \n", "a\tb"),
        ("a\x00b\x07c\x85d", "abc\nd"),
        ("\ufeffa\u200bb\u202ec\u2066d\u00ade", "abcde"),
        ("a\ud800b", "a\ufffdb"),
        ("e\u0301", "é"),
        ("a\n\n\n\n\nb", "a\n\n\nb"),
        ("a\n\n\nb", "a\n\n\nb"),
        ("a\u2028b", "a\nb"),
        ("\x00\u200b \n", ""),
    ],
)
def test_a_text_is_kept_without_what_nobody_sees(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


def test_a_joiner_stays_only_inside_an_emoji() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    heart = "\u2764\ufe0f\u200d\U0001f525"
    assert clean(f"{family} {heart} a\u200db") == f"{family} {heart} ab"


def test_a_pile_of_marks_is_cut() -> None:
    assert len(clean("a" + "\u0316\u0301" * 5000)) < 50


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode()


@pytest.mark.parametrize("piece", ["a", "\n", "\n \t", "e\u0301\u0316", "\u200d", "\ud800", "\x00"])
def test_a_million_characters_take_a_moment(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    start = time.process_time()
    clean(text)
    assert time.process_time() - start < 5
