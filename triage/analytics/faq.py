"""What most people ask, whatever words they take, and the thread that answers it or none.

In: a `Context`. Out: rows; the asks behind each.
Not here: which asks mean the same (grouping), what was not answered (gaps).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from triage import store
from triage.analytics.context import Context
from triage.analytics.membership import (
    groups_of_view,
    in_group,
    mostly,
    persons_by,
    places_by,
)
from triage.analytics.rates import rate
from triage.analytics.thread_asks import thread_ids
from triage.analytics.values import View
from triage.insight.grouping import FEWEST_PERSONS
from triage.outcomes.asks import Flags, Ints, Names
from triage.outcomes.columns import number_of
from triage.outcomes.intervals import Share
from triage.outcomes.outcome import Outcome
from triage.outcomes.placings import SETTLED
from triage.reports.values import Column, Row
from triage.store import GapState

MOST_ROWS = 100
# That one person says that a thread solved it makes it nobody's usual answer.
_FEWEST_SOLVED = 2

FAQ_COLUMNS = (
    Column("group_id", "text", "the name of the asks that mean the same"),
    Column("rank", "whole", "1: most persons ask it"),
    Column("terms", "text", "words that at least three of them used, the most telling first"),
    Column("langs", "text", "the languages in which it is asked"),
    Column("topic", "text", "the topic of most of these asks"),
    Column("asks", "whole", "asks of this meaning"),
    Column("persons", "whole", "of how many persons"),
    Column("offered_share", "number", "share to which there was something to show"),
    Column("posted_share", "number", "share that was posted; empty: fewer than twenty persons"),
    Column(
        "thread_id", "text", "the thread that most of them said to solve it, or that was written"
    ),
    Column(
        "solved_persons",
        "whole",
        "of these persons, how many said so, and nothing else of it later",
    ),
    Column("example_ask_id", "text", "the last of these asks"),
    Column("behind", "text", "names the asks behind this row"),
)


@dataclass(frozen=True, slots=True)
class _Solved:
    """Of how many persons of a group each thread solved an ask, by the number of the thread.

    `usual` is the thread of most of them; None where none of the threads is there any more.
    """

    persons: Mapping[int, int] = field(default_factory=dict)
    usual: str | None = None

    def by(self, thread_id: str | None) -> int:
        """Return how many persons said it of a thread."""
        return 0 if thread_id is None else self.persons.get(number_of(thread_id), 0)


def faq_asks(context: Context, group_id: str) -> Flags:
    """Say which asks are behind a row. Raises BadField for one that there is not."""
    view = context.view
    return in_group(context.connection, context.forum_id, view.asks, view.kept, group_id)


def faq_rows(context: Context) -> Iterator[Row]:
    """Give what at least three persons asked, what most asked first, a hundred rows at most."""
    view, c, forum_id = context.view, context.connection, context.forum_id
    groups = groups_of_view(context)
    persons = persons_by(groups, view.who).tolist()
    ordered = sorted(zip(groups.names, persons, strict=True), key=lambda one: (-one[1], one[0]))
    asked = [(name, by) for name, by in ordered if by >= FEWEST_PERSONS][:MOST_ROWS]
    told = store.get_ask_groups(c, forum_id, [name for name, _ in asked])
    solved, tasks = _solved(context, groups), store.gap_tasks_of(c, forum_id)
    posted = view.settled.ended(Outcome.POSTED)
    places = dict(zip(groups.names, places_by(groups), strict=True))
    for rank, (name, by) in enumerate(asked, start=1):
        mine = places[name]
        thread, count = _answer(solved.get(name, _Solved()), tasks.get(name))
        terms = " ".join(told[name].terms) if name in told else ""
        yield (
            *(name, rank, terms, _langs(view, mine), mostly(view.asks.topic, mine)),
            *(len(mine), by, *_shares(view, mine, posted), thread, count),
            *(_last(view, mine), f"faq:{name}"),
        )


def _solved(context: Context, groups: Names) -> dict[str, _Solved]:
    """Return which threads solved asks of each group, as the persons of the view said last."""
    said = context.view.asks.placings
    settled = said.where((said.word == SETTLED) & (groups.code[said.ask] >= 0))
    told = (groups.code[settled.ask], settled.thread, context.view.who[settled.ask])
    pairs, persons = np.unique(np.unique(np.stack(told), axis=1)[:2], axis=1, return_counts=True)
    by_group: dict[int, dict[int, int]] = {}
    for group, thread, count in zip(*pairs.tolist(), persons.tolist(), strict=True):
        by_group.setdefault(group, {})[thread] = count
    ids = thread_ids(context, pairs[1])
    return {groups.names[group]: _Solved(by, _usual(by, ids)) for group, by in by_group.items()}


def _usual(persons: Mapping[int, int], ids: Mapping[int, str]) -> str | None:
    """Return the thread of most persons that there still is."""
    there = sorted((-count, ids[thread]) for thread, count in persons.items() if thread in ids)
    return there[0][1] if there else None


def _answer(solved: _Solved, task: store.GapTask | None) -> tuple[str | None, int | None]:
    """Return the thread that answers, and how many said so: what staff wrote for it comes first."""
    if task is not None and task.state is GapState.ANSWERED:
        return task.thread_id, solved.by(task.thread_id)
    if solved.by(solved.usual) < _FEWEST_SOLVED:
        return None, None
    return solved.usual, solved.by(solved.usual)


def _shares(view: View, mine: Ints, posted: Flags) -> tuple[float | None, float | None]:
    who = view.who[mine]
    return _value(rate(view.asks.offered[mine], who)), _value(rate(posted[mine], who))


def _value(share: Share | None) -> float | None:
    return None if share is None else share.value


def _langs(view: View, mine: Ints) -> str:
    codes = np.unique(view.asks.lang.code[mine])
    return " ".join(view.asks.lang.names[code] for code in codes.tolist() if code >= 0)


def _last(view: View, mine: Ints) -> str:
    return view.asks.ids[int(mine[view.asks.start[mine].argmax()])]
