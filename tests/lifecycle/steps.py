"""Posted questions as the tests of the room make them."""

from datetime import UTC, datetime, timedelta

from triage.lifecycle import (
    NOTHING,
    Bringing,
    Change,
    Posted,
    State,
    Who,
    Why,
    change,
    follow,
    receive,
    replay,
)
from triage.records import Destination

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def posted(destination: Destination = Destination.COMMUNITY, *, shareable: bool = True) -> Posted:
    return replay([receive("q1", "c1", "forum", START, destination, shareable=shareable)])


def step(
    question: Posted, wanted: State, who: Who, brings: Bringing = NOTHING, hours: float = 1
) -> Posted:
    """Make the next change, some hours after the last one."""
    at = question.changes[-1].at + hours * HOUR
    made: Change = change(question, wanted, who, f"c{question.revision + 1}", at, brings)
    return follow(question, made)


def with_community() -> Posted:
    return step(posted(), State.WITH_COMMUNITY, Who.MACHINE, Bringing(Why.DECIDED))


def with_expert() -> Posted:
    question = posted(Destination.EXPERT, shareable=False)
    return step(question, State.WITH_EXPERT, Who.MACHINE, Bringing(Why.DECIDED))


def answered() -> Posted:
    return step(with_community(), State.ANSWERED, Who.COMMUNITY, Bringing(answer_id="a1"))
