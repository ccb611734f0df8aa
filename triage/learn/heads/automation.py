"""Guesses on unseen cases, and how precise they must be -> from which confidence on to speak.

In: per case the head's confidence, whether its guess was right, and its duplicate group. Out: a
threshold.

A threshold at which the guesses so far are precise enough is a lucky one half the time: it was
chosen for looking good on these very cases. So each is tested: the lower bound of Clopper and
Pearson ("The use of confidence or fiducial limits", 1934) on its precision must reach what is
wanted. Thresholds are tested from the strictest to the loosest, and the first that fails ends it
(fixed-sequence testing, so that no correction for many tests is needed). With `CONFIDENCE`, over
the draw of the cases, the chosen threshold is as precise as is wanted.
Not here: the guesses (heads), which of them are tested together (speaking), what is done with an
abstaining label (decide).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from triage.errors import BadField
from triage.policy import Policy
from triage.records import HEADS, Target

Numbers = NDArray[np.float64]

CONFIDENCE = 0.90
PRECISION = 0.80
# No head can be shown to be always right.
_SHOWABLE = (0.01, 0.99)
CHOICES = (0.80, 0.85, 0.90, 0.95, 0.98, 0.99)
# The shares of the cases at which thresholds are tested. The first is a twelfth, or as many as
# can bear three wrong guesses (or all, where they are fewer): begun earlier, one or two wrong among
# the surest would often end the test, and silence a label that is precise.
_COVERAGES = np.arange(1, 121) / 120
_REACHED = 1 / 12
_BEARABLE = 3


@dataclass(frozen=True, slots=True)
class Precision:
    """How many of each label that is said without abstaining must be right: usually, and for some
    targets.
    """

    usual: float = PRECISION
    of_target: Mapping[Target, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what no head can be held to. Raises BadField."""
        for value in (self.usual, *self.of_target.values()):
            if not 0 < value < 1:
                raise BadField("precision", f"must be above 0 and below 1, {value:g} is not")

    def wanted(self, target: Target) -> float:
        """Return the precision that is wanted of the labels of `target`."""
        return self.of_target.get(target, self.usual)


USUAL_PRECISION = Precision()


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Guesses on cases that a head had not seen; `group_of` numbers their duplicate groups."""

    confidence: Numbers
    right: NDArray[np.bool_]
    group_of: NDArray[np.int64]


def parse_precision(text: str) -> Precision:
    """Read `0.8`, `kind=0.95,topic=0.9` or `0.8,kind=0.95`. Raises BadField.

    A part without a target is what is usually wanted.
    """
    usual: float | None = None
    of_target: dict[Target, float] = {}
    for part in text.split(","):
        name, named, number = part.rpartition("=")
        value = _number(number, text)
        if not named:
            if usual is not None:
                raise BadField("precision", f"has two shares without a target in {text!r}")
            usual = value
            continue
        target = _target(name.strip())
        if target in of_target:
            raise BadField("precision", f"names {target} twice in {text!r}")
        of_target[target] = value
    return Precision(PRECISION if usual is None else usual, of_target)


def precision_by(policy: Policy, usual: Precision) -> Precision:
    """Return what a forum's policy wants of its labels, and for the others what is usual.

    A policy may want certainty, or nothing, of a label; a head is held to what can be shown.
    """
    least, most = _SHOWABLE
    wanted: dict[Target, float] = {
        target: min(most, max(least, share))
        for target, share in policy.precision.items()
        if target in HEADS
    }
    return Precision(usual.usual, {**usual.of_target, **wanted})


def sure_threshold(
    judged: Judged, wanted: float, *, confidence: float = CONFIDENCE
) -> float | None:
    """Return the loosest threshold whose precision is shown to reach `wanted`, or None."""
    found, error = None, 1 - confidence
    for value, right, spoken in _candidates(judged, _first_tested(wanted, error)):
        if lower_bound(right, spoken, error) < wanted:
            break
        found = value
    return found


def lower_bound(right: float, n: float, error: float) -> float:
    """Return the Clopper-Pearson lower bound of a share; it is wrong with a chance of `error`."""
    return float(betaincinv(right, n - right + 1, error)) if right > 0 else 0.0


def covered(judged: Judged, threshold: float | None) -> tuple[float, float | None]:
    """Return the share of the cases that a threshold speaks of, and how many of them are right."""
    if threshold is None or not len(judged.right):
        return 0.0, None
    spoken = judged.confidence >= threshold
    return float(spoken.mean()), float(judged.right[spoken].mean()) if spoken.any() else None


def _candidates(judged: Judged, least: int) -> Iterator[tuple[float, float, float]]:
    """Yield thresholds from the strictest on, with how many count as right, and as spoken of.

    Cases of one group stand and fall together: as many count as there are groups. Which
    thresholds are tested follows from the confidences and groups alone.
    """
    order = np.argsort(-judged.confidence, kind="stable")
    ranked, n = judged.confidence[order], len(order)
    if not n:
        return
    new = np.zeros(n)
    new[np.unique(judged.group_of[order], return_index=True)[1]] = 1.0
    groups, right = np.cumsum(new), np.cumsum(judged.right[order])
    places = np.unique(np.ceil(_COVERAGES * n).astype(np.int64)) - 1
    for value in np.unique(ranked[places])[::-1]:
        last = int(np.searchsorted(-ranked, -value, side="right")) - 1
        enough = last + 1 >= _REACHED * n and groups[last] >= least
        if enough or last == n - 1:
            share = float(right[last]) / (last + 1)
            yield float(value), share * float(groups[last]), float(groups[last])


@cache
def _first_tested(wanted: float, error: float) -> int:
    """Return how many guesses pass the test though _BEARABLE of them are wrong."""
    n = _BEARABLE + 1
    while lower_bound(n - _BEARABLE, n, error) < wanted:
        n += max(1, n // 50)
    return n


def _number(text: str, whole: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise BadField(
            "precision", f"is {whole!r}; write a share such as 0.8, or kind=0.95,topic=0.9"
        ) from None


def _target(name: str) -> Target:
    if name not in {str(target) for target in HEADS}:
        raise BadField("precision", f"names {name!r}; heads are {', '.join(HEADS)}")
    return Target(name)
