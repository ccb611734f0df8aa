"""A view -> the one figure that says whether suggestions earn their place, and how sure that is.

In: a `View`. Out: a `Headline`.
Not here: the lift itself (outcomes.lift), the shares that it is made of (cards).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from triage.analytics.rates import compared, persons_of
from triage.analytics.values import FEWEST_PERSONS, View
from triage.outcomes.told import HOLDOUT, TREATMENT

_TOLD = (
    *("lift", "lift_low", "lift_high", "smallest_visible_lift"),
    *("incremental", "incremental_low", "incremental_high"),
)


class Verdict(StrEnum):
    """What the lift says."""

    PREVENTS = "prevents"
    CAUSES = "causes"
    UNDECIDED = "undecided"
    TOO_FEW = "too_few"
    UNSOUND = "unsound"


@dataclass(frozen=True, slots=True)
class Headline:
    """The lift of a view with what it is worth. `unit` is `person` or `session`.

    `prevented` are posts, with the ends of their interval. With too few persons in an arm all
    figures are None, but for how many there are, whatever the verdict is. `smallest_visible` is the
    lift that could be seen.
    """

    verdict: Verdict
    unit: str
    lift: float | None
    low: float | None
    high: float | None
    prevented: float | None
    prevented_low: float | None
    prevented_high: float | None
    smallest_visible: float | None
    persons_treatment: int
    persons_holdout: int

    @property
    def enough(self) -> bool:
        """Whether a lift is told: enough persons are in both arms. It need not hold."""
        return self.lift is not None


def headline(view: View) -> Headline:
    """Return the lift of the view, or that there are too few persons to tell it.

    Where the split between the arms is not as it was drawn, the verdict says so above all else.
    """
    report, problems = view.report, compared(view)
    arms = {arm: persons_of(problems.who[problems.arm == arm]) for arm in (TREATMENT, HOLDOUT)}
    enough = min(arms.values()) >= FEWEST_PERSONS and _is_known(report)
    told: Mapping[str, Any] = report if enough else dict.fromkeys(_TOLD)
    return Headline(
        verdict=_verdict(told["lift_low"], told["lift_high"], alarm=report["srm_alarm"]),
        unit=report["unit"],
        lift=told["lift"],
        low=told["lift_low"],
        high=told["lift_high"],
        prevented=told["incremental"],
        prevented_low=told["incremental_low"],
        prevented_high=told["incremental_high"],
        smallest_visible=told["smallest_visible_lift"],
        persons_treatment=arms[TREATMENT],
        persons_holdout=arms[HOLDOUT],
    )


def _is_known(report: Mapping[str, Any]) -> bool:
    """Say whether there is a lift, and an interval that says something of it."""
    ends = (report["lift"], report["lift_low"], report["lift_high"])
    return all(end is not None and bool(np.isfinite(end)) for end in ends)


def _verdict(low: float | None, high: float | None, *, alarm: bool) -> Verdict:
    # First of all: where an arm is lost there are too few persons because of that.
    if alarm:
        return Verdict.UNSOUND
    if low is None or high is None:
        return Verdict.TOO_FEW
    if low > 0:
        return Verdict.PREVENTS
    return Verdict.CAUSES if high < 0 else Verdict.UNDECIDED
