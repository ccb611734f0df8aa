"""/v1/clusters: questions with one meaning, for leads; and "not mine", for those who asked.

In: a lead who looks or splits; an asker to whom another's answer was given. Out: clusters; where
the question stands.
Not here: who means the same (insight), keeping it (affected).
"""

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
from triage.api.routes.triage import COMMON, ONCE, READS
from triage.api.schemas import together as examples
from triage.api.schemas.together import (
    ClusterReply,
    ClustersReply,
    NotMineReply,
    NotMineRequest,
    SplitRequest,
)
from triage.errors import NoCluster, NoQuestion

router = APIRouter(tags=["together"])

ClusterId = Annotated[str, Path(max_length=300)]
QuestionId = Annotated[str, Path(max_length=300)]
After = Annotated[str | None, Query(description="Give those behind this one.", max_length=300)]
Limit = Annotated[int, Query(description="At most so many.", ge=1, le=200)]
_WRITES = (*READS, "body_too_large", *ONCE, *COMMON)


@router.get(
    "/v1/clusters",
    summary="List clusters of questions",
    description="Questions that mean the same, in whatever languages, as long as one of them is"
    " open; those of most persons first. An answer to one that others may have answers all.",
    response_model=ClustersReply,
    responses={**gives(examples.CLUSTERS), **documented("bad_request", *COMMON)},
)
def list_clusters(caller: KnownCaller, after: After = None, limit: Limit = 50) -> Response:
    """Give a page of the clusters."""
    _check_reads_all(caller, "")
    with caller.installation.database().read() as c:
        found = affected.told_clusters(c, caller.forum.id)
    names = [one.cluster_id for one in found]
    start = names.index(after) + 1 if after in names else 0
    page = found[start : start + limit]
    more = page[-1].cluster_id if len(found) > start + limit else None
    reply = ClustersReply(clusters=[ClusterReply.of(one) for one in page], next_after=more)
    return json_reply(reply)


@router.get(
    "/v1/clusters/{cluster_id}",
    summary="Get a cluster of questions",
    description="Also one whose questions are all answered.",
    response_model=ClusterReply,
    responses={**gives(examples.CLUSTER), **documented("no_cluster", "bad_request", *COMMON)},
)
def get_cluster(caller: KnownCaller, cluster_id: ClusterId) -> Response:
    """Give one cluster."""
    _check_reads_all(caller, cluster_id)
    with caller.installation.database().read() as c:
        told = affected.told_cluster(c, caller.forum.id, cluster_id)
    return json_reply(ClusterReply.of(told))


@router.post(
    "/v1/clusters/{cluster_id}/split",
    summary="Take a question out of a cluster",
    description="It means something else. Those clearly nearer to it than to the rest go along;"
    " what is apart stays apart for ever.",
    response_model=ClusterReply,
    responses={**gives(examples.CLUSTER), **documented("no_cluster", *_WRITES)},
    openapi_extra=takes(SplitRequest, {"question_id": "q_81b3f2"}),
)
def split_cluster(caller: KnownCaller, cluster_id: ClusterId, request: SentOnce) -> Response:
    """Have a question stand apart."""
    _check_reads_all(caller, cluster_id)
    body = read_body(request.body, SplitRequest)

    def act() -> str:
        left = editor_of(caller).split(cluster_id, body.question_id, datetime.now(UTC))
        return ClusterReply.of(left).model_dump_json()

    return once(caller, request, act)


@router.post(
    "/v1/questions/{question_id}/not-mine",
    summary="Say that it is another question",
    description="For who asked it: an answer came from a question that was taken for the same."
    " The question is open again, and never stands with that one any more. Saying it twice says"
    " it once.",
    response_model=NotMineReply,
    responses={**gives(examples.NOT_MINE), **documented("no_question", *_WRITES)},
    openapi_extra=takes(NotMineRequest, {"user": "u-1077"}),
)
def say_not_mine(caller: KnownCaller, question_id: QuestionId, request: SentOnce) -> Response:
    """Have an asker say that the answer is to another question."""
    body = read_body(request.body, NotMineRequest)
    forum_id, encoder = caller.forum.id, caller.desk.serving.encoder
    person = caller.person(body.user)

    def act() -> str:
        with caller.installation.database().write() as c:
            row = store.get_question(c, forum_id, question_id)
            if row is None or not _is_theirs(row, person, caller.session(body.session)):
                raise NoQuestion
            now = datetime.now(UTC)
            told = affected.not_mine(c, forum_id, question_id, encoder, now)
            readers = store.Readers(affected.asker_groups(row), person=row.person)
            others = affected.also_affected(c, forum_id, question_id, readers)
        state = told.question.state.value
        return NotMineReply(
            question_id=question_id, state=state, also_affected=others
        ).model_dump_json()

    return once(caller, request, act, person=person)


def _is_theirs(row: store.QuestionRow, person: str | None, session: str | None) -> bool:
    if row.person is not None:
        return row.person == person
    return row.session is not None and row.session == session


def _check_reads_all(caller: Caller, cluster_id: str) -> None:
    """Raise NoCluster for a lead's key that speaks for a visitor: they are not the staff."""
    if not caller.reads_all:
        raise NoCluster(cluster_id)
