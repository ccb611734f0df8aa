"""The review queue on its page: what is shown of an item, what is said of it, and by whom."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from triage import store
from triage.records import LANGUAGES, Role
from triage.store import ReviewReason, ReviewState, ReviewSubject
from triage.web import word

from .browsing import Browser, browser, shown
from .bursting import burst
from .conftest import World
from .samples import EXPORT_DRAFT, OPEN_DRAFT
from .test_analytics import enter
from .test_proposals import CASE, ingest, only

SAID = {
    "kind": {
        "value": "bug",
        "probability": 0.52,
        "alternatives": [["problem", 0.41]],
        "abstained": True,
    },
    "topic": {"value": "exports", "probability": 0.9, "alternatives": [], "abstained": False},
}
WHOLE = ("kind", "topic", "severity", "destination")


class Queue:
    """A queue that is filled by hand, one item at a time."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rows: list[store.ReviewRow] = []

    def put(
        self, subject: ReviewSubject, subject_id: str, reason: ReviewReason, **more: object
    ) -> str:
        """Plan an item; return its id."""
        place, now = len(self.rows), datetime.now(UTC)
        given: dict[str, Any] = {
            "targets": WHOLE,
            "said": SAID,
            "evidence": {},
            "model_version": "v1",
            **more,
        }
        row = store.ReviewRow(
            id=f"r_{place}",
            subject=subject,
            subject_id=subject_id,
            reason=reason,
            drawn_on=now.date(),
            drawn_at=now,
            place=place,
            **given,
        )
        self.rows.append(row)
        return row.id

    def ask(self, reason: ReviewReason = ReviewReason.UNCERTAIN, **more: object) -> str:
        """Plan an item about something that is asked now."""
        draft = {**EXPORT_DRAFT, "title": f"Export stops, case {len(self.rows)}"}
        ask_id = self.world.ask(draft)["ask_id"]
        return self.put(ReviewSubject.ASK, ask_id, reason, ask_id=ask_id, **more)

    def draw(self) -> None:
        """Put everything that was planned into the queue."""
        now = datetime.now(UTC)
        draw = store.ReviewDraw(now.date(), now, now, now, 9, 1, len(self.rows), "v1")
        with self.world.database.write() as c:
            assert store.add_review_draw(c, self.world.forum().id, draw, self.rows)

    def row(self, review_id: str) -> store.ReviewRow:
        """Return an item as it is kept now."""
        with self.world.database.read() as c:
            found = store.get_review(c, self.world.forum().id, review_id)
        assert found is not None
        return found


@pytest.fixture
def queue(world: World) -> Queue:
    return Queue(world)


@pytest.fixture
def lead(world: World) -> Browser:
    return enter(world, Role.LEAD)


def send(who: Browser, path: str, **form: str) -> httpx2.Response:
    return who.change(f"/lead/review/{path}", **form)


def chosen(page: httpx2.Response) -> Mapping[str, str]:
    """Return which radio of each group is ticked."""
    ticked = re.findall(
        r'<input type="radio" name="(\w+)" value="([^"]*)"[^>]*? checked>', page.text
    )
    return dict(ticked)


def test_an_empty_queue_says_so(lead: Browser) -> None:
    page = lead.get("/lead/review")
    assert page.status_code == 200
    assert "The queue is empty" in shown(page)


def test_others_have_no_queue(world: World, queue: Queue) -> None:
    review_id = queue.ask()
    queue.draw()
    for role in (Role.ANALYST, Role.FRONTEND):
        there = enter(world, role)
        assert there.get("/lead/review").status_code == 403
        assert there.get(f"/lead/review/{review_id}").status_code == 403
        assert send(there, f"{review_id}/decide", kind="bug").status_code == 403
    assert browser(world).get("/lead/review").headers["location"].startswith("/sign-in")
    assert queue.row(review_id).state is ReviewState.OPEN


def test_an_item_says_what_the_model_said_and_nothing_is_chosen(
    lead: Browser, queue: Queue
) -> None:
    queue.ask()
    queue.draw()
    page = lead.get("/lead/review")
    said = shown(page)
    assert "Export stops, case 0" in said
    assert "wavers between Bug (52%) and Problem (41%)" in said
    assert chosen(page) == dict.fromkeys(WHOLE, "")
    assert "0 of 1 done today" in said


