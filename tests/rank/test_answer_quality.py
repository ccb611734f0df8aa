"""Signs of an answer -> how likely it is to be one that helps."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.rank.answer_quality import (
    COLD_START,
    SIGNS,
    load_quality,
    save_quality,
    signs_of,
)
from triage.records import Answer, Thread

GOOD = (
    "The consent has run out. Renew it under Bank > Connections:\n"
    "1. Open the bank feed\n2. Choose renew and sign in\nThen fetch the invoices again from May 28."
)
THANKS = "Same here!"
QUALITY = load_quality()


def thread(*answers: Answer, **fields: object) -> Thread:
    asked = Thread("t", "Bank feed stopped", "No invoices since Monday.", answers, "asker")
    return replace(asked, **fields)  # type: ignore[arg-type]


def quality(answer: Answer, **fields: object) -> float:
    return QUALITY.quality_of(answer, thread(answer, **fields))


ANSWERS = st.lists(
    st.builds(
        Answer,
        id=st.text(max_size=3),
        body=st.text(max_size=200) | st.sampled_from([GOOD, THANKS]),
        person=st.sampled_from([None, "asker", "other"]),
        accepted=st.booleans(),
        staff=st.booleans(),
        votes=st.integers(-(2**31), 2**31 - 1),
        outdated_votes=st.integers(-5, 2**31 - 1),
    ),
    max_size=5,
)


@given(ANSWERS)
def test_quality_lies_between_0_and_1(answers: list[Answer]) -> None:
    found = QUALITY.qualities_of(thread(*answers))
    assert found.shape == (len(answers),)
    assert ((found > 0) & (found < 1)).all()


@given(ANSWERS)
def test_signs_are_bounded_and_do_not_look_at_what_is_learnt(answers: list[Answer]) -> None:
    table = signs_of(thread(*answers))
    assert table.shape == (len(answers), len(SIGNS))
    assert np.isfinite(table).all()
    assert (np.abs(table) <= 1e6).all()
    turned = [replace(a, accepted=not a.accepted, staff=not a.staff) for a in answers]
    assert (signs_of(thread(*turned)) == table).all()


@given(ANSWERS, st.integers(0, 4))
def test_what_the_forum_says_counts_only_one_way(answers: list[Answer], chosen: int) -> None:
    if chosen >= len(answers):
        return

    def of(**changes: object) -> float:
        changed = replace(answers[chosen], **changes)  # type: ignore[arg-type]
        asked = thread(*answers[:chosen], changed, *answers[chosen + 1 :])
        return float(QUALITY.qualities_of(asked)[chosen])

    assert of(accepted=True) >= of(accepted=False)
    assert of(staff=True) >= of(staff=False)
    assert of(votes=9) >= of(votes=1) >= of(votes=-4)
    assert of(outdated_votes=0) >= of(outdated_votes=1) >= of(outdated_votes=7)


def test_an_answer_with_steps_is_better_than_a_me_too() -> None:
    found = QUALITY.qualities_of(thread(Answer("1", THANKS), Answer("2", GOOD)))
    assert found[1] > 2 * found[0]


def test_a_question_back_is_no_answer() -> None:
    statement = "Have you looked at the bank feed settings. Which version do you have there."
    assert quality(Answer("1", statement.replace(".", "?"))) < quality(Answer("1", statement))


def test_the_askers_own_word_counts_little_unless_it_was_accepted() -> None:
    mine, other = Answer("1", GOOD, "asker"), Answer("1", GOOD, "other")
    assert quality(mine) < 0.5 * quality(other)
    accepted = [quality(replace(a, accepted=True)) for a in (mine, other)]
    assert accepted[0] == pytest.approx(accepted[1])


def test_unknown_persons_are_nobodys_own_followers() -> None:
    asked = thread(Answer("1", GOOD), Answer("2", GOOD), person=None)
    table = signs_of(asked)
    columns = [list(SIGNS).index(name) for name in ("by_asker", "again")]
    assert not table[:, columns].any()


def test_an_accepted_answer_of_a_verified_thread_is_nearly_sure() -> None:
    answer = Answer("1", GOOD, accepted=True, staff=True, votes=9)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert quality(answer, verified_by="p", verified_at=at) > 0.9
    assert quality(replace(answer, outdated_votes=30)) < 0.5


def test_an_answer_that_is_not_the_threads_is_refused() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        QUALITY.quality_of(Answer("1", GOOD), thread(Answer("2", GOOD)))


def test_a_thread_without_answers_has_no_qualities() -> None:
    assert QUALITY.qualities_of(thread()).shape == (0,)


@pytest.mark.parametrize("body", ["", "?", "a" * 500_000, "1. " * 200_000, "> " * 200_000])
def test_odd_bodies_are_read_in_no_time(body: str) -> None:
    assert 0 < quality(Answer("1", body)) < 1


def test_shipped_weights_count_in_the_direction_of_their_sign() -> None:
    ways = [way for way, _ in SIGNS.values()]
    assert all(w * way >= 0 for w, way in zip(QUALITY.weights, ways, strict=True))
    assert all(worth * way > 0 for way, worth in SIGNS.values())


def test_a_model_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    save_quality(QUALITY, tmp_path / "q.json")
    assert load_quality(tmp_path / "q.json") == QUALITY
    assert (tmp_path / "q.json").read_text() == COLD_START.read_text()
