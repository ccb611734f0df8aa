"""Discourse in front, Zammad behind: the recipe typed as it stands, between two such systems."""

import asyncio
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha1, sha256
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from benchmarks.discourse_site import KEY, USER, Category, Site, serving, topic_of
from tests.connect.zammad.server import TOKEN, FakeZammad, payload, zammad
from triage.api import create_app
from triage.settings import Settings

from .calls import Call
from .recipe import Typist, recipe_blocks
from .test_recipes import folder

__all__ = ["folder"]

_PATIENCE = 30.0
_OURS = "https://triage.example.com"


@contextmanager
def desk() -> Iterator[FakeZammad]:
    """Serve a Zammad in a thread of its own."""
    found: list[FakeZammad] = []
    ready, loop, stop = threading.Event(), asyncio.new_event_loop(), asyncio.Event()

    async def run() -> None:
        async with zammad() as fake:
            found.append(fake)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()), daemon=True)
    thread.start()
    assert ready.wait(60)
    try:
        yield found[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


class Server:
    """The server of the recipe, called as its page does and as the two systems do."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def send(self, call: Call) -> str:
        done = self.client.request(call.method, call.path, headers=call.headers, json=call.body)
        assert done.status_code < 300, (call, done.text)
        return done.text

    def get(self, path: str, key: str) -> dict[str, Any]:
        done = self.client.get(path, headers={"Authorization": f"Bearer {key}"})
        found: dict[str, Any] = done.json()
        return found

    def tell(self, channel: dict[str, Any], body: bytes, headers: dict[str, str]) -> None:
        """Call what a webhook calls."""
        assert channel["incoming"].startswith(f"{_OURS}/")
        path = channel["incoming"].removeprefix(_OURS)
        done = self.client.post(path, content=body, headers=headers)
        assert done.status_code == 202, done.text


def wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE
    while not what():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.1)


def signed(secret: str, body: bytes, how: Callable[[], Any]) -> str:
    return hmac.new(secret.encode(), body, how).hexdigest()


@pytest.fixture
def site() -> Iterator[Site]:
    """A forum with one solved topic."""
    topic = topic_of(1)
    made = Site(categories={5: Category(5, "support")}, topics={1: topic})
    with serving(made) as served:
        yield served


def test_a_routed_ticket_comes_back_solved(
    folder: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIAGE_OUTBOUND_ALLOWED", "127.0.0.1")
    monkeypatch.setenv("TRIAGE_PUBLIC_URL", _OURS)
    shown = [b for b in recipe_blocks("Discourse in front, Zammad behind") if b.language == "sh"]
    _, keys, forum, old, channel, ping, rules, draft, post, confirm = shown
    with desk() as tickets, TestClient(create_app(Settings())) as client:
        server = Server(client)
        typist = Typist(
            server.send,
            {
                "https://forum.example.com": site.address,
                "https://tickets.example.com": tickets.url,
                '"api_key": "…", "api_user": "triage-reader"': (
                    f'"api_key": "{KEY}", "api_user": "{USER}"'
                ),
                '"token": "…"': f'"token": "{TOKEN}"',
            },
        )
        typist.type(keys)
        admin = typist.names["ADMIN"]

        made, imported = typist.type(forum)
        assert json.loads(imported)["created"] == 1
        of_forum = json.loads(made)
        solved_now(server, site, of_forum, typist.names["KEY"])

        assert json.loads(typist.type(old)[0])["created"] == 2
        of_desk = json.loads(typist.type(channel)[0])
        typist.names["CHANNEL"] = of_desk["channel_id"]
        typist.type(ping)
        wait_for(lambda: pinged(server, admin))
        typist.type(rules)

        reply = json.loads(typist.type(draft)[0])
        assert reply["destination"] == "expert"
        typist.replaced["the triage_id of the reply"] = reply["triage_id"]
        question = json.loads(typist.type(post)[0])
        assert question["state"] == "with_expert"
        wait_for(lambda: len(tickets.tickets) == 1)
        assert tickets.tickets[1]["group"] == "Experts"

        tickets.change(1, owner="anna@example.com", state="open")
        tickets.say(1, "<p>The export ran twice. It is mended.</p>")
        tickets.change(1, state="closed")
        body = payload(1)
        seal = f"sha1={signed(of_desk['secret'], body, sha1)}"
        server.tell(of_desk, body, {"X-Hub-Signature": seal})
        path = f"/v1/questions/{question['question_id']}"
        wait_for(lambda: server.get(path, admin)["state"] == "answered")
        kept = server.get(path, admin)
        assert kept["staff"]["owner"] == "anna"
        assert kept["timeline"][-1]["words"] == "The export ran twice. It is mended."

        typist.names["QUESTION"] = question["question_id"]
        assert json.loads(typist.type(confirm)[0])["state"] == "confirmed_solved"
        proposals = server.get("/v1/proposals", admin)["proposals"]
        assert [one["case_id"] for one in proposals] == [f"question:{question['question_id']}"]
        assert len(tickets.created) == 1


def solved_now(server: Server, site: Site, channel: dict[str, Any], key: str) -> None:
    """Solve a new topic in the forum, which tells of it; it is searchable a moment later."""
    site.put(topic_of(2, title="The printer prints empty pages"))
    body = json.dumps({"solved": {"topic_id": 2}}).encode()
    seal = f"sha256={signed(channel['secret'], body, sha256)}"
    told = {"X-Discourse-Event-Signature": seal, "X-Discourse-Event-Type": "solved"}
    server.tell(channel, body, told)
    draft = {"title": "The printer prints empty pages", "session": "s1"}

    def found() -> bool:
        done = server.client.post(
            "/v1/triage", json=draft, headers={"Authorization": f"Bearer {key}"}
        )
        return [one["title"] for one in done.json()["suggestions"]][:1] == [draft["title"]]

    wait_for(found)


def pinged(server: Server, admin: str) -> bool:
    rows = server.get("/v1/deliveries", admin)["deliveries"]
    return [(one["type"], one["state"]) for one in rows] == [("ping", "delivered")]
