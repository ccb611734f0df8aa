from collections import Counter

import numpy as np
import pytest
from numpy.typing import NDArray

from triage.insight.choosing import (
    MOST_ALIKE,
    Near,
    Pool,
    Why,
    by_lot,
    choose,
    disagreeing,
    far,
    nearest,
    over_heads,
    shares_of,
    unsure,
)

Vectors = NDArray[np.float32]
_NAN = float("nan")


def _unit(rows: NDArray[np.float64]) -> Vectors:
    found: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return found


def _balls(sizes: list[int], spread: float = 0.02, seed: int = 0) -> tuple[Vectors, list[int]]:
    """Return rows about as many things as there are sizes, and what each row is about."""
    rng = np.random.default_rng(seed)
    about = [number for number, size in enumerate(sizes) for _ in range(size)]
    rows = np.eye(max(16, len(sizes)))[about]
    return _unit(rows + spread * rng.standard_normal(rows.shape)), about


def _numbers(*values: float) -> NDArray[np.float64]:
    return np.array(values, dtype=np.float64)


def test_a_head_torn_between_two_labels_is_less_sure_than_one_with_many_unlikely_ones() -> None:
    torn, spread = unsure(_numbers(0.49, 0.40), _numbers(0.48, 0.05))
    assert torn == pytest.approx(0.99)
    assert torn > spread


def test_heads_have_an_equal_say_though_one_is_never_sure() -> None:
    kind = _numbers(0.01, 0.02, 0.03, _NAN)
    severity = _numbers(0.9, 0.8, 0.7, _NAN)
    both = over_heads([kind, severity])
    assert both[:3] == pytest.approx([2 / 3] * 3)
    assert np.isnan(both[3])


def test_a_head_that_says_nothing_is_left_out_of_a_questions_ranks() -> None:
    found = over_heads([_numbers(0.1, 0.2), _numbers(_NAN, 0.5)])
    assert found == pytest.approx([0.5, 1.0])


def test_equal_scores_share_their_rank() -> None:
    assert over_heads([_numbers(0.5, 0.5, 0.9)]) == pytest.approx([0.5, 0.5, 1.0])


def test_nearest_is_the_same_however_cases_are_paged() -> None:
    rng = np.random.default_rng(3)
    rows, cases = _unit(rng.standard_normal((7, 8))), _unit(rng.standard_normal((23, 8)))
    numbers = np.arange(23)
    whole = nearest(rows, [(numbers, cases)], 4)
    paged = nearest(rows, [(numbers[i : i + 5], cases[i : i + 5]) for i in range(0, 23, 5)], 4)
    plain = np.argsort(-(rows @ cases.T), axis=1)[:, :4]
    assert (whole.places == plain).all()
    assert (paged.places == plain).all()
    assert paged.cosines == pytest.approx(whole.cosines)


def test_fewer_cases_than_asked_for_leave_places_open() -> None:
    rows = _unit(np.ones((2, 3)))
    few = nearest(rows, [(np.array([5]), rows[:1])], 3)
    assert few.places.tolist() == [[5, -1, -1]] * 2
    assert far(few) == pytest.approx([0, 0], abs=1e-6)
    assert np.isnan(far(nearest(rows, [], 3))).all()


def test_a_head_that_says_what_near_cases_do_not_disagrees() -> None:
    near = Near(np.array([[0, 1, 2], [0, 1, 2], [3, -1, -1]]), np.array([[0.9, 0.8, 0.1]] * 3))
    labels = np.array([4, 4, 7, -1])
    alone, all_but_one, unknown = disagreeing(np.array([7, 4, 4]), labels, near)
    assert alone == pytest.approx(1.7 / 1.8)
    assert all_but_one == pytest.approx(0.1 / 1.8)
    assert np.isnan(unknown)
    assert np.isnan(disagreeing(np.array([-1, -1, -1]), labels, near)).all()


def test_a_forum_without_labelled_cases_disagrees_with_nobody() -> None:
    rows = _unit(np.ones((2, 3)))
    none = np.array([], dtype=np.int64)
    assert np.isnan(disagreeing(np.array([0, 1]), none, nearest(rows, []))).all()


def test_no_two_chosen_ones_are_nearly_the_same_though_hundreds_ask_it_at_once() -> None:
    vectors, about = _balls([300, 1, 1, 1])
    scores = np.concatenate([np.full(300, 0.99), _numbers(0.2, 0.3, 0.4)])
    found = choose(Pool(vectors, {Why.UNCERTAIN: scores}), {Why.UNCERTAIN: 4})
    assert [about[one.place] for one in found] == [0, 3, 2, 1]


def test_what_many_are_like_comes_before_what_lies_alone() -> None:
    vectors, about = _balls([1, 1, 30, 12], spread=0.15, seed=2)
    found = choose(Pool(vectors, {Why.UNCERTAIN: np.full(44, 0.8)}), {Why.UNCERTAIN: 2})
    assert [about[one.place] for one in found] == [2, 3]


def test_of_as_many_like_it_the_less_certain_comes_first() -> None:
    vectors, about = _balls([5, 5])
    scores = np.repeat([0.3, 0.6], 5)
    found = choose(Pool(vectors, {Why.UNCERTAIN: scores}), {Why.UNCERTAIN: 2})
    assert [about[one.place] for one in found] == [1, 0]


def test_the_choice_is_that_of_working_out_every_gain_anew() -> None:
    rng = np.random.default_rng(5)
    vectors = _unit(rng.standard_normal((40, 6)))
    scores = rng.random(40)
    found = choose(Pool(vectors, {Why.NOVEL: scores}), {Why.NOVEL: 12}, most_alike=2.0)
    alike = np.maximum(vectors @ vectors.T - 0.5, 0) / 0.5
    covered, plain = np.zeros(40), []
    for _ in range(12):
        gains = np.maximum(alike - covered, 0) @ scores
        gains[plain] = -1
        plain.append(int(gains.argmax()))
        covered = np.maximum(covered, alike[plain[-1]])
    assert [one.place for one in found] == plain


