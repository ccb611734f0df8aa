"""/v1/reports: what suggestions do, closed periods, what was before, and exports.

In: analysts and leads; leads close periods and say what was before. Out: reports, files.
Not here: the measures (outcomes), making reports of the store (reports).
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response, StreamingResponse

from triage import store
from triage.analytics.exporting import EXPORTS, read_export
from triage.api.access import Caller, KnownCaller
from triage.api.bodies import read_body
from triage.api.exports import MEDIA, export_reply
from triage.api.idempotency import SentOnce, once
from triage.api.openapi import gives, takes
from triage.api.problems import documented
from triage.api.replies import json_reply
from triage.api.routes.triage import COMMON, ONCE, READS
from triage.api.schemas import report as schemas
from triage.api.schemas.chosen import Chosen
from triage.api.schemas.report import (
    AsOf,
    BaselineReply,
    BaselineRequest,
    ClosedPeriodReply,
    ClosedPeriodsReply,
    CloseRequest,
    From,
    InZone,
    To,
    Window,
    read_order,
)
from triage.audit.acting import Acting
from triage.outcomes import WINDOW_DAYS
from triage.reports import (
    Format,
    ReportOrder,
    close_period,
    put_baseline,
    read_period,
    report_of_forum,
)

router = APIRouter(tags=["measuring"])

_MOST = 50
_FILE: Mapping[int | str, dict[str, Any]] = {
    200: {
        "description": "The file; `Triage-Columns` says of which version its columns are.",
        "content": {
            "text/csv": {"example": "ask_id,started_at,arm,...\n"},
            MEDIA[Format.PARQUET]: {"example": "(bytes)"},
            MEDIA[Format.JSONL]: {"example": '{"event_id": "e-1", "type": "posted", ...}\n'},
        },
    }
}


@router.get(
    "/v1/reports",
    summary="See what suggestions do",
    description="Every measure under its name in docs/measures.md, as `python -m triage report"
    " --json` gives them: outcomes, bounds, lift with intervals, guardrails, slices, routing. Of a"
    " closed period, `closed` has the figures it was closed with and what has changed since.",
    response_model=dict[str, Any],
    responses={**gives(schemas.REPORT), **documented("bad_request", "bad_field", *COMMON)},
)
def read_report(
    caller: KnownCaller, order: Annotated[ReportOrder, Depends(read_order)]
) -> Response:
    """Make a report of the forum."""
    return _json(_report(caller, order))


@router.get(
    "/v1/reports/periods",
    summary="See closed periods",
    description="The last first, each with the figures that it was closed with.",
    response_model=ClosedPeriodsReply,
    responses={**gives(schemas.CLOSED_LIST), **documented("bad_request", *COMMON)},
)
def list_periods(
    caller: KnownCaller,
    before: Annotated[
        datetime | None, Query(description="Those that began earlier: `next_before`.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=_MOST)] = 12,
) -> Response:
    """Give a page of closed periods."""
    moment = None if before is None or before.tzinfo else before.replace(tzinfo=UTC)
    with caller.installation.database().read() as c:
        rows = store.closed_periods_of(c, caller.forum.id, moment or before, limit + 1)
    page = rows[:limit]
    reply = ClosedPeriodsReply(
        periods=[ClosedPeriodReply.of(row) for row in page],
        next_before=page[-1].since if len(rows) > limit else None,
    )
    return json_reply(reply, by_alias=True)


@router.post(
    "/v1/reports/periods",
    summary="Close a period",
    description="Its figures as of now stand: a later report of the period tells them beside what"
    " has changed. A period that is not over cannot be closed, and none can be closed twice.",
    status_code=201,
    response_model=ClosedPeriodReply,
    responses={
        **gives(schemas.CLOSED, 201),
        **documented(
            *READS, "bad_field", "body_too_large", "period_open", "period_closed", *ONCE, *COMMON
        ),
    },
    openapi_extra=takes(CloseRequest, schemas.CLOSE_REQUEST),
)
def close(caller: KnownCaller, request: SentOnce) -> Response:
    """Keep the figures of a period."""
    order = read_body(request.body, CloseRequest).order()

    def act() -> str:
        found = _report(caller, order)
        acting, now = Acting(caller.forum.id, caller.actor), datetime.now(UTC)
        with caller.installation.database().write() as c:
            period = close_period(c, acting, order.since, order.until, found, now)
        return ClosedPeriodReply.of(period).model_dump_json(by_alias=True)

    return once(caller, request, act, status=201)


@router.get(
    "/v1/reports/baseline",
    summary="See what was before the service",
    description="How many questions there were, period by period; reports tell the rates.",
    response_model=BaselineReply,
    responses={**gives(schemas.BASELINE), **documented(*COMMON)},
)
def read_baseline(caller: KnownCaller) -> BaselineReply:
    """Tell what was counted before."""
    with caller.installation.database().read() as c:
        return BaselineReply.of(store.baseline_of(c, caller.forum.id))


@router.put(
    "/v1/reports/baseline",
    summary="Say what was before the service",
    description="These periods take the place of those before. They must not overlap.",
    response_model=BaselineReply,
    responses={
        **gives(schemas.BASELINE),
        **documented(*READS, "bad_field", "body_too_large", *COMMON),
    },
    openapi_extra=takes(BaselineRequest, schemas.BASELINE_REQUEST),
)
def set_baseline(caller: KnownCaller, request: SentOnce) -> Response:
    """Keep what was counted before."""
    body = read_body(request.body, BaselineRequest)
    periods = [read_period(row, body.time_zone) for row in body.rows()]
    with caller.installation.database().write() as c:
        acting = Acting(caller.forum.id, caller.actor)
        kept = put_baseline(c, acting, periods, datetime.now(UTC))
    return json_reply(BaselineReply.of(kept))


@router.get(
    "/v1/reports/exports/{table}",
    summary="Take a table along",
    description="CSV, Parquet or JSON Lines, with the columns of docs/reports.md: hashes of"
    " persons, and nothing that anybody wrote. `asks`, `events`, `outcomes` and `flat` (one row an"
    " ask, with all that is known of it) are of the store; the others are what the analyst's pages"
    " show, of whole days and as of now. Events as JSON Lines are those of the event contract."
    " That it was exported is noted.",
    response_class=Response,
    responses={**_FILE, **documented("bad_request", "bad_field", *COMMON)},
)
def export(
    caller: KnownCaller,
    table: Annotated[str, Path(json_schema_extra={"enum": list(EXPORTS)})],
    chosen: Annotated[Chosen, Depends()],
    how: Annotated[Format, Query(alias="format")] = Format.CSV,
    since: From = None,
    until: To = None,
    as_of: AsOf = None,
    time_zone: InZone = "UTC",
    window_days: Window = WINDOW_DAYS,
) -> StreamingResponse:
    """Make the file and send it."""
    now = datetime.now(UTC)
    wished = read_export(table, since, until, as_of, time_zone, window_days, chosen.read(), now)
    return export_reply(caller.installation, caller.forum, caller.actor, wished, how)


def _report(caller: Caller, order: ReportOrder) -> dict[str, Any]:
    # One at a time: a report of a large forum takes a core and much memory.
    with caller.installation.reporting:
        return report_of_forum(caller.installation.database(), caller.forum.id, order)


def _json(found: Mapping[str, Any]) -> Response:
    told = json.dumps(found, ensure_ascii=False, allow_nan=False)
    return Response(told, media_type="application/json")
