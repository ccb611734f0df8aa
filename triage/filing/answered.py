"""A topic that we posted and that was solved in its forum -> its question is answered here as well.

In: threads as they were read of the forum. Out: questions answered by the community, or by staff
who wrote there; what was written stays in the thread. Only the asker says that it is solved.
Not here: reading topics (importing), tickets (looking).
"""

import asyncio
import logging
from datetime import datetime

from triage import questions, store
from triage.errors import IdempotencyConflict, IllegalChange, NoQuestion
from triage.filing.around import Around
from triage.lifecycle import State, Who
from triage.questions import Asked
from triage.records import Answer, Forum

# A question, the channel it was filed through, and the thread of it.
Solved = tuple[str, str, str]

_log = logging.getLogger(__name__)


class Answers:
    """Takes over what was accepted where questions were posted."""

    def __init__(self, around: Around) -> None:
        self._around = around

    async def take(self, forum: Forum) -> int:
        """Answer the questions of a forum that were answered elsewhere; return how many."""
        return await asyncio.to_thread(self._take, forum)

    def _take(self, forum: Forum) -> int:
        count, last, now = 0, ("", ""), self._around.now()
        while True:
            with self._around.database.read() as c:
                found = store.solved_elsewhere(c, forum.id, last)
                told = [(one, _accepted(c, forum, one)) for one in found]
            count += sum(self._answer(forum, one, asked, now) for one, asked in told if asked)
            if not found:
                return count
            last = found[-1][:2]

    def _answer(self, forum: Forum, solved: Solved, asked: Asked, now: datetime) -> bool:
        with self._around.database.write() as c:
            try:
                return questions.keep(c, forum.id, solved[0], asked, now).fresh
            except (IllegalChange, IdempotencyConflict, NoQuestion) as error:
                _log.info("topic_not_followed code=%s", error.code)
                return False


def _accepted(c: store.Connection, forum: Forum, solved: Solved) -> Asked | None:
    """Return what is to become of a question; nothing where nobody has accepted an answer."""
    _, channel_id, thread_id = solved
    thread = store.get_thread(c, forum.id, thread_id)
    accepted = [one for one in thread.answers if one.accepted] if thread else []
    return _asked(channel_id, thread_id, accepted[-1]) if accepted else None


def _asked(channel_id: str, thread_id: str, answer: Answer) -> Asked:
    return Asked(
        State.ANSWERED,
        Who.STAFF if answer.staff else Who.COMMUNITY,
        f"{channel_id}:accepted:{answer.id}",
        answer_id=f"{thread_id}:{answer.id}",
        answer_public=True,
    )
