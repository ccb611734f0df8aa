"""POST /v1/events: what people did after a reply.

In: up to a batch of events. Out: what became of each.
Not here: whether an event agrees with its triage (store), what events mean (outcomes).
"""

import json
import re
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.responses import Response

from triage import store, text
from triage.api.access import Caller, KnownCaller
from triage.api.bodies import read_body
from triage.api.examples import asking as examples
from triage.api.idempotency import SentOnce, once
from triage.api.openapi import gives, takes
from triage.api.problems import documented, field_problems
from triage.api.routes.triage import COMMON, ONCE, READS
from triage.api.schemas.event import (
    EventBatch,
    EventBatchBody,
    EventBatchReply,
    EventBody,
    EventResult,
)
from triage.errors import TooMuch
from triage.forum_redaction import ForumRedaction
from triage.records import Event

router = APIRouter(tags=["ask"])

# A browser tells of one visitor; what it sends is read before it is known to be of any triage.
_MOST_OF_A_BROWSER = 50
_ID = re.compile(r"[\x21-\x7e]{1,100}")


@router.post(
    "/v1/events",
    summary="Tell what happened",
    description="Each event is judged by itself and taken once: `accepted`, `duplicate`, or"
    " `refused` with a code (`bad_event`, `unknown_triage`, `wrong_ask`, `wrong_session`,"
    " `not_shown`, `not_for_browsers`, `from_the_future`). Send it again after any answer but 200.",
    response_model=EventBatchReply,
    responses={
        **gives(examples.EVENT_BATCH_REPLY),
        **documented(*READS, "body_too_large", "too_much", *ONCE, *COMMON),
    },
    openapi_extra=takes(EventBatchBody, examples.EVENT_BATCH),
)
def put_events(caller: KnownCaller, request: SentOnce) -> Response:
    """Keep the events that are new and sound."""
    return keep_batch(caller, request)


def keep_batch(caller: Caller, request: SentOnce, *, status: int = 200) -> Response:
    """Keep the events of a request, and reply what became of each. Raises TooMuch."""
    batch = read_body(request.body, EventBatch)
    limit = caller.installation.settings.max_batch_events
    if not caller.trusted:
        limit = min(limit, _MOST_OF_A_BROWSER)
    if len(batch.events) > limit:
        raise TooMuch("events", len(batch.events), limit, "TRIAGE_MAX_BATCH_EVENTS")

    def act() -> str:
        return EventBatchReply(results=take(caller, batch.events)).model_dump_json()

    return once(caller, request, act, status=status)


def take(caller: Caller, rows: Sequence[Any]) -> list[EventResult]:
    """Keep the rows that are events; return what became of each, in their order."""
    key = caller.asking_key
    read = [_read(row) for row in rows]
    told = [one for one in read if isinstance(one, EventBody)]
    own = _Own(caller)
    foreign = _foreign(caller, [one.triage_id for one in told if own.reads(one)])
    events = [_event(caller, one, None if one.triage_id in foreign else own) for one in told]
    with caller.installation.database().write() as c:
        now, mine = datetime.now(UTC), (key.forum.id, key.id, key.test)
        outcomes = iter(store.put_events(c, *mine, events, now, browser=not caller.trusted))
    return [_told(next(outcomes)) if isinstance(one, EventBody) else one for one in read]


def _foreign(caller: Caller, triage_ids: Collection[str]) -> frozenset[str]:
    """Return those of the triages that this key did not make.

    What is told of them is refused, and its words are not worth looking through.
    """
    if not triage_ids:
        return frozenset()
    key = caller.asking_key
    with caller.installation.database().read() as c:
        return frozenset(triage_ids) - store.made_by(c, key.forum.id, key.id, triage_ids)


class _Own:
    """What the forum's texts are redacted by, looked up when the first text comes."""

    def __init__(self, caller: Caller) -> None:
        ours = caller.installation
        self._base, self._database = ours.settings.redaction, ours.database
        self._forum_id, self._trusted = caller.forum.id, caller.trusted
        self._found: ForumRedaction | None = None

    def reads(self, body: EventBody) -> bool:
        """Say whether an event has words that are to be looked through before they are kept."""
        names = (body.question_id, body.external_id)
        return isinstance(body.value, str) or (not self._trusted and any(names))

    def safe(self, said: str) -> str:
        """Return a text that may be kept. Raises StoreUnavailable."""
        if self._found is None:
            self._found = ForumRedaction(self._database(), self._forum_id, self._base)
        return text.clean(text.redact(said, self._found.now()).text)

    def safe_name(self, name: str | None) -> str | None:
        """Return what another system calls something: a server's word for it, a browser's safe."""
        return name if name is None or self._trusted else self.safe(name)


def _read(row: object) -> EventBody | EventResult:
    try:
        return EventBody.model_validate_json(json.dumps(row))
    except ValidationError as error:
        found = field_problems(error.errors(include_url=False, include_input=False))
        detail = "; ".join(f"`{f.field}`: {f.problem}" for f in found)
        return EventResult(event_id=_id(row), state="refused", code="bad_event", detail=detail)


def _event(caller: Caller, body: EventBody, own: _Own | None) -> Event:
    """Return the event, safe to be kept; without `own` it is only judged."""
    value = body.value
    if isinstance(value, str):
        # A survey's reply is free text like any other.
        value = own.safe(value) if own else None
    return Event(
        event_id=body.event_id,
        type=body.type,
        triage_id=body.triage_id,
        ask_id=body.ask_id,
        occurred_at=_moment(caller, body),
        thread_id=body.thread_id,
        question_id=own.safe_name(body.question_id) if own else None,
        external_id=own.safe_name(body.external_id) if own else None,
        person=caller.person(body.user),
        session=caller.session(body.session),
        rank=body.rank,
        value=value,
        visible=body.visible,
    )


def _moment(caller: Caller, body: EventBody) -> datetime:
    """Return when it happened: a browser's clock may be ahead, but what it tells of has been."""
    if caller.trusted:
        return body.occurred_at
    return min(body.occurred_at, datetime.now(UTC))


def _told(outcome: store.EventOutcome) -> EventResult:
    return EventResult(
        event_id=outcome.event_id,
        state=outcome.state,
        code=outcome.code,
        detail=outcome.detail,
    )


def _id(row: object) -> str | None:
    """Return the id that a bad event gave itself, if it is one."""
    given = row.get("event_id") if isinstance(row, dict) else None
    return given if isinstance(given, str) and _ID.fullmatch(given) else None
