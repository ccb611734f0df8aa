"""A policy is tried on what is kept of a forum's past."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from tests.forum import SmallForum
from triage import store
from triage.errors import NotEnoughData
from triage.policies.in_force import InForce
from triage.policies.trial import Trial, try_policy
from triage.policy import Policy, Rule
from triage.records import (
    Account,
    ApiKey,
    Destination,
    Draft,
    Event,
    EventType,
    Reply,
    Role,
    Stage,
)
from triage.retention import CLASSES, Retention
from triage.store.tables.ask import asks

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EXPERTS = Policy(default_destination=Destination.EXPERT)


def key_of(small: SmallForum, *, test: bool = False) -> ApiKey:
    with small.database.write() as c:
        made = {"name": "forum", "role": Role.FRONTEND, "publishable": False}
        return store.create_key(c, small.forum.id, test=test, at=NOW, **made)[1]  # type: ignore[arg-type]


class Asking:
    """Asks, and tells what became of each."""

    def __init__(self, small: SmallForum) -> None:
        self.small, self.desk, self.key = small, small.desk(), key_of(small)
        self.count = 0

    def ask(self, at: datetime, title: str = "Dark theme", **more: Any) -> Reply:  # noqa: ANN401
        self.count += 1
        draft = Draft(title, "In the app.", lang="en", person=f"p{self.count}", **more)
        return self.desk.ask(draft, self.key, clock=lambda: at)

    def tell(self, reply: Reply, what: EventType, at: datetime, value: float | None = None) -> None:
        self.count += 1
        event = Event(f"e{self.count}", what, reply.triage_id, reply.ask_id, at, value=value)
        with self.small.database.write() as c:
            done = store.put_events(c, self.small.forum.id, self.key.id, False, [event], NOW)
        assert done[0].state == "accepted", done

    def try_(self, draft: Policy, current: Policy | None = None, days: float = 30) -> Trial:
        now = InForce(current or Policy())
        return try_policy(
            self.small.database, self.small.forum.id, InForce(draft, "2"), now, days, NOW
        )


@pytest.fixture
def asking(small: SmallForum) -> Asking:
    return Asking(small)


def test_without_asks_nothing_is_tried(asking: Asking) -> None:
    with pytest.raises(NotEnoughData):
        asking.try_(EXPERTS)


def test_only_what_was_really_sent_in_these_days_is_counted(asking: Asking) -> None:
    asking.ask(NOW - 40 * DAY)
    asking.ask(NOW - DAY, stage=Stage.TYPING)
    asking.ask(NOW - DAY)
    asking.desk.ask(Draft("A test", ""), key_of(asking.small, test=True), clock=lambda: NOW - DAY)
    found = asking.try_(EXPERTS)
    assert (found.counted, found.found.asks, found.found.moved_to_expert) == ("sent", 1, 1)
    assert asking.try_(EXPERTS, days=60).found.asks == 2


def test_where_posts_are_told_of_only_they_are_counted(asking: Asking) -> None:
    asking.ask(NOW - DAY)
    posted = asking.ask(NOW - DAY)
    asking.tell(posted, EventType.POSTED, NOW - DAY + HOUR)
    found = asking.try_(EXPERTS)
    assert (found.counted, found.found.asks) == ("posted", 1)


def test_whoever_sends_again_is_counted_once_as_sent_last(asking: Asking) -> None:
    draft = Draft("Dark theme", "In the app.", lang="en", person="anna")
    again = Draft("Dark theme", "In the app.", lang="en", person="anna", wants_person=True)
    for minutes, one in ((0, draft), (5, again)):
        at = NOW - DAY + timedelta(minutes=minutes)
        asking.desk.ask(one, asking.key, clock=lambda at=at: at)  # type: ignore[misc]
    found = asking.try_(Policy())
    assert found.found.asks == 1
    assert found.found.draft["expert_questions"].value == 1


def test_who_really_had_to_answer_is_what_happened(asking: Asking) -> None:
    said = [asking.ask(NOW - DAY) for _ in range(3)]
    for reply in said:
        asking.tell(reply, EventType.POSTED, NOW - DAY + HOUR)
    asking.tell(said[0], EventType.ANSWERED, NOW - DAY + 3 * HOUR)
    asking.tell(said[1], EventType.ESCALATED, NOW - DAY + 4 * HOUR)
    asking.tell(said[1], EventType.STAFF_TIME, NOW - DAY + 5 * HOUR, 90)
    found = asking.try_(EXPERTS).found
    assert found.known == 2
    assert found.current["wrong_public"].value == 0.5
    assert found.draft["wrong_public"].value == 0
    assert found.draft["expert_hours"].value == pytest.approx(1.5 + 2)


def test_waiting_is_what_was_measured_here(asking: Asking) -> None:
    for _ in range(25):
        reply = asking.ask(NOW - 2 * DAY)
        asking.tell(reply, EventType.POSTED, NOW - 2 * DAY)
        asking.tell(reply, EventType.ANSWERED, NOW - 2 * DAY + 6 * HOUR)
    found = asking.try_(Policy())
    assert found.waits == 25
    assert found.found.draft["wait_median_hours"].value == 6
    assert asking.try_(EXPERTS).found.draft["wait_median_hours"].value is None


def test_the_queue_of_then_is_rebuilt_where_it_was_not_written_down(asking: Asking) -> None:
    from triage.policies.trial import _Queue

    rows = []
    for hours, until in ((10, None), (9, 5), (8, 2)):
        reply = asking.ask(NOW - hours * HOUR, wants_person=True)
        asking.tell(reply, EventType.POSTED, NOW - hours * HOUR)
        if until is not None:
            asking.tell(reply, EventType.ANSWERED, NOW - until * HOUR)
    with asking.small.database.read() as c:
        rows = list(store.iter_past_asks(c, asking.small.forum.id, NOW - DAY, NOW))
    queue = _Queue(rows)
    assert [queue.at(NOW - hours * HOUR) for hours in (11, 9, 6, 4, 1)] == [0, 2, 3, 2, 1]
    assert _Queue(()).at(NOW) is None


def test_a_rule_finds_its_words_and_the_account_is_known(asking: Asking) -> None:
    forum_id = asking.small.forum.id
    with asking.small.database.write() as c:
        store.put_accounts(c, forum_id, [Account("acme", support_level="gold")])
    asking.ask(NOW - DAY, "Dark theme")
    asking.ask(NOW - DAY, "Bank feed")
    asking.ask(NOW - DAY, "Invoices", account="acme")
    rule = Rule("bank", Destination.EXPERT, words=("bank feed",))
    assert asking.try_(Policy(rules=(rule,))).found.moved_to_expert == 1
    assert asking.try_(Policy(expert_levels=frozenset({"gold"}))).found.moved_to_expert == 1


def test_asks_whose_words_are_gone_are_left_out_and_counted(asking: Asking) -> None:
    for days in (1, 9):
        asking.ask(NOW - days * DAY)
    days_kept = {name: 5 if name == "asks" else None for name in CLASSES}
    with asking.small.database.write() as c:
        store.blank_too_old(c, asking.small.forum.id, Retention(days_kept), NOW)
    found = asking.try_(EXPERTS)
    assert (found.found.asks, found.wordless) == (1, 1)


def test_what_is_told_is_plain(asking: Asking) -> None:
    asking.ask(NOW - DAY)
    told = asking.try_(EXPERTS).told()
    assert (told["draft_version"], told["current_version"]) == ("2", "default")
    assert told["since"] == (NOW - 30 * DAY).isoformat()
    assert told["draft"]["coverage"]["value"] == 0


def test_the_asks_that_move_are_told_by_their_ids(asking: Asking) -> None:
    said = asking.ask(NOW - DAY)
    told = asking.try_(EXPERTS).told()
    assert told["moved"] == [
        {
            "ask_id": said.ask_id,
            "to": "expert",
            "draft": "unrouted",
            "current": "unrouted",
            "truth": None,
        }
    ]
    assert told["decided"] == {"unrouted": {"draft": 1, "current": 1}}


def test_made_up_asks_are_tried_on_where_a_demo_wants_them_alone(asking: Asking) -> None:
    asking.ask(NOW - DAY)
    made_up = asking.ask(NOW - DAY)
    with asking.small.database.write() as c:
        c.execute(update(asks).where(asks.c.ask_id == made_up.ask_id).values(simulated=True))
    found = asking.try_(EXPERTS)
    assert (found.found.asks, found.simulated) == (1, 0)
    forum, now = asking.small.forum, InForce(Policy())
    both = try_policy(
        asking.small.database, forum.id, InForce(EXPERTS, "2"), now, 30, NOW, include_simulated=True
    )
    assert (both.found.asks, both.told()["simulated"]) == (2, 1)
