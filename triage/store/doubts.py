"""Labels of cases that look wrong, kept until a person has looked at them, and what they said.

In: what a training run found, a person's word. Out: the same. A case with a doubtful label is
learnt from all the same; nothing is dropped silently.
Not here: finding them (learn), changing the case (review).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Connection, Float, Table, Text, delete, select, update

from triage.store.batches import record_of, row_of
from triage.store.columns import UtcDateTime
from triage.store.dialects import upsert
from triage.store.keyed import METADATA, forum_column, of_forum
from triage.store.reviews import ReviewSubject, ReviewVerdict, close_reviews_of
from triage.store.tables.base import cases
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

    Only where a case has come to have another label than the one they chose is it asked anew.
    Of cases that went while others were learnt from there is no doubt any more.
    """
    mine = doubtful_labels.c.forum_id == forum_id
    c.execute(delete(doubtful_labels).where(mine, doubtful_labels.c.state == DoubtState.OPEN))
    settled = {(d.case_id, d.target, d.decided or d.label) for d in list_doubts(c, forum_id)}
    there = _there(c, forum_id, {d.case_id for d in rows})
    fresh = [d for d in rows if (d.case_id, d.target, d.label) not in settled]
    fresh = [d for d in fresh if d.case_id in there]
    for part in chunks(fresh):
        upsert(c, doubtful_labels, [{**row_of(d), "forum_id": forum_id} for d in part])


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
    found: list[DoubtRow] = []
    table = doubtful_labels
    for part in chunks(case_ids):
        query = select(table).where(
            table.c.forum_id == forum_id,
            table.c.case_id.in_(part),
            table.c.state == DoubtState.CHANGED,
        )
        found += [record_of(DoubtRow, row) for row in c.execute(query).mappings()]
    return found


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
    return record_of(DoubtRow, {**found, **change})  # type: ignore[arg-type]


def reopen_doubt(c: Connection, forum_id: int, case_id: str, target: str) -> DoubtRow | None:
    """Have a doubt that was settled wait again; return it as it was settled, None without one."""
    table = doubtful_labels
    mine = [table.c.forum_id == forum_id, table.c.case_id == case_id, table.c.target == target]
    found = c.execute(select(table).where(*mine)).mappings().first()
    if found is None:
        return None
    again = {"state": DoubtState.OPEN.value, "decided": None, "decided_at": None}
    c.execute(update(table).where(*mine).values(**again))
    return record_of(DoubtRow, found)
