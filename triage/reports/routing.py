"""A forum's posted questions and cases -> how well they were routed.

In: a transaction, a forum, a period. Out: the measures of routing, ready to be written as JSON.
Not here: the measures themselves (outcomes.routing), SQL (store).
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from triage import store
from triage.outcomes import Handled, Routed, routing_told
from triage.records import Destination

# The names of states and actors as they are kept (lifecycle, which measures need nothing else of).
_ANSWERED, _SOLVED, _CLOSED = "answered", "confirmed_solved", "closed"
ENDED = frozenset({_ANSWERED, _SOLVED, _CLOSED})
_COMMUNITY, _STAFF = "community", "staff"


def routing_of_forum(
    c: store.Connection,
    forum_id: int,
    since: datetime | None,
    until: datetime | None,
    as_of: datetime,
) -> dict[str, Any]:
    """Return how well what was received from `since` to before `until` was routed, as of then."""
    end = as_of if until is None else min(until, as_of)
    steps: dict[str, list[store.Step]] = defaultdict(list)
    for step in store.iter_steps(c, forum_id, since, end, as_of):
        steps[step.question_id].append(step)
    sent = store.iter_sent(c, forum_id, since, end)
    cases = store.iter_case_times(c, forum_id, since, end)
    return routing_told(
        [routed_of(question, steps[question.question_id]) for question in sent],
        [_handled(case, as_of) for case in cases],
        as_of.timestamp(),
    )


def routed_of(question: store.SentQuestion, steps: Sequence[store.Step]) -> Routed:
    """Return what became of a question by its changes so far, which are in their order."""
    answers: dict[str | None, Destination] = {}
    stands, at = Destination(question.decided_to), question.received_at
    sent_on: list[float] = []
    first_answer: datetime | None = None
    state, settler, accepted = "", None, None
    for step in steps:
        if step.destination is not None and step.destination != stands:
            stands = Destination(step.destination)
            sent_on.append(step.at.timestamp())
        state, at = step.after, step.at
        if state == _ANSWERED:
            first_answer = first_answer or at
            settler = answers[step.answer_id] = _answerer(step.who, stands)
        elif state == _SOLVED:
            # The asker may say which of several answers it was.
            settler, accepted = answers.get(step.answer_id, settler), at
        elif state != _CLOSED:
            accepted = None
    return Routed(
        question_id=question.question_id,
        person=question.person,
        received=question.received_at.timestamp(),
        sent=Destination(question.decided_to),
        decided_by=question.decided_by,
        settled_by=settler if state in ENDED else None,
        closed=state in (_SOLVED, _CLOSED),
        first_answer=_seconds(first_answer),
        # Solved without any answer is no answer accepted.
        accepted=_seconds(accepted) if settler is not None else None,
        sent_on=tuple(sent_on),
    )


def _answerer(who: str, stands: Destination) -> Destination:
    """Return who answered; an answer that is passed on counts for whom the question stood with."""
    return answerer_told(who) or stands


def answerer_told(who: str) -> Destination | None:
    """Return whom an answer counts for by who gave it; None: for whom the question stood with."""
    return {_COMMUNITY: Destination.COMMUNITY, _STAFF: Destination.EXPERT}.get(who)


def _handled(case: store.CaseTimes, as_of: datetime) -> Handled:
    known = {one.value for one in Destination}
    return Handled(
        case_id=case.id,
        person=case.person,
        created=case.created.timestamp(),
        destination=Destination(case.destination) if case.destination in known else None,
        first_response=_by(case.first_response, as_of),
        closed=_by(case.closed, as_of),
        escalated=case.escalated,
    )


def _by(moment: datetime | None, as_of: datetime) -> float | None:
    return _seconds(moment) if moment is not None and moment <= as_of else None


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()
