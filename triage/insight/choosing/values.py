"""What choosing takes and gives: scored questions, what lies near them, the chosen ones, a lot.

In: nothing. Out: the values that the other files here take and give.
Not here: any deciding, reading a store (reviewing).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from triage.insight.values import Codes, Numbers, Vectors

Flags = NDArray[np.bool_]


class Why(StrEnum):
    """What speaks for looking at a question next, of what can be read off model and cases."""

    UNCERTAIN = "uncertain"
    DISAGREEING = "disagreeing"
    NOVEL = "novel"


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """The labelled cases nearest to each question, nearest first: shape (n, k).

    `places` are the numbers that the caller gave the cases, -1 where there are fewer than k;
    `cosines` has minus infinity there.
    """

    places: Codes
    cosines: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """What may be chosen, one row each: where it lies, and by reason how much speaks for it.

    A row of zeros in `vectors` lies nowhere. In `scores` higher is looked at sooner, and nan is no
    candidate of this reason.
    """

    vectors: Vectors
    scores: Mapping[str, Numbers]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A row of the pool, the reason that it was chosen for and its score for that reason."""

    place: int
    why: str
    score: float


@dataclass(frozen=True, slots=True)
class Lot:
    """What was drawn by lot, in the order of the lot, and the chance that each row had."""

    places: tuple[int, ...]
    propensity: float
