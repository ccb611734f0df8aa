"""Who a caller is to a posted question: staff, its asker, another customer, or nobody.

In: a caller, a question's row. Out: how much of it they may see, and as whom they act. To whoever
may not see a question it does not exist.
Not here: what may become of it (lifecycle), what is told of it (question_views).
"""

from enum import StrEnum

from triage import store
from triage.api.access import Caller
from triage.api.problems import FieldProblem, bad_request
from triage.api.schemas.question import ChangeRequest
from triage.errors import NoQuestion, WrongRole
from triage.lifecycle import Who
from triage.records import Visibility


class Sight(StrEnum):
    """How much of a question somebody may see."""

    STAFF = "staff"
    ASKER = "asker"
    OTHERS = "others"


def sight_of(
    caller: Caller, row: store.QuestionRow, user: str | None = None, session: str | None = None
) -> Sight | None:
    """Return how much of a question the caller may see; None: for them it does not exist."""
    if caller.reads_all:
        return Sight.STAFF
    if _asked(caller, row, user, session):
        return Sight.ASKER
    if not row.shareable or row.visibility == Visibility.PRIVATE:
        return None
    if row.visibility == Visibility.PUBLIC or row.groups & caller.groups(()):
        return Sight.OTHERS
    return None


def check_sight(
    caller: Caller, row: store.QuestionRow, user: str | None = None, session: str | None = None
) -> Sight:
    """Return how much of a question the caller may see. Raises NoQuestion."""
    sight = sight_of(caller, row, user, session)
    if sight is None:
        raise NoQuestion
    return sight


def acts_as(caller: Caller, row: store.QuestionRow, asked: ChangeRequest) -> Who:
    """Return as whom the caller makes a change.

    A forum's server may speak for its community; for staff only a lead's key does. Raises
    NoQuestion for whoever may not see it, and WrongRole for what they may not be.
    """
    if asked.who is Who.MACHINE:
        raise bad_request([FieldProblem("who", "is `machine` for the service itself alone")])
    if asked.who is Who.CUSTOMER and caller.reads_all:
        if not _asked(caller, row, asked.user, asked.session):
            raise NoQuestion
        return Who.CUSTOMER
    sight = check_sight(caller, row, asked.user, asked.session)
    if sight is Sight.STAFF:
        return asked.who or Who.STAFF
    if asked.who is Who.STAFF:
        raise WrongRole(caller.role, "a secret key, or somebody signed in, of role `lead`, `admin`")
    speaks_for_all = caller.trusted and caller.visitor is None
    if asked.who is Who.COMMUNITY and speaks_for_all and row.shareable:
        return Who.COMMUNITY
    own = _asked_themselves(caller, row, asked.user, asked.session)
    if own and asked.who is not Who.COMMUNITY:
        return Who.CUSTOMER
    # Others may read it, and change nothing of it.
    raise NoQuestion


def _asked_themselves(
    caller: Caller, row: store.QuestionRow, user: str | None, session: str | None
) -> bool:
    """Say whether it is the caller's own question."""
    if row.person is not None:
        return caller.person(user) == row.person
    return row.session is not None and caller.session(session) == row.session


def _asked(caller: Caller, row: store.QuestionRow, user: str | None, session: str | None) -> bool:
    """Say whether it is the caller's own question, or one of the account that they answer for."""
    if _asked_themselves(caller, row, user, session):
        return True
    visitor = caller.visitor
    if visitor is None or not visitor.account_admin or visitor.account is None:
        return False
    return visitor.account == row.account
