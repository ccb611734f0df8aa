"""Questions and the time -> what is due: to staff, a reminder to the owner, or an end. Pure.

In: questions as they stand, how long each state may last, `now`. Out: when each is due and what
then, as steps that `change` takes. Every open question has a due moment: nothing waits for ever.
Not here: how long answers take in truth (waiting), running it (the errand), telling people.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from triage.costs import SEVERE
from triage.lifecycle.changing import Bringing, change
from triage.lifecycle.values import Change, Posted, State, Who, Why
from triage.records import Destination, Kind


class Then(StrEnum):
    """What is done when a question is due."""

    TO_STAFF = "to_staff"
    REMIND = "remind"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a question may stay as it is before something is done.

    `community` is the set time of a forum; `by_topic` the learned or set one of a topic. Neither
    is ever shorter than `least` nor longer than `most`. `pressing` is the most for complaints and
    for severity 1 and 2, wherever they stand. `routing` is for what nobody has routed yet.
    """

    community: timedelta = timedelta(days=2)
    by_topic: Mapping[str, timedelta] = field(default_factory=dict)
    least: timedelta = timedelta(hours=1)
    most: timedelta = timedelta(days=7)
    pressing: timedelta = timedelta(hours=4)
    routing: timedelta = timedelta(minutes=15)
    expert: timedelta = timedelta(days=1)
    customer: timedelta = timedelta(days=7)
    confirming: timedelta = timedelta(days=14)

    def __post_init__(self) -> None:
        """Refuse times that would never come or come at once. Raises ValueError."""
        times = (self.least, self.pressing, self.routing, self.expert, self.customer)
        if min(*times, self.community, self.confirming) <= timedelta(0) or self.most < self.least:
            raise ValueError("Every time must be longer than none, and `most` at least `least`.")

    def for_community(self, topic: str | None, *, pressing: bool) -> timedelta:
        """Return how long the community may take over a question of this topic."""
        told = self.by_topic.get(topic, self.community) if topic else self.community
        bounded = min(max(told, self.least), self.most)
        return min(bounded, self.pressing) if pressing else bounded


def is_pressing(kind: str | None, severity: int | None) -> bool:
    """Say whether a question is a complaint or severe, so that it waits for hours, not days."""
    return kind == Kind.COMPLAINT or severity in SEVERE


@dataclass(frozen=True, slots=True)
class Watched:
    """A question with what the rule must know of it; `reminded` is when its owner last was."""

    question: Posted
    topic: str | None = None
    kind: str | None = None
    severity: int | None = None
    reminded: datetime | None = None

    @property
    def pressing(self) -> bool:
        """Whether it is a complaint or severe."""
        return is_pressing(self.kind, self.severity)


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be done with a question as it was at this revision, and when."""

    question_id: str
    revision: int
    at: datetime
    then: Then
    why: Why


def due(watched: Watched, limits: Limits) -> Due | None:
    """Return when a question is due and what then; None only where nobody waits any more."""
    question, pressing = watched.question, watched.pressing
    state = question.state
    wait = patience(state, question.destination, watched.topic, limits, pressing=pressing)
    if wait is None:
        return None
    match state:
        case State.RECEIVED | State.WITH_COMMUNITY | State.WITH_EXPERT | State.REOPENED:
            return _at(watched, wait, Then.TO_STAFF, Why.UNANSWERED)
        case State.ESCALATED:
            return _at(watched, wait, Then.REMIND, Why.UNANSWERED)
        case State.WAITING_FOR_CUSTOMER:
            then = Then.TO_STAFF if pressing else Then.CLOSE
            return _at(watched, wait, then, Why.NO_REPLY)
        case _:
            return _at(watched, wait, Then.CLOSE, Why.NOT_CONFIRMED)


def patience(
    state: State, destination: Destination, topic: str | None, limits: Limits, *, pressing: bool
) -> timedelta | None:
    """Return how long a question may stay in a state; None where nobody waits any more."""
    staff = min(limits.expert, limits.pressing) if pressing else limits.expert
    community = limits.for_community(topic, pressing=pressing)
    match state:
        case State.RECEIVED:
            return min(limits.routing, staff)
        case State.WITH_COMMUNITY:
            return community
        case State.REOPENED if destination is Destination.COMMUNITY:
            return min(community, staff)
        case State.WITH_EXPERT | State.REOPENED | State.ESCALATED:
            return staff
        case State.WAITING_FOR_CUSTOMER:
            return limits.customer
        case State.ANSWERED:
            return limits.confirming
        case State.CONFIRMED_SOLVED | State.CLOSED:
            return None
        case _:
            assert_never(state)


def sweep(questions: Iterable[Watched], limits: Limits, now: datetime) -> tuple[Due, ...]:
    """Return what is due by now, the longest overdue first."""
    found = (due(one, limits) for one in questions)
    overdue = [one for one in found if one is not None and one.at <= now]
    return tuple(sorted(overdue, key=lambda one: (one.at, one.question_id)))


def carry_out(
    question: Posted, what: Due, now: datetime, owner: str | None = None
) -> Change | None:
    """Return the change of what is due; None for a reminder, or where somebody was faster.

    Whoever owns it among staff may be named with it. The change's id is the same for the same
    question at the same revision, so that two sweeps at once make one change.
    """
    if what.then is Then.REMIND or what.revision != question.revision:
        return None
    wanted = State.ESCALATED if what.then is Then.TO_STAFF else State.CLOSED
    made_by = f"sweep:{question.question_id}:{question.revision}"
    new = owner if what.then is Then.TO_STAFF and owner != question.owner else None
    brings = Bringing(what.why, by="sweep", owner=new)
    return change(question, wanted, Who.MACHINE, made_by, now, brings)


def _at(watched: Watched, wait: timedelta, then: Then, why: Why) -> Due:
    since = watched.question.since
    if then is Then.REMIND and watched.reminded is not None:
        since = max(since, watched.reminded)
    question = watched.question
    return Due(question.question_id, question.revision, since + wait, then, why)
