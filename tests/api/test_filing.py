"""A started server files its questions in a Zammad, and follows what staff do there."""

import asyncio
import hmac
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha1

from tests.connect.zammad.server import TOKEN, FakeZammad, payload, zammad
from triage import store
from triage.api.errands.loops import tell

from .conftest import Start, World

OPTIONS = {"group": "Experts", "customer": "forum@example.com"}
DRAFT = {
    "title": "I want to speak to a person about our contract",
    "body": "The chain slips in third gear since the update.",
    "lang": "en",
    "user": "kund-7",
    "wants_person": True,
}


@contextmanager
def beside() -> Iterator[FakeZammad]:
    """Run a Zammad in a thread of its own."""
    found: list[FakeZammad] = []
    ready, done = threading.Event(), threading.Event()

    async def serve() -> None:
        async with zammad() as fake:
            found.append(fake)
            ready.set()
            while not done.is_set():
                await asyncio.sleep(0.02)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(10)
    try:
        yield found[0]
    finally:
        done.set()
        thread.join()


def until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)


def add_channel(world: World, address: str) -> tuple[str, str]:
    """Have the forum `bikes` know a Zammad; return the channel and the secret of its webhook."""
    body = {
        "kind": "zammad",
        "name": "Expert desk",
        "address": address,
        "credentials": {"token": TOKEN},
        "options": OPTIONS,
    }
    told = world.send("POST", "/v1/channels", "admin", json=body)
    assert told.status_code in (200, 201), told.text
    made = told.json()
    return made["channel_id"], made["secret"]


def hook(world: World, channel: str, secret: str, ticket_id: int) -> int:
    """Have Zammad tell that a ticket has changed."""
    body = payload(ticket_id)
    signature = "sha1=" + hmac.new(secret.encode(), body, sha1).hexdigest()
    headers = {"X-Hub-Signature": signature, "Content-Type": "application/json"}
    path = f"/v1/incoming/{channel}"
    return world.send("POST", path, None, content=body, headers=headers).status_code


def post(world: World) -> str:
    told = world.send("POST", "/v1/questions", "frontend", json=DRAFT)
    assert told.status_code == 200, told.text
    name: str = told.json()["question_id"]
    return name


def test_a_posted_question_is_a_ticket_and_its_answer_comes_back(start: Start) -> None:
    with beside() as fake:
        world = start(outbound_allowed="127.0.0.1", public_url="http://127.0.0.1")
        channel, secret = add_channel(world, fake.url)
        question = post(world)
        until(lambda: fake.created)
        assert question in fake.created[0]["article"]["body"]
        until(lambda: _filed(world, question, channel))
        fake.say(1, "Tighten the cable.")
        assert hook(world, channel, "another secret of ours", 1) == 401
        assert hook(world, channel, secret, 1) == 202
        until(lambda: _state(world, question) == "answered")
        # It is told neither twice nor back to where it came from.
        assert [one["internal"] for one in fake.articles[1]] == [True, False]
        timeline = world.send("GET", f"/v1/questions/{question}", "lead").json()["timeline"]
        assert timeline[-1]["words"] == "Tighten the cable."


def test_a_server_that_is_stopped_leaves_what_is_due_for_the_next(start: Start) -> None:
    with beside() as fake:
        world = start(outbound_allowed="127.0.0.1")
        fake.token = "another"
        add_channel(world, fake.url)
        post(world)
        until(lambda: fake.calls)
        assert fake.created == []


def _filed(world: World, question: str, channel: str) -> bool:
    with world.database.read() as c:
        row = store.get_filing(c, world.forum().id, question, channel)
    return row is not None and row.foreign_id is not None


def _state(world: World, question: str) -> str:
    state: str = world.send("GET", f"/v1/questions/{question}", "lead").json()["state"]
    return state


class _EndsAtOnce(asyncio.SelectorEventLoop):
    """A loop that ends just after somebody was told that it has not ended."""

    asked = False

    def is_closed(self) -> bool:
        if self.asked:
            return super().is_closed()
        self.asked = True
        self.close()
        return False


def test_who_is_told_to_stop_may_have_ended_at_that_moment() -> None:
    ending, ended = _EndsAtOnce(), asyncio.new_event_loop()
    ended.close()
    for loop in (ending, ended):
        tell(loop, asyncio.Event())
    ending.asked = True
    ending.close()
