"""What was made of a draft -> the reply, with the ask and the reply kept in one transaction.

In: a draft, what the steps made of it, and with which parts. Out: the reply, already kept. The ask
is assigned here, at its first call; from the holdout suggestions are withheld, after every step
has been gone through as for everybody else; and that somebody asked is written down as an event.
Not here: the steps (pipeline), with which parts they are gone through (desk), SQL (store), who
is in the holdout (assigning).
"""

import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from triage import store
from triage.assigning import Assigned, Shares, assign
from triage.decide import By, read_label, swapped, withhold, worst_severity
from triage.kept import kept_row
from triage.measuring.returning import (
    Said,
    Surroundings,
    is_another_problem,
    returns_to,
    tells_enough,
)
from triage.originals import Originals
from triage.pipeline import Triaged
from triage.records import (
    ApiKey,
    Arm,
    Asker,
    Draft,
    Event,
    EventType,
    KnownIssue,
    Mode,
    Reply,
    Stage,
    Target,
)

NOBODY_WITHHELD = Shares(0.0)
_PRIVATE = frozenset({By.SENSITIVE, By.CONFIDENTIAL})
# What is told of an ask again when it has become another; the rest its first event says.
_TOLD_AGAIN = ("offered", "severity", "sensitive", "barred", "return_of")


@dataclass(frozen=True, slots=True)
class MadeWith:
    """The parts that one reply was made with; `space` names those that its vector is of.

    `known_issues` and `also_affected` are what is known of others who have the same; `swaps` is in
    which share of asks two neighbours change places.
    """

    mode: Mode
    model_version: str | None
    index_version: str
    index_age_seconds: float
    space: str | None = None
    known_issues: tuple[KnownIssue, ...] = ()
    also_affected: int = 0
    swaps: float = 0.0


