"""The measures of the experiment under their names: lift, what it is worth, whether it is sound.

In: problems, and what is wanted. Out: mappings of numbers, ready to be written as JSON.
Not here: the measures themselves (lift, planning, sequence), those of one arm alone (report).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from triage.outcomes.asks import DAY, Asks, Floats, Names
from triage.outcomes.guardrails import Slice, slices_within
from triage.outcomes.intervals import Share
from triage.outcomes.lift import (
    Lift,
    Problems,
    firsts,
    lift_of,
    lift_within,
    posts_per_person,
)
from triage.outcomes.money import Costs, money
from triage.outcomes.only import ALL, Only
from triage.outcomes.outcome import WINDOW_DAYS
from triage.outcomes.planning import SPLIT_ALARM, days_until_visible, smallest_visible, split_p
from triage.outcomes.sequence import always_valid, split_p_always
from triage.outcomes.told import HOLDOUT, TREATMENT

WORTH_KNOWING = 0.05
_NEWCOMER = ("no", "yes")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a report is of: the share that should be in the holdout, the period, the window.

    `since` and `until` are in seconds since 1970 UTC, the latter exclusive. `worth_knowing` is the
    lift that one wants to be able to see, `costs` what a post costs and the service does. Days
    were meant in `time_zone`. `only`: the asks that it is of.
    """

    holdout: float
    since: float | None = None
    until: float | None = None
    window_days: float = WINDOW_DAYS
    worth_knowing: float = WORTH_KNOWING
    costs: Costs | None = None
    time_zone: str = "UTC"
    only: Only = ALL


@dataclass(frozen=True, slots=True)
class Sliced:
    """The lift of each slice by one property, and the one that is weighed by these slices."""

    slices: Sequence[Slice]
    within: Lift | None


def experiment(problems: Problems, wanted: Wanted) -> dict[str, Any]:
    """Return the lift of these problems, what it is worth, and whether the split is sound."""
    lift = lift_of(problems, wanted.window_days)
    always = None if lift is None else always_valid(lift)
    persons = posts_per_person(problems, wanted.window_days)
    return {
        "lift": lift and lift.value,
        "lift_low": lift and lift.low,
        "lift_high": lift and lift.high,
        "lift_always_low": always and always[0],
        "lift_always_high": always and always[1],
        "lift_days": lift and lift.days,
        "posting_holdout": None if lift is None else share_told(lift.holdout),
        "posting_treatment": None if lift is None else share_told(lift.treatment),
        "person_lift": persons and persons.value,
        "person_lift_low": persons and persons.low,
        "person_lift_high": persons and persons.high,
        **_worth(lift, problems, wanted),
        **_split(problems, wanted.holdout),
    }


def offered_lift(asks: Asks, problems: Problems, window_days: float) -> dict[str, Any]:
    """Return the lift among what was or would have been offered, where the holdout tells that."""
    would = asks.offered[problems.ask]
    told = bool(np.any(would & (problems.arm == HOLDOUT)))
    lift = lift_of(problems.where(would), window_days) if told else None
    return {
        "offered_lift": lift and lift.value,
        "offered_lift_low": lift and lift.low,
        "offered_lift_high": lift and lift.high,
    }


def slices_of(asks: Asks, problems: Problems, window_days: float) -> dict[str, Sliced]:
    """Return the lift by slice of whatever the asks can be sliced by."""
    found = {}
    alike = problems.alike()
    for name, names in _dimensions(asks):
        cut = list(alike.by(names.code[problems.ask]))
        within = lift_within([some for _, some in cut], window_days)
        found[name] = Sliced(slices_within(cut, names, window_days), within)
    return found


def slices_told(found: Mapping[str, Sliced]) -> dict[str, Any]:
    """Return the lift by slice, and the one that is weighed by slices, under their names."""
    return {
        "slices": {name: [_slice(one) for one in sliced.slices] for name, sliced in found.items()},
        "stratified": {
            name: None if sliced.within is None else _lift_told(sliced.within)
            for name, sliced in found.items()
        },
    }


def share_told(share: Share) -> Mapping[str, Any]:
    """Return a share under the names that all shares have."""
    return {"share": share.value, "low": share.low, "high": share.high, "asks": share.asks}


def _worth(lift: Lift | None, problems: Problems, wanted: Wanted) -> dict[str, Any]:
    """Return how many posts were prevented, what that saved, and what could be seen at all."""
    treated = int(np.sum(problems.arm == TREATMENT))
    days = float(np.ptp(problems.start)) / DAY if len(problems.start) else 0.0
    prevented = (
        None if lift is None else (treated * lift.value, treated * lift.low, treated * lift.high)
    )
    visible = None if lift is None else smallest_visible(lift.standard_error)
    return {
        "incremental": prevented and prevented[0],
        "incremental_low": prevented and prevented[1],
        "incremental_high": prevented and prevented[2],
        **money(prevented, wanted.costs),
        "smallest_visible_lift": visible if visible is None or np.isfinite(visible) else None,
        "worth_knowing": wanted.worth_knowing,
        "days_until_known": lift and days_until_visible(lift, days, wanted.worth_knowing),
    }


def _split(problems: Problems, share: float) -> dict[str, Any]:
    """Return whether the persons are split between the arms as they should be.

    Each counts once, in the arm of the first ask and with its chance, so that it holds whether
    persons or asks were assigned. Where chances differ, the split spreads a little less than the
    test of their mean expects: the alarm errs on the quiet side.
    """
    order, first = firsts(problems.who, problems.start)
    arms = problems.arm[order][first]
    chances = _chances(problems, share)[order][first]
    in_arm = [np.bincount(problems.who[problems.arm == arm]) > 0 for arm in (HOLDOUT, TREATMENT)]
    some = min(len(one) for one in in_arm)
    in_both = int(np.count_nonzero(in_arm[0][:some] & in_arm[1][:some]))
    p = split_p(int(np.sum(arms == HOLDOUT)), int(np.sum(arms == TREATMENT)), _mean(chances, share))
    return {
        "srm_p": p,
        "srm_alarm": p is not None and p < SPLIT_ALARM,
        "srm_p_always": split_p_always(arms == HOLDOUT, chances),
        "persons": len(arms),
        "persons_in_holdout": int(np.sum(arms == HOLDOUT)),
        "persons_in_both_arms": in_both,
    }


def _chances(problems: Problems, share: float) -> Floats:
    """Return the chance of the holdout of each problem: its own, or else the stated one."""
    own = problems.share
    if own is None or not len(own) or np.any(np.isnan(own)):
        return np.full(len(problems.who), share)
    return own


def _mean(chances: Floats, share: float) -> float:
    if np.all(chances == chances[:1]):
        # The mean of many equal numbers is only nearly that number.
        return float(chances[0]) if len(chances) else share
    return float(np.mean(chances))


def _dimensions(asks: Asks) -> list[tuple[str, Names]]:
    """Return what the asks can be sliced by: what at least one of them says of itself."""
    newcomer = Names(asks.newcomer, _NEWCOMER)
    named = [("lang", asks.lang), ("topic", asks.topic), ("newcomer", newcomer)]
    return [(name, names) for name, names in named if np.any(names.code >= 0)]


def _slice(found: Slice) -> dict[str, Any]:
    lift = found.lift
    return {
        "slice": found.name or None,
        "asks": lift.holdout.asks + lift.treatment.asks,
        **_lift_told(lift),
        "harmed": found.harmed,
    }


def _lift_told(lift: Lift) -> dict[str, float]:
    return {"lift": lift.value, "lift_low": lift.low, "lift_high": lift.high}
