"""A posted question -> what an expert reads before anything else.

In: a question as it is kept, and what a request works with now. Out: the form filled from the
customer's own words, how bad it is and who says so, resolved cases like it, what was suggested and
what became of that, and what is still worth asking for.
Not here: filling the form (lifecycle), finding cases (nearest), who may see it (api).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from triage import store
from triage.kept import decision_of, kept_question, read_labels
from triage.lifecycle import Intake, take_in
from triage.nearest import Nearest, find_nearest
from triage.pipeline import Parts, label
from triage.questions import Foresight
from triage.records import Event, EventType, Label, Reason, Target, Thread

# What says that a suggestion was no help, however often it was opened.
_REFUSING = frozenset({EventType.NOT_SOLVED, EventType.DISMISSED})
_OF_A_THREAD = _REFUSING | {EventType.SHOWN, EventType.OPENED, EventType.SOLVED, EventType.RATED}
_MOST_OFFERED = 20


@dataclass(frozen=True, slots=True)
class Severity:
    """How bad it is, 1 worst: the worse of the customer's own word and the predicted one."""

    value: int | None
    customer: int | None
    predicted: int | None
    probability: float | None

    @property
    def reason(self) -> str:
        """Who says so: `customer`, `predicted`, `both`, or `unknown`."""
        if self.value is None:
            return "unknown"
        if self.customer == self.predicted:
            return "both"
        return "customer" if self.value == self.customer else "predicted"


@dataclass(frozen=True, slots=True)
class Offered:
    """A thread that was suggested to the asker, and what they did with it.

    `became` is `solved`, `refused`, `opened`, or `shown`: the strongest of what is known.
    """

    thread_id: str
    title: str | None
    probability: float | None
    became: str


@dataclass(frozen=True, slots=True)
class Handover:
    """What an expert reads first. `asked_for_help` says that the asker looked and went on."""

    intake: Intake
    severity: Severity
    nearest: Nearest
    offered: tuple[Offered, ...]
    asked_for_help: bool
    missing: tuple[Reason, ...] = field(default=())


def hand_over(
    database: store.Database,
    forum_id: int,
    parts: Parts,
    foresight: Foresight,
    row: store.QuestionRow,
) -> Handover:
    """Gather what an expert needs of a question. For staff alone: it tells of cases."""
    question = kept_question(row)
    vector = label(parts, question).vector
    with database.read() as c:
        near = find_nearest(c, forum_id, parts.encoder, vector, groups=None)
        replies = store.replies_of_ask(c, forum_id, row.ask_id) if row.ask_id else []
        events = store.events_of_ask(c, forum_id, row.ask_id) if row.ask_id else []
    labels = read_labels({"labels": row.labels})
    _, missing = foresight.of(question, labels, decision_of(row.decision))
    asked = frozenset(row.asked)
    return Handover(
        take_in(question),
        _severity(row, labels.get(Target.SEVERITY, Label())),
        near,
        _offered(parts, replies, events),
        any(event.type is EventType.STILL_NEED_HELP for event in events),
        tuple(one for one in missing if one.code not in asked),
    )


def _severity(row: store.QuestionRow, said: Label) -> Severity:
    sure = not said.abstained and said.value is not None
    predicted = int(float(str(said.value))) if sure else None
    return Severity(
        row.severity, row.customer_severity, predicted, said.probability if sure else None
    )


def _offered(
    parts: Parts, replies: Iterable[store.TriageRow], events: Sequence[Event]
) -> tuple[Offered, ...]:
    """Return what the asker was shown over all keystrokes, the last likely first."""
    shown: dict[str, float | None] = {}
    for reply in replies:
        for one in reply.reply.get("suggestions") or ():
            shown.pop(one["thread_id"], None)
            shown[one["thread_id"]] = one.get("probability")
    ids = list(shown)[-_MOST_OFFERED:][::-1]
    done: defaultdict[str, set[EventType]] = defaultdict(set)
    for event in events:
        if event.thread_id is not None and event.type in _OF_A_THREAD:
            done[event.thread_id].add(event.type)
    threads: Mapping[str, Thread] = parts.fetch(ids)
    return tuple(
        Offered(i, threads[i].title if i in threads else None, shown[i], _became(done[i]))
        for i in ids
    )


def _became(done: set[EventType]) -> str:
    if done & _REFUSING:
        return "refused"
    if EventType.SOLVED in done:
        return "solved"
    return "opened" if done & {EventType.OPENED, EventType.RATED} else "shown"
