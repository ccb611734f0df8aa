"""GET /v1/my: a person's own questions, and for whoever answers for an account, the account's.

In: a visitor, vouched for by a token. Out: a page of their questions; of the account its state,
severity, activity and response times.
Not here: one question (questions), who the visitor is (visitors).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from triage import affected, store
from triage.api.access import Caller, KnownCaller
from triage.api.examples import question as examples
from triage.api.openapi import gives
from triage.api.problems import FieldProblem, bad_request, documented
from triage.api.question_pages import next_of, page_of
from triage.api.question_rights import Sight
from triage.api.question_views import brief
from triage.api.replies import json_reply
from triage.api.routes.questions import After, Limit
from triage.api.routes.triage import COMMON
from triage.api.schemas.my import AccountReply, MonthReply, MyIssueReply, MyReply
from triage.lifecycle import OPEN, State
from triage.records import Visitor

router = APIRouter(tags=["questions"])

_LOOKS_BACK = timedelta(days=365)
_SOLVED = State.CONFIRMED_SOLVED
# Of an account, so many open questions without an ask are held against the known issues.
_MOST_ALONE = 200


@router.get(
    "/v1/my",
    summary="See one's own questions",
    description="Of the visitor whom the token in `Triage-Visitor` vouches for: their questions,"
    " newest first, and, with the claim `account_admin`, what their account asked in the last year."
    " `whose=account` lists the account's questions instead of their own.",
    response_model=MyReply,
    responses={**gives(examples.MY_REPLY), **documented("bad_request", *COMMON)},
)
def read_my(
    caller: KnownCaller,
    whose: Annotated[
        Literal["me", "account"], Query(description="Whose questions are listed.")
    ] = "me",
    after: After = None,
    limit: Limit = 50,
) -> Response:
    """Give an overview."""
    visitor = caller.visitor
    if visitor is None:
        raise bad_request([FieldProblem("Triage-Visitor", "is needed: it says whose they are")])
    account = visitor.account if visitor.account_admin else None
    if whose == "account" and account is None:
        raise bad_request([FieldProblem("whose", "is for whoever answers for an account")])
    wanted = store.QuestionsWanted(person=caller.person(None), test=None)
    if whose == "account":
        wanted = store.QuestionsWanted(account=account, test=None)
    with caller.installation.database().read() as c:
        found = page_of(c, caller.forum.id, wanted, after, limit)
        still = store.count_questions(c, caller.forum.id, wanted)
        about = store.issues_of_questions(c, caller.forum.id, [row.question_id for row in found])
        told, alone = None, list(found)
        if account is not None:
            since = datetime.now(UTC) - _LOOKS_BACK
            told = _account(account, store.asked_by_account(c, caller.forum.id, account, since))
            about |= store.issues_of_account(c, caller.forum.id, account, since)
            open_ = store.QuestionsWanted(open=True, account=account)
            alone += store.list_questions(c, caller.forum.id, open_, limit=_MOST_ALONE)
    about |= caller.desk.issues_of(alone)
    reply = MyReply(
        open=still,
        questions=brief(found[:limit], Sight.ASKER),
        next_after=next_of(found, limit),
        known_issues=_issues(caller, visitor, about),
        account=told,
    )
    return json_reply(reply)


def _issues(
    caller: Caller, visitor: Visitor, about: Collection[tuple[str, str]]
) -> list[MyIssueReply]:
    """Tell the known issues that questions are about, as far as the visitor may read them.

    `about` pairs an issue with a question; those of most questions come first.
    """
    counts = Counter(issue_id for issue_id, _ in about)
    with caller.installation.database().read() as c:
        live = store.list_issues(c, caller.forum.id, store.LIVE)
    told = [row for row in live if counts[row.issue_id] and affected.readable(row, visitor.groups)]
    told.sort(key=lambda row: (-counts[row.issue_id], row.issue_id))
    return [MyIssueReply.of(row, counts[row.issue_id]) for row in told]


def _account(name: str, asked: Iterable[store.AskedByAccount]) -> AccountReply:
    rows = list(asked)
    still = [row for row in rows if State(row.state) in OPEN]
    severities = Counter(str(row.customer_severity or "unknown") for row in still)
    return AccountReply(
        account=name,
        open=len(still),
        by_state=dict(sorted(Counter(row.state for row in rows).items())),
        by_severity=dict(sorted(severities.items())),
        persons=len({row.person for row in rows if row.person is not None}),
        months=_months(rows),
    )


def _months(rows: Iterable[store.AskedByAccount]) -> list[MonthReply]:
    """Count by the month in which a question was received, oldest first."""
    months: defaultdict[str, list[store.AskedByAccount]] = defaultdict(list)
    for row in rows:
        months[f"{row.received_at:%Y-%m}"].append(row)
    told = []
    for month, of_month in sorted(months.items()):
        waits = [
            (row.first_answer_at - row.received_at).total_seconds()
            for row in of_month
            if row.first_answer_at is not None
        ]
        told.append(
            MonthReply(
                month=month,
                received=len(of_month),
                answered=len(waits),
                solved=sum(row.state == _SOLVED for row in of_month),
                half_answered_seconds=median(waits) if waits else None,
            )
        )
    return told
