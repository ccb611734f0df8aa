"""What the service writes down is measured alike in the store and in a file of the same events."""

import random
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.forum import SIGNER, SmallForum
from triage import store
from triage.assigning import Shares
from triage.desk import Desk
from triage.encoders import EncoderName, Encoders
from triage.outcomes import Gathering, Wanted, asks_of, report_of
from triage.records import ApiKey, Asker, Draft, Event, EventType, Stage
from triage.reports import ReportOrder, report_of_forum

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
AS_OF = NOON + timedelta(days=20)
DRAFTS = (
    Draft("Bank feed stopped with KV-1042", "No transactions since Friday."),
    Draft("How heavy is a walrus", "It is for my daughter's school."),
)
KINDS = ("shown", "solved", "not_solved", "still_need_help", "posted")


def ask_and_tell(small: SmallForum, key: ApiKey, dice: random.Random) -> list[Event]:
    """Ask as people do: some log in on the way, some are staff, Swedish has no holdout."""
    encoders = Encoders(EncoderName("hashing"), lambda name: small.encoder)
    shares = Shares(0.5, {"sv": 0.0, "fi": 0.2})
    where = small.database, small.forum, encoders, small.models_dir
    desk = Desk(*where, signer=SIGNER, shares=shares)
    events: list[Event] = []
    for n in range(45):
        at, person, session = NOON + timedelta(hours=2 * n), f"p{n % 20}", f"s{n}"
        draft = replace(
            dice.choice(DRAFTS),
            session=session,
            person=dice.choice((person, None)),
            lang=dice.choice(("en", "sv", "fi")),
            stage=Stage.TYPING,
            asker=Asker.STAFF if n % 20 == 7 else Asker.CUSTOMER,
        )
        reply = desk.ask(draft, key, clock=lambda at=at: at)
        if dice.random() < 0.5:
            known = replace(draft, person=person, body="", stage=Stage.SUBMIT)
            later = at + timedelta(minutes=1)
            reply = desk.ask(known, key, clock=lambda later=later: later)
        for kind in (kind for kind in KINDS if dice.random() < 0.4):
            shown = [s.thread_id for s in reply.suggestions] if kind == "solved" else []
            event = Event(
                event_id=f"{kind}-{n}",
                type=EventType(kind),
                triage_id=reply.triage_id,
                ask_id=reply.ask_id,
                occurred_at=at + timedelta(minutes=dice.randint(-5, 9000)),
                thread_id=shown[0] if shown else None,
                session=session,
            )
            events.append(event)
    return events


def in_a_file(small: SmallForum) -> Gathering:
    """Take all that was written down as a file of the contract has it."""
    gathering = Gathering()
    with small.database.read() as c:
        ids = [one.ask_id for one in store.iter_asks(c, small.forum.id)]
        for told in store.told_events(c, small.forum.id, ids):
            details = told.pop("details") or {}
            gathering.take({**told, "value": told.pop("value_text"), **details})
    return gathering


def same(ours: Any, theirs: Any, where: str = "") -> None:  # noqa: ANN401
    if isinstance(theirs, Mapping):
        for name in theirs:
            same(ours[name], theirs[name], f"{where}.{name}")
    elif isinstance(theirs, float):
        assert ours == pytest.approx(theirs, abs=1e-9), where
    else:
        assert ours == theirs, where


@pytest.mark.parametrize("seed", [4, 5])
def test_store_and_file_say_the_same_of_what_the_service_wrote(
    small: SmallForum, key: ApiKey, seed: int
) -> None:
    dice = random.Random(seed)
    events = ask_and_tell(small, key, dice)
    # Late, in any order, again, and from several at once.
    sent = [*events, *dice.sample(events, len(events) // 2)]
    dice.shuffle(sent)
    at = NOON + timedelta(days=12)

    def send(batch: list[Event]) -> None:
        with small.database.write() as c:
            store.put_events(c, small.forum.id, key.id, False, batch, at)

    with ThreadPoolExecutor(4) as at_once:
        list(at_once.map(send, [sent[n : n + 9] for n in range(0, len(sent), 9)]))
    found = report_of_forum(small.database, small.forum.id, ReportOrder(as_of=AS_OF))
    file = report_of(
        asks_of(in_a_file(small).log(), AS_OF.timestamp()), Wanted(found["holdout_share"])
    )
    same(found, file)
    assert found["asks"] + found["excluded"]["staff"] == 45
    assert found["persons_in_holdout"] > 0
    assert found["lift"] is not None
