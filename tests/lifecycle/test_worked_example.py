"""The example of docs/lifecycle.md, from draft to solved, as far as it is pure."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from triage.costs import Costs
from triage.lifecycle import (
    Asking,
    Bringing,
    By,
    Limits,
    Owned,
    Owners,
    Piece,
    Slot,
    State,
    Then,
    Wait,
    Watched,
    Who,
    Why,
    Worth,
    alert_of,
    ask_back,
    carry_out,
    change,
    follow,
    given,
    learn_waits,
    measure,
    name_owner,
    receive,
    replay,
    sweep,
    take_in,
    tell_asker,
    tell_expected,
)
from triage.phrases import say
from triage.records import Account, Destination, Question

ROOT = Path(__file__).resolve().parents[2]
# On one line, however the page is wrapped.
PAGE = " ".join((ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8").split())
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
OWNERS = Owners("frida", teams={"north": "nils"}, topics={"api": "tora"})
ACCOUNT = Account("a06", expert_team="north")


def draft() -> Question:
    lines = (ROOT / "data" / "sample" / "drafts.jsonl").read_text(encoding="utf-8").splitlines()
    row = next(row for row in map(json.loads, lines) if row["id"] == "sv-d05")
    return Question(
        row["title"], row["body"], row["lang"], product=row["product"], version=row["version"]
    )


def test_what_the_draft_tells_and_what_it_lacks() -> None:
    question = draft()
    assert given(question) == {Piece.VERSION, Piece.ERROR}
    wanted = ask_back(given(question), Asking("problem", Worth.of(Costs())))
    assert [one.piece for one in wanted] == [Piece.IMPACT, Piece.STEPS]
    for one in wanted:
        assert say(one.reason, "sv") in PAGE
    intake = take_in(question)
    for slot in (Slot.SITUATION, Slot.PROBLEM, Slot.NEXT_STEP):
        assert intake.spans(slot)
        assert all(f"| {span.text} |" in PAGE for span in intake.spans(slot)), slot
    assert intake.spans(Slot.IMPACT) == ()


def test_the_question_is_solved_in_the_end_and_the_page_says_how() -> None:
    account = ACCOUNT
    owned = name_owner(Destination.COMMUNITY, account, "api", OWNERS)
    assert owned == Owned("tora", By.TOPIC, "north")
    first = receive("q1", "c1", owned.owner, MONDAY, Destination.COMMUNITY, shareable=True)
    question = replay([first])
    assert alert_of(question, "problem", 3) is None

    decided = Bringing(Why.DECIDED, by="triage")
    made = change(question, State.WITH_COMMUNITY, Who.MACHINE, "c2", MONDAY, decided)
    question = follow(question, made)
    history = [Wait(Destination.COMMUNITY, "api", n * 1800.0, True) for n in range(1, 41)]
    waits = learn_waits(history)
    assert say(tell_expected(waits.expect(Destination.COMMUNITY, "api")), "sv") in PAGE

    limits = Limits(by_topic=waits.learned_limits())
    watched = Watched(question, "api", "problem", 3)
    assert sweep([watched], limits, MONDAY + 17 * HOUR) == ()
    (late,) = sweep([watched], limits, MONDAY + 18 * HOUR)
    assert late.then is Then.TO_STAFF
    owned = name_owner(Destination.EXPERT, account, "api", OWNERS)
    escalated = carry_out(question, late, MONDAY + 18 * HOUR, owned.owner)
    assert escalated is not None
    question = follow(question, escalated)
    assert (question.owner, question.destination) == ("nils", Destination.EXPERT)

    for hours, wanted, who, brings in (
        (23, State.WITH_EXPERT, Who.STAFF, Bringing(Why.TAKEN, by="nils")),
        (24, State.WAITING_FOR_CUSTOMER, Who.STAFF, Bringing(by="nils", asked=("ask_impact",))),
        (26, State.WITH_EXPERT, Who.CUSTOMER, Bringing(Why.REPLIED)),
        (27, State.ANSWERED, Who.STAFF, Bringing(by="nils", answer_id="a1")),
        (30, State.CONFIRMED_SOLVED, Who.CUSTOMER, Bringing(answer_id="a1")),
    ):
        name = f"c{question.revision + 1}"
        made = change(question, wanted, who, name, MONDAY + hours * HOUR, brings)
        question = follow(question, made)
    assert (question.state, question.solved_by) == (State.CONFIRMED_SOLVED, "a1")
    taken = measure(question)
    assert (taken.to_owner, taken.to_person) == (23 * HOUR, 24 * HOUR)
    assert (taken.to_answer, taken.to_solved) == (27 * HOUR, 30 * HOUR)
    for told in tell_asker(question.changes):
        line = f"| {told.at:%a %H:%M} | `{told.state}` | {told.who} | {say(told.reason, 'sv')} |"
        assert line in PAGE, line
