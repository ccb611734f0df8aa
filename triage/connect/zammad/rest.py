"""Zammad's REST API, as much of it as is used here.

In: what is to be made or read. Out: values. Making is tried once, since whoever delivers tries
again by rows; reading waits out what is busy.
Not here: the shape of its JSON (tickets), when anything is tried again (delivering).
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from triage.connect.outgoing import Outgoing, Reply, json_of, patient
from triage.connect.outgoing.replies import failure_of
from triage.connect.zammad.tickets import (
    OURS,
    Article,
    NewTicket,
    Note,
    Ticket,
    read_article,
    read_ticket,
    tag_of,
)
from triage.errors import SendFailed

_PAGE, _FEW = 50, 5
# A long ticket, with the pictures that stand in its articles.
_MOST_BYTES = 30_000_000
_MOST_PAGES = 200
_MISSING = frozenset({404, 410})


class Zammad:
    """One Zammad, opened by the token of one of its agents; what it reads it tries so often."""

    def __init__(
        self,
        outgoing: Outgoing,
        address: str,
        token: str,
        *,
        tries: int = 3,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._outgoing = outgoing
        self._api = f"{address.rstrip('/')}/api/v1"
        self._headers = {
            "Authorization": f"Token token={token}",
            "Content-Type": "application/json",
        }
        self._tries = tries
        self._sleep = sleep

    def link(self, ticket_id: str) -> str:
        """Return where a person reads a ticket."""
        return f"{self._api.removesuffix('/api/v1')}/#ticket/zoom/{ticket_id}"

    async def me(self) -> str:
        """Return the login that the token is of. Raises SendFailed, as all of this does."""
        told = await self._read("users/me")
        return str(told.get("login") or "") if isinstance(told, dict) else ""

    async def groups(self) -> frozenset[str]:
        """Return the names of the groups that are in use."""
        found: set[str] = set()
        async for one in self._pages("groups", {}):
            if isinstance(one, dict) and one.get("active") is not False:
                found.add(str(one.get("name")))
        return frozenset(found)

    async def create(self, new: NewTicket) -> Ticket:
        """Make a ticket with its tags and its first article, all or nothing."""
        return read_ticket(await self._write("POST", "tickets?expand=true", new.body()))

    async def note(self, ticket_id: str, note: Note, state: str | None = None) -> Ticket:
        """Write into a ticket for the staff alone, and with that set its state."""
        body: dict[str, Any] = {"article": note.body()}
        if state is not None:
            body["state"] = state
        return read_ticket(await self._write("PUT", f"tickets/{ticket_id}?expand=true", body))

    async def get(self, ticket_id: str) -> Ticket | None:
        """Return a ticket, None where it is gone."""
        reply = await self._ask(f"tickets/{ticket_id}?expand=true")
        return None if reply.status in _MISSING else read_ticket(_found(reply))

    async def articles(self, ticket_id: str) -> list[Article]:
        """Return what was said in a ticket, oldest first."""
        told = await self._list(f"ticket_articles/by_ticket/{ticket_id}?expand=true")
        return sorted(map(read_article, told), key=lambda one: int(one.id))

    async def find(self, question_id: str) -> Ticket | None:
        """Return the ticket of a question, the first where there are more.

        It is looked for by its tag, which Zammad reads in its database and knows at once; and by
        words, where it knows no such search. Believed is only the tag of the ticket itself:
        somebody may have quoted the words in another.
        """
        tag = tag_of(question_id)
        found = await self._tagged(tag, await self._by_tag(tag))
        return found or await self._tagged(tag, await self._by_words(question_id))

    async def changed_since(self, moment: datetime) -> AsyncIterator[Ticket]:
        """Give our tickets changed since then, the first changed first.

        Only where a search server is behind Zammad: without one there are none.
        """
        since = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        query = {
            "query": f"tags:{OURS} AND updated_at:[{since} TO *]",
            "sort_by": "updated_at",
            "order_by": "asc",
        }
        async for one in self._pages("tickets/search", query):
            yield read_ticket(one)

    async def _by_tag(self, tag: str) -> list[Ticket]:
        wanted = {
            "condition[ticket.tags][operator]": "contains all",
            "condition[ticket.tags][value]": tag,
            "expand": "true",
            "page": 1,
            "per_page": _FEW,
        }
        told = await self._list(f"tickets/search?{urlencode(wanted)}")
        # Where that is not understood all tickets are found: a few are looked at in vain.
        return [read_ticket(one) for one in told[:_FEW]]

    async def _by_words(self, words: str) -> list[Ticket]:
        return [read_ticket(one) async for one in self._pages("tickets/search", {"query": words})]

    async def _tagged(self, tag: str, tickets: Sequence[Ticket]) -> Ticket | None:
        ours = [one for one in tickets if tag in await self._tags(one.id)]
        return min(ours, key=lambda one: int(one.id), default=None)

    async def _tags(self, ticket_id: str) -> frozenset[str]:
        told = await self._read(f"tags?object=Ticket&o_id={ticket_id}")
        if not isinstance(told, dict) or not isinstance(told.get("tags"), list):
            raise SendFailed("bad_reply")
        return frozenset(map(str, told["tags"]))

    async def _pages(self, path: str, query: dict[str, str]) -> AsyncIterator[object]:
        """Give the members of all pages; one that repeats what was there ends it."""
        seen: set[object] = set()
        for page in range(1, _MOST_PAGES + 1):
            wanted = urlencode({**query, "expand": "true", "page": page, "per_page": _PAGE})
            told = await self._list(f"{path}?{wanted}")
            fresh = [one for one in told if isinstance(one, dict) and one.get("id") not in seen]
            seen.update(one.get("id") for one in fresh)
            for one in fresh:
                yield one
            if len(told) < _PAGE or not fresh:
                return

    async def _list(self, path: str) -> list[Any]:
        told = await self._read(path)
        if not isinstance(told, list):
            raise SendFailed("bad_reply")
        return told

    async def _read(self, path: str) -> Any:  # noqa: ANN401 (JSON is of any type)
        return _found(await self._ask(path))

    async def _ask(self, path: str) -> Reply:
        address = f"{self._api}/{path}"
        return await patient(
            self._outgoing,
            "GET",
            address,
            headers=self._headers,
            most_bytes=_MOST_BYTES,
            tries=self._tries,
            sleep=self._sleep,
        )

    async def _write(self, method: str, path: str, body: dict[str, Any]) -> Any:  # noqa: ANN401
        reply = await self._outgoing.request(
            method, f"{self._api}/{path}", headers=self._headers, body=json.dumps(body).encode()
        )
        return _found(reply)


def _found(reply: Reply) -> Any:  # noqa: ANN401 (JSON is of any type)
    if not reply.ok:
        raise failure_of(reply)
    return json_of(reply)
