"""What was done about some asks, without anybody's words: for tables of one row an ask.

In: a forum, ids of asks. Out: their events, their calls and what replied, what was posted.
Not here: the asks themselves (ask_rows), what it all means (outcomes, reports).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select
from sqlalchemy.engine import RowMapping

from triage.store.batches import record_of
from triage.store.routed import SentQuestion, Step
from triage.store.tables.base import events, triages
from triage.store.tables.question import question_changes, questions
from triage.streams import chunks

_SAID = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Deed:
    """One event. `said` is the yes or no of a survey's reply, `number` minutes or a rating."""

    type: str
    at: datetime
    thread_id: str | None
    rank: int | None
    visible: bool | None
    probability: float | None
    said: bool | None
    number: float | None


@dataclass(frozen=True, slots=True)
class Calls:
    """How many replies an ask got, and with what the last one was made."""

    number: int
    model_version: str | None
    index_version: str
    mode: str


@dataclass(frozen=True, slots=True)
class PostedQuestion:
    """The question that an ask was posted as, its changes in their order, and where it stands."""

    sent: SentQuestion
    steps: tuple[Step, ...]
    destination: str
    state: str


def deeds_of_asks(
    c: Connection, forum_id: int, ask_ids: Sequence[str], as_of: datetime
) -> Mapping[str, Sequence[Deed]]:
    """Return what happened after asks and was known by then, oldest first; none that is held."""
    found: dict[str, list[Deed]] = defaultdict(list)
    columns = (
        *(events.c.ask_id, events.c.type, events.c.occurred_at, events.c.thread_id),
        *(events.c.rank, events.c.visible, events.c.probability),
        *(events.c.value_text, events.c.value_number),
    )
    for ids in chunks(ask_ids):
        query = select(*columns).where(
            events.c.forum_id == forum_id,
            events.c.ask_id.in_(ids),
            events.c.received_at <= as_of,
            events.c.held.is_(None),
        )
        order = (events.c.occurred_at, events.c.event_id)
        for row in c.execute(query.order_by(*order)).mappings():
            found[row["ask_id"]].append(_deed(row))
    return found


def _deed(row: RowMapping) -> Deed:
    said = _SAID.get((row["value_text"] or "").strip().lower())
    return record_of(Deed, row, at=row["occurred_at"], said=said, number=row["value_number"])


def calls_of_asks(
    c: Connection, forum_id: int, ask_ids: Sequence[str], as_of: datetime
) -> Mapping[str, Calls]:
    """Return how often asks had called by then, and what made the last reply to each."""
    found: dict[str, Calls] = {}
    for ids in chunks(ask_ids):
        mine = (triages.c.forum_id == forum_id, triages.c.ask_id.in_(ids), triages.c.at <= as_of)
        number = func.count().over(partition_by=triages.c.ask_id)
        query = select(
            *(triages.c.ask_id, number, triages.c.model_version),
            *(triages.c.index_version, triages.c.mode),
        ).where(*mine)
        # The last one of each stays.
        for ask_id, *made in c.execute(query.order_by(triages.c.at, triages.c.triage_id)):
            found[ask_id] = Calls(*made)
    return found


def questions_of_asks(
    c: Connection, forum_id: int, ask_ids: Sequence[str], as_of: datetime
) -> Mapping[str, PostedQuestion]:
    """Return the first question that each ask was posted as, by then, with its changes so far."""
    names = ("question_id", "person", "received_at", "decided_to", "ask_id", "destination", "state")
    decided_by = questions.c.decision["decided_by"].as_string().label("decided_by")
    found: dict[str, PostedQuestion] = {}
    for ids in chunks(ask_ids):
        query = select(*(questions.c[name] for name in names), decided_by).where(
            questions.c.forum_id == forum_id,
            questions.c.ask_id.in_(ids),
            questions.c.received_at <= as_of,
        )
        order = (questions.c.received_at, questions.c.question_id)
        rows = c.execute(query.order_by(*order)).mappings().all()
        steps = _steps(c, forum_id, [row["question_id"] for row in rows], as_of)
        for row in rows:
            mine = tuple(steps[row["question_id"]])
            made = PostedQuestion(
                record_of(SentQuestion, row), mine, row["destination"], row["state"]
            )
            found.setdefault(row["ask_id"], made)
    return found


def _steps(
    c: Connection, forum_id: int, question_ids: Sequence[str], as_of: datetime
) -> Mapping[str, list[Step]]:
    found: dict[str, list[Step]] = defaultdict(list)
    columns = [question_changes.c[name] for name in Step.__dataclass_fields__]
    for ids in chunks(question_ids):
        query = select(*columns).where(
            question_changes.c.forum_id == forum_id,
            question_changes.c.question_id.in_(ids),
            question_changes.c.at <= as_of,
        )
        for row in c.execute(query.order_by(question_changes.c.revision)).mappings():
            found[row["question_id"]].append(record_of(Step, row))
    return found
