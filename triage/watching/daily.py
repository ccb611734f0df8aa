"""Asks and judged cases -> a card a day and target: coverage and precision, with intervals.

In: the last replies to the asks of some days, guesses of cases. Out: cards.
Not here: verdicts (insight.drift): a day alone says next to nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from triage.insight.drift import Span
from triage.outcomes.intervals import Share, mean_share
from triage.records import Target
from triage.watching.judging import TARGETS, Guess
from triage.watching.moments import date_of, day_of
from triage.watching.reading import SILENT, Asked, said


@dataclass(frozen=True, slots=True)
class Card:
    """One target on one day, or on all of the days together (`day` None).

    `coverage` is the share of `asks` of which the model said this label, `precision` the share of
    the `judged` cases of which it was right when it said it. None: nothing to count.
    """

    day: date | None
    target: Target
    asks: int
    coverage: Share | None
    judged: int
    precision: Share | None


def cards(span: Span, asked: Asked, version: str, guessed: Sequence[Guess]) -> tuple[Card, ...]:
    """Return the cards of all days together, and then of each day, the latest first."""
    marks = list(zip(asked.marks, asked.who, strict=True))
    replied = [
        (day_of(mark.opened_at), who, reply.reply)
        for mark, who in marks
        if (reply := asked.replies.get(mark.ask_id)) and reply.model_version == version
    ]
    found: list[Card] = []
    for days in (None, *range(span.end - 1, span.first - 1, -1)):
        todays = [one for one in replied if days is None or one[0] == days]
        for target in TARGETS:
            labels = [(said(reply, target)[0], who) for _, who, reply in todays]
            told = [(label != SILENT, who) for label, who in labels if label is not None]
            mine = [
                (one.right, one.who)
                for one in guessed
                if one.target is target
                and one.spoken
                and (span.first <= one.day < span.end if days is None else one.day == days)
            ]
            day = None if days is None else date_of(days)
            found.append(Card(day, target, len(told), _share(told), len(mine), _share(mine)))
    return tuple(found)


def _share(told: Sequence[tuple[bool, int | str]]) -> Share | None:
    numbers: dict[int | str, int] = {}
    who = np.array([numbers.setdefault(name, len(numbers)) for _, name in told], dtype=np.int64)
    return mean_share(np.array([yes for yes, _ in told], dtype=np.float64), who)
