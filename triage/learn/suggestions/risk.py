"""Calibration questions and what they would be shown -> a gate: at most so many wrong among shown.

In: per question its language and its best candidates, each with the ranker's probability and
whether it settles the question. Out: a gate, with a threshold per language where one can be shown
to hold. The method is Learn then Test (Angelopoulos, Bates, Candès, Jordan and Lei, 2021):
thresholds of a fixed grid are tested from the strictest to the loosest, and the first that cannot
be shown to hold ends it (fixed-sequence testing, so that no correction for many tests is needed).

The questions must be independent of each other (one of every duplicate group) and of what the
ranker was fitted on, and like those to come: a mixture with the same share of questions that no
thread settles. Every language's guarantee is a statement of its own: with `confidence`, over the
draw of its calibration questions, the wrong among shown are at most `risk`.
Not here: asking the questions (training), what a threshold means for a draft (decide.gate, decide).
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from triage.decide.gate import RISK, Gate, Threshold

Counts = NDArray[np.int64] | NDArray[np.float64] | NDArray[np.bool_]

CONFIDENCE = 0.90
MOST_SHOWN = 3

# Every tenth of log-odds from 7 to -3. Written with four decimals, rounded up: a threshold that is
# rounded down would show what was not tested.
GRID = tuple(math.ceil(1e4 / (1 + math.exp(-tenths / 10))) / 1e4 for tenths in range(70, -31, -1))
# The test begins where a sixth of the questions are shown something, and so many that it can bear
# a wrong suggestion: begun earlier, one or two among the surest would often end it at its start.
REACHED = 1 / 6
BEARABLE = 1
# Of the largest bet that could lose all, this much is staked at most.
_STAKE = 0.95


@dataclass(frozen=True, slots=True)
class Shown:
    """One question: the candidates that could be shown, best first, and which of them settle it.

    A question without candidates counts as well: it is one that nothing is shown to.
    """

    lang: str
    probabilities: tuple[float, ...]
    right: tuple[bool, ...]

    def __post_init__(self) -> None:
        if len(self.probabilities) != len(self.right):
            raise ValueError("Every candidate has a probability, and is right or is not.")
        if not all(0 <= p <= 1 for p in self.probabilities):
            raise ValueError("A candidate's probability is between 0 and 1.")
        if any(b > a for a, b in zip(self.probabilities, self.probabilities[1:], strict=False)):
            raise ValueError("Candidates come best first.")


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Questions as rows and their candidates, best first, as columns; a place without one is -1."""

    probabilities: NDArray[np.float64]
    wrong: NDArray[np.bool_]

    def counts(self, value: float) -> tuple[Counts, Counts]:
        """Return how many each question is shown from `value` on, and how many of them are wrong.

        Questions that are shown nothing are left out: they bear no risk.
        """
        passed = self.probabilities >= value
        some = passed[:, 0]
        return passed[some].sum(axis=1), (passed & self.wrong)[some].sum(axis=1)


@dataclass(frozen=True, slots=True)
class RiskOptions:
    """At most `risk` wrong among shown, at `confidence`, where a draft is shown `most_shown`."""

    risk: float = RISK
    confidence: float = CONFIDENCE
    most_shown: int = MOST_SHOWN

    def __post_init__(self) -> None:
        if not (0 < self.risk < 1 and 0 < self.confidence < 1 and self.most_shown >= 1):
            raise ValueError("Risk and confidence lie between 0 and 1, and one or more are shown.")

    def least(self, questions: int) -> int:
        """How many of the questions must be shown something for a threshold to be tested.

        It follows from the options and their number alone: how many of the suggestions are right
        has no part in it.
        """
        return max(_bearing(self), math.ceil(REACHED * questions))

    @property
    def fewest(self) -> int:
        """How many must be shown something for their plain share of wrong to say anything.

        Of so many, two wrong suggestions are not yet too many.
        """
        return math.ceil(2 / self.risk)


def fit_gate(
    shown: Sequence[Shown],
    base: Gate,
    *,
    fitted_on: str,
    risk: float = RISK,
    confidence: float = CONFIDENCE,
    most_shown: int = MOST_SHOWN,
) -> Gate:
    """Choose the thresholds, each the loosest that holds. The order of `shown` has no part in it.

    A language gets a guaranteed threshold where its own questions pass the test. Otherwise it goes
    by the pooled one, unless too many of its own suggestions are wrong there: then by the next
    stricter one whose plain share is within the risk, if any.
    Pooled over all languages: the guaranteed threshold; without one, the loosest whose plain
    share is within the risk; without that, the base's, unless it is seen to be no better.
    """
    options = RiskOptions(risk, confidence, most_shown)
    pooled = _pooled(shown, base, options)
    own = {
        lang: _own([s for s in shown if s.lang == lang], pooled, options)
        for lang in sorted({s.lang for s in shown})
    }
    return Gate(
        risk,
        confidence,
        pooled,
        {lang: threshold for lang, threshold in own.items() if threshold is not None},
        fitted_on,
    )


