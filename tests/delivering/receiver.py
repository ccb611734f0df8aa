"""A receiver of webhooks that answers as it is told to, over real HTTP."""

import asyncio
import json
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass(frozen=True)
class Got:
    """One request as it arrived."""

    headers: Mapping[str, str]
    body: bytes
    at: float

    @property
    def message_id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def content(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


Answer = Callable[[Got], Awaitable[web.StreamResponse]]


async def ok(_: Got) -> web.StreamResponse:
    return web.Response(status=204)


def status(code: int, text: str = "", headers: Mapping[str, str] | None = None) -> Answer:
    """Answer so each time."""

    async def answer(_: Got) -> web.StreamResponse:
        return web.Response(status=code, text=text, headers=headers)

    return answer


@dataclass
class Receiver:
    """What has arrived, and how the next one is answered."""

    url: str = ""
    answer: Answer = ok
    got: list[Got] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            headers = {name.lower(): value for name, value in request.headers.items()}
            now = asyncio.get_running_loop().time()
            got = Got(headers, await request.read(), now)
            self.got.append(got)
            return await self.answer(got)
        finally:
            self.under_way -= 1

    @property
    def ids(self) -> list[str]:
        return [got.message_id for got in self.got]

    def by_question(self) -> dict[str, list[str]]:
        """Return which messages arrived of each question, each when it came first."""
        found: dict[str, list[str]] = defaultdict(list)
        for got in self.got:
            theirs = found[got.content["data"]["question_id"]]
            if got.message_id not in theirs:
                theirs.append(got.message_id)
        return dict(found)


@asynccontextmanager
async def receiving(answer: Answer = ok, port: int = 0) -> AsyncIterator[Receiver]:
    """Serve on this machine until the block ends."""
    receiver = Receiver(answer=answer)
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield receiver
    finally:
        await runner.cleanup()


@contextmanager
def receiving_beside(answer: Answer = ok) -> Iterator[Receiver]:
    """Serve from a thread of its own, for tests that wait for other processes."""
    loop = asyncio.new_event_loop()
    serving: list[Receiver] = []
    up, stop = threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with receiving(answer) as receiver:
            serving.append(receiver)
            up.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert up.wait(60)
    try:
        yield serving[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
