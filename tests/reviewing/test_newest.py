"""Of what persons say of one label the newest holds, and taking back leaves what others said."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.questions.kept import Forum
from tests.test_review import ingest
from triage import store
from triage.errors import BadField
from triage.questions.settled import keep_correction
from triage.records import Case, Destination, Target
from triage.review import as_settled, settle
from triage.reviewing import Verdict
from triage.store import DoubtRow, DoubtState, ReviewReason, ReviewRow, ReviewState
from triage.watching.judging import unbent

from .test_queue import _drawn_as_unlabelled, decide, only
from .world import DAY, EVA, IDA, NOON, World, said

LATER = NOON + timedelta(hours=1)


def doubt(
    world: World,
    case_id: str,
    label: str,
    likelier: str,
    at: datetime = NOON,
    target: str = "topic",
) -> None:
    row = DoubtRow(case_id, target, label, likelier, 0.9, "unlikely", at)
    with world.database.write() as c:
        store.replace_open_doubts(c, world.id, [row])


def looked_at(world: World, **labels: str) -> ReviewRow:
    """Have a lead label the case `c1`, which its file has no topic of."""
    given = {Target(name): label for name, label in labels.items()}
    return decide(world, _drawn_as_unlabelled(world, "c1"), labels=given)


def filed(world: World, folder: Path, **changes: object) -> Case:
    """Ingest the file of `c1` and return the case."""
    ingest(world.small, folder, created="2026-03-01T08:00:00Z", **changes)
    return case_of(world, "c1")


def case_of(world: World, case_id: str) -> Case:
    case = world.case(case_id)
    assert case is not None
    return case


def posted(world: World) -> tuple[Forum, str, str]:
    """Post a question; return the forum, its id and that of its case."""
    forum = Forum(world.database, world.id)
    name = forum.post(at=NOON - DAY, labels=said(0.51)).row.question_id
    return forum, name, f"question:{name}"


def correct(world: World, forum: Forum, question_id: str, **labels: object) -> None:
    told = forum.read(question_id)
    with world.database.write() as c:
        assert keep_correction(c, world.id, told, **labels)  # type: ignore[arg-type]


def test_a_doubt_that_is_settled_after_a_review_holds_when_the_file_comes_again(
    world: World, tmp_path: Path
) -> None:
    filed(world, tmp_path)
    looked_at(world, topic="bells")
    doubt(world, "c1", "bells", "gears", NOON + DAY)
    settle(world.database, world.id, "c1", Target.TOPIC, "gears", LATER + DAY)
    assert case_of(world, "c1").topic == "gears"
    assert filed(world, tmp_path).topic == "gears"


def test_a_review_after_a_settled_doubt_holds_when_the_file_comes_again(
    world: World, tmp_path: Path
) -> None:
    filed(world, tmp_path)
    doubt(world, "c1", "bug", "request", target="kind")
    settle(world.database, world.id, "c1", Target.KIND, "request", NOON)
    looked_at(world, kind="problem")
    assert filed(world, tmp_path).kind == "problem"
    with world.database.read() as c:
        (case,) = unbent(c, world.id, [case_of(world, "c1")])
    assert case.kind == "bug"


def test_what_is_settled_of_a_question_outlives_another_word_of_staff(world: World) -> None:
    forum, name, case_id = posted(world)
    decide(world, only(world, by_lot=0), labels={Target.TOPIC: "bells"})
    doubt(world, case_id, "bells", "gears", NOON + DAY)
    settle(world.database, world.id, case_id, Target.TOPIC, "gears", LATER + DAY)
    correct(world, forum, name, destination=Destination.EXPERT)
    assert (case_of(world, case_id).topic, case_of(world, case_id).destination) == (
        "gears",
        "expert",
    )


def test_staff_who_send_it_on_later_have_the_last_word(world: World) -> None:
    forum, name, case_id = posted(world)
    labels = {Target.TOPIC: "bells", Target.DESTINATION: "community", Target.KIND: "bug"}
    decide(world, only(world, by_lot=0), labels=labels)
    correct(world, forum, name, destination=Destination.EXPERT, topic="gears")
    case = case_of(world, case_id)
    assert (case.topic, case.destination, case.kind) == ("gears", "expert", "bug")
    with world.database.read() as c:
        assert as_settled(c, world.id, [case]) == [case]


def test_what_staff_say_is_not_turned_back_by_a_doubt_settled_before(world: World) -> None:
    forum, name, case_id = posted(world)
    correct(world, forum, name, topic="bells")
    doubt(world, case_id, "bells", "gears")
    settle(world.database, world.id, case_id, Target.TOPIC, "gears", NOON)
    correct(world, forum, name, topic="bells")
    correct(world, forum, name, destination=Destination.EXPERT)
    assert case_of(world, case_id).topic == "bells"


def test_staff_leave_what_a_lead_said_of_other_labels(world: World) -> None:
    forum, name, case_id = posted(world)
    decide(world, only(world, by_lot=0), labels={Target.KIND: "bug", Target.TOPIC: "bells"})
    correct(world, forum, name, destination=Destination.EXPERT)
    case = case_of(world, case_id)
    assert (case.kind, case.topic, case.destination) == ("bug", "bells", "expert")


def test_undo_leaves_a_case_that_staff_corrected_since(world: World) -> None:
    forum, name, case_id = posted(world)
    row = decide(world, only(world, by_lot=0), labels={Target.KIND: "bug", Target.TOPIC: "bells"})
    # The very topic that the lead gave is the word of staff now.
    correct(world, forum, name, destination=Destination.EXPERT, topic="bells")
    world.queue.undo(row.id, world.acting(), LATER)
    case = case_of(world, case_id)
    assert (case.kind, case.topic, case.destination) == (None, "bells", "expert")


def test_undo_leaves_a_label_that_was_doubted_and_settled_since(
    world: World, tmp_path: Path
) -> None:
    filed(world, tmp_path)
    row = looked_at(world, topic="bells", tone="angry")
    doubt(world, "c1", "bells", "gears", NOON + DAY)
    settle(world.database, world.id, "c1", Target.TOPIC, "gears", LATER + DAY)
    world.queue.undo(row.id, world.acting(), LATER + 2 * DAY)
    assert (case_of(world, "c1").topic, case_of(world, "c1").tone) == ("gears", None)
    case = filed(world, tmp_path)
    assert (case.topic, case.tone) == ("gears", None)


def test_a_case_of_a_question_stays_while_a_kept_doubt_speaks_for_it(world: World) -> None:
    ask_id = world.ask()
    row = decide(world, only(world), labels={Target.TOPIC: "bells"})
    doubt(world, f"ask:{ask_id}", "bells", "gears", NOON + DAY)
    settle(world.database, world.id, f"ask:{ask_id}", Target.TOPIC, None, LATER + DAY)
    world.queue.undo(row.id, world.acting(), LATER + 2 * DAY)
    assert case_of(world, f"ask:{ask_id}").topic == "bells"


def test_undo_takes_no_doubt_back_that_was_settled_again(world: World, tmp_path: Path) -> None:
    filed(world, tmp_path)
    doubt(world, "c1", "bug", "request", target="kind")
    row = decide(world, only(world), labels={Target.KIND: "request"})
    settle(world.database, world.id, "c1", Target.KIND, "problem", LATER + DAY)
    world.queue.undo(row.id, world.acting(), LATER + 2 * DAY)
    assert case_of(world, "c1").kind == "problem"
    with world.database.read() as c:
        (one,) = store.list_doubts(c, world.id)
    assert (one.state, one.decided) == (DoubtState.CHANGED, "problem")


def test_nobody_is_asked_about_what_is_no_longer_in_doubt(world: World, tmp_path: Path) -> None:
    filed(world, tmp_path)
    doubt(world, "c1", "bug", "request", target="kind")
    row = only(world)
    with world.database.write() as c:
        store.replace_open_doubts(c, world.id, [])
    assert world.queue.item(row.id).state is ReviewState.EXPIRED
    with pytest.raises(BadField):
        decide(world, row, labels={Target.KIND: "bug"})


def test_nobody_is_asked_about_a_label_that_a_case_has_no_longer(
    world: World, tmp_path: Path
) -> None:
    filed(world, tmp_path)
    doubt(world, "c1", "bug", "request", target="kind")
    row = only(world)
    filed(world, tmp_path, kind="problem")
    world.draw(NOON + DAY)
    assert world.queue.item(row.id).state is ReviewState.EXPIRED
    assert world.rows() == []


def test_a_review_answers_a_doubt_of_the_same_label(world: World, tmp_path: Path) -> None:
    filed(world, tmp_path)
    doubt(world, "c1", "bug", "request", target="kind")
    asked = only(world)
    with world.database.write() as c:
        c.exec_driver_sql("delete from review_draws")
    looked_at(world, kind="problem")
    assert world.queue.item(asked.id).state is ReviewState.EXPIRED
    with world.database.read() as c:
        assert store.list_doubts(c, world.id) == []


def test_a_case_is_asked_about_again_when_it_is_doubted_after_its_review(
    world: World, tmp_path: Path
) -> None:
    filed(world, tmp_path)
    looked_at(world, topic="bells")
    doubt(world, "c1", "bells", "gears", LATER - timedelta(minutes=1))
    world.draw(NOON + DAY)
    assert world.rows() == []
    doubt(world, "c1", "bells", "gears", NOON + DAY)
    world.draw(NOON + 2 * DAY)
    row = world.one(ReviewReason.LABEL_ERROR)
    world.queue.decide(row.id, Verdict({Target.TOPIC: "gears"}), world.acting(IDA), LATER + 2 * DAY)
    assert filed(world, tmp_path).topic == "gears"


def test_a_settled_doubt_is_asked_again_where_something_else_is_likelier(
    world: World, tmp_path: Path
) -> None:
    filed(world, tmp_path)
    doubt(world, "c1", "bug", "request", target="kind")
    decide(world, only(world), EVA, labels={Target.KIND: "request"})
    # Both were looked at then.
    doubt(world, "c1", "request", "bug", NOON + DAY, target="kind")
    world.draw(NOON + DAY)
    assert world.rows() == []
    doubt(world, "c1", "request", "problem", NOON + DAY, target="kind")
    world.draw(NOON + 2 * DAY)
    assert world.one(ReviewReason.LABEL_ERROR).evidence["likelier"] == "problem"
    # What was chosen then holds meanwhile.
    assert filed(world, tmp_path).kind == "request"
