"""Yesterday beside days like it, and what changed since."""

from datetime import date, timedelta

from sqlalchemy import delete, update

from tests.reports.months import Kept
from tests.store.filling import put_question
from triage import store
from triage.audit.acting import Acting
from triage.overseeing import ChangeKind, DayFigure, changed_since, figures_of_day
from triage.records import Actor, ActorKind
from triage.store.tables.ask import event_bursts
from triage.store.tables.base import asks, events

from .busy import NOW, fill

YESTERDAY = date(2026, 6, 16)


def figures(kept: Kept) -> dict[str, DayFigure]:
    found = figures_of_day(kept.database, kept.forum_id, YESTERDAY, NOW)
    return {one.name: one for one in found}


def test_a_day_like_the_others_is_as_usual(kept: Kept) -> None:
    fill(kept)
    found = figures(kept)
    assert (found["asks"].part, found["asks"].unusual) == (10, 0)
    assert (found["offer_rate"].part, found["offer_rate"].whole) == (5, 10)
    assert {one.unusual for one in found.values()} == {0}
    # Ten people are too few for a share.
    assert found["offer_rate"].share is None


def test_a_day_with_hardly_any_asks_is_below(kept: Kept) -> None:
    fill(kept)
    with kept.database.write() as c:
        gone = [f"a1-{hour}" for hour in range(8, 18)]
        c.execute(delete(events).where(events.c.ask_id.in_(gone)))
        c.execute(update(asks).where(asks.c.ask_id.in_(gone)).values(test=True))
    found = figures(kept)["asks"]
    assert (found.part, found.unusual) == (0, -1)
    assert found.low is not None
    assert found.low > 0


def test_days_are_taken_as_they_stood_at_this_hour(kept: Kept) -> None:
    fill(kept)
    early = NOW.replace(hour=1)
    # What was solved two days after asking is not yet solved on the morning after.
    with kept.database.write() as c:
        for row in c.execute(events.select().where(events.c.type == "solved")).mappings():
            at = row["occurred_at"] + timedelta(days=2)
            mine = events.c.event_id == row["event_id"]
            c.execute(update(events).where(mine).values(occurred_at=at, received_at=at))
    found = {
        one.name: one for one in figures_of_day(kept.database, kept.forum_id, YESTERDAY, early)
    }
    assert found["confirmed"].part == 0
    assert found["confirmed"].high is not None
    assert found["confirmed"].unusual == 0


def test_acts_are_counted_by_kind_and_only_those_that_may_be_told(kept: Kept) -> None:
    eva, ola = (Actor(ActorKind.USER, f"{name}@example.com") for name in ("eva", "ola"))
    with kept.database.write() as c:
        forum = store.get_forum(c, "demo")
        for actor in (eva, ola, eva):
            Acting(forum.id, actor).note(c, "policy.activate", "2", after={"reason": "try"})
        Acting(forum.id, ola).note(c, "user.add", "nils@example.com")
    with kept.database.read() as c:
        since = NOW.replace(year=2020)
        all_of_them = changed_since(c, forum, since, None)
        of_leads = changed_since(c, forum, since, ("policy",))
    assert {one.what for one in all_of_them} == {"policy.activate", "user.add"}
    (one,) = of_leads
    assert (one.kind, one.n, one.about) == (ChangeKind.ACT, 3, "2")
    assert one.by == ("eva@example.com", "ola@example.com")
    with kept.database.read() as c:
        assert changed_since(c, forum, NOW.replace(year=2100), None) == ()


def test_two_thousand_acts_on_a_day_are_all_counted_and_the_first_is_not_lost(kept: Kept) -> None:
    eva, ops = Actor(ActorKind.USER, "eva@example.com"), Actor(ActorKind.COMMAND, "ops")
    with kept.database.write() as c:
        forum = store.get_forum(c, "demo")
        Acting(forum.id, eva).note(c, "model.rollback", "v7")
        for number in range(1, 2000):
            Acting(forum.id, ops if number % 2 else eva).note(c, "thread.put", f"t{number}")
        Acting(forum.id, ops).note(c, "policy.draft", "3")
    with kept.database.read() as c:
        found = changed_since(c, forum, NOW.replace(year=2020), None)
        some = changed_since(c, forum, NOW.replace(year=2020), ("model", "policy"))
    assert {(one.what, one.n, one.by, one.about, one.facts["people"]) for one in found} == {
        ("model.rollback", 1, ("eva@example.com",), "v7", 1),
        ("thread.put", 1999, ("ops", "eva@example.com"), "", 1),
        ("policy.draft", 1, ("ops",), "3", 0),
    }
    assert [one.what for one in some] == ["policy.draft", "model.rollback"]


def test_all_alerts_and_bursts_of_the_day_are_counted(kept: Kept) -> None:
    with kept.database.write() as c:
        forum = store.get_forum(c, "demo")
        put_question(c, forum.id, "q1", None, NOW)
        for number in range(300):
            at = NOW - timedelta(minutes=number)
            store.add_alert(
                c, forum.id, store.AlertRow(f"al_{number}", "q1", "eva", "complaint", at)
            )
            burst = {"id": f"b{number}", "first_at": at, "last_at": at}
            row = {"forum_id": forum.id, "events": 7, "state": "open", "person": "p"}
            c.execute(event_bursts.insert().values(**burst, **row))
    with kept.database.read() as c:
        since = NOW - timedelta(minutes=249)
        found = {one.kind: one for one in changed_since(c, forum, since, ())}
    assert (found[ChangeKind.ALERTED].n, found[ChangeKind.ALERTED].at) == (250, NOW)
    burst_of = found[ChangeKind.BURST]
    assert (burst_of.n, burst_of.at, burst_of.facts["events"]) == (250, NOW, 1750)


def test_what_machines_changed_is_told_too(kept: Kept) -> None:
    with kept.database.write() as c:
        forum = store.get_forum(c, "demo")
        store.put_model(c, forum.id, "20260617-010000-aaaaaa", "d", NOW, {})
        row = store.DriftRow("inputs", "meaning", "all", "v", "drifted", NOW)
        store.replace_drifts(c, forum.id, [row])
    with kept.database.read() as c:
        found = {one.kind: one for one in changed_since(c, forum, NOW - timedelta(days=1), ())}
    assert found[ChangeKind.MODEL_MADE].about == "20260617-010000-aaaaaa"
    assert found[ChangeKind.DRIFTED].n == 1
