"""What a right or wrong way of routing costs: before the answer is known, and after. Pure.

In: what each way costs, and how likely a question needs an expert and how bad it is, or who really
had to answer. Out: expert hours, expected or incurred.
Not here: deciding (decide), comparing two ways of deciding (learn).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from triage.errors import NotEnoughData
from triage.records import Destination

SEVERE = frozenset({1, 2})


@dataclass(frozen=True, slots=True)
class Costs:
    """What each way of routing costs, in hours of an expert's work or their worth.

    The defaults are round numbers for a forum to replace with its own; what they rest on:

    - `expert`, 1: a question that needed an expert and got one takes about an hour to read, try
      out, answer and follow up. It is the unit.
    - `community`, 0.1: staff read along and mark what is solved, six minutes a question.
    - `needless_expert`, 0.75: the community would have answered. Such a question is easier than
      one that needs an expert, so half an hour; and the answer is private, so that the next person
      finds nothing and part of the work comes again: a quarter more.
    - `missed_expert`, 3: it needed an expert and was left with the community. The expert's hour is
      spent all the same, later; until then the customer waits for days, others have tried in vain,
      and some write a second time or elsewhere.
    - `missed_severe`, 10: the same at severity 1 or 2, where work stands still or data or money
      are at stake: more than a day of an expert's time once it is noticed, and sooner or later a
      customer.
    """

    expert: float = 1.0
    community: float = 0.1
    needless_expert: float = 0.75
    missed_expert: float = 3.0
    missed_severe: float = 10.0

    def __post_init__(self) -> None:
        """Refuse costs by which a wrong way would be the cheaper one. Raises ValueError."""
        if not 0 <= self.community <= self.needless_expert:
            raise ValueError("An expert's answer cannot cost less than the community's.")
        if not 0 <= self.expert <= self.missed_expert <= self.missed_severe:
            raise ValueError("A missed expert cannot cost less than one asked at once.")

    @property
    def worth_asking_from(self) -> float:
        """The probability of needing an expert from which asking one is the cheaper way.

        For ordinary severity: there a wrong side either way is weighed by what it loses over the
        right one.
        """
        needless = self.needless_expert - self.community
        missed = self.missed_expert - self.expert
        return needless / (needless + missed) if needless + missed else 0.5

    def cut(self, severe: float = 0.0) -> float:
        """Return the probability over which asking an expert is the cheaper way.

        `severe` is the probability of severity 1 or 2. Where nothing is ever lost by leaving a
        question with the community it is 1, which no probability is over. It never falls as a
        needless expert grows dearer, and never rises as a missed one does, not even by rounding.
        """
        needless = self.needless_expert - self.community
        missed = (1 - severe) * self.missed_expert + severe * self.missed_severe - self.expert
        if missed <= 0:
            return 1.0
        return 1 / (1 + missed / needless) if needless > 0 else 0.0

    def expected(self, decided: Destination, expert: float, severe: float = 0.0) -> float:
        """Return what deciding so costs in the mean.

        `expert` is the probability that the question needs an expert, `severe` that its severity
        is 1 or 2. Given the question, the two are taken to be independent. In truth they lean
        together; but to take it that whatever is severe needs an expert asks half as many experts
        again in vain, and costs no less (docs/decisions/routing-by-cost.md).
        """
        if decided is Destination.EXPERT:
            return (1 - expert) * self.needless_expert + expert * self.expert
        missed = (1 - severe) * self.missed_expert + severe * self.missed_severe
        return (1 - expert) * self.community + expert * missed

    def favour_expert(self, expert: float, severe: float = 0.0) -> bool:
        """Say whether asking an expert is the cheaper bet; where it is not, it is the community.

        The probabilities are those of `expected`.
        """
        return expert > self.cut(severe)


@dataclass(frozen=True, slots=True)
class Routed:
    """One question: who really had to answer, who was decided on, and how bad it was (1-4)."""

    truth: Destination
    decided: Destination
    severity: int | None = None


def cost_of(truth: Destination, decided: Destination, severity: int | None, costs: Costs) -> float:
    """Return what deciding `decided` costs where `truth` was right.

    Unknown severity counts as an ordinary one.
    """
    if truth is Destination.COMMUNITY:
        return costs.community if decided is Destination.COMMUNITY else costs.needless_expert
    if decided is Destination.EXPERT:
        return costs.expert
    return costs.missed_severe if severity in SEVERE else costs.missed_expert


def costs_of(routed: Sequence[Routed], costs: Costs) -> list[float]:
    """Return the cost of each question, for paired comparisons."""
    return [cost_of(one.truth, one.decided, one.severity, costs) for one in routed]


def mean_cost(routed: Sequence[Routed], costs: Costs) -> float:
    """Return the mean cost of a question. Raises NotEnoughData when there is none."""
    if not routed:
        raise NotEnoughData("There is no routed question to cost.")
    return sum(costs_of(routed, costs)) / len(routed)
