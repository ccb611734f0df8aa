"""A Discourse over real HTTP that takes topics: what its API documents of that, and its faults."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

SECRETS = {"api_key": "discourse-key", "api_user": "triage"}


@dataclass
class FakeDiscourse:
    """Its topics by our name of them, and what goes wrong next: statuses, before or after."""

    url: str = ""
    topics: dict[str, dict[str, Any]] = field(default_factory=dict)
    posts: int = 0
    key: str = "discourse-key"
    before: list[web.Response] = field(default_factory=list)
    after: list[web.Response] = field(default_factory=list)

    async def categories(self, request: web.Request) -> web.Response:
        told = {"category_list": {"categories": []}}
        return self._refused(request) or web.json_response(told)

    async def find(self, request: web.Request) -> web.Response:
        if (refused := self._refused(request)) is not None:
            return refused
        name = request.match_info["name"].removesuffix(".json")
        if name not in self.topics:
            return web.json_response({"errors": ["not found"]}, status=404)
        number = self.topics[name]["topic_id"]
        where = f"{self.url}/t/chain-slips/{number}.json"
        return web.Response(status=301, headers={"Location": where})

    async def post(self, request: web.Request) -> web.Response:
        if (refused := self._refused(request)) is not None:
            return refused
        if self.before:
            return self.before.pop(0)
        body = await request.json()
        self.posts += 1
        number = 100 + self.posts
        # The forum gives no two topics one name of ours.
        if body["external_id"] in self.topics:
            return web.json_response({"errors": ["External ID has already been taken"]}, status=422)
        self.topics[body["external_id"]] = {**body, "topic_id": number}
        if self.after:
            return self.after.pop(0)
        told = {"id": 7, "topic_id": number, "topic_slug": "chain-slips", "post_number": 1}
        return web.json_response(told)

    def _refused(self, request: web.Request) -> web.Response | None:
        if request.headers.get("Api-Key") == self.key:
            return None
        told = {"errors": ["You are not permitted"], "error_type": "invalid_access"}
        return web.json_response(told, status=403)


def limited(seconds: int) -> web.Response:
    """Return what Discourse says to whoever asks too often."""
    told = {"errors": ["slow"], "error_type": "rate_limit", "extras": {"wait_seconds": seconds}}
    return web.json_response(told, status=429)


@asynccontextmanager
async def discourse() -> AsyncIterator[FakeDiscourse]:
    """Serve a forum without topics."""
    fake = FakeDiscourse()
    app = web.Application()
    app.router.add_get("/categories.json", fake.categories)
    app.router.add_get("/t/external_id/{name}", fake.find)
    app.router.add_post("/posts.json", fake.post)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    fake.url = f"http://127.0.0.1:{port}"
    try:
        yield fake
    finally:
        await runner.cleanup()