def test_what_lies_beside_it_already_is_not_asked_again() -> None:
    vectors, about = _balls([6, 6])
    pool = Pool(vectors, {Why.UNCERTAIN: np.full(12, 0.5)})
    found = choose(pool, {Why.UNCERTAIN: 12}, vectors[:1])
    assert [about[one.place] for one in found] == [1]


def test_reasons_take_turns_and_no_place_comes_twice() -> None:
    vectors = np.eye(12, dtype=np.float32)
    scores = {
        Why.UNCERTAIN: np.linspace(1, 0.5, 12),
        Why.DISAGREEING: np.linspace(1, 0.5, 12),
        Why.NOVEL: np.concatenate([[_NAN] * 4, np.linspace(0.5, 1, 8)]),
    }
    wanted = {Why.UNCERTAIN: 3, Why.DISAGREEING: 2, Why.NOVEL: 1}
    found = choose(Pool(vectors, scores), wanted)
    assert [(one.place, one.why) for one in found] == [
        (0, Why.UNCERTAIN),
        (1, Why.DISAGREEING),
        (11, Why.NOVEL),
        (2, Why.UNCERTAIN),
        (3, Why.DISAGREEING),
        (4, Why.UNCERTAIN),
    ]
    assert [one.score for one in found] == [scores[Why(one.why)][one.place] for one in found]


def test_what_a_reason_cannot_use_goes_to_the_others_the_uncertain_first() -> None:
    vectors = np.eye(9, dtype=np.float32)
    nothing = np.full(9, _NAN)
    pool = Pool(vectors, {"overridden": nothing, Why.NOVEL: np.ones(9), Why.UNCERTAIN: np.ones(9)})
    found = choose(pool, {"overridden": 3, Why.NOVEL: 1, Why.UNCERTAIN: 1})
    assert Counter(one.why for one in found) == {Why.UNCERTAIN: 3, Why.NOVEL: 2}
    assert len(choose(pool, {"overridden": 99, Why.NOVEL: 1})) == 9


def test_a_reason_of_which_none_is_wanted_gets_none() -> None:
    pool = Pool(np.eye(3, dtype=np.float32), {Why.NOVEL: np.ones(3), Why.UNCERTAIN: np.ones(3)})
    found = choose(pool, {Why.UNCERTAIN: 0, Why.NOVEL: 2})
    assert [one.why for one in found] == [Why.NOVEL] * 2


def test_questions_without_a_vector_are_chosen_and_bar_nobody() -> None:
    vectors = np.zeros((5, 4), dtype=np.float32)
    found = choose(Pool(vectors, {Why.UNCERTAIN: _numbers(0.1, 0.5, 0.3, _NAN, 0.2)}), {"novel": 9})
    assert found == []
    found = choose(
        Pool(vectors, {Why.UNCERTAIN: _numbers(0.1, 0.5, 0.3, _NAN, 0.2)}), {Why.UNCERTAIN: 3}
    )
    assert [one.place for one in found] == [1, 2, 4]


def test_nothing_to_choose_from_is_no_error() -> None:
    pool = Pool(np.zeros((0, 4), dtype=np.float32), {Why.UNCERTAIN: _numbers()})
    assert choose(pool, {Why.UNCERTAIN: 5}) == []
    assert choose(pool, {}) == []


def test_shares_add_up_to_what_is_wanted() -> None:
    for most in range(60):
        wanted = shares_of(most)
        assert sum(wanted.values()) == most
        assert min(wanted.values()) >= 0


def test_a_lot_is_the_same_one_again_whatever_the_order() -> None:
    ids = [f"ask-{number}" for number in range(50)]
    first = by_lot(ids, 8, "forum 2026-11-23")
    again = by_lot(ids[::-1], 8, "forum 2026-11-23")
    assert [ids[i] for i in first.places] == [ids[::-1][i] for i in again.places]
    assert first.propensity == pytest.approx(8 / 50)
    assert first.places != by_lot(ids, 8, "forum 2026-11-24").places


def test_everybody_has_the_same_chance_in_a_lot() -> None:
    ids = [f"ask-{number}" for number in range(20)]
    drawn = Counter(i for day in range(2000) for i in by_lot(ids, 5, f"day {day}").places)
    # Five of 20 on 2,000 days: 500 each, give or take four standard errors.
    assert all(abs(drawn[i] - 500) < 4 * (2000 * 0.25 * 0.75) ** 0.5 for i in range(20))


def test_a_lot_of_more_than_there_are_is_all_of_them() -> None:
    lot = by_lot(["a", "b"], 9, "k")
    assert (sorted(lot.places), lot.propensity) == ([0, 1], 1.0)
    assert by_lot([], 3, "k").places == ()
    assert by_lot(["a"], 0, "k").propensity == 0.0


def test_nearly_the_same_is_above_the_bar_alone() -> None:
    angle = float(np.arccos(MOST_ALIKE))
    rows = [[1.0, 0.0], [np.cos(angle * 0.9), np.sin(angle * 0.9)]]
    rows += [[np.cos(-angle * 1.1), np.sin(-angle * 1.1)]]
    vectors = np.array(rows, dtype=np.float32)
    found = choose(Pool(vectors, {Why.UNCERTAIN: _numbers(1.0, 0.01, 0.01)}), {Why.UNCERTAIN: 3})
    assert [one.place for one in found] == [0, 2]
