"""A question that is posted -> its row, its first changes, its owner; exactly once.

In: the question, redacted, with what was decided about it. Out: it, received and routed. The same
id again gives what is there.
Not here: deciding (pipeline, posting), what is redacted (text).
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from triage import store
from triage.decide import read_label, worst_severity
from triage.kept import kept_decision, kept_labels, kept_words
from triage.lifecycle import (
    Bringing,
    Change,
    Posted,
    State,
    Who,
    Why,
    change,
    given,
    name_owner,
    receive,
    replay,
)
from triage.lifecycle.given import Piece
from triage.questions.changing import Kept, add, alert
from triage.questions.reading import Said, Told, read, row_of, standing_of
from triage.questions.rules import Rules, rules_of
from triage.questions.telling import tell_systems
from triage.records import Account, Decision, Destination, Labels, Question, Target, Visibility

RECEIVED, DECIDED = "received", "decided"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A question as it is posted. `groups` may read it, where its visibility is that of groups."""

    question_id: str
    question: Question
    decision: Decision
    labels: Labels
    groups: frozenset[str] = frozenset()
    external_id: str | None = None
    triage_id: str | None = None
    ask_id: str | None = None
    key_id: int | None = None
    test: bool = False


def receive_question(c: store.Connection, forum_id: int, arrived: Arrived, now: datetime) -> Kept:
    """Keep a posted question and send it where it was decided that it goes.

    It is acknowledged, has one owner and is routed when this returns. What is there already under
    its id is given as it is.
    """
    rules, question = rules_of(c, forum_id), arrived.question
    account = store.account_behind(c, forum_id, question.account, question.person)
    first = first_of(arrived, account, rules, now)
    posted = replay([first])
    row = posted_row(arrived, posted, account)
    if not store.put_question(c, forum_id, row):
        there = read(c, forum_id, arrived.question_id, lock=True)
        return Kept(there, there.question.changes[0], fresh=False)
    kept = row_of(first, Said())
    store.add_change(c, forum_id, kept)
    tell_systems(c, forum_id, row, first)
    told = add(c, forum_id, Told(row, posted, (kept,)), routed(posted, now), Said(), rules)
    alert(c, forum_id, told)
    return Kept(told, first, fresh=True)


def first_of(arrived: Arrived, account: Account | None, rules: Rules, now: datetime) -> Change:
    """Return the first change of a question that arrives: it is here and has an owner."""
    topic, to = read_label(arrived.labels, Target.TOPIC), arrived.decision.destination
    owner = name_owner(to, account, topic, rules.owners).owner
    shareable = arrived.decision.visibility is not Visibility.PRIVATE
    return receive(arrived.question_id, RECEIVED, owner, now, to, shareable=shareable)


def routed(posted: Posted, now: datetime) -> Change:
    """Return the change that sends a question where it was decided that it goes."""
    to = posted.destination
    state = State.WITH_COMMUNITY if to is Destination.COMMUNITY else State.WITH_EXPERT
    return change(posted, state, Who.MACHINE, DECIDED, now, Bringing(Why.DECIDED, by="triage"))


def posted_row(arrived: Arrived, posted: Posted, account: Account | None) -> store.QuestionRow:
    """Return the row of a question that has just arrived."""
    question, labels = arrived.question, arrived.labels
    told = given(question)
    return store.QuestionRow(
        question_id=arrived.question_id,
        external_id=arrived.external_id,
        triage_id=arrived.triage_id,
        ask_id=arrived.ask_id,
        key_id=arrived.key_id,
        test=arrived.test,
        person=question.person,
        session=question.session,
        account=account.id if account else question.account,
        groups=arrived.groups,
        lang=question.lang,
        product=question.product,
        version=question.version,
        visibility=arrived.decision.visibility,
        question=kept_words(question),
        decision=kept_decision(arrived.decision),
        labels=kept_labels(labels),
        kind=read_label(labels, Target.KIND),
        topic=read_label(labels, Target.TOPIC),
        severity=worst_severity(labels, question.customer_severity),
        customer_severity=question.customer_severity,
        lacks=tuple(piece for piece in Piece if piece not in told),
        decided_to=arrived.decision.destination,
        received_at=posted.received_at,
        **asdict(standing_of(None, posted, None)),
    )
