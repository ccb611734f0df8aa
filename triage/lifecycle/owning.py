"""A question's account, topic and forum -> its one owner, and who is alerted of a complaint. Pure.

In: who owns what, as values. Out: exactly one owner, by which rule, and the team beside it.
Not here: sending an alert, keeping owners, who is on duty when (they are given).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from triage.lifecycle.values import Posted, State, Who
from triage.records import Account, Destination, Kind


class By(StrEnum):
    """The rule that named an owner."""

    ACCOUNT = "account"
    TEAM = "team"
    TOPIC = "topic"
    FORUM = "forum"


@dataclass(frozen=True, slots=True)
class Owners:
    """Who owns what in a forum. `forum` owns whatever nobody else does, present or not.

    `accounts` gives the person named for an account, `teams` who answers for an expert team,
    `topics` who owns a topic. Whoever is `away` is passed over, all but the forum's owner.
    """

    forum: str
    accounts: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)
    topics: Mapping[str, str] = field(default_factory=dict)
    away: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a forum without an owner: then a question could have none. Raises ValueError."""
        if not self.forum:
            raise ValueError("A forum needs an owner for what nobody else owns.")


@dataclass(frozen=True, slots=True)
class Owned:
    """Who owns a question, why, and the account's own team where it has one."""

    owner: str
    by: By
    team: str | None = None


def name_owner(
    destination: Destination, account: Account | None, topic: str | None, owners: Owners
) -> Owned:
    """Return the one owner of a question.

    What goes to experts belongs to the account's named person, else to its expert team. Whatever
    is left, and what the community is to answer, belongs to the topic's owner, else the forum's.
    """
    team = account.expert_team if account else None
    if account is not None and destination is Destination.EXPERT:
        named = owners.accounts.get(account.id)
        if named and named not in owners.away:
            return Owned(named, By.ACCOUNT, team)
        leading = owners.teams.get(team) if team else None
        if leading and leading not in owners.away:
            return Owned(leading, By.TEAM, team)
    owns = owners.topics.get(topic) if topic else None
    if owns and owns not in owners.away:
        return Owned(owns, By.TOPIC, team)
    return Owned(owners.forum, By.FORUM, team)


@dataclass(frozen=True, slots=True)
class Alert:
    """Somebody is to be told at once. `id` is the same however often the rule is asked."""

    id: str
    question_id: str
    owner: str
    at: datetime


def alert_of(question: Posted, kind: str | None, severity: int | None) -> Alert | None:
    """Return whom to tell at once of a complaint, or of what is of severity 1; else None.

    The customer's own word for how bad it is counts as much as the predicted one: pass the worse.
    A new owner is told again.
    """
    if not question.open or (kind != Kind.COMPLAINT and severity != 1):
        return None
    told = f"alert:{question.question_id}:{question.owner}"
    return Alert(told, question.question_id, question.owner, question.changes[-1].at)


@dataclass(frozen=True, slots=True)
class Taken:
    """How long a question took, from when it was received; None: not yet.

    `to_owner` until whoever owned it then first did something, `to_person` until anybody of staff
    or community did anything for the customer (answered, or asked back), `to_answer` until the
    first answer, `to_solved` until the customer last confirmed it.
    """

    to_owner: timedelta | None
    to_person: timedelta | None
    to_answer: timedelta | None
    to_solved: timedelta | None


def measure(question: Posted) -> Taken:
    """Return how long each step of a question took."""
    owner = ""
    owner_acted = person = answer = solved = None
    for made in question.changes:
        if owner and made.by == owner and made.who is Who.STAFF:
            owner_acted = owner_acted or made.at
        owner = made.owner or owner
        if made.after is State.ANSWERED:
            answer = answer or made.at
        reaches = made.after in (State.ANSWERED, State.WAITING_FOR_CUSTOMER)
        if reaches and made.who in (Who.STAFF, Who.COMMUNITY) and made.after is not made.before:
            person = person or made.at
        if made.after is State.CONFIRMED_SOLVED:
            solved = made.at
    if question.state not in (State.CONFIRMED_SOLVED, State.CLOSED):
        solved = None
    start = question.received_at
    return Taken(
        to_owner=_since(start, owner_acted),
        to_person=_since(start, person),
        to_answer=_since(start, answer),
        to_solved=_since(start, solved),
    )


def _since(start: datetime, at: datetime | None) -> timedelta | None:
    return None if at is None else at - start
