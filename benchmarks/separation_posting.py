"""Questions that are posted, and everybody who tries to read them.

In: what reads a world. Out: its `found`, grown by each reply.
Not here: drafts (separation_asking), threads (separation_readers).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx2

from benchmarks.separation_readers import Reading
from benchmarks.separation_truth import marks_in, new_mark, some_groups
from benchmarks.separation_world import FORUMS, PUBLISHABLE, TOKEN_HEADER

_KINDS = (PUBLISHABLE, PUBLISHABLE, "frontend", "lead", "admin", "analyst")
_READS_ALL = frozenset({"lead", "admin"})
_LISTS = ("/v1/questions", "/v1/my", "/v1/notifications", "/v1/alerts", "/v1/deliveries")


@dataclass(frozen=True, slots=True)
class Posted:
    """A question that was posted: whose it is, and who may read it, as the service said."""

    forum: str
    id: str
    user: str
    groups: frozenset[str]
    visibility: str
    marks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: a key, and the visitor in whose name, if any."""

    forum: str
    kind: str
    user: str | None
    groups: frozenset[str]
    headers: Mapping[str, str]

    @property
    def reads_all(self) -> bool:
        """Whether it is staff who speak for themselves."""
        return self.kind in _READS_ALL and self.user is None

    def may_read(self, posted: Posted) -> bool:
        """Say whether a question is for this reader."""
        if posted.forum != self.forum:
            return False
        if self.reads_all or (self.user is not None and self.user == posted.user):
            return True
        if posted.visibility == "group":
            return bool(posted.groups & self.groups)
        return posted.visibility == "public"


class Posting:
    """Everybody who posts and reads questions in one world."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._random = reading.random
        self._posted: list[Posted] = []

    def post(self) -> None:
        """Post a question of a visitor, which may go to everybody, to a group or to experts."""
        reading, chance = self._reading, self._random
        forum, user = chance.choice(FORUMS), f"v{chance.randrange(5)}"
        groups = some_groups(chance)
        body = {
            "title": f"The bell is silent since the update {new_mark(chance)}",
            "body": f"It rang before. What can be done? {new_mark(chance)}",
            "lang": "en",
            "wants_person": chance.random() < 0.3,
        }
        headers = {TOKEN_HEADER: reading.world.token(forum, user, groups)}
        reply = reading.send(
            "POST", "/v1/questions", (forum, PUBLISHABLE), json=body, headers=headers
        )
        assert reply.status_code == 200, reply.text
        told = reply.json()
        own = marks_in(str(body))
        self._posted.append(Posted(forum, told["question_id"], user, groups, _readers(told), own))
        reading.look("post", reply, own)

    def read(self) -> None:
        """Read one of the last questions as anybody; to the rest it is as if it never was."""
        if not self._posted:
            return
        reading, posted = self._reading, self._random.choice(self._posted[-40:])
        reader = self._somebody(posted.forum)
        reply = self._get(f"/v1/questions/{posted.id}", reader)
        may = reader.may_read(posted)
        reading.look("question", reply, posted.marks if may else frozenset())
        reading.found.tempted["question"] += not may
        if (reply.status_code == 200) is not may:
            # Whom the table keeps out altogether is told that, and nothing of the question.
            if may and reader.kind == "analyst" and reply.status_code == 403:
                return
            reading.leak("question", f"status {reply.status_code} where it may be read: {may}")

    def list(self) -> None:
        """Read what lists questions, or what somebody is told of them, as anybody."""
        reading, path = self._reading, self._random.choice(_LISTS)
        reader = self._somebody(self._random.choice(FORUMS))
        reply = self._get(path, reader)
        readable = [p.marks for p in self._posted if reader.may_read(p)]
        open_marks = frozenset().union(*readable)
        reading.look("questions", reply, open_marks)
        reading.found.tempted["questions"] += any(not reader.may_read(p) for p in self._posted)

    def _somebody(self, forum: str) -> Reader:
        reading, chance = self._reading, self._random
        asked_in = forum if chance.random() < 0.7 else chance.choice(FORUMS)
        kind = chance.choice(_KINDS)
        if chance.random() < 0.4:
            return Reader(asked_in, kind, None, frozenset(), {})
        user, groups = f"v{chance.randrange(5)}", some_groups(chance)
        headers = {TOKEN_HEADER: reading.world.token(asked_in, user, groups)}
        return Reader(asked_in, kind, user, groups, headers)

    def _get(self, path: str, reader: Reader) -> httpx2.Response:
        return self._reading.send("GET", path, (reader.forum, reader.kind), headers=reader.headers)


def _readers(told: Mapping[str, object]) -> str:
    """Return to whom a question is shown: what only its asker may show to others is private."""
    return str(told["visibility"]) if told["destination"] == "community" else "private"
