"""Known issues, and the asks that were about them.

In: issues as the staff wrote them or as they were proposed; asks that are about one. Out: the
same, and how many people are affected, as far as whoever reads may know.
Not here: which ask is about which issue (affected), what is published when (affected).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, bindparam, cast, delete, func, or_, select
from sqlalchemy.engine import RowMapping

from triage.errors import IssueChanged, NoKnownIssue
from triage.records import Visibility
from triage.store.ask_vectors import vectors_of_asks
from triage.store.batches import record_of, row_of
from triage.store.dialects import insert_new, upsert
from triage.store.tables.insight import known_issue_asks, known_issues
from triage.store.vectors import Vector
from triage.streams import chunks


class IssueState(StrEnum):
    """How far a known issue is."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    FIXED = "fixed"
    WITHDRAWN = "withdrawn"


# What drafts are held against, and what askers may read.
LIVE = frozenset({IssueState.PUBLISHED, IssueState.FIXED})
# Every draft asks for it: making it anew would take longer than carrying it out.
_REVISION = select(func.max(known_issues.c.revision), func.count()).where(
    known_issues.c.forum_id == bindparam("forum")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownIssueRow:
    """One known issue. No products: every product; no versions: every version; no groups: all.

    `person` is whose words title and body are, where they are a customer's, and `words_at` since
    when, until they were published. `evidence` is what a proposal rests on: numbers alone.
    """

    issue_id: str
    state: IssueState
    title: str
    proposed_at: datetime
    body: str = ""
    lang: str | None = None
    products: frozenset[str] = frozenset()
    versions: str | None = None
    groups: frozenset[str] = frozenset()
    workaround: str | None = None
    fix: str | None = None
    fixed_in: str | None = None
    thread_id: str | None = None
    person: str | None = None
    words_at: datetime | None = None
    published_at: datetime | None = None
    fixed_at: datetime | None = None
    withdrawn_at: datetime | None = None
    evidence: Mapping[str, Any] | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedAsk:
    """One ask that is about a known issue, and who may know of it."""

    issue_id: str
    ask_id: str
    person: str | None
    lang: str | None
    at: datetime
    visibility: Visibility
    groups: frozenset[str] = frozenset()
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class Readers:
    """For whom it is counted: their groups, whether they read all, and who they are themselves."""

    groups: frozenset[str] = frozenset()
    reads_all: bool = False
    person: str | None = None


def put_issue(c: Connection, forum_id: int, issue: KnownIssueRow) -> KnownIssueRow:
    """Keep an issue under the forum's next revision of issues; return it as it is kept.

    Raises IssueChanged where it is kept under another revision than the one that it was read as.
    """
    mine = [known_issues.c.forum_id == forum_id, known_issues.c.issue_id == issue.issue_id]
    now = c.execute(select(known_issues.c.revision).where(*mine)).scalar()
    if now is not None and now != issue.revision:
        raise IssueChanged(issue.issue_id)
    kept = replace(issue, revision=issues_revision(c, forum_id)[0] + 1)
    row = {**row_of(kept), "state": kept.state.value, "forum_id": forum_id}
    upsert(c, known_issues, [row])
    return kept


def get_issue(c: Connection, forum_id: int, issue_id: str) -> KnownIssueRow:
    """Return one issue, whatever its state. Raises NoKnownIssue."""
    mine = [known_issues.c.forum_id == forum_id, known_issues.c.issue_id == issue_id]
    row = c.execute(select(known_issues).where(*mine)).mappings().first()
    if row is None:
        raise NoKnownIssue(issue_id)
    return _issue(row)


def state_of_issue(c: Connection, forum_id: int, issue_id: str) -> IssueState | None:
    """Return in which state an issue is kept, or None where there is none yet."""
    mine = [known_issues.c.forum_id == forum_id, known_issues.c.issue_id == issue_id]
    state = c.execute(select(known_issues.c.state).where(*mine)).scalar()
    return None if state is None else IssueState(state)


def list_issues(
    c: Connection, forum_id: int, states: Collection[IssueState] = tuple(IssueState)
) -> list[KnownIssueRow]:
    """Return the forum's issues in these states, newest first: there are never many."""
    query = select(known_issues).where(
        known_issues.c.forum_id == forum_id,
        known_issues.c.state.in_([state.value for state in states]),
    )
    ordered = query.order_by(known_issues.c.issue_id.desc())
    return [_issue(row) for row in c.execute(ordered).mappings()]


def issues_revision(c: Connection, forum_id: int) -> tuple[int, int]:
    """Return the highest revision and the number of issues: equal, and no issue has changed."""
    highest, count = c.execute(_REVISION, {"forum": forum_id}).one()
    return highest or 0, count


def put_affected(c: Connection, forum_id: int, asks: Iterable[AffectedAsk]) -> None:
    """Note that asks are about issues; what is noted already stays."""
    for part in chunks(asks):
        rows = [{**row_of(a), "visibility": a.visibility.value, "forum_id": forum_id} for a in part]
        insert_new(c, known_issue_asks, rows)


def take_affected_off(c: Connection, forum_id: int, issue_id: str, ask_id: str) -> bool:
    """Forget that an ask is about an issue; return whether it was noted."""
    query = delete(known_issue_asks).where(
        known_issue_asks.c.forum_id == forum_id,
        known_issue_asks.c.issue_id == issue_id,
        known_issue_asks.c.ask_id == ask_id,
    )
    return c.execute(query).rowcount > 0


def affected_asks(c: Connection, forum_id: int, issue_id: str) -> list[AffectedAsk]:
    """Return the asks about an issue, oldest first."""
    query = select(known_issue_asks).where(
        known_issue_asks.c.forum_id == forum_id, known_issue_asks.c.issue_id == issue_id
    )
    ordered = query.order_by(known_issue_asks.c.at, known_issue_asks.c.ask_id)
    return [
        record_of(AffectedAsk, row, visibility=Visibility(row["visibility"]))
        for row in c.execute(ordered).mappings()
    ]


def issues_of_asks(c: Connection, forum_id: int, ask_ids: Iterable[str]) -> dict[str, str]:
    """Return about which known issue each of these asks is; the latest of several."""
    asks, found = known_issue_asks.c, dict[str, str]()
    for part in chunks(ask_ids):
        query = select(asks.ask_id, asks.issue_id).where(
            asks.forum_id == forum_id, asks.ask_id.in_(part)
        )
        found.update((a, i) for a, i in c.execute(query.order_by(asks.issue_id)))
    return found


def example_vectors(
    c: Connection, forum_id: int, encoder_id: str, issue_id: str, limit: int
) -> list[tuple[str, Vector]]:
    """Return this encoder's vectors of the asks that an issue was proposed from, with languages."""
    asks = known_issue_asks.c
    mine = [asks.forum_id == forum_id, asks.issue_id == issue_id, asks.probability >= 1.0]
    query = select(asks.ask_id, asks.lang).where(*mine).order_by(asks.at, asks.ask_id)
    langs = {ask_id: lang or "" for ask_id, lang in c.execute(query.limit(limit))}
    found = vectors_of_asks(c, forum_id, encoder_id, list(langs))
    return [(langs[ask_id], vector) for ask_id, vector in found.items()]


def count_affected(
    c: Connection, forum_id: int, issue_ids: Sequence[str], readers: Readers
) -> dict[str, int]:
    """Return how many other persons asked about each issue, of those the reader may know of."""
    asks = known_issue_asks.c
    mine = [asks.forum_id == forum_id, asks.issue_id.in_(issue_ids), asks.person.is_not(None)]
    if readers.person is not None:
        mine.append(asks.person != readers.person)
    if not readers.reads_all:
        mine.append(_knowable(c, forum_id, issue_ids, readers.groups))
    query = select(asks.issue_id, func.count(asks.person.distinct())).where(*mine)
    found = {row[0]: row[1] for row in c.execute(query.group_by(asks.issue_id))}
    return {issue_id: found.get(issue_id, 0) for issue_id in issue_ids}


def _knowable(
    c: Connection, forum_id: int, issue_ids: Sequence[str], groups: frozenset[str]
) -> ColumnElement[bool]:
    """Say that an ask was public, or open to one of these groups."""
    asks = known_issue_asks.c
    public = asks.visibility == Visibility.PUBLIC.value
    if not groups:
        return public
    of_group = asks.visibility == Visibility.GROUP.value
    # There are few different sets of groups, whatever the number of asks.
    written = cast(asks.groups, Text)
    mine = [asks.forum_id == forum_id, asks.issue_id.in_(issue_ids), of_group]
    sets = c.execute(select(written, func.min(asks.ask_id)).where(*mine).group_by(written)).all()
    one_of_each = [row[1] for row in sets]
    query = select(written, asks.groups).where(*mine, asks.ask_id.in_(one_of_each))
    shared = {text for text, named in c.execute(query) if named & groups}
    return or_(public, of_group & written.in_(shared))


def _issue(row: RowMapping) -> KnownIssueRow:
    return record_of(KnownIssueRow, row, state=IssueState(row["state"]))
