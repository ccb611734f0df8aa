"""Asking for what is there, by whoever may or may not be told of it, once and again.

In: what reads a world. Out: its `found`, grown by each reply.
Not here: reading by address (separation_readers).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from benchmarks.separation_readers import Reading
from benchmarks.separation_truth import marks_in, some_groups
from benchmarks.separation_world import FORUMS, PUBLISHABLE, TOKEN_HEADER

_KINDS = (PUBLISHABLE, PUBLISHABLE, "frontend", "frontend", "lead", "admin")


@dataclass(frozen=True, slots=True)
class Sent:
    """A triage call that may be sent again; `groups` are those that count for it."""

    key: tuple[str, str]
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    groups: frozenset[str]


class Asking:
    """Everybody who asks in one world."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._random = reading.random
        self._sent: list[Sent] = []
        self._replies: list[tuple[str, Mapping[str, Any], Mapping[str, Any]]] = []
        self._said: dict[str, set[str]] = {}
        self._withheld: dict[str, frozenset[str]] = {}
        self._count = 0

    def ask(self) -> None:
        """Ask for a thread that is somewhere, in any forum, as anybody."""
        chance = self._random
        forum, kind = chance.choice(FORUMS), chance.choice(_KINDS)
        named = some_groups(chance)
        put = self._reading.some_thread()
        if put is not None and chance.random() < 0.8:
            forum = put.forum
        draft = {"title": put.body["title"], "body": put.body["body"]} if put else {"title": "x"}
        self._count += 1
        body = {
            **draft,
            "lang": "en",
            "groups": sorted(named),
            "user": f"u{chance.randrange(30)}",
            "session": f"s{chance.randrange(50)}",
            "stage": chance.choice(("typing", "submit")),
        }
        headers = {"Idempotency-Key": f"k{self._count}"} if chance.random() < 0.6 else {}
        self._triage("ask", self._as(Sent((forum, kind), headers, body, named)))

    def ask_again(self) -> None:
        """Send an earlier call again, as its sender, or as somebody else with the same words."""
        if not self._sent:
            return
        chance = self._random
        sent = chance.choice(self._sent[-30:])
        forum, kind = sent.key
        match chance.randrange(4):
            case 0:
                sent = self._as(replace(sent, key=(chance.choice(FORUMS), kind)))
            case 1:
                sent = self._as(replace(sent, key=(forum, chance.choice(_KINDS))))
            case 2:
                named = some_groups(chance)
                body = {**sent.body, "groups": sorted(named)}
                sent = self._as(replace(sent, body=body))
        self._triage("ask again", sent)

    def _as(self, sent: Sent) -> Sent:
        """Say what the caller's word is good for: what a browser says of itself is good for none.

        What its token says is.
        """
        (forum, kind), chance = sent.key, self._random
        headers = {n: v for n, v in sent.headers.items() if n != TOKEN_HEADER}
        if kind != PUBLISHABLE:
            return replace(sent, headers=headers, groups=frozenset(sent.body["groups"]))
        if chance.random() < 0.5:
            return replace(sent, headers=headers, groups=frozenset())
        groups = some_groups(chance)
        token = self._reading.world.token(forum, f"v{chance.randrange(5)}", groups)
        headers[TOKEN_HEADER] = token
        return replace(sent, headers=headers, groups=groups)

    def _triage(self, name: str, sent: Sent) -> None:
        reading, (forum, _) = self._reading, sent.key
        reply = reading.send("POST", "/v1/triage", sent.key, json=sent.body, headers=sent.headers)
        # The same key for another request is refused, and that is an answer too.
        assert reply.status_code in (200, 422), reply.text
        reading.look(name, reply, reading.truth.open_marks(forum, sent.groups))
        wanted = marks_in(f"{sent.body['title']} {sent.body['body']}")
        closed = reading.truth.closed_marks(forum, sent.groups)
        reading.found.tempted[name] += bool(wanted & closed)
        if reply.status_code == 200:
            told = reply.json()
            self._replies.append((forum, told, sent.body))
            if told["arm"] == "holdout":
                # What was withheld is what the asker might have been told when this was first
                # sent: a reply that is given again was not made again.
                could = marks_in(str(reading.truth.ids(forum, sent.groups)))
                self._withheld.setdefault(told["triage_id"], could)
            self._said.setdefault(forum, set()).update(wanted)
            if "Idempotency-Key" in sent.headers:
                self._sent.append(sent)

    def explain(self) -> None:
        """Ask why, as anybody of the triage's forum or of another, and in a visitor's name."""
        if not self._replies:
            return
        reading, chance = self._reading, self._random
        forum, told, body = chance.choice(self._replies[-50:])
        asked_in = forum if chance.random() < 0.6 else chance.choice(FORUMS)
        kind = chance.choice(("lead", "admin", "lead", "admin", "analyst", "frontend"))
        what = chance.choice(("explanation", "explanation", "original"))
        headers: dict[str, str] = {}
        groups: frozenset[str] | None = None
        if chance.random() < 0.2:
            # Whoever brings a visitor's token reads what the visitor reads, whatever their role.
            groups = some_groups(chance)
            headers[TOKEN_HEADER] = reading.world.token(asked_in, "v1", groups)
        path = f"/v1/triage/{told['triage_id']}/{what}"
        reply = reading.send("GET", path, (asked_in, kind), headers=headers)
        may = asked_in == forum and kind in ("lead", "admin")
        # It says which words of the question moved it, and names labelled cases of the forum.
        own = marks_in(str(body)) | reading.world.case_marks(forum, groups)
        # Who leads sees what was withheld from an asker of the holdout; no visitor does.
        withheld = self._withheld.get(told["triage_id"], frozenset())
        if groups is None:
            own |= withheld
        reading.look("explain", reply, own if may else frozenset())
        reading.found.tempted["explain"] += not may or (groups is not None and bool(withheld))
        if what == "original" and may and reply.status_code == 404:
            # Nothing private was in it.
            return
        if (reply.status_code == 200) is not may:
            reading.leak("explain", f"status {reply.status_code} where it may be read: {may}")

    def export_person(self) -> None:
        """Have the data of a person exported, who may have asked in several forums."""
        reading, chance = self._reading, self._random
        forum, kind = chance.choice(FORUMS), chance.choice(("admin", "admin", "lead", "analyst"))
        body = {"user": f"u{chance.randrange(30)}"}
        reply = reading.send("POST", "/v1/persons/export", (forum, kind), json=body)
        # Their own words, and what they were shown in this forum when they asked.
        own = reading.truth.ever(forum) | self._said.get(forum, set())
        reading.look("person", reply, own if kind == "admin" else frozenset())
        reading.found.tempted["person"] += 1
        if (reply.status_code == 200) is not (kind == "admin"):
            reading.leak("person", f"status {reply.status_code} for {kind}")

    def tell_event(self) -> None:
        """Say that something was clicked, which may never have been shown, here or elsewhere."""
        if not self._replies:
            return
        reading, chance = self._reading, self._random
        forum, told, _ = chance.choice(self._replies[-50:])
        put = reading.some_thread()
        kind = chance.choice(_KINDS)
        asked_in = forum if chance.random() < 0.6 else chance.choice(FORUMS)
        event = {
            "event_id": f"e{chance.randrange(1000)}",
            "type": "opened",
            "triage_id": told["triage_id"],
            "ask_id": told["ask_id"],
            "thread_id": put.id if put else "t-1",
            "occurred_at": datetime.now(UTC).isoformat(),
        }
        reply = reading.send("POST", "/v1/events", (asked_in, kind), json={"events": [event]})
        assert reply.status_code == 200, reply.text
        reading.look("event", reply, marks_in(str(event)))
        if asked_in != forum:
            reading.found.tempted["event"] += 1
            (result,) = reply.json()["results"]
            if result["code"] not in ("unknown_triage", None) or result["state"] == "accepted":
                reading.leak("event", f"{result['code']} for a triage of another forum")
