"""Nothing waits for ever, and what is due is done once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import delete

from triage import store
from triage.kept import kept_question
from triage.lifecycle import State, Who, Why
from triage.questions import (
    Asked,
    Foresight,
    learn_forum_waits,
    put_rules,
    rules_from,
    rules_of,
    sweep_forum,
    told_rules,
)
from triage.records import Case, Destination
from triage.store.tables.question import question_changes

from .kept import HOUR, MONDAY, Forum, answer, decided, labelled

DAY = timedelta(days=1)


def sweep(forum: Forum, after: timedelta) -> dict[str, int]:
    done = sweep_forum(forum.database, forum.id, MONDAY + after).told()
    return {name: number for name, number in done.items() if number}


def state(forum: Forum, question_id: str) -> str:
    return forum.read(question_id).row.state


def test_a_community_question_that_nobody_answers_goes_to_staff_once(forum: Forum) -> None:
    question_id = forum.post().row.question_id
    assert sweep(forum, 47 * HOUR) == {}
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _: sweep(forum, 49 * HOUR), range(8)))
    assert sum(one.get("to_staff", 0) for one in done) == 1
    after = forum.read(question_id)
    assert after.row.state == State.ESCALATED
    assert after.changes[-1].change_id == f"sweep:{question_id}:2"


def test_a_question_whose_history_is_broken_keeps_no_other_waiting(forum: Forum) -> None:
    broken, whole = (forum.post().row.question_id for _ in range(2))
    with forum.database.write() as c:
        c.execute(delete(question_changes).where(question_changes.c.question_id == broken))
        store.due_question(c, forum.id, broken, MONDAY)
    assert sweep(forum, 49 * HOUR) == {"to_staff": 1}
    assert state(forum, whole) == State.ESCALATED


def test_a_complaint_waits_four_hours_at_most(forum: Forum) -> None:
    forum.post(labels=labelled("complaint"))
    assert sweep(forum, 3 * HOUR) == {}
    assert sweep(forum, 5 * HOUR) == {"to_staff": 1}


def test_an_owner_is_reminded_again_and_again(forum: Forum) -> None:
    question_id = forum.post(Destination.EXPERT).row.question_id
    assert sweep(forum, 1.1 * DAY) == {"to_staff": 1}
    assert sweep(forum, 1.5 * DAY) == {}
    assert sweep(forum, 2.2 * DAY) == {"reminded": 1}
    assert sweep(forum, 2.3 * DAY) == {}
    assert sweep(forum, 3.3 * DAY) == {"reminded": 1}
    with forum.database.read() as c:
        assert len(store.list_alerts(c, forum.id, unseen=True)) == 2
    assert state(forum, question_id) == State.ESCALATED


def test_what_nobody_confirms_ends_without_being_a_success(forum: Forum) -> None:
    question_id = forum.post().row.question_id
    forum.keep(question_id, answer())
    assert sweep(forum, 13 * DAY) == {}
    assert sweep(forum, 15 * DAY) == {"closed": 1}
    after = forum.read(question_id)
    assert (after.row.state, after.row.due_at) == (State.CLOSED, None)
    assert after.changes[-1].why == Why.NOT_CONFIRMED


def test_a_dry_run_counts_and_does_nothing(forum: Forum) -> None:
    question_id = forum.post().row.question_id
    done = sweep_forum(forum.database, forum.id, MONDAY + 3 * DAY, dry_run=True)
    assert done.to_staff == 1
    assert state(forum, question_id) == State.WITH_COMMUNITY


def test_a_time_that_is_set_holds_for_what_waits_already(forum: Forum) -> None:
    question_id = forum.post().row.question_id
    with forum.database.write() as c:
        rules = rules_from({"forum": "frida"}, {"community": 24.0, "by_topic": {"api": 3}})
        put_rules(c, forum.id, rules, MONDAY + HOUR)
    assert sweep(forum, 2 * HOUR) == {}
    assert sweep(forum, 4 * HOUR) == {"to_staff": 1}
    assert forum.read(question_id).row.owner == "frida"


def test_what_is_learnt_of_a_topic_is_how_long_it_may_wait(forum: Forum) -> None:
    for place in range(40):
        question_id = forum.post().row.question_id
        forum.keep(question_id, answer(f"a{place}"), MONDAY + (place + 1) * HOUR / 2)
    forum.post(at=MONDAY + 30 * HOUR)
    assert sweep(forum, 47 * HOUR) == {}
    # Due again where it was due before it was known how long such questions wait.
    with forum.database.write() as c:
        # One of the 41 still waits, so that nine in ten take a little longer.
        assert rules_of(c, forum.id).limits.by_topic["api"] == 18.5 * HOUR
        store.look_again(c, forum.id, MONDAY)
    assert sweep(forum, 49 * HOUR) == {"to_staff": 1}


def test_rules_are_told_as_they_were_given(forum: Forum) -> None:
    owners = {
        "forum": "frida",
        "accounts": {"a": "nils"},
        "teams": {},
        "topics": {},
        "away": ["x"],
    }
    with forum.database.write() as c:
        rules = rules_from(owners, {"pressing": 2.0, "by_topic": {"api": 5.0}})
        put_rules(c, forum.id, rules, MONDAY)
        told = told_rules(rules_of(c, forum.id))
    assert told["owners"] == owners
    assert told["limits"]["pressing"] == 2.0
    assert told["limits"]["by_topic"] == {"api": 5.0}
    assert told["limits"]["community"] == 48.0


def test_the_expected_time_comes_of_questions_and_of_the_cases_before_them(forum: Forum) -> None:
    cases = [
        Case(
            f"c{n}",
            "t",
            "b",
            created=MONDAY - 30 * DAY,
            first_response=MONDAY - 30 * DAY + (n + 1) * HOUR,
            destination="expert",
            topic="api",
        )
        for n in range(20)
    ]
    with forum.database.write() as c:
        store.put_cases(c, forum.id, [(case, case.id) for case in cases])
        waits = learn_forum_waits(c, forum.id, MONDAY)
    expected = waits.expect(Destination.EXPERT, "api")
    assert (expected.half, expected.cases) == (10 * HOUR, 20)
    told = forum.post(Destination.EXPERT)
    foresight = Foresight(forum.database, forum.id)
    known = foresight.expect(told.question, "api", MONDAY + 10 * HOUR)
    assert known.half is not None
    assert known.half > 10 * HOUR


def test_what_to_ask_for_follows_what_staff_asked_for(forum: Forum) -> None:
    question = {"title": "It stops", "body": "It stops."}
    for place in range(30):
        told = forum.post(**question)
        asked = Asked(
            State.WAITING_FOR_CUSTOMER,
            Who.STAFF,
            f"w{place}",
            by="nils",
            asked=("ask_steps",),
        )
        forum.keep(told.row.question_id, asked)
    foresight = Foresight(forum.database, forum.id)
    seen = kept_question(forum.post(**question).row)
    _, missing = foresight.of(seen, labelled(), decided())
    assert missing[0].code == "ask_steps"


def test_questions_wait_for_experts_as_long_as_it_is_their_turn(forum: Forum) -> None:
    first = forum.post(Destination.EXPERT).row.question_id
    forum.post(Destination.EXPERT)
    forum.post()
    with forum.database.read() as c:
        assert store.expert_queue(c, forum.id) == 2
    forum.keep(first, answer())
    with forum.database.read() as c:
        assert store.expert_queue(c, forum.id) == 1
        waits = sorted(store.question_waits(c, forum.id, now=MONDAY + HOUR))
    assert waits == [
        ("community", "api", 3600.0, False),
        ("expert", "api", 0.0, True),
        ("expert", "api", 3600.0, False),
    ]
