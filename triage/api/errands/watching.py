"""What is looked for in every forum, four times a minute: what many ask, and what follows.

In: a way to the encoder that serves a forum. Out: a round for the server's rounds.
Not here: the look itself (affected), when rounds are gone (rounds).
"""

import logging
from collections.abc import Callable
from datetime import datetime

from triage import store
from triage.affected import Watcher
from triage.api.errands.rounds import Round
from triage.encode import Encoder
from triage.records import Forum

_log = logging.getLogger(__name__)
EVERY_SECONDS = 15.0


def watch_round(
    encoder_of: Callable[[Forum], Encoder | None], every_seconds: float = EVERY_SECONDS
) -> Round:
    """Return the round that gathers questions, passes answers on, and sees bursts."""
    watchers: dict[tuple[int, int], Watcher] = {}

    def work(database: store.Database, forum: Forum, now: datetime) -> None:
        # A store that was opened anew has watchers of its own.
        key = (id(database), forum.id)
        if key not in watchers:
            watchers[key] = Watcher(database, forum.id)
        seen = watchers[key].look(encoder_of(forum), now)
        if seen.answered or seen.proposed:
            found = (seen.answered, len(seen.proposed))
            _log.info("watched forum=%s answered=%d proposed=%d", forum.name, *found)

    return Round("watch", every_seconds, work)
