"""Rising groups that look like one fault -> what might be published as a known issue.

In: a `Context`. Out: rows: the group, what its asks share, and the issue that there is already.
Not here: what rises (trends), bursts within hours (affected), publishing an issue (affected).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from triage import store
from triage.analytics.context import Context
from triage.analytics.gaps import moment
from triage.analytics.membership import among
from triage.analytics.trends import Weeks, groups_of_weeks, rises_of, weeks_of
from triage.outcomes.asks import Flags
from triage.records import Kind
from triage.reports.values import Column, Row
from triage.text import error_codes

# Of the asks of a fault, so many are labelled a bug; or so many persons name one error.
_BUGS = 0.4
_NAMED_BY = 3
_MOST_NAMED = 5
# Names of products hold blanks.
BETWEEN = "; "

ISSUE_COLUMNS = (
    Column("group_id", "text", "the name of the asks that mean the same"),
    Column("terms", "text", "words that at least three of their persons used"),
    Column("persons", "whole", "persons who asked in the last seven days"),
    Column("expected", "number", "as many would have been usual"),
    Column("q_value", "number", "share of wrong ones among all that are at least as unusual"),
    Column("asks", "whole", "their asks"),
    Column("bug_share", "number", "share of these that are likeliest a bug"),
    Column("codes", "text", "codes of errors that at least three persons named, parted by `; `"),
    Column("products", "text", "products that at least three persons named, parted by `; `"),
    Column("known_issue_id", "text", "the known issue, or the proposal, that most are about"),
    Column("first_at", "moment", "the first of these asks"),
    Column("first_day", "day", "the first of the seven days"),
    Column("last_day", "day", "the last of them"),
    Column("example_ask_id", "text", "the last of these asks"),
    Column("behind", "text", "names the asks behind this row"),
)


def issue_rows(context: Context) -> Iterator[Row]:
    """Give the rising groups that share an error or are mostly bugs, the most unusual first."""
    c, forum_id = context.connection, context.forum_id
    weeks = weeks_of(context)
    groups = groups_of_weeks(context, weeks)
    rising = [rise for rise in rises_of(weeks, groups) if rise.rising]
    told = store.get_ask_groups(c, forum_id, [groups.names[one.place] for one in rising])
    for rise in rising:
        name = groups.names[rise.place]
        mine = weeks.now & among(groups, name)
        shared = _Shared.of(context, weeks, mine)
        if shared.bugs < _BUGS and not shared.codes:
            continue
        terms = " ".join(told[name].terms) if name in told else ""
        yield (
            *(name, terms, rise.persons, rise.expected, rise.q_value, int(mine.sum())),
            *(shared.bugs, shared.codes, shared.products, shared.issue),
            *(moment(float(weeks.asks.start[mine].min())), weeks.first, weeks.last),
            *(shared.last, f"issue:{name}"),
        )


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the asks of a group have in common beside their meaning."""

    bugs: float
    codes: str
    products: str
    issue: str | None
    last: str

    @classmethod
    def of(cls, context: Context, weeks: Weeks, mine: Flags) -> "_Shared":
        """Read what is kept of these asks."""
        c, forum_id = context.connection, context.forum_id
        places = np.flatnonzero(mine)
        who = {weeks.asks.ids[p]: int(weeks.who[p]) for p in places.tolist()}
        kinds = store.kinds_of_asks(c, forum_id, who)
        asked = store.get_asked(c, forum_id, who)
        bugs = sum(kind == Kind.BUG.value for kind in kinds.values()) / max(len(kinds), 1)
        codes = {i: error_codes(one.said) for i, one in asked.items()}
        named = {i: frozenset({one.product}) for i, one in asked.items() if one.product}
        issues = Counter(store.issues_of_asks(c, forum_id, who).values())
        last = weeks.asks.ids[int(places[weeks.asks.start[places].argmax()])]
        issue = issues.most_common(1)[0][0] if issues else None
        return cls(bugs, _by_several(codes, who), _by_several(named, who), issue, last)


def _by_several(said: Mapping[str, frozenset[str]], who: Mapping[str, int]) -> str:
    """Return what at least three persons said, the most said first."""
    by: dict[str, set[int]] = {}
    for ask_id, words in said.items():
        for word in words:
            by.setdefault(word, set()).add(who[ask_id])
    several = [word for word in by if len(by[word]) >= _NAMED_BY]
    return BETWEEN.join(sorted(several, key=lambda w: (-len(by[w]), w))[:_MOST_NAMED])
