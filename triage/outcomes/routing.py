"""Whether questions went where they were settled, how often they were sent on, how long it took.

In: one `Routed` for each posted question, one `Handled` for each case of a ticket system. Out: a
mapping of numbers, ready to be written as JSON.
Not here: where a question is sent (decide), reading rows (reports.routing).

A question is settled by whoever gave the answer that its asker accepted; where none was accepted,
by whoever answered last. Until then nothing is known of it: a question that was sent on is not yet
one that was sent wrongly, or those that fail fast would weigh more than those that succeed slowly.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from triage.outcomes.asks import DAY, Flags, Floats, Ints
from triage.outcomes.intervals import Share, mean_share
from triage.outcomes.waits import Waits, waits_told
from triage.records import Destination

REROUTED_DAYS = 28.0


@dataclass(frozen=True, slots=True)
class Routed:
    """What became of one question, as of the report. Moments are in seconds since 1970 UTC.

    `sent` is where it was sent when it was posted, `decided_by` the rule or costs that sent it
    there (None: nothing of ours), `settled_by` who settled it; None while nobody has.
    """

    question_id: str
    person: str | None
    received: float
    sent: Destination
    decided_by: str | None
    settled_by: Destination | None
    closed: bool
    first_answer: float | None
    accepted: float | None
    sent_on: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Handled:
    """A case as a ticket system tells of it; nothing of ours sent it anywhere."""

    case_id: str
    person: str | None
    created: float
    destination: Destination | None
    first_response: float | None
    closed: float | None
    escalated: bool | None


# What decided where nothing could be predicted: the forum's usual way, and no decision.
_UNDECIDED = frozenset({None, "unrouted"})


def routing_told(
    routed: Sequence[Routed], handled: Sequence[Handled], as_of: float
) -> dict[str, Any]:
    """Return the measures of routing by their names in docs/measures.md."""
    questions = _Questions(routed, as_of)
    everything = np.ones(len(routed), dtype=bool)
    return {
        "questions": len(routed),
        "settled": int(np.sum(questions.settled)),
        "closed_unsettled": int(np.sum(questions.closed & ~questions.settled)),
        "open": int(np.sum(~questions.closed & ~questions.settled)),
        "decided": _share(questions.decided, everything, questions.who),
        "right": _share(questions.right, questions.settled, questions.who),
        "reroutes": int(np.sum(questions.times_sent_on)),
        "rerouted": questions.rerouted(everything),
        "destinations": {one.value: questions.of(one) for one in Destination},
        "decided_by": questions.by_rule(),
        "cases": _cases(handled, as_of),
    }


class _Questions:
    """The questions as arrays of one length."""

    def __init__(self, routed: Sequence[Routed], as_of: float) -> None:
        received = np.array([one.received for one in routed], dtype=np.float64)
        self.followed: Floats = np.maximum(as_of - received, 0.0) / DAY
        self.who = _persons([one.person for one in routed])
        self.sent = np.array([one.sent.value for one in routed], dtype=object)
        self.settler = np.array([one.settled_by for one in routed], dtype=object)
        self.settled: Flags = np.array([one.settled_by is not None for one in routed], dtype=bool)
        self.right: Flags = np.array([one.settled_by == one.sent for one in routed], dtype=bool)
        self.closed: Flags = np.array([one.closed for one in routed], dtype=bool)
        self.rule = [one.decided_by for one in routed]
        self.decided: Flags = np.array([rule not in _UNDECIDED for rule in self.rule], dtype=bool)
        self.times_sent_on = np.array([len(one.sent_on) for one in routed], dtype=np.int64)
        self.first_sent_on = _after([min(r.sent_on, default=None) for r in routed], received)
        self.first_answer = _after([one.first_answer for one in routed], received)
        self.accepted = _after([one.accepted for one in routed], received)

    def of(self, destination: Destination) -> dict[str, Any]:
        """Return the measures of one destination."""
        sent: Flags = np.equal(self.sent, destination.value).astype(bool)
        settled_here: Flags = np.equal(self.settler, destination.value).astype(bool)
        return {
            "sent": int(np.sum(sent)),
            "settled_here": int(np.sum(settled_here)),
            "precision": _share(self.right, sent & self.settled, self.who),
            "coverage": _share(self.right, settled_here, self.who),
            "rerouted": self.rerouted(sent),
            "first_answer": self._waits(self.first_answer, sent),
            "accepted_answer": self._waits(self.accepted, sent),
        }

    def by_rule(self) -> list[dict[str, Any]]:
        """Return how right each rule is that decided something, those that decide most first."""
        rules = np.array([rule or "" for rule in self.rule], dtype=object)
        found = []
        for rule in sorted({rule for rule in self.rule if rule is not None}):
            mine: Flags = np.equal(rules, rule).astype(bool)
            right = _share(self.right, mine & self.settled, self.who)
            found.append({"rule": rule, "questions": int(np.sum(mine)), "right": right})
        return sorted(found, key=lambda row: (-int(str(row["questions"])), str(row["rule"])))

    def rerouted(self, among: Flags) -> dict[str, Any] | None:
        """Return the share that was sent on within 28 days; what is younger is censored."""
        waits = Waits(self.first_sent_on[among], self.followed[among], self.who[among])
        found = waits.within(REROUTED_DAYS)
        return None if found is None else {**_told(found.share), "days": found.days}

    def _waits(self, after: Floats, among: Flags) -> dict[str, object]:
        return waits_told(Waits(after[among], self.followed[among], self.who[among]))


def _cases(handled: Sequence[Handled], as_of: float) -> dict[str, Any]:
    """Return the waits of cases by destination; of all of them under `all`."""
    kinds: list[tuple[str, Callable[[Handled], bool]]] = [
        ("all", lambda case: True),
        *((one.value, lambda case, one=one: case.destination == one) for one in Destination),
    ]
    return {name: _handled([case for case in handled if of(case)], as_of) for name, of in kinds}


def _handled(cases: Sequence[Handled], as_of: float) -> dict[str, Any]:
    created = np.array([case.created for case in cases], dtype=np.float64)
    who = _persons([case.person for case in cases])
    followed = np.maximum(as_of - created, 0.0) / DAY
    told = np.array([case.escalated is not None for case in cases], dtype=bool)
    escalated = np.array([case.escalated is True for case in cases], dtype=bool)
    answered = _after([case.first_response for case in cases], created)
    closed = _after([case.closed for case in cases], created)
    return {
        "cases": len(cases),
        "escalated": _share(escalated, told, who),
        "first_answer": waits_told(Waits(answered, followed, who)),
        "closed": waits_told(Waits(closed, followed, who)),
    }


def _persons(persons: Sequence[str | None]) -> Ints:
    """Return a number for each person; whoever is not known is a person of their own."""
    code_of: dict[str, int] = {}
    n = len(persons)
    return np.array(
        [
            n + place if person is None else code_of.setdefault(person, len(code_of))
            for place, person in enumerate(persons)
        ],
        dtype=np.int64,
    )


def _after(moments: Sequence[float | None], since: Floats) -> Floats:
    """Return after how many days each came; infinity for not yet, never before the beginning."""
    at = np.array([np.inf if moment is None else moment for moment in moments], dtype=np.float64)
    return np.maximum(at - since, 0.0) / DAY


def _share(marked: Flags, among: Flags, who: Ints) -> dict[str, Any] | None:
    found = mean_share(marked[among].astype(np.float64), who[among])
    return None if found is None else _told(found)


def _told(share: Share) -> dict[str, Any]:
    return {"share": share.value, "low": share.low, "high": share.high, "asks": share.asks}
