"""The labels of cases as leads have them, beside those that the cases came with.

In: a case, a target, a label. Out: the same. They outlive the next ingest of the same file.
Not here: giving them to cases (review), the items that they were said of (reviews).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from triage.store.batches import record_of, row_of
from triage.store.dialects import upsert
from triage.store.tables.review import reviewed_labels
from triage.streams import chunks


@dataclass(frozen=True, slots=True)
class ReviewedLabel:
    """A label that a person chose; `filed` is what the case came with, None where it had none.

    `item_id` is the item that it was said of, empty where that was a doubt that has made room for
    another. `by_lot`: the case was drawn by lot, so that it stands for all that were asked.
    """

    case_id: str
    target: str
    label: str
    filed: str | None
    item_id: str
    by_lot: bool
    decided_at: datetime


def put_reviewed_labels(c: Connection, forum_id: int, rows: Sequence[ReviewedLabel]) -> None:
    """Keep labels of cases that there are, instead of those said before."""
    upsert(c, reviewed_labels, [{**row_of(row), "forum_id": forum_id} for row in rows])


def reviewed_labels_of(
    c: Connection, forum_id: int, case_ids: Collection[str]
) -> list[ReviewedLabel]:
    """Return what leads said of these cases."""
    table, found = reviewed_labels.c, list[ReviewedLabel]()
    for part in chunks(case_ids):
        query = select(reviewed_labels).where(table.forum_id == forum_id, table.case_id.in_(part))
        found += [record_of(ReviewedLabel, row) for row in c.execute(query).mappings()]
    return found


def drop_reviewed_labels(
    c: Connection, forum_id: int, case_id: str, targets: Collection[str]
) -> None:
    """Forget what leads said of these targets of a case."""
    table = reviewed_labels.c
    query = delete(reviewed_labels).where(
        table.forum_id == forum_id, table.case_id == case_id, table.target.in_(targets)
    )
    c.execute(query)
