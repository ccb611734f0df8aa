"""How often the machine is right is told by the lot alone, with its chance and its doubt."""

from datetime import timedelta
from random import Random

import pytest

from tests.questions.kept import Forum
from triage import store
from triage.records import Case, Target
from triage.reviewing import Estimate, Verdict, estimate
from triage.reviewing.estimating import _share
from triage.store import ReviewReason
from triage.watching.judging import unbent

from .test_queue import _drawn_as_unlabelled
from .world import DAY, EVA, NOON, World, said

LATER = NOON + timedelta(hours=1)
_SINCE = (NOON - 9 * DAY).date()


def told(world: World, **more: object) -> Estimate:
    with world.database.read() as c:
        return estimate(c, world.id, _SINCE, **more)  # type: ignore[arg-type]


def label(world: World, wrong: set[str], *, most: int = 500) -> None:
    """Have a lead label open items: the machine says `bug` of all, which some are not."""
    for row in world.rows()[:most]:
        kind = "request" if row.subject_id in wrong else "bug"
        world.queue.decide(row.id, Verdict({Target.KIND: kind}), world.acting(EVA), LATER)


def test_what_was_chosen_because_it_may_be_wrong_bends_nothing(world: World) -> None:
    wrong = {world.ask(labels=said(0.81)) for _ in range(10)}
    world.asks(90)
    world.draw(most=40, by_lot=30)
    chosen = world.rows(ReviewReason.UNCERTAIN)
    assert {row.subject_id for row in chosen} & wrong
    label(world, wrong)
    found = told(world)
    kind = found.heads[Target.KIND]
    lot = [row for row in world.rows(ReviewReason.RANDOM, None)]
    right = sum(row.subject_id not in wrong for row in lot)
    assert (found.drawn, found.decided, found.waiting) == (30, 30, 0)
    assert kind.precision is not None
    assert kind.precision.value == pytest.approx(right / 30)
    assert kind.precision.asks == 30
    assert kind.precision.low < 0.9 < kind.precision.high
    assert (kind.lowest, kind.highest) == pytest.approx((right / 30, right / 30))


def test_each_counts_for_as_many_as_it_was_drawn_from(world: World) -> None:
    few, many = world.asks(4), world.asks(20, at=NOON)
    world.draw(most=4, by_lot=4)
    world.draw(NOON + DAY, most=4, by_lot=4)
    label(world, set(few))
    # All four of the first day are wrong, the four of the second are right and stand for twenty.
    kind = told(world).heads[Target.KIND]
    assert len(many) == 20
    assert kind.precision is not None
    assert kind.precision.value == pytest.approx(20 / 24)


def test_what_nobody_answered_could_have_been_anything(world: World) -> None:
    world.asks(20)
    world.draw(most=10, by_lot=10)
    label(world, set(), most=6)
    for row in world.rows()[:2]:
        world.queue.skip(row.id, world.acting(EVA), LATER)
    found = told(world)
    kind, topic = found.heads[Target.KIND], found.heads[Target.TOPIC]
    assert (found.decided, found.waiting, found.unanswered) == (6, 2, 2)
    assert (kind.judged, kind.unanswered) == (6, 4)
    assert (kind.lowest, kind.highest) == pytest.approx((0.6, 1.0))
    assert topic.precision is None
    assert (topic.lowest, topic.highest) == pytest.approx((0.0, 1.0))


def test_an_answer_after_the_machines_word_was_shown_is_not_blind(world: World) -> None:
    world.asks(4)
    world.draw(most=4, by_lot=4)
    first = world.rows()[0]
    label(world, {first.subject_id})
    assert told(world).heads[Target.KIND].precision.value == pytest.approx(0.75)  # type: ignore[union-attr]
    world.queue.undo(first.id, world.acting(EVA), LATER)
    open_again = told(world)
    world.queue.decide(first.id, Verdict({Target.KIND: "bug"}), world.acting(EVA), LATER)
    found = told(world)
    for one in (open_again, found):
        assert (one.drawn, one.decided, one.waiting) == (4, 3, 0)
        assert (one.unanswered, one.seen) == (1, 1)
    kind = found.heads[Target.KIND]
    assert (kind.judged, kind.unanswered) == (3, 1)
    assert (kind.lowest, kind.highest) == pytest.approx((0.75, 1.0))
    # It teaches all the same, but does not stand for others where watching counts.
    with world.database.read() as c:
        said_of = store.reviewed_labels_of(c, world.id, [f"ask:{first.subject_id}"])
    assert [(one.label, one.by_lot) for one in said_of] == [("bug", False)]


