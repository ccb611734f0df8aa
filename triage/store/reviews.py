"""What a lead should look at: items of the review queue, each with what the machine said of it.

In: items as they are drawn, what a person says of one. Out: rows. What the machine said is written
with the item and never again; what is said of it stands beside it. Of two who decide, one does.
Not here: what is drawn (reviewable, reviewing), the labels that a case gets (reviewed).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select, tuple_, update
from sqlalchemy.engine import RowMapping

from triage.store.batches import record_of, row_of
from triage.store.tables.review import review_items


class ReviewReason(StrEnum):
    """Why something should be looked at."""

    UNCERTAIN = "uncertain"
    DISAGREEING = "disagreeing"
    NOVEL = "novel"
    LABEL_ERROR = "label_error"
    OVERRIDDEN = "overridden"
    REROUTED = "rerouted"
    BURST = "burst"
    PROPOSAL = "proposal"
    RANDOM = "random"


class ReviewSubject(StrEnum):
    """What an item is about."""

    ASK = "ask"
    QUESTION = "question"
    CASE = "case"
    BURST = "burst"
    PROPOSAL = "proposal"


class ReviewState(StrEnum):
    """How far an item is. `expired`: nobody looked at it while it was fresh."""

    OPEN = "open"
    DECIDED = "decided"
    SKIPPED = "skipped"
    EXPIRED = "expired"


class ReviewVerdict(StrEnum):
    """What became of a decided item."""

    LABELLED = "labelled"
    COUNTED = "counted"
    LEFT_OUT = "left_out"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One item. `targets` are the labels in question, the doubtful one first.

    `said` are the labels as the machine gave them, by `model_version`; `labels` are the person's.
    `place` is its order among those of its day. `evidence` says why it is here, in codes and
    numbers. `propensity` is how likely the lot was to draw it, None of what was chosen. `former`
    are the labels that its case had before, None where there was no case. `seen`: it was decided,
    so that the machine's word was shown, and taken back.
    """

    id: str
    subject: ReviewSubject
    subject_id: str
    reason: ReviewReason
    targets: tuple[str, ...]
    drawn_on: date
    drawn_at: datetime
    place: int
    model_version: str | None
    said: Mapping[str, Any]
    evidence: Mapping[str, Any]
    simulated: bool = False
    score: float | None = None
    propensity: float | None = None
    lang: str | None = None
    product: str | None = None
    ask_id: str | None = None
    question_id: str | None = None
    case_id: str | None = None
    burst_id: str | None = None
    state: ReviewState = ReviewState.OPEN
    labels: Mapping[str, str] = field(default_factory=dict)
    verdict: ReviewVerdict | None = None
    note: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    former: Mapping[str, str | None] | None = None
    seen: bool = False

    @property
    def blind(self) -> bool:
        """Whether whoever decides must not see what the machine said, lest they follow it."""
        return self.reason is ReviewReason.RANDOM and self.state is not ReviewState.DECIDED


def get_review(
    c: Connection, forum_id: int, item_id: str, *, lock: bool = False
) -> ReviewRow | None:
    """Return an item, or None where the forum has it not; `lock` holds others off it."""
    query = select(review_items).where(*_of(forum_id, item_id))
    row = c.execute(query.with_for_update() if lock else query).mappings().first()
    return None if row is None else _review(row)


def list_reviews(
    c: Connection,
    forum_id: int,
    state: ReviewState | None = None,
    reason: ReviewReason | None = None,
    *,
    after: ReviewRow | None = None,
    limit: int = 50,
) -> list[ReviewRow]:
    """Return items in the order in which to look at them, beginning behind `after`.

    The newest day first, each in the order of its draw; what is decided, the latest first.
    """
    table = review_items.c
    query = _wanted(forum_id, state, reason)
    if state is ReviewState.DECIDED:
        if after is not None and after.decided_at is not None:
            place = tuple_(table.decided_at, table.id)
            query = query.where(place < (after.decided_at, after.id))
        order: tuple[ColumnElement[Any], ...] = (table.decided_at.desc(), table.id.desc())
    else:
        if after is not None:
            day = after.drawn_on.isoformat()
            later = (table.place, table.id)
            behind = tuple_(*later) > (after.place, after.id)
            query = query.where((table.drawn_on < day) | ((table.drawn_on == day) & behind))
        order = (table.drawn_on.desc(), table.place, table.id)
    rows = c.execute(query.order_by(*order).limit(limit)).mappings()
    return [_review(row) for row in rows]


def count_open_reviews(c: Connection, forum_id: int) -> dict[ReviewReason, int]:
    """Return how many items wait, by reason."""
    query = (
        select(review_items.c.reason, func.count())
        .where(review_items.c.forum_id == forum_id, review_items.c.state == ReviewState.OPEN.value)
        .group_by(review_items.c.reason)
    )
    return {ReviewReason(reason): many for reason, many in c.execute(query)}


def count_reviews_done(c: Connection, forum_id: int, since: datetime, until: datetime) -> int:
    """Return how many items were decided or skipped from `since` to before `until`."""
    table = review_items.c
    query = select(func.count()).where(
        table.forum_id == forum_id, table.decided_at >= since, table.decided_at < until
    )
    return c.execute(query).scalar_one()


