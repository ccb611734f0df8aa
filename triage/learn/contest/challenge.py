"""Champion and challenger on the same unseen cases -> a Verdict. Pure.

In: trials, each of cases that neither model had seen when it was asked, with what both said. Out:
whether the challenger may go live, and the numbers. It is refused for a clear loss in any slice,
for probabilities that are clearly less true, and for a head that it no longer has.
Not here: which cases (unseen), asking the models (training), the statistics (losses).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.classify import Facts
from triage.learn.contest.said import Answers, Routing, answers_of, costs_of_decisions
from triage.learn.contest.verdict import COST, Basis, Calibrated, Outcome, Tried, Verdict
from triage.learn.statistics.losses import ALPHA, Pairs, compare_all, gain_of
from triage.learn.statistics.scores import BINS
from triage.learn.statistics.slices import ALL, slices_of
from triage.records import HEADS, Case, Labels, Target

Floats = NDArray[np.float64]
_RESAMPLES = 300


@dataclass(frozen=True, slots=True)
class Margins:
    """How much worse is no loss: of the share of right answers and of expert hours a question,
    overall and within a slice, and of the calibration error; `alpha` is the probability that an
    equal model is found worse anywhere.
    """

    right: float = 0.02
    right_in_slice: float = 0.05
    hours: float = 0.05
    hours_in_slice: float = 0.15
    calibration: float = 0.02
    alpha: float = ALPHA


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Cases and what both models said of them; `sets` numbers the sets of twins, in all trials
    alike. `filed` holds each head's labels.
    """

    basis: Basis
    cases: Sequence[Case]
    facts: Sequence[Facts]
    sets: NDArray[np.int64]
    champion: Sequence[Labels]
    challenger: Sequence[Labels]
    filed: Mapping[Target, Sequence[str | None]]


def judge(
    champion: str,
    trials: Sequence[Trial],
    routing: Routing,
    lost: Sequence[Target],
    seed: int,
    margins: Margins = Margins(),
) -> Verdict:
    """Compare the two in every measure and slice; `lost` are heads that only the champion has."""
    asked = [(t, measure, *values) for t in trials for measure, values in _measured(t, routing)]
    shapes = [_shaped(t, m, before, after, margins) for t, m, before, after in asked]
    every = [one for shaped in shapes for one in shaped]
    found = compare_all([pairs for _, _, _, pairs in every], seed, margins.alpha)
    tried = tuple(
        Tried(basis, measure, name, pairs.margin, one)
        for (basis, measure, name, pairs), one in zip(every, found, strict=True)
    )
    calibrated = tuple(c for t in trials for c in _calibration(t, seed, margins))
    why = (
        *(f"it has no head for {target} any more, which {champion} has." for target in lost),
        *(t.told() for t in sorted(filter(_is_worse, tried), key=_first_told)),
        *(c.told() for c in calibrated if c.worse),
    )
    outcome = Outcome.REFUSED if why else Outcome.ACCEPTED
    if not every and not why:
        outcome, why = Outcome.UNCOMPARED, ("no labelled case could be asked of both.",)
    gains = {
        f"{basis.value} {measure}": gain_of(pairs, seed)
        for basis, measure, name, pairs in every
        if name == ALL
    }
    return Verdict(outcome, champion, why, {}, tried, calibrated, gains)


def _is_worse(tried: Tried) -> bool:
    return tried.worse


def _first_told(tried: Tried) -> tuple[float, bool, float]:
    """Order losses: the surest first, of equally sure ones the largest; hours are no shares."""
    found = tried.found
    return found.p_worse, tried.measure == COST, found.after - found.before


def _measured(trial: Trial, routing: Routing) -> Iterator[tuple[str, tuple[Floats, Floats]]]:
    """Yield each measure's values of both models, higher is better, NaN where there is none."""
    for target in HEADS:
        before, after = _both(trial, target)
        yield target.value, (before.right, after.right)
    who = trial.filed[Target.DESTINATION]
    costs = [
        -costs_of_decisions(trial.cases, said, who, routing)
        for said in (trial.champion, trial.challenger)
    ]
    yield COST, (costs[0], costs[1])


