"""The queue of a forum: the latest first, and what each owner has of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from triage import store
from triage.audit.acting import Acting
from triage.errors import NoAlert
from triage.lifecycle import State, Waits, Who, Why
from triage.questions import (
    AGES,
    Asked,
    Queued,
    count_late,
    load_of,
    loads_of,
    put_rules,
    queue_of,
    rules_from,
    see_alert,
)
from triage.records import Actor, ActorKind, Destination

from .kept import HOUR, MONDAY, Forum, answer, labelled

DAY = timedelta(days=1)
NOTHING = Waits({})
NOW = MONDAY + 8 * DAY


def queue(forum: Forum) -> list[Queued]:
    with forum.database.read() as c:
        return queue_of(c, forum.id, NOTHING, NOW)


def test_the_latest_is_first_and_what_is_not_ours_last(forum: Forum) -> None:
    asked = forum.post(at=MONDAY).row.question_id
    forum.keep(asked, Asked(State.WAITING_FOR_CUSTOMER, Who.STAFF, "w", asked=("ask_version",)))
    left = forum.post(at=NOW - DAY).row.question_id
    late = forum.post(at=NOW - 5 * DAY).row.question_id
    latest = forum.post(Destination.EXPERT, at=NOW - 6 * DAY).row.question_id
    ended = forum.post(at=MONDAY).row.question_id
    forum.keep(ended, answer())
    found = queue(forum)
    assert [one.row.question_id for one in found] == [latest, late, left, asked]
    assert [one.late for one in found] == [True, True, False, False]
    assert [one.ours for one in found] == [True, True, True, False]
    assert [one.age_class for one in found] == [2, 2, 1, 3]
    with forum.database.read() as c:
        assert count_late(c, forum.id, NOTHING, NOW) == 2


def test_what_presses_is_late_before_what_came_sooner(forum: Forum) -> None:
    old = forum.post(at=NOW - 30 * HOUR).row.question_id
    severe = forum.post(at=NOW - 6 * HOUR, labels=labelled(severity=1)).row.question_id
    assert [one.row.question_id for one in queue(forum)] == [severe, old]


def test_made_up_questions_and_those_of_test_keys_are_in_nobodys_queue(forum: Forum) -> None:
    real = forum.post(at=MONDAY).row
    with forum.database.write() as c:
        for question_id, test in (("simulated-1", False), ("t1", True)):
            row = replace(real, question_id=question_id, test=test)
            store.put_question(c, forum.id, row)
    assert [one.row.question_id for one in queue(forum)] == [real.question_id]


def test_every_question_is_counted_with_its_owner_and_in_one_age(forum: Forum) -> None:
    with forum.database.write() as c:
        put_rules(c, forum.id, rules_from({"forum": "frida", "topics": {"api": "tora"}}, {}), NOW)
    for days in (0, 2, 4, 9, 10):
        forum.post(at=NOW - days * DAY)
    forum.post(at=NOW - DAY, labels=labelled(topic="bank"))
    found = queue(forum)
    loads = loads_of(found)
    assert [(load.owner, load.open, load.ages) for load in loads] == [
        ("tora", 5, (1, 1, 1, 2)),
        ("frida", 1, (0, 1, 0, 0)),
    ]
    everything = load_of(found)
    assert everything.open == sum(load.open for load in loads) == sum(everything.ages)
    assert everything.late == sum(load.late for load in loads)
    assert everything.oldest == 10 * DAY
    assert len(everything.ages) == len(AGES) + 1
    assert load_of([]).oldest is None


def test_an_alert_is_seen_once_and_the_first_stays(forum: Forum) -> None:
    question_id = forum.post(labels=labelled(severity=1)).row.question_id
    acting = Acting(forum.id, Actor(ActorKind.USER, "eva@example.com"))
    with forum.database.write() as c:
        (alert,) = store.list_alerts(c, forum.id)
        assert see_alert(c, acting, alert.alert_id, "eva", NOW).seen_by == "eva"
        assert see_alert(c, acting, alert.alert_id, "kim", NOW + HOUR).seen_by == "eva"
        with pytest.raises(NoAlert):
            see_alert(c, acting, "nothing", "eva", NOW)
        noted = [row.act.act for row in store.iter_acts(c, forum.id)]
    assert (alert.question_id, alert.why) == (question_id, Why.URGENT)
    assert noted == ["alert.seen"]
