"""Whether everything is alive: what comes all the time, and what fails without a word."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, update

from tests.reports.months import Kept
from triage import store
from triage.overseeing import Check, Speech, Standing, check_forum, listen, tell_silence
from triage.records import ChannelKind, DeliveryState, JobKind, JobState, MessageType
from triage.store import Stream
from triage.store.tables.base import asks, events, jobs
from triage.store.tables.handing import deliveries

from .busy import NOW, fill

WEEK = timedelta(days=7)

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
    with kept.database.read() as c:
        since = NOW - WEEK
        messages = store.last_messages(c, kept.forum_id, MessageType.SILENT, since)
    assert len(messages) == 5
    assert set(messages[0].data) == {"part", "last_at", "expected", "limit"}


def _told(kept: Kept, now: datetime) -> set[str]:
    with kept.database.write() as c:
        found = listen(c, kept.forum_id, now)
        return {one.stream.value for one in tell_silence(c, kept.forum_id, found, now)}


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
