"""What must not get worse while posts get fewer: help delayed, help asked for, slices harmed.

In: `Asks`, which count, their problems. Out: counts, waits, and the lift by slice.
Not here: the headline (lift).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from triage.outcomes.asks import DAY, Asks, Flags, Names
from triage.outcomes.lift import Lift, Problems, lift_of
from triage.outcomes.outcome import POSTING, SOLVING
from triage.outcomes.told import CODE_OF, TREATMENT
from triage.records import EventType

_STILL = (CODE_OF[EventType.STILL_NEED_HELP],)
_ANSWERED = (CODE_OF[EventType.ANSWERED], CODE_OF[EventType.ACCEPTED])
# A severe or sensitive ask that suggestions held up for longer than this was delayed by them.
DELAY_DAYS = 1 / 24
WORST_SEVERITY = 1
# A slice of fewer problems in an arm says nothing.
FEWEST_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class Guardrails:
    """Seconds are medians over those who got there; None where nobody did."""

    severe_delayed: int
    still_need_help: int
    still_need_help_share: float | None
    seconds_to_still_need_help: float | None
    seconds_from_there_to_post: float | None
    seconds_to_useful_answer_treatment: float | None
    seconds_to_useful_answer_holdout: float | None


@dataclass(frozen=True, slots=True)
class Slice:
    """The lift of one slice; `harmed` when it is below nothing with all slices counted."""

    name: str
    lift: Lift
    harmed: bool


def guardrails(asks: Asks, kept: Flags, offered: Flags) -> Guardrails:
    """Return what must not get worse, over the asks that count.

    Severe or sensitive is what has severity 1 or anything sensitive in it. Such an ask was delayed
    when suggestions were offered in its way and it reached nobody within the hour, unless the
    person said that it is solved.
    """
    n = len(asks)
    told = asks.followings
    posted = told.of(*POSTING).first(n)
    still = told.of(*_STILL).first(n)
    solved = told.of(*SOLVING).first(n)
    severe = (asks.severity <= WORST_SEVERITY) | asks.sensitive
    reached = np.minimum(posted, solved)
    # Only what was followed for the hour can be known to have waited.
    late = (reached > DELAY_DAYS) & (asks.followed >= DELAY_DAYS)
    useful = np.minimum(solved, told.of(*_ANSWERED).first(n))
    pressed = offered & np.isfinite(still)
    then = pressed & np.isfinite(posted) & (posted >= still)
    treated = kept & (asks.arm == TREATMENT)
    return Guardrails(
        severe_delayed=int(np.sum(offered & severe & late)),
        still_need_help=int(np.sum(pressed)),
        still_need_help_share=float(np.mean(pressed[offered])) if np.any(offered) else None,
        seconds_to_still_need_help=_median(still[pressed]),
        seconds_from_there_to_post=_median(posted[then] - still[then]),
        seconds_to_useful_answer_treatment=_median(useful[treated & np.isfinite(useful)]),
        seconds_to_useful_answer_holdout=_median(
            useful[kept & (asks.arm >= 0) & ~treated & np.isfinite(useful)]
        ),
    )


def slices_of(problems: Problems, names: Names, window_days: float) -> list[Slice]:
    """Return the lift in each slice that has 20 problems in both arms.

    A slice is harmed when its lift is below zero at 95 % divided by the number of slices
    (Bonferroni): with many slices one of them always looks bad.
    """
    codes = names.code[problems.ask]
    found = []
    for code in np.unique(codes).tolist():
        lift = lift_of(problems.where(codes == code), window_days)
        if lift is not None and min(lift.holdout.asks, lift.treatment.asks) >= FEWEST_PROBLEMS:
            found.append((names.names[code] if code >= 0 else "", lift))
    return [Slice(name, lift, _harmed(lift, len(found))) for name, lift in found]


def _harmed(lift: Lift, slices: int) -> bool:
    worst = float(ndtri(1 - 0.05 / (2 * slices)) / ndtri(0.975))
    return lift.value + worst * (lift.high - lift.value) < 0


def _median(days: NDArray[np.float64]) -> float | None:
    return float(np.median(days)) * DAY if len(days) else None