def _both(trial: Trial, target: Target) -> tuple[Answers, Answers]:
    filed = trial.filed[target]
    return answers_of(trial.champion, target, filed), answers_of(trial.challenger, target, filed)


def _shaped(
    trial: Trial, measure: str, before: Floats, after: Floats, margins: Margins
) -> list[tuple[Basis, str, str, Pairs]]:
    """Cut one measure into slices, of the cases that both have a value for."""
    compared = ~np.isnan(before) & ~np.isnan(after)
    shaped = []
    kinds = trial.filed[Target.KIND]
    for name, places in slices_of(trial.cases, trial.facts, kinds).items():
        inside = places[compared[places]]
        if len(inside):
            margin = margin_of(measure, name, margins)
            pairs = Pairs(trial.sets[inside], before[inside], after[inside], margin)
            shaped.append((trial.basis, measure, name, pairs))
    return shaped


def margin_of(measure: str, name: str, margins: Margins) -> float:
    """Return how much worse is no loss for this measure in this slice."""
    if measure == COST:
        return margins.hours if name == ALL else margins.hours_in_slice
    return margins.right if name == ALL else margins.right_in_slice


def _calibration(trial: Trial, seed: int, margins: Margins) -> Iterator[Calibrated]:
    for target in HEADS:
        before, after = _both(trial, target)
        both = np.flatnonzero(~np.isnan(before.right) & ~np.isnan(after.right))
        if len(both) == 0:
            continue
        low, high = _spread(before, after, both, trial.sets[both], seed)
        first, second = _error(before, both), _error(after, both)
        yield Calibrated(
            trial.basis,
            target.value,
            len(both),
            first,
            second,
            low,
            high,
            second - first > margins.calibration and low > margins.calibration / 2,
            (float(before.sure[both].mean()), float(after.sure[both].mean())),
            (_precision(before, both), _precision(after, both)),
        )


def _error(answers: Answers, places: NDArray[np.int64]) -> float:
    """Return `expected_calibration_error`, in the few steps that thousands of draws allow."""
    confidence, right = answers.confidence[places], answers.right[places]
    gaps = (confidence - right)[np.argsort(confidence, kind="stable")]
    bins = min(BINS, len(gaps))
    size, longer = divmod(len(gaps), bins)
    begins = np.arange(bins) * size + np.minimum(np.arange(bins), longer)
    return float(np.abs(np.add.reduceat(gaps, begins)).sum() / len(gaps))


def _precision(answers: Answers, places: NDArray[np.int64]) -> float | None:
    spoken = places[answers.sure[places]]
    return float(answers.right[spoken].mean()) if len(spoken) else None


def _spread(
    before: Answers,
    after: Answers,
    places: NDArray[np.int64],
    sets: NDArray[np.int64],
    seed: int,
) -> tuple[float, float]:
    """Return between what the difference of the errors lies, 95 % sure, by drawing sets of twins.

    A drawn sample has a larger error than what it is drawn from, but both models have it.
    """
    _, set_of = np.unique(sets, return_inverse=True)
    order, sizes = places[np.argsort(set_of, kind="stable")], np.bincount(set_of)
    begins = np.cumsum(sizes) - sizes
    rng = np.random.default_rng(seed)
    differences = []
    for _ in range(_RESAMPLES):
        drawn = rng.integers(len(sizes), size=len(sizes))
        many = sizes[drawn]
        shifts = np.repeat(begins[drawn] - (np.cumsum(many) - many), many)
        chosen = order[shifts + np.arange(many.sum())]
        differences.append(_error(after, chosen) - _error(before, chosen))
    low, high = np.quantile(differences, [0.025, 0.975])
    return float(low), float(high)
