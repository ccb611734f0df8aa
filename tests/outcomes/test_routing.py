"""Precision, coverage, sending on and waits, from questions whose whole story is known."""

from dataclasses import replace

import pytest

from triage.outcomes import Handled, Routed, routing_told
from triage.records import Destination

COMMUNITY, EXPERT = Destination.COMMUNITY, Destination.EXPERT
HOUR, DAY = 3600.0, 86_400.0
LATE = 60 * DAY
PLAIN = Routed("q", None, 0.0, COMMUNITY, "costs", None, False, None, None)


def settled(n: int, sent: Destination, by: Destination, **more: object) -> Routed:
    fields = {"sent": sent, "settled_by": by, "closed": True, "first_answer": HOUR, **more}
    return replace(PLAIN, question_id=f"{sent}{by}{n}", person=f"p{n}", **fields)


def test_precision_is_of_what_was_sent_and_coverage_of_what_was_settled() -> None:
    rows = [settled(n, COMMUNITY, COMMUNITY) for n in range(60)]
    rows += [settled(n, COMMUNITY, EXPERT, sent_on=(2 * DAY,)) for n in range(60, 80)]
    rows += [settled(n, EXPERT, EXPERT) for n in range(80, 110)]
    found = routing_told(rows, [], LATE)
    community, expert = (found["destinations"][one.value] for one in Destination)
    assert (community["sent"], community["settled_here"]) == (80, 60)
    assert community["precision"]["share"] == pytest.approx(0.75)
    assert community["precision"]["low"] < 0.75 < community["precision"]["high"]
    assert community["coverage"]["share"] == 1.0
    assert expert["coverage"]["share"] == pytest.approx(0.6)
    assert (expert["precision"]["share"], expert["sent"]) == (1.0, 30)
    assert community["rerouted"]["share"] == pytest.approx(0.25)
    assert (found["reroutes"], found["right"]["share"]) == (20, pytest.approx(90 / 110))


def test_what_nobody_settled_yet_speaks_for_nothing() -> None:
    rows = [settled(0, COMMUNITY, COMMUNITY), replace(PLAIN, question_id="open")]
    rows += [replace(PLAIN, question_id="sent on", sent_on=(DAY,))]
    rows += [replace(PLAIN, question_id="closed", closed=True)]
    found = routing_told(rows, [], LATE)
    assert (found["settled"], found["open"], found["closed_unsettled"]) == (1, 2, 1)
    assert found["destinations"]["community"]["precision"]["asks"] == 1


def test_a_forum_without_a_model_has_decided_nothing() -> None:
    rows = [replace(PLAIN, decided_by="unrouted"), replace(PLAIN, decided_by="costs")]
    found = routing_told(rows, [], LATE)
    assert found["decided"]["share"] == 0.5
    assert {row["rule"]: row["questions"] for row in found["decided_by"]} == {
        "costs": 1,
        "unrouted": 1,
    }


def test_waits_count_those_who_still_wait() -> None:
    rows = [
        settled(n, EXPERT, EXPERT, first_answer=n * HOUR, accepted=n * DAY) for n in range(1, 4)
    ]
    rows += [replace(PLAIN, question_id=f"w{n}", sent=EXPERT) for n in range(2)]
    expert = routing_told(rows, [], LATE)["destinations"]["expert"]
    assert (expert["first_answer"]["asks"], expert["first_answer"]["came"]) == (5, 3)
    assert expert["first_answer"]["median_seconds"] == pytest.approx(3 * HOUR)
    assert expert["accepted_answer"]["median_seconds"] == pytest.approx(3 * DAY)


def test_a_young_question_is_not_one_that_was_never_sent_on() -> None:
    old = [settled(n, COMMUNITY, EXPERT, sent_on=(20 * DAY,)) for n in range(20)]
    young = [replace(PLAIN, question_id=f"y{n}", received=LATE - DAY) for n in range(20)]
    found = routing_told([*old, *young], [], LATE)["rerouted"]
    assert (found["share"], found["days"]) == (pytest.approx(1.0), 28.0)


def test_cases_have_their_waits_and_how_many_were_escalated() -> None:
    cases = [
        Handled("1", "p", 0.0, EXPERT, 2 * HOUR, 5 * DAY, True),
        Handled("2", "q", 0.0, EXPERT, 4 * HOUR, None, False),
        Handled("3", None, 0.0, None, None, None, None),
    ]
    found = routing_told([], cases, LATE)["cases"]
    assert found["all"]["cases"] == 3
    assert found["expert"]["escalated"]["share"] == 0.5
    assert found["expert"]["first_answer"]["came"] == 2
    assert found["community"] == {**found["community"], "cases": 0, "escalated": None}


def test_nothing_at_all_is_told_without_trouble() -> None:
    found = routing_told([], [], LATE)
    assert (found["questions"], found["right"], found["rerouted"]) == (0, None, None)