def test_what_is_said_is_kept_apart_and_the_next_item_comes_at_once(
    lead: Browser, queue: Queue
) -> None:
    first, second = queue.ask(), queue.ask()
    queue.draw()
    sent = send(lead, f"{first}/decide", kind="problem", topic_other="imports", note="see E-417")
    assert sent.status_code == 303
    assert sent.headers["location"].startswith(f"/lead/review/{second}?")
    row = queue.row(first)
    assert (row.labels, row.note) == ({"kind": "problem", "topic": "imports"}, "see E-417")
    assert row.said == SAID
    page = lead.get(sent.headers["location"])
    assert "Saved: Problem, imports" in re.sub(r"\s+", " ", shown(page))
    assert "1 of 2 done today" in shown(page)
    assert f'action="/lead/review/{first}/undo"' in page.text


def test_a_decision_is_taken_back(lead: Browser, queue: Queue) -> None:
    review_id = queue.ask()
    queue.draw()
    send(lead, f"{review_id}/decide", kind="problem")
    undone = send(lead, f"{review_id}/undo")
    assert undone.headers["location"].startswith(f"/lead/review/{review_id}?")
    assert queue.row(review_id).state is ReviewState.OPEN
    assert "You can decide anew" in shown(lead.get(undone.headers["location"]))


def test_what_is_skipped_can_still_be_decided(lead: Browser, queue: Queue) -> None:
    review_id = queue.ask()
    queue.draw()
    sent = send(lead, f"{review_id}/skip")
    assert sent.headers["location"].startswith("/lead/review?")
    page = lead.get(sent.headers["location"])
    assert "All done" in shown(page)
    assert "Skipped." in shown(page)
    assert 'id="decide"' in lead.get(f"/lead/review/{review_id}?state=skipped").text
    send(lead, f"{review_id}/decide", kind="bug")
    assert queue.row(review_id).labels == {"kind": "bug"}


def test_the_lot_hides_what_the_model_said_until_it_is_decided(lead: Browser, queue: Queue) -> None:
    review_id = queue.ask(ReviewReason.RANDOM, propensity=0.1)
    queue.draw()
    page = lead.get(f"/lead/review/{review_id}")
    assert "52%" not in shown(page)
    assert "data-guess" not in page.text
    assert "Why the model says so" not in shown(page)
    assert "What became of it" not in shown(page)
    send(lead, f"{review_id}/decide", kind="problem")
    page = lead.get(f"/lead/review/{review_id}")
    said = re.sub(r"\s+", " ", shown(page))
    assert "Kind Bug 52% Problem" in said
    assert "What became of it" in said


def test_a_form_without_a_word_comes_back_with_what_was_typed(lead: Browser, queue: Queue) -> None:
    review_id = queue.ask()
    queue.draw()
    back = send(lead, f"{review_id}/decide", note="half a thought")
    assert back.status_code == 422
    assert "Choose at least one label" in shown(back)
    assert "half a thought" in back.text
    long = "x" * 300
    back = send(lead, f"{review_id}/decide", kind="bug", topic_other=long, note="kept")
    assert back.status_code == 422
    assert chosen(back)["kind"] == "bug"
    assert long in back.text
    assert ">kept</textarea>" in back.text
    assert queue.row(review_id).state is ReviewState.OPEN


def test_of_two_leads_the_second_sees_what_the_first_said(
    world: World, lead: Browser, queue: Queue
) -> None:
    review_id = queue.ask()
    queue.draw()
    other = enter(world, Role.ADMIN)
    assert send(other, f"{review_id}/decide", kind="bug").status_code == 303
    late = send(lead, f"{review_id}/decide", kind="problem")
    assert late.status_code == 409
    said = shown(late)
    assert "Somebody else has just decided" in said
    assert "admin@example.com" in said
    assert queue.row(review_id).labels == {"kind": "bug"}
    # The same word by the same person is the same act.
    assert send(other, f"{review_id}/decide", kind="bug").status_code == 303


