"""Changes of a posted question are kept exactly once, in a real file, whoever writes at once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.lifecycle.histories import TRIES
from triage import store
from triage.errors import IdempotencyConflict, IllegalChange, NoQuestion
from triage.lifecycle import State, Who, Why, allowed
from triage.questions import Asked, Kept, put_rules, rules_from
from triage.records import Account, Destination

from .kept import HOUR, MONDAY, Forum, answer, labelled

WRITERS = 50
OWNERS = {
    "forum": "frida",
    "accounts": {"a07": "anna"},
    "teams": {"north": "nils"},
    "topics": {"api": "tora"},
}


def at_once(writers: int, write: Callable[[int], object]) -> list[object]:
    """Have as many threads write at the same moment; return what each got."""
    begin = Barrier(writers)

    def one(number: int) -> object:
        begin.wait()
        try:
            return write(number)
        except (IllegalChange, IdempotencyConflict) as error:
            return error

    with ThreadPoolExecutor(writers) as pool:
        return list(pool.map(one, range(writers)))


def own(forum: Forum) -> None:
    with forum.database.write() as c:
        put_rules(c, forum.id, rules_from(OWNERS, {}), MONDAY)
        accounts = [Account("a06", expert_team="north"), Account("a07", expert_team="north")]
        store.put_accounts(c, forum.id, accounts)


def test_fifty_writers_of_one_change_make_it_once(forum: Forum) -> None:
    told = forum.post()
    found = at_once(WRITERS, lambda n: forum.keep(told.row.question_id, answer(), MONDAY + HOUR))
    kept = [one for one in found if isinstance(one, Kept)]
    assert len(kept) == WRITERS
    assert sum(one.fresh for one in kept) == 1
    assert len({one.change for one in kept}) == 1
    assert forum.read(told.row.question_id).question.revision == 3


def test_of_fifty_writers_that_looked_at_one_revision_one_is_first(forum: Forum) -> None:
    told = forum.post()
    question_id, seen = told.row.question_id, told.row.revision
    found = at_once(
        WRITERS,
        lambda n: forum.keep(question_id, answer(f"c{n}", answer_id=f"a{n}", expected=seen)),
    )
    assert Counter(type(one).__name__ for one in found) == {"Kept": 1, "IllegalChange": WRITERS - 1}
    refused = [one for one in found if isinstance(one, IllegalChange)]
    assert all(f"revision {seen + 1}" in str(one) for one in refused)
    assert len(forum.read(question_id).question.answers) == 1


def test_fifty_writers_of_many_changes_leave_a_history_without_a_hole(forum: Forum) -> None:
    told = forum.post()
    question_id = told.row.question_id
    wanted = [
        *(answer(f"a{n}", answer_id=f"a{n}") for n in range(20)),
        *(Asked(State.CONFIRMED_SOLVED, Who.CUSTOMER, f"s{n}", Why.OTHER) for n in range(10)),
        *(Asked(State.REOPENED, Who.CUSTOMER, f"r{n}") for n in range(10)),
        *(Asked(State.ESCALATED, Who.CUSTOMER, f"e{n}", Why.WANTS_PERSON) for n in range(10)),
    ]
    found = at_once(WRITERS, lambda n: forum.keep(question_id, wanted[n]))
    made = sum(isinstance(one, Kept) for one in found)
    after = forum.read(question_id)
    # An escalation is followed by the change that names its owner, where that is another.
    owners = sum(change.id.endswith(":owner") for change in after.question.changes)
    assert made >= 1
    assert [row.revision for row in after.changes] == list(range(1, made + owners + 3))
    assert (after.row.state, after.row.revision) == (after.question.state, after.question.revision)


def test_a_change_that_is_known_is_given_again_whatever_happened_since(forum: Forum) -> None:
    question_id = forum.post().row.question_id
    first = forum.keep(question_id, answer(words="Oil it.", answer_public=True))
    forum.keep(question_id, Asked(State.CONFIRMED_SOLVED, Who.CUSTOMER, "s"))
    again = forum.keep(question_id, answer(words="Oil it.", answer_public=True))
    assert (again.change, again.fresh) == (first.change, False)
    assert again.told.row.state == State.CONFIRMED_SOLVED
    with pytest.raises(IdempotencyConflict):
        forum.keep(question_id, answer(words="Grease it."))


def test_what_is_not_allowed_is_refused_with_what_is(forum: Forum) -> None:
    told = forum.post()
    with pytest.raises(IllegalChange) as caught:
        forum.keep(told.row.question_id, Asked(State.REOPENED, Who.CUSTOMER, "r"))
    assert caught.value.allowed == allowed(State.WITH_COMMUNITY, Who.CUSTOMER)
    assert all(f"`{state}`" in str(caught.value) for state in caught.value.allowed)
    with pytest.raises(NoQuestion):
        forum.keep("none", Asked(State.REOPENED, Who.CUSTOMER, "r"))


def tried(forum: Forum, question_id: str, asked: Asked, at: datetime) -> Kept | IllegalChange:
    try:
        return forum.keep(question_id, asked, at)
    except IllegalChange as error:
        return error


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(Destination), st.lists(TRIES, max_size=15))
def test_any_history_is_kept_as_it_was_made(
    forum: Forum, to: Destination, tries: list[tuple[State, Who, object, timedelta]]
) -> None:
    """Whatever anybody tries: what is kept replays to what the row says, and is made once."""
    told, now, made = forum.post(to), MONDAY, 0
    question_id = told.row.question_id
    for place, (wanted, who, brings, later) in enumerate(tries):
        now += later
        values = {name: getattr(brings, name) for name in ("why", "by", "answer_id", "asked")}
        asked = Asked(wanted, who, f"t{place}", **values, owner=brings.owner or None)  # type: ignore[attr-defined]
        before = forum.read(question_id).question
        kept = tried(forum, question_id, asked, now)
        if isinstance(kept, IllegalChange):
            assert kept.allowed == allowed(before.state, who)
            assert forum.read(question_id).question == before
            continue
        made += 1
        assert kept.fresh
        assert forum.keep(question_id, asked, now + HOUR).change == kept.change
    after = forum.read(question_id)
    row, question = after.row, after.question
    assert row.state == question.state
    assert (row.owner, row.revision, row.destination) == (
        question.owner,
        question.revision,
        question.destination,
    )
    assert (row.due_at is None) == (question.state in (State.CONFIRMED_SOLVED, State.CLOSED))
    assert row.owner
    assert question.revision >= 2 + made


def test_an_expert_question_goes_to_the_accounts_owner_and_else_to_the_topics(
    forum: Forum,
) -> None:
    own(forum)
    expert = Destination.EXPERT
    assert forum.post(expert, account="a07").row.owner == "anna"
    assert forum.post(expert, account="a06").row.owner == "nils"
    assert forum.post(expert).row.owner == "tora"
    assert forum.post(expert, labels={}).row.owner == "frida"
    assert forum.post(account="a07").row.owner == "tora"


def test_whoever_wants_a_person_gets_the_one_who_answers_for_their_account(forum: Forum) -> None:
    own(forum)
    told = forum.post(account="a06")
    wants = Asked(State.ESCALATED, Who.CUSTOMER, "p", Why.WANTS_PERSON)
    after = forum.keep(told.row.question_id, wants).told
    assert (after.row.owner, after.row.state) == ("nils", State.ESCALATED)
    assert after.row.reroutes == 1
    again = forum.keep(told.row.question_id, wants)
    assert not again.fresh
    assert again.told.question.revision == after.question.revision


def test_who_takes_a_question_owns_it(forum: Forum) -> None:
    own(forum)
    question_id = forum.post(Destination.EXPERT).row.question_id
    handed = Asked(State.WITH_EXPERT, Who.STAFF, "h", by="tora", owner="nils")
    assert forum.keep(question_id, handed).told.row.owner == "nils"
    escalated = Asked(State.ESCALATED, Who.STAFF, "e", Why.OTHER, by="nils")
    assert forum.keep(question_id, escalated).told.row.owner == "nils"
    taken = Asked(State.WITH_EXPERT, Who.STAFF, "t", Why.TAKEN, by="anna")
    assert forum.keep(question_id, taken).told.row.owner == "anna"
    assert not forum.keep(question_id, taken).fresh


def test_a_complaint_alerts_its_owner_at_once_and_each_later_one(forum: Forum) -> None:
    own(forum)
    told = forum.post(labels=labelled("complaint"))
    forum.post(labels=labelled("how_to"))
    urgent = forum.post(labels=labelled("problem", severity=3), customer_severity=1)
    wants = Asked(State.ESCALATED, Who.STAFF, "e", Why.OTHER, by="tora", owner="nils")
    forum.keep(told.row.question_id, wants, MONDAY + HOUR)
    with forum.database.read() as c:
        alerts = store.list_alerts(c, forum.id)
    assert {(one.question_id, one.owner, one.why) for one in alerts} == {
        (told.row.question_id, "tora", "complaint"),
        (told.row.question_id, "nils", "complaint"),
        (urgent.row.question_id, "tora", "urgent"),
    }


def test_what_had_to_be_asked_back_is_counted(forum: Forum) -> None:
    told = forum.post()
    assert "version" in told.row.lacks
    question_id = told.row.question_id
    asked = Asked(State.WAITING_FOR_CUSTOMER, Who.STAFF, "w", by="x", asked=("ask_version",))
    forum.keep(question_id, asked)
    back = Asked(State.WITH_COMMUNITY, Who.CUSTOMER, "b", Why.REPLIED)
    forum.keep(question_id, back)
    after = forum.keep(question_id, Asked(State.ESCALATED, Who.STAFF, "e", Why.OTHER, by="x")).told
    assert (after.row.asked, after.row.moved) == (("ask_version",), True)
    with forum.database.read() as c:
        (row,) = store.question_lacks(c, forum.id)
    assert row.asked == ("ask_version",)


def test_whoever_asked_is_told_of_an_answer_and_of_what_is_asked_back(forum: Forum) -> None:
    question_id = forum.post(person="maja", lang="sv").row.question_id
    asks_back = Asked(State.WAITING_FOR_CUSTOMER, Who.STAFF, "w", by="x", asked=("ask_version",))
    for _ in range(2):
        forum.keep(question_id, asks_back)
    forum.keep(question_id, Asked(State.WITH_COMMUNITY, Who.CUSTOMER, "b", Why.REPLIED))
    forum.keep(question_id, answer("a"), MONDAY + HOUR)
    forum.keep(question_id, answer("a", by="nils"), MONDAY + HOUR)
    forum.keep(question_id, Asked(State.REOPENED, Who.CUSTOMER, "r"), MONDAY + 2 * HOUR)
    forum.keep(question_id, answer("a2", answer_id="a2"), MONDAY + 3 * HOUR)
    with forum.database.read() as c:
        told = store.notices_of(c, forum.id, "maja")
    assert [(one.kind, one.subject, one.detail, one.lang) for one in told] == [
        ("answered", question_id, "a2", "sv"),
        ("answered", question_id, "a1", "sv"),
        ("asked_back", question_id, "w", "sv"),
    ]


def test_nobody_is_told_of_what_they_did_themselves(forum: Forum) -> None:
    question_id = forum.post(Destination.EXPERT, person="maja").row.question_id
    forum.post()
    forum.keep(question_id, Asked(State.ESCALATED, Who.CUSTOMER, "e", Why.WANTS_PERSON))
    forum.keep(question_id, Asked(State.CONFIRMED_SOLVED, Who.CUSTOMER, "s", Why.SOLVED_ALONE))
    with forum.database.read() as c:
        assert store.notices_of(c, forum.id, "maja") == []
