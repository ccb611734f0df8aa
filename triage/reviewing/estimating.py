"""Items that the lot drew and a lead decided -> how often the machine is right, unbent by choice.

In: the store, days. Out: precision and coverage per label with intervals. Each drawn item counts
for the asks that it was drawn from: one over its propensity (Horvitz and Thompson, 1952; the ratio
is Hajek's, 1971). What was drawn and not answered could have been anything: the bounds say so.
Not here: what is chosen for what speaks for it, which says nothing of the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from triage import store
from triage.kept import read_labels
from triage.outcomes.intervals import Share, clusters_of, share_with_interval
from triage.records import Label, Target
from triage.reviewing.values import ASKED
from triage.store import ReviewRow, ReviewState


@dataclass(frozen=True, slots=True)
class Unbiased:
    """What the lot says of one label.

    `precision` is the share of right ones among those that the machine said, `coverage` the share
    of asks of which it said any; None: nothing to count. `judged` said ones have a person's label,
    `unanswered` have none. Precision lies between `lowest` and `highest` whatever those are.
    """

    precision: Share | None
    coverage: Share | None
    judged: int
    unanswered: int
    lowest: float | None
    highest: float | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the lot drew, how much of it is answered, and what it says of each label.

    `unanswered` is what was skipped, let go, or `seen`: answered once, so that the machine's word
    was shown, and taken back. An answer that is given after that says nothing of the machine.
    """

    drawn: int
    decided: int
    waiting: int
    unanswered: int
    seen: int
    heads: Mapping[Target, Unbiased]


def estimate(
    c: store.Connection,
    forum_id: int,
    since: date,
    until: date | None = None,
    *,
    model_version: str | None = None,
    include_simulated: bool = False,
) -> Estimate:
    """Return what the items say that the lot drew from one day to before another.

    With `model_version` only those of which that version spoke.
    """
    rows = [
        row
        for row in store.reviews_since(c, forum_id, since, until, by_lot=True)
        if (include_simulated or not row.simulated)
        and (model_version is None or row.model_version == model_version)
    ]
    who = _who(c, forum_id, rows)
    numbers: dict[str, int] = {}
    askers = [numbers.setdefault(whose, len(numbers)) for whose in who]
    states = [row.state for row in rows if not row.seen]
    decided, waiting = states.count(ReviewState.DECIDED), states.count(ReviewState.OPEN)
    return Estimate(
        len(rows),
        decided,
        waiting,
        len(rows) - decided - waiting,
        len(rows) - len(states),
        {target: _unbiased(rows, askers, target) for target in ASKED},
    )


def _who(c: store.Connection, forum_id: int, rows: Sequence[ReviewRow]) -> list[str]:
    """Return whose each item is; of one that was posted without an ask its question tells."""
    asked = store.who_asked(c, forum_id, [row.ask_id for row in rows if row.ask_id])
    alone = [row.question_id for row in rows if row.question_id and not row.ask_id]
    posted = store.who_posted(c, forum_id, alone)
    return [asked.get(r.ask_id or "", posted.get(r.question_id or "", r.id)) for r in rows]


def _unbiased(rows: Sequence[ReviewRow], askers: Sequence[int], target: Target) -> Unbiased:
    told = [(row, who, _label(row, target)) for row, who in zip(rows, askers, strict=True)]
    known = [(row, who, label) for row, who, label in told if label is not None]
    spoken = [(row, who, label) for row, who, label in known if not label.abstained]
    judged = [one for one in spoken if target.value in one[0].labels and not one[0].seen]
    right = [_key(label.value) == _key(row.labels[target.value]) for row, _, label in judged]
    covered = [(row, who, not label.abstained) for row, who, label in known]
    asked = [(row, who, yes) for (row, who, _), yes in zip(judged, right, strict=True)]
    weight = sum(_weight(row) for row, _, _ in spoken)
    sure = sum(_weight(row) for row, _, yes in asked if yes)
    wrong = sum(_weight(row) for row, _, yes in asked if not yes)
    return Unbiased(
        _share(asked),
        _share(covered),
        len(judged),
        len(spoken) - len(judged),
        sure / weight if weight else None,
        1.0 - wrong / weight if weight else None,
    )


def _share(told: Sequence[tuple[ReviewRow, int, bool]]) -> Share | None:
    """Return the weighted share of ones, with the error of a ratio of two weighted sums."""
    if not told:
        return None
    weights = np.array([_weight(row) for row, _, _ in told], dtype=np.float64)
    ones = np.array([yes for _, _, yes in told], dtype=np.float64)
    value = float(weights @ ones / weights.sum())
    influence = len(told) * weights * (ones - value) / weights.sum()
    who = np.array([number for _, number, _ in told], dtype=np.int64)
    return share_with_interval(value, influence, clusters_of(who))


def _label(row: ReviewRow, target: Target) -> Label | None:
    label = read_labels({"labels": row.said}).get(target)
    return label if label is not None and label.value is not None else None


def _weight(row: ReviewRow) -> float:
    return 1.0 / row.propensity if row.propensity else 0.0


def _key(label: object) -> str:
    return " ".join(str(label).split()).casefold()
