"""Posted questions -> the known issues that their asks are about; what an account asked.

In: questions, or an account. Out: which question is about which issue; of an account's questions
as much as counting them needs.
Not here: what is about what (insight), issues themselves (known_issues), who may read them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from triage.store.batches import record_of
from triage.store.simulated import is_real_question
from triage.store.tables.insight import known_issue_asks
from triage.store.tables.question import questions
from triage.streams import chunks


@dataclass(frozen=True, slots=True)
class AskedByAccount:
    """One question of an account, without its words."""

    state: str
    customer_severity: int | None
    person: str | None
    received_at: datetime
    first_answer_at: datetime | None


def issues_of_questions(
    c: Connection, forum_id: int, question_ids: Iterable[str]
) -> set[tuple[str, str]]:
    """Return the issues that these questions are about, as pairs of issue and question."""
    found: set[tuple[str, str]] = set()
    for part in chunks(question_ids):
        query = _about(forum_id).where(questions.c.question_id.in_(part))
        found.update((row.issue_id, row.question_id) for row in c.execute(query))
    return found


def issues_of_account(
    c: Connection, forum_id: int, account: str, since: datetime
) -> set[tuple[str, str]]:
    """Return the same of the questions of an account received since then."""
    query = _about(forum_id).where(
        questions.c.account == account,
        questions.c.received_at >= since,
        questions.c.test.is_(False),
        is_real_question(questions.c.question_id),
    )
    return {(row.issue_id, row.question_id) for row in c.execute(query)}


def asked_by_account(
    c: Connection, forum_id: int, account: str, since: datetime
) -> Iterator[AskedByAccount]:
    """Give the questions of an account received since then, oldest first."""
    names = AskedByAccount.__slots__
    query = select(*(questions.c[name] for name in names)).where(
        questions.c.forum_id == forum_id,
        questions.c.account == account,
        questions.c.received_at >= since,
        questions.c.test.is_(False),
        is_real_question(questions.c.question_id),
    )
    for row in c.execute(query.order_by(questions.c.received_at)).mappings():
        yield record_of(AskedByAccount, row)


def _about(forum_id: int) -> Select[Any]:
    mine = (questions.c.forum_id == known_issue_asks.c.forum_id) & (
        questions.c.ask_id == known_issue_asks.c.ask_id
    )
    return (
        select(known_issue_asks.c.issue_id, questions.c.question_id)
        .join_from(known_issue_asks, questions, mine)
        .where(known_issue_asks.c.forum_id == forum_id)
    )
