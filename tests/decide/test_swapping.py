"""Two neighbours change places in the share of asks that is said, and the chances told are true."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.decide import swapped
from triage.records import Applicability, Suggestion

UNKNOWN, FITS, OTHER = Applicability.UNKNOWN, Applicability.FITS, Applicability.OTHER_VERSION
ASKS = [f"{number:032x}" for number in range(20_000)]


def suggestions(fits: list[Applicability]) -> list[Suggestion]:
    return [
        Suggestion(
            thread_id=f"t{place}",
            answer_id=None,
            title="",
            snippet="",
            url=None,
            lang=None,
            rank=place,
            probability=1.0 - place / 10,
            solved=True,
            staff=False,
            applicability=fit,
        )
        for place, fit in enumerate(fits, start=1)
    ]


def test_with_a_share_of_0_nothing_moves() -> None:
    found = swapped(suggestions([FITS, UNKNOWN, UNKNOWN]), 0.0, "ask")
    assert [one.thread_id for one in found] == ["t1", "t2", "t3"]
    assert {(one.rank == one.own_rank, one.propensity) for one in found} == {(True, 1.0)}


@given(
    number=st.integers(0, 6),
    share=st.floats(0, 0.5),
    ask_id=st.text(st.characters(codec="ascii"), min_size=1, max_size=32),
)
def test_at_most_two_neighbours_change_places(number: int, share: float, ask_id: str) -> None:
    best = suggestions([UNKNOWN] * number)
    found = swapped(best, share, ask_id)
    assert [one.rank for one in found] == list(range(1, number + 1))
    assert sorted(one.thread_id for one in found) == [one.thread_id for one in best]
    moved = [one for one in found if one.rank != one.own_rank]
    assert len(moved) in (0, 2)
    assert all(abs(one.rank - (one.own_rank or 0)) <= 1 for one in found)
    assert all(0 < one.propensity <= 1 for one in found)
    assert all(f"t{one.own_rank}" == one.thread_id for one in found)


@pytest.mark.parametrize("number", [2, 3, 5])
def test_each_place_is_had_as_often_as_is_told(number: int) -> None:
    seen: dict[tuple[int, int], list[float]] = defaultdict(list)
    for ask_id in ASKS:
        for one in swapped(suggestions([UNKNOWN] * number), 0.3, ask_id):
            seen[one.own_rank or 0, one.rank].append(one.propensity)
    for told in seen.values():
        assert len(set(told)) == 1
        assert len(told) / len(ASKS) == pytest.approx(told[0], abs=0.015)
    # Every place next to its own can be had, and no other.
    assert set(seen) == {
        (own, rank)
        for own in range(1, number + 1)
        for rank in range(max(1, own - 1), min(number, own + 1) + 1)
    }


def test_an_ask_keeps_its_order_over_all_keystrokes() -> None:
    for ask_id in ASKS[:500]:
        first, again = (swapped(suggestions([UNKNOWN] * 3), 0.5, ask_id) for _ in range(2))
        assert first == again
        fewer, more = (
            [one.own_rank for one in swapped(suggestions([UNKNOWN] * n), 0.5, ask_id)]
            for n in (2, 3)
        )
        # One more suggestion changes at most which pair it is, never whether any is.
        assert (fewer == sorted(fewer)) == (more == sorted(more))


@pytest.mark.parametrize("fits", [[FITS, OTHER], [OTHER, UNKNOWN], [UNKNOWN, UNKNOWN, OTHER]])
def test_what_is_for_others_never_goes_above_what_is_for_the_asker(
    fits: list[Applicability],
) -> None:
    for ask_id in ASKS[:200]:
        found = swapped(suggestions(fits), 0.5, ask_id)
        assert [one.own_rank for one in found] == list(range(1, len(fits) + 1))
        assert {one.propensity for one in found} == {1.0}
