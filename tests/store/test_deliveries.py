"""What is due when, in which order, and what becomes of it: the store's side of delivering."""

from datetime import datetime, timedelta

import pytest

from tests.store.samples import NOON
from triage.records import ChannelKind, DeliveryState, Forum, MessageType
from triage.retention import CLASSES, Retention
from triage.store import (
    RESTS_AFTER,
    ChannelRow,
    Claimed,
    Connection,
    Database,
    Message,
    Outcome,
    Settling,
    attempts_of,
    claim_due,
    claimants,
    count_deliveries,
    disable_channel,
    drop_too_old,
    due_channels,
    enable_channel,
    get_channel,
    get_delivery,
    get_messages,
    has_channels,
    list_deliveries,
    mend,
    needs_mending,
    post_message,
    post_to,
    put_channel,
    release_claims,
    replay_dead,
    replay_delivery,
    settle,
    skip_delivery,
)

WEBHOOKS = (ChannelKind.WEBHOOK,)
WANTS = frozenset({MessageType.RECEIVED.value, MessageType.ANSWERED.value})
ME, OTHER = "here:1:a", "here:2:b"
SECOND = timedelta(seconds=1)
LEASE = timedelta(minutes=2)


def channel(channel_id: str = "ch", **fields: object) -> ChannelRow:
    values = {"kind": ChannelKind.WEBHOOK, "name": "crm", "sealed": b"", "created_at": NOON}
    return ChannelRow(channel_id=channel_id, **{**values, "wants": WANTS, **fields})  # type: ignore[arg-type]


def message(message_id: str, stream: str = "q1", at: datetime = NOON) -> Message:
    return Message(
        type=MessageType.RECEIVED,
        stream=stream,
        at=at,
        data={"question_id": stream},
        question_id=stream,
        message_id=message_id,
    )


def put(c: Connection, forum: Forum, *told: tuple[str, str]) -> None:
    """Post messages (id, stream) to a channel."""
    for message_id, stream in told:
        assert post_message(c, forum.id, message(message_id, stream)) == 1


def claim(
    c: Connection, forum: Forum, by: str = ME, now: datetime = NOON, most: int = 9
) -> dict[str, Claimed]:
    found = claim_due(c, forum.id, "ch", by, now, now + LEASE, most)
    return {one.message_id: one for one in found}


def ended(
    c: Connection,
    forum: Forum,
    claimed: Claimed,
    state: DeliveryState | None = DeliveryState.DELIVERED,
    *,
    by: str = ME,
    now: datetime = NOON,
    again: datetime | None = None,
    gone: bool = False,
    rest_until: datetime | None = None,
    **more: object,
) -> None:
    failed = {} if state is DeliveryState.DELIVERED else {"code": "http_500", "due_at": again}
    outcome = Outcome(
        delivery_id=claimed.delivery_id,
        at=now,
        state=state,
        **{"status": 200, **failed, **more},  # type: ignore[arg-type]
    )
    how = Settling(by=by, now=now, rest=_rest, gone=gone, rest_until=rest_until)
    settle(c, forum.id, "ch", [outcome], how)


def _rest(failures: int) -> timedelta:
    return timedelta(seconds=10 * failures)


def due_at(c: Connection, forum: Forum) -> datetime | None:
    found = get_channel(c, forum.id, "ch")
    assert found is not None
    return found.due_at


def states(c: Connection, forum: Forum) -> dict[str, str]:
    return {row.message_id: row.state.value for row in list_deliveries(c, forum.id)}


