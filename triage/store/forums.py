"""The forums of the installation.

In: a name. Out: a Forum, its next revision, its live model version and its encoder.
Not here: anything that belongs to one forum (every other file of this room).
"""

import re
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, Label, bindparam, insert, select, update
from sqlalchemy.engine import RowMapping

from triage.errors import BadForumName, NoForum
from triage.records import Forum
from triage.store.batches import record_of
from triage.store.tables.base import forums

_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
# Bundles lie in models/<forum>, and the shipped encoder in models/encoder.
_TAKEN = "encoder"


# Every draft needs it: making it anew would take longer than carrying it out.
_REVISION = select(forums.c.revision).where(forums.c.id == bindparam("forum"))
# The columns of a forum beside those of what belongs to it; `forum_beside` reads them.
FORUM_COLUMNS: tuple[Label[Any], ...] = tuple(
    forums.c[name].label(f"forum_{name}")
    for name in (field.name for field in fields(Forum))
    if name != "id"
)


def forum_beside(row: RowMapping) -> Forum:
    """Return the forum of a row that holds FORUM_COLUMNS beside its own `forum_id`."""
    told = {name: row[f"forum_{name}"] for name in (field.name for field in fields(Forum))}
    return Forum(**told)


def ensure_forum(c: Connection, name: str) -> Forum:
    """Return the forum of this name, created where it is not there."""
    if not _NAME.fullmatch(name) or name == _TAKEN:
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


def revision_of(c: Connection, forum_id: int, *, lock: bool = False) -> int:
    """Return the forum's current content revision; `lock` keeps it until the transaction ends."""
    query = _REVISION.with_for_update() if lock else _REVISION
    revision: int | None = c.execute(query, {"forum": forum_id}).scalar()
    if revision is None:
        raise NoForum(str(forum_id))
    return revision


def set_live_version(c: Connection, forum_id: int, version: str | None) -> None:
    """Say which model version serves the forum; None means none."""
    query = update(forums).where(forums.c.id == forum_id).values(live_version=version)
    if c.execute(query).rowcount == 0:
        raise NoForum(str(forum_id))


def live_version_of(c: Connection, forum_id: int) -> str | None:
    """Return the model version that serves the forum, as it is in this transaction."""
    row = c.execute(select(forums.c.live_version).where(forums.c.id == forum_id)).first()
    if row is None:
        raise NoForum(str(forum_id))
    version: str | None = row.live_version
    return version


def encoder_of(c: Connection, forum_id: int) -> str | None:
    """Return the id of the encoder that serves the forum; None before it was first opened."""
    row = c.execute(select(forums.c.encoder_id).where(forums.c.id == forum_id)).first()
    if row is None:
        raise NoForum(str(forum_id))
    encoder_id: str | None = row.encoder_id
    return encoder_id


def adopt_encoder(
    c: Connection, forum_id: int, name: str, prompts: tuple[str, ...], encoder_id: str
) -> bool:
    """Record the encoder of a forum that has none yet; return whether it had none."""
    query = (
        update(forums)
        .where(forums.c.id == forum_id, forums.c.encoder_id.is_(None))
        .values(encoder=name, encoder_prompts=prompts, encoder_id=encoder_id)
    )
    return c.execute(query).rowcount > 0


def switch_encoder(
    c: Connection,
    forum_id: int,
    name: str,
    prompts: tuple[str, ...],
    encoder_id: str,
    live_version: str | None,
) -> None:
    """Say which encoder serves the forum and which model beside it: never one without the other."""
    query = update(forums).where(forums.c.id == forum_id)
    encoder = {"encoder": name, "encoder_prompts": prompts, "encoder_id": encoder_id}
    if c.execute(query.values(**encoder, live_version=live_version)).rowcount == 0:
        raise NoForum(str(forum_id))


def _find(c: Connection, name: str) -> Forum | None:
    row = c.execute(select(forums).where(forums.c.name == name)).mappings().first()
    return None if row is None else record_of(Forum, row)
