"""Reading what is there by its address, by searching, and by lists; each reply is looked at.

In: a world, what is true of it, a source of chance. Out: what was found.
Not here: asking (separation_asking), what happens to threads (separation_story).
"""

import json
import random
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from benchmarks.separation_truth import Put, Truth, marks_in, new_mark, some_groups
from benchmarks.separation_world import FORUMS, KINDS, PUBLISHABLE, TOKEN_HEADER, World
from triage.encode import TextRole
from triage.retrieve import Search

_READS_ALL = frozenset({"lead", "admin"})
_LISTS = (
    "/ready",
    "/v1/models",
    "/v1/training-runs/current",
    "/openapi.json",
    "/v1/audit?limit=1000",
    "/v1/audit/export",
    "/v1/erasures",
    "/v1/trust",
    "/trust",
    "/account",
)


@dataclass(slots=True)
class Found:
    """What a story came to: replies looked at by kind, and what leaked.

    `tempted` counts those for which there was something that must not be told, and `told` those
    that told something: a story in which nobody is ever told anything proves nothing.
    """

    cases: Counter[str] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    tempted: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)

    @property
    def looked_at(self) -> int:
        """How many replies were looked at."""
        return self.cases.total()

    def add(self, other: "Found") -> None:
        """Take in what another story came to."""
        self.cases += other.cases
        self.leaks += other.leaks
        self.tempted += other.tempted
        self.told += other.told


class Reading:
    """Reads one world, by either of its servers."""

    def __init__(self, world: World, truth: Truth, chance: random.Random) -> None:
        self.found = Found()
        self.world = world
        self.truth = truth
        self.random = chance

    def send(
        self,
        method: str,
        path: str,
        key: tuple[str, str],
        *,
        json: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """Call one of the servers."""
        client = self.random.choice(self.world.clients)
        return self.world.call(client, method, path, key, json=json, headers=headers)

    def look(self, name: str, reply: httpx2.Response, allowed: Collection[str]) -> None:
        """Count a reply, and what it tells beyond what it may."""
        told = marks_in(reply.text + json.dumps(dict(reply.headers)))
        self.count(name, told, allowed)

    def count(self, name: str, told: Collection[str], allowed: Collection[str]) -> None:
        """Count what was told, and what of it was more than may be."""
        self.found.cases[name] += 1
        self.found.told[name] += bool(told)
        if leaked := set(told) - set(allowed):
            self.leak(name, f"tells of {sorted(leaked)}")

    def leak(self, name: str, what: str) -> None:
        """Note a leak."""
        self.found.leaks.append(f"{name}: {what}")

    def some_thread(self) -> Put | None:
        """Return any thread of any forum."""
        there = list(self.truth.threads.values())
        return self.random.choice(there) if there else None

    def read(self) -> None:
        """Read a thread by its address, which may be another forum's or closed to who reads."""
        chance = self.random
        put = self.some_thread()
        forum = put.forum if put and chance.random() < 0.7 else chance.choice(FORUMS)
        thread_id = put.id if put and chance.random() < 0.9 else f"t-{new_mark(chance)}"
        kind = chance.choice(("frontend", "frontend", "analyst", "lead", "admin"))
        named = some_groups(chance)
        query = f"?groups={','.join(sorted(named))}" if named else ""
        groups = None if kind in _READS_ALL else named
        headers: dict[str, str] = {}
        if chance.random() < 0.2:
            # Whoever brings a visitor's token reads what the visitor reads, whatever their role.
            groups = some_groups(chance)
            headers[TOKEN_HEADER] = self.world.token(forum, "v1", groups)
        path = f"/v1/threads/{thread_id}{query}"
        reply = self.send("GET", path, (forum, kind), headers=headers)
        there = self.truth.threads.get((forum, thread_id))
        may = there is not None and there.readable(groups)
        # What it points to is told as far as it may be read as well.
        open_marks = self.truth.open_marks(forum, groups) if may else frozenset()
        if may and groups is None:
            open_marks |= self.truth.named(forum)
        self.look("read", reply, open_marks | marks_in(thread_id))
        if (reply.status_code == 200) is not may:
            self.leak("read", f"status {reply.status_code} where it may be read: {may}")
        if not may:
            self.found.tempted["read"] += put is not None and put.id == thread_id
            never = f"t-{new_mark(chance)}"
            path = path.replace(thread_id, never)
            nothing = self.send("GET", path, (forum, kind), headers=headers)
            self._compare(reply, thread_id, nothing, never)

    def _compare(
        self, reply: httpx2.Response, thread_id: str, nothing: httpx2.Response, never: str
    ) -> None:
        """What may not be read must look like what never was."""
        problems: list[dict[str, Any]] = [reply.json(), nothing.json()]
        for problem in problems:
            problem.pop("request_id", None)
        first, second = map(json.dumps, problems)
        if first.replace(thread_id, never) != second:
            self.leak("read", "what may not be read looks unlike what never was")

    def search(self) -> None:
        """Search a server's index itself: by words, by meaning, and among given threads."""
        chance = self.random
        forum, groups = chance.choice(FORUMS), some_groups(chance)
        put = self.some_thread()
        text = f"{put.body['title']} {put.body['body']}" if put else "nothing"
        app: Any = chance.choice(self.world.clients).app
        desk = app.state.installation.desk(self.world.forums[forum])
        desk.knowledge.sync()
        encoder = desk.serving.encoder
        turn = chance.randrange(3)
        vector = None
        if encoder is not None and turn != 0:
            vector = encoder.encode([text], TextRole.QUERY)[0]
        words = "" if turn == 1 and vector is not None else text
        among = self.truth.ids(forum, None) if chance.random() < 0.3 else None
        search = Search(words, "en", vector, groups, among, limit=chance.choice((1, 5, 50)))
        hits = desk.knowledge.index.search(search)
        open_ids = self.truth.ids(forum, groups)
        self.found.cases["search"] += 1
        self.found.told["search"] += bool(hits)
        self.found.tempted["search"] += put is not None and put.id not in open_ids
        if closed := {hit.thread_id for hit in hits} - open_ids:
            self.leak("search", f"finds {sorted(closed)}")

    def list(self) -> None:
        """Read what is told of a whole forum, as anybody: nothing of any thread's text."""
        chance = self.random
        forum, kind = chance.choice(FORUMS), chance.choice(list(KINDS))
        path = chance.choice(_LISTS)
        reply = self.send("GET", path, (forum, kind))
        open_here = self.truth.named(forum) if kind == "admin" else frozenset()
        ids = frozenset().union(*(marks_in(put.id) for put in self.truth.threads.values()))
        self.look("list", reply, open_here)
        self.found.tempted["list"] += bool(ids - open_here)
        closed = path.startswith("/v1/") and path != "/v1/trust"
        if kind == PUBLISHABLE and closed and reply.status_code != 403:
            self.leak("list", f"status {reply.status_code} for a browser's key")