def test_what_was_skipped_and_taken_back_is_blind_still(world: World) -> None:
    world.asks(2)
    world.draw(most=2, by_lot=2)
    row = world.rows()[0]
    world.queue.skip(row.id, world.acting(EVA), LATER)
    world.queue.undo(row.id, world.acting(EVA), LATER)
    label(world, set())
    assert (told(world).decided, told(world).seen) == (2, 0)


def test_who_posted_without_an_ask_is_one_person_however_often(world: World) -> None:
    forum = Forum(world.database, world.id)
    for n in range(3):
        forum.post(at=NOON - DAY, labels=said(), title=f"Chain {n} slips", person="p1")
    forum.post(at=NOON - DAY, labels=said(), title="The bell is silent")
    world.ask(person="p1")
    world.draw(most=5, by_lot=5)
    label(world, set())
    kind = told(world).heads[Target.KIND].precision
    assert kind is not None
    assert (kind.asks, kind.persons) == (5, 2)


def test_silence_is_no_mistake_and_covers_nothing(world: World) -> None:
    silent = {world.ask(labels=said(0.5)) for _ in range(5)}
    world.asks(5)
    world.draw(most=10, by_lot=10)
    label(world, silent)
    kind = told(world).heads[Target.KIND]
    assert kind.precision is not None
    assert kind.coverage is not None
    assert (kind.precision.value, kind.coverage.value) == (1.0, 0.5)


def test_another_version_and_made_up_asks_count_where_they_are_wished(world: World) -> None:
    world.asks(5, simulated=True)
    world.draw(include_simulated=True)
    assert told(world).drawn == 0
    assert told(world, include_simulated=True).drawn == 5
    assert told(world, include_simulated=True, model_version="another").drawn == 0


def test_the_interval_covers_the_truth_as_often_as_it_says(world: World) -> None:
    lot, covered, worlds = Random(3), 0, 400
    world.ask()
    world.draw(most=1, by_lot=1)
    (row,) = world.rows()
    for _ in range(worlds):
        # Two days of another size; 85 % of one and 70 % of the other are right.
        days = [(0.1, 40, 0.85, 400.0), (0.5, 40, 0.7, 80.0)]
        truth = sum(share * size for _, _, share, size in days) / sum(d[3] for d in days)
        drawn = [
            (store.ReviewRow(**{**_fields(row), "propensity": chance}), lot.random() < share)
            for chance, many, share, _ in days
            for _ in range(many)
        ]
        share = _share([(one, n, yes) for n, (one, yes) in enumerate(drawn)])
        assert share is not None
        covered += share.low <= truth <= share.high
    assert covered / worlds >= 0.93


def test_watching_counts_what_was_drawn_by_lot_and_leaves_out_what_was_chosen(
    world: World,
) -> None:
    ask_id = world.ask()
    chosen = world.ask("My dynamo hums", said(0.51))
    world.small.put_cases([Case("c1", "Bell", "", kind="bug", created=NOON - DAY)])
    world.draw(most=1, by_lot=1)
    world.draw(NOON + DAY, most=5, by_lot=0)
    label(world, set())
    row = _with_case(world)
    world.queue.decide(row.id, Verdict({Target.KIND: "request"}), world.acting(EVA), LATER)
    with world.database.read() as c:
        cases = [case for case, _ in store.iter_cases(c, world.id)]
        kept = {case.id: case for case in unbent(c, world.id, cases)}
    assert {f"ask:{ask_id}", f"ask:{chosen}", "c1"} == {case.id for case in cases}
    drawn = {f"ask:{r.subject_id}" for r in world.rows(ReviewReason.RANDOM, None)}
    assert len(drawn) == 1
    # What was filed is read as it was filed, though a lead has changed it since.
    assert set(kept) == drawn | {"c1"}
    assert kept["c1"].kind == "bug"
    assert {case.kind for case in cases if case.id == "c1"} == {"request"}


def _with_case(world: World) -> store.ReviewRow:
    with world.database.write() as c:
        c.exec_driver_sql("delete from review_draws")
    return _drawn_as_unlabelled(world, "c1")


def _fields(row: store.ReviewRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in row.__dataclass_fields__}
