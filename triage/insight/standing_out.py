"""What came of each of many groups -> those in which it comes more often than in the others.

In: rows with their group, whose they are, and whether it came. Out: per group a p-value, and the
share of wrong ones among all that stand out as much. Pure.
Not here: what the groups are, intervals (outcomes).

With many groups one of them always looks bad: so it is the share of wrong ones among those told
that is kept small (Benjamini and Hochberg, 1995), and several rows of one person count as one.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc

from triage.insight.clicks import Flags, Floats, Ints, repeated
from triage.insight.rising import wrong_shares

# So many wrong ones may be among those that are told.
WRONG = 0.1


@dataclass(frozen=True, slots=True)
class StandingOut:
    """Per group: how likely so much is if it is as the others, and whether it is told.

    `p_value` and `q_value` are nan for groups that were not looked at.
    """

    p_value: Floats
    q_value: Floats
    told: Flags


def above_others(
    hit: Flags, group: Ints, who: Ints, looked: Flags, wrong: float = WRONG
) -> StandingOut:
    """Return which of the groups that are looked at have more hits than all others together.

    Groups and persons count from 0 on; `looked` has one entry a group.
    """
    groups = len(looked)
    worth = 1.0 / repeated(group, who, groups)
    sizes = np.bincount(group, minlength=groups) * worth
    hits = np.bincount(group, weights=hit, minlength=groups) * worth
    # Half a hit in one row more: what never came to the others is not impossible.
    usual = (hits.sum() - hits + 0.5) / (sizes.sum() - sizes + 1.0)
    found = np.ones(groups)
    some = hits > 0
    # At least so many of so many: exact for whole numbers (Clopper and Pearson, 1934).
    found[some] = betainc(hits[some], (sizes - hits)[some] + 1.0, usual[some])
    p_value = np.where(looked, found, np.nan)
    q_value = np.full(groups, np.nan)
    q_value[looked] = wrong_shares(p_value[looked])
    return StandingOut(p_value, q_value, looked & (q_value <= wrong))
