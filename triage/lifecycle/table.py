"""The one table: from which state to which, by whom, and what each must bring.

In: a state and who acts. Out: the states it may become, and what the change needs.
Not here: making the change (changing), words for people (phrases).
"""

from collections.abc import Mapping
from enum import StrEnum

from triage.lifecycle.values import State, Who

_RECEIVED, _COMMUNITY, _EXPERT = State.RECEIVED, State.WITH_COMMUNITY, State.WITH_EXPERT
_WAITING, _ANSWERED, _SOLVED = State.WAITING_FOR_CUSTOMER, State.ANSWERED, State.CONFIRMED_SOLVED
_REOPENED, _ESCALATED, _CLOSED = State.REOPENED, State.ESCALATED, State.CLOSED


class Need(StrEnum):
    """What a change must bring, or what must hold of its question."""

    ANSWER = "an answer_id that the question does not have yet"
    REASON = "a reason"
    ASKED = "what the customer is asked for (one or two of the codes of `missing`)"
    OWNER = "another owner"
    SHAREABLE = "to be readable by other customers"
    BEFORE_COMMUNITY = "to stand before the community"
    FOR_COMMUNITY = "to be the community's to answer"
    FOR_EXPERT = "to be staff's to answer"


Needs = tuple[Need, ...]
_NOTHING: Needs = ()
_WHY = (Need.REASON,)
_SHARE = (Need.SHAREABLE, Need.REASON)

# Whoever may answer at all, and what an answer needs.
_ANSWERING: Mapping[Who, Needs] = {
    Who.COMMUNITY: (Need.BEFORE_COMMUNITY, Need.ANSWER),
    Who.STAFF: (Need.ANSWER,),
    Who.MACHINE: (Need.ANSWER, Need.REASON),
}
_ASKING: Mapping[Who, Needs] = {Who.STAFF: (Need.ASKED,), Who.MACHINE: (Need.ASKED,)}
_HANDING_OVER: Mapping[Who, Needs] = {Who.STAFF: (Need.OWNER,), Who.MACHINE: (Need.OWNER,)}
# "I want a person" is honoured at once, from wherever the question stands.
_ESCALATING: Mapping[Who, Needs] = {Who.CUSTOMER: _WHY, Who.STAFF: _WHY, Who.MACHINE: _WHY}
_ENDING: Mapping[Who, Needs] = {Who.CUSTOMER: _WHY, Who.STAFF: _WHY}
_ENDING_IN_SILENCE: Mapping[Who, Needs] = {**_ENDING, Who.MACHINE: _WHY}
_SOLVING: Mapping[Who, Needs] = {Who.CUSTOMER: _WHY}
_ROUTING: Mapping[Who, Needs] = {Who.STAFF: _WHY, Who.MACHINE: _WHY}
_SHARING: Mapping[Who, Needs] = {Who.STAFF: _SHARE, Who.MACHINE: _SHARE}
_REOPENING: Mapping[Who, Needs] = {Who.CUSTOMER: _NOTHING, Who.STAFF: _WHY}

_IN_WORK: Mapping[State, Mapping[Who, Needs]] = {
    _WAITING: _ASKING,
    _ANSWERED: _ANSWERING,
    _SOLVED: _SOLVING,
    _ESCALATED: _ESCALATING,
    _CLOSED: _ENDING,
}

RULES: Mapping[State, Mapping[State, Mapping[Who, Needs]]] = {
    _RECEIVED: {
        _RECEIVED: _HANDING_OVER,
        _COMMUNITY: _SHARING,
        _EXPERT: _ROUTING,
        **_IN_WORK,
    },
    _COMMUNITY: {_COMMUNITY: _HANDING_OVER, **_IN_WORK},
    _EXPERT: {_EXPERT: _HANDING_OVER, _COMMUNITY: {Who.STAFF: _SHARE}, **_IN_WORK},
    _WAITING: {
        **_IN_WORK,
        _WAITING: _HANDING_OVER,
        _COMMUNITY: {
            Who.CUSTOMER: (Need.FOR_COMMUNITY,),
            Who.STAFF: (Need.FOR_COMMUNITY, Need.REASON),
        },
        _EXPERT: {
            Who.CUSTOMER: (Need.FOR_EXPERT,),
            Who.STAFF: (Need.FOR_EXPERT, Need.REASON),
        },
        _CLOSED: _ENDING_IN_SILENCE,
    },
    _ANSWERED: {
        _ANSWERED: _ANSWERING,
        _SOLVED: {Who.CUSTOMER: _NOTHING},
        _REOPENED: _REOPENING,
        _ESCALATED: {Who.CUSTOMER: _WHY, Who.STAFF: _WHY},
        _CLOSED: _ENDING_IN_SILENCE,
    },
    _SOLVED: {_REOPENED: _REOPENING, _CLOSED: {Who.STAFF: _WHY}},
    _REOPENED: {
        _REOPENED: _HANDING_OVER,
        _COMMUNITY: _SHARING,
        _EXPERT: _ROUTING,
        **_IN_WORK,
    },
    _ESCALATED: {
        _WAITING: _ASKING,
        _ANSWERED: _ANSWERING,
        _SOLVED: _SOLVING,
        _CLOSED: _ENDING,
        _ESCALATED: _HANDING_OVER,
        _EXPERT: _ROUTING,
    },
    _CLOSED: {_REOPENED: _REOPENING},
}


def allowed(state: State, who: Who | None = None) -> tuple[State, ...]:
    """Return what a question of this state may become, through this actor or through anybody."""
    return tuple(
        after for after, actors in RULES[state].items() if actors and (who is None or who in actors)
    )


def needs(before: State, after: State, who: Who) -> Needs | None:
    """Return what the step needs; None where the table has no such step."""
    return RULES[before].get(after, {}).get(who)
