"""What is put together in every forum, every ten minutes: asks that mean the same.

In: a way to the encoder that serves a forum. Out: a round for the server's rounds.
Not here: putting them together (analytics), when rounds are gone (rounds).
"""

import logging
from collections.abc import Callable
from datetime import datetime

from triage import store
from triage.affected import sameness_of, space
from triage.analytics.grouping import group_asks
from triage.api.errands.rounds import Round
from triage.encode import Encoder
from triage.records import Forum

_log = logging.getLogger(__name__)
EVERY_SECONDS = 600.0


def group_round(
    encoder_of: Callable[[Forum], Encoder | None], every_seconds: float = EVERY_SECONDS
) -> Round:
    """Return the round that groups the asks that came since the last one."""

    def work(database: store.Database, forum: Forum, now: datetime) -> None:
        encoder = encoder_of(forum)
        if encoder is None:
            # Without one nothing is known of meanings.
            return
        done = group_asks(database, forum.id, space(encoder), sameness_of(encoder), now)
        if done.looked:
            counts = (done.looked, done.grouped, done.founded)
            _log.info("grouped forum=%s looked=%d grouped=%d founded=%d", forum.name, *counts)

    return Round("group", every_seconds, work)