def decide_review(c: Connection, forum_id: int, row: ReviewRow, former: ReviewState) -> bool:
    """Keep what a person said of an item that was in the `former` state; False where it was not."""
    said = ("state", "labels", "verdict", "note", "decided_by", "decided_at", "former", "seen")
    kept = columns_of(row)
    query = update(review_items).where(*_of(forum_id, row.id), review_items.c.state == former.value)
    return c.execute(query.values({name: kept[name] for name in said})).rowcount > 0


def close_reviews_of(
    c: Connection,
    forum_id: int,
    subject: ReviewSubject,
    subject_id: str,
    verdict: ReviewVerdict,
    at: datetime,
    *,
    target: str | None = None,
    label: str | None = None,
) -> None:
    """Have nobody look at what was decided about through another door."""
    table = review_items.c
    mine = [
        table.forum_id == forum_id,
        table.subject == subject.value,
        table.subject_id == subject_id,
        table.state != ReviewState.DECIDED.value,
    ]
    if subject is ReviewSubject.CASE:
        mine.append(table.reason == ReviewReason.LABEL_ERROR.value)
    values: dict[str, Any] = {
        "state": ReviewState.DECIDED.value,
        "verdict": verdict.value,
        "decided_at": at,
    }
    if target is not None:
        values["labels"] = {target: label}
    for row in c.execute(select(review_items).where(*mine)).mappings().all():
        if target is None or row["targets"][:1] == (target,):
            c.execute(update(review_items).where(*_of(forum_id, row["id"])).values(**values))


def expire_reviews(
    c: Connection, forum_id: int, before: datetime, subjects: Collection[ReviewSubject]
) -> int:
    """Let go of what was drawn before a moment and nobody looked at; return how many."""
    table = review_items.c
    query = update(review_items).where(
        table.forum_id == forum_id,
        table.state == ReviewState.OPEN.value,
        table.drawn_at < before,
        table.subject.in_([one.value for one in subjects]),
        table.reason != ReviewReason.LABEL_ERROR.value,
    )
    return c.execute(query.values(state=ReviewState.EXPIRED.value)).rowcount


def reviewed_subjects(
    c: Connection, forum_id: int, *, waiting: bool = False
) -> set[tuple[ReviewSubject, str]]:
    """Return all that ever was in the queue; an ask that was posted is there as both.

    A label that is doubted again is asked about again once nobody is asked about its case:
    `waiting` are those of which somebody is.
    """
    table = review_items.c
    waits = table.state.in_([ReviewState.OPEN.value, ReviewState.SKIPPED.value])
    asked = waits if waiting else or_(table.reason != ReviewReason.LABEL_ERROR.value, waits)
    query = select(table.subject, table.subject_id, table.ask_id).where(
        table.forum_id == forum_id, asked
    )
    found = set()
    for subject, subject_id, ask_id in c.execute(query):
        found.add((ReviewSubject(subject), subject_id))
        if ask_id is not None:
            found.add((ReviewSubject.ASK, ask_id))
    return found


def reviews_since(
    c: Connection, forum_id: int, since: date, until: date | None = None, *, by_lot: bool = False
) -> list[ReviewRow]:
    """Return the items drawn from one day to before another, with `by_lot` those of the lot."""
    table = review_items.c
    query = select(review_items).where(
        table.forum_id == forum_id, table.drawn_on >= since.isoformat()
    )
    if until is not None:
        query = query.where(table.drawn_on < until.isoformat())
    if by_lot:
        query = query.where(table.propensity.is_not(None))
    rows = c.execute(query.order_by(table.drawn_on, table.place, table.id)).mappings()
    return [_review(row) for row in rows]


def _wanted(forum_id: int, state: ReviewState | None, reason: ReviewReason | None) -> Select[Any]:
    query = select(review_items).where(review_items.c.forum_id == forum_id)
    if state is not None:
        query = query.where(review_items.c.state == state.value)
    return query if reason is None else query.where(review_items.c.reason == reason.value)


def _of(forum_id: int, item_id: str) -> list[ColumnElement[bool]]:
    return [review_items.c.forum_id == forum_id, review_items.c.id == item_id]


def columns_of(row: ReviewRow) -> dict[str, Any]:
    """Return the columns of an item."""
    return {
        **row_of(row),
        "subject": row.subject.value,
        "reason": row.reason.value,
        "state": row.state.value,
        "verdict": None if row.verdict is None else row.verdict.value,
        "drawn_on": row.drawn_on.isoformat(),
        "said": dict(row.said),
        "evidence": dict(row.evidence),
        "labels": dict(row.labels),
        "former": None if row.former is None else dict(row.former),
    }


def _review(row: RowMapping) -> ReviewRow:
    return record_of(
        ReviewRow,
        row,
        subject=ReviewSubject(row["subject"]),
        reason=ReviewReason(row["reason"]),
        state=ReviewState(row["state"]),
        verdict=None if row["verdict"] is None else ReviewVerdict(row["verdict"]),
        drawn_on=date.fromisoformat(row["drawn_on"]),
        seen=bool(row["seen"]),
    )
