"""/v1/reviews: what a lead should look at next, and what they say of it.

In: leads. Out: items, with what the machine said apart from what a person said; how often it is
right by what the lot drew.
Not here: what is drawn (reviewing.drawing), what a verdict does (reviewing.queue).
"""

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from triage.api.access import Caller, KnownCaller
from triage.api.bodies import read_body
from triage.api.examples import review as examples
from triage.api.idempotency import SentOnce, once
from triage.api.openapi import gives, takes
from triage.api.problems import documented
from triage.api.replies import json_reply
from triage.api.routes.proposals import publishing
from triage.api.routes.triage import COMMON, ONCE, READS
from triage.api.schemas import review as told
from triage.audit.acting import Acting
from triage.errors import NoReview
from triage.reviewing import Reviewing, estimate
from triage.store import ReviewReason, ReviewRow, ReviewState

router = APIRouter(tags=["learning"])

ReviewId = Annotated[str, Path(max_length=64)]
State = Annotated[ReviewState, Query(description="Those in this state.")]
Reason = Annotated[ReviewReason | None, Query(description="Those that are here for this reason.")]
After = Annotated[str | None, Query(description="`next_after` of the page before.", max_length=64)]
Limit = Annotated[int, Query(description="At most so many.", ge=1, le=200)]
Version = Annotated[str | None, Query(description="Of this model version.", max_length=100)]
_WRITES = (*READS, "no_review", "body_too_large", *ONCE, *COMMON)


@router.get(
    "/v1/reviews",
    summary="List what to look at",
    description="In the order in which to look at it: the newest day first; decided items, the"
    " latest first.",
    response_model=told.ReviewsReply,
    responses={
        **gives(examples.REVIEWS),
        **documented("no_review", "bad_request", "bad_field", *COMMON),
    },
)
def list_reviews(
    caller: KnownCaller,
    state: State = ReviewState.OPEN,
    reason: Reason = None,
    after: After = None,
    limit: Limit = 50,
) -> Response:
    """Give a page of items."""
    queue = reviewing_of(caller)
    found = queue.listed(state, reason, after, limit + 1)
    page = found[:limit]
    titles, progress = queue.titles(page), queue.progress(datetime.now(UTC).date())
    reply = told.ReviewsReply(
        reviews=[told.ReviewReply.of(row, titles.get(row.id)) for row in page],
        waiting={name.value: many for name, many in queue.counts().items()},
        done_today=progress.done,
        to_do_today=progress.of,
        next_after=page[-1].id if len(found) > limit else None,
    )
    return json_reply(reply)


@router.get(
    "/v1/reviews/estimate",
    summary="See how often the machine is right",
    description="By the items that the lot drew and a person has labelled: each ask had a known"
    " chance to be among them, so that they stand for all. What was chosen for what spoke for it"
    " counts for nothing here.",
    response_model=told.EstimateReply,
    responses={**gives(examples.ESTIMATE), **documented("no_review", "bad_request", *COMMON)},
)
def get_estimate(
    caller: KnownCaller,
    since: Annotated[date, Query(alias="from", description="Drawn on this day or later.")],
    until: Annotated[date | None, Query(alias="to", description="Drawn before this day.")] = None,
    model_version: Version = None,
    simulated: Annotated[bool, Query(description="Made-up asks, too.")] = False,
) -> Response:
    """Give precision and coverage by label."""
    reviewing_of(caller)
    with caller.installation.database().read() as c:
        found = estimate(
            c,
            caller.forum.id,
            since,
            until,
            model_version=model_version,
            include_simulated=simulated,
        )
    return json_reply(told.EstimateReply.of(found))


@router.get(
    "/v1/reviews/{review_id}",
    summary="Get an item",
    description="With what was asked, redacted, and the labels to choose from. What the machine"
    " said of an item that the lot drew is told once it is decided.",
    response_model=told.ReviewDetailReply,
    responses={**gives(examples.REVIEW_DETAIL), **documented("no_review", "bad_request", *COMMON)},
)
def get_review(caller: KnownCaller, review_id: ReviewId) -> Response:
    """Give one item whole."""
    queue = reviewing_of(caller)
    row = queue.item(review_id)
    title = queue.titles([row]).get(row.id)
    reply = told.ReviewDetailReply.whole(row, title, queue.subject(row), queue.choices())
    return json_reply(reply)


@router.post(
    "/v1/reviews/{review_id}/decide",
    summary="Decide about an item",
    description="Labels become a case, from which the next training learns, or change the one that"
    " it is about; what the machine said stays as it was. Of a burst `counts`, of a proposal"
    " `approve` or `refuse`. The same said twice by one is said once, and another note kept instead"
    " of the first; of two who decide the second is told so.",
    response_model=told.ReviewReply,
    responses={
        **gives(examples.DECIDED),
        **documented(
            *("bad_field", "review_taken", "already_decided", "no_proposal", "burst_counts"),
            *("no_burst", *_WRITES),
        ),
    },
    openapi_extra=takes(told.DecisionRequest, examples.DECISION),
)
def decide_review(caller: KnownCaller, review_id: ReviewId, request: SentOnce) -> Response:
    """Keep what is said of an item."""
    verdict = read_body(request.body, told.DecisionRequest).verdict()

    def act() -> str:
        queue = reviewing_of(caller)
        return _told(queue, queue.decide(review_id, verdict, _acting(caller), datetime.now(UTC)))

    return once(caller, request, act)


@router.post(
    "/v1/reviews/{review_id}/skip",
    summary="Skip an item",
    description="Nobody can tell, or its words are gone. It can still be decided later.",
    response_model=told.ReviewReply,
    responses={**gives(examples.SKIPPED), **documented("review_taken", *_WRITES)},
)
def skip_review(caller: KnownCaller, review_id: ReviewId, request: SentOnce) -> Response:
    """Leave an item to nobody."""

    def act() -> str:
        queue = reviewing_of(caller)
        return _told(queue, queue.skip(review_id, _acting(caller), datetime.now(UTC)))

    return once(caller, request, act)


@router.post(
    "/v1/reviews/{review_id}/undo",
    summary="Take a decision back",
    description="The item waits again, and its case is as it was before, but for what others said"
    " since. One of the lot counts as unanswered from then on. A burst or a proposal has had its"
    " effect: 409 `review_final`.",
    response_model=told.ReviewReply,
    responses={**gives(examples.REVIEW), **documented("review_final", *_WRITES)},
)
def undo_review(caller: KnownCaller, review_id: ReviewId, request: SentOnce) -> Response:
    """Have an item wait again."""

    def act() -> str:
        queue = reviewing_of(caller)
        return _told(queue, queue.undo(review_id, _acting(caller), datetime.now(UTC)))

    return once(caller, request, act)


def reviewing_of(caller: Caller) -> Reviewing:
    """Return the queue of the caller's forum. Raises NoReview for who speaks for a visitor."""
    if not caller.reads_all:
        raise NoReview("")
    return Reviewing(caller.installation.database(), caller.forum.id, publishing(caller))


def _told(queue: Reviewing, row: ReviewRow) -> str:
    return told.ReviewReply.of(row, queue.titles([row]).get(row.id)).model_dump_json()


def _acting(caller: Caller) -> Acting:
    return Acting(caller.forum.id, caller.actor)
