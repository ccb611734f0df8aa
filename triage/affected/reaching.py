"""Who asked about a known issue: before it was published, and since.

In: live issues, a moment. Out: asks that are about them, as rows to be kept; and notices to those
persons who may read the issue.
Not here: the odds (insight), publishing (publishing).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import numpy as np

from triage import store
from triage.affected.issues import LiveIssue, readable
from triage.affected.spaces import sameness_of, space
from triage.encode import Encoder
from triage.insight import About, Sameness, matches
from triage.text import error_codes

# Who asked longer ago has found another way, or given up.
REACH = timedelta(days=90)
# Of all asks so many of the nearest are weighed one by one.
_NEAREST = 5000


def asks_about(
    c: store.Connection,
    forum_id: int,
    live: Sequence[LiveIssue],
    encoder: Encoder,
    since: datetime,
) -> list[store.AffectedAsk]:
    """Return the asks since a moment that are about any of these issues."""
    if not live:
        return []
    sameness = sameness_of(encoder)
    vectors = store.ask_vectors(c, forum_id, space(encoder), since)
    near = _nearest(live, vectors)
    told = store.get_asked(c, forum_id, [one.ask_id for one in near])
    return [
        about
        for one in near
        if one.ask_id in told
        for about in _about(live, one, told[one.ask_id], sameness)
    ]


def notices_about(
    row: store.KnownIssueRow, asks: Iterable[store.AffectedAsk], at: datetime
) -> list[store.Notice]:
    """Return what those are told who asked about an issue: that it is known, or that it ends."""
    kind = store.NoticeKind.KNOWN_ISSUE if row.fix is None else store.NoticeKind.ISSUE_FIXED
    told = {
        one.person: store.Notice(
            person=one.person, kind=kind, subject=row.issue_id, at=at, lang=one.lang
        )
        for one in asks
        if one.person is not None and readable(row, one.groups)
    }
    return list(told.values())


def _nearest(
    live: Sequence[LiveIssue], vectors: Sequence[store.AskVector]
) -> list[store.AskVector]:
    if len(vectors) <= _NEAREST:
        return list(vectors)
    asked = np.stack([one.vector for one in vectors])
    best = (asked @ np.vstack([one.issue.vectors for one in live]).T).max(axis=1)
    return [vectors[place] for place in np.argsort(-best)[:_NEAREST]]


def _about(
    live: Sequence[LiveIssue], one: store.AskVector, told: store.Asked, sameness: Sameness
) -> list[store.AffectedAsk]:
    rows = {issue.row.issue_id: issue.row for issue in live}
    found = matches(
        [issue.issue for issue in live],
        one.vector,
        About(told.lang or "", told.product, told.version, error_codes(told.said)),
        sameness,
    )
    return [
        affected_ask(told, match.issue_id, match.probability)
        for match in found
        if readable(rows[match.issue_id], told.groups)
    ]


def affected_ask(told: store.Asked, issue_id: str, probability: float) -> store.AffectedAsk:
    """Return the row that says that an ask is about an issue."""
    return store.AffectedAsk(
        issue_id=issue_id,
        ask_id=told.ask_id,
        person=told.person,
        lang=told.lang,
        at=told.at,
        visibility=told.visibility,
        groups=told.groups,
        probability=probability,
    )
