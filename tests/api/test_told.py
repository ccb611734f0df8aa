"""A topic that is solved in another forum is suggested here a moment later."""

import hmac
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from benchmarks.discourse_site import KEY, USER, Category, Post, Site, serving, topic_of
from tests.importing.channel import keep_channel
from triage.store import Database, get_forum, put_incoming

from .conftest import Start, World
from .samples import EXPORT_DRAFT, shown

# What the machine may be busy with besides; alone it is a fraction of a second.
_PATIENCE = 30.0
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site(categories={5: Category(5, "support")})
    question = Post(9_001, f"<p>{EXPORT_DRAFT['body']}</p>")
    made.put(topic_of(9, posts=(question,), accepted=None, title=str(EXPORT_DRAFT["title"])))
    with serving(made):
        yield made


@pytest.fixture
def server(start: Start) -> World:
    return start(outbound_allowed="127.0.0.1")


def until(found: Callable[[], bool]) -> float:
    """Wait for something; return how many seconds that took."""
    began = time.monotonic()
    while not found():
        assert time.monotonic() - began < _PATIENCE
        time.sleep(0.02)
    return time.monotonic() - began


def tell(server: World, channel: str, event: str, said: object, secret: str) -> int:
    """Send a webhook as Discourse does; return the status of the reply."""
    body = json.dumps(said).encode()
    signature = hmac.new(secret.encode(), body, sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-Discourse-Event-Type": event,
        "X-Discourse-Event": f"{event}_edited",
        "X-Discourse-Event-Signature": f"sha256={signature}",
    }
    path = f"/v1/incoming/{channel}"
    return server.send("POST", path, None, content=body, headers=headers).status_code


def as_documented(server: World, site: Site) -> tuple[str, str]:
    """Make a channel of the body that docs/discourse.md shows; return its id and secret."""
    page = (ROOT / "docs" / "discourse.md").read_text(encoding="utf-8")
    body = json.loads(page.split("```json\n", 1)[1].split("```", 1)[0])
    body |= {"address": site.address, "credentials": {"api_key": KEY, "api_user": USER}}
    reply = server.send("POST", "/v1/channels", json=body)
    assert reply.status_code == 201, reply.text
    made = reply.json()
    return made["channel_id"], made["secret"]


def test_a_topic_that_is_solved_there_is_suggested_here(server: World, site: Site) -> None:
    channel, secret = as_documented(server, site)
    name = f"{site.address.removeprefix('http://')}/t/9"
    assert shown(server.ask(EXPORT_DRAFT)) == []
    site.answer(9, "<p>Grease the brake before you export the tyres.</p>")
    site.change(9, accepted=2)
    assert tell(server, channel, "solved", {"solved": {"id": 1, "topic_id": 9}}, secret) == 202
    until(lambda: name in shown(server.ask(EXPORT_DRAFT)))
    site.change(9, gone=True)
    assert tell(server, channel, "topic", {"topic": {"id": 9}}, secret) == 202
    until(lambda: name not in shown(server.ask(EXPORT_DRAFT)))


def test_a_site_that_does_not_answer_holds_up_nobody_else(
    server: World, site: Site, store: Database
) -> None:
    slow = Site(categories={5: Category(5, "support")}, delay=5.0)
    with serving(slow):
        there = keep_channel(store, server.forum(), slow, server.settings.person_key)
        channel = keep_channel(store, server.forum(), site, server.settings.person_key)
        with store.write() as c:
            put_incoming(c, get_forum(c, "bikes").id, there, "9", datetime.now(UTC))
            put_incoming(c, get_forum(c, "bikes").id, channel, "9", datetime.now(UTC))
        site.answer(9, "<p>Grease the brake before you export the tyres.</p>", staff=True)
        began = time.monotonic()
        until(lambda: site.asked["/t/9.json"] > 0)
        assert time.monotonic() - began < 5.0
