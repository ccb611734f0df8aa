"""Asks are assigned once, the holdout is told nothing, and that somebody asked is written down."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event as sqlalchemy_event

from tests.forum import SIGNER, SmallForum
from triage import store
from triage.api.schemas.triage import TriageReply
from triage.assigning import Shares, assign
from triage.desk import Desk
from triage.encoders import EncoderName, Encoders
from triage.keeping import Keeping, MadeWith
from triage.outcomes import Gathering, asks_of
from triage.pipeline import triage
from triage.records import (
    Answer,
    ApiKey,
    Arm,
    Asker,
    Case,
    Draft,
    Event,
    EventType,
    Label,
    Mode,
    Reply,
    Role,
    Stage,
    Target,
    Thread,
)
from triage.reports.folding import fold
from triage.reports.reading import asks_of_forum

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HALF = Shares(0.5)
BANK = Draft("Bank feed stopped with KV-1042", "No transactions since Friday.", lang="en")
WALRUS = Draft("How heavy is a walrus", "It is for my daughter's school.", lang="en")


def someone(arm: Arm, shares: Shares = HALF) -> str:
    """Return a person of an arm."""
    names = (f"p{i}" for i in range(1000))
    return next(name for name in names if assign(shares, name, None, "en").arm is arm)


HELD, TREATED = someone(Arm.HOLDOUT), someone(Arm.TREATMENT)


def desk(small: SmallForum, shares: Shares = HALF) -> Desk:
    encoders = Encoders(EncoderName("hashing"), lambda name: small.encoder)
    where = small.database, small.forum, encoders, small.models_dir
    return Desk(*where, signer=SIGNER, shares=shares)


def ask(
    small: SmallForum, key: ApiKey, draft: Draft, at: datetime = NOON, shares: Shares = HALF
) -> Reply:
    return desk(small, shares).ask(draft, key, clock=lambda: at)


def events(small: SmallForum) -> list[Event]:
    with small.database.read() as c:
        return list(store.iter_events(c, small.forum.id))


def row(small: SmallForum, reply: Reply) -> store.AskRow:
    with small.database.read() as c:
        found = store.get_ask(c, small.forum.id, reply.ask_id)
    assert found is not None
    return found


def test_what_is_asked_with_a_test_key_or_with_none_counts_in_nothing(
    small: SmallForum, key: ApiKey
) -> None:
    made = {"name": "try", "role": Role.FRONTEND, "publishable": False, "test": True}
    with small.database.write() as c:
        tester = store.create_key(c, small.forum.id, at=NOON, **made)[1]
    real = ask(small, key, replace(BANK, person="p1"))
    tried = ask(small, tester, replace(BANK, person="p2"))
    typed = desk(small).ask(replace(BANK, person="p3"), None, clock=lambda: NOON)
    assert [row(small, one).test for one in (real, tried, typed)] == [False, True, True]
    assert {event.ask_id for event in events(small)} == {real.ask_id}
    with small.database.read() as c:
        counted = [one.ask_id for one in store.iter_triages(c, small.forum.id)]
    assert counted == [real.ask_id]


def said(reply: Reply) -> dict[str, Any]:
    """Return what is told of a reply, without what differs between any two."""
    told: dict[str, Any] = json.loads(TriageReply.of(reply).model_dump_json())
    return {k: v for k, v in told.items() if k not in {"triage_id", "ask_id", "index_age_seconds"}}


def test_the_holdout_is_suggested_nothing_and_the_others_are(
    small: SmallForum, key: ApiKey
) -> None:
    shown = ask(small, key, replace(BANK, person=TREATED))
    assert (shown.arm, [s.thread_id for s in shown.suggestions]) == (Arm.TREATMENT, ["bank"])
    held = ask(small, key, replace(BANK, person=HELD))
    assert (held.arm, held.suggestions, held.decision.same_question) == (Arm.HOLDOUT, (), ())
    assert (held.decision.destination, held.labels) == (shown.decision.destination, shown.labels)
    assert row(small, shown).offered is True
    assert row(small, held).offered is True


def test_a_reply_that_withholds_reads_as_one_that_found_nothing_sure(
    small: SmallForum, key: ApiKey
) -> None:
    withheld = said(ask(small, key, replace(BANK, person=HELD)))
    unsure = said(ask(small, key, replace(WALRUS, person=HELD)))
    assert row(small, ask(small, key, replace(WALRUS, person=HELD))).offered is not None
    assert withheld == unsure
    assert [reason["code"] for reason in withheld["reasons"]][-1] == "nothing_sure"


def test_what_was_withheld_is_kept_for_leads_alone(small: SmallForum, key: ApiKey) -> None:
    reply = ask(small, key, replace(BANK, person=HELD))
    with small.database.read() as c:
        kept = store.get_triage(c, small.forum.id, reply.triage_id)
    assert kept is not None
    assert kept.reply["suggestions"] == []
    assert [s["thread_id"] for s in kept.reply["withheld"]["suggestions"]] == ["bank"]
    assert "bank" not in TriageReply.of(reply).model_dump_json()


def test_nobody_can_speak_of_what_was_withheld(small: SmallForum, key: ApiKey) -> None:
    reply = ask(small, key, replace(BANK, person=HELD))
    told = Event("e", EventType.OPENED, reply.triage_id, reply.ask_id, NOON, thread_id="bank")
    unknown = replace(told, event_id="f", thread_id="no such")
    with small.database.write() as c:
        given = store.put_events(c, small.forum.id, key.id, False, [told, unknown], NOON)
    assert given[0].code == "not_shown"
    assert replace(given[0], event_id="") == replace(given[1], event_id="")


def test_an_ask_keeps_its_arm_when_the_person_becomes_known_or_the_share_changes(
    small: SmallForum, key: ApiKey
) -> None:
    visit = next(
        f"s{i}" for i in range(1000) if assign(HALF, None, f"s{i}", "en").arm is Arm.TREATMENT
    )
    typed = replace(BANK, session=visit, stage=Stage.TYPING)
    first = ask(small, key, typed)
    known = ask(small, key, replace(BANK, session=visit, person=HELD), NOON + timedelta(minutes=1))
    assert (first.ask_id, first.arm) == (known.ask_id, known.arm)
    assert (row(small, known).unit, row(small, known).person) == ("session", HELD)
    off = ask(small, key, replace(BANK, person=HELD, session="new"), NOON, Shares(0.0))
    assert off.arm is Arm.TREATMENT
    later = ask(small, key, replace(BANK, person=HELD, session="new"), NOON + timedelta(minutes=2))
    assert (later.ask_id, later.arm) == (off.ask_id, Arm.TREATMENT)


def test_what_a_lead_sets_holds_instead_of_the_setting(small: SmallForum, key: ApiKey) -> None:
    with small.database.write() as c:
        store.set_holdout(c, small.forum.id, Shares(0.0, {"de": 0.5}), "anna", NOON)
    assert ask(small, key, replace(BANK, person=HELD)).arm is Arm.TREATMENT
    german = Draft("Bank", "Der Bankabgleich läuft seit Freitag nicht mehr.", lang="de")
    tomorrow = NOON + timedelta(days=1)
    assert ask(small, key, replace(german, person=HELD), tomorrow).arm is Arm.HOLDOUT


def test_that_somebody_asked_is_written_once_and_again_when_it_changes(
    small: SmallForum, key: ApiKey
) -> None:
    calls = [
        replace(BANK, title="Bank", body="", stage=Stage.TYPING),
        replace(BANK, title="Bank fe", body="", stage=Stage.TYPING),
        replace(BANK, customer_severity=1),
        BANK,
    ]
    replies = [
        ask(small, key, replace(call, person=TREATED), NOON + timedelta(seconds=n))
        for n, call in enumerate(calls)
    ]
    assert len({reply.ask_id for reply in replies}) == 1
    told = [e for e in events(small) if e.type is EventType.ASKED]
    named = [f"asked-{reply.triage_id}" for reply in replies]
    assert told[0].event_id == named[0]
    assert {e.event_id for e in told} <= {*named[:3]}
    assert named[2] in {e.event_id for e in told}
    facts = row(small, replies[-1])
    assert (facts.severity, facts.newcomer, facts.offered) == (1, True, True)
    assert facts.submitted_at == NOON + timedelta(seconds=2)


def test_staff_and_bots_are_marked_and_get_the_same(small: SmallForum, key: ApiKey) -> None:
    answer = Answer("x-a1", "So.", person="staffer", staff=True)
    small.knowledge().put([Thread("x", "Y", "Z", (answer,), solved=True, lang="en")])
    bot = ask(small, key, replace(BANK, person=TREATED, asker=Asker.BOT))
    staff = ask(small, key, replace(BANK, person="staffer"), shares=Shares(0.0))
    assert row(small, bot).barred == "bot"
    assert row(small, staff).barred == "staff"
    assert [s.thread_id for s in bot.suggestions] == ["bank"]


def test_a_newcomer_is_somebody_of_whom_nothing_is_kept(small: SmallForum, key: ApiKey) -> None:
    case = Case("c", "Bank", "It stopped.", person="filed", created=NOON - timedelta(days=400))
    small.put_cases([case])
    for person, new in (("filed", False), ("somebody", True)):
        assert row(small, ask(small, key, replace(WALRUS, person=person))).newcomer is new
    later = NOON + timedelta(days=1)
    assert row(small, ask(small, key, replace(BANK, person="somebody"), later)).newcomer is False


def test_who_asks_the_same_again_comes_back(small: SmallForum, key: ApiKey) -> None:
    first = ask(small, key, replace(BANK, person="p"))
    other = ask(small, key, replace(WALRUS, person="p"), NOON + timedelta(days=2))
    again = ask(small, key, replace(BANK, person="p"), NOON + timedelta(days=3))
    stranger = ask(small, key, replace(BANK, person="q"), NOON + timedelta(days=3))
    late = ask(small, key, replace(BANK, person="p"), NOON + timedelta(days=40))
    found = [row(small, r).return_of for r in (first, other, again, stranger, late)]
    assert found == [None, None, first.ask_id, None, None]


def test_an_ask_that_becomes_another_problem_comes_back_no_more(
    small: SmallForum, key: ApiKey
) -> None:
    first = ask(small, key, replace(BANK, person="p"))
    day = NOON + timedelta(days=3)
    typing = replace(BANK, person="p", stage=Stage.TYPING)
    again = ask(small, key, typing, day)
    assert row(small, again).return_of == first.ask_id
    other = ask(small, key, replace(WALRUS, person="p"), day + timedelta(minutes=1))
    assert (other.ask_id, row(small, other).return_of) == (again.ask_id, None)
    as_of = day + timedelta(days=1)
    fold(small.database, small.forum.id)
    with small.database.read() as c:
        of_store = asks_of_forum(c, small.forum.id, as_of)
        rows = store.told_events(c, small.forum.id, [first.ask_id, again.ask_id])
        gathering = Gathering()
        for told in rows:
            gathering.take({**told, **(told.pop("details") or {})})
    for asks in (of_store, asks_of(gathering.log(), as_of.timestamp())):
        assert asks.root.tolist() == [0, 1]


def fill(small: SmallForum, key: ApiKey) -> None:
    """Have many people ask about other things, so that near and far have a meaning."""
    things = ("invoice", "login", "printer", "calendar", "backup", "folder", "label", "ledger")
    rooms = ("kitchen", "office", "school", "harbour", "museum")
    words = [(thing, room) for thing in things for room in rooms]
    for n, (thing, room) in enumerate(words):
        said = f"The {thing} of the {room} shows number {n} since Friday, what can be done?"
        ask(small, key, Draft(f"{thing} in the {room}", said, lang="en", person=f"other-{n}"))


def test_another_problem_after_one_was_submitted_is_another_ask(
    small: SmallForum, key: ApiKey
) -> None:
    fill(small, key)
    mine = {"session": "one", "stage": Stage.SUBMIT}
    first = ask(small, key, replace(BANK, **mine))
    edited = replace(BANK, body="No transactions at all since Friday.", **mine)
    assert ask(small, key, edited).ask_id == first.ask_id
    # What is only begun could be anything, and does not replace what was submitted.
    begun = Draft("How", "", lang="en", session="one", stage=Stage.TYPING)
    assert ask(small, key, begun).ask_id == first.ask_id
    typed = replace(WALRUS, session="one", stage=Stage.TYPING)
    second = ask(small, key, typed)
    assert second.ask_id != first.ask_id
    assert ask(small, key, replace(WALRUS, **mine)).ask_id == second.ask_id
    assert ask(small, key, edited).ask_id == first.ask_id
    assert row(small, second).arm is row(small, first).arm


def test_until_it_is_submitted_a_draft_may_become_anything(small: SmallForum, key: ApiKey) -> None:
    fill(small, key)
    typing = {"session": "one", "stage": Stage.TYPING}
    first = ask(small, key, replace(BANK, **typing))
    assert ask(small, key, replace(WALRUS, **typing)).ask_id == first.ask_id


def test_without_others_to_compare_with_a_session_is_one_ask(
    small: SmallForum, key: ApiKey
) -> None:
    mine = {"session": "one", "stage": Stage.SUBMIT}
    first = ask(small, key, replace(BANK, **mine))
    assert ask(small, key, replace(WALRUS, **mine)).ask_id == first.ask_id


@pytest.mark.parametrize(
    ("predicted", "told", "worst"), [(3, 1, 1), (1, 4, 1), (2, None, 2), (None, 3, 3)]
)
def test_the_worst_severity_is_kept_whoever_says_it(
    small: SmallForum, key: ApiKey, predicted: int | None, told: int | None, worst: int
) -> None:
    draft = replace(BANK, person=TREATED, customer_severity=told)
    made = triage(desk(small).parts(), draft)
    label = Label() if predicted is None else Label(str(predicted), 0.9, abstained=False)
    made = replace(made, labels={**made.labels, Target.SEVERITY: label})
    reply = Keeping(small.database, small.forum.id, timedelta(minutes=30)).keep(
        draft, made, MadeWith(Mode.HYBRID, None, "1", 0.0), key, NOON
    )
    assert row(small, reply).severity == worst


def test_the_next_keystroke_asks_nothing_that_the_first_one_settled(
    small: SmallForum, key: ApiKey
) -> None:
    """What a call does between beginning to write and having written, nobody else can."""
    open_desk, draft = desk(small), replace(BANK, person=TREATED, session="s")
    open_desk.ask(draft, key, clock=lambda: NOON)
    told: list[str] = []

    def note(*called: object) -> None:
        told.append(str(called[2]))

    engine = small.database._engine
    sqlalchemy_event.listen(engine, "before_cursor_execute", note)
    open_desk.ask(draft, key, clock=lambda: NOON + timedelta(seconds=5))
    sqlalchemy_event.remove(engine, "before_cursor_execute", note)
    written = told[told.index("BEGIN IMMEDIATE") :]
    for settled in ("FROM holdouts", "FROM answers", "FROM threads", "SET lang"):
        assert not [one for one in written if settled in one], settled
    assert [one for one in written if "INSERT INTO triages" in one]


def test_the_holdout_is_not_told_how_many_have_the_same(small: SmallForum, key: ApiKey) -> None:
    keeping = Keeping(small.database, small.forum.id, timedelta(minutes=30), shares=HALF)
    made = MadeWith(Mode.HYBRID, None, "1", 0.0, also_affected=7)
    for person, told in ((HELD, 0), (TREATED, 7)):
        draft = replace(BANK, person=person)
        triaged = triage(desk(small).parts(), draft)
        assert keeping.keep(draft, triaged, made, key, NOON).also_affected == told
