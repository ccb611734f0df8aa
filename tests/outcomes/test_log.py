from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.outcomes.told import Row, asked, asks_from, event, gathered, outcomes, report
from triage.errors import BadField
from triage.outcomes import Gathering, asks_of
from triage.outcomes.told import HOLDOUT

KINDS = (
    "shown",
    "opened",
    "solved",
    "not_solved",
    "still_need_help",
    "posted",
    "escalated",
    "reopened",
    "survey_reply",
)


@st.composite
def months(draw: st.DrawFn) -> list[Row]:
    rows: list[Row] = []
    for ask in range(draw(st.integers(2, 8))):
        day = draw(st.integers(0, 20))
        person = draw(st.sampled_from(["p", "q", "r", None]))
        arm = draw(st.sampled_from(["treatment", "holdout"]))
        back = draw(st.sampled_from([None, "a0", "a1"]))
        rows.append(asked(day, f"a{ask}", person, arm=arm, return_of=back, session=f"s{ask}"))
        for number, kind in enumerate(draw(st.lists(st.sampled_from(KINDS), max_size=4))):
            later = day + draw(st.sampled_from([-0.01, 0.0, 0.5, 3.0, 40.0]))
            rows.append(event(kind, later, f"a{ask}", event_id=f"a{ask}-{number}", value="yes"))
    return rows


@settings(max_examples=60, deadline=None)
@given(rows=months(), data=st.data())
def test_replayed_and_shuffled_events_make_the_same_report(
    rows: list[Row], data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(rows), max_size=10))
    # A sender that tries again may stamp the event anew: it is still the event of that id.
    restamped = [{**row, "occurred_at": "2026-04-30T00:00:00Z"} for row in again]
    delivered = data.draw(st.permutations([*rows, *again, *restamped]))
    assert report(delivered) == report(rows)
    assert outcomes(delivered) == outcomes(rows)


@settings(max_examples=40, deadline=None)
@given(rows=months(), data=st.data())
def test_the_end_of_the_log_does_not_hang_on_its_order(
    rows: list[Row], data: st.DataObject
) -> None:
    delivered = data.draw(st.permutations(rows))
    assert report(delivered, as_of=None) == report(rows, as_of=None)


def test_an_event_without_an_id_counts_once_too() -> None:
    rows = [asked(), {**event("posted", 1), "event_id": None}]
    gathering = gathered([*rows, rows[1]])
    assert (gathering.events, gathering.duplicates) == (3, 1)


def test_repeated_ids_that_differ_are_counted_and_the_earlier_counts() -> None:
    rows = [asked(), event("solved", 3, event_id="e"), event("solved", 2, event_id="e")]
    gathering = gathered(rows)
    assert (gathering.duplicates, gathering.conflicts) == (1, 1)
    assert asks_from(rows).followings.at.tolist() == [2.0]


@pytest.mark.parametrize("name", ["user", "person", "user_id", "person_hash"])
def test_a_person_is_known_by_several_names(name: str) -> None:
    row = asked(person=None) | {name: "someone"}
    assert asks_from([row]).person.tolist() == [0]


@pytest.mark.parametrize("nobody", [None, "", "anonymous", "Guest", " "])
def test_nobody_is_no_person(nobody: str | None) -> None:
    assert asks_from([asked(person=nobody)]).person.tolist() == [-1]


def test_who_logs_in_later_was_not_known_when_assigned() -> None:
    rows = [asked(0, person=None), event("asked", 0.1, user="p", arm="holdout"), event("posted", 1)]
    found = asks_from(rows)
    assert found.person.tolist() == [-1]
    assert found.arm.tolist() != [HOLDOUT]


def test_events_of_a_triage_without_an_ask_id_join_its_ask() -> None:
    rows = [asked(), {**event("posted", 1), "ask_id": None}]
    assert outcomes(rows) == {"a": "posted"}


def test_an_ask_may_go_by_its_triage_alone() -> None:
    rows = [{**asked(), "ask_id": None}, {**event("posted", 1), "ask_id": None}]
    assert list(outcomes(rows).values()) == ["posted"]


