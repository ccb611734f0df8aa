"""Texts that were heard, and a world -> all rows of a quarter: who asked, did and posted what.

In: what is made of each text, companies, how many asks, the span of days, a seed's luck. Out: the
rows, and what is true of them.
Not here: putting them into a store (making), single rows (asking, telling, answering).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np

from triage import store
from triage.decide import worst_severity
from triage.demo.quarter.answering import Answering
from triage.demo.quarter.asking import (
    PRIVATE,
    Asked,
    Setting,
    ask,
    ask_id_of,
    served,
    whose,
)
from triage.demo.quarter.hearing import Heard
from triage.demo.quarter.lives import PLACES, Lives, Offers, lives_of, true_lift
from triage.demo.quarter.telling import done, noted, said_later, shown
from triage.demo.quarter.world import Crowd, Person, Problem, Random
from triage.encode.base import Vectors
from triage.kept import kept_question
from triage.questions import Arrived
from triage.records import Account, Arm, Event, EventType, Stage

_DAY, _SOON = timedelta(days=1), timedelta(seconds=20)
_SEVERE = 2
# Who comes back looks at nothing: it did not help before.
_UNREAD = (False,) * PLACES


@dataclass(frozen=True, slots=True, eq=False)
class Peopled:
    """A quarter: its rows, the place of each ask's text, and what is true of it."""

    rows: store.Simulated
    texts: Sequence[int]
    true_lift: float


def people_quarter(
    setting: Setting,
    crowd: Crowd,
    heard: Mapping[int, Heard],
    accounts: Mapping[str, Account],
    answering: Answering,
    random: Random,
) -> Peopled:
    """Return what all of them do; who comes back to a problem asks once more."""
    offers = _offers(setting, crowd.asked, heard)
    treated = [whose(setting, one).assigned.arm is Arm.TREATMENT for one in crowd.asked]
    lives = lives_of(setting.world, offers, np.array(treated), random)
    quarter = _Quarter(setting, heard, accounts, answering, random)
    for place, problem in enumerate(crowd.asked):
        quarter.live(problem, lives, place)
    for problem in crowd.elsewhere:
        quarter.post_elsewhere(problem)
    return Peopled(
        rows=quarter.rows(),
        texts=quarter.texts,
        true_lift=true_lift(setting.world, offers),
    )