def test_only_the_first_of_a_stream_is_due_until_it_has_arrived(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        put_channel(c, forum.id, channel())
        put(c, forum, ("m1", "q1"), ("m2", "q1"), ("n1", "q2"), ("m3", "q1"))
        first = claim(c, forum)
        assert list(first) == ["m1", "n1"]
        assert get_messages(c, forum.id, ["m1"]) == {"m1": message("m1")}
        assert claim(c, forum) == {}
        ended(c, forum, first["m1"])
        second = claim(c, forum)
        assert list(second) == ["m2"]
        ended(c, forum, second["m2"])
        assert list(claim(c, forum)) == ["m3"]


def test_what_is_posted_behind_what_arrived_is_due_at_once(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        put_channel(c, forum.id, channel())
        put(c, forum, ("m1", "q1"))
        ended(c, forum, claim(c, forum)["m1"])
        assert due_at(c, forum) == NOON
        assert claim(c, forum) == {}
        assert due_at(c, forum) is None
        put(c, forum, ("m2", "q1"))
        assert due_at(c, forum) == NOON
        assert list(claim(c, forum)) == ["m2"]


def test_a_channel_is_looked_at_while_there_is_more_then_when_something_is_due_then_never(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        put_channel(c, forum.id, channel())
        put(c, forum, ("m1", "q1"), ("n1", "q2"))
        assert [row.channel_id for _, row in due_channels(c, WEBHOOKS, NOON, 9)] == ["ch"]
        assert due_channels(c, WEBHOOKS, NOON, 9, ["ch"]) == []
        assert due_channels(c, (ChannelKind.ZAMMAD,), NOON, 9) == []
        one = claim(c, forum, most=1)
        assert due_at(c, forum) == NOON
        two = claim(c, forum, most=2)
        assert due_at(c, forum) == NOON + LEASE
        assert due_channels(c, WEBHOOKS, NOON, 9) == []
        ended(c, forum, one["m1"], DeliveryState.PENDING, again=NOON + 5 * SECOND)
        ended(c, forum, two["n1"])
        assert claim(c, forum) == {}
        assert due_at(c, forum) == NOON + 5 * SECOND
        again = claim(c, forum, now=NOON + 5 * SECOND)
        assert again["m1"].attempts == 1
        ended(c, forum, again["m1"], now=NOON + 5 * SECOND)
        assert claim(c, forum, now=NOON + 5 * SECOND) == {}
        assert due_at(c, forum) is None
        found = get_delivery(c, forum.id, "ch", "m1")
        assert found is not None
        assert (found.attempts, found.state, found.due_at) == (2, DeliveryState.DELIVERED, None)
        assert (found.first_at, found.last_at) == (NOON, NOON + 5 * SECOND)
        assert [(a.number, a.code) for a in attempts_of(c, forum.id, "ch", "m1")] == [
            (1, "http_500")
        ]


def test_a_claim_that_has_run_out_is_taken_over_and_the_late_word_of_its_holder_counts_only_if_good(
    database: Database, forum: Forum
) -> None:
    later = NOON + LEASE
    with database.write() as c:
        put_channel(c, forum.id, channel())
        put(c, forum, ("m1", "q1"), ("m2", "q1"))
        mine = claim(c, forum)["m1"]
        assert claim(c, forum, OTHER, NOON + SECOND) == {}
        theirs = claim(c, forum, OTHER, later)["m1"]
        assert theirs == mine
        ended(c, forum, mine, DeliveryState.DEAD, now=later)
        assert states(c, forum)["m1"] == "pending"
        ended(c, forum, mine, now=later)
        assert states(c, forum)["m1"] == "delivered"
        # The other's attempt is then one too many, and nothing more.
        ended(c, forum, theirs, DeliveryState.DEAD, by=OTHER, now=later)
        ended(c, forum, theirs, by=OTHER, now=later)
        found = get_delivery(c, forum.id, "ch", "m1")
        assert found is not None
        assert found.attempts == 1


def test_what_the_dead_held_is_given_back(database: Database, forum: Forum) -> None:
    with database.write() as c:
        put_channel(c, forum.id, channel())
        put(c, forum, ("m1", "q1"))
        claim(c, forum)
        assert claimants(c, forum.id) == [ME]
        assert release_claims(c, forum.id, [OTHER], NOON) == 0
        assert release_claims(c, forum.id, [ME], NOON) == 1
        assert list(claim(c, forum, OTHER)) == ["m1"]


def test_what_is_given_back_was_no_attempt(database: Database, forum: Forum) -> None:
    with database.write() as c:
        put_channel(c, forum.id, channel())
        put(c, forum, ("m1", "q1"))
        ended(c, forum, claim(c, forum)["m1"], None)
        assert claim(c, forum)["m1"].attempts == 0


def test_a_dead_one_holds_those_behind_it_until_it_is_replayed_or_skipped(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        put_channel(c, forum.id, channel())
        put(c, forum, ("m1", "q1"), ("m2", "q1"), ("n1", "q2"), ("n2", "q2"))
        for one in claim(c, forum).values():
            ended(c, forum, one, DeliveryState.DEAD)
        assert claim(c, forum) == {}
        assert count_deliveries(c, forum.id) == {
            "ch": {DeliveryState.DEAD: 2, DeliveryState.PENDING: 2}
        }
        assert not replay_delivery(c, forum.id, "ch", "m2", NOON)
        assert not skip_delivery(c, forum.id, "other", "m1", NOON)
        assert skip_delivery(c, forum.id, "ch", "m1", NOON)
        assert not skip_delivery(c, forum.id, "ch", "m1", NOON)
        assert list(claim(c, forum)) == ["m2"]
        assert replay_dead(c, forum.id, "ch", NOON) == 1
        again = claim(c, forum)["n1"]
        assert again.attempts == 0
        ended(c, forum, again, DeliveryState.DEAD)
        assert [a.number for a in attempts_of(c, forum.id, "ch", "n1")] == [1, 2]
        assert replay_delivery(c, forum.id, "ch", "n1", NOON)
        ended(c, forum, claim(c, forum)["n1"])
        assert list(claim(c, forum)) == ["n2"]


def test_one_that_is_under_way_is_not_skipped_and_one_in_the_middle_moves_nobody(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        put_channel(c, forum.id, channel())
        put(c, forum, ("m1", "q1"), ("m2", "q1"), ("m3", "q1"))
        head = claim(c, forum)["m1"]
        assert not skip_delivery(c, forum.id, "ch", "m1", NOON)
        assert skip_delivery(c, forum.id, "ch", "m2", NOON)
        assert claim(c, forum) == {}
        ended(c, forum, head)
        assert list(claim(c, forum)) == ["m3"]


def test_a_channel_that_failed_often_in_a_row_rests_and_is_probed_with_one(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        put_channel(c, forum.id, channel())
        put(c, forum, *((f"m{n}", f"q{n}") for n in range(5)))
        claimed = claim(c, forum, most=4)
        for n in range(RESTS_AFTER):
            late = NOON + timedelta(hours=1)
            ended(c, forum, claimed[f"m{n}"], DeliveryState.PENDING, again=late)
        rested = NOON + _rest(RESTS_AFTER)
        assert due_at(c, forum) == rested
        # One that was under way says no more; what is posted does not wake it.
        ended(c, forum, claimed["m3"], DeliveryState.PENDING, again=NOON)
        put(c, forum, ("m9", "q9"))
        assert due_at(c, forum) == rested
        assert claim(c, forum) == {}
        (probe,) = claim(c, forum, now=rested).values()
        assert claim(c, forum, now=rested) == {}
        ended(c, forum, probe, DeliveryState.PENDING, now=rested, again=rested, probing=True)
        found = get_channel(c, forum.id, "ch")
        assert found is not None
        assert (found.failures, found.due_at) == (4, rested + _rest(4))
        back = rested + _rest(4)
        (probe,) = claim(c, forum, now=back).values()
        ended(c, forum, probe, now=back)
        found = get_channel(c, forum.id, "ch")
        assert found is not None
        assert (found.failures, found.reached_at) == (0, back)
        # What had failed is not made to wait for what its receiver did.
        assert len(claim(c, forum, now=back)) == 5


def test_what_is_posted_to_a_channel_that_fails_is_tried_within_minutes(
    database: Database, forum: Forum
) -> None:
    hours = NOON + timedelta(hours=6)
    with database.write() as c:
        put_channel(c, forum.id, channel())
        put(c, forum, *((f"m{n}", f"q{n}") for n in range(RESTS_AFTER)))
        for one in claim(c, forum).values():
            ended(c, forum, one, DeliveryState.PENDING, again=hours)
        rested = NOON + _rest(RESTS_AFTER)
        assert claim(c, forum, now=rested) == {}
        put(c, forum, ("m9", "q9"))
        looked = due_at(c, forum)
        assert looked is not None
        assert looked <= rested + timedelta(minutes=5)
        assert list(claim(c, forum, now=looked)) == ["m9"]


def test_a_channel_that_rests_is_probed_with_what_came_last_in_turn_with_what_waits_longest(
    database: Database, forum: Forum
) -> None:
    probed, now = [], NOON
    with database.write() as c:
        put_channel(c, forum.id, channel(failures=RESTS_AFTER))
        put(c, forum, *((f"m{n}", f"q{n}") for n in range(5)))
        for _ in range(4):
            ((name, one),) = claim(c, forum, now=now).items()
            probed.append(name)
            ended(c, forum, one, DeliveryState.PENDING, now=now, again=now, probing=True)
            now += timedelta(hours=1)
    # The longest due is one that failed already: it is not let wait for ever, nor are the others.
    assert probed == ["m4", "m0", "m3", "m1"]


def test_what_failed_while_others_arrived_keeps_its_moment_when_the_channel_is_back(
    database: Database, forum: Forum
) -> None:
    late = NOON + timedelta(days=1)
    reached, failed, back = (NOON + timedelta(hours=n) for n in (1, 2, 3))
    with database.write() as c:
        put_channel(c, forum.id, channel())
        put(c, forum, ("refused", "q1"), ("m1", "q2"))
        claimed = claim(c, forum)
        ended(c, forum, claimed["refused"], DeliveryState.PENDING, again=late)
        ended(c, forum, claimed["m1"], now=reached)
        put(c, forum, *((f"n{n}", f"n{n}") for n in range(RESTS_AFTER)))
        for one in claim(c, forum, now=failed).values():
            ended(c, forum, one, DeliveryState.PENDING, now=failed, again=late)
        put(c, forum, ("m2", "q3"))
        ended(c, forum, claim(c, forum, now=back)["m2"], now=back)
        assert sorted(claim(c, forum, now=back)) == ["n0", "n1", "n2"]


def test_many_that_fail_at_once_are_a_few_in_a_row(database: Database, forum: Forum) -> None:
    with database.write() as c:
        put_channel(c, forum.id, channel())
        put(c, forum, *((f"m{n}", f"q{n}") for n in range(9)))
        outcomes = [
            Outcome(delivery_id=one.delivery_id, at=NOON, state=DeliveryState.PENDING, due_at=NOON)
            for one in claim(c, forum).values()
        ]
        outcomes = [Outcome(**{**_fields(one), "code": "unreachable"}) for one in outcomes]
        settle(c, forum.id, "ch", outcomes, Settling(by=ME, now=NOON, rest=_rest))
        found = get_channel(c, forum.id, "ch")
        assert found is not None
        assert found.failures == RESTS_AFTER


def _fields(one: Outcome) -> dict[str, object]:
    return {name: getattr(one, name) for name in Outcome.__slots__}


def test_what_its_receiver_puts_off_rests_the_channel_and_is_no_attempt(
    database: Database, forum: Forum
) -> None:
    asked = NOON + timedelta(minutes=10)
    with database.write() as c:
        put_channel(c, forum.id, channel())
        put(c, forum, ("m1", "q1"))
        one = claim(c, forum)["m1"]
        off = {"put_off": True, "status": 429, "code": "rate_limited", "again": asked}
        ended(c, forum, one, DeliveryState.PENDING, rest_until=asked, **off)  # type: ignore[arg-type]
        assert due_at(c, forum) == asked
        assert claim(c, forum, now=asked - SECOND) == {}
        assert claim(c, forum, now=asked)["m1"].attempts == 0
        found = get_delivery(c, forum.id, "ch", "m1")
        assert found is not None
        assert (found.code, found.status) == ("rate_limited", 429)
        assert attempts_of(c, forum.id, "ch", "m1") == []


def test_a_channel_that_is_gone_is_let_be_until_somebody_enables_it_and_nothing_is_lost(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        put_channel(c, forum.id, channel())
        put(c, forum, ("m1", "q1"))
        one = claim(c, forum)["m1"]
        ended(c, forum, one, DeliveryState.PENDING, again=NOON, gone=True, status=410)
        put(c, forum, ("m2", "q1"), ("n1", "q2"))
        assert due_channels(c, WEBHOOKS, NOON, 9) == []
        assert not has_channels(c, WEBHOOKS)
        assert claim(c, forum) == {}
        found = get_channel(c, forum.id, "ch")
        assert found is not None
        assert found.disabled_why == "gone"
        assert enable_channel(c, forum.id, "ch", NOON)
        assert sorted(claim(c, forum)) == ["m1", "n1"]
        assert disable_channel(c, forum.id, "ch", NOON, "by hand")


@pytest.mark.parametrize("kept", [True, False])
def test_those_behind_what_went_for_its_age_go_on(
    database: Database, forum: Forum, kept: bool
) -> None:
    later = NOON + timedelta(days=40)
    with database.write() as c:
        put_channel(c, forum.id, channel())
        put(c, forum, ("m1", "q1"))
        post_message(c, forum.id, message("m2", "q1", later))
        ended(c, forum, claim(c, forum)["m1"], DeliveryState.DEAD)
        assert not needs_mending(c, forum.id)
        days = {**dict.fromkeys(CLASSES, None), "messages": None if kept else 30}
        drop_too_old(c, forum.id, Retention(days), later)
        assert needs_mending(c, forum.id) is not kept
        assert bool(mend(c, forum.id, later)) is not kept
        assert list(claim(c, forum, now=later)) == ([] if kept else ["m2"])


def test_a_channel_that_nobody_looks_at_is_looked_at_again(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        row = channel()
        put_channel(c, forum.id, row)
        put(c, forum, ("m1", "q1"))
        put_channel(c, forum.id, row)
        assert due_at(c, forum) is None
        assert needs_mending(c, forum.id)
        mend(c, forum.id, NOON)
        assert list(claim(c, forum)) == ["m1"]


def test_deliveries_are_listed_newest_first_and_those_to_a_person_to_them_alone(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        put_channel(c, forum.id, channel())
        put_channel(
            c, forum.id, channel("own", kind=ChannelKind.PERSON_WEBHOOK, person="anna", wants=())
        )
        put(c, forum, ("m1", "q1"), ("m2", "q1"), ("n1", "q2"))
        post_to(c, forum.id, message("p1", "notice"), "own")
        listed = list_deliveries(c, forum.id, limit=2)
        assert [row.message_id for row in listed] == ["n1", "m2"]
        more = list_deliveries(c, forum.id, before=listed[-1].id)
        assert [(row.message_id, row.question_id) for row in more] == [("m1", "q1")]
        theirs = list_deliveries(c, forum.id, person="anna")
        assert [row.message_id for row in theirs] == ["p1"]
        of_question = list_deliveries(c, forum.id, question_id="q1", state=DeliveryState.PENDING)
        assert [row.message_id for row in of_question] == ["m2", "m1"]
        assert list_deliveries(c, forum.id, channel_id="other") == []
        assert list(count_deliveries(c, forum.id)) == ["ch"]
