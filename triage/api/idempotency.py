"""A request that may be sent twice and acts once.

In: the Idempotency-Key header, the raw body, what to do. Out: the reply, or the first one again.
Only replies of success are kept: after an error the same request may be tried again.
Not here: how claims are kept (store).
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Header, Request
from starlette.responses import Response

from triage import store
from triage.api.access import Caller
from triage.api.bodies import Raw
from triage.api.problems import FieldProblem, bad_request

KEPT = timedelta(hours=24)
_KEY = re.compile(r"[\x21-\x7e]{1,128}")


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it was sent: its body, where it went, and under which key if any."""

    body: bytes
    route: str
    idempotency_key: str | None

    @property
    def digest(self) -> str:
        """What must be equal for two requests to be one."""
        return hashlib.sha256(self.route.encode() + b"\n" + self.body).hexdigest()


async def sent(
    request: Request,
    body: Raw,
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="1 to 128 visible ASCII characters, new for each new request. The same key"
            " with the same body gives the first reply again, for 24 hours.",
        ),
    ] = None,
) -> Sent:
    """Read a request that may be sent twice. Raises Problem for a key that is none."""
    if idempotency_key is not None and not _KEY.fullmatch(idempotency_key):
        raise bad_request(
            [FieldProblem("Idempotency-Key", "has other than 1 to 128 visible ASCII characters")]
        )
    return Sent(body, f"{request.method} {request.url.path}", idempotency_key)


SentOnce = Annotated[Sent, Depends(sent)]


def once(
    caller: Caller,
    request: Sent,
    act: Callable[[], str],
    refresh: Callable[[str], str] = lambda body: body,
    *,
    person: str | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    shown: Callable[[str], str] = lambda body: body,
) -> Response:
    """Act and reply, or give the first reply again, which `refresh` may bring up to date.

    Either has this status and these headers. `person` is whom the request is about, if it is
    known; the reply is forgotten with them. `shown` adds what is told each time and never kept.

    Raises IdempotencyConflict and IdempotencyPending.
    """
    if request.idempotency_key is None:
        return _json(shown(act()), status, headers)
    database = caller.installation.database()
    claim = (caller.forum.id, caller.name, request.route, request.idempotency_key)
    whom = person or caller.person(None)
    # Keyed: who is named in a request could be found by trying names.
    digest = caller.hash_person(f"request:{request.digest}")
    now = datetime.now(UTC)
    with database.write() as c:
        store.drop_old_requests(c, caller.forum.id, now - KEPT)
        first = store.claim_request(c, *claim, digest, now, whom)
    if first is not None:
        again = {**(headers or {}), "Idempotency-Replayed": "true"}
        return _json(shown(refresh(first.body)), first.status, again)
    try:
        body = act()
    except BaseException:
        with database.write() as c:
            store.release_request(c, *claim)
        raise
    with database.write() as c:
        store.finish_request(c, *claim, status, body)
    return _json(shown(body), status, headers)


def _json(body: str, status: int, headers: Mapping[str, str] | None) -> Response:
    return Response(body, status_code=status, media_type="application/json", headers=headers)
