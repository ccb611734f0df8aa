"""/v1/known-issues: faults that are known, for those who ask and for those who lead.

In: what leads write. Out: issues as whoever reads may know them: what is not published, and what
belongs to others' groups, does not exist for them.
Not here: what follows from publishing (affected), issues beside a reply (triage).
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from triage import affected, store
from triage.api.access import Caller, KnownCaller
from triage.api.bodies import read_body
from triage.api.editor import editor_of
from triage.api.idempotency import SentOnce, once
from triage.api.openapi import gives, takes
from triage.api.problems import documented
from triage.api.replies import json_reply
from triage.api.routes.threads import Groups
from triage.api.routes.triage import COMMON, ONCE, READS
from triage.api.schemas import issue as examples
from triage.api.schemas.issue import (
    IssueBody,
    IssueReply,
    IssuesReply,
    NewIssueBody,
    PublishRequest,
    WithdrawRequest,
)
from triage.errors import NoKnownIssue
from triage.store import IssueState, KnownIssueRow
from triage.versions import in_range

router = APIRouter(tags=["together"])

IssueId = Annotated[str, Path(max_length=100)]
After = Annotated[str | None, Query(description="Give those behind this issue.", max_length=100)]
Limit = Annotated[int, Query(description="At most so many.", ge=1, le=200)]
States = Annotated[
    list[IssueState] | None,
    Query(description="Only of these states; whoever asks is given live ones alone."),
]
Named = Annotated[str | None, Query(max_length=300)]
_WRITES = (*READS, "bad_field", "issue_changed", "no_thread", "body_too_large", *ONCE, *COMMON)


@router.get(
    "/v1/known-issues",
    summary="List known issues",
    description="Newest first. Leads and administrators are given proposals as well, and what"
    " was withdrawn; everybody else what is published, to all or to their groups. With `product`"
    " and `version` those are left out that are known not to affect them.",
    response_model=IssuesReply,
    responses={**gives(examples.ISSUES_REPLY), **documented("bad_request", *COMMON)},
)
def list_issues(
    caller: KnownCaller,
    state: States = None,
    product: Named = None,
    version: Named = None,
    groups: Groups = None,
    after: After = None,
    limit: Limit = 50,
) -> Response:
    """Give a page of the known issues."""
    readers = readers_of(caller, groups)
    wanted = frozenset(state or (IssueState if readers.reads_all else store.LIVE))
    with caller.installation.database().read() as c:
        rows = [
            row
            for row in store.list_issues(c, caller.forum.id, wanted)
            if _there_for(row, readers)
            and _affects(row, product, version)
            and (after is None or row.issue_id < after)
        ]
        page = told(c, caller, rows[:limit], readers)
    more = page[-1].issue_id if len(rows) > limit else None
    return json_reply(IssuesReply(known_issues=page, next_after=more))


@router.get(
    "/v1/known-issues/{issue_id}",
    summary="Get a known issue",
    description="What is not published exists for leads and administrators alone, what belongs"
    " to groups for those groups.",
    response_model=IssueReply,
    responses={
        **gives(examples.ISSUE_REPLY),
        **documented("no_known_issue", "bad_request", *COMMON),
    },
)
def get_issue(caller: KnownCaller, issue_id: IssueId, groups: Groups = None) -> Response:
    """Give one known issue."""
    readers = readers_of(caller, groups)
    with caller.installation.database().read() as c:
        row = store.get_issue(c, caller.forum.id, issue_id)
        if not _there_for(row, readers):
            raise NoKnownIssue(issue_id)
        return json_reply(told(c, caller, [row], readers)[0])


@router.post(
    "/v1/known-issues",
    summary="Publish a known issue",
    description="Drafts that are about it see it first from now on, and those who asked about it"
    " within 90 days are told. It is redacted like a thread. With `publish` false it waits as a"
    " proposal.",
    status_code=201,
    response_model=IssueReply,
    responses={
        **gives(examples.ISSUE_REPLY, 201),
        **documented("no_cluster", *_WRITES),
    },
    openapi_extra=takes(NewIssueBody, examples.NEW_ISSUE),
)
def post_issue(caller: KnownCaller, request: SentOnce) -> Response:
    """Keep a new issue and tell whom it is about."""
    body = read_body(request.body, NewIssueBody)

    def act() -> str:
        now, editor, written = datetime.now(UTC), editor_of(caller), body.written()
        kept = editor.write(written, now, publish=body.publish, cluster_id=body.cluster_id)
        return _told(caller, kept)

    return once(caller, request, act, status=201)


@router.put(
    "/v1/known-issues/{issue_id}",
    summary="Rewrite a known issue",
    description="All of it is as it is sent. When a live one gets its `fix`, everybody who asked"
    " about it is told.",
    response_model=IssueReply,
    responses={**gives(examples.ISSUE_REPLY), **documented("no_known_issue", *_WRITES)},
    openapi_extra=takes(IssueBody, examples.FIXED_ISSUE),
)
def put_issue(caller: KnownCaller, issue_id: IssueId, request: SentOnce) -> Response:
    """Keep an issue in other words."""
    body = read_body(request.body, IssueBody)

    def act() -> str:
        now, before = datetime.now(UTC), _row(caller, issue_id)
        return _told(caller, editor_of(caller).rewrite(before, body.written(), now))

    return once(caller, request, act)


@router.post(
    "/v1/known-issues/{issue_id}/publish",
    summary="Publish a proposal",
    description="One act: with `{}` it is published as it was proposed; what is sent takes the"
    " place of what was proposed. Also for one that was withdrawn.",
    response_model=IssueReply,
    responses={**gives(examples.ISSUE_REPLY), **documented("no_known_issue", *_WRITES)},
    openapi_extra=takes(PublishRequest, {"versions": ">=8.2,<8.2.3"}),
)
def publish_issue(caller: KnownCaller, issue_id: IssueId, request: SentOnce) -> Response:
    """Publish what was proposed."""
    body = read_body(request.body, PublishRequest)

    def act() -> str:
        now, before = datetime.now(UTC), _row(caller, issue_id)
        return _told(caller, editor_of(caller).publish(before, body.over(before), now))

    return once(caller, request, act)


@router.post(
    "/v1/known-issues/{issue_id}/withdraw",
    summary="Withdraw a known issue",
    description="It is shown no more. A proposal that is withdrawn is not made again for two days.",
    response_model=IssueReply,
    responses={
        **gives({**examples.ISSUE_REPLY, "state": "withdrawn"}),
        **documented("no_known_issue", *_WRITES),
    },
    openapi_extra=takes(WithdrawRequest, {"reason": "It was the customer's own network."}),
)
def withdraw_issue(caller: KnownCaller, issue_id: IssueId, request: SentOnce) -> Response:
    """Show an issue no more."""
    body = read_body(request.body, WithdrawRequest)

    def act() -> str:
        now, before = datetime.now(UTC), _row(caller, issue_id)
        return _told(caller, editor_of(caller).withdraw(before, body.reason, now))

    return once(caller, request, act)


def readers_of(caller: Caller, groups: Sequence[str] | None) -> store.Readers:
    """Return for whom a caller reads: their groups, or all of them."""
    named = {g.strip() for part in groups or () for g in part.split(",") if g.strip()}
    return store.Readers(caller.groups(named), caller.reads_all, caller.person(None))


def told(
    c: store.Connection, caller: Caller, rows: Sequence[KnownIssueRow], readers: store.Readers
) -> list[IssueReply]:
    """Tell issues to whom may read them."""
    forum_id = caller.forum.id
    counts = store.count_affected(c, forum_id, [row.issue_id for row in rows], readers)
    named = sorted({row.thread_id for row in rows if row.thread_id is not None})
    threads = store.get_threads(c, forum_id, named)
    shown = frozenset(i for i, t in threads.items() if caller.may_read(t, readers.groups))
    asks = {
        row.issue_id: store.affected_asks(c, forum_id, row.issue_id)
        for row in (rows if readers.reads_all else ())
    }
    return [IssueReply.of(row, counts[row.issue_id], asks.get(row.issue_id), shown) for row in rows]


def _told(caller: Caller, kept: KnownIssueRow) -> str:
    with caller.installation.database().read() as c:
        readers = store.Readers(reads_all=True)
        return told(c, caller, [kept], readers)[0].model_dump_json()


def _row(caller: Caller, issue_id: str) -> KnownIssueRow:
    with caller.installation.database().read() as c:
        return store.get_issue(c, caller.forum.id, issue_id)


def _there_for(row: KnownIssueRow, readers: store.Readers) -> bool:
    if readers.reads_all:
        return True
    return row.state in store.LIVE and affected.readable(row, readers.groups)


def _affects(row: KnownIssueRow, product: str | None, version: str | None) -> bool:
    """Say whether an issue may be about a product and version: what is not known may be."""
    if product and row.products and product not in row.products:
        return False
    return not (version and row.versions and in_range(version, row.versions) is False)
