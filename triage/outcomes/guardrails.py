"""What must not get worse while posts get fewer: help delayed, help asked for, slices harmed.

In: `Asks`, which count, their problems. Out: counts, waits, and the lift by slice.
Not here: the headline (lift), harm by language and newcomer (harm).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from triage.costs import SEVERE
from triage.outcomes.asks import DAY, Asks, Flags, Ints, Names
from triage.outcomes.intervals import mean_share
from triage.outcomes.lift import Lift, Problems, lift_of
from triage.outcomes.outcome import POSTING, SOLVING
from triage.outcomes.told import CODE_OF, HOLDOUT, TREATMENT
from triage.outcomes.waits import Waits, waits_told
from triage.records import EventType

STILL = (CODE_OF[EventType.STILL_NEED_HELP],)
_ANSWERED = (CODE_OF[EventType.ANSWERED], CODE_OF[EventType.ACCEPTED])
# A severe or sensitive ask that suggestions held up for longer than this was delayed by them.
DELAY_DAYS = 1 / 24
# So many ids of delayed asks are named; the count is of all.
MOST_NAMED = 100
# A slice of fewer problems in an arm says nothing.
FEWEST_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class Guardrails:
    """Seconds are medians and 90 % quantiles over those who got there; None where nobody did.

    `useful_answer` has the waits of both arms, in which whoever still waits counts.
    """

    severe_offered: int
    severe_delayed: int
    severe_delayed_asks: tuple[str, ...]
    still_need_help: int
    still_need_help_share: float | None
    still_need_help_share_low: float | None
    still_need_help_share_high: float | None
    still_need_help_unmet: int
    seconds_to_still_need_help: float | None
    seconds_to_still_need_help_p90: float | None
    seconds_from_there_to_post: float | None
    seconds_from_there_to_post_p90: float | None
    seconds_to_useful_answer_treatment: float | None
    seconds_to_useful_answer_holdout: float | None
    useful_answer: dict[str, dict[str, object]]


@dataclass(frozen=True, slots=True)
class Slice:
    """The lift of one slice; `harmed` when it is below nothing with all slices counted."""

    name: str
    lift: Lift
    harmed: bool


def guardrails(asks: Asks, kept: Flags, offered: Flags, who: Ints) -> Guardrails:
    """Return what must not get worse, over the asks that count."""
    n = len(asks)
    severe = offered & ((asks.severity <= max(SEVERE)) | asks.sensitive)
    delayed = np.flatnonzero(severe & held_up_asks(asks))
    useful = np.minimum(
        asks.followings.of(*SOLVING).first(n), asks.followings.of(*_ANSWERED).first(n)
    )
    arms = {"treatment": kept & (asks.arm == TREATMENT), "holdout": kept & (asks.arm == HOLDOUT)}
    got = {name: useful[arm & np.isfinite(useful)] for name, arm in arms.items()}
    return Guardrails(
        severe_offered=int(np.sum(severe)),
        severe_delayed=len(delayed),
        severe_delayed_asks=tuple(asks.ids[place] for place in delayed[:MOST_NAMED].tolist()),
        **_help_asked_for(asks, offered, who),
        seconds_to_useful_answer_treatment=_quantile(got["treatment"], 0.5),
        seconds_to_useful_answer_holdout=_quantile(got["holdout"], 0.5),
        useful_answer={
            name: waits_told(Waits(useful[arm], asks.followed[arm], who[arm]))
            for name, arm in arms.items()
        },
    )


def held_up_asks(asks: Asks) -> Flags:
    """Say of each ask whether it reached nobody within the hour, nor was said to be solved.

    Only what was followed for the hour can be known to have waited.
    """
    n = len(asks)
    posted, solved = (asks.followings.of(*kinds).first(n) for kinds in (POSTING, SOLVING))
    late: Flags = (np.minimum(posted, solved) > DELAY_DAYS) & (asks.followed >= DELAY_DAYS)
    return late


def _help_asked_for(asks: Asks, offered: Flags, who: Ints) -> dict[str, Any]:
    """Return the use of "I still need help", and how long it took to get to it and on from it."""
    n = len(asks)
    posted = asks.followings.of(*POSTING).first(n)
    still = asks.followings.of(*STILL).first(n)
    pressed = offered & np.isfinite(still)
    then = pressed & np.isfinite(posted) & (posted >= still)
    share = mean_share(pressed[offered].astype(np.float64), who[offered])
    return {
        "still_need_help": int(np.sum(pressed)),
        "still_need_help_share": share and share.value,
        "still_need_help_share_low": share and share.low,
        "still_need_help_share_high": share and share.high,
        "still_need_help_unmet": int(np.sum(unmet_asks(asks, offered))),
        "seconds_to_still_need_help": _quantile(still[pressed], 0.5),
        "seconds_to_still_need_help_p90": _quantile(still[pressed], 0.9),
        "seconds_from_there_to_post": _quantile((posted[then] - still[then]), 0.5),
        "seconds_from_there_to_post_p90": _quantile((posted[then] - still[then]), 0.9),
    }


def unmet_asks(asks: Asks, offered: Flags) -> Flags:
    """Return the offered asks that pressed "I still need help" and an hour later had nobody."""
    n = len(asks)
    posted = asks.followings.of(*POSTING).first(n)
    still = asks.followings.of(*STILL).first(n)
    pressed = offered & np.isfinite(still)
    since = np.where(pressed, still, 0.0)
    unmet: Flags = pressed & (posted - since > DELAY_DAYS)
    return unmet & (asks.followed - since >= DELAY_DAYS)


def slices_within(
    cut: Sequence[tuple[int, Problems]], names: Names, window_days: float
) -> list[Slice]:
    """Return the lift in each slice that has 20 problems in both arms.

    `cut` are the problems of each of the codes of `names`. A slice is harmed when its lift is
    below zero at 95 % divided by the number of slices (Bonferroni): with many slices one of them
    always looks bad.
    """
    found = []
    for code, some in cut:
        lift = lift_of(some, window_days)
        if lift is not None and min(lift.holdout.asks, lift.treatment.asks) >= FEWEST_PROBLEMS:
            found.append((names.names[code] if code >= 0 else "", lift))
    return [Slice(name, lift, _harmed(lift, len(found))) for name, lift in found]


def _harmed(lift: Lift, slices: int) -> bool:
    worst = float(ndtri(1 - 0.05 / (2 * slices)) / ndtri(0.975))
    return lift.value + worst * (lift.high - lift.value) < 0


def _quantile(days: NDArray[np.float64], share: float) -> float | None:
    return float(np.quantile(days, share)) * DAY if len(days) else None
