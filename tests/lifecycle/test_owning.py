"""Exactly one owner, named by the first rule that applies."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lifecycle.histories import some
from tests.lifecycle.steps import posted, step, with_community, with_expert
from triage.lifecycle import (
    Bringing,
    By,
    Owned,
    Owners,
    State,
    Who,
    Why,
    alert_of,
    measure,
    name_owner,
)
from triage.records import Account, Destination

OWNERS = Owners(
    forum="frida", accounts={"a1": "anna"}, teams={"north": "nils"}, topics={"vat": "tora"}
)
KEYED = Account("a1", expert_team="north")
TEAMED = Account("a2", expert_team="north")
PLAIN = Account("a3", expert_team="unknown")


@pytest.mark.parametrize(
    ("account", "topic", "owned"),
    [
        (KEYED, "vat", Owned("anna", By.ACCOUNT, "north")),
        (TEAMED, "vat", Owned("nils", By.TEAM, "north")),
        (PLAIN, "vat", Owned("tora", By.TOPIC, "unknown")),
        (None, "vat", Owned("tora", By.TOPIC)),
        (None, "other", Owned("frida", By.FORUM)),
        (None, None, Owned("frida", By.FORUM)),
    ],
)
def test_the_account_comes_before_the_topic_and_the_topic_before_the_forum(
    account: Account | None, topic: str | None, owned: Owned
) -> None:
    assert name_owner(Destination.EXPERT, account, topic, OWNERS) == owned


def test_what_the_community_answers_belongs_to_its_topic() -> None:
    assert name_owner(Destination.COMMUNITY, KEYED, "vat", OWNERS).owner == "tora"


def test_whoever_is_away_is_passed_over_but_the_last_in_line() -> None:
    away = Owners("frida", OWNERS.accounts, OWNERS.teams, OWNERS.topics, frozenset({"anna"}))
    assert name_owner(Destination.EXPERT, KEYED, "vat", away).owner == "nils"
    all_away = frozenset({"anna", "nils", "tora", "frida"})
    gone = Owners("frida", OWNERS.accounts, OWNERS.teams, OWNERS.topics, all_away)
    assert name_owner(Destination.EXPERT, KEYED, "vat", gone).owner == "frida"


NAMES = st.sampled_from(["", "x", "y", "z"])


@some
@given(
    st.builds(
        Owners,
        forum=st.just("f"),
        accounts=st.dictionaries(NAMES, NAMES),
        teams=st.dictionaries(NAMES, NAMES),
        topics=st.dictionaries(NAMES, NAMES),
        away=st.frozensets(NAMES),
    ),
    st.sampled_from(Destination),
    st.none() | st.builds(Account, id=NAMES, expert_team=st.none() | NAMES),
    st.none() | NAMES,
)
def test_every_question_has_exactly_one_owner_who_is_there(
    owners: Owners, destination: Destination, account: Account | None, topic: str | None
) -> None:
    owned = name_owner(destination, account, topic, owners)
    assert owned.owner
    assert owned.owner not in owners.away or owned.owner == owners.forum


def test_a_forum_without_an_owner_is_refused() -> None:
    with pytest.raises(ValueError, match="needs an owner"):
        Owners("")


def test_a_complaint_alerts_its_owner_once_and_each_new_owner_again() -> None:
    question = posted()
    alert = alert_of(question, "complaint", None)
    assert alert is not None
    assert (alert.owner, alert.at) == ("forum", question.received_at)
    assert alert_of(question, "complaint", None) == alert
    handed = step(question, State.RECEIVED, Who.STAFF, Bringing(owner="anna"))
    other = alert_of(handed, "complaint", None)
    assert other is not None
    assert other.id != alert.id
    assert alert_of(question, "how_to", 3) is None
    assert alert_of(question, "how_to", 1) is not None
    closed = step(question, State.CLOSED, Who.STAFF, Bringing(Why.OTHER))
    assert alert_of(closed, "complaint", None) is None


def test_times_are_measured_from_when_it_was_received() -> None:
    question = with_expert()
    handed = step(question, State.WITH_EXPERT, Who.STAFF, Bringing(owner="anna"), hours=1)
    asks = Bringing(by="anna", asked=("ask_error",))
    asked = step(handed, State.WAITING_FOR_CUSTOMER, Who.STAFF, asks, hours=2)
    told = step(asked, State.WITH_EXPERT, Who.CUSTOMER, hours=3)
    done = step(told, State.ANSWERED, Who.STAFF, Bringing(answer_id="a1", by="anna"), hours=4)
    solved = step(done, State.CONFIRMED_SOLVED, Who.CUSTOMER, hours=5)
    taken = measure(solved)
    hours = [t and t / timedelta(hours=1) for t in (taken.to_owner, taken.to_person)]
    assert hours == [4, 4]
    assert (taken.to_answer, taken.to_solved) == (timedelta(hours=11), timedelta(hours=16))
    again = measure(step(solved, State.REOPENED, Who.CUSTOMER))
    assert again.to_solved is None


def test_a_machine_that_asks_back_is_no_person() -> None:
    asked = step(
        with_community(),
        State.WAITING_FOR_CUSTOMER,
        Who.MACHINE,
        Bringing(asked=("ask_error",)),
    )
    assert measure(asked).to_person is None
