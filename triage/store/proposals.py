"""Cases that might become threads: proposed once for each state of their texts, decided once.

In: a case's id and what its texts amount to. Out: rows; a decision takes hold of an open row or of
none, so that of two who decide at once one is told.
Not here: what the thread would say (answers.proposing), making it (answers.publishing).
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, select, tuple_, update
from sqlalchemy.engine import RowMapping

from triage.store.batches import record_of
from triage.store.dialects import insert_new
from triage.store.reviews import ReviewSubject, ReviewVerdict, close_reviews_of
from triage.store.tables.answer import proposals
from triage.store.tables.base import cases
from triage.streams import chunks


class ProposalState(StrEnum):
    """What became of a proposal. `superseded`: the case says something else by now."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    SUPERSEDED = "superseded"


_VERDICTS = {
    ProposalState.APPROVED: ReviewVerdict.APPROVED,
    ProposalState.REFUSED: ReviewVerdict.REFUSED,
}


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A case with an answer that might become a thread; `content` is that of its texts.

    `thread_id` is the thread that was made of the case, now or of an earlier state of it.
    """

    id: str
    case_id: str
    content: str
    person: str | None
    state: ProposalState
    thread_id: str | None
    case_at: datetime
    proposed_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Proposable:
    """What is known of a case that might become a thread: nothing of its words."""

    case_id: str
    content: str
    person: str | None
    at: datetime


def propose_cases(c: Connection, forum_id: int, found: Collection[Proposable], at: datetime) -> int:
    """Open a proposal for each case that had none for these texts; return how many there are.

    What was proposed of such a case with other texts, and waits, is superseded.
    """
    count = 0
    for part in chunks({one.case_id: one for one in found}.values()):
        known = _known(c, forum_id, [one.case_id for one in part])
        new = [one for one in part if (one.case_id, one.content) not in known]
        _follow(c, forum_id, [(one.case_id, one.content) for one in part])
        threads = {case: thread for (case, _), thread in known.items() if thread is not None}
        insert_new(c, proposals, [_row(forum_id, one, threads, at) for one in new])
        count += len(new)
    return count


def withdraw_proposals(c: Connection, forum_id: int) -> int:
    """Drop what waits for a decision although its case is gone; return how many."""
    there = select(cases.c.id).where(cases.c.forum_id == forum_id)
    query = delete(proposals).where(
        proposals.c.forum_id == forum_id,
        proposals.c.state == ProposalState.OPEN.value,
        proposals.c.case_id.not_in(there),
    )
    return c.execute(query).rowcount


def get_proposal(c: Connection, forum_id: int, proposal_id: str) -> ProposalRow | None:
    """Return one proposal, or None where the forum has it not."""
    query = select(proposals).where(proposals.c.forum_id == forum_id, proposals.c.id == proposal_id)
    row = c.execute(query).mappings().first()
    return None if row is None else _proposal(row)


def list_proposals(
    c: Connection,
    forum_id: int,
    state: ProposalState | None,
    *,
    after: str | None = None,
    limit: int = 50,
) -> list[ProposalRow]:
    """Return proposals, that of the newest case first, from the one after `after` on."""
    conditions: list[ColumnElement[bool]] = [proposals.c.forum_id == forum_id]
    if state is not None:
        conditions.append(proposals.c.state == state.value)
    last = get_proposal(c, forum_id, after) if after is not None else None
    if last is not None:
        place = tuple_(proposals.c.case_at, proposals.c.id)
        conditions.append(place < (last.case_at, last.id))
    order = (proposals.c.case_at.desc(), proposals.c.id.desc())
    query = select(proposals).where(*conditions).order_by(*order).limit(limit)
    return [_proposal(row) for row in c.execute(query).mappings()]


def decide_proposal(
    c: Connection,
    forum_id: int,
    proposal_id: str,
    state: ProposalState,
    at: datetime,
    former: Collection[ProposalState],
    thread_id: str | None = None,
) -> bool:
    """Decide about a proposal that is in one of these states; False when it is in none."""
    values: dict[str, Any] = {"state": state.value, "decided_at": at}
    if thread_id is not None:
        values["thread_id"] = thread_id
    query = update(proposals).where(
        proposals.c.forum_id == forum_id,
        proposals.c.id == proposal_id,
        proposals.c.state.in_([one.value for one in former]),
    )
    decided = c.execute(query.values(**values)).rowcount > 0
    verdict = _VERDICTS.get(state)
    if decided and verdict is not None:
        close_reviews_of(c, forum_id, ReviewSubject.PROPOSAL, proposal_id, verdict, at)
    return decided


def _known(
    c: Connection, forum_id: int, case_ids: Collection[str]
) -> dict[tuple[str, str], str | None]:
    """Return the thread of each state of texts that was ever proposed of these cases."""
    query = (
        select(proposals.c.case_id, proposals.c.content, proposals.c.thread_id)
        .where(proposals.c.forum_id == forum_id, proposals.c.case_id.in_(case_ids))
        .order_by(proposals.c.proposed_at)
    )
    return {(row.case_id, row.content): row.thread_id for row in c.execute(query)}


def _follow(c: Connection, forum_id: int, current: Collection[tuple[str, str]]) -> None:
    """Have nothing wait that a case no longer says, and what it says again wait once more."""
    said = tuple_(proposals.c.case_id, proposals.c.content)
    mine = (
        proposals.c.forum_id == forum_id,
        proposals.c.case_id.in_([case_id for case_id, _ in current]),
    )
    former = (*mine, proposals.c.state == ProposalState.OPEN.value, said.not_in(list(current)))
    c.execute(update(proposals).where(*former).values(state=ProposalState.SUPERSEDED.value))
    again = (*mine, proposals.c.state == ProposalState.SUPERSEDED.value, said.in_(list(current)))
    c.execute(update(proposals).where(*again).values(state=ProposalState.OPEN.value))


def _row(forum_id: int, one: Proposable, threads: dict[str, str], at: datetime) -> dict[str, Any]:
    return {
        "forum_id": forum_id,
        "id": f"p_{secrets.token_hex(8)}",
        "case_id": one.case_id,
        "content": one.content,
        "person": one.person,
        "state": ProposalState.OPEN.value,
        "thread_id": threads.get(one.case_id),
        "case_at": one.at,
        "proposed_at": at,
        "decided_at": None,
    }


def _proposal(row: RowMapping) -> ProposalRow:
    return record_of(ProposalRow, row, state=ProposalState(row["state"]))
