"""Each day's draw of the review queue: a day is drawn once, by whoever comes first.

In: a draw with its items. Out: the latest one.
Not here: what is drawn (reviewing), what becomes of the items (reviews).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update

from triage.store.batches import record_of, row_of
from triage.store.dialects import insert_if_new
from triage.store.proposals import ProposalState
from triage.store.reviews import ReviewRow, ReviewState, ReviewSubject, columns_of
from triage.store.tables.answer import proposals
from triage.store.tables.review import review_draws, review_items
from triage.streams import chunks


@dataclass(frozen=True, slots=True)
class ReviewDraw:
    """One day's draw: the lot drew `by_lot` of the `asks` sent from `since` to before `until`."""

    drawn_on: date
    drawn_at: datetime
    since: datetime
    until: datetime
    asks: int
    by_lot: int
    items: int
    model_version: str | None


def add_review_draw(
    c: Connection, forum_id: int, draw: ReviewDraw, rows: Sequence[ReviewRow]
) -> bool:
    """Keep a day's draw and its items; False, and nothing kept, where the day was drawn already."""
    told = {**row_of(draw), "drawn_on": draw.drawn_on.isoformat(), "forum_id": forum_id}
    if not insert_if_new(c, review_draws, told):
        return False
    for part in chunks(rows):
        c.execute(insert(review_items), [{**columns_of(row), "forum_id": forum_id} for row in part])
    return True


def last_review_draw(c: Connection, forum_id: int) -> ReviewDraw | None:
    """Return the latest draw of a forum, None before the first."""
    query = select(review_draws).where(review_draws.c.forum_id == forum_id)
    row = c.execute(query.order_by(review_draws.c.drawn_on.desc()).limit(1)).mappings().first()
    if row is None:
        return None
    return record_of(ReviewDraw, row, drawn_on=date.fromisoformat(row["drawn_on"]))


def expire_superseded(c: Connection, forum_id: int) -> int:
    """Let go of proposals that wait for nobody any more: the case is gone, or says otherwise."""
    table = review_items.c
    waits = select(proposals.c.id).where(
        proposals.c.forum_id == forum_id, proposals.c.state == ProposalState.OPEN.value
    )
    query = update(review_items).where(
        table.forum_id == forum_id,
        table.state == ReviewState.OPEN.value,
        table.subject == ReviewSubject.PROPOSAL.value,
        table.subject_id.not_in(waits),
    )
    return c.execute(query.values(state=ReviewState.EXPIRED.value)).rowcount