def test_events_of_no_ask_are_counted_apart() -> None:
    found = report([asked(), event("posted", 1, "elsewhere")])
    assert (found["asks"], found["posted"], found["events_without_ask"]) == (1, 0, 1)


def test_unknown_types_and_fields_are_left_alone() -> None:
    gathering = gathered([asked(mood="fine"), event("sneezed", 1)])
    assert gathering.events == 1
    assert gathering.unknown_types == {"sneezed": 1}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"type": None}, "type"),
        ({"type": ["asked"]}, "type"),
        ({"occurred_at": None}, "occurred_at"),
        ({"occurred_at": "yesterday"}, "occurred_at"),
        ({"occurred_at": 1767225600}, "occurred_at"),
        ({"occurred_at": "1066-10-14T00:00:00Z"}, "occurred_at"),
        ({"ask_id": None, "triage_id": ""}, "ask_id"),
        ({"arm": "both"}, "arm"),
        ({"arm": 1}, "arm"),
        ({"received_at": "soon"}, "received_at"),
    ],
)
def test_an_event_that_cannot_be_read_says_which_field_and_changes_nothing(
    change: Row, field: str
) -> None:
    gathering = Gathering()
    with pytest.raises(BadField) as caught:
        gathering.take(asked() | change)
    assert caught.value.field == field
    assert (gathering.events, len(gathering.log().at)) == (0, 0)


def test_moments_of_other_zones_are_the_same_moments() -> None:
    rows = [
        asked(occurred_at="2026-03-01T01:00:00+01:00"),
        asked(0, "b", occurred_at="2026-03-01T00:00:00"),
    ]
    start = asks_from(rows).start
    assert start[0] == start[1]


def test_what_arrived_after_the_as_of_moment_was_not_known_then() -> None:
    late = event("posted", 1, received_at="2026-03-20T00:00:00Z")
    assert report([asked(), late], as_of=5)["posted"] == 0
    assert report([asked(), late], as_of=25)["posted"] == 1
    assert report([asked(), late], as_of=25)["lateness"]["over_a_day"] == 1


def test_a_clock_far_ahead_does_not_end_the_log() -> None:
    rows = [asked(), asked(3, "b"), event("posted", 900)]
    found: dict[str, Any] = report(rows, as_of=None)
    assert found["as_of"] == "2026-03-04T00:00:00Z"


def test_a_clock_that_runs_ahead_is_held_back_by_the_arrival() -> None:
    ahead = event("posted", 400, received_at="2026-03-02T00:00:00Z")
    assert outcomes([asked(), ahead]) == {"a": "posted"}


def test_an_asked_row_without_an_arm_assigns_nothing() -> None:
    rows = [event("asked", -0.001), asked(0, arm="holdout")]
    found = asks_from(rows)
    assert (found.arm.tolist(), found.person.tolist()) == ([HOLDOUT], [0])


def test_what_nobody_could_see_was_not_seen() -> None:
    rows = [
        asked(),
        event("shown", 0, visible=False),
        asked(0, "b"),
        event("shown", 0, "b", visible=True),
    ]
    found = report(rows)
    assert (found["offered"], found["seen"], found["offered_unseen"]) == (2, 1, 1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=3,
)
FIELDS = (
    "arm",
    "ask_id",
    "bot",
    "event_id",
    "lang",
    "newcomer",
    "occurred_at",
    "offered",
    "received_at",
    "return_of",
    "role",
    "sensitive",
    "session",
    "severity",
    "topic",
    "triage_id",
    "user",
    "value",
    "visible",
)


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(["asked", "shown", "survey_reply", "posted"]),
    odd=st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=4),
)
def test_whatever_a_field_holds_is_read_or_refused(kind: str, odd: Row) -> None:
    gathering = gathered([asked()])
    try:
        gathering.take(asked(0, "b") | {"type": kind} | odd)
    except BadField:
        assert gathering.events == 1
    assert len(asks_of(gathering.log())) >= 1
