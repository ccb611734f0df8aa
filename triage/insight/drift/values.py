"""What watching says and what it looks at: traffic as columns, windows of weeks, verdicts.

In: nothing. Out: the values that the other files here take and give.
Not here: any deciding, reading a store (watching).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from triage.insight.values import Codes, Numbers, Vectors

Flags = NDArray[np.bool_]

# The slice that is everything.
ALL = "all"
WEEK = 7


class Part(StrEnum):
    """What may have changed: what is asked, what the model says of it, how often it is right."""

    INPUTS = "inputs"
    PREDICTIONS = "predictions"
    PRECISION = "precision"


class Verdict(StrEnum):
    """What there is to say of one measure, from the best to the worst; or that nobody can say."""

    STEADY = "steady"
    # Unusual, but not surely, or not by much: worth a look when there is time.
    WATCH = "watch"
    DRIFTED = "drifted"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Moved:
    """Something that has another share, or another mean, than it had."""

    name: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Drift:
    """What is said of one measure in one slice (`all`, or as `lang=sv`).

    `statistic` is how far recent traffic lies from the reference, in units of what chance alone
    does on average; of precision it is the share that was right. `p_value` is for what is compared,
    `e_value` for what is bet on: how many times the stake was won against "it keeps its promise".
    `since` is the day (counted from 1970) on which it seems to have begun; `what` moved most.
    """

    part: Part
    measure: str
    slice: str
    verdict: Verdict
    statistic: float | None = None
    p_value: float | None = None
    e_value: float | None = None
    persons: int = 0
    persons_before: int = 0
    since: int | None = None
    what: tuple[Moved, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells one verdict from another: part, measure, slice."""
        return self.part.value, self.measure, self.slice


@dataclass(frozen=True, slots=True)
class Looking:
    """How drift is looked for.

    `wrong` bounds the share of wrong ones among what one weekly look calls drifted, over all
    measures and slices; of precision, over all the life of a model. `rather` is that bound for what
    is worth a look. A week needs so many `persons`, the reference twice as many, and so many
    `weeks`; a model is judged from so many `judged` cases on. `draws` are permutations.
    """

    wrong: float = 0.005
    rather: float = 0.1
    wrong_promise: float = 0.05
    persons: int = 30
    weeks: int = 4
    judged: int = 20
    draws: int = 300
    seed: int = 20


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to before `end`, counted from 1970."""

    first: int
    end: int

    @property
    def weeks(self) -> int:
        """How many whole weeks it has."""
        return (self.end - self.first) // WEEK


@dataclass(frozen=True, slots=True, eq=False)
class Traffic:
    """Asks, one row each: on which day, whose, and what is known of each.

    `vectors` has a row of zeros where an ask has none, `words` None where they are not kept any
    more. `classes` are names by measure, None where it is not known; `numbers` nan there. `slices`
    are names, too.
    """

    day: Codes
    who: Codes
    vectors: Vectors
    words: Sequence[frozenset[str] | None]
    classes: Mapping[str, Sequence[str | None]]
    numbers: Mapping[str, Numbers]
    slices: Mapping[str, Sequence[str | None]]

    def __len__(self) -> int:
        """Return how many asks there are."""
        return len(self.day)

    def only(self, rows: Codes) -> "Traffic":
        """Return some of the rows."""
        places = rows.tolist()
        return Traffic(
            self.day[rows],
            self.who[rows],
            self.vectors[rows],
            [self.words[i] for i in places],
            {name: [found[i] for i in places] for name, found in self.classes.items()},
            {name: found[rows] for name, found in self.numbers.items()},
            {name: [found[i] for i in places] for name, found in self.slices.items()},
        )


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What a model said of cases that people have labelled, one row each, and whether it was right.

    Only what it said: where it kept silent there is no row.
    """

    day: Codes
    who: Codes
    right: Flags
    slices: Mapping[str, Sequence[str | None]]
