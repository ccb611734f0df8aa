"""A person's overview of their questions, and an account's, as JSON.

In: questions as they are kept, and counts of them. Out: the same as JSON.
Not here: one question (question), whose overview it is (routes.my).
"""

from pydantic import Field

from triage.api.schemas.question import BriefReply
from triage.api.schemas.triage import Told
from triage.store import KnownIssueRow


class MonthReply(Told):
    """What an account asked in one month, and how it went."""

    month: str
    received: int
    answered: int
    solved: int
    half_answered_seconds: float | None = Field(description="The median of the answered ones.")


class AccountReply(Told):
    """What an account asked in the last year."""

    account: str
    open: int
    by_state: dict[str, int]
    by_severity: dict[str, int] = Field(description="Of the open ones, as the customer said it.")
    persons: int
    months: list[MonthReply]


class MyIssueReply(Told):
    """A known issue that affects the caller."""

    issue_id: str
    title: str
    workaround: str | None
    fix: str | None
    fixed_in: str | None
    questions: int = Field(description="How many of the questions are about it.")

    @classmethod
    def of(cls, row: KnownIssueRow, questions: int) -> "MyIssueReply":
        """Tell an issue."""
        return cls(
            issue_id=row.issue_id,
            title=row.title,
            workaround=row.workaround,
            fix=row.fix,
            fixed_in=row.fixed_in,
            questions=questions,
        )


class MyReply(Told):
    """A person's own questions, and for whoever answers for an account, the account's."""

    open: int
    questions: list[BriefReply]
    next_after: str | None
    known_issues: list[MyIssueReply]
    account: AccountReply | None
