"""A policy tried on a forum's own past, beside the one in force: the simulator over the store.

In: the store, two policies, so many days. Out: what each would have done, the difference, and on
what it rests: which asks were counted, and what of their past is known.
Not here: the arithmetic (simulation), keeping what came of it (policies).

Who really had to answer is what happened, as in training: the community where it answered and
nobody passed the question on, an expert where one answered or it was escalated. Nobody knows
whether an expert's answer was needed, so a draft that asks experts less is shown more wrong public
routes than it would bring: the measure errs towards caution.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from triage import store
from triage.kept import read_labels
from triage.lifecycle import Wait
from triage.policies.in_force import InForce
from triage.policies.load import community_hours, waits_since
from triage.policies.simulation import (
    AnswerTimes,
    Comparison,
    Options,
    Past,
    asks_of,
    compared_row,
    simulate,
)
from triage.policy import Circumstances
from triage.records import Account, Destination, Finding, Question
from triage.store import PastAsk

MOST_DAYS = 365
# The version of a text that is kept nowhere.
UNKEPT = "unkept"
# An answer may come long after the question.
_WAITS = timedelta(days=180)
# Fewer measured times say nothing of what an expert's question takes.
_FEWEST_HOURS = 20
_USUAL_HOURS = 1.0
_DESTINATIONS = {destination.value: destination for destination in Destination}


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying a draft, and on what it rests.

    `counted` are the asks that were posted, or, where the forum tells of no post, all that were
    sent (`sent`). `wordless` ones are left out: their words are kept no more. `simulated` of them
    were made up, which a demo alone counts. `ask_ids` names the asks by their places.
    """

    since: datetime
    until: datetime
    counted: str
    wordless: int
    waits: int
    hours_per_question: float
    draft: str
    current: str
    found: Comparison
    simulated: int = 0
    ask_ids: tuple[str, ...] = ()

    def told(self) -> dict[str, Any]:
        """Return it as plain values, for JSON."""
        return {
            "draft_version": self.draft,
            "current_version": self.current,
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "counted": self.counted,
            "wordless": self.wordless,
            "answer_times": self.waits,
            "hours_per_question": round(self.hours_per_question, 3),
            "simulated": self.simulated,
            **compared_row(self.found),
            "moved": [
                {
                    "ask_id": self.ask_ids[one.place],
                    "to": one.to.value,
                    "draft": one.draft,
                    "current": one.current,
                    "truth": None if one.truth is None else one.truth.value,
                }
                for one in self.found.moves
            ],
        }


def try_policy(
    database: store.Database,
    forum_id: int,
    draft: InForce,
    current: InForce,
    days: float,
    now: datetime,
    *,
    include_simulated: bool = False,
) -> Trial:
    """Try a draft on the asks of the last days. Raises NotEnoughData without any."""
    since = now - timedelta(days=days)
    with database.read() as c:
        rows = store.iter_past_asks(c, forum_id, since, now, include_simulated=include_simulated)
        sent = {one.ask_id: one for one in rows}
        waits = waits_since(c, forum_id, now - _WAITS, now)
        accounts = store.accounts_by_id(c, forum_id)
        members = store.account_ids_by_person(c, forum_id)
    posted = [one for one in sent.values() if one.came.posted_at is not None]
    counted = posted or list(sent.values())
    there = sorted((one for one in counted if _has_words(one)), key=lambda one: one.at)
    hours = community_hours(waits)
    queue = _Queue(there)
    past = [_past(one, _account(one, accounts, members), queue, hours) for one in there]
    usual = _hours_per_question(past)
    options = Options(times=answer_times(waits), hours_per_question=usual, days=days)
    return Trial(
        since,
        now,
        "posted" if posted else "sent",
        len(counted) - len(there),
        sum(one.answered for one in waits),
        usual,
        draft.version,
        current.version,
        simulate(asks_of(past), draft.policy, current.policy, options),
        sum(one.simulated for one in there),
        tuple(one.ask_id for one in there),
    )


def answer_times(waits: Iterable[Wait]) -> AnswerTimes:
    """Return the hours to first answers that were measured, by who was to answer and the topic."""
    hours: dict[tuple[Destination, str | None], list[float]] = {}
    for one in waits:
        if one.answered:
            for topic in {one.topic, None}:
                hours.setdefault((one.destination, topic), []).append(one.seconds / 3600)
    return AnswerTimes(hours)


class _Queue:
    """How many questions waited for an expert at each moment, where that was not written down."""

    def __init__(self, asks: Sequence[PastAsk]) -> None:
        expert = [one for one in asks if _decided(one) is Destination.EXPERT]
        posted = [one.came.posted_at for one in expert]
        self._came = sorted(at for at in posted if at is not None)
        answered = [one.came.answered_at for one in expert if one.came.posted_at is not None]
        self._went = sorted(at for at in answered if at is not None)

    def at(self, moment: datetime) -> int | None:
        """Return the length then; None where no expert's question is known to have been posted."""
        if not self._came:
            return None
        return max(0, bisect_right(self._came, moment) - bisect_right(self._went, moment))


def _past(one: PastAsk, account: Account | None, queue: _Queue, hours: Mapping[str, float]) -> Past:
    cut = one.reply["decision"].get("cut") or {}
    written = cut.get("queue")
    around = Circumstances(
        now=one.at,
        queue=queue.at(one.at) if written is None else written,
        community_hours=hours,
        account=account,
    )
    truth = _truth(one)
    minutes = one.came.minutes if truth is Destination.EXPERT else None
    return Past(
        _question(one.question),
        read_labels(one.reply),
        around,
        one.person,
        truth,
        None if minutes is None else minutes / 60,
    )


def _question(kept: Mapping[str, Any]) -> Question:
    """Return as much of a question as any policy looks at: of many asks the rest would be a lot."""
    return Question(
        kept["title"],
        kept["body"],
        kept["lang"],
        product=kept["product"],
        customer_severity=kept["customer_severity"],
        groups=frozenset(kept["groups"]),
        sensitive=tuple(Finding(**found) for found in kept["sensitive"]),
        confidential=kept.get("confidential", 0.0),
        wants_person=kept.get("wants_person", False),
        wants_public=kept.get("wants_public", False),
    )


def _truth(one: PastAsk) -> Destination | None:
    came = one.came
    if came.escalated:
        return Destination.EXPERT
    decided = _decided(one)
    # What somebody sent elsewhere was looked at, whether it was answered or not.
    if came.destination is not None and came.destination != decided:
        return Destination(came.destination)
    return None if came.answered_at is None else decided


def _decided(one: PastAsk) -> Destination | None:
    return _DESTINATIONS.get(one.reply["decision"].get("destination"))


def _account(
    one: PastAsk, accounts: Mapping[str, Account], members: Mapping[str, str]
) -> Account | None:
    name = one.question.get("account") or members.get(one.question.get("person") or "")
    return accounts.get(name) if name else None


def _has_words(one: PastAsk) -> bool:
    return bool(one.question.get("title") or one.question.get("body"))


def _hours_per_question(past: Iterable[Past]) -> float:
    known = [one.expert_hours for one in past if one.expert_hours is not None]
    return sum(known) / len(known) if len(known) >= _FEWEST_HOURS else _USUAL_HOURS
