"""How people want to be told: of which kind of notice in which way, where it is not the usual one.

In: a person, ways by kind. Out: the same. Whoever chose nothing is told in their feed.
Not here: the addresses that belong to it (channels), telling (notices).
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select

from triage.records import Way
from triage.store.dialects import upsert
from triage.store.notices import NoticeKind
from triage.store.tables.handing import notice_ways


def ways_of(c: Connection, forum_id: int, person: str) -> dict[NoticeKind, Way]:
    """Return in which way a person is told of each kind."""
    query = select(notice_ways.c.kind, notice_ways.c.way).where(
        notice_ways.c.forum_id == forum_id, notice_ways.c.person == person
    )
    chosen = {NoticeKind(kind): Way(way) for kind, way in c.execute(query)}
    return {kind: chosen.get(kind, Way.FEED) for kind in NoticeKind}


def put_ways(
    c: Connection, forum_id: int, person: str, ways: Mapping[NoticeKind, Way], at: datetime
) -> None:
    """Keep in which way a person wants to be told of these kinds; of others it stays."""
    usual = [kind.value for kind, way in ways.items() if way is Way.FEED]
    if usual:
        c.execute(
            delete(notice_ways).where(
                notice_ways.c.forum_id == forum_id,
                notice_ways.c.person == person,
                notice_ways.c.kind.in_(usual),
            )
        )
    rows = [
        {"forum_id": forum_id, "person": person, "kind": kind.value, "way": way.value, "at": at}
        for kind, way in ways.items()
        if way is not Way.FEED
    ]
    upsert(c, notice_ways, rows)
