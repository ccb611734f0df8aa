"""The forums of the installation.

In: a name. Out: a Forum, its next revision, its live model version.
Not here: anything that belongs to one forum (every other file of this room).
"""

import re

from sqlalchemy import Connection, insert, select, update

from triage.errors import BadForumName, NoForum
from triage.records import Forum
from triage.store.batches import record_of
from triage.store.tables import forums

_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


def ensure_forum(c: Connection, name: str) -> Forum:
    """Return the forum of this name, created where it is not there."""
    if not _NAME.fullmatch(name):
        raise BadForumName(name)
    found = _find(c, name)
    if found is None:
        c.execute(insert(forums).values(name=name, revision=0))
    return found or get_forum(c, name)


def get_forum(c: Connection, name: str) -> Forum:
    """Return the forum of this name, or raise NoForum."""
    found = _find(c, name)
    if found is None:
        raise NoForum(name)
    return found


def list_forums(c: Connection) -> list[Forum]:
    """Return every forum, by name."""
    rows = c.execute(select(forums).order_by(forums.c.name)).mappings()
    return [record_of(Forum, row) for row in rows]


def next_revision(c: Connection, forum_id: int) -> int:
    """Count the forum's content one revision up and return the new one."""
    query = (
        update(forums)
        .where(forums.c.id == forum_id)
        .values(revision=forums.c.revision + 1)
        .returning(forums.c.revision)
    )
    revision: int | None = c.execute(query).scalar()
    if revision is None:
        raise NoForum(str(forum_id))
    return revision


def revision_of(c: Connection, forum_id: int) -> int:
    """Return the forum's current content revision."""
    revision: int | None = c.execute(
        select(forums.c.revision).where(forums.c.id == forum_id)
    ).scalar()
    if revision is None:
        raise NoForum(str(forum_id))
    return revision


def set_live_version(c: Connection, forum_id: int, version: str | None) -> None:
    """Say which model version serves the forum; None means none."""
    query = update(forums).where(forums.c.id == forum_id).values(live_version=version)
    if c.execute(query).rowcount == 0:
        raise NoForum(str(forum_id))


def _find(c: Connection, name: str) -> Forum | None:
    row = c.execute(select(forums).where(forums.c.name == name)).mappings().first()
    return None if row is None else record_of(Forum, row)
