"""Who follows an open thread since they have the same question.

In: threads. Out: for each who follows it: persons, or visits of nobody known.
Not here: what it means to follow (outcomes), who else has the same (clusters).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import Connection, func, literal, select

from triage.records import EventType
from triage.store.tables.base import asks, events
from triage.streams import chunks


def followers_of(
    c: Connection, forum_id: int, thread_ids: Collection[str]
) -> Mapping[str, frozenset[str]]:
    """Return who follows each of the threads; without bursts, test keys and simulated ones."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    whose = (asks.c.forum_id == events.c.forum_id) & (asks.c.ask_id == events.c.ask_id)
    visit = literal("visit ") + func.coalesce(asks.c.session, events.c.session, events.c.ask_id)
    # The ask knows its person also where the event does not say it.
    who = func.coalesce(asks.c.person, events.c.person, visit)
    for part in chunks(thread_ids):
        query = select(events.c.thread_id, who).join_from(events, asks, whose)
        query = query.where(
            events.c.forum_id == forum_id,
            events.c.type == EventType.FOLLOWED.value,
            events.c.thread_id.in_(part),
            events.c.test.is_(False),
            events.c.held.is_(None),
            asks.c.simulated.is_not(True),
        )
        for thread_id, one in c.execute(query.distinct()):
            found[thread_id].add(one)
    return {thread_id: frozenset(whos) for thread_id, whos in found.items()}
