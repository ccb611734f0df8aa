"""A person's own questions, and their account's, as values.

In: a caller with a visitor. Out: a page of their questions; of the account its state, severity,
activity and response times.
Not here: the address (routes.my), one question (question_views).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Literal

from triage import affected, store
from triage.api.access import Caller
from triage.api.problems import FieldProblem, bad_request
from triage.api.question_pages import next_of, page_of
from triage.api.question_rights import Sight
from triage.api.question_views import brief
from triage.api.schemas.my import AccountReply, MonthReply, MyIssueReply, MyReply
from triage.lifecycle import OPEN, State
from triage.records import Visitor

Whose = Literal["me", "account"]
_LOOKS_BACK = timedelta(days=365)
_SOLVED = State.CONFIRMED_SOLVED
# Of an account, so many open questions without an ask are held against the known issues.
_MOST_ALONE = 200


def my_of(caller: Caller, whose: Whose, after: str | None, limit: int) -> MyReply:
    """Return the overview of the caller's visitor. Raises Problem where nobody is vouched for."""
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
    return MyReply(
        open=still,
        questions=brief(found[:limit], Sight.ASKER),
        next_after=next_of(found, limit),
        known_issues=_issues(caller, visitor, about),
        account=told,
    )


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
