"""How long others waited -> how long this question will wait for its first answer. Pure.

In: one row per earlier question, those still waiting included. Out: quantiles with the number of
questions that they rest on, or none where too few were like it.
Not here: when a question is overdue (sweeping), reading history (store), words (phrases).

What still waits, or ended without an answer, was at least so long without one. Leaving it out
would promise too much, so the quantiles are those of the estimate of Kaplan and Meier (1958).
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from triage.records import Destination

Floats = NDArray[np.float64]
HALF, MOST = 0.5, 0.9
# Fewer questions, or fewer answers among them, tell nothing that a person should plan by.
FEWEST, FEWEST_ANSWERED = 20, 10
# A quantile where fewer than this were still followed is an accident of two or three of them.
FEWEST_FOLLOWED = 3


@dataclass(frozen=True, slots=True)
class Wait:
    """How long one question waited, from received on: to its first answer, or so far without.

    `destination` is where it was sent first, whoever answered in the end.
    """

    destination: Destination
    topic: str | None
    seconds: float
    answered: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """How long until a first answer: half and nine in ten of such questions had one by then.

    None is unknown. `cases` is on how many questions it rests and `answered` how many of them had
    an answer; `topic` and `destination` say what is meant by such, None that any counted.
    """

    half: timedelta | None = None
    most: timedelta | None = None
    cases: int = 0
    answered: int = 0
    destination: Destination | None = None
    topic: str | None = None

    @property
    def known(self) -> bool:
        """Whether anything can be said."""
        return self.half is not None


@dataclass(frozen=True, slots=True)
class Curve:
    """Up to which moment which share was still without an answer.

    `moments` are those at which an answer came, in seconds; `without` the share that was without
    one after it; `followed` how many were known to wait until it.
    """

    moments: Floats
    without: Floats
    followed: Floats
    cases: int
    answered: int

    def quantile(self, share: float, waited: float | None = None) -> float | None:
        """Return after how many seconds this share has an answer.

        Of all, or of those that had none yet after they had `waited` so long.
        """
        told = None if waited is None else np.searchsorted(self.moments, waited, side="right")
        passed = 0 if told is None else int(told)
        left = float(self.without[passed - 1]) if passed else 1.0
        if left <= 0.0:
            return None
        reached = np.flatnonzero(self.without[passed:] <= (1.0 - share) * left + 1e-12)
        if not len(reached):
            return None
        place = passed + int(reached[0])
        return float(self.moments[place]) if self.followed[place] >= FEWEST_FOLLOWED else None


@dataclass(frozen=True, slots=True)
class Waits:
    """What a forum's history says, by destination and topic, and by destination alone."""

    curves: Mapping[tuple[Destination, str | None], Curve]

    def expect(
        self, destination: Destination, topic: str | None, waited: timedelta = timedelta(0)
    ) -> Expected:
        """Return how long a question waits in all, given that it has waited so long already.

        Where a topic has too few, its destination counts; where that has too few, it is unknown.
        """
        for about in dict.fromkeys((topic, None)):
            curve = self.curves.get((destination, about))
            if curve is None:
                continue
            half = curve.quantile(HALF, waited.total_seconds())
            if half is not None:
                most = curve.quantile(MOST, waited.total_seconds())
                return Expected(
                    timedelta(seconds=half),
                    None if most is None else timedelta(seconds=most),
                    curve.cases,
                    curve.answered,
                    destination,
                    about,
                )
        return Expected()

    def learned_limits(self, share: float = MOST) -> dict[str, timedelta]:
        """Return by when this share of the community's questions of a topic had an answer.

        It is what a sweep may wait; a topic of which too little is known is left out, and so is
        one where the share is never reached.
        """
        found = {}
        for (destination, topic), curve in self.curves.items():
            seconds = curve.quantile(share)
            if destination is Destination.COMMUNITY and topic is not None and seconds is not None:
                found[topic] = timedelta(seconds=seconds)
        return found


def learn_waits(history: Iterable[Wait], fewest: int = FEWEST) -> Waits:
    """Return the curves of a history; one that rests on too few is left out."""
    groups: defaultdict[tuple[Destination, str | None], list[Wait]] = defaultdict(list)
    for one in history:
        if not (math.isfinite(one.seconds) and one.seconds >= 0):
            continue  # a clock that went backwards tells nothing of waiting
        groups[(one.destination, None)].append(one)
        if one.topic is not None:
            groups[(one.destination, one.topic)].append(one)
    curves = {}
    for about, waits in groups.items():
        answered = sum(one.answered for one in waits)
        if len(waits) >= fewest and answered >= min(FEWEST_ANSWERED, fewest):
            curves[about] = curve_of(waits)
    return Waits(curves)


def curve_of(waits: Sequence[Wait]) -> Curve:
    """Return the share without an answer over time; a tie counts the answer first."""
    seconds = np.array([one.seconds for one in waits], dtype=np.float64)
    hit = np.array([one.answered for one in waits], dtype=bool)
    moments, counts = np.unique(seconds[hit], return_counts=True)
    waiting = len(seconds) - np.searchsorted(np.sort(seconds), moments, side="left")
    followed = waiting.astype(np.float64)
    without = np.cumprod(1.0 - counts / followed, dtype=np.float64)
    return Curve(moments, without, followed, len(seconds), int(hit.sum()))
