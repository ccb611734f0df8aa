"""A day is drawn once: a lot of all that was sent, and what is worth a look of the rest."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.questions.kept import Forum
from triage import store
from triage.answers.proposing import propose
from triage.embedding import embed
from triage.encode import TextRole
from triage.lifecycle import State, Who, Why
from triage.questions import Asked, keep
from triage.questions.settled import keep_correction
from triage.records import Case, Destination, Label, Target
from triage.store import BurstState, ReviewReason, ReviewState, ReviewSubject
from triage.store.tables.ask import event_bursts
from triage.store.tables.question import questions

from .test_queue import _drawn_as_unlabelled
from .world import DAY, ENCODER, NOON, VERSION, World, said

_UNSURE = said(0.51)


def drawn_asks(world: World, reason: ReviewReason) -> set[str]:
    return {row.subject_id for row in world.rows(reason)}


def test_a_day_is_drawn_once(world: World) -> None:
    world.asks(40)
    first = world.draw()
    assert (first.new, first.again) == (25, False)
    again = world.draw(NOON + timedelta(hours=5))
    assert (again.new, again.again) == (0, True)
    assert len(world.rows()) == 25


def test_of_two_servers_that_draw_at_once_one_does(world: World) -> None:
    world.asks(10)
    world.draw()
    with world.database.read() as c:
        last = store.last_review_draw(c, world.id)
    assert last is not None
    with world.database.write() as c:
        assert not store.add_review_draw(c, world.id, last, world.rows())
    assert len(world.rows()) == 10


def test_each_of_what_was_sent_has_the_same_known_chance_to_be_drawn_by_lot(world: World) -> None:
    ids = set(world.asks(39)) | {world.ask(labels=_UNSURE)}
    world.draw(most=10, by_lot=10)
    lot = world.rows(ReviewReason.RANDOM)
    assert len(lot) == 10
    assert {row.propensity for row in lot} == {10 / 40}
    assert {row.subject_id for row in lot} < ids
    with world.database.read() as c:
        kept = store.last_review_draw(c, world.id)
    assert kept is not None
    assert (kept.asks, kept.by_lot, kept.items) == (40, 10, 10)


def test_an_uncertain_ask_is_drawn_by_lot_as_often_as_any_other(world: World) -> None:
    unsure = {world.ask(labels=_UNSURE) for _ in range(20)}
    world.asks(20)
    found = Counter[bool]()
    for n in range(12):
        world.draw(NOON + n * DAY, most=10, by_lot=10)
        found.update(row.subject_id in unsure for row in world.rows(ReviewReason.RANDOM))
        with world.database.write() as c:
            for table in ("review_items", "review_draws"):
                c.exec_driver_sql(f"delete from {table}")
        with world.database.write() as c:
            c.exec_driver_sql("update asks set submitted_at = datetime(submitted_at, '+1 day')")
    # 120 drawn, half of them expected: outside of this once in ten thousand.
    assert 40 <= found[True] <= 80


def test_the_next_lot_begins_where_the_last_one_ended(world: World) -> None:
    world.asks(10, at=NOON - DAY)
    today = set(world.asks(10, at=NOON))
    world.draw(by_lot=8)
    assert not drawn_asks(world, ReviewReason.RANDOM) & today
    world.draw(NOON + 3 * DAY, by_lot=8)
    fresh = [row for row in world.rows(ReviewReason.RANDOM) if row.drawn_at > NOON]
    assert {row.subject_id for row in fresh} < today
    assert {row.propensity for row in fresh} == {0.8}


def test_nothing_is_chosen_before_the_lot_could_have_drawn_it(world: World) -> None:
    today = world.ask(labels=_UNSURE, at=NOON - timedelta(hours=1))
    before = world.ask(labels=_UNSURE, at=NOON - DAY)
    world.draw(by_lot=0)
    assert drawn_asks(world, ReviewReason.UNCERTAIN) == {before}
    world.draw(NOON + DAY, by_lot=0)
    assert drawn_asks(world, ReviewReason.UNCERTAIN) == {before, today}


def test_the_least_certain_are_chosen_with_what_the_machine_said_of_them(world: World) -> None:
    world.asks(30)
    unsure = world.ask("My dynamo hums in a strange way", _UNSURE)
    world.draw(most=5, by_lot=0)
    first = next(row for row in world.rows(ReviewReason.UNCERTAIN) if row.subject_id == unsure)
    assert first.model_version == VERSION
    assert first.said["kind"]["probability"] == 0.51
    assert first.said["decision"]["destination"] == "community"
    assert first.evidence["kind"] == pytest.approx(0.98)
    assert not first.blind


def test_of_many_alike_one_is_chosen(world: World) -> None:
    for _ in range(5):
        world.ask("My dynamo hums in a strange way when it rains", _UNSURE)
    world.asks(3)
    world.draw(most=6, by_lot=0)
    rows = world.rows()
    titles = Counter(world.queue.titles(rows).values())
    assert titles["My dynamo hums in a strange way when it rains"] == 1
    world.draw(NOON + DAY, most=6, by_lot=0)
    assert len(world.rows()) == len(rows)


def test_what_nobody_asked_is_drawn_where_it_is_wished_alone(world: World) -> None:
    world.asks(3, simulated=True)
    world.asks(2, test=True)
    world.asks(2, barred="bot")
    assert world.draw().new == 0
    assert world.draw(NOON + DAY, include_simulated=True).new == 3
    assert all(row.simulated for row in world.rows())


def test_a_label_that_training_doubts_is_asked_about_alone(world: World) -> None:
    cases = [Case(f"c{n}", f"Bell {n} rings", "", kind="bug", topic="bells") for n in range(3)]
    world.small.put_cases(cases)
    doubts = [
        store.DoubtRow(f"c{n}", "kind", "bug", "request", 0.9, "unlikely", NOON, "open", n / 100)
        for n in range(3)
    ]
    with world.database.write() as c:
        store.replace_open_doubts(c, world.id, doubts)
    world.draw(most=2)
    rows = world.rows(ReviewReason.LABEL_ERROR)
    # The surest doubt first.
    assert [row.subject_id for row in rows] == ["c0", "c1"]
    assert rows[0].targets == ("kind",)
    assert rows[0].evidence["label"] == "bug"
    assert rows[0].said["kind"]["value"] == "request"


def test_cases_whose_labels_are_near_by_speak_against_the_machine(world: World) -> None:
    told = "The brake of my cargo bike squeals when it rains"
    near = [Case(f"c{n}", told, f"It is number {n}.", kind="request") for n in range(6)]
    world.small.put_cases(near)
    _embed(world, near)
    world.ask(told)
    world.asks(10)
    world.draw(most=15, by_lot=0)
    row = next(r for r in world.rows() if r.reason is ReviewReason.DISAGREEING)
    assert row.evidence["kind"][:2] == ["bug", "request"]
    assert row.evidence["kind"][2] > 0.9
    assert row.targets[0] == "kind"


def test_what_is_new_to_the_model_is_chosen(world: World) -> None:
    new = world.ask(labels={**said(), Target.SCOPE: Label("novel", 0.9, (), False)})
    for _ in range(5):
        world.ask(labels={**said(), Target.SCOPE: Label("known", 0.9, (), False)})
    world.draw(most=15, by_lot=0)
    assert drawn_asks(world, ReviewReason.NOVEL) == {new}


def test_what_people_sent_elsewhere_is_looked_at(world: World) -> None:
    forum = Forum(world.database, world.id)
    by_hand, by_ticket, stays = (
        forum.post(at=NOON - DAY, labels=said(), title=f"Chain {n} slips") for n in range(3)
    )
    asked = Asked(State.ESCALATED, Who.STAFF, "c1", why=Why.SENT_ON, by="nils", owner="nils")
    with world.database.write() as c:
        keep(c, world.id, by_hand.row.question_id, asked, NOON)
        store.retopic_question(c, world.id, by_ticket.row.question_id, "bells")
    world.draw(by_lot=0)
    overridden = world.one(ReviewReason.OVERRIDDEN)
    assert overridden.subject_id == by_hand.row.question_id
    assert overridden.evidence == {"destination": ["community", "expert"]}
    assert overridden.targets[0] == "destination"
    rerouted = world.one(ReviewReason.REROUTED)
    assert rerouted.subject_id == by_ticket.row.question_id
    assert rerouted.evidence == {"topic": ["gears", "bells"]}
    assert stays.row.question_id not in {
        row.subject_id for row in world.rows() if row.reason is ReviewReason.OVERRIDDEN
    }


def test_what_a_customer_calls_much_worse_is_looked_at(world: World) -> None:
    forum = Forum(world.database, world.id)
    worse = forum.post(at=NOON - DAY, labels=said(), customer_severity=1, title="It burns")
    forum.post(at=NOON - DAY, labels=said(), customer_severity=2, title="It smells")
    world.draw(by_lot=0)
    row = world.one(ReviewReason.OVERRIDDEN)
    assert row.subject_id == worse.row.question_id
    assert row.evidence == {"severity": ["3", "1"]}


def test_bursts_and_proposals_wait_beside_the_rest(world: World) -> None:
    case = Case("c1", "Bell", "Silent.", answer="Turn it.", destination="expert", closed=NOON)
    world.small.put_cases([case])
    burst = {"id": "b1", "session": "s", "first_at": NOON, "last_at": NOON, "events": 51}
    with world.database.write() as c:
        propose(c, world.id, [case], NOON)
        row = {"forum_id": world.id, **burst, "state": BurstState.OPEN.value}
        c.execute(event_bursts.insert(), [row])
    world.draw()
    assert world.one(ReviewReason.BURST).subject is ReviewSubject.BURST
    assert world.one(ReviewReason.PROPOSAL).subject is ReviewSubject.PROPOSAL


def test_a_case_without_a_label_is_looked_at_once_a_model_can_say_something(world: World) -> None:
    made = [Case(f"c{n}", f"Bell {n}", "", created=NOON - DAY) for n in range(4)]
    world.small.put_cases(made)
    world.draw(by_lot=0)
    assert world.rows() == []


def test_what_nobody_looked_at_expires_and_no_doubt_does(world: World) -> None:
    world.asks(4)
    world.small.put_cases([Case("c1", "Bell", "", kind="bug")])
    with world.database.write() as c:
        doubt = store.DoubtRow("c1", "kind", "bug", "request", 0.9, "unlikely", NOON)
        store.replace_open_doubts(c, world.id, [doubt])
    world.draw()
    world.draw(NOON + 15 * DAY)
    assert {row.reason for row in world.rows()} == {ReviewReason.LABEL_ERROR}
    assert len(world.rows(state=ReviewState.EXPIRED)) == 4


def test_a_case_that_nobody_looked_at_expires_too(world: World) -> None:
    world.small.put_cases([Case("c1", "Bell", "", created=NOON)])
    row = _drawn_as_unlabelled(world, "c1")
    world.draw(NOON + 13 * DAY)
    assert world.queue.item(row.id).state is ReviewState.OPEN
    world.draw(NOON + 15 * DAY)
    assert world.queue.item(row.id).state is ReviewState.EXPIRED


@pytest.mark.parametrize("days", [1, 20])
def test_of_doubted_cases_that_say_nearly_the_same_one_is_asked_about(
    world: World, days: int
) -> None:
    alike = [Case(f"c{n}", "Bell rings", "all day", kind="bug") for n in range(6)]
    other = Case("c9", "The saddle is too high for me", "", kind="bug")
    cases = [*alike, other]
    world.small.put_cases(cases)
    _embed(world, cases)
    doubts = [store.DoubtRow(c.id, "kind", "bug", "request", 0.9, "unlikely", NOON) for c in cases]
    with world.database.write() as c:
        store.replace_open_doubts(c, world.id, doubts)
    assert world.draw(by_lot=0).new == 2
    assert {row.subject_id for row in world.rows()} == {"c0", "c9"}
    # Nor on another day, as long as that one waits.
    assert world.draw(NOON + days * DAY, by_lot=0).new == 0


def test_a_proposal_of_a_case_that_says_something_else_now_is_let_go(world: World) -> None:
    case = Case("c1", "Bell", "Silent.", answer="Turn it.", destination="expert", closed=NOON)
    world.small.put_cases([case])
    with world.database.write() as c:
        propose(c, world.id, [case], NOON)
    world.draw()
    former = world.one(ReviewReason.PROPOSAL)
    with world.database.write() as c:
        propose(c, world.id, [replace(case, answer="Oil it.")], NOON)
    world.draw(NOON + DAY)
    assert world.queue.item(former.id).state is ReviewState.EXPIRED
    assert world.one(ReviewReason.PROPOSAL).subject_id != former.subject_id


def test_the_lot_is_spread_among_the_rest(world: World) -> None:
    world.asks(60)
    world.draw(most=20, by_lot=10)
    places = [row.place for row in world.rows(ReviewReason.RANDOM)]
    assert [row.place for row in world.rows()] == list(range(20))
    assert sum(place < 10 for place in places) == 5


@pytest.mark.parametrize("most", [1, 2, 7, 15])
def test_no_more_are_drawn_than_wished_whatever_there_is(world: World, most: int) -> None:
    world.asks(20, labels=_UNSURE)
    cases = [Case(f"c{n}", f"Bell {n} rings", "", kind="bug") for n in range(20)]
    world.small.put_cases(cases)
    doubts = [store.DoubtRow(c.id, "kind", "bug", "request", 0.9, "unlikely", NOON) for c in cases]
    with world.database.write() as c:
        store.replace_open_doubts(c, world.id, doubts)
    assert world.draw(most=most, by_lot=0).new == most
    assert len({row.subject_id for row in world.rows()}) == most


def test_what_the_model_leaves_room_for_goes_to_doubted_labels(world: World) -> None:
    world.ask(labels=_UNSURE)
    cases = [Case(f"c{n}", f"Bell {n} rings", "", kind="bug") for n in range(20)]
    world.small.put_cases(cases)
    doubts = [store.DoubtRow(c.id, "kind", "bug", "request", 0.9, "unlikely", NOON) for c in cases]
    with world.database.write() as c:
        store.replace_open_doubts(c, world.id, doubts)
    world.draw(most=10, by_lot=0)
    assert len(world.rows(ReviewReason.LABEL_ERROR)) == 9


def test_the_word_of_staff_who_sent_it_on_is_kept_beside(world: World) -> None:
    forum = Forum(world.database, world.id)
    told = forum.post(at=NOON - DAY, labels=said())
    with world.database.write() as c:
        keep_correction(c, world.id, told, destination=Destination.EXPERT)
        c.execute(update(questions).values(topic=None))
    world.draw(by_lot=0)
    (row,) = world.rows()
    assert row.subject is ReviewSubject.QUESTION
    kept = world.case(f"question:{told.row.question_id}")
    assert kept is not None
    assert kept.destination == "expert"


def _embed(world: World, cases: list[Case]) -> None:
    embed(world.database, world.id, ENCODER, [case.text for case in cases], TextRole.QUERY)
