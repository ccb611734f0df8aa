"""Random lives of forums: threads come, change their readers and go, while everybody asks.

In: a world, a seed. Out: how many replies were looked at, and every one that told its caller of
something that the caller may not read.
Not here: the servers (separation_world), what is true (separation_truth), the asking of single
addresses (separation_readers), how long it goes on (separation).
"""

import random
from collections.abc import Callable, Mapping

from benchmarks.separation_asking import Asking
from benchmarks.separation_posting import Posting
from benchmarks.separation_readers import Found, Reading
from benchmarks.separation_truth import Put, Truth, new_mark, some_groups
from benchmarks.separation_world import FORUMS, World

_SUBJECTS = (
    "The invoice export stops with an error",
    "Cannot log in after changing the phone",
    "Payment reminders go out twice every Monday",
    "The stock list loses its sorting",
)
_ANSWER = "Open the settings and choose the second entry, then start it anew"
_FIRST = 6


class Story:
    """One life of a world."""

    def __init__(self, world: World, seed: int) -> None:
        self._random = random.Random(seed)
        self._world = world
        self._truth = Truth()
        self._reading = Reading(world, self._truth, self._random)
        self._asking = Asking(self._reading)
        self._posting = Posting(self._reading)

    def live(self, cases: int) -> Found:
        """Go on until so many replies were looked at."""
        for forum in FORUMS:
            for _ in range(_FIRST):
                self._put(forum)
        steps = self._steps()
        weights = [weight for weight, _ in steps.values()]
        found = self._reading.found
        while found.looked_at < cases:
            steps[self._random.choices(list(steps), weights)[0]][1]()
        return found

    def _steps(self) -> Mapping[str, tuple[int, Callable[[], None]]]:
        asking, reading, posting = self._asking, self._reading, self._posting
        return {
            "put": (4, lambda: self._put(self._random.choice(FORUMS))),
            "change": (10, self._change),
            "delete": (3, self._delete),
            "ask": (34, asking.ask),
            "ask again": (14, asking.ask_again),
            "event": (6, asking.tell_event),
            "explain": (6, asking.explain),
            "person": (3, asking.export_person),
            "read": (22, reading.read),
            "search": (10, reading.search),
            "list": (6, reading.list),
            "post": (5, posting.post),
            "question": (10, posting.read),
            "questions": (8, posting.list),
        }

    def _put(self, forum: str, thread_id: str | None = None) -> None:
        """Put a thread that is new, or has a new text."""
        chance = self._random
        thread_id = thread_id or f"t-{new_mark(chance)}"
        groups = some_groups(chance)
        there = sorted(self._truth.ids(forum, None) - {thread_id})
        links = chance.sample(there, min(len(there), chance.choice((0, 0, 1, 2))))
        body = {
            "title": f"{chance.choice(_SUBJECTS)} {new_mark(chance)}",
            "body": f"{chance.choice(_SUBJECTS)} since the update {new_mark(chance)}.",
            "answers": [
                {"id": f"a{n}", "body": f"{_ANSWER} {new_mark(chance)}.", "accepted": n == 0}
                for n in range(chance.choice((1, 1, 2)))
            ],
            "solved": chance.random() < 0.8,
            "lang": "en",
            "groups": sorted(groups),
            "url": f"https://forum.example/{thread_id}",
            "tags": [new_mark(chance)],
            "product": new_mark(chance),
            "duplicate_of": links[:1],
            "superseded_by": links[1] if links[1:] else None,
        }
        self._keep(Put(forum, thread_id, groups, body))

    def _change(self) -> None:
        """Give a thread other readers, with its text or with another."""
        put = self._some()
        if put is None:
            return
        if self._random.random() < 0.4:
            self._put(put.forum, put.id)
            return
        groups = some_groups(self._random)
        self._keep(Put(put.forum, put.id, groups, {**put.body, "groups": sorted(groups)}))

    def _keep(self, put: Put) -> None:
        key = (put.forum, self._random.choice(("lead", "admin")))
        if self._random.random() < 0.5:
            reply = self._reading.send("PUT", f"/v1/threads/{put.id}", key, json=put.body)
        else:
            rows = {"threads": [{"id": put.id, **put.body}]}
            reply = self._reading.send("POST", "/v1/threads/batch", key, json=rows)
        assert reply.status_code == 200, reply.text
        self._truth.put(put)

    def _delete(self) -> None:
        put = self._some()
        if put is None:
            return
        reply = self._reading.send("DELETE", f"/v1/threads/{put.id}", (put.forum, "lead"))
        assert reply.status_code == 204, reply.text
        del self._truth.threads[put.forum, put.id]

    def _some(self) -> Put | None:
        there = list(self._truth.threads.values())
        return self._random.choice(there) if there else None
