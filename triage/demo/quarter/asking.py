"""A problem of a made-up person -> the ask as the service would have kept it.

In: what was heard of its text, who asks and when, the arm. Out: the rows of the ask and of its
replies, and the `asked` events, each with its time and marked as simulated.
Not here: what the steps make of a text (hearing), what the person does then (telling).
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta

from triage import store
from triage.assigning import Assigned, Shares, assign
from triage.decide import By, read_label, swapped, withhold, worst_severity
from triage.demo.quarter.hearing import Heard
from triage.demo.quarter.world import Problem, World
from triage.kept import kept_row
from triage.pipeline import Triaged
from triage.records import Arm, Event, EventType, Mode, Reply, Stage, Suggestion, Target

PRIVATE = frozenset({By.SENSITIVE, By.CONFIDENTIAL})
_TOLD_AGAIN = ("offered", "severity", "sensitive", "return_of")
# Between the title and the rest of a text, in seconds.
_WRITING = 45

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for every ask of one quarter."""

    world: World
    name: str
    model_version: str | None
    index_version: str
    mode: Mode
    # Rows of replies that say the same, by what they say.
    said: dict[object, store.TriageRow] = field(default_factory=dict, repr=False)

    def id(self, *what: object) -> str:
        """Return an id that is the same for the same quarter, and for nothing else."""
        told = "\0".join(map(str, (self.name, *what)))
        return hashlib.sha256(told.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """An ask of a made-up person. `served` is what the last reply showed, place by place."""

    row: store.AskRow
    heard: Heard
    served: tuple[Suggestion, ...]
    replies: tuple[store.TriageRow, ...]
    events: tuple[store.Noted, ...]

    @property
    def last(self) -> store.TriageRow:
        """The reply that the person saw last."""
        return self.replies[-1]

    @property
    def last_typed(self) -> datetime:
        """When the person wrote last before they posted, if they did."""
        typed = [one.at for one in self.replies if one.stage is Stage.TYPING]
        return typed[-1]

    def tell(self, kind: EventType, what: str, at: datetime, **more: object) -> Event:
        """Return an event of the ask; `what` tells it from others of the same kind."""
        row = self.row
        return Event(
            event_id=f"simulated-{kind}-{row.ask_id}-{what}",
            type=kind,
            triage_id=self.last.triage_id,
            ask_id=row.ask_id,
            occurred_at=at,
            person=row.person,
            session=row.session,
            **more,  # type: ignore[arg-type]
        )


@dataclass(frozen=True, slots=True)
class Whose:
    """By what an ask's person and session are known, and the arm that they have."""

    person: str | None
    session: str
    assigned: Assigned


def whose(setting: Setting, problem: Problem) -> Whose:
    """Return who asks, as the forum's own server would have said it."""
    who = problem.person
    # They stand for nobody, so that no key is needed, and the arms of a seed are the same anywhere.
    person = setting.id("person", who.number) if who.named else None
    # Who is not known has one visit for all: nobody could tell otherwise that they come back.
    session = setting.id("session", who.number, problem.number if who.named else None)
    return Whose(person, session, assign(Shares(setting.world.holdout), person, session, who.lang))


def ask_id_of(setting: Setting, problem: Problem, *, again: bool = False) -> str:
    """Return the id of a problem's ask, or of the one that comes back to it."""
    return setting.id("ask", problem.number, again)


def served(setting: Setting, made: Triaged, ask_id: str) -> tuple[Suggestion, ...]:
    """Return what is shown of what was found, in the order in which this ask gets it."""
    return swapped(made.suggestions, setting.world.swaps, ask_id)


def ask(
    setting: Setting,
    problem: Problem,
    heard: Heard,
    at: datetime,
    *,
    newcomer: bool | None,
    submitted_at: datetime | None,
    return_of: str | None = None,
) -> Asked:
    """Return a problem asked at a moment, typed and, where it is posted, submitted."""
    who = whose(setting, problem)
    ask_id = ask_id_of(setting, problem, again=return_of is not None)
    facts = store.AskFacts(
        newcomer=newcomer, return_of=return_of, account=problem.person.account, simulated=True
    )
    replies: list[store.TriageRow] = []
    events: list[store.Noted] = []
    for number, (made, stage, moment) in enumerate(_calls(heard, at, submitted_at)):
        known = _told(facts, made, heard, stage, moment)
        said = _replied(setting, ask_id, made, who)
        asked = {"person": who.person, "account": problem.person.account, "session": who.session}
        reply = replace(
            said,
            triage_id=setting.id("triage", ask_id, number),
            ask_id=ask_id,
            stage=stage,
            at=moment,
            question={**said.question, **asked, "stage": stage.value},
        )
        replies.append(reply)
        differs = any(getattr(facts, name) != getattr(known, name) for name in _TOLD_AGAIN)
        if facts.offered is None or differs:
            events.append(_asked(reply, known, who))
        facts = known
    row = store.AskRow(
        ask_id=ask_id,
        arm=who.assigned.arm,
        unit=who.assigned.unit,
        share=who.assigned.share,
        person=who.person,
        session=who.session,
        opened_at=at,
        last_at=replies[-1].at,
        test=False,
        **asdict(facts),
    )
    shown = () if row.arm is Arm.HOLDOUT else served(setting, heard.whole, ask_id)
    return Asked(row, heard, shown, tuple(replies), tuple(events))


def _calls(
    heard: Heard, at: datetime, submitted_at: datetime | None
) -> Iterator[tuple[Triaged, Stage, datetime]]:
    typed: Sequence[Triaged] = heard.calls
    for number, made in enumerate(typed):
        yield made, Stage.TYPING, at + timedelta(seconds=_WRITING * number)
    if submitted_at is not None:
        yield heard.whole, Stage.SUBMIT, submitted_at


def _told(
    was: store.AskFacts, made: Triaged, heard: Heard, stage: Stage, at: datetime
) -> store.AskFacts:
    """Return what is known of an ask after a call, as keeping finds it."""
    return replace(
        was,
        lang=made.question.lang,
        offered=bool(made.suggestions) or bool(was.offered),
        submitted_at=was.submitted_at or (at if stage is Stage.SUBMIT else None),
        product=heard.words.draft.product or was.product,
        topic=read_label(made.labels, Target.TOPIC) or was.topic,
        severity=worst_severity(made.labels, was.severity, made.question.customer_severity),
        sensitive=made.decision.decided_by in PRIVATE or bool(was.sensitive),
        destination=made.decision.destination.value,
    )


def _replied(setting: Setting, ask_id: str, made: Triaged, who: Whose) -> store.TriageRow:
    """Return the row of a reply; whose it is, and when it was made, is for the caller to say."""
    withheld = who.assigned.arm is Arm.HOLDOUT
    shown = () if withheld else served(setting, made, ask_id)
    # Many are told the same, and to make the row of it takes longer than all else.
    key = id(made), withheld, tuple(one.thread_id for one in shown)
    if key not in setting.said:
        reply = Reply(
            triage_id="",
            ask_id="",
            question=made.question,
            suggestions=shown,
            decision=withhold(made.decision) if withheld else made.decision,
            labels=made.labels,
            mode=setting.mode,
            model_version=setting.model_version,
            index_version=setting.index_version,
            index_age_seconds=0.0,
            arm=who.assigned.arm,
        )
        found = (made.suggestions, made.decision.same_question) if withheld else None
        setting.said[key] = kept_row(reply, None, _NEVER, found)
    return setting.said[key]


def _asked(row: store.TriageRow, facts: store.AskFacts, who: Whose) -> store.Noted:
    """Return that somebody asked, as the service writes it down."""
    told = {
        name: value
        for name, value in asdict(facts).items()
        if value is not None and name != "submitted_at"
    }
    told |= {"arm": who.assigned.arm.value, "share": who.assigned.share}
    if who.assigned.unit is not None:
        told["unit"] = who.assigned.unit
    event = Event(
        event_id=f"asked-{row.triage_id}",
        type=EventType.ASKED,
        triage_id=row.triage_id,
        ask_id=row.ask_id,
        occurred_at=row.at,
        person=who.person,
        session=who.session,
    )
    return store.Noted(event, row.at, told)
