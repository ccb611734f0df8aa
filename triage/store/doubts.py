"""Labels of cases that look wrong, kept until a person has looked at them, and what they said.

In: what a training run found, a person's word. Out: the same. A case with a doubtful label is
learnt from all the same; nothing is dropped silently.
Not here: finding them (learn), changing the case (review).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Connection, Float, Table, Text, delete, select, update

from triage.records import Case, Target
from triage.store.batches import record_of, row_of
from triage.store.cases import get_cases
from triage.store.columns import UtcDateTime
from triage.store.dialects import upsert
from triage.store.keyed import METADATA, forum_column, of_forum
from triage.store.reviewed import ReviewedLabel, put_reviewed_labels, reviewed_labels_of
from triage.store.reviews import (
    ReviewReason,
    ReviewState,
    ReviewSubject,
    ReviewVerdict,
    close_reviews_of,
)
from triage.store.tables.base import cases
from triage.store.tables.review import review_items
from triage.streams import chunks

doubtful_labels = Table(
    "doubtful_labels",
    METADATA,
    forum_column(),
    Column("case_id", Text, primary_key=True),
    Column("target", Text, primary_key=True),
    Column("label", Text, nullable=False),
    Column("likelier", Text, nullable=False),
    Column("probability", Float(53), nullable=False),
    Column("why", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    Column("label_probability", Float(53), nullable=False),
    Column("decided", Text),
    Column("decided_at", UtcDateTime),
    of_forum("cases", "case_id", "id", "CASCADE"),
)


class DoubtState(StrEnum):
    """What became of a doubt."""

    OPEN = "open"
    KEPT = "kept"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class DoubtRow:
    """A case's `label` for a target, and the one that is `likelier` with this probability.

    The less the `label_probability` of the label that it has, the surer is the doubt.
    `decided` is the label that a person chose at `decided_at`; where it was kept it is `label`.
    """

    case_id: str
    target: str
    label: str
    likelier: str
    probability: float
    why: str
    found_at: datetime
    state: str = DoubtState.OPEN
    label_probability: float = 0.0
    decided: str | None = None
    decided_at: datetime | None = None


def replace_open_doubts(c: Connection, forum_id: int, rows: Sequence[DoubtRow]) -> None:
    """Keep these as the open doubts; what a person has settled stays as it was settled.

    It is asked anew where a case has come to have another label than the one they chose, or where
    another seems likelier than those that they chose from. What they chose is kept all the same.
    Of cases that went while others were learnt from there is no doubt any more, and what nobody
    doubts any more is no longer in the queue.
    """
    mine = doubtful_labels.c.forum_id == forum_id
    c.execute(delete(doubtful_labels).where(mine, doubtful_labels.c.state == DoubtState.OPEN))
    settled = {(d.case_id, d.target): d for d in list_doubts(c, forum_id)}
    there = _there(c, forum_id, {d.case_id for d in rows})
    fresh = [d for d in rows if d.case_id in there]
    fresh = [d for d in fresh if _says_otherwise(d, settled.get((d.case_id, d.target)))]
    anew = [settled[d.case_id, d.target] for d in fresh if (d.case_id, d.target) in settled]
    _keep_chosen(c, forum_id, [d for d in anew if d.state == DoubtState.CHANGED])
    for part in chunks(fresh):
        upsert(c, doubtful_labels, [{**row_of(d), "forum_id": forum_id} for d in part])
    _expire(c, forum_id, {(d.case_id, d.target): d.label for d in fresh})


def _says_otherwise(doubt: DoubtRow, settled: DoubtRow | None) -> bool:
    """Say whether a doubt is about something else than what a person has settled."""
    if settled is None or doubt.label != (settled.decided or settled.label):
        return True
    return doubt.likelier not in (settled.label, settled.likelier, settled.decided)


def _keep_chosen(c: Connection, forum_id: int, settled: Sequence[DoubtRow]) -> None:
    """Keep what was chosen of doubts that make room for others, unless it was said again since."""
    said = reviewed_labels_of(c, forum_id, {d.case_id for d in settled})
    there = {(one.case_id, one.target): one for one in said}
    kept = []
    for d in settled:
        former = there.get((d.case_id, d.target))
        if d.decided is None or d.decided_at is None:
            continue
        if former is not None and former.decided_at > d.decided_at:
            continue
        filed = d.label if former is None else former.filed
        kept.append(ReviewedLabel(d.case_id, d.target, d.decided, filed, "", False, d.decided_at))
    put_reviewed_labels(c, forum_id, kept)


def _there(c: Connection, forum_id: int, case_ids: Collection[str]) -> set[str]:
    """Return those of the cases that the forum still has."""
    there: set[str] = set()
    for part in chunks(sorted(case_ids)):
        query = select(cases.c.id).where(cases.c.forum_id == forum_id, cases.c.id.in_(part))
        there.update(c.execute(query).scalars())
    return there


def list_doubts(c: Connection, forum_id: int) -> list[DoubtRow]:
    """Return every doubt, the surest first."""
    table = doubtful_labels
    query = select(table).where(table.c.forum_id == forum_id)
    query = query.order_by(
        table.c.label_probability, table.c.probability.desc(), table.c.case_id, table.c.target
    )
    return [record_of(DoubtRow, row) for row in c.execute(query).mappings()]


def settled_doubts(c: Connection, forum_id: int, case_ids: Collection[str]) -> list[DoubtRow]:
    """Return those of these cases that a person has changed a label of."""
    return [d for d in doubts_of(c, forum_id, case_ids) if d.state == DoubtState.CHANGED]


def doubts_of(c: Connection, forum_id: int, case_ids: Collection[str]) -> list[DoubtRow]:
    """Return every doubt of these cases, settled or not."""
    found: list[DoubtRow] = []
    table = doubtful_labels
    for part in chunks(case_ids):
        query = select(table).where(table.c.forum_id == forum_id, table.c.case_id.in_(part))
        found += [record_of(DoubtRow, row) for row in c.execute(query).mappings()]
    return found


def drop_doubts(c: Connection, forum_id: int, case_id: str, targets: Collection[str]) -> None:
    """Forget doubts of a case, of which a person has said something since, and ask nobody."""
    table = doubtful_labels.c
    mine = (table.forum_id == forum_id, table.case_id == case_id)
    c.execute(delete(doubtful_labels).where(*mine, table.target.in_(targets)))
    close_stale_doubts(c, forum_id)


def close_stale_doubts(c: Connection, forum_id: int) -> None:
    """Ask nobody about labels that are not in doubt, or that a case has no longer."""
    rows = waiting_doubts(c, forum_id)
    _expire(c, forum_id, {(d.case_id, d.target): d.label for d in rows})


def waiting_doubts(c: Connection, forum_id: int) -> list[DoubtRow]:
    """Return the open doubts of labels that their cases still have, the surest first."""
    rows = [d for d in list_doubts(c, forum_id) if d.state == DoubtState.OPEN]
    held = get_cases(c, forum_id, {d.case_id for d in rows})
    return [d for d in rows if _is_label_of(held[d.case_id], d.target, d.label)]


def _is_label_of(case: Case, target: str, label: str) -> bool:
    """Say whether a case has this label.

    One without a destination may have been doubted for what followed from how it ended.
    """
    held = getattr(case, target)
    if held is None:
        return target == Target.DESTINATION
    return " ".join(str(held).split()).casefold() == " ".join(label.split()).casefold()


def settle_doubt(
    c: Connection, forum_id: int, case_id: str, target: str, decided: str | None, at: datetime
) -> DoubtRow | None:
    """Note that a person keeps the label (None) or chose another; None where there is no doubt."""
    table = doubtful_labels
    mine = [
        table.c.forum_id == forum_id,
        table.c.case_id == case_id,
        table.c.target == target,
    ]
    found = c.execute(select(table).where(*mine)).mappings().first()
    if found is None:
        return None
    kept = decided is None or decided == found["label"]
    change = {
        "state": (DoubtState.KEPT if kept else DoubtState.CHANGED).value,
        "decided": found["label"] if decided is None else decided,
        "decided_at": at,
    }
    c.execute(update(table).where(*mine).values(**change))
    label = found["label"] if decided is None else decided
    mine_too = (c, forum_id, ReviewSubject.CASE, case_id, ReviewVerdict.LABELLED, at)
    close_reviews_of(*mine_too, target=target, label=label)
    return record_of(DoubtRow, {**found, **change})


def reopen_doubt(
    c: Connection, forum_id: int, case_id: str, target: str, settled_at: datetime | None
) -> DoubtRow | None:
    """Have a doubt that was settled then wait again; return it as it was settled, else None."""
    table = doubtful_labels
    mine = [
        table.c.forum_id == forum_id,
        table.c.case_id == case_id,
        table.c.target == target,
        table.c.state != DoubtState.OPEN,
        table.c.decided_at == settled_at,
    ]
    found = c.execute(select(table).where(*mine)).mappings().first()
    if found is None:
        return None
    again = {"state": DoubtState.OPEN.value, "decided": None, "decided_at": None}
    c.execute(update(table).where(*mine).values(**again))
    return record_of(DoubtRow, found)


def _expire(c: Connection, forum_id: int, waiting: Mapping[tuple[str, str], str]) -> None:
    """Let go of items about labels that nobody doubts any more.

    `waiting` are the labels that are in doubt, by case and target.
    """
    table = review_items.c
    query = select(table.id, table.subject_id, table.evidence).where(
        table.forum_id == forum_id,
        table.state == ReviewState.OPEN.value,
        table.reason == ReviewReason.LABEL_ERROR.value,
    )
    gone = [
        item_id
        for item_id, case_id, told in c.execute(query).all()
        if waiting.get((case_id, told["target"])) != told["label"]
    ]
    for part in chunks(gone):
        expired = update(review_items).where(table.forum_id == forum_id, table.id.in_(part))
        c.execute(expired.values(state=ReviewState.EXPIRED.value))
