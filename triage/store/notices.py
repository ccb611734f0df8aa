"""What people are told: once each, until they have read it.

In: a person, what kind of news, and what it is about. Out: their notices, newest first.
Not here: the sentences (notice_phrases), who is told what (affected).
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select, update

from triage.store.batches import record_of
from triage.store.dialects import insert_new
from triage.store.insight_tables import notices
from triage.streams import chunks


class NoticeKind(StrEnum):
    """What a notice is about, and what its subject is the id of."""

    KNOWN_ISSUE = "known_issue"
    ISSUE_FIXED = "issue_fixed"
    SAME_ANSWER = "same_answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing that one person is told. `person` is a keyed hash."""

    person: str
    kind: NoticeKind
    subject: str
    at: datetime
    lang: str | None = None
    # What came to the subject, where it can come more than once: an answer.
    detail: str | None = None
    read_at: datetime | None = None

    @property
    def notice_id(self) -> str:
        """Equal for what is told twice."""
        told = f"{self.person}\n{self.kind}\n{self.subject}\n{self.detail}"
        return hashlib.sha256(told.encode()).hexdigest()[:32]


def tell(c: Connection, forum_id: int, told: Iterable[Notice]) -> None:
    """Tell people; who was told of it already is not told again."""
    for part in chunks(told):
        rows = [
            {
                "forum_id": forum_id,
                "notice_id": one.notice_id,
                "person": one.person,
                "kind": one.kind.value,
                "subject": one.subject,
                "detail": one.detail,
                "lang": one.lang,
                "at": one.at,
            }
            for one in part
        ]
        insert_new(c, notices, rows)


def notices_of(
    c: Connection, forum_id: int, person: str, *, after: str | None = None, limit: int = 50
) -> list[Notice]:
    """Return a person's notices, newest first, beginning behind one of theirs."""
    n = notices.c
    theirs = [n.forum_id == forum_id, n.person == person]
    query = select(notices).where(*theirs)
    if after is not None:
        last = c.execute(select(n.at).where(*theirs, n.notice_id == after)).scalar()
        if last is not None:
            query = query.where((n.at < last) | ((n.at == last) & (n.notice_id < after)))
    ordered = query.order_by(n.at.desc(), n.notice_id.desc()).limit(limit)
    rows = c.execute(ordered).mappings()
    return [record_of(Notice, row, kind=NoticeKind(row["kind"])) for row in rows]


def read_notices(
    c: Connection, forum_id: int, person: str, notice_ids: Collection[str], at: datetime
) -> int:
    """Note that a person has read these notices of theirs; return how many were unread."""
    n, count = notices.c, 0
    for part in chunks(notice_ids):
        query = update(notices).where(
            n.forum_id == forum_id, n.person == person, n.notice_id.in_(part), n.read_at.is_(None)
        )
        count += c.execute(query.values(read_at=at)).rowcount
    return count