@dataclass(frozen=True, slots=True)
class Keeping:
    """Keeps the asks of one forum. `shares` hold where no lead has set others."""

    database: store.Database
    forum_id: int
    window: timedelta
    originals: Originals | None = None
    shares: Shares = NOBODY_WITHHELD
    _around: dict[str, Surroundings] = field(default_factory=dict)

    def keep(
        self, draft: Draft, triaged: Triaged, made: MadeWith, key: ApiKey | None, now: datetime
    ) -> Reply:
        """Keep an ask and what is replied to it; return the reply. Raises StoreUnavailable."""
        question = triaged.question
        with self.database.write() as c:
            ask = self._opened(c, triaged, made, key, now)
            reply = _reply(triaged, ask, made)
            withheld = reply.arm is Arm.HOLDOUT
            found = (triaged.suggestions, triaged.decision.same_question) if withheld else None
            store.put_triage(c, self.forum_id, kept_row(reply, key, now, found))
            if self.originals is not None:
                self.originals.keep(c, self.forum_id, reply.triage_id, draft, question, now)
            facts = self._facts(c, ask, draft, triaged, made, now)
            if facts != ask.facts:
                # Most keystrokes teach nothing new of the ask.
                store.tell_ask(c, self.forum_id, ask.ask_id, facts)
            self._tell(c, ask, facts, reply, now)
        return reply

    def _opened(
        self,
        c: store.Connection,
        triaged: Triaged,
        made: MadeWith,
        key: ApiKey | None,
        now: datetime,
    ) -> store.AskRow:
        """Open an ask and assign it, or continue one, which keeps its arm.

        Edits of what was submitted belong to its ask; what is clearly another problem does not.
        """
        question, said = triaged.question, self._said(triaged, made, now)
        person, session, lang = question.person, question.session, question.lang

        def assigned() -> Assigned:
            row = store.holdout_of(c, self.forum_id)
            return assign(row.shares if row else self.shares, person, session, lang)

        ask_id = store.open_ask(
            c,
            self.forum_id,
            key_id=key.id if key else None,
            person=person,
            session=session,
            lang=lang,
            test=key.test if key else True,
            at=now,
            window=self.window,
            new_id=secrets.token_hex(16),
            assign=assigned,
            is_another=lambda ask_id: (
                said is not None and is_another_problem(c, self._near(made), ask_id, said)
            ),
        )
        ask = store.get_ask(c, self.forum_id, ask_id)
        assert ask is not None
        return ask

    def _facts(
        self,
        c: store.Connection,
        ask: store.AskRow,
        draft: Draft,
        triaged: Triaged,
        made: MadeWith,
        now: datetime,
    ) -> store.AskFacts:
        """Return what is known of the ask after this call, whichever arm it is in."""
        question, was = triaged.question, ask.facts
        submitted = question.stage is Stage.SUBMIT
        newcomer = was.newcomer
        if newcomer is None and ask.person is not None:
            newcomer = store.is_newcomer(c, self.forum_id, ask.person, ask.opened_at)
        return store.AskFacts(
            # What a draft's first letters seemed to be is often another language.
            lang=question.lang,
            offered=bool(triaged.suggestions) or bool(was.offered),
            submitted_at=was.submitted_at or (now if submitted else None),
            product=question.product or was.product,
            topic=read_label(triaged.labels, Target.TOPIC) or was.topic,
            newcomer=newcomer,
            severity=worst_severity(triaged.labels, was.severity, question.customer_severity),
            sensitive=triaged.decision.decided_by in _PRIVATE or bool(was.sensitive),
            barred=was.barred or self._barred(c, ask, draft, known=was.newcomer is not None),
            return_of=self._return_of(c, ask, triaged, made, now),
            account=self._account(c, ask, triaged),
            destination=triaged.decision.destination.value,
            simulated=was.simulated,
        )

    def _account(self, c: store.Connection, ask: store.AskRow, triaged: Triaged) -> str | None:
        """Return the account of whoever asks, as it was known when the ask was assigned.

        Who logs in on the way does so because of what came after that.
        """
        if ask.offered is not None:
            return ask.account
        named = triaged.question.account
        return named or (ask.person and store.account_of(c, self.forum_id, ask.person))

    def _barred(
        self, c: store.Connection, ask: store.AskRow, draft: Draft, *, known: bool
    ) -> str | None:
        """Return what keeps an ask out of the experiment; of a `known` person it was found out."""
        if draft.asker is not Asker.CUSTOMER:
            return draft.asker.value
        if known or ask.person is None:
            return None
        return Asker.STAFF.value if store.is_staff(c, self.forum_id, ask.person) else None

    def _return_of(
        self,
        c: store.Connection,
        ask: store.AskRow,
        triaged: Triaged,
        made: MadeWith,
        now: datetime,
    ) -> str | None:
        """Keep the vector, and return which ask of the same person this one comes back to."""
        if triaged.vector is None or made.space is None:
            return ask.return_of
        # What was submitted is not forgotten for what is typed after it.
        if triaged.question.stage is Stage.SUBMIT or ask.submitted_at is None:
            vector = triaged.vector[0]
            store.put_ask_vector(c, self.forum_id, ask.ask_id, made.space, vector, now)
        # What began later is no earlier ask, however late this call of it comes.
        said = self._said(triaged, made, ask.opened_at)
        if ask.person is None or said is None:
            return ask.return_of
        return returns_to(c, self._near(made), ask.person, said, leave=ask.ask_id)

    def _said(self, triaged: Triaged, made: MadeWith, at: datetime) -> Said | None:
        """Return what can be compared of a question; None where it is too little."""
        question, vector = triaged.question, triaged.vector
        told = question.stage is Stage.SUBMIT or tells_enough(question.text)
        if vector is None or made.space is None or not told:
            return None
        return Said(vector[0], question.lang, question.product, at)

    def _near(self, made: MadeWith) -> Surroundings:
        space = str(made.space)
        return self._around.setdefault(space, Surroundings(self.forum_id, space))

    def _tell(
        self,
        c: store.Connection,
        ask: store.AskRow,
        facts: store.AskFacts,
        reply: Reply,
        now: datetime,
    ) -> None:
        """Write down that somebody asked, once, and again when it has become another ask."""
        was = ask.facts
        changed = [name for name in _TOLD_AGAIN if getattr(was, name) != getattr(facts, name)]
        if was.offered is not None and not changed:
            return
        event = Event(
            event_id=f"asked-{reply.triage_id}",
            type=EventType.ASKED,
            triage_id=reply.triage_id,
            ask_id=ask.ask_id,
            occurred_at=now,
            person=ask.person,
            session=ask.session,
        )
        details = _details(ask, facts, reply.arm)
        store.write_events(c, self.forum_id, [event], now, test=ask.test, details=details)


def _details(ask: store.AskRow, facts: store.AskFacts, arm: Arm) -> dict[str, object]:
    """Return what an `asked` event says of its ask, by the names of the contract."""
    told = asdict(facts)
    barred = told.pop("barred")
    del told["submitted_at"]
    told |= {"arm": arm.value, "unit": ask.unit, "share": ask.share}
    if ask.return_of is not None and facts.return_of is None:
        # What was told cannot be taken back, but that it comes back to nothing but itself.
        told["return_of"] = ask.ask_id
    if barred is not None:
        told[barred] = True
    return {name: value for name, value in told.items() if value is not None}


def _reply(triaged: Triaged, ask: store.AskRow, made: MadeWith) -> Reply:
    arm = ask.arm or Arm.TREATMENT
    withheld = arm is Arm.HOLDOUT
    return Reply(
        triage_id=secrets.token_hex(16),
        ask_id=ask.ask_id,
        question=triaged.question,
        suggestions=() if withheld else swapped(triaged.suggestions, made.swaps, ask.ask_id),
        decision=withhold(triaged.decision) if withheld else triaged.decision,
        labels=triaged.labels,
        mode=made.mode,
        model_version=made.model_version,
        index_version=made.index_version,
        index_age_seconds=made.index_age_seconds,
        arm=arm,
        known_issues=made.known_issues,
        # How many have the same persuades like a question of theirs that is shown.
        also_affected=0 if withheld else made.also_affected,
    )
