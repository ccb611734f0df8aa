"""/v1/notifications: what a person is told, that they have read it, and how they want to be told.

In: a person whom a server names or a token vouches for. Out: their notices, newest first; what
they chose. Nobody by name has none, and chooses nothing.
Not here: who is told what (affected, questions), the sentences (phrases), addresses
(notifications), sending (delivering).
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from triage import affected, store
from triage.api.access import Caller, KnownCaller
from triage.api.bodies import Raw, read_body
from triage.api.idempotency import SentOnce, once
from triage.api.openapi import gives, takes
from triage.api.problems import documented
from triage.api.replies import json_reply
from triage.api.routes.known_issues import readers_of
from triage.api.routes.threads import Groups
from triage.api.routes.triage import COMMON, ONCE, READS
from triage.api.schemas import notification as told
from triage.languages import language_code
from triage.notifications import Chosen, Notifications, Wanted

router = APIRouter(tags=["notifications"])

User = Annotated[
    str | None, Query(description="Whose; counts only with a secret key.", max_length=300)
]
After = Annotated[str | None, Query(description="Give those behind this one.", max_length=100)]
Limit = Annotated[int, Query(description="At most so many.", ge=1, le=200)]
Unread = Annotated[bool, Query(description="Only what was not read yet.")]


@router.get(
    "/v1/notifications",
    summary="Read what a person is told",
    description="That their question was answered, or that something is asked back; of known issues"
    " that they asked about, and of answers to questions like theirs. Newest first, each once, in"
    " the language that they asked in; and how many they have not read, for a badge.",
    response_model=told.NotificationsReply,
    responses={**gives(told.NOTIFICATIONS), **documented("bad_request", *COMMON)},
)
def list_notifications(
    caller: KnownCaller,
    user: User = None,
    groups: Groups = None,
    unread: Unread = False,
    after: After = None,
    limit: Limit = 50,
) -> Response:
    """Give a page of what a person is told."""
    person, readers = caller.person(user), readers_of(caller, groups)
    forum_id = caller.forum.id
    found: Sequence[store.Notice] = ()
    counts: Mapping[store.NoticeKind, int] = {}
    with caller.installation.database().read() as c:
        if person is not None:
            found = store.notices_of(
                c, forum_id, person, unread=unread, after=after, limit=limit + 1
            )
            counts = store.count_unread(c, forum_id, person)
        page = found[:limit]
        titles = _titles(c, forum_id, page, readers)
    reply = told.NotificationsReply(
        notifications=[told.NoticeReply.of(one, titles.get(one.subject)) for one in page],
        unread=told.UnreadReply.of(counts),
        next_after=page[-1].notice_id if len(found) > limit else None,
    )
    return json_reply(reply)


@router.post(
    "/v1/notifications/read",
    summary="Note what a person has read",
    description="Some of it, or one and all that is older. What is of others, and what is unknown,"
    " is left as it is.",
    response_model=told.ReadReply,
    responses={**gives({"read": 1}), **documented(*READS, "body_too_large", *ONCE, *COMMON)},
    openapi_extra=takes(told.ReadRequest, told.READ_REQUEST),
)
def read_notifications(caller: KnownCaller, request: SentOnce) -> Response:
    """Note that a person has read what they were told."""
    body = read_body(request.body, told.ReadRequest)
    person = caller.person(body.user)

    def act() -> str:
        count = 0
        if person is not None:
            with caller.installation.database().write() as c:
                count = _read(c, caller.forum.id, person, body)
        return told.ReadReply(read=count).model_dump_json()

    return once(caller, request, act, person=person)


@router.get(
    "/v1/notifications/settings",
    summary="Read how a person is told",
    description="By kind of notice, and at which addresses, of which only a part is shown. Of"
    " somebody whom a token vouches for, or whom a server names.",
    response_model=told.NotificationSettingsReply,
    responses={**gives(told.SETTINGS), **documented("bad_request", *COMMON)},
)
def read_settings(caller: KnownCaller, user: User = None) -> Response:
    """Give what a person chose."""
    person = caller.somebody(user)
    with caller.installation.database().read() as c:
        return _settings(caller, _notifications(caller).of(c, person))


@router.put(
    "/v1/notifications/settings",
    summary="Choose how to be told",
    description="What is left out stays as it is. An e-mail address that comes with a token alone"
    " is used once its `code`, which is mailed there, has come back; one that the forum's server"
    " sends with its secret key is used at once. A webhook is signed by the Standard Webhooks"
    " specification with a `secret` that only this reply holds.",
    response_model=told.NotificationSettingsReply,
    responses={
        **gives(told.SETTINGS),
        **documented(*READS, "bad_field", "body_too_large", *COMMON),
    },
    openapi_extra=takes(told.NotificationSettingsRequest, told.SETTINGS_REQUEST),
)
def put_settings(caller: KnownCaller, body: Raw) -> Response:
    """Keep what a person chooses."""
    asked = read_body(body, told.NotificationSettingsRequest)
    person = caller.somebody(asked.user)
    caller.take_turn(None)
    ours = caller.installation
    wanted = Wanted(
        ways=asked.ways or {},
        addresses=asked.addresses(),
        code=asked.code,
        lang=language_code(asked.lang),
        vouched=caller.trusted,
        mails=ours.settings.mail is not None,
        allowed=ours.settings.outbound,
    )
    with ours.database().write() as c:
        chosen = _notifications(caller).change(c, person, wanted, datetime.now(UTC))
    return _settings(caller, chosen)


def _notifications(caller: Caller) -> Notifications:
    return Notifications(caller.forum, caller.installation.settings.person_key)


def _settings(caller: Caller, chosen: Chosen) -> Response:
    mails = caller.installation.settings.mail is not None
    return json_reply(told.NotificationSettingsReply.of(chosen, mails=mails))


def _read(c: store.Connection, forum_id: int, person: str, body: told.ReadRequest) -> int:
    now = datetime.now(UTC)
    if body.up_to is not None:
        return store.read_notices_to(c, forum_id, person, body.up_to, now)
    return store.read_notices(c, forum_id, person, body.notice_ids or (), now)


def _titles(
    c: store.Connection, forum_id: int, found: Sequence[store.Notice], readers: store.Readers
) -> dict[str, str]:
    """Return the titles of issues that the reader may read as they are now."""
    wanted = {one.subject for one in found if not one.kind.of_question}
    if not wanted:
        return {}
    return {
        row.issue_id: row.title
        for row in store.list_issues(c, forum_id, store.LIVE)
        if row.issue_id in wanted
        and affected.readable(row, readers.groups, reads_all=readers.reads_all)
    }
