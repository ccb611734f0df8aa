"""POST /v1/events: what people did after a reply.

In: up to a batch of events. Out: what became of each.
Not here: whether an event agrees with its triage (store), what events mean (outcomes).
"""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.responses import Response

from triage import store, text
from triage.api import examples
from triage.api.access import Caller, KnownCaller
from triage.api.bodies import read_body
from triage.api.event_schemas import (
    EventBatch,
    EventBatchBody,
    EventBatchReply,
    EventBody,
    EventResult,
)
from triage.api.idempotency import SentOnce, once
from triage.api.openapi import gives, takes
from triage.api.problems import documented, field_problems
from triage.api.routes.triage import COMMON, ONCE, READS
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
    batch = read_body(request.body, EventBatch)
    limit = caller.installation.settings.max_batch_events
    if not caller.trusted:
        limit = min(limit, _MOST_OF_A_BROWSER)
    if len(batch.events) > limit:
        raise TooMuch("events", len(batch.events), limit, "TRIAGE_MAX_BATCH_EVENTS")

    def act() -> str:
        return EventBatchReply(results=take(caller, batch.events)).model_dump_json()

    return once(caller, request, act)


def take(caller: Caller, rows: Sequence[Any]) -> list[EventResult]:
    """Keep the rows that are events; return what became of each, in their order."""
    own = _Own(caller)
    read = [_read(caller, row, own) for row in rows]
    events = [one for one in read if isinstance(one, Event)]
    key = caller.asking_key
    with caller.installation.database().write() as c:
        now, mine = datetime.now(UTC), (key.forum.id, key.id, key.test)
        outcomes = iter(store.put_events(c, *mine, events, now, browser=not caller.trusted))
    return [_told(next(outcomes)) if isinstance(one, Event) else one for one in read]


class _Own:
    """What the forum's texts are redacted by, looked up when the first text comes."""

    def __init__(self, caller: Caller) -> None:
        ours = caller.installation
        self._base, self._database = ours.settings.redaction, ours.database
        self._forum_id = caller.forum.id
        self._found: ForumRedaction | None = None

    def safe(self, said: str) -> str:
        """Return a text that may be kept. Raises StoreUnavailable."""
        if self._found is None:
            self._found = ForumRedaction(self._database(), self._forum_id, self._base)
        return text.clean(text.redact(said, self._found.now()).text)


def _read(caller: Caller, row: object, own: _Own) -> Event | EventResult:
    try:
        body = EventBody.model_validate_json(json.dumps(row))
    except ValidationError as error:
        found = field_problems(
            error.errors(include_url=False, include_context=False, include_input=False)
        )
        detail = "; ".join(f"`{f.field}`: {f.problem}" for f in found)
        return EventResult(event_id=_id(row), state="refused", code="bad_event", detail=detail)
    return _event(caller, body, own)


def _event(caller: Caller, body: EventBody, own: _Own) -> Event:
    value = body.value
    return Event(
        event_id=body.event_id,
        type=body.type,
        triage_id=body.triage_id,
        ask_id=body.ask_id,
        occurred_at=body.occurred_at,
        thread_id=body.thread_id,
        question_id=body.question_id,
        external_id=body.external_id,
        person=caller.person(body.user),
        session=caller.session(body.session),
        rank=body.rank,
        # A survey's reply is free text like any other.
        value=own.safe(value) if isinstance(value, str) else value,
        visible=body.visible,
    )


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
