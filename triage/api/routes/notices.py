"""/v1/notices: what a person is told, and that they have read it.

In: a person whom a server names or a token vouches for. Out: their notices, newest first. Nobody
by name has none.
Not here: who is told what (affected), the sentences (notice_phrases).
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from triage import affected, store
from triage.api import together_schemas as examples
from triage.api.access import KnownCaller
from triage.api.bodies import read_body
from triage.api.idempotency import SentOnce, once
from triage.api.openapi import gives, takes
from triage.api.problems import documented
from triage.api.routes.known_issues import readers_of
from triage.api.routes.threads import Groups
from triage.api.routes.triage import COMMON, ONCE, READS
from triage.api.together_schemas import NoticeReply, NoticesReply, ReadReply, ReadRequest

router = APIRouter(tags=["together"])

User = Annotated[
    str | None, Query(description="Whose; counts only with a secret key.", max_length=300)
]
After = Annotated[str | None, Query(description="Give those behind this one.", max_length=100)]
Limit = Annotated[int, Query(description="At most so many.", ge=1, le=200)]


@router.get(
    "/v1/notices",
    summary="Read what a person is told",
    description="Of known issues that they asked about, and of answers to questions like theirs."
    " Newest first, each once, in the language that they asked in.",
    response_model=NoticesReply,
    responses={**gives(examples.NOTICES), **documented("bad_request", *COMMON)},
)
def list_notices(
    caller: KnownCaller,
    user: User = None,
    groups: Groups = None,
    after: After = None,
    limit: Limit = 50,
) -> Response:
    """Give a page of a person's notices."""
    person, readers = caller.person(user), readers_of(caller, groups)
    with caller.installation.database().read() as c:
        found: Sequence[store.Notice] = ()
        if person is not None:
            found = store.notices_of(c, caller.forum.id, person, after=after, limit=limit + 1)
        page = found[:limit]
        titles = _titles(c, caller.forum.id, page, readers)
    reply = NoticesReply(
        notices=[NoticeReply.of(one, titles.get(one.subject)) for one in page],
        next_after=page[-1].notice_id if len(found) > limit else None,
    )
    return Response(reply.model_dump_json(), media_type="application/json")


@router.post(
    "/v1/notices/read",
    summary="Note that notices were read",
    description="Those of others, and unknown ones, are left as they are.",
    response_model=ReadReply,
    responses={
        **gives({"read": 1}),
        **documented(*READS, "body_too_large", *ONCE, *COMMON),
    },
    openapi_extra=takes(
        ReadRequest, {"user": "u-1077", "notice_ids": ["0b6f3d2c9a8e4f51b7c0d1e2f3a4b5c6"]}
    ),
)
def read_notices(caller: KnownCaller, request: SentOnce) -> Response:
    """Note that a person has read notices of theirs."""
    body = read_body(request.body, ReadRequest)
    person = caller.person(body.user)

    def act() -> str:
        count = 0
        if person is not None:
            with caller.installation.database().write() as c:
                ids, now = body.notice_ids, datetime.now(UTC)
                count = store.read_notices(c, caller.forum.id, person, ids, now)
        return ReadReply(read=count).model_dump_json()

    return once(caller, request, act, person=person)


def _titles(
    c: store.Connection, forum_id: int, found: Sequence[store.Notice], readers: store.Readers
) -> dict[str, str]:
    """Return the titles of issues that the reader may read as they are now."""
    wanted = {one.subject for one in found if one.kind is not store.NoticeKind.SAME_ANSWER}
    if not wanted:
        return {}
    return {
        row.issue_id: row.title
        for row in store.list_issues(c, forum_id, store.LIVE)
        if row.issue_id in wanted
        and affected.readable(row, readers.groups, reads_all=readers.reads_all)
    }
