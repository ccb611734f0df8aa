"""What staff need for posted questions: the expert's form, owners and times, alerts.

In: a lead's or administrator's key, or page. Out: what an expert reads first, a forum's rules, and
who is to be told at once.
Not here: questions themselves (questions), what the rules mean (lifecycle).
"""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from triage import questions, store
from triage.api.access import Caller, KnownCaller
from triage.api.bodies import Raw, read_body
from triage.api.examples import question as examples
from triage.api.openapi import gives, takes
from triage.api.problems import FieldProblem, bad_request, documented
from triage.api.replies import json_reply
from triage.api.routes.questions import QuestionId
from triage.api.routes.triage import COMMON, READS
from triage.api.schemas.rule import (
    AlertReply,
    AlertsReply,
    IntakeReply,
    RulesBody,
    RulesReply,
    SeenRequest,
)
from triage.audit.acting import Acting
from triage.questions.handover import hand_over

router = APIRouter(tags=["questions"])

AlertId = Annotated[str, Path(max_length=300)]


@router.get(
    "/v1/questions/{question_id}/intake",
    summary="Read what an expert reads first",
    description="Situation, problem, impact and next step in the customer's own words, each with"
    " its place; environment, severity and who says so, resolved cases like it, what was suggested"
    " and what became of that, and what is worth asking for. For leads and administrators.",
    response_model=IntakeReply,
    responses={
        **gives(examples.INTAKE_REPLY),
        **documented("no_question", "bad_request", *COMMON),
    },
)
def read_intake(caller: KnownCaller, question_id: QuestionId) -> Response:
    """Gather what an expert needs of a question."""
    database, forum_id = caller.installation.database(), caller.forum.id
    now = datetime.now(UTC)
    with database.read() as c:
        row = questions.read(c, forum_id, question_id).row
        box = store.get_original(c, forum_id, row.triage_id, now) if row.triage_id else None
    desk = caller.desk
    found = hand_over(database, forum_id, desk.parts(), desk.foresight, row)
    told = IntakeReply.of(question_id, found, row.lang or "en", box is not None)
    return json_reply(told)


@router.get(
    "/v1/question-rules",
    summary="Read who owns which questions",
    description="Owners by account, expert team and topic, how many hours what may wait, and by"
    " when the questions of a topic were usually answered.",
    response_model=RulesReply,
    responses={**gives(examples.RULES_REPLY), **documented(*COMMON)},
)
def read_rules(caller: KnownCaller) -> Response:
    """Give the forum's rules."""
    with caller.installation.database().read() as c:
        return json_reply(_rules(c, caller))


@router.put(
    "/v1/question-rules",
    summary="Say who owns which questions",
    description="In place of all that was said before. Questions that are there keep their owner;"
    " when each is due is found anew.",
    response_model=RulesReply,
    responses={
        **gives(examples.RULES_REPLY),
        **documented(*READS, "bad_field", "body_too_large", *COMMON),
    },
    openapi_extra=takes(RulesBody, examples.RULES),
)
def put_rules(caller: KnownCaller, body: Raw) -> Response:
    """Keep the forum's rules."""
    asked = read_body(body, RulesBody)
    limits = asked.limits.model_dump(exclude_none=True)
    rules = questions.rules_from(asked.owners.model_dump(), limits, asked.handover_url)
    forum_id = caller.forum.id
    with caller.installation.database().write() as c:
        former = questions.rules_of(c, forum_id)
        questions.put_rules(c, forum_id, rules, datetime.now(UTC))
        acting = Acting(forum_id, caller.actor)
        before, after = _counted(former), _counted(rules)
        acting.note(c, "question_rules.put", "rules", before=before, after=after)
        reply = _rules(c, caller)
    caller.desk.linking.forget()
    return json_reply(reply)


@router.get(
    "/v1/alerts",
    summary="Read who is to be told at once",
    description="Of complaints and of what is of severity 1, and reminders of what its owner has"
    " let lie; newest first.",
    response_model=AlertsReply,
    responses={**gives(examples.ALERTS_REPLY), **documented("bad_request", *COMMON)},
)
def list_alerts(
    caller: KnownCaller,
    owner: Annotated[str | None, Query(max_length=100)] = None,
    unseen: Annotated[bool, Query(description="Only those that nobody has seen.")] = False,
    after: Annotated[str | None, Query(max_length=300)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """Give a page of alerts."""
    forum_id = caller.forum.id
    with caller.installation.database().read() as c:
        last = None if after is None else store.get_alert(c, forum_id, after)
        if after is not None and last is None:
            raise bad_request([FieldProblem("after", "is no `next_after` of a page before")])
        rows = store.list_alerts(
            c, forum_id, owner=owner, unseen=unseen, after=last, limit=limit + 1
        )
    page = rows[:limit]
    more = page[-1].alert_id if len(rows) > limit else None
    reply = AlertsReply(alerts=[AlertReply.of(row) for row in page], next_after=more)
    return json_reply(reply)


@router.post(
    "/v1/alerts/{alert_id}/seen",
    summary="Say that an alert was seen",
    description="Once more changes nothing: who saw it first stays.",
    response_model=AlertReply,
    responses={
        **gives(examples.ALERT_SEEN),
        **documented(*READS, "no_alert", "bad_field", "body_too_large", *COMMON),
    },
    openapi_extra=takes(SeenRequest, examples.ALERT_SEEN_REQUEST),
)
def see_alert(caller: KnownCaller, alert_id: AlertId, body: Raw) -> Response:
    """Note who has seen an alert."""
    asked = read_body(body, SeenRequest) if body.strip() else SeenRequest()
    forum_id = caller.forum.id
    by = caller.actor.name if asked.by is None else questions.owner_name("by", asked.by)
    with caller.installation.database().write() as c:
        acting = Acting(forum_id, caller.actor)
        row = questions.see_alert(c, acting, alert_id, by, datetime.now(UTC))
    return json_reply(AlertReply.of(row))


def _rules(c: store.Connection, caller: Caller) -> RulesReply:
    rules = questions.rules_of(c, caller.forum.id)
    told, learned = (
        questions.told_rules(rules),
        store.get_question_rules(c, caller.forum.id).learned,
    )
    return RulesReply(
        owners=told["owners"],
        limits=told["limits"],
        handover_url=rules.handover_url,
        learned=learned,
    )


def _counted(rules: questions.Rules) -> dict[str, object]:
    """Return what the log says of rules: who owns the rest, and how many owners there are."""
    told = questions.told_rules(rules)
    owners = told["owners"]
    named = {name: len(many) for name, many in owners.items() if isinstance(many, dict | list)}
    said = {"limits": told["limits"], "handover_url": rules.handover_url}
    return {"forum": owners["forum"], **named, **said}