def tabulate(shown: Sequence[Shown], most_shown: int = MOST_SHOWN) -> Table:
    """Return the candidates of each question that could be shown, at most `most_shown` of them."""
    probabilities = np.full((len(shown), most_shown), -1.0)
    wrong = np.zeros((len(shown), most_shown), dtype=bool)
    for row, question in enumerate(shown):
        n = min(most_shown, len(question.right))
        probabilities[row, :n] = question.probabilities[:n]
        wrong[row, :n] = np.logical_not(question.right[:n])
    return Table(probabilities, wrong)


def guaranteed_threshold(table: Table, options: RiskOptions) -> float | None:
    """Return the loosest threshold of the grid that is shown to hold the risk, or None.

    Thresholds that too few questions reach are passed over without a test. Whether they are
    depends on the probabilities alone, and only the start of the sequence on them; for a ranker
    whose surer questions are on average no worse than its less sure ones, the chance of a
    threshold that does not hold stays below 1 - confidence.
    """
    found, least = None, options.least(len(table.wrong))
    for value in GRID:
        offered, wrong = table.counts(value)
        if len(offered) < least:
            continue
        if p_value(offered, wrong, options) > 1 - options.confidence:
            break
        found = value
    return found


def p_value(offered: Counts, wrong: Counts, options: RiskOptions) -> float:
    """Test that the wrong among shown are more than the risk; a small value says they are not.

    The suggestions of one question stand and fall together, so the question is the unit: the
    hypothesis is that the mean of wrong - risk * offered over questions is not below zero. Where
    only one is shown, that is a binomial test, exact. Otherwise it is tested by betting against
    it (Waudby-Smith and Ramdas, 2024): under the hypothesis no bet makes capital grow on average,
    so its inverse is a p-value (Markov). The bet is theirs for a sample of known size, with the
    variance at the edge of the hypothesis for the one estimated on the way. It is thereby the
    same for every question, and what it earns does not depend on their order.
    """
    n = len(offered)
    if options.most_shown == 1:
        # Here: whoever only encodes or serves would wait for the import, too.
        from scipy.stats import binom

        return float(binom.cdf(wrong.sum(), n, options.risk))
    # A bet must survive the worst question: as many as can be shown, all of them wrong.
    largest = _STAKE / ((1 - options.risk) * options.most_shown)
    spread = options.risk * (1 - options.risk)
    best = math.sqrt(-2 * math.log(1 - options.confidence) / (max(n, 1) * spread))
    gains = options.risk * offered - wrong
    return min(1.0, math.exp(-float(np.log1p(min(best, largest) * gains).sum())))


def plain_threshold(table: Table, options: RiskOptions, at_least: float = GRID[-1]) -> float | None:
    """Return the loosest threshold with at most the risk wrong among these shown, or None.

    It promises nothing about other questions: chosen for looking good on these, it looks better
    on them than it is.
    """
    for value in reversed(GRID):
        offered, wrong = table.counts(value)
        if len(offered) < options.fewest:
            return None
        if value >= at_least and wrong.sum() <= options.risk * offered.sum():
            return value
    return None


def _pooled(shown: Sequence[Shown], base: Gate, options: RiskOptions) -> Threshold:
    table = tabulate(shown, options.most_shown)
    found = guaranteed_threshold(table, options)
    if found is not None:
        return Threshold(found, len(shown), guaranteed=True)
    plain = plain_threshold(table, options)
    if plain is None and not _too_many_wrong(base.pooled, table, options):
        plain = base.pooled.value
    return Threshold(plain, len(shown), guaranteed=False)


def _own(shown: Sequence[Shown], pooled: Threshold, options: RiskOptions) -> Threshold | None:
    """Return a language's own threshold, or None when it goes by the pooled one."""
    table = tabulate(shown, options.most_shown)
    found = guaranteed_threshold(table, options)
    if found is not None:
        return Threshold(found, len(shown), guaranteed=True)
    if pooled.value is None or not _too_many_wrong(pooled, table, options):
        return None
    plain = plain_threshold(table, options, at_least=pooled.value)
    return Threshold(plain, len(shown), guaranteed=False)


def _too_many_wrong(threshold: Threshold, table: Table, options: RiskOptions) -> bool:
    """Whether more is wrong at a threshold than the risk allows, and more than few can prove."""
    if threshold.value is None:
        return False
    offered, wrong = table.counts(threshold.value)
    return bool(wrong.sum() > options.risk * max(options.fewest, offered.sum()))


@cache
def _bearing(options: RiskOptions) -> int:
    """Return how many questions, each shown one suggestion, pass with BEARABLE wrong ones."""
    unsure = 1 - options.confidence

    def passes(n: int) -> bool:
        return p_value(np.ones(n), np.arange(n) < BEARABLE, options) <= unsure

    # Far more than are needed: some K * log(1 / unsure) / risk pass when none is wrong.
    many = math.ceil(10 * options.most_shown * (1 - math.log(unsure)) / options.risk)
    return 1 + bisect_left(range(1, many), True, key=passes)
