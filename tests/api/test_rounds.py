"""Small work is done in every forum, whatever becomes of it in another."""

from datetime import datetime

from triage.api.errands.rounds import Round, Rounds
from triage.records import Forum
from triage.store import Database, ensure_forum


def test_what_fails_in_one_forum_is_done_in_the_next(store: Database) -> None:
    with store.write() as c:
        for name in ("bikes", "boats"):
            ensure_forum(c, name)
    done = []

    def work(database: Database, forum: Forum, now: datetime) -> None:
        done.append(forum.name)
        if forum.name == "bikes":
            raise ValueError("broken")

    one = Round("test", 60.0, work)
    rounds = Rounds(lambda: store, [one])
    rounds._go(one)
    assert done == ["bikes", "boats"]
