"""What may be said of an item, by whom, and what becomes of those who come second."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from triage import store
from triage.answers.proposing import propose
from triage.answers.publishing import Wanted
from triage.errors import AlreadyDecided, BadField, NoReview, ReviewTaken
from triage.records import Case, Target
from triage.reviewing import LONGEST_NOTE, Reviewing, Verdict
from triage.store import BurstState, ReviewReason, ReviewRow, ReviewState, ReviewVerdict
from triage.store.tables.ask import event_bursts

from .test_queue import LABELS, decide, only
from .world import EVA, IDA, NOON, World

LATER = NOON + timedelta(hours=1)


class Late(Reviewing):
    """The queue as somebody sees it who read an item before another decided about it."""

    stale: ReviewRow | None = None

    def item(self, item_id: str) -> ReviewRow:
        found, self.stale = self.stale, None
        return found if found is not None else super().item(item_id)


def late(world: World, row: ReviewRow) -> Late:
    queue = world.queue
    found = Late(world.database, world.id, queue._publishing)
    found.stale = row
    return found


def burst(world: World) -> ReviewRow:
    values = {"session": "s", "first_at": NOON, "last_at": NOON, "events": 51}
    row = {"forum_id": world.id, "id": "b1", **values, "state": BurstState.OPEN.value}
    with world.database.write() as c:
        c.execute(event_bursts.insert(), [row])
    return only(world)


def proposal(world: World) -> ReviewRow:
    case = Case("x0", "Bell", "Silent.", answer="Turn it.", destination="expert")
    world.small.put_cases([case])
    with world.database.write() as c:
        propose(c, world.id, [case], NOON)
    return only(world)


def threads(world: World) -> int:
    with world.database.read() as c:
        return store.count_threads(c, world.id)


def test_of_two_who_settle_a_burst_at_once_the_second_changes_nothing(world: World) -> None:
    row = burst(world)
    second = late(world, row)
    decide(world, row, counts=False)
    with pytest.raises(ReviewTaken) as taken:
        second.decide(row.id, Verdict(counts=True), world.acting(IDA), LATER)
    assert taken.value.by == EVA.name
    kept = world.queue.item(row.id)
    assert (kept.decided_by, kept.verdict) == (EVA.name, ReviewVerdict.LEFT_OUT)
    with world.database.read() as c:
        held = store.find_burst(c, world.id, "b1")
    assert held is not None
    assert held.state is BurstState.LEFT_OUT
    assert world.acts() == ["burst.settle", "review.decide"]


@pytest.mark.parametrize("counts", [True, False])
def test_of_two_who_say_the_same_of_a_burst_the_second_is_told_too(
    world: World, counts: bool
) -> None:
    row = burst(world)
    second = late(world, row)
    decide(world, row, counts=counts)
    with pytest.raises(ReviewTaken):
        second.decide(row.id, Verdict(counts=counts), world.acting(IDA), LATER)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Verdict(refuse=True), Verdict(approve=Wanted(frozenset()))),
        (Verdict(approve=Wanted(frozenset())), Verdict(refuse=True)),
        (Verdict(refuse=True), Verdict(refuse=True)),
        (Verdict(approve=Wanted(frozenset())), Verdict(approve=Wanted(frozenset()))),
        (Verdict(approve=Wanted(frozenset())), Verdict(approve=Wanted(frozenset({"beta"})))),
    ],
)
def test_of_two_who_decide_a_proposal_at_once_the_second_makes_nothing(
    world: World, first: Verdict, second: Verdict
) -> None:
    row = proposal(world)
    other = late(world, row)
    kept = world.queue.decide(row.id, first, world.acting(EVA), LATER)
    made, acts = threads(world), world.acts()
    with pytest.raises(ReviewTaken) as taken:
        other.decide(row.id, second, world.acting(IDA), LATER)
    assert taken.value.by == EVA.name
    assert world.queue.item(row.id) == kept
    assert (threads(world), world.acts()) == (made, acts)
    with world.database.read() as c:
        held = store.get_proposal(c, world.id, row.subject_id)
    assert held is not None
    assert held.state.value == kept.verdict


def test_another_approval_by_the_same_lead_is_no_replay(world: World) -> None:
    row, before = proposal(world), threads(world)
    first = decide(world, row, approve=Wanted(frozenset()))
    assert decide(world, row, approve=Wanted(frozenset())) == first
    with pytest.raises(ReviewTaken):
        decide(world, row, approve=Wanted(frozenset({"beta"})))
    assert threads(world) == before + 1


def test_a_proposal_whose_case_says_something_else_waits_on(world: World) -> None:
    row = proposal(world)
    world.small.put_cases([Case("x0", "Bell", "Silent.", answer="Oil it.", destination="expert")])
    with pytest.raises(AlreadyDecided):
        decide(world, row, approve=Wanted(frozenset()))
    assert world.queue.item(row.id).state is ReviewState.OPEN


def test_another_note_of_the_same_labels_is_kept(world: World) -> None:
    world.ask()
    row = only(world)
    first = decide(world, row, labels=LABELS, note="Said once")
    assert decide(world, row, labels=LABELS, note="Said once") == first
    again = decide(world, row, labels=LABELS, note="Said better")
    assert again == replace(first, note="Said better")
    assert world.queue.item(row.id) == again
    with pytest.raises(ReviewTaken):
        decide(world, row, IDA, labels=LABELS, note="Said by another")
    assert world.acts() == ["review.decide", "review.decide"]


def test_a_long_note_is_refused_and_never_cut(world: World) -> None:
    world.ask()
    row = only(world)
    long = "n" * LONGEST_NOTE
    with pytest.raises(BadField) as refused:
        decide(world, row, labels=LABELS, note=f"{long}n")
    assert refused.value.field == "note"
    with pytest.raises(BadField):
        world.queue.skip(row.id, world.acting(), LATER, f"{long}n")
    assert world.queue.item(row.id) == row
    assert world.queue.skip(row.id, world.acting(), LATER, long).note == long
    assert decide(world, row, labels=LABELS, note=f"  {long}  ").note == long


def test_who_was_first_is_told_before_what_is_wrong_with_labels(world: World) -> None:
    world.ask()
    row = only(world)
    assert world.queue.open_to(row.id, world.acting(IDA)) == row
    first = decide(world, row)
    assert world.queue.open_to(row.id, world.acting(EVA)) == first
    with pytest.raises(ReviewTaken) as taken:
        world.queue.open_to(row.id, world.acting(IDA))
    assert taken.value.by == EVA.name
    for who in (EVA, IDA):
        with pytest.raises(ReviewTaken):
            decide(world, row, who, labels={Target.KIND: "nonsense"})
    with pytest.raises(NoReview):
        world.queue.open_to("r_none", world.acting())


@dataclass(frozen=True)
class Typed:
    """A label as somebody types it, and as a case has it that is ingested with it."""

    target: Target
    label: str
    kept: str


@pytest.mark.parametrize(
    "typed",
    [
        Typed(Target.SEVERITY, "03", "3"),
        Typed(Target.SEVERITY, "+3", "3"),
        Typed(Target.KIND, "BUG", "bug"),
        Typed(Target.DESTINATION, " Expert ", "expert"),
        Typed(Target.TOPIC, "Rear \t gears\n", "Rear gears"),
        Typed(Target.TOPIC, "Kette\u0308", "Kett\u00eb"),
    ],
)
def test_labels_are_kept_as_ingested_ones_are(world: World, typed: Typed) -> None:
    ask_id = world.ask()
    row = decide(world, only(world), labels={typed.target: typed.label})
    assert row.labels == {typed.target.value: typed.kept}
    case = world.case(f"ask:{ask_id}")
    assert case is not None
    assert str(getattr(case, typed.target)) == typed.kept
    with world.database.read() as c:
        (said,) = store.reviewed_labels_of(c, world.id, [case.id])
    assert said.label == typed.kept
    world.queue.undo(row.id, world.acting(), LATER)
    assert world.case(case.id) is None


def test_a_doubted_label_is_kept_so_too(world: World) -> None:
    world.small.put_cases([Case("c1", "Bell", "", severity=1)])
    doubt = store.DoubtRow("c1", "severity", "1", "3", 0.9, "unlikely", NOON)
    with world.database.write() as c:
        store.replace_open_doubts(c, world.id, [doubt])
    assert decide(world, only(world), labels={Target.SEVERITY: "03"}).labels == {"severity": "3"}
    with world.database.read() as c:
        (settled,) = store.list_doubts(c, world.id)
    assert settled.decided == "3"


@pytest.mark.parametrize("label", ["ge\x00ars", "ge\x07ars", "\x00", "ge\ud800ars", "gears\x9f"])
@pytest.mark.parametrize("target", [Target.TOPIC, Target.KIND])
def test_control_characters_are_refused(world: World, target: Target, label: str) -> None:
    world.ask()
    row = only(world)
    with pytest.raises(BadField, match="control characters"):
        decide(world, row, labels={target: label})
    assert world.queue.item(row.id) == row


def test_a_list_goes_on_behind_items_that_it_has_alone(world: World) -> None:
    world.asks(3)
    world.draw()
    first, second, _ = world.rows()
    decide(world, first)
    queue = world.queue
    missing: list[Callable[[], object]] = [
        lambda: queue.listed(after="r_none"),
        lambda: queue.listed(ReviewState.DECIDED, after=second.id),
    ]
    for ask in missing:
        with pytest.raises(BadField) as refused:
            ask()
        assert refused.value.field == "after"
    # A list of open ones goes on behind one that was decided meanwhile; so does a lead.
    assert queue.listed(after=first.id)[0] == second
    gone = queue.next_after("r_none", ReviewReason.RANDOM)
    assert gone is not None
    assert gone.id == second.id