@dataclass(slots=True)
class _Quarter:
    """The rows of a quarter as they are made, in the order in which people ask."""

    setting: Setting
    heard: Mapping[int, Heard]
    accounts: Mapping[str, Account]
    answering: Answering
    random: Random
    asks: list[store.AskRow] = field(default_factory=list)
    triages: list[store.TriageRow] = field(default_factory=list)
    vectors: dict[str, Vectors] = field(default_factory=dict)
    events: list[store.Noted] = field(default_factory=list)
    questions: list[store.QuestionRow] = field(default_factory=list)
    changes: list[store.ChangeRow] = field(default_factory=list)
    texts: list[int] = field(default_factory=list)
    met: set[int] = field(default_factory=set)

    def rows(self) -> store.Simulated:
        """Return all of them."""
        return store.Simulated(
            asks=self.asks,
            triages=self.triages,
            vectors=self.vectors,
            events=self.events,
            questions=self.questions,
            changes=self.changes,
        )

    def live(self, problem: Problem, lives: Lives, place: int) -> None:
        """Have somebody ask, and whatever follows of it before the end."""
        newcomer = self._is_newcomer(problem.person)
        asked = self._ask(
            problem, problem.at, newcomer, _after(problem.at, lives.posts_after[place])
        )
        world, end = self.setting.world, self.answering.end
        seen = [bool(one) for one in lives.looked[place]]
        self.events += [one for one in shown(asked, seen) if one.received_at < end]
        deeds = list(done(world, asked, lives, place))
        spoke = any(one.type in _WORDS for one in deeds)
        self.events += noted(iter(deeds), end)
        self.events += noted(said_later(world, asked, lives, place, spoke=spoke), end)
        self._post(asked, problem)
        again = _after(problem.at, lives.returns_after[place])
        # Nobody can tell of somebody who is not known that they have asked before.
        if again is not None and again < end and problem.person.named:
            post = _after(again, lives.return_posts_after[place])
            back = self._ask(problem, again, False, post, return_of=asked.row.ask_id)
            self.events += [one for one in shown(back, _UNREAD) if one.received_at < end]
            self._post(back, problem)

    def post_elsewhere(self, problem: Problem) -> None:
        """Have somebody post a question without having come by the ask page."""
        made, person = self.heard[problem.text].whole, problem.person
        who = whose(self.setting, problem)
        question = replace(
            made.question, person=who.person, account=person.account, stage=Stage.SUBMIT
        )
        arrived = Arrived(
            self._question_id("elsewhere", problem.number), question, made.decision, made.labels
        )
        self._receive(arrived, person, problem.at)

    def _ask(
        self,
        problem: Problem,
        at: datetime,
        newcomer: bool | None,
        post: datetime | None,
        return_of: str | None = None,
    ) -> Asked:
        heard = self.heard[problem.text]
        made = ask(
            self.setting,
            problem,
            heard,
            at,
            newcomer=newcomer,
            submitted_at=post if post is not None and post < self.answering.end else None,
            return_of=return_of,
        )
        self.asks.append(made.row)
        self.triages += made.replies
        self.events += made.events
        self.texts.append(problem.text)
        if heard.whole.vector is not None:
            self.vectors[made.row.ask_id] = heard.whole.vector[0]
        return made

    def _post(self, asked: Asked, problem: Problem) -> None:
        row, last = asked.row, asked.last
        if row.submitted_at is None:
            return
        made, name = asked.heard.whole, self._question_id("ask", row.ask_id)
        arrived = Arrived(
            name,
            kept_question(last),
            made.decision,
            made.labels,
            triage_id=last.triage_id,
            ask_id=row.ask_id,
        )
        posted = Event(
            event_id=f"posted:{name}",
            type=EventType.POSTED,
            triage_id=last.triage_id,
            ask_id=row.ask_id,
            occurred_at=row.submitted_at,
            question_id=name,
            person=row.person,
            session=row.session,
        )
        self.events.append(store.Noted(posted, row.submitted_at))
        self._receive(arrived, problem.person, row.submitted_at)

    def _receive(self, arrived: Arrived, person: Person, at: datetime) -> None:
        account = self.accounts.get(person.account or "")
        made = self.answering.live(arrived, account, at, self.random)
        self.questions.append(made.row)
        self.changes += made.changes
        self.events += made.events

    def _question_id(self, *what: object) -> str:
        return f"{store.MADE_UP}{self.setting.id('question', *what)}"

    def _is_newcomer(self, person: Person) -> bool | None:
        if not person.named:
            return None
        first = person.number not in self.met
        self.met.add(person.number)
        return first and person.new


_WORDS = (EventType.SOLVED, EventType.NOT_SOLVED, EventType.STILL_NEED_HELP)


def _after(at: datetime, days: float) -> datetime | None:
    """Return the moment so many days later; None for never."""
    if not np.isfinite(days):
        return None
    return at + max(timedelta(days=float(days)), _AFTER_READING)


# By then somebody has read and said what there is to say.
_AFTER_READING = timedelta(minutes=5)


def _offers(setting: Setting, problems: Sequence[Problem], heard: Mapping[int, Heard]) -> Offers:
    """Return what each problem is offered, in the order of its ask."""
    shape = len(problems), PLACES
    there, right, dead = (np.zeros(shape, dtype=bool) for _ in range(3))
    for place, problem in enumerate(problems):
        text = heard[problem.text]
        for rank, one in enumerate(served(setting, text.whole, ask_id_of(setting, problem))):
            if rank < PLACES:
                there[place, rank] = True
                right[place, rank] = one.thread_id in text.words.right
                dead[place, rank] = one.thread_id == setting.world.dead_thread
    return Offers(
        there=there,
        right=right,
        dead=dead,
        habit=np.array([one.person.habit for one in problems]),
        severe=np.array([_is_severe(heard[one.text]) for one in problems]),
    )


def _is_severe(heard: Heard) -> bool:
    made = [
        (one, worst_severity(one.labels, one.question.customer_severity)) for one in heard.calls
    ]
    private = any(one.decision.decided_by in PRIVATE for one, _ in made)
    return private or any(worst is not None and worst <= _SEVERE for _, worst in made)
