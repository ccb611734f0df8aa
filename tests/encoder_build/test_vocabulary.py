"""Which pieces stay, and a tokenizer over them."""

import pytest

from encoder_build.vocabulary import SPECIAL, UNKNOWN, kept_pieces, make_tokenizer

from .tiny import ENGLISH, PIECES, SWEDISH

ELSEWHERE = [*PIECES, ("▁漢字", -6.0), ("漢", -8.0), ("7", -8.5), ("€", -8.6)]


def kept(texts: list[str], most: int = 1000) -> list[str]:
    return [ELSEWHERE[i][0] for i in kept_pieces(ELSEWHERE, texts, most)]


def test_special_pieces_come_first_and_the_rest_keeps_its_order() -> None:
    found = kept_pieces(ELSEWHERE, ["the invoice was sent"], 1000).tolist()
    assert found[: len(SPECIAL)] == list(range(len(SPECIAL)))
    assert found == sorted(set(found))


def test_words_that_no_text_uses_are_left_out() -> None:
    found = kept(["the invoice was sent", "fakturan"])
    assert {"▁the", "▁invoice", "▁was", "▁sent", "▁fakturan"} <= set(found)
    assert not {"▁twice", "▁gånger", "▁漢字"} & set(found)


def test_what_names_are_spelt_with_stays_unused() -> None:
    found = set(kept([]))
    assert {"▁", "a", "z", "ö", "7", "€"} <= found
    assert "漢" not in found


def test_the_most_used_pieces_stay_when_room_is_short() -> None:
    spelt = len(kept([]))
    found = kept(["twice twice sent", "twice sent was"], most=spelt + 2)
    assert len(found) == spelt + 2
    assert {"▁twice", "▁sent"} <= set(found)
    assert "▁was" not in found


@pytest.mark.parametrize("words", [ENGLISH[:5], SWEDISH, ("ovanligt", "ord")])
def test_a_text_comes_back_from_its_tokens(words: tuple[str, ...]) -> None:
    tokenizer = make_tokenizer(PIECES)
    text = " ".join(words)
    tokens = tokenizer.encode(text)
    assert (tokens.tokens[0], tokens.tokens[-1]) == ("<s>", "</s>")
    assert tokenizer.decode(tokens.ids) == text


def test_pieces_that_were_cut_spell_the_same_texts() -> None:
    cut = make_tokenizer([ELSEWHERE[i] for i in kept_pieces(ELSEWHERE, ["the invoice"], 1000)])
    full = make_tokenizer(ELSEWHERE)
    for text in ("the invoice", "the  invoice sent", "ﬁle 7 €"):
        assert "".join(cut.encode(text).tokens) == "".join(full.encode(text).tokens)
    assert cut.encode("the invoice").tokens == full.encode("the invoice").tokens


@pytest.mark.parametrize("text", ["Привет", "日本語", "😀", "\x00", ""])
def test_an_unknown_script_does_not_fail(text: str) -> None:
    found = make_tokenizer(PIECES).encode(text)
    assert {PIECES[i][0] for i in found.ids[1:-1]} <= {UNKNOWN, "▁"}
    assert kept_pieces(PIECES, [text], 1000).tolist()[:4] == [0, 1, 2, 3]