def test_a_doubtful_label_asks_for_that_label_alone(
    world: World, lead: Browser, queue: Queue, tmp_path: Path
) -> None:
    ingest(world, tmp_path, CASE)
    doubt = store.DoubtRow(
        CASE["id"], "kind", "bug", "problem", 0.83, "unlikely", datetime.now(UTC)
    )
    with world.database.write() as c:
        store.replace_open_doubts(c, world.forum().id, [doubt])
    review_id = queue.put(
        ReviewSubject.CASE,
        CASE["id"],
        ReviewReason.LABEL_ERROR,
        targets=("kind",),
        case_id=CASE["id"],
        evidence={"target": "kind", "label": "bug", "likelier": "problem", "probability": 0.83},
    )
    queue.draw()
    page = lead.get(f"/lead/review/{review_id}")
    assert "filed as Bug, but it looks more like Problem (83%)" in shown(page)
    assert 'name="topic"' not in page.text
    assert send(lead, f"{review_id}/decide", kind="problem").status_code == 303
    with world.database.read() as c:
        assert store.get_cases(c, world.forum().id, [CASE["id"]])[CASE["id"]].kind == "problem"


def test_a_burst_is_decided_in_the_queue(world: World, lead: Browser, queue: Queue) -> None:
    burst_id = burst(world)
    nothing: dict[str, Any] = {"targets": (), "said": {}, "model_version": None}
    review_id = queue.put(
        ReviewSubject.BURST, burst_id, ReviewReason.BURST, burst_id=burst_id, **nothing
    )
    queue.draw()
    page = lead.get("/lead/review")
    assert "51 events within" in shown(page)
    assert "Said that it is solved" in shown(page)
    assert send(lead, f"{review_id}/decide").status_code == 422
    sent = send(lead, f"{review_id}/decide", decision="leave_out")
    assert sent.status_code == 303
    with world.database.read() as c:
        row = store.get_burst(c, world.forum().id, burst_id)
    assert row is not None
    assert row.state is store.BurstState.LEFT_OUT
    after = lead.get(sent.headers["location"])
    assert "Events left out" in shown(after)
    assert "/undo" not in after.text


def test_a_proposal_becomes_a_thread_for_whom_it_is_chosen(
    world: World, lead: Browser, queue: Queue, tmp_path: Path
) -> None:
    ingest(world, tmp_path, CASE)
    proposal_id = only(world)
    nothing = {"targets": (), "said": {}, "model_version": None, "case_id": CASE["id"]}
    review_id = queue.put(ReviewSubject.PROPOSAL, proposal_id, ReviewReason.PROPOSAL, **nothing)
    queue.draw()
    page = lead.get("/lead/review")
    assert "clear the scale cache" in shown(page)
    assert "Taken out of the texts:" in shown(page)
    assert "[HOST]: " in shown(page)
    typed = {
        "title": "Scanner forgets weights",
        "body": "It forgets.",
        "answer": "Clear the cache.",
    }
    back = send(lead, f"{review_id}/decide", decision="approve", **typed)
    assert back.status_code == 422
    assert "Choose who may read the thread" in shown(back)
    assert 'value="Scanner forgets weights"' in back.text
    groups = {"readers": "groups", "groups": "beta, partners"}
    sent = send(lead, f"{review_id}/decide", decision="approve", **typed, **groups)
    assert sent.status_code == 303
    with world.database.read() as c:
        (thread,) = [
            one
            for one in store.iter_threads(c, world.forum().id)
            if one.title == "Scanner forgets weights"
        ]
    assert thread.groups == {"beta", "partners"}
    assert queue.row(review_id).state is ReviewState.DECIDED


def test_a_refused_proposal_keeps_its_reason(
    world: World, lead: Browser, queue: Queue, tmp_path: Path
) -> None:
    ingest(world, tmp_path, CASE)
    nothing = {"targets": (), "said": {}, "model_version": None, "case_id": CASE["id"]}
    review_id = queue.put(ReviewSubject.PROPOSAL, only(world), ReviewReason.PROPOSAL, **nothing)
    queue.draw()
    sent = send(lead, f"{review_id}/decide", decision="refuse", note="one customer's own export")
    assert sent.status_code == 303
    row = queue.row(review_id)
    assert (row.verdict, row.note) == (store.ReviewVerdict.REFUSED, "one customer's own export")


