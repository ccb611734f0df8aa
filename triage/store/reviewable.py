"""What might be looked at: asks that were sent, questions that people moved, cases without labels.

In: a forum and a stretch of time. Out: lean rows; of words nothing.
Not here: what the machine said of them (served), which of them are chosen (reviewing).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, case, exists, func, or_, select

from triage.records import Case
from triage.store.batches import record_of
from triage.store.simulated import MADE_UP, is_real_question
from triage.store.tables.ask import asks
from triage.store.tables.base import cases
from triage.store.tables.question import question_changes, questions
from triage.streams import chunks

# After such a change somebody else has to answer.
_SENT = ("with_community", "with_expert", "escalated")


@dataclass(frozen=True, slots=True)
class SentAsk:
    """An ask that was sent, or a question that was posted without one; one of the two is known.

    `who` tells persons apart: a person's, else a visit's, else its own.
    """

    ask_id: str | None
    question_id: str | None
    sent_at: datetime
    who: str
    lang: str | None
    product: str | None
    simulated: bool

    @property
    def key(self) -> str:
        """What tells it from all others."""
        return f"ask:{self.ask_id}" if self.ask_id is not None else f"question:{self.question_id}"


@dataclass(frozen=True, slots=True)
class MovedQuestion:
    """A question that staff sent elsewhere than it had been decided, or called something else.

    `by_ticket`: a ticket was moved in another system, and the question went along.
    """

    question_id: str
    ask_id: str | None
    changed_at: datetime
    decided_to: str
    destination: str
    topic: str | None
    by_ticket: bool
    retopiced: bool
    simulated: bool


def sent_asks(
    c: Connection,
    forum_id: int,
    since: datetime,
    until: datetime,
    *,
    include_simulated: bool = False,
) -> list[SentAsk]:
    """Return what was sent from `since` to before `until`, oldest first; no tests, no bots."""
    posted = and_(questions.c.forum_id == asks.c.forum_id, questions.c.ask_id == asks.c.ask_id)
    who = func.coalesce(asks.c.person, asks.c.session, asks.c.ask_id).label("who")
    of_asks = (
        select(
            *(asks.c.ask_id, func.min(questions.c.question_id).label("question_id")),
            *(asks.c.submitted_at.label("sent_at"), who, asks.c.lang, asks.c.product),
            func.coalesce(asks.c.simulated, False).label("simulated"),
        )
        .select_from(asks.outerjoin(questions, posted))
        .where(
            asks.c.forum_id == forum_id,
            asks.c.test.is_(False),
            asks.c.barred.is_(None),
            asks.c.submitted_at >= since,
            asks.c.submitted_at < until,
        )
        .group_by(
            *(asks.c.forum_id, asks.c.ask_id, asks.c.submitted_at, asks.c.person, asks.c.session),
            *(asks.c.lang, asks.c.product, asks.c.simulated),
        )
    )
    if not include_simulated:
        of_asks = of_asks.where(asks.c.simulated.is_not(True))
    found = [record_of(SentAsk, row) for row in c.execute(of_asks).mappings()]
    return sorted(
        [*found, *_posted_alone(c, forum_id, since, until, include_simulated)],
        key=lambda one: (one.sent_at, one.key),
    )


def moved_questions(
    c: Connection, forum_id: int, since: datetime, *, include_simulated: bool = False
) -> list[MovedQuestion]:
    """Return the questions received since a moment that staff sent elsewhere, the latest first."""
    asked, change = questions.c, question_changes.c
    said = asked.labels["topic"]
    retopiced = and_(
        asked.topic.is_not(None),
        or_(
            said["value"].as_string().is_(None),
            said["value"].as_string() != asked.topic,
            said["abstained"].as_boolean(),
        ),
    )
    theirs = (change.forum_id == forum_id, change.question_id == asked.question_id)
    by_hand = exists().where(*theirs, change.who == "staff", change.after.in_(_SENT))
    sent_on = and_(asked.destination != asked.decided_to, by_hand)
    by_ticket = exists().where(*theirs, change.change_id.startswith("moved:", autoescape=True))
    names = ("question_id", "ask_id", "changed_at", "decided_to", "destination", "topic")
    query = select(
        *(asked[name] for name in names),
        or_(by_ticket, retopiced).label("by_ticket"),
        case((retopiced, True), else_=False).label("retopiced"),
        asked.question_id.startswith(MADE_UP).label("simulated"),
    ).where(
        *(asked.forum_id == forum_id, asked.test.is_(False), asked.received_at >= since),
        or_(sent_on, retopiced),
    )
    if not include_simulated:
        query = query.where(is_real_question(asked.question_id))
    query = query.order_by(asked.changed_at.desc(), asked.question_id)
    return [record_of(MovedQuestion, row) for row in c.execute(query).mappings()]


def unlabelled_cases(
    c: Connection, forum_id: int, targets: Collection[str], since: datetime, most: int
) -> list[Case]:
    """Return the newest cases created since a moment that lack one of these labels."""
    if not targets:
        return []
    query = (
        select(cases)
        .where(
            cases.c.forum_id == forum_id,
            cases.c.created >= since,
            or_(*(cases.c[name].is_(None) for name in targets)),
            # What this service made of questions is labelled by what became of them.
            ~or_(*(cases.c.id.startswith(f"{kind}:") for kind in ("question", "ask"))),
        )
        .order_by(cases.c.created.desc(), cases.c.id)
        .limit(most)
    )
    return [record_of(Case, row) for row in c.execute(query).mappings()]


def topics_of_cases(c: Connection, forum_id: int) -> list[str]:
    """Return the topics of cases, the commonest first, each as it is spelt most."""
    topic = cases.c.topic
    query = select(topic, func.count()).where(cases.c.forum_id == forum_id, topic.is_not(None))
    rows = c.execute(query.group_by(topic).order_by(func.count().desc(), topic))
    counted: dict[str, int] = {}
    spelt: dict[str, str] = {}
    for label, many in rows:
        key = " ".join(label.split()).casefold()
        if key:
            spelt.setdefault(key, " ".join(label.split()))
            counted[key] = counted.get(key, 0) + many
    return [spelt[key] for key in sorted(counted, key=lambda key: (-counted[key], spelt[key]))]


def who_asked(c: Connection, forum_id: int, ask_ids: Collection[str]) -> dict[str, str]:
    """Return whose each of these asks is: a person's, else a visit's, else its own."""
    who, found = func.coalesce(asks.c.person, asks.c.session, asks.c.ask_id), dict[str, str]()
    for part in chunks(ask_ids):
        query = select(asks.c.ask_id, who).where(
            asks.c.forum_id == forum_id, asks.c.ask_id.in_(part)
        )
        found.update((name, whose) for name, whose in c.execute(query))
    return found


def who_posted(c: Connection, forum_id: int, question_ids: Collection[str]) -> dict[str, str]:
    """Return whose each of these questions is: a person's, else a visit's, else its own."""
    asked, found = questions.c, dict[str, str]()
    who = func.coalesce(asked.person, asked.session, asked.question_id)
    for part in chunks(question_ids):
        query = select(asked.question_id, who).where(
            asked.forum_id == forum_id, asked.question_id.in_(part)
        )
        found.update((name, whose) for name, whose in c.execute(query))
    return found


def _posted_alone(
    c: Connection, forum_id: int, since: datetime, until: datetime, include_simulated: bool
) -> list[SentAsk]:
    """Return the questions that were posted without an ask before."""
    asked = questions.c
    who = func.coalesce(asked.person, asked.session, asked.question_id).label("who")
    query = select(
        *(asked.question_id, asked.received_at, who, asked.lang, asked.product),
        asked.question_id.startswith(MADE_UP).label("simulated"),
    ).where(
        *(asked.forum_id == forum_id, asked.test.is_(False), asked.ask_id.is_(None)),
        *(asked.received_at >= since, asked.received_at < until),
    )
    if not include_simulated:
        query = query.where(is_real_question(asked.question_id))
    return [
        SentAsk(
            None, row.question_id, row.received_at, row.who, row.lang, row.product, row.simulated
        )
        for row in c.execute(query)
    ]
