"""Labels of cases that look wrong, kept until a person has looked at them.

In: what a training run found. Out: the same. A case with a doubtful label is learnt from all the
same; nothing is dropped silently.
Not here: finding them (learn), the cases (cases).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Float, Table, Text, delete, select

from triage.store.batches import record_of, row_of
from triage.store.columns import UtcDateTime
from triage.store.dialects import upsert
from triage.store.keyed import METADATA, forum_column, of_forum
from triage.streams import chunks

OPEN = "open"

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
    of_forum("cases", "case_id", "id", "CASCADE"),
)


@dataclass(frozen=True, slots=True)
class DoubtRow:
    """A case's `label` for a target, and the one that is `likelier` with this probability."""

    case_id: str
    target: str
    label: str
    likelier: str
    probability: float
    why: str
    found_at: datetime
    state: str = OPEN


def replace_open_doubts(c: Connection, forum_id: int, rows: Sequence[DoubtRow]) -> None:
    """Keep these as the open doubts; what a person has settled stays as it was settled."""
    mine = doubtful_labels.c.forum_id == forum_id
    c.execute(delete(doubtful_labels).where(mine, doubtful_labels.c.state == OPEN))
    settled = {(d.case_id, d.target) for d in list_doubts(c, forum_id)}
    fresh = [d for d in rows if (d.case_id, d.target) not in settled]
    for part in chunks(fresh):
        upsert(c, doubtful_labels, [{**row_of(d), "forum_id": forum_id} for d in part])


def list_doubts(c: Connection, forum_id: int) -> list[DoubtRow]:
    """Return every doubt, the surest first."""
    table = doubtful_labels
    query = select(table).where(table.c.forum_id == forum_id)
    query = query.order_by(table.c.probability.desc(), table.c.case_id, table.c.target)
    return [record_of(DoubtRow, row) for row in c.execute(query).mappings()]
