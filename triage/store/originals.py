"""What only an expert may read of a question: a sealed box beside its triage, for a time.

In: a triage and a box. Out: the box, as long as its time has not run out.
Not here: what is in it (triage.originals), taking away what is too old (aging).
"""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from triage.store.columns import as_utc
from triage.store.tables.trust import originals


def put_original(
    c: Connection,
    forum_id: int,
    triage_id: str,
    person: str | None,
    sealed: bytes,
    created_at: datetime,
    expires_at: datetime,
) -> None:
    """Keep a box beside its triage."""
    c.execute(
        insert(originals).values(
            forum_id=forum_id,
            triage_id=triage_id,
            person=person,
            sealed=sealed,
            created_at=created_at,
            expires_at=expires_at,
        )
    )


def get_original(c: Connection, forum_id: int, triage_id: str, at: datetime) -> bytes | None:
    """Return a triage's box, or None where there is none or its time has run out."""
    query = select(originals.c.sealed, originals.c.expires_at).where(
        originals.c.forum_id == forum_id, originals.c.triage_id == triage_id
    )
    row = c.execute(query).first()
    return None if row is None or row.expires_at <= as_utc(at) else bytes(row.sealed)
