"""Cases, threads and questions that come in later -> that somebody came back with a problem.

In: a forum with its encoder. Out: an event for each: `escalated` for a case, `posted` for the
others, as if a front end had told it. Whoever asked and then filed a case about it was not helped,
whichever way they took, and no front end knows of the case.
Not here: how near is the same (returning), asks that come back (keeping), questions that are posted
with their triage (questions).
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from triage import store
from triage.embedding import embed, space_of
from triage.encode import Encoder, TextRole
from triage.measuring.returning import RETURNS_WITHIN, Said, Surroundings, returns_to
from triage.records import Event, EventType
from triage.text import digest

# Exports come in days later. What came earlier was looked at when it came.
LOOKED_BACK = timedelta(days=90)
_TYPES = {
    "case": EventType.ESCALATED,
    "thread": EventType.POSTED,
    "question": EventType.POSTED,
}


@dataclass(frozen=True, slots=True)
class Revisited:
    """How many were looked at, and how many of each kind came back to an ask."""

    looked_at: int
    cases: int
    threads: int
    questions: int = 0


def find_returns(
    database: store.Database, forum_id: int, encoder: Encoder | None, now: datetime
) -> Revisited:
    """Write down what comes back to an ask; once, however often it is called."""
    if encoder is None:
        return Revisited(0, 0, 0)
    with database.read() as c:
        filed = list(store.filed_since(c, forum_id, now - LOOKED_BACK, now, RETURNS_WITHIN))
    if not filed:
        return Revisited(0, 0, 0)
    texts = [_text(one) for one in filed]
    vectors = embed(database, forum_id, encoder, texts, TextRole.QUERY)
    around = Surroundings(forum_id, space_of(encoder, TextRole.QUERY))
    found: list[store.Filed] = []
    for one, text in zip(filed, texts, strict=True):
        said = Said(vectors[digest(text)], one.lang, one.product, _end_of(one.created))
        with database.write() as c:
            if _note(c, around, one, said, now):
                found.append(one)
    kinds = [one.kind for one in found]
    return Revisited(
        len(filed), kinds.count("case"), kinds.count("thread"), kinds.count("question")
    )


def _note(
    c: store.Connection, around: Surroundings, filed: store.Filed, said: Said, now: datetime
) -> bool:
    """Write down that something came back to an ask, unless that is known to be posted."""
    ask_id = returns_to(c, around, filed.person, said)
    triage_id = store.open_triage_of(c, around.forum_id, ask_id) if ask_id else None
    if ask_id is None or triage_id is None:
        return False
    ask = store.get_ask(c, around.forum_id, ask_id)
    assert ask is not None
    event = Event(
        event_id=filed.event_id,
        type=_TYPES[filed.kind],
        triage_id=triage_id,
        ask_id=ask_id,
        occurred_at=max(filed.created, ask.opened_at),
        question_id=filed.id if filed.kind != "case" else None,
        external_id=filed.id if filed.kind == "case" else None,
        person=filed.person,
    )
    details = {"found": "meaning"}
    return bool(
        store.write_events(c, around.forum_id, [event], now, test=ask.test, details=details)
    )


def _text(filed: store.Filed) -> str:
    return f"{filed.title}\n{filed.body}".strip()


def _end_of(created: datetime) -> datetime:
    """Return a moment; of what only bears a day, its end: it may have come after any ask of it."""
    return created + timedelta(days=1) if created.time() == time() else created
