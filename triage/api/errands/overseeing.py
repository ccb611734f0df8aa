"""What is listened for in every forum, every five minutes: whether anything has fallen silent.

In: nothing. Out: a round for the server's rounds.
Not here: listening and telling (overseeing), when rounds are gone (rounds).
"""

import logging
from datetime import datetime

from triage import store
from triage.api.errands.rounds import Round
from triage.overseeing import Silence, listen, tell_silence
from triage.records import Forum

_log = logging.getLogger(__name__)
EVERY_SECONDS = 300.0

# What was silent in each forum when it was last listened.
Silent = dict[int, tuple[Silence, ...]]


def oversee_round(silent: Silent, every_seconds: float = EVERY_SECONDS) -> Round:
    """Return the round that hears what is silent, keeps it, and tells other systems of it, once."""

    def work(database: store.Database, forum: Forum, now: datetime) -> None:
        with database.read() as c:
            heard = listen(c, forum.id, now)
        silent[forum.id] = tuple(one for one in heard if one.is_dead)
        if not silent[forum.id]:
            return
        with database.write() as c:
            for one in tell_silence(c, forum.id, heard, now):
                _log.error("silent forum=%s part=%s", forum.name, one.stream.value)

    return Round("oversee", every_seconds, work)