def test_a_reason_narrows_the_list_and_stays_while_one_goes_on(lead: Browser, queue: Queue) -> None:
    first = queue.ask(ReviewReason.NOVEL, evidence={"nearest": 0.31})
    queue.ask()
    third = queue.ask(ReviewReason.NOVEL)
    queue.draw()
    page = lead.get("/lead/review?reason=novel")
    assert "the nearest has a similarity of 0.31" in shown(page)
    assert "case 1" not in shown(page)
    sent = lead.change(f"/lead/review/{first}/decide?reason=novel", kind="bug")
    assert sent.headers["location"].startswith(f"/lead/review/{third}?reason=novel")
    assert lead.get("/lead/review?reason=none_such&state=odd").status_code == 200


def test_what_is_gone_can_be_skipped(lead: Browser, queue: Queue) -> None:
    review_id = queue.put(ReviewSubject.ASK, "gone", ReviewReason.UNCERTAIN)
    queue.draw()
    page = lead.get("/lead/review")
    assert "The words are gone" in shown(page)
    assert send(lead, f"{review_id}/skip").status_code == 303
    assert lead.get("/lead/review/none").status_code == 404
    assert send(lead, "none/decide", kind="bug").status_code == 404


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_speaks_every_language(lead: Browser, queue: Queue, lang: str) -> None:
    for reason in ReviewReason:
        if reason not in (ReviewReason.BURST, ReviewReason.PROPOSAL):
            queue.ask(reason)
    queue.draw()
    for row in queue.rows:
        page = lead.get(f"/lead/review/{row.id}?language={lang}")
        assert f'<html lang="{lang}">' in page.text
        assert word(f"lead_review.reason_{row.reason}", lang) in shown(page)
        assert word("lead_review.save", lang) in shown(page)


def test_words_of_people_are_text(lead: Browser, queue: Queue, world: World) -> None:
    draft = {**OPEN_DRAFT, "title": "<script>alert(1)</script> on every page", "lang": "en"}
    ask_id = world.ask(draft)["ask_id"]
    queue.put(ReviewSubject.ASK, ask_id, ReviewReason.UNCERTAIN, ask_id=ask_id)
    queue.draw()
    page = lead.get("/lead/review")
    assert "<script>alert" not in page.text


def test_what_was_typed_is_there_though_somebody_else_was_first(
    world: World, lead: Browser, queue: Queue
) -> None:
    review_id = queue.ask()
    queue.draw()
    other = enter(world, Role.ADMIN)
    assert send(other, f"{review_id}/decide", kind="bug").status_code == 303
    note = "The customer says so in the second line."
    forms: list[tuple[str, dict[str, str]]] = [
        ("decide", {"kind": "how_to", "topic_other": "Cabin lights", "note": note}),
        # Whoever was first is said before it is said that a label is none.
        ("decide", {"kind": "no kind at all", "note": note}),
        ("decide", {"note": note}),
        ("skip", {"note": note}),
    ]
    for act, form in forms:
        page = send(lead, f"{review_id}/{act}", **form)
        assert page.status_code == 409
        said = shown(page)
        assert word("lead_review.error_review_taken", "en") in said
        assert word("lead_review.yours", "en") in said
        assert note in said
    assert "Cabin lights" in shown(send(lead, f"{review_id}/decide", **forms[0][1]))
    assert queue.row(review_id).labels == {"kind": "bug"}


def test_a_note_is_kept_whole_or_comes_back(lead: Browser, queue: Queue) -> None:
    review_id, long = queue.ask(), "why " * 251
    queue.draw()
    for act in ("decide", "skip"):
        page = send(lead, f"{review_id}/{act}", kind="bug", note=long)
        assert page.status_code == 422
        assert word("lead_review.wrong_note", "en") in shown(page)
        assert long.strip() in page.text
        assert chosen(page)["kind"] == "bug"
    assert queue.row(review_id).state is ReviewState.OPEN
    # A note goes with an item that is skipped, too.
    assert send(lead, f"{review_id}/skip", note="Nobody can tell.").status_code == 303
    assert queue.row(review_id).note == "Nobody can tell."
