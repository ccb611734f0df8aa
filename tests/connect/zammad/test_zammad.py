"""Zammad's API as it is documented: tickets made whole, found again, read page by page."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha1
from typing import Any

import pytest

from triage.connect.outgoing import Outgoing
from triage.connect.zammad import Phase, is_signed, told_items, zammad_options
from triage.connect.zammad.rest import Zammad
from triage.connect.zammad.tickets import NewTicket, Note, read_article, read_ticket, tag_of
from triage.errors import BadField, SendFailed
from triage.outbound import read_allowed

from .server import TOKEN, FakeZammad, fails, payload, zammad

HERE = read_allowed("127.0.0.1")
Use = Callable[[Zammad, FakeZammad], Awaitable[None]]


def using(use: Use, token: str = TOKEN) -> None:
    async def run() -> None:
        waited: list[float] = []

        async def sleep(seconds: float) -> None:
            waited.append(seconds)

        async with zammad() as fake, Outgoing(HERE) as outgoing:
            await use(Zammad(outgoing, fake.url, token, sleep=sleep), fake)

    asyncio.run(run())


def new(question_id: str = "q1", **more: Any) -> NewTicket:  # noqa: ANN401
    values: dict[str, Any] = {
        "title": "Chain\nslips",
        "group": "Experts",
        "customer": "forum@example.com",
        "priority": "3 high",
        "tags": ("api",),
        "note": Note(
            subject=f"Triage {question_id}", html="<p>In gear &lt;3&gt;</p>", mark="msg_1"
        ),
        **more,
    }
    return NewTicket(question_id=question_id, **values)


def test_a_ticket_is_made_whole_in_one_request() -> None:
    async def use(client: Zammad, fake: FakeZammad) -> None:
        ticket = await client.create(new())
        assert (ticket.id, ticket.number, ticket.state, ticket.owner) == ("1", "22001", "new", None)
        [made] = fake.created
        assert made["title"] == "Chain slips"
        assert made["tags"] == "triage,triage-q1,api"
        assert made["customer"] == "forum@example.com"
        assert made["article"]["internal"] is True
        assert "[msg_1]" in made["article"]["subject"]
        assert fake.calls == ["POST tickets"]

    using(use)


def test_a_customer_who_is_known_by_address_is_guessed() -> None:
    body = new(customer="guess:anna@example.com").body()
    assert body["customer_id"] == "guess:anna@example.com"
    assert "customer" not in body


@pytest.mark.parametrize("conditions", [True, False])
def test_a_ticket_is_found_by_its_tag_and_not_by_who_quotes_it(conditions: bool) -> None:
    async def use(client: Zammad, fake: FakeZammad) -> None:
        fake.conditions = conditions
        assert await client.find("q1") is None
        await client.create(new("other"))
        fake.say(1, "see q1", subject="q1")
        assert await client.find("q1") is None
        await client.create(new("q1"))
        found = await client.find("q1")
        assert found is not None
        assert found.id == "2"

    using(use)


def test_what_has_changed_comes_page_by_page_and_each_once() -> None:
    async def use(client: Zammad, fake: FakeZammad) -> None:
        for count in range(120):
            await client.create(new(f"q{count}"))
        since = datetime(2026, 3, 2, tzinfo=UTC)
        found = [one.id async for one in client.changed_since(since)]
        assert found == [str(count) for count in range(1, 121)]
        assert fake.count("GET tickets/search") == 3
        later = fake.clock - timedelta(seconds=1)
        assert [one.id async for one in client.changed_since(later)] == ["120"]

    using(use)


def test_what_is_busy_is_asked_again_when_it_says() -> None:
    async def use(client: Zammad, fake: FakeZammad) -> None:
        await client.create(new())
        fake.before["GET tickets/1"] = [fails(429, {"Retry-After": "7"}), fails(503)]
        ticket = await client.get("1")
        assert ticket is not None
        assert ticket.id == "1"
        assert fake.count("GET tickets/1") == 3

    using(use)


def test_making_is_tried_once_and_says_how_long_to_wait() -> None:
    async def use(client: Zammad, fake: FakeZammad) -> None:
        fake.before["POST tickets"] = [fails(429, {"Retry-After": "7"})]
        with pytest.raises(SendFailed) as failed:
            await client.create(new())
        assert failed.value.code == "rate_limited"
        assert failed.value.retry_after == timedelta(seconds=7)
        assert fake.count("POST tickets") == 1

    using(use)


def test_a_token_that_is_no_more_valid_is_told_as_that() -> None:
    async def use(client: Zammad, fake: FakeZammad) -> None:
        for call in (client.me(), client.create(new()), client.get("1")):
            with pytest.raises(SendFailed) as failed:
                await call
            assert failed.value.code == "login_refused"

    using(use, token="old")


def test_a_ticket_that_is_gone_is_none() -> None:
    async def use(client: Zammad, fake: FakeZammad) -> None:
        assert await client.get("77") is None

    using(use)


def test_a_note_sets_a_state_with_it() -> None:
    async def use(client: Zammad, fake: FakeZammad) -> None:
        await client.create(new())
        note = Note(subject="Triage q1", html="<p>closed</p>", mark="msg_2")
        ticket = await client.note("1", note, "closed")
        assert ticket.state == "closed"
        said = await client.articles("1")
        assert [one.internal for one in said] == [True, True]
        assert "[msg_2]" in said[-1].subject

    using(use)


def test_groups_that_are_in_use_are_told() -> None:
    async def use(client: Zammad, fake: FakeZammad) -> None:
        assert "Experts" in await client.groups()

    using(use)


def test_an_article_is_read_as_text() -> None:
    told = {
        "id": 4,
        "sender": "Agent",
        "internal": False,
        "body": "Use <b>8.2</b><br>&lt;script&gt;",
        "content_type": "text/html",
        "created_by": "anna@example.com",
        "created_at": "2026-03-02T09:00:00.000Z",
    }
    article = read_article(told)
    assert article.of_staff
    assert article.text == "Use 8.2\n<script>"
    assert not read_article({**told, "internal": True}).of_staff
    # What does not say that it is for the customer is not.
    unsaid = {name: value for name, value in told.items() if name != "internal"}
    assert not read_article(unsaid).of_staff
    assert read_article({**told, "sender": "Customer"}).of_customer


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        {"id": "x"},
        {"id": True, "state": "new", "group": "a", "updated_at": "2026-03-02T09:00:00Z"},
        {"id": 1, "state": "new", "group": "a", "updated_at": "yesterday"},
        {"id": 1, "state": None, "group": "a", "updated_at": "2026-03-02T09:00:00Z"},
    ],
)
def test_what_is_no_ticket_is_a_bad_reply(told: object) -> None:
    with pytest.raises(SendFailed, match="bad_reply"):
        read_ticket(told)


def test_states_come_down_to_phases() -> None:
    options = zammad_options(
        {"group": "a", "customer": "b", "phases": {"waiting for vendor": "pending"}}
    )
    told = {
        "new": Phase.NEW,
        "open": Phase.OPEN,
        "pending reminder": Phase.PENDING,
        "pending close": Phase.CLOSED,
        "closed": Phase.CLOSED,
        "merged": Phase.MERGED,
        "in production": Phase.OPEN,
        "waiting for vendor": Phase.PENDING,
    }
    assert {state: options.phase_of(state) for state in told} == told


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"group": "a"},
        {"group": "a", "customer": ""},
        {"group": "a", "customer": "b", "grups": {}},
        {"group": "a", "customer": "b", "groups": {"c": {"destination": "nowhere"}}},
        {"group": "a", "customer": "b", "groups": {"c": {}}},
        {"group": "a", "customer": "b", "owners": ["x"]},
        {"group": "a", "customer": "b", "tags": ["x,y"]},
        {"group": "a", "customer": "b", "priorities": {"5": "low"}},
        {"group": "a", "customer": "b", "lang": "xx"},
        {"group": "a\nb", "customer": "b"},
    ],
)
def test_options_that_mean_nothing_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadField):
        zammad_options(wrong)


def test_a_group_is_chosen_by_team_before_topic() -> None:
    groups = {"North": {"team": "north"}, "Billing": {"topic": "billing"}}
    options = zammad_options({"group": "Experts", "customer": "c", "groups": groups})
    assert options.group_for("billing", "north") == "North"
    assert options.group_for("billing", None) == "Billing"
    assert options.group_for("api", "south") == "Experts"
    assert options.priority_for(1) == "3 high"
    assert options.priority_for(None) == "2 normal"


def test_what_zammad_sends_is_believed_by_its_signature() -> None:
    body = payload(7)
    signature = "sha1=" + hmac.new(b"secret", body, sha1).hexdigest()
    headers = {"x-hub-signature": signature}
    assert is_signed("secret", headers, body)
    assert not is_signed("other", headers, body)
    assert not is_signed("secret", headers, body + b" ")
    assert not is_signed("secret", {}, body)
    assert told_items(headers, body) == ("7",)
    # Without a secret nothing is signed, whatever stands there.
    empty = "sha1=" + hmac.new(b"", body, sha1).hexdigest()
    assert not is_signed("", {"x-hub-signature": empty}, body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"ticket": {"id": "7/../1"}}',
        b'{"ticket": {"id": true}}',
        payload(10**13),
    ],
)
def test_what_tells_of_no_ticket_tells_of_nothing(body: bytes) -> None:
    assert told_items({}, body) == ()


def test_a_question_is_known_by_its_tag() -> None:
    assert tag_of("abc") == "triage-abc"
