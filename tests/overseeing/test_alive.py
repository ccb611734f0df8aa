"""Whether everything is alive: what comes all the time, and what fails without a word."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, update

from tests.reports.months import Kept
from tests.store.filling import put_question
from triage import store
from triage.overseeing import Check, Speech, Standing, check_forum, listen, tell_silence
from triage.overseeing.checking import heard_check
from triage.overseeing.silence import ENOUGH_CAUSES, never_heard
from triage.records import ChannelKind, DeliveryState, JobKind, JobState, MessageType, Role
from triage.store import Stream
from triage.store.tables.base import asks, events, jobs
from triage.store.tables.handing import deliveries, messages

from .busy import DAYS, NOW, fill

Heard = Mapping[Stream, Speech]


def heard(kept: Kept, now: datetime = NOW, *, simulated: bool = False) -> Heard:
    with kept.database.read() as c:
        found = listen(c, kept.forum_id, now, include_simulated=simulated)
    return {one.stream: one.speech for one in found}


def checks(kept: Kept, now: datetime = NOW) -> dict[str, Check]:
    with kept.database.read() as c:
        forum = store.get_forum(c, "demo")
        return {check.name: check for check in check_forum(c, forum, now)}


def channel(wants: MessageType, failures: int = 0) -> store.ChannelRow:
    return store.ChannelRow(
        channel_id="ch_pager",
        kind=ChannelKind.WEBHOOK,
        name="pager",
        sealed=b"",
        created_at=NOW,
        wants=frozenset({wants.value}),
        failures=failures,
    )


def told_messages(kept: Kept) -> list[Mapping[str, object]]:
    """Return what was posted of silences to whoever wants it."""
    silent = messages.c.type == MessageType.SILENT.value
    with kept.database.read() as c:
        return [row["data"] for row in c.execute(messages.select().where(silent)).mappings()]


def test_what_comes_as_usual_is_heard(kept: Kept) -> None:
    fill(kept)
    found = heard(kept)
    assert {found[s] for s in (Stream.ASKS, Stream.OFFERS, Stream.EVENTS)} == {Speech.HEARD}
    # Nothing was ever handed over here.
    assert found[Stream.POSTED] is Speech.NEVER


def test_a_night_is_no_silence_and_two_working_days_are(kept: Kept) -> None:
    fill(kept)
    for hours, speech in ((13, Speech.HEARD), (48, Speech.SILENT), (24 * 300, Speech.SILENT)):
        assert heard(kept, NOW + timedelta(hours=hours))[Stream.ASKS] is speech


def test_a_service_that_is_asked_and_never_offers_is_told_apart(kept: Kept) -> None:
    fill(kept)
    since = NOW - timedelta(days=5)
    with kept.database.write() as c:
        c.execute(update(asks).where(asks.c.opened_at >= since).values(offered=False))
    found = heard(kept)
    assert found[Stream.ASKS] is Speech.HEARD
    assert found[Stream.OFFERS] is Speech.SILENT


def test_front_ends_that_stop_telling_are_told_apart(kept: Kept) -> None:
    fill(kept)
    since = NOW - timedelta(days=5)
    with kept.database.write() as c:
        c.execute(delete(events).where(events.c.key_id.is_not(None), events.c.occurred_at >= since))
    found = heard(kept)
    assert found[Stream.ASKS] is Speech.HEARD
    assert found[Stream.EVENTS] is Speech.SILENT


def test_what_is_made_up_or_of_a_test_key_is_no_sign_of_life(kept: Kept) -> None:
    fill(kept)
    since = NOW - timedelta(days=5)
    with kept.database.write() as c:
        c.execute(update(asks).where(asks.c.opened_at >= since).values(simulated=True))
    assert heard(kept)[Stream.ASKS] is Speech.SILENT
    assert heard(kept, simulated=True)[Stream.ASKS] is Speech.HEARD
    with kept.database.write() as c:
        c.execute(update(asks).where(asks.c.opened_at >= since).values(test=True))
    assert heard(kept, simulated=True)[Stream.ASKS] is Speech.SILENT


def test_a_silence_is_told_once_and_the_next_one_again(kept: Kept) -> None:
    fill(kept)
    with kept.database.write() as c:
        row = channel(MessageType.SILENT)
        store.put_channel(c, kept.forum_id, row)
    told = [_told(kept, NOW + timedelta(hours=hours)) for hours in (1, 96, 97, 300)]
    assert [sorted(one) for one in told] == [[], ["asks", "events", "offers"], [], []]
    later = NOW + timedelta(days=20)
    with kept.database.write() as c:
        one = asks.c.ask_id == "a0-17"
        c.execute(update(asks).where(one).values(opened_at=later, offered=True))
    assert _told(kept, later + timedelta(days=10)) == {"asks", "offers"}
    told_of = told_messages(kept)
    assert len(told_of) == 5
    assert {frozenset(data) for data in told_of} == {
        frozenset({"part", "last_at", "expected", "limit"})
    }


def _told(kept: Kept, now: datetime) -> set[str]:
    with kept.database.write() as c:
        found = listen(c, kept.forum_id, now)
        return {one.stream.value for one in tell_silence(c, kept.forum_id, found, now)}


def never_offered(kept: Kept, days: int = DAYS) -> None:
    """Have a page ask as often as usual, and nothing ever be offered, nor told."""
    forum = fill(kept, days=days)
    with kept.database.write() as c:
        told = {"role": Role.FRONTEND, "publishable": True, "test": False}
        _, page = store.create_key(c, forum.id, name="page", at=NOW, **told)  # type: ignore[arg-type]
        c.execute(update(asks).values(offered=False, key_id=page.id))
        c.execute(delete(events).where(events.c.key_id.is_not(None)))


def never_told(kept: Kept, days: int = DAYS) -> None:
    """Have a page show what is offered, and never tell what became of it."""
    never_offered(kept, days)
    with kept.database.write() as c:
        c.execute(update(asks).values(offered=True))


def test_a_page_that_asks_and_is_never_offered_anything_is_shouted_about(kept: Kept) -> None:
    never_offered(kept)
    found = heard(kept)
    assert found[Stream.OFFERS] is Speech.MISSING
    # Without an offer there is no cause for an event: one fault is told, not two.
    assert found[Stream.EVENTS] is Speech.NEVER
    check = checks(kept)["offers"]
    assert (check.standing, check.code, check.at) == (Standing.BAD, "missing", None)
    assert check.facts["n"] == ENOUGH_CAUSES
    assert check.facts["since"] == NOW.replace(hour=8, minute=7) - timedelta(days=DAYS)


def test_a_page_that_never_tells_what_became_of_offers_is_shouted_about(kept: Kept) -> None:
    never_told(kept)
    found = heard(kept)
    assert (found[Stream.OFFERS], found[Stream.EVENTS]) == (Speech.HEARD, Speech.MISSING)
    assert checks(kept)["events"].standing is Standing.BAD
    with kept.database.write() as c:
        # A program that asks for others may keep to itself what they did.
        c.execute(update(asks).values(key_id=None))
    assert heard(kept)[Stream.EVENTS] is Speech.NEVER
    assert checks(kept)["events"].standing is Standing.RESTING


def test_what_was_never_there_is_told_once_too(kept: Kept) -> None:
    never_offered(kept)
    with kept.database.write() as c:
        store.put_channel(c, kept.forum_id, channel(MessageType.SILENT))
    assert [_told(kept, NOW + timedelta(hours=n)) for n in range(3)] == [{"offers"}, set(), set()]
    (told,) = told_messages(kept)
    assert (told["part"], told["last_at"]) == ("offers", None)
    assert (told["expected"], told["limit"]) == (ENOUGH_CAUSES, ENOUGH_CAUSES)
    # Once offered, it may fall silent as everything else may.
    with kept.database.write() as c:
        c.execute(update(asks).where(asks.c.ask_id == "a0-17").values(offered=True))
    assert heard(kept)[Stream.OFFERS] is Speech.THIN


@pytest.mark.parametrize(("days", "speech"), [(0, Speech.NEVER), (3, Speech.NEVER)])
def test_a_forum_that_is_merely_new_is_no_alarm(kept: Kept, days: int, speech: Speech) -> None:
    never_offered(kept, days)
    found = heard(kept)
    assert (found[Stream.OFFERS], found[Stream.ASKS]) == (speech, Speech.THIN)
    bad = {one.name for one in checks(kept).values() if one.standing is Standing.BAD}
    assert bad == {"knowledge"}


def test_many_asks_on_the_first_day_are_waited_for_until_it_is_over() -> None:
    many = store.Causes(ENOUGH_CAUSES, NOW - timedelta(hours=23))
    assert never_heard(Stream.OFFERS, many, NOW).speech is Speech.NEVER
    assert never_heard(Stream.OFFERS, many, NOW + timedelta(hours=1)).speech is Speech.MISSING


@pytest.mark.parametrize(
    ("days", "speech"), [(14, Speech.NEVER), (15, Speech.AWAITED), (400, Speech.AWAITED)]
)
def test_few_asks_in_two_weeks_without_an_offer_are_worth_a_look(days: int, speech: Speech) -> None:
    few = store.Causes(ENOUGH_CAUSES - 1, NOW - timedelta(days=days))
    found = never_heard(Stream.OFFERS, few, NOW)
    assert found.speech is speech
    standing = Standing.SOON if speech is Speech.AWAITED else Standing.RESTING
    assert (heard_check(found).standing, found.is_dead) == (standing, False)


def test_a_silence_is_told_once_also_where_nobody_wants_to_hear_of_it(kept: Kept) -> None:
    fill(kept)
    late = NOW + timedelta(days=4)
    assert "untold" not in codes(kept, late)
    told = [_told(kept, late + timedelta(minutes=5 * n)) for n in range(3)]
    assert told == [{"asks", "events", "offers"}, set(), set()]
    assert told_messages(kept) == []
    (check,) = [one for one in all_checks(kept, late) if one.name == "channels"]
    assert (check.standing, check.code, check.at) == (Standing.SOON, "untold", late)
    assert check.facts["n"] == 3
    # One that wants other things does not hear of it.
    with kept.database.write() as c:
        store.put_channel(c, kept.forum_id, channel(MessageType.PING))
    found = [one.code for one in all_checks(kept, late) if one.name == "channels"]
    assert sorted(found) == ["fine", "untold"]


def test_what_was_told_to_somebody_or_is_over_asks_for_no_channel(kept: Kept) -> None:
    fill(kept)
    late = NOW + timedelta(days=4)
    _told(kept, late)
    assert "untold" in codes(kept, late)
    # It speaks again: what nobody heard of is over.
    with kept.database.write() as c:
        again = {"opened_at": late + timedelta(hours=1), "offered": True}
        c.execute(update(asks).where(asks.c.ask_id == "a0-17").values(**again))
        told = {"occurred_at": late + timedelta(hours=1)}
        c.execute(update(events).where(events.c.event_id == "a0-14-solved").values(**told))
        store.put_channel(c, kept.forum_id, channel(MessageType.SILENT))
    assert "untold" not in codes(kept, late + timedelta(hours=2))
    later = late + timedelta(days=30)
    assert "asks" in _told(kept, later)
    with kept.database.read() as c:
        told_of = store.told_silence(c, kept.forum_id, Stream.ASKS)
    assert told_of == store.ToldSilence(later, 1)
    assert "untold" not in codes(kept, later)


def all_checks(kept: Kept, now: datetime) -> list[Check]:
    with kept.database.read() as c:
        return list(check_forum(c, store.get_forum(c, "demo"), now))


def codes(kept: Kept, now: datetime = NOW) -> set[str]:
    return {one.code for one in all_checks(kept, now)}


def alert(number: int, at: datetime) -> store.DriftAlert:
    return store.DriftAlert(
        alert_id=f"msg_{number}", at=at, model_version="v", receivers=0, drifted=[]
    )


@pytest.mark.parametrize("watched", ["no model", "never", "late", "failing", "fine"])
def test_an_alert_that_nobody_has_seen_shows_however_the_watch_stands(
    kept: Kept, watched: str
) -> None:
    hours = {"late": 30, "failing": 0}.get(watched, 1)
    with kept.database.write() as c:
        for number in range(60):
            at = NOW - timedelta(hours=1 if number else 90)
            store.add_drift_alert(c, kept.forum_id, alert(number, at))
        if watched != "no model":
            live(c, kept, NOW - timedelta(days=9))
        if watched not in ("no model", "never"):
            looked = NOW - timedelta(hours=hours)
            store.take_drift_look(c, kept.forum_id, looked, timedelta(0))
        if watched in ("late", "fine"):
            keep_look(c, kept, NOW - timedelta(hours=hours))
    found = [one for one in all_checks(kept, NOW) if one.name == "drift"]
    first = found[0]
    assert (first.standing, first.code, first.facts["n"]) == (Standing.BAD, "unseen", 60)
    # The oldest of all, not of those that a page of a list holds.
    assert first.at == NOW - timedelta(hours=90)
    rest = {"never": ["never"], "late": ["late"], "failing": ["late"]}.get(watched, [])
    assert [one.code for one in found[1:]] == rest
    with kept.database.write() as c:
        for number in range(60):
            store.see_drift_alert(c, kept.forum_id, f"msg_{number}", "eva", None, NOW)
    assert "unseen" not in {one.code for one in all_checks(kept, NOW) if one.name == "drift"}


def test_a_watch_that_takes_its_turn_and_fails_is_late(kept: Kept) -> None:
    with kept.database.write() as c:
        live(c, kept, NOW - timedelta(hours=2))
        store.take_drift_look(c, kept.forum_id, NOW, timedelta(0))
    # The version is live for two hours: nothing is late yet, and nothing was found to be fine.
    assert checks(kept)["drift"].code == "never"
    assert checks(kept, NOW + timedelta(hours=2))["drift"].code == "late"
    with kept.database.write() as c:
        keep_look(c, kept, NOW + timedelta(hours=2))
    found = checks(kept, NOW + timedelta(hours=2))["drift"]
    assert (found.code, found.at) == ("fine", NOW + timedelta(hours=2))
    with kept.database.write() as c:
        # It goes on taking turns, and fails.
        store.take_drift_look(c, kept.forum_id, NOW + timedelta(hours=9), timedelta(0))
    found = checks(kept, NOW + timedelta(hours=9))["drift"]
    assert (found.code, found.at) == ("late", NOW + timedelta(hours=2))


def live(c: store.Connection, kept: Kept, at: datetime) -> None:
    """Have a version be live from a moment on."""
    store.put_model(c, kept.forum_id, "v", "d", at, {})
    store.set_live_version(c, kept.forum_id, "v")
    store.add_history(c, kept.forum_id, store.HistoryRow(at, store.ModelAction.ACTIVATE, "v", "me"))


def keep_look(c: store.Connection, kept: Kept, at: datetime) -> None:
    day = store.DriftDay(at.date(), at, "v", {"verdicts": {}})
    store.keep_drift_day(c, kept.forum_id, day)


def test_the_oldest_of_many_alerts_says_how_late_it_is(kept: Kept) -> None:
    with kept.database.write() as c:
        put_question(c, kept.forum_id, "q1", None, NOW)
        for number in range(60):
            at = NOW - timedelta(hours=1 if number else 30)
            row = store.AlertRow(f"al_{number}", "q1", "eva", "complaint", at)
            store.add_alert(c, kept.forum_id, row)
    found = checks(kept)["alerts"]
    assert (found.standing, found.facts["n"]) == (Standing.BAD, 60)
    assert found.at == NOW - timedelta(hours=30)
    with kept.database.write() as c:
        store.see_alert(c, kept.forum_id, "al_0", "eva", NOW)
    found = checks(kept)["alerts"]
    assert (found.standing, found.facts["n"]) == (Standing.SOON, 59)


def test_an_empty_forum_says_what_is_missing_and_does_not_cry(kept: Kept) -> None:
    found = checks(kept)
    assert found["asks"].code == "never"
    assert found["knowledge"].standing is Standing.BAD
    assert found["model"].standing is Standing.SOON
    assert {c.name for c in found.values() if c.standing is Standing.BAD} == {"knowledge"}


@pytest.mark.parametrize(
    ("state", "beat", "code", "standing"),
    [
        (JobState.FAILED, 0, "failed", Standing.BAD),
        (JobState.RUNNING, 0, "running", Standing.GOOD),
        (JobState.RUNNING, 60, "stuck", Standing.BAD),
        (JobState.DONE, 0, "done", Standing.GOOD),
    ],
)
def test_a_training_run_that_nobody_works_on_is_not_alive(
    kept: Kept, state: JobState, beat: int, code: str, standing: Standing
) -> None:
    with kept.database.write() as c:
        store.queue_job(c, kept.forum_id, JobKind.TRAIN, {}, NOW)
        beaten = NOW - timedelta(minutes=beat)
        told = {"state": state.value, "heartbeat_at": beaten, "code": "not_enough_data"}
        c.execute(update(jobs).values(**told))
    found = checks(kept)["training"]
    assert (found.code, found.standing) == (code, standing)


def test_a_channel_that_cannot_be_reached_and_what_was_given_up(kept: Kept) -> None:
    with kept.database.write() as c:
        store.put_channel(c, kept.forum_id, channel(MessageType.PING))
        message = store.Message(type=MessageType.PING, stream="x", at=NOW, data={})
        store.post_message(c, kept.forum_id, message)
    assert checks(kept)["channels"].code == "fine"
    assert checks(kept)["deliveries"].standing is Standing.GOOD
    with kept.database.write() as c:
        c.execute(update(deliveries).values(state=DeliveryState.DEAD.value))
        tired = channel(MessageType.PING, failures=store.RESTS_AFTER)
        store.put_channel(c, kept.forum_id, tired)
    found = checks(kept)
    assert (found["channels"].code, found["channels"].standing) == ("resting", Standing.BAD)
    assert (found["deliveries"].code, found["deliveries"].facts["n"]) == ("dead", 1)
    names = list(found)
    assert names.index("deliveries") < names.index("asks")
