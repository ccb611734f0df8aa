"""Requests that may be sent twice and must act once.

In: an Idempotency-Key of a caller, with the digest of its request. Out: go ahead, or the first
reply again.
Not here: reading headers (api). Claim in one transaction and finish in another, so that a second
sender sees the claim while the first still works.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, select, update

from triage.errors import IdempotencyConflict, IdempotencyPending
from triage.store.columns import as_utc
from triage.store.dialects import insert_if_new
from triage.store.tables.base import idempotency

# No request takes longer; a claim that is older belongs to a process that died.
CLAIM_LASTS = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class StoredReply:
    """What the first request was answered."""

    status: int
    body: str


def claim_request(
    c: Connection,
    forum_id: int,
    caller: str,
    route: str,
    idempotency_key: str,
    request_digest: str,
    at: datetime,
    person: str | None = None,
) -> StoredReply | None:
    """Return None if the caller is to act, or the reply to give again.

    `person` is whom the request is about, so that it is forgotten with them.

    Raises IdempotencyConflict for another request under the same key, and IdempotencyPending
    while the first one is still being worked on.
    """
    row = {
        "forum_id": forum_id,
        "caller": caller,
        "route": route,
        "person": person,
        "idempotency_key": idempotency_key,
        "request_digest": request_digest,
        "at": at,
    }
    if insert_if_new(c, idempotency, row):
        return None
    mine = _of(forum_id, caller, route, idempotency_key)
    first = c.execute(select(idempotency).where(*mine).with_for_update()).mappings().one()
    if first["request_digest"] != request_digest:
        raise IdempotencyConflict
    if first["status"] is not None:
        return StoredReply(first["status"], first["body"])
    if as_utc(at) - first["at"] < CLAIM_LASTS:
        raise IdempotencyPending
    c.execute(update(idempotency).where(*mine).values(at=at))
    return None


def finish_request(
    c: Connection,
    forum_id: int,
    caller: str,
    route: str,
    idempotency_key: str,
    status: int,
    body: str,
) -> None:
    """Keep the reply for whoever sends the same request again."""
    mine = _of(forum_id, caller, route, idempotency_key)
    c.execute(update(idempotency).where(*mine).values(status=status, body=body))


def release_request(
    c: Connection, forum_id: int, caller: str, route: str, idempotency_key: str
) -> None:
    """Give up a claim after an error, so that the request can be tried again at once."""
    mine = _of(forum_id, caller, route, idempotency_key)
    c.execute(delete(idempotency).where(*mine, idempotency.c.status.is_(None)))


def drop_old_requests(c: Connection, forum_id: int, before: datetime) -> int:
    """Forget requests made before a moment; return how many."""
    query = delete(idempotency).where(idempotency.c.forum_id == forum_id, idempotency.c.at < before)
    return c.execute(query).rowcount


def _of(forum_id: int, caller: str, route: str, idempotency_key: str) -> list[ColumnElement[bool]]:
    return [
        idempotency.c.forum_id == forum_id,
        idempotency.c.caller == caller,
        idempotency.c.route == route,
        idempotency.c.idempotency_key == idempotency_key,
    ]
