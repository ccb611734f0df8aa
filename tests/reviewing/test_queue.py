"""What a lead says of an item is kept once, teaches, and can be taken back."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from click.testing import CliRunner

from tests.forum import INSTALLATION_KEY
from tests.questions.kept import Forum
from tests.test_review import ingest
from triage import store
from triage.answers.proposing import propose
from triage.answers.publishing import Wanted
from triage.cli import main
from triage.errors import AlreadyDecided, BadField, NoReview, ReviewFinal, ReviewTaken
from triage.forgotten import Forgotten
from triage.privacy.removing import remove_person
from triage.questions.settled import keep_correction
from triage.records import Actor, Case, Destination, Target
from triage.retention import parse_retention
from triage.reviewing import Progress, Verdict
from triage.store import (
    BurstState,
    ReviewReason,
    ReviewRow,
    ReviewState,
    ReviewVerdict,
)
from triage.store.tables.ask import event_bursts

from .world import DAY, EVA, IDA, NOON, World, said

LABELS = {Target.KIND: "request", Target.TOPIC: "bells", Target.DESTINATION: "community"}
LATER = NOON + timedelta(hours=1)


def decide(
    world: World,
    row: ReviewRow,
    who: Actor = EVA,
    /,
    **verdict: Any,  # noqa: ANN401
) -> ReviewRow:
    verdict = verdict or {"labels": LABELS}
    return world.queue.decide(row.id, Verdict(**verdict), world.acting(who), LATER)


def only(world: World, **wish: Any) -> ReviewRow:  # noqa: ANN401
    world.draw(**wish)
    (row,) = world.rows()
    return row


def doubted(world: World, folder: Path) -> ReviewRow:
    ingest(world.small, folder)
    doubt = store.DoubtRow("c1", "kind", "bug", "request", 0.9, "unlikely", NOON)
    with world.database.write() as c:
        store.replace_open_doubts(c, world.id, [doubt])
    return only(world)


def test_labels_become_a_case_and_the_machines_word_stays_apart(world: World) -> None:
    ask_id = world.ask("My dynamo hums", person="p1", account="acme")
    row = only(world, by_lot=0)
    decided = decide(world, row, labels=LABELS, note="Said so twice")
    case = world.case(f"ask:{ask_id}")
    assert case is not None
    assert (case.title, case.person, case.lang) == ("My dynamo hums", "p1", "en")
    assert (case.kind, case.topic, case.destination) == ("request", "bells", "community")
    assert case.severity is None
    kept = world.queue.item(row.id)
    assert kept == decided
    assert kept.said == row.said
    assert kept.said["kind"]["value"] == "bug"
    assert kept.labels == {"kind": "request", "topic": "bells", "destination": "community"}
    assert (kept.decided_by, kept.decided_at, kept.note) == (EVA.name, LATER, "Said so twice")
    assert world.acts() == ["review.decide"]


def test_the_words_of_a_note_are_redacted(world: World) -> None:
    world.ask()
    decided = decide(world, only(world), labels=LABELS, note="Ask anna.berg@nordfisk.example")
    assert decided.note is not None
    assert "nordfisk" not in decided.note


def test_of_two_who_decide_at_once_the_second_is_told_who_was_first(world: World) -> None:
    world.ask()
    row, both = only(world), Barrier(2)

    def say(who: Actor, kind: str) -> ReviewRow | ReviewTaken:
        queue, verdict = world.queue, Verdict({Target.KIND: kind})
        both.wait()
        try:
            return queue.decide(row.id, verdict, world.acting(who), LATER)
        except ReviewTaken as taken:
            return taken

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(say, (EVA, IDA), ("bug", "request")))
    (first,) = [one for one in found if isinstance(one, ReviewRow)]
    (second,) = [one for one in found if isinstance(one, ReviewTaken)]
    assert second.by == first.decided_by
    assert world.queue.item(row.id).labels == first.labels
    assert world.acts() == ["review.decide"]


def test_the_same_said_twice_is_said_once(world: World) -> None:
    world.ask()
    row = only(world)
    first = decide(world, row)
    assert decide(world, row) == first
    with pytest.raises(ReviewTaken):
        decide(world, row, IDA)
    with pytest.raises(ReviewTaken):
        decide(world, row, labels={Target.KIND: "bug"})
    assert world.acts() == ["review.decide"]


def test_a_decision_is_taken_back_with_its_case(world: World) -> None:
    ask_id = world.ask()
    row = only(world)
    decide(world, row)
    undone = world.queue.undo(row.id, world.acting(IDA), LATER)
    # Whoever decided it was told what the machine said.
    assert undone == replace(row, seen=True)
    assert undone.blind
    assert world.case(f"ask:{ask_id}") is None
    with world.database.read() as c:
        assert store.reviewed_labels_of(c, world.id, [f"ask:{ask_id}"]) == []
    assert world.queue.undo(row.id, world.acting(), LATER) == undone
    assert world.acts() == ["review.decide", "review.undo"]
    assert decide(world, row, IDA).decided_by == IDA.name


def test_what_is_skipped_can_be_decided_later(world: World) -> None:
    world.ask()
    row = only(world)
    skipped = world.queue.skip(row.id, world.acting(), LATER)
    assert skipped.state is ReviewState.SKIPPED
    assert world.queue.skip(row.id, world.acting(IDA), LATER) == skipped
    assert decide(world, row, IDA).state is ReviewState.DECIDED
    with pytest.raises(ReviewTaken):
        world.queue.skip(row.id, world.acting(), LATER)


def test_what_nobody_asked_teaches_nothing(world: World) -> None:
    ask_id = world.ask(simulated=True)
    row = only(world, include_simulated=True)
    decided = decide(world, row)
    assert decided.labels["kind"] == "request"
    assert world.case(f"ask:{ask_id}") is None
    assert world.queue.undo(row.id, world.acting(), LATER).state is ReviewState.OPEN


def test_what_others_found_since_stays_when_it_is_taken_back(world: World) -> None:
    told = Forum(world.database, world.id).post(at=NOON - DAY, labels=said())
    name = f"question:{told.row.question_id}"
    with world.database.write() as c:
        keep_correction(c, world.id, told, destination=Destination.EXPERT)
    row = only(world)
    decide(world, row, labels={Target.DESTINATION: "community", Target.KIND: "bug"})
    world.queue.undo(row.id, world.acting(), LATER)
    case = world.case(name)
    assert case is not None
    assert (case.destination, case.kind) == ("expert", None)


def test_a_doubted_label_is_settled_and_outlives_its_file(world: World, tmp_path: Path) -> None:
    row = doubted(world, tmp_path)
    with pytest.raises(BadField):
        decide(world, row, labels={Target.TOPIC: "bells"})
    decided = decide(world, row, labels={Target.KIND: "request"})
    assert (decided.state, decided.decided_by) == (ReviewState.DECIDED, EVA.name)
    ingest(world.small, tmp_path)
    case = world.case("c1")
    assert case is not None
    assert case.kind == "request"
    world.queue.undo(row.id, world.acting(), LATER)
    case = world.case("c1")
    assert case is not None
    assert case.kind == "bug"
    with world.database.read() as c:
        (doubt,) = store.list_doubts(c, world.id)
    assert doubt.state == store.DoubtState.OPEN


def test_a_doubted_label_may_be_kept(world: World, tmp_path: Path) -> None:
    decided = decide(world, doubted(world, tmp_path), labels={Target.KIND: "bug"})
    with world.database.read() as c:
        (doubt,) = store.list_doubts(c, world.id)
    assert (doubt.state, decided.labels) == (store.DoubtState.KEPT, {"kind": "bug"})


def test_what_the_command_settles_is_no_longer_asked(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = doubted(world, tmp_path)
    monkeypatch.setenv("TRIAGE_DATABASE_URL", f"sqlite:///{tmp_path / 'test.db'}")
    monkeypatch.setenv("TRIAGE_INSTALLATION_KEY", INSTALLATION_KEY)
    monkeypatch.setenv("TRIAGE_DATA_DIR", str(tmp_path))
    typed = ["cases", "settle", "c1", "kind", "--change", "request", "--forum", "demo"]
    done = CliRunner().invoke(main, typed)
    assert done.exit_code == 0, done.output
    closed = world.queue.item(row.id)
    assert (closed.state, closed.labels) == (ReviewState.DECIDED, {"kind": "request"})


def test_a_case_without_labels_gets_them_for_good(world: World, tmp_path: Path) -> None:
    ingest(world.small, tmp_path, kind=None, created="2026-03-01T08:00:00Z")
    row = _drawn_as_unlabelled(world, "c1")
    decide(world, row, labels={Target.KIND: "request", Target.TOPIC: "bells"})
    ingest(world.small, tmp_path, kind=None, created="2026-03-01T08:00:00Z")
    case = world.case("c1")
    assert case is not None
    assert (case.kind, case.topic) == ("request", "bells")
    # Whoever files it otherwise has looked at it again.
    ingest(world.small, tmp_path, kind="bug", created="2026-03-01T08:00:00Z")
    case = world.case("c1")
    assert case is not None
    assert (case.kind, case.topic) == ("bug", "bells")


def _drawn_as_unlabelled(world: World, case_id: str) -> ReviewRow:
    """Put a case into the queue as a draw with a model does."""
    row = ReviewRow(
        **{"id": "r_1", "subject": store.ReviewSubject.CASE, "subject_id": case_id},
        **{"reason": ReviewReason.UNCERTAIN, "targets": ("kind", "topic"), "place": 0},
        **{"drawn_on": NOON.date(), "drawn_at": NOON, "model_version": None},
        **{"said": {}, "evidence": {}, "case_id": case_id},
    )
    draw = store.ReviewDraw(NOON.date(), NOON, NOON, NOON, 0, 0, 1, None)
    with world.database.write() as c:
        store.add_review_draw(c, world.id, draw, [row])
    return row


def test_a_burst_counts_or_is_left_out_for_good(world: World) -> None:
    values = {"session": "s", "first_at": NOON, "last_at": NOON, "events": 51}
    row = {"forum_id": world.id, "id": "b1", **values, "state": BurstState.OPEN.value}
    with world.database.write() as c:
        c.execute(event_bursts.insert(), [row])
    item = only(world)
    about = world.queue.subject(item)
    assert about is not None
    assert about.burst is not None
    with pytest.raises(BadField):
        decide(world, item, labels=LABELS)
    decided = decide(world, item, counts=False)
    assert (decided.verdict, decided.decided_by) == (ReviewVerdict.LEFT_OUT, EVA.name)
    assert decide(world, item, counts=False) == decided
    with world.database.read() as c:
        burst = store.find_burst(c, world.id, "b1")
    assert burst is not None
    assert burst.state is BurstState.LEFT_OUT
    with pytest.raises(ReviewFinal):
        world.queue.undo(item.id, world.acting(), LATER)
    with pytest.raises(ReviewTaken):
        decide(world, item, IDA, counts=True)


def test_a_proposal_becomes_a_thread_or_none(world: World) -> None:
    cases = [
        Case(f"x{n}", f"Bell {n}", "Silent.", answer="Turn it.", destination="expert")
        for n in range(2)
    ]
    world.small.put_cases(cases)
    with world.database.write() as c:
        propose(c, world.id, cases, NOON)
    world.draw()
    first, second = world.rows(ReviewReason.PROPOSAL)
    about = world.queue.subject(first)
    assert about is not None
    assert about.proposal is not None
    with pytest.raises(BadField):
        decide(world, first, approve=Wanted(frozenset()), refuse=True)
    approved = decide(world, first, approve=Wanted(frozenset({"beta"})))
    assert (approved.verdict, approved.decided_by) == (ReviewVerdict.APPROVED, EVA.name)
    refused = decide(world, second, refuse=True, note="Theirs alone")
    assert (refused.verdict, refused.note) == (ReviewVerdict.REFUSED, "Theirs alone")
    assert world.rows() == []


def test_what_is_decided_through_another_door_is_no_longer_asked(world: World) -> None:
    case = Case("x0", "Bell", "Silent.", answer="Turn it.", destination="expert")
    world.small.put_cases([case])
    with world.database.write() as c:
        propose(c, world.id, [case], NOON)
    item = only(world)
    with world.database.write() as c:
        state, former = store.ProposalState.REFUSED, [store.ProposalState.OPEN]
        assert store.decide_proposal(c, world.id, item.subject_id, state, NOON, former)
    assert world.rows() == []
    assert world.queue.item(item.id).verdict is ReviewVerdict.REFUSED
    with pytest.raises((ReviewTaken, AlreadyDecided)):
        decide(world, item, approve=Wanted(frozenset()))


@pytest.mark.parametrize(
    "labels",
    [
        {},
        {Target.KIND: "nonsense"},
        {Target.SEVERITY: "7"},
        {Target.TOPIC: "  "},
        {Target.TOPIC: "call anna.berg@nordfisk.example"},
        {Target.TOPIC: "gears " * 20},
        {Target.DIFFICULTY: "0.5"},
    ],
)
def test_a_label_that_cannot_be_is_refused(world: World, labels: dict[Target, str]) -> None:
    ask_id = world.ask()
    row = only(world)
    with pytest.raises(BadField):
        decide(world, row, labels=labels)
    assert world.queue.item(row.id) == row
    assert world.case(f"ask:{ask_id}") is None


def test_an_item_goes_with_whoever_asked(world: World) -> None:
    ask_id = world.ask(person="p1")
    other = world.ask(person="p2")
    world.draw()
    first = next(row for row in world.rows() if row.subject_id == ask_id)
    decide(world, first)
    with world.database.write() as c:
        remove_person(c, world.id, "p1", Forgotten(NOON + 99 * DAY), "marks")
    with pytest.raises(NoReview):
        world.queue.item(first.id)
    assert world.case(f"ask:{ask_id}") is None
    assert [row.subject_id for row in world.rows()] == [other]


def test_what_somebody_asked_before_they_were_known_goes_with_them(world: World) -> None:
    before = world.ask("My secret words", session="s1")
    world.ask("Another", person="p1", session="s1")
    other = world.ask("Of somebody else", session="s2")
    posted = Forum(world.database, world.id).post(at=NOON - DAY, session="s1", labels=said())
    world.draw()
    for row in world.rows():
        decide(world, row)
    cases = {f"ask:{before}", f"question:{posted.row.question_id}"}
    assert all(world.case(name) for name in cases)
    with world.database.read() as c:
        found = store.rows_of_person(c, world.id, "p1")
    assert cases < {row["id"] for row in found["cases"]}
    with world.database.write() as c:
        removed = remove_person(c, world.id, "p1", Forgotten(NOON + 99 * DAY), "marks")
    assert "My secret words" in removed.words
    with world.database.read() as c:
        left = [case.id for case, _ in store.iter_cases(c, world.id)]
        said_of = store.reviewed_labels_of(c, world.id, cases)
    assert (left, said_of) == ([f"ask:{other}"], [])


def test_a_case_of_an_ask_goes_when_the_words_of_the_ask_do(world: World) -> None:
    old, young = world.ask("Old words"), world.ask("Young words", at=NOON + 9 * DAY)
    forum = Forum(world.database, world.id)
    posted, ended = (forum.post(at=NOON - DAY, labels=said(), title=f"Bell {n}") for n in range(2))
    world.draw()
    world.draw(NOON + 10 * DAY)
    for row in world.rows():
        decide(world, row)
    # What was answered is kept as long as cases are, and so is what somebody else filed.
    name = f"question:{ended.row.question_id}"
    case = world.case(name)
    assert case is not None
    world.small.put_cases([replace(case, answer="Oil it.", closed=NOON), Case("c1", "Bell", "")])
    kept = parse_retention("asks=5,events=never")
    with world.database.write() as c:
        where = (c, world.id, kept, NOON + 10 * DAY)
        assert store.blank_too_old(*where, dry_run=True)["cases"] == 2
        assert store.blank_too_old(*where, most=1)["cases"] == 1
        assert store.blank_too_old(*where)["cases"] == 1
        assert "cases" not in store.blank_too_old(*where)
        left = {case.id for case, _ in store.iter_cases(c, world.id)}
    assert left == {f"ask:{young}", name, "c1"}
    assert {f"ask:{old}", f"question:{posted.row.question_id}"}.isdisjoint(left)


def test_a_case_whose_ask_is_gone_altogether_goes_too(world: World) -> None:
    ask_id = world.ask()
    decide(world, only(world))
    with world.database.write() as c:
        for table in ("ask_vectors", "triages", "asks"):
            c.exec_driver_sql(f"delete from {table}")
        assert world.case(f"ask:{ask_id}") is not None
        kept = parse_retention("asks=5000,events=5000")
        assert store.blank_too_old(c, world.id, kept, NOON)["cases"] == 1


def test_what_has_no_words_any_more_can_be_skipped_alone(world: World) -> None:
    world.ask()
    row = only(world)
    with world.database.write() as c:
        c.exec_driver_sql(
            "update triages set question = json_set(question, '$.title', '', '$.body', '')"
        )
    assert world.queue.subject(row) is None
    assert world.queue.titles([row]) == {}
    with pytest.raises(BadField):
        decide(world, row)
    assert world.queue.skip(row.id, world.acting(), LATER).state is ReviewState.SKIPPED


def test_the_list_goes_on_where_it_ended_and_the_day_is_counted(world: World) -> None:
    world.asks(12)
    world.draw(most=10)
    ids = [row.id for row in world.rows()]
    queue = world.queue
    first = [row.id for row in queue.listed(limit=4)]
    rest = [row.id for row in queue.listed(after=first[-1], limit=50)]
    assert first + rest == ids
    decide(world, queue.item(ids[0]))
    queue.skip(ids[1], world.acting(), LATER)
    assert queue.progress(NOON.date()) == Progress(2, 10)
    assert sum(queue.counts().values()) == 8
    following = queue.next_after(ids[2])
    assert following is not None
    assert following.id == ids[3]
    last = queue.next_after(ids[-1])
    assert last is not None
    assert last.id == ids[2]
    assert [row.id for row in queue.listed(ReviewState.DECIDED)] == [ids[0]]


def test_topics_to_choose_from_are_those_of_cases_the_commonest_first(world: World) -> None:
    topics = ["bells", "Gears", "gears", "gears", "saddles", "bells"]
    world.small.put_cases(Case(f"c{n}", f"Part {n}", "", topic=t) for n, t in enumerate(topics))
    choices = world.queue.choices()
    assert choices[Target.TOPIC] == ["gears", "bells", "saddles"]
    assert choices[Target.SEVERITY] == ["1", "2", "3", "4"]
