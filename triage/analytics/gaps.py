"""Asks that found nothing, by what they mean -> what to write next, and whether it helped.

In: a `Context`: a view, the groups of its asks, what the staff did about them. Out: rows; the asks
behind each. A gap is a group with asks to which nothing was or would have been offered: the same
in both arms. What is sensitive is none, since no thread may answer it.
Not here: which asks mean the same (grouping), changing a gap (gap_tasks), the order (insight).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from triage import store
from triage.analytics.context import Context
from triage.analytics.membership import (
    among,
    groups_of_view,
    in_group,
    mostly,
    persons_by,
    places_by,
)
from triage.analytics.rates import compared, ends_of, rate, told_lift
from triage.analytics.values import View
from triage.insight import Counted, Gap, change_of, ranked
from triage.insight.grouping import FEWEST_PERSONS as FEWEST_OF_A_GAP
from triage.outcomes.asks import Flags, Ints, Names
from triage.outcomes.intervals import difference_interval
from triage.outcomes.lift import lift_of
from triage.outcomes.outcome import Outcome, posted_after
from triage.reports.values import Column, Row
from triage.store import GapState

# What an answer moved is seen in posts within so many days, of asks that were followed as long.
PROOF_DAYS = 7.0

GAP_COLUMNS = (
    Column("gap_id", "text", "its name, which stays for as long as anybody asks"),
    Column("rank", "whole", "1: an answer spares most persons a post; empty: nothing to do"),
    Column(
        "terms", "text", "words that at least three of its persons used, the most telling first"
    ),
    Column("lang", "text", "the language of most of these asks"),
    Column("topic", "text", "the topic of most of them"),
    Column("asks", "whole", "asks of this meaning to which there was nothing good to show"),
    Column("persons", "whole", "of how many persons"),
    Column("posted", "whole", "of these asks, those that were posted"),
    Column("chance", "number", "their share; empty: fewer than twenty persons"),
    Column("chance_low", "number", "at least that, at 95 %"),
    Column("chance_high", "number", "at most that, at 95 %"),
    Column(
        "lift_measured",
        "number",
        "share of posts that suggestions prevent where something is offered; empty: not measured",
    ),
    Column("prevented", "number", "persons whom an answer would spare a post; empty: not measured"),
    Column("state", "text", "`open`, `drafting`, `answered` or `dismissed`"),
    Column("by", "text", "who of the staff said so last"),
    Column("changed_at", "moment", "when"),
    Column("answered_at", "moment", "since when a thread answers it"),
    Column("thread_id", "text", "the thread that answers it"),
    Column("before", "number", "before the answer: share of asks of this meaning posted in a week"),
    Column("after", "number", "since the answer: the same share"),
    Column("change", "number", "after less before; below zero, fewer post"),
    Column("change_low", "number", "at least that, at 95 %"),
    Column("change_high", "number", "at most that, at 95 %"),
    Column("change_elsewhere", "number", "the same difference among all other asks"),
    Column("p_value", "number", "how likely as large a change is by chance"),
    Column("first_at", "moment", "the first of these asks"),
    Column("last_at", "moment", "the last of them"),
    Column("example_ask_id", "text", "the last of them"),
    Column("behind", "text", "names the asks behind this row"),
)
_DONE = (GapState.ANSWERED, GapState.DISMISSED)
_NONE: Ints = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class _Proof:
    """Before and since an answer, what share was posted; None is not known or too few."""

    before: float | None = None
    after: float | None = None
    change: float | None = None
    low: float | None = None
    high: float | None = None
    elsewhere: float | None = None
    p_value: float | None = None


def found_nothing(view: View) -> Flags:
    """Say which asks of a view found nothing: nothing good to show, and nothing sensitive."""
    found: Flags = view.kept & ~view.asks.offered & ~view.asks.sensitive
    return found


def gap_asks(context: Context, gap_id: str) -> Flags:
    """Say which asks are behind a gap. Raises BadField for one that there is not."""
    view, c = context.view, context.connection
    return in_group(c, context.forum_id, view.asks, found_nothing(view), gap_id)


def gap_rows(context: Context) -> Iterator[Row]:
    """Give the gaps: those to write an answer for first, then answered and dismissed ones."""
    view, c, forum_id = context.view, context.connection, context.forum_id
    every = groups_of_view(context)
    groups = Names(np.where(found_nothing(view), every.code, -1), every.names)
    tasks = store.gap_tasks_of(c, forum_id)
    told = store.get_ask_groups(c, forum_id)
    spared = spared_share(view)
    posted = view.settled.ended(Outcome.POSTED)
    places = dict(zip(groups.names, places_by(groups), strict=True))
    gaps = ranked(_counted(view, groups, places, posted, tasks), spared)
    done = {task.gap_id for task in tasks.values() if task.state in _DONE}
    number = 0
    for gap in sorted(gaps, key=lambda one: _order(tasks.get(one.counted.id))):
        name = gap.counted.id
        number += name not in done
        proof = _proof_of(view, every, name, tasks.get(name))
        rank = None if name in done else number
        terms = " ".join(told[name].terms) if name in told else ""
        mine = places.get(name, _NONE)
        yield _row(view, gap, mine, posted, rank, terms, spared, tasks.get(name), proof)


def spared_share(view: View) -> float | None:
    """Return which share of posts suggestions prevent where something is offered.

    Of the problems that were or would have been offered something: the lift over what the holdout
    posts. None where either arm has too few persons, or nobody of the holdout posts.
    """
    problems = compared(view)
    lift = told_lift(lift_of(problems.where(view.asks.offered[problems.ask])))
    if lift is None or lift.holdout.value <= 0:
        return None
    return lift.value / lift.holdout.value


def _counted(
    view: View,
    groups: Names,
    places: Mapping[str, Ints],
    posted: Flags,
    tasks: Mapping[str, store.GapTask],
) -> list[Counted]:
    persons = dict(zip(groups.names, persons_by(groups, view.who).tolist(), strict=True))
    found = []
    # What somebody works at stays in sight, whatever the filters leave of it.
    for name in dict.fromkeys([*groups.names, *tasks]):
        if persons.get(name, 0) >= FEWEST_OF_A_GAP or name in tasks:
            mine = places.get(name, _NONE)
            found.append(Counted(name, len(mine), persons.get(name, 0), int(np.sum(posted[mine]))))
    return found


def _order(task: store.GapTask | None) -> int:
    if task is None or task.state not in _DONE:
        return 0
    return 1 + _DONE.index(task.state)


def _proof_of(view: View, every: Names, name: str, task: store.GapTask | None) -> _Proof:
    """Return what an answer moved among the asks of its meaning, and among all others."""
    if task is None or task.answered_at is None:
        return _Proof()
    near = among(every, name)
    known = view.kept & (view.asks.followed >= PROOF_DAYS)
    posted: Flags = posted_after(view.asks) <= PROOF_DAYS
    later: Flags = view.asks.start >= task.answered_at.timestamp()
    near, others = near & known, known & ~near
    before, after = (rate(posted[near & side], view.who[near & side]) for side in (~later, later))
    change = change_of(posted[near], later[near], view.who[near])
    if before is None or after is None or change is None:
        return _Proof(
            None if before is None else before.value, None if after is None else after.value
        )
    low, high = difference_interval(after, before)
    elsewhere = [rate(posted[others & side], view.who[others & side]) for side in (~later, later)]
    there, then = elsewhere
    moved = None if there is None or then is None else then.value - there.value
    return _Proof(before.value, after.value, change.value, low, high, moved, change.p_value)


def _row(
    view: View,
    gap: Gap,
    places: Ints,
    posted: Flags,
    rank: int | None,
    terms: str,
    spared: float | None,
    task: store.GapTask | None,
    proof: _Proof,
) -> Row:
    asks, one = view.asks, gap.counted
    last = int(places[asks.start[places].argmax()]) if len(places) else None
    return (
        *(one.id, rank, terms, mostly(asks.lang, places), mostly(asks.topic, places)),
        *(one.asks, one.persons, one.posted),
        *ends_of(rate(posted[places], view.who[places])),
        *(spared, gap.prevented),
        *((GapState.OPEN if task is None else task.state).value, task and task.by),
        *(task and task.changed_at, task and task.answered_at, task and task.thread_id),
        *(proof.before, proof.after, proof.change, proof.low, proof.high),
        *(proof.elsewhere, proof.p_value),
        None if not len(places) else moment(float(asks.start[places].min())),
        None if last is None else moment(float(asks.start[last])),
        None if last is None else asks.ids[last],
        f"gap:{one.id}",
    )


def moment(seconds: float) -> datetime:
    """Return seconds since 1970 as a moment."""
    return datetime.fromtimestamp(seconds, UTC)
