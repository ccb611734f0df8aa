"""How late a question is: against how long others waited, and where that is unknown, the limits."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lifecycle.histories import some
from tests.lifecycle.steps import HOUR, START
from triage.lifecycle import (
    OPEN,
    Awaiting,
    Basis,
    Limits,
    State,
    Wait,
    Waits,
    lateness,
    learn_waits,
)
from triage.records import Destination

COMMUNITY, EXPERT = Destination.COMMUNITY, Destination.EXPERT
ONE = Awaiting(State.WITH_COMMUNITY, COMMUNITY, "api", "problem", 3, START, START)
NOTHING = Waits({})
# Of 100 waits from 1 to 100 hours, nine in ten end by hour 90.
KNOWN = learn_waits(
    Wait(to, topic, hours * 3600.0, answered=True)
    for to, topic in ((COMMUNITY, "api"), (EXPERT, None))
    for hours in range(1, 101)
)
AWAITING = st.builds(
    Awaiting,
    st.sampled_from(list(State)),
    st.sampled_from(list(Destination)),
    st.sampled_from([None, "api", "other"]),
    st.sampled_from([None, "complaint", "problem"]),
    st.sampled_from([None, 1, 2, 3, 4]),
    st.just(START),
    st.integers(0, 300).map(lambda hours: START + hours * HOUR),
    st.booleans(),
)


def test_before_an_answer_it_is_late_when_nine_in_ten_others_had_one() -> None:
    found = lateness(ONE, KNOWN, Limits())
    assert (found.begins, found.until, found.basis) == (START, START + 90 * HOUR, Basis.OTHERS)
    assert not found.is_late(START + 90 * HOUR)
    assert found.is_late(START + 91 * HOUR)
    assert found.over(START + 91 * HOUR) == HOUR
    assert found.over(START + 80 * HOUR) == -10 * HOUR
    # What was sent on begins no new wait for whoever asked.
    moved = replace(ONE, state=State.ESCALATED, destination=EXPERT, since=START + 50 * HOUR)
    assert lateness(moved, KNOWN, Limits()).until == START + 90 * HOUR


def test_where_nothing_is_known_of_others_the_limit_of_its_state_counts() -> None:
    limits = Limits(community=30 * HOUR, expert=10 * HOUR)
    found = lateness(ONE, NOTHING, limits)
    assert (found.until, found.basis) == (START + 30 * HOUR, Basis.LIMIT)
    moved = replace(ONE, state=State.ESCALATED, destination=EXPERT, since=START + 30 * HOUR)
    found = lateness(moved, NOTHING, limits)
    assert found.until == START + 40 * HOUR
    assert found.waited(START + 40 * HOUR) == 40 * HOUR


def test_after_a_first_answer_it_waits_from_when_it_came_back() -> None:
    back = START + 200 * HOUR
    again = replace(ONE, state=State.REOPENED, since=back, answered=True)
    found = lateness(again, KNOWN, Limits(expert=5 * HOUR))
    assert (found.begins, found.until) == (back, back + 5 * HOUR)


@pytest.mark.parametrize("more", [{"kind": "complaint"}, {"severity": 1}, {"severity": 2}])
def test_what_presses_never_waits_longer_than_its_limit(more: dict[str, object]) -> None:
    pressing = replace(ONE, **more)  # type: ignore[arg-type]
    found = lateness(pressing, KNOWN, Limits(pressing=4 * HOUR))
    assert (found.until, found.basis) == (START + 4 * HOUR, Basis.PRESSING)
    # Others were answered sooner than the limit.
    quick = learn_waits(Wait(COMMUNITY, "api", 600.0, answered=True) for _ in range(30))
    assert lateness(pressing, quick, Limits()).basis is Basis.OTHERS


@pytest.mark.parametrize("state", [State.WAITING_FOR_CUSTOMER, *sorted(set(State) - OPEN)])
def test_what_is_not_ours_is_never_late(state: State) -> None:
    found = lateness(replace(ONE, state=state), KNOWN, Limits())
    assert (found.until, found.basis) == (None, Basis.NOT_OURS)
    assert not found.is_late(START + timedelta(days=3000))
    assert found.over(START) is None


@some
@given(AWAITING)
def test_every_open_question_of_ours_has_a_deadline_after_it_began(one: Awaiting) -> None:
    for waits in (KNOWN, NOTHING):
        found = lateness(one, waits, Limits())
        ours = one.state in OPEN and one.state is not State.WAITING_FOR_CUSTOMER
        assert (found.until is not None) == ours
        if found.until is not None:
            assert found.until > one.received_at
            assert found.is_late(found.until + HOUR)
