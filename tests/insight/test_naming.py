from triage.insight.naming import MOST_TERMS, terms_of, usual_words, words_in

TEXTS = ["How do I charge the car", "The car does not charge", "Where is the invoice", "The bell"]


def test_words_are_in_small_letters_and_what_has_digits_is_left_out() -> None:
    assert words_in("Das E-Auto laden, KV-7731 seit v2x!") == {"das", "auto", "laden", "seit"}


def test_only_words_of_three_persons_are_told_the_most_telling_first() -> None:
    usual = usual_words(TEXTS)
    asks = [(f"p{n}", text) for n, text in enumerate([*TEXTS[:2], "charge my car", "my secret"])]
    told = terms_of(asks, usual, len(TEXTS))
    assert told[:2] == ("charge", "car")
    assert "secret" not in told


def test_one_person_who_says_a_word_often_does_not_make_it_common() -> None:
    asks = [("anna", "the blue saddle")] * 9 + [("bo", "the saddle"), ("cy", "the saddle")]
    assert terms_of(asks, {}, 100) == ("the", "saddle")


def test_words_that_everybody_uses_anyway_tell_nothing() -> None:
    asks = [(f"p{n}", "the saddle") for n in range(5)]
    assert terms_of(asks, {"the": 100, "saddle": 5}, 100) == ("saddle", "the")
    assert terms_of(asks, {"the": 101, "saddle": 5}, 100) == ("saddle",)


def test_there_are_never_more_than_a_few() -> None:
    said = " ".join(f"word{'abcdefghij'[n]}" for n in range(10))
    assert len(terms_of([(f"p{n}", said) for n in range(4)], {}, 10)) == MOST_TERMS
