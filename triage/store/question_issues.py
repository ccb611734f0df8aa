"""Asks -> the known issues that they are about, as far as these may be told.

In: asks. Out: issues, each with how many of the asks it affects.
Not here: what is about what (insight), issues themselves (known_issues).
"""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection, select

from triage.store.insight_tables import known_issue_asks
from triage.store.known_issues import LIVE, KnownIssueRow, get_issue
from triage.streams import chunks


def issues_of_asks(
    c: Connection, forum_id: int, ask_ids: Iterable[str]
) -> list[tuple[KnownIssueRow, int]]:
    """Return the published issues that these asks are about, those of most asks first."""
    counts: Counter[str] = Counter()
    for part in chunks(ask_ids):
        query = select(known_issue_asks.c.issue_id).where(
            known_issue_asks.c.forum_id == forum_id, known_issue_asks.c.ask_id.in_(part)
        )
        counts.update(c.execute(query).scalars())
    rows = [(get_issue(c, forum_id, issue_id), count) for issue_id, count in counts.items()]
    told = [(row, count) for row, count in rows if row.state in LIVE]
    return sorted(told, key=lambda one: (-one[1], one[0].issue_id))
