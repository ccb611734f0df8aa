import numpy as np
import pytest

from triage.insight import Counted, change_of, ranked


def test_the_gap_of_most_persons_who_would_post_is_first() -> None:
    few = Counted("few", 200, 20, 160)
    many = Counted("many", 110, 100, 60)
    quiet = Counted("quiet", 120, 110, 2)
    assert [gap.counted.id for gap in ranked([few, many, quiet], None)] == ["many", "few", "quiet"]


def test_what_an_answer_is_worth_is_said_only_where_it_was_measured() -> None:
    groups = [Counted("a", 40, 30, 20), Counted("b", 10, 8, 1)]
    assert all(gap.prevented is None for gap in ranked(groups, None))
    first, second = ranked(groups, 0.5)
    assert first.prevented == pytest.approx(30 * first.chance * 0.5)
    assert second.prevented == pytest.approx(8 * second.chance * 0.5)
    # What suggestions harm, no answer is said to spare.
    assert [gap.prevented for gap in ranked(groups, -0.2)] == [0.0, 0.0]


def test_a_small_group_is_drawn_to_what_is_usual() -> None:
    large, small = ranked([Counted("large", 900, 900, 90), Counted("small", 2, 2, 2)], None)
    assert large.chance == pytest.approx(0.1, abs=0.01)
    assert 0.1 < small.chance < 0.4
    assert ranked([], 0.3) == ()


def test_a_change_is_after_less_before_and_chance_is_asked() -> None:
    later = np.repeat([False, True], 200)
    posted = np.concatenate([np.arange(200) % 10 < 6, np.arange(200) % 10 < 2])
    found = change_of(posted, later, np.arange(400))
    assert found is not None
    assert found.value == pytest.approx(-0.4)
    assert found.p_value < 0.001
    none = change_of(np.arange(400) % 10 < 4, later, np.arange(400))
    assert none is not None
    assert (none.value, none.p_value) == (pytest.approx(0), 1.0)


def test_many_asks_of_few_persons_prove_little() -> None:
    later = np.repeat([False, True], 60)
    posted = ~later
    assert change_of(posted, later, np.arange(120)).p_value < 0.001  # type: ignore[union-attr]
    who = np.arange(120) // 20
    assert change_of(posted, later, who).p_value > 0.05  # type: ignore[union-attr]


def test_chance_is_right_as_often_as_it_says() -> None:
    random = np.random.default_rng(5)
    later = np.repeat([False, True], 80)
    small = 0
    for _ in range(60):
        who = random.integers(0, 50, size=160)
        posts = random.random(50)
        found = change_of(random.random(160) < posts[who], later, who + 50 * later)
        small += found is not None and found.p_value < 0.1
    assert small <= 13


def test_without_asks_on_both_sides_there_is_no_change() -> None:
    everything = np.ones(5, dtype=bool)
    assert change_of(everything, everything, np.arange(5)) is None
    assert change_of(everything, ~everything, np.arange(5)) is None
