"""What people are told: once each, until they have read it, and where else than in their feed.

In: a person, what kind of news, and what it is about. Out: their notices, newest first; a message
to each of their own addresses that wants it.
Not here: the sentences (phrases), who is told what (affected, questions), who wants what
(notice_ways), sending (delivering).
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, update

from triage.records import MessageType, Way
from triage.store.batches import record_of
from triage.store.dialects import insert_free, insert_new
from triage.store.messages import Message, post_to_persons
from triage.store.tables.handing import channels, notice_ways
from triage.store.tables.insight import notices
from triage.streams import chunks


class NoticeKind(StrEnum):
    """What a notice is about, and what its subject is the id of."""

    KNOWN_ISSUE = "known_issue"
    ISSUE_FIXED = "issue_fixed"
    SAME_ANSWER = "same_answer"
    ANSWERED = "answered"
    ASKED_BACK = "asked_back"

    @property
    def of_question(self) -> bool:
        """Whether its subject is a question that was posted; else it is a known issue."""
        return self not in (NoticeKind.KNOWN_ISSUE, NoticeKind.ISSUE_FIXED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing that one person is told. `person` is a keyed hash."""

    person: str
    kind: NoticeKind
    subject: str
    at: datetime
    lang: str | None = None
    # What came to the subject, where it can come more than once: an answer, a change.
    detail: str | None = None
    read_at: datetime | None = None

    @property
    def notice_id(self) -> str:
        """Equal for what is told twice."""
        told = f"{self.person}\n{self.kind}\n{self.subject}\n{self.detail}"
        return hashlib.sha256(told.encode()).hexdigest()[:32]


def tell(c: Connection, forum_id: int, told: Iterable[Notice]) -> None:
    """Tell people; who was told of it already, or wants to know of no such thing, is not told."""
    for part in chunks(told):
        persons = {one.person for one in part}
        refused = _refused(c, forum_id, persons)
        pushed = _pushed(c, forum_id, persons)
        kept = [one for one in part if (one.person, one.kind.value) not in refused]
        sent = {one.notice_id: one for one in kept if one.kind.value in pushed.get(one.person, ())}
        plain = [one for one in kept if one.notice_id not in sent]
        insert_new(c, notices, [_row(forum_id, one) for one in plain])
        fresh = _insert_fresh(c, forum_id, sent)
        if fresh:
            post_to_persons(c, forum_id, [_message(one) for one in fresh])


def notices_of(
    c: Connection,
    forum_id: int,
    person: str,
    *,
    unread: bool = False,
    after: str | None = None,
    limit: int = 50,
) -> list[Notice]:
    """Return a person's notices, newest first, beginning behind one of theirs."""
    n = notices.c
    query = select(notices).where(*_theirs(forum_id, person))
    if unread:
        query = query.where(n.read_at.is_(None))
    if after is not None:
        last = _moment(c, forum_id, person, after)
        if last is not None:
            query = query.where((n.at < last) | ((n.at == last) & (n.notice_id < after)))
    ordered = query.order_by(n.at.desc(), n.notice_id.desc()).limit(limit)
    rows = c.execute(ordered).mappings()
    return [record_of(Notice, row, kind=NoticeKind(row["kind"])) for row in rows]


def count_unread(c: Connection, forum_id: int, person: str) -> dict[NoticeKind, int]:
    """Return how many notices of each kind a person has not read yet; kinds with none are left."""
    n = notices.c
    query = select(n.kind, func.count()).where(*_theirs(forum_id, person), n.read_at.is_(None))
    return {NoticeKind(kind): count for kind, count in c.execute(query.group_by(n.kind))}


def read_notices(
    c: Connection, forum_id: int, person: str, notice_ids: Collection[str], at: datetime
) -> int:
    """Note that a person has read these notices of theirs; return how many were unread."""
    n, count = notices.c, 0
    unread = (*_theirs(forum_id, person), n.read_at.is_(None))
    for part in chunks(notice_ids):
        query = update(notices).where(*unread, n.notice_id.in_(part))
        count += c.execute(query.values(read_at=at)).rowcount
    return count


def read_notices_to(c: Connection, forum_id: int, person: str, notice_id: str, at: datetime) -> int:
    """Note that a person has read a notice of theirs and all before it; return how many."""
    n, last = notices.c, _moment(c, forum_id, person, notice_id)
    if last is None:
        return 0
    older = (n.at < last) | ((n.at == last) & (n.notice_id <= notice_id))
    query = update(notices).where(*_theirs(forum_id, person), n.read_at.is_(None), older)
    return c.execute(query.values(read_at=at)).rowcount


def _theirs(forum_id: int, person: str) -> tuple[ColumnElement[bool], ...]:
    return notices.c.forum_id == forum_id, notices.c.person == person


def _moment(c: Connection, forum_id: int, person: str, notice_id: str) -> datetime | None:
    """Return when a person was told of something; None where it is no notice of theirs."""
    query = select(notices.c.at).where(*_theirs(forum_id, person), notices.c.notice_id == notice_id)
    return c.execute(query).scalar()


def _refused(c: Connection, forum_id: int, persons: Collection[str]) -> set[tuple[str, str]]:
    """Return of which kinds who of these wants to know nothing."""
    w = notice_ways.c
    query = select(w.person, w.kind).where(
        w.forum_id == forum_id, w.person.in_(persons), w.way == Way.NONE.value
    )
    return {(person, kind) for person, kind in c.execute(query)}


def _pushed(c: Connection, forum_id: int, persons: Collection[str]) -> Mapping[str, set[str]]:
    """Return of which kinds who of these is told at an address of their own."""
    query = select(channels.c.person, channels.c.wants).where(
        channels.c.forum_id == forum_id, channels.c.person.in_(persons)
    )
    wanted: dict[str, set[str]] = {}
    for person, wants in c.execute(query):
        wanted.setdefault(person, set()).update(wants)
    return wanted


def _insert_fresh(c: Connection, forum_id: int, sent: Mapping[str, Notice]) -> list[Notice]:
    """Keep notices and return those that were new: only these are sent anywhere."""
    if not sent:
        return []
    there = select(notices.c.notice_id).where(
        notices.c.forum_id == forum_id, notices.c.notice_id.in_(sent)
    )
    known = set(c.execute(there).scalars())
    rows = [_row(forum_id, one) for name, one in sent.items() if name not in known]
    taken = insert_free(c, notices, rows, "notice_id")
    return [one for name, one in sent.items() if name in taken]


def _row(forum_id: int, one: Notice) -> dict[str, Any]:
    return {
        "forum_id": forum_id,
        "notice_id": one.notice_id,
        "person": one.person,
        "kind": one.kind.value,
        "subject": one.subject,
        "detail": one.detail,
        "lang": one.lang,
        "at": one.at,
    }


def _message(one: Notice) -> Message:
    """Return what a person's addresses are told: which notice it is, and no words.

    Each is a stream of its own: one that does not arrive holds back no other.
    """
    named = "question_id" if one.kind.of_question else "issue_id"
    return Message(
        type=MessageType.NOTICE,
        stream=one.notice_id,
        at=one.at,
        question_id=one.subject if one.kind.of_question else None,
        person=one.person,
        data={
            "notice_id": one.notice_id,
            "kind": one.kind.value,
            "subject": one.subject,
            named: one.subject,
            "lang": one.lang,
        },
    )
