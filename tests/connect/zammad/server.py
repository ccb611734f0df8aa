"""A Zammad over real HTTP: the shapes that its API documents, and the faults that it may have."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

TOKEN = "zammad-token"
ME = "triage@example.com"
Fault = Callable[[web.Request], web.Response | None]


def fails(status: int, headers: Mapping[str, str] | None = None) -> Fault:
    return lambda _: web.json_response({"error": "no"}, status=status, headers=headers)


@dataclass
class FakeZammad:
    """Its tickets, and what goes wrong with the next requests: by method and beginning of path."""

    url: str = ""
    tickets: dict[int, dict[str, Any]] = field(default_factory=dict)
    tags: dict[int, list[str]] = field(default_factory=dict)
    articles: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    groups: list[str] = field(default_factory=lambda: ["Experts", "Community", "Billing", "North"])
    calls: list[str] = field(default_factory=list)
    created: list[dict[str, Any]] = field(default_factory=list)
    # Before: instead of doing it. After: it was done, and the reply says otherwise.
    before: dict[str, list[Fault]] = field(default_factory=dict)
    after: dict[str, list[Fault]] = field(default_factory=dict)
    token: str = TOKEN
    # Whether a search server is behind it: without one, words are looked for and nothing else.
    searches: bool = True
    conditions: bool = True
    clock: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def tick(self) -> str:
        self.clock += timedelta(seconds=1)
        return self.clock.strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def change(self, ticket_id: int, by: str = "anna@example.com", **values: object) -> None:
        """Have somebody of the staff change a ticket."""
        now = self.tick()
        self.tickets[ticket_id].update(values, updated_at=now, updated_by=by)

    def say(
        self,
        ticket_id: int,
        body: str,
        *,
        by: str = "anna@example.com",
        sender: str = "Agent",
        internal: bool = False,
        subject: str = "",
        content_type: str = "text/html",
    ) -> int:
        """Have somebody write into a ticket."""
        now = self.tick()
        number = 1000 + sum(map(len, self.articles.values()))
        self.articles[ticket_id].append(
            {
                "id": number,
                "ticket_id": ticket_id,
                "sender": sender,
                "type": "note",
                "internal": internal,
                "subject": subject,
                "body": body,
                "content_type": content_type,
                "created_by": by,
                "created_at": now,
                "updated_at": now,
            }
        )
        self.tickets[ticket_id].update(updated_at=now, updated_by=by)
        return number

    async def take(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix("/api/v1/")
        self.calls.append(f"{request.method} {path}")
        if request.headers.get("Authorization") != f"Token token={self.token}":
            return web.json_response({"error": "Invalid BasicAuth token"}, status=401)
        fault = self._fault(self.before, request.method, path)
        if fault is not None and (wrong := fault(request)) is not None:
            return wrong
        reply = await self._answer(request, path)
        fault = self._fault(self.after, request.method, path)
        if fault is not None and (wrong := fault(request)) is not None:
            return wrong
        return reply

    def _fault(self, faults: dict[str, list[Fault]], method: str, path: str) -> Fault | None:
        for name, waiting in faults.items():
            if f"{method} {path}".startswith(name) and waiting:
                return waiting.pop(0)
        return None

    async def _answer(self, request: web.Request, path: str) -> web.StreamResponse:
        match request.method, path.split("/"):
            case "GET", ["users", "me"]:
                return web.json_response({"id": 3, "login": ME, "email": ME})
            case "GET", ["groups"]:
                named = [
                    {"id": i, "name": name, "active": True} for i, name in enumerate(self.groups, 1)
                ]
                return web.json_response(self._page(request, named))
            case "POST", ["tickets"]:
                return self._create(await request.json())
            case "GET", ["tickets", "search"]:
                return web.json_response(self._page(request, self._search(request)))
            case "GET", ["tickets", number]:
                return self._one(int(number))
            case "PUT", ["tickets", number]:
                return self._update(int(number), await request.json())
            case "GET", ["tags"]:
                return web.json_response({"tags": self.tags.get(int(request.query["o_id"]), [])})
            case "GET", ["ticket_articles", "by_ticket", number]:
                if int(number) not in self.tickets:
                    return self._one(int(number))
                return web.json_response(self.articles[int(number)])
        return web.json_response({"error": "No route matches"}, status=404)

    def _create(self, body: dict[str, Any]) -> web.Response:
        if body["group"] not in self.groups:
            return web.json_response({"error": "No lookup value found for 'group'"}, status=422)
        self.created.append(body)
        number = len(self.tickets) + 1
        self.tickets[number] = {
            "id": number,
            "number": f"22{number:03}",
            "title": body["title"],
            "group": body["group"],
            "state": "new",
            "priority": body["priority"],
            "owner": "-",
            "customer": body.get("customer") or body.get("customer_id"),
            "updated_at": self.tick(),
            "updated_by": ME,
        }
        self.tags[number] = body["tags"].split(",")
        self.articles[number] = []
        self._write(number, body["article"])
        return web.json_response(self.tickets[number], status=201)

    def _update(self, number: int, body: dict[str, Any]) -> web.Response:
        if number not in self.tickets:
            return self._one(number)
        values = {name: value for name, value in body.items() if name != "article"}
        self.change(number, ME, **values)
        if "article" in body:
            self._write(number, body["article"])
        return web.json_response(self.tickets[number])

    def _write(self, number: int, article: dict[str, Any]) -> None:
        told = ("internal", "sender", "subject", "content_type")
        self.say(number, article["body"], by=ME, **{name: article[name] for name in told})

    def _one(self, number: int) -> web.Response:
        if number not in self.tickets:
            return web.json_response({"error": "Couldn't find Ticket"}, status=404)
        return web.json_response(self.tickets[number])

    def _search(self, request: web.Request) -> list[dict[str, Any]]:
        wanted = request.query.get("condition[ticket.tags][value]")
        if wanted is not None:
            # One that does not know this finds everything.
            return [
                ticket
                for number, ticket in self.tickets.items()
                if wanted in self.tags[number] or not self.conditions
            ]
        query = request.query["query"]
        if "updated_at:[" in query:
            since = query.split("updated_at:[")[1].split(" TO")[0]
            found = [t for t in self.tickets.values() if t["updated_at"] >= since]
            return sorted(found, key=lambda t: t["updated_at"]) if self.searches else []
        return [
            ticket
            for number, ticket in self.tickets.items()
            if any(query in f"{a['subject']} {a['body']}" for a in self.articles[number])
        ]

    def _page(self, request: web.Request, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        size = int(request.query.get("per_page", 50))
        begin = (int(request.query.get("page", 1)) - 1) * size
        return found[begin : begin + size]

    def count(self, call: str) -> int:
        return sum(one.startswith(call) for one in self.calls)


@asynccontextmanager
async def zammad() -> AsyncIterator[FakeZammad]:
    """Serve a Zammad that is empty."""
    fake = FakeZammad()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", fake.take)
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


def payload(ticket_id: int) -> bytes:
    """Return what Zammad's webhook sends of a ticket."""
    return json.dumps({"ticket": {"id": ticket_id, "title": "x"}, "article": {}}).encode()
