"""Who is in the holdout: by a hash, for good, and nobody where the share is 0."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.assigning import Assigned, Shares, assign
from triage.errors import BadField
from triage.records import Arm

names = st.text(min_size=1, max_size=40)
shares = st.floats(0, 0.5)


@given(names, shares, shares)
def test_a_larger_share_moves_people_into_the_holdout_and_nobody_out(
    person: str, one: float, other: float
) -> None:
    small, large = sorted((one, other))
    arms = [assign(Shares(share), person, None, "en").arm for share in (small, large)]
    assert arms != [Arm.HOLDOUT, Arm.TREATMENT]


@given(names, names, shares)
def test_a_person_has_one_arm_in_every_session(person: str, session: str, share: float) -> None:
    known = assign(Shares(share), person, session, "en")
    assert known == assign(Shares(share), person, "another", "en")
    assert known.unit == "person"


@given(names)
def test_with_a_share_of_0_nobody_is_in_the_holdout(person: str) -> None:
    assert assign(Shares(0.0), person, None, "en") == Assigned(Arm.TREATMENT, "person", 0.0)
    off = Shares(0.5, {"fi": 0.0})
    assert assign(off, person, None, "fi").arm is Arm.TREATMENT


def test_whoever_cannot_be_followed_is_in_no_experiment() -> None:
    assert assign(Shares(0.5), None, None, "en") == Assigned(Arm.TREATMENT, None, 0.0)
    assert assign(Shares(0.5), None, "visit", "en").unit == "session"


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5])
def test_as_many_are_in_the_holdout_as_the_share_says(share: float) -> None:
    n = 20_000
    held = sum(assign(Shares(share), f"p{i}", None, "en").arm is Arm.HOLDOUT for i in range(n))
    assert abs(held / n - share) < 4 * (share * (1 - share) / n) ** 0.5


def test_a_language_may_have_a_share_of_its_own() -> None:
    stratified = Shares(0.0, {"de": 0.5})
    arms = {assign(stratified, f"p{i}", None, "de").arm for i in range(50)}
    assert arms == {Arm.TREATMENT, Arm.HOLDOUT}


@pytest.mark.parametrize("wrong", [(-0.1, {}), (0.6, {}), (0.1, {"fi": 0.9}), (0.1, {"xx": 0.1})])
def test_what_is_no_share_is_refused(wrong: tuple[float, dict[str, float]]) -> None:
    with pytest.raises(BadField):
        Shares(*wrong)
