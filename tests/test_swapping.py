"""A reply is served with two neighbours changed about, and what is told of it later knows that."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.forum import SIGNER, THREADS, SmallForum, small_forum
from triage import store
from triage.assigning import Shares
from triage.desk import Desk
from triage.encoders import EncoderName, Encoders
from triage.outcomes.columns import joined, number_of
from triage.outcomes.standing import asks_from
from triage.policy import Policy
from triage.records import Answer, ApiKey, Draft, Event, EventType, Reply, Role, Thread
from triage.reports.contract import contract_events
from triage.reports.folding import asks_by_day, fold

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DRAFT = Draft("Bank feed stopped with KV-1042", "No transactions since Friday.", lang="en")
ANSWERS = ("Renew the consent.", "Ask the bank for a new token.", "Add the account again.")
BANK = tuple(
    Thread(
        f"bank{number}",
        "Bank feed stopped with KV-1042",
        "No transactions since Friday.",
        (Answer(f"a{number}", answer, accepted=True),),
        solved=True,
        lang="en",
    )
    for number, answer in enumerate(ANSWERS)
)


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[SmallForum]:
    """Yield a forum in which three threads answer one question."""
    with small_forum(tmp_path, (*THREADS[1:], *BANK)) as small:
        yield small


@pytest.fixture
def page(bank: SmallForum) -> ApiKey:
    """Return the key of its front end."""
    made = {"name": "page", "role": Role.FRONTEND, "publishable": False, "test": False}
    with bank.database.write() as c:
        return store.create_key(c, bank.forum.id, at=NOON, **made)[1]


def replies(
    small: SmallForum, key: ApiKey, swaps: float, persons: int = 12, holdout: float = 0.0
) -> list[Reply]:
    encoders = Encoders(EncoderName("hashing"), lambda name: small.encoder)
    where = small.database, small.forum, encoders, small.models_dir
    policy = Policy(swaps=swaps)
    desk = Desk(*where, signer=SIGNER, policy=policy, shares=Shares(holdout))
    # Of three that answer the same none stands out enough for the gate that is shipped.
    gate = desk._cold_gate
    desk._cold_gate = replace(gate, pooled=replace(gate.pooled, value=0.01))
    drafts = [replace(DRAFT, person=f"p{number}") for number in range(persons)]
    return [desk.ask(draft, key, clock=lambda: NOON) for draft in drafts]


def order_of(reply: Reply) -> list[int | None]:
    return [one.own_rank for one in reply.suggestions]


def test_the_policy_says_in_which_share_of_asks(bank: SmallForum, page: ApiKey) -> None:
    still = replies(bank, page, 0.0)
    assert {len(reply.suggestions) for reply in still} == {3}
    assert {tuple(order_of(reply)) for reply in still} == {(1, 2, 3)}
    moved = replies(bank, page, 0.5, 40)
    orders = {tuple(order_of(reply)) for reply in moved}
    assert orders == {(1, 2, 3), (2, 1, 3), (1, 3, 2)}
    again = replies(bank, page, 0.5, 40)
    # The later calls of the same asks.
    assert [one.ask_id for one in again] == [one.ask_id for one in moved]
    assert [order_of(one) for one in again] == [order_of(one) for one in moved]


def test_the_lead_sees_in_the_best_order_what_the_holdout_was_not_shown(
    bank: SmallForum, page: ApiKey
) -> None:
    held = [one for one in replies(bank, page, 0.5, 30, holdout=0.5) if not one.suggestions]
    assert held
    with bank.database.read() as c:
        for reply in held:
            row = store.get_triage(c, bank.forum.id, reply.triage_id)
            assert row is not None
            withheld = row.reply["withheld"]["suggestions"]
            assert [one["rank"] for one in withheld] == [1, 2, 3]


def send(small: SmallForum, key: ApiKey, reply: Reply, **more: object) -> str:
    event = Event(
        event_id=f"{reply.ask_id}-{more}",
        triage_id=reply.triage_id,
        ask_id=reply.ask_id,
        occurred_at=NOON + timedelta(seconds=2),
        **{"type": EventType.SHOWN, **more},  # type: ignore[arg-type]
    )
    with small.database.write() as c:
        (outcome,) = store.put_events(c, small.forum.id, key.id, False, [event], NOON)
    return outcome.state


def test_what_was_shown_is_kept_with_how_likely_its_place_was(
    bank: SmallForum, page: ApiKey
) -> None:
    reply = next(one for one in replies(bank, page, 0.5, 40) if order_of(one) == [2, 1, 3])
    for one in reply.suggestions:
        assert send(bank, page, reply, thread_id=one.thread_id, visible=True) == "accepted"
    assert [one.propensity for one in reply.suggestions] == [0.25, 0.25, 0.75]
    with bank.database.read() as c:
        kept = {e.thread_id: e for e in store.iter_events(c, bank.forum.id) if e.thread_id}
    told = [(kept[one.thread_id].rank, kept[one.thread_id].propensity) for one in reply.suggestions]
    assert told == [(1, 0.25), (2, 0.25), (3, 0.75)]
    with bank.database.read() as c:
        later = NOON + timedelta(days=1)
        events = [e for e in contract_events(c, bank.forum.id, None, None, later) if "rank" in e]
    assert [(e["rank"], e["own_rank"]) for e in sorted(events, key=lambda e: e["rank"])] == [
        *((1, 2), (2, 1)),
        (3, 3),
    ]
    fold(bank.database, bank.forum.id)
    with bank.database.read() as c:
        columns = joined(list(asks_by_day(c, bank.forum.id)))
    placings = asks_from(columns, (NOON + timedelta(days=1)).timestamp()).placings
    place = {int(number): at for at, number in enumerate(placings.thread)}
    rows = [place[number_of(one.thread_id)] for one in reply.suggestions]
    assert placings.rank[rows].tolist() == [1, 2, 3]
    assert placings.own_rank[rows].tolist() == [2, 1, 3]
    assert placings.propensity[rows].tolist() == [0.25, 0.25, 0.75]


def test_of_a_place_that_a_front_end_chose_itself_nobody_knows_how_likely_it_was(
    bank: SmallForum, page: ApiKey
) -> None:
    (reply,) = replies(bank, page, 0.5, 1)
    first = reply.suggestions[0]
    assert send(bank, page, reply, thread_id=first.thread_id, rank=3) == "accepted"
    with bank.database.read() as c:
        (event,) = [e for e in store.iter_events(c, bank.forum.id) if e.thread_id]
    assert (event.rank, event.propensity) == (3, None)
