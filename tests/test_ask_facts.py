"""An ask knows its account, product and destination as its first call told them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.forum import SmallForum
from triage import store
from triage.outcomes import Asks
from triage.records import ApiKey, Arm, Draft, EventType, Stage
from triage.reports import asks_of_forum, fold

from .test_keeping import BANK, HELD, NOON, TREATED, ask, row

MINUTE = timedelta(minutes=1)
LATER = datetime(2026, 3, 9, tzinfo=UTC)
PORTAL = replace(BANK, product="Portal")
SECRET = Draft("My password", "It is hunter2: password=hunter2hunter2", lang="en", product="Portal")


def details(small: SmallForum, ask_id: str) -> list[dict[str, Any]]:
    """Return what the `asked` events of an ask say of it, in their order."""
    with small.database.read() as c:
        told = list(store.told_events(c, small.forum.id, [ask_id]))
    mine = [one for one in told if one["type"] == EventType.ASKED]
    return [one["details"] for one in sorted(mine, key=lambda one: str(one["occurred_at"]))]


def columns(small: SmallForum) -> Asks:
    fold(small.database, small.forum.id)
    with small.database.read() as c:
        return asks_of_forum(c, small.forum.id, LATER)


def belongs(small: SmallForum, person: str, account: str) -> None:
    with small.database.write() as c:
        store.set_account_of(c, small.forum.id, person, account)


def test_the_account_is_the_one_that_is_named_or_else_the_persons(
    small: SmallForum, key: ApiKey
) -> None:
    belongs(small, "p", "acme")
    of_person = ask(small, key, replace(BANK, person="p"))
    named = ask(small, key, replace(BANK, person="p", account="brio"), NOON + timedelta(days=1))
    nobody = ask(small, key, BANK)
    assert [row(small, r).account for r in (of_person, named, nobody)] == ["acme", "brio", None]


def test_who_logs_in_on_the_way_changes_no_account(small: SmallForum, key: ApiKey) -> None:
    belongs(small, "p", "acme")
    first = ask(small, key, replace(BANK, session="s", stage=Stage.TYPING))
    again = ask(small, key, replace(BANK, session="s", person="p"), NOON + MINUTE)
    assert again.ask_id == first.ask_id
    assert (row(small, again).person, row(small, again).account) == ("p", None)


def test_columns_hold_what_the_first_call_said_and_the_row_what_the_last_did(
    small: SmallForum, key: ApiKey
) -> None:
    typed = ask(small, key, replace(PORTAL, session="s", stage=Stage.TYPING))
    sent = ask(small, key, replace(SECRET, session="s", product="Ledger"), NOON + MINUTE)
    assert sent.ask_id == typed.ask_id
    first, last = typed.decision.destination.value, sent.decision.destination.value
    assert (first, last) == ("community", "expert")
    kept = row(small, sent)
    assert (kept.product, kept.destination) == ("Ledger", last)
    assert [one["destination"] for one in details(small, sent.ask_id)] == [first, last]
    found = columns(small)
    assert found.destination.names[found.destination.code[0]] == first
    assert found.product.names[found.product.code[0]] == "Portal"


@pytest.mark.parametrize("draft", [PORTAL, SECRET])
def test_the_holdout_is_decided_about_like_everybody_else(
    small: SmallForum, key: ApiKey, draft: Draft
) -> None:
    for person in (HELD, TREATED):
        belongs(small, person, "acme")
    replies = [ask(small, key, replace(draft, person=person)) for person in (HELD, TREATED)]
    assert [reply.arm for reply in replies] == [Arm.HOLDOUT, Arm.TREATMENT]
    facts = [row(small, reply).facts for reply in replies]
    assert facts[0] == facts[1]
    told = [details(small, reply.ask_id)[0] for reply in replies]
    same = ("product", "account", "destination", "lang", "topic", "newcomer")
    assert {name: told[0].get(name) for name in same} == {n: told[1].get(n) for n in same}
    assert (told[0]["product"], told[0]["account"]) == ("Portal", "acme")


def test_a_call_of_a_made_up_ask_leaves_it_made_up(small: SmallForum, key: ApiKey) -> None:
    first = ask(small, key, replace(BANK, session="s", stage=Stage.TYPING))
    with small.database.write() as c:
        assert not store.has_simulated(c, small.forum.id)
        facts = replace(row(small, first).facts, simulated=True)
        store.tell_ask(c, small.forum.id, first.ask_id, facts)
        assert store.has_simulated(c, small.forum.id)
    ask(small, key, replace(BANK, session="s"), NOON + MINUTE)
    ask(small, key, replace(BANK, person="p"), NOON + timedelta(days=1))
    assert columns(small).simulated.tolist() == [True, False]
    with small.database.read() as c:
        assert store.count_real(c, small.forum.id) == 1
