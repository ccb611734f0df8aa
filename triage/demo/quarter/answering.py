"""A posted question of a made-up person -> what becomes of it, step by step, until it ends.

In: what was decided about it, who posted it and when. Out: its row, its changes and the events
that tell of them, all by the rules that hold for every question.
Not here: what those rules are (lifecycle, questions), putting any of it into the store (making).
Nobody is told of it: no notice, no alert and no message to another system.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np

from triage import store
from triage.demo.quarter.world import Random, World
from triage.errors import IllegalChange
from triage.lifecycle import (
    NOTHING,
    Bringing,
    Change,
    Posted,
    State,
    Then,
    Who,
    Why,
    carry_out,
    change,
    due,
    follow,
    name_owner,
)
from triage.questions import Arrived, Rules
from triage.questions.reading import Said, due_at, row_of, standing_of, watched
from triage.questions.receiving import first_of, posted_row, routed
from triage.questions.telling import event_of
from triage.records import Account, Destination, Event, EventType

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_OWNER_LOOKS = 0.7
_ACCEPTED, _REOPENED = 0.55, 0.08
_MOST_STEPS = 40


@dataclass(frozen=True, slots=True)
class Step:
    """Something that somebody means to do with a question at a moment."""

    at: datetime
    wanted: State
    who: Who
    brings: Bringing = NOTHING


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """A question as it stands at the end of the quarter, and how it came there."""

    row: store.QuestionRow
    changes: tuple[store.ChangeRow, ...]
    events: tuple[store.Noted, ...]


@dataclass(frozen=True, slots=True)
class Answering:
    """What holds for all questions of one quarter."""

    world: World
    rules: Rules
    end: datetime
    # Rows of questions of one text, by the decision about it.
    rows: dict[int, store.QuestionRow] = field(default_factory=dict, repr=False)

    def live(
        self, arrived: Arrived, account: Account | None, now: datetime, random: Random
    ) -> Answered:
        """Return what becomes of a question that arrives now."""
        first = first_of(arrived, account, self.rules, now)
        question = follow(None, first)
        row = self._row(arrived, question, account)
        told = _Life(self, row, question, account, [first])
        told.make(routed(question, now))
        for step in self._plan(arrived.question_id, told.question, row, now, random):
            if not told.sweep(min(step.at, self.end)) or step.at >= self.end:
                break
            told.take(step)
        told.sweep(self.end)
        events = [*told.events(), *self._minutes(told, random)]
        kept = [store.Noted(one, one.occurred_at) for one in events if one.occurred_at < self.end]
        rows = tuple(row_of(made, Said()) for made in told.changes)
        return Answered(told.row, rows, tuple(kept))

    def _row(
        self, arrived: Arrived, question: Posted, account: Account | None
    ) -> store.QuestionRow:
        """Return the row of a question; what is the same for all of one text is made once."""
        asked, key = arrived.question, id(arrived.decision)
        if key not in self.rows:
            self.rows[key] = posted_row(arrived, question, account)
        row = self.rows[key]
        whose = {"person": asked.person, "account": asked.account, "session": asked.session}
        return replace(
            row,
            person=asked.person,
            account=asked.account,
            session=asked.session,
            question_id=arrived.question_id,
            triage_id=arrived.triage_id,
            ask_id=arrived.ask_id,
            question={**row.question, **whose},
            received_at=question.received_at,
            **asdict(standing_of(None, question, None)),
        )

    def _plan(
        self, name: str, question: Posted, row: store.QuestionRow, now: datetime, random: Random
    ) -> Iterator[Step]:
        """Give what people do with it: an answer, thanks, or doubt, or nobody cares."""
        community = question.destination is Destination.COMMUNITY
        luck, wait = random.random(4), random.lognormal(0.0, 1.3, 4)
        answer = Bringing(answer_id=f"{name}-1")
        by = self._who_answers(community, float(luck[0]))
        if by is None:
            at = now + _HOUR * min(4 + 8 * float(wait[0]), 44)
            if luck[1] < 0.3:
                # Until it is too late for the rules, which give it to the staff.
                late = Bringing(by=question.owner, answer_id=answer.answer_id)
                yield Step(at + 2 * _DAY, State.ANSWERED, Who.STAFF, late)
            elif luck[1] < 0.6:
                yield Step(at, State.CONFIRMED_SOLVED, Who.CUSTOMER, Bringing(Why.SOLVED_ALONE))
            else:
                yield Step(at, State.CLOSED, Who.CUSTOMER, Bringing(Why.WITHDRAWN))
            return
        answer = replace(answer, by=question.owner if by is Who.STAFF else self._helper(random))
        median = 6.0 if by is Who.COMMUNITY else 3.0
        at = now + _HOUR * median * float(wait[0])
        yield Step(at, State.ANSWERED, by, answer)
        at += _HOUR * 4 * float(wait[1])
        if luck[2] < _REOPENED:
            yield Step(at, State.REOPENED, Who.CUSTOMER)
            at += _HOUR * 4 * float(wait[2])
            second = Bringing(by=question.owner, answer_id=f"{name}-2")
            yield Step(at, State.ANSWERED, Who.STAFF, second)
        elif luck[2] < _REOPENED + _ACCEPTED:
            thanks = Bringing(answer_id=answer.answer_id)
            yield Step(at, State.CONFIRMED_SOLVED, Who.CUSTOMER, thanks)

    def _who_answers(self, community: bool, luck: float) -> Who | None:
        """Return who answers a question, if anybody does before its asker gives up."""
        world = self.world
        if not community:
            return Who.STAFF if luck < world.expert_answers else None
        if luck < world.answered:
            return Who.COMMUNITY
        return Who.STAFF if luck < world.answered + world.by_staff else None

    def _helper(self, random: Random) -> str:
        """Return a customer who answers another one: few do so often, many once."""
        eager = 1 / (np.arange(self.world.helpers) + 3.0)
        number = int(random.choice(self.world.helpers, p=eager / eager.sum()))
        return hashlib.sha256(f"{self.world.name} helper {number}".encode()).hexdigest()[:32]

    def _minutes(self, told: "_Life", random: Random) -> Iterator[Event]:
        """Give how many minutes the staff worked on each of their answers."""
        for made in told.changes:
            if made.after is not State.ANSWERED or made.who is not Who.STAFF:
                continue
            event = event_of(told.row, made)
            if event is None:
                continue
            yield replace(
                event,
                event_id=f"simulated-{event.event_id}-minutes",
                type=EventType.STAFF_TIME,
                value=float(np.round(random.lognormal(np.log(13), 0.6), 1)),
            )


@dataclass(slots=True)
class _Life:
    """A question on its way. Rows follow its changes as those of every question do."""

    of: Answering
    row: store.QuestionRow
    question: Posted
    account: Account | None
    changes: list[Change]

    def make(self, made: Change) -> None:
        """Take a change that is allowed."""
        self.question = follow(self.question, made)
        self.changes.append(made)
        moment = due_at(watched(self.row, self.question), self.of.rules.limits)
        self.row = replace(self.row, **asdict(standing_of(self.row, self.question, moment)))

    def take(self, step: Step) -> None:
        """Do what somebody means to, unless the question has gone another way since."""
        name = f"simulated-{self.question.revision}"
        try:
            self.make(change(self.question, step.wanted, step.who, name, step.at, step.brings))
        except IllegalChange:
            return

    def sweep(self, until: datetime) -> bool:
        """Do what falls due before a moment; return whether anybody still waits for anything."""
        for _ in range(_MOST_STEPS):
            seen = watched(self.row, self.question)
            found = due(seen, self.of.rules.limits)
            if found is None:
                # What is settled may still be doubted.
                return True
            if found.at >= until or found.then is Then.REMIND:
                return True
            owner = name_owner(
                Destination.EXPERT, self.account, self.row.topic, self.of.rules.owners
            ).owner
            made = carry_out(self.question, found, found.at, owner)
            if made is None:
                return True
            self.make(made)
        return False

    def events(self) -> Iterator[Event]:
        """Give the events that tell of the changes, as they are told of every question's."""
        # Whether there was an answer is asked of the question as it stood at that change.
        for made in self.changes:
            event = event_of(self.row, made)
            if event is not None:
                yield event
