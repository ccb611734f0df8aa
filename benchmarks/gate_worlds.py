"""What the gate's test finds and how often its promise breaks, in worlds whose risk is known.

Drafts are drawn whose suggestions go wrong together, half of them without a right thread. A
threshold is chosen on few of them, by the gate's own test and by others, and looked up in very
many of the same world. Nothing of the package is timed and no question is read: numbers alone.
The same draws come every time. Prints its tables. `--draws`: how many choices stand behind a cell.
"""

import argparse
import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from triage.learn.suggestions.risk import GRID, Counts, RiskOptions, Table, guaranteed_threshold

DRAWS = 500
SIZES = (150, 300, 600, 1000)
# With a tenth of these, a threshold just within the risk was taken for one beyond it.
MANY = 2_000_000
WIDEST = 3
RIGHT_AT = 1.8

Evidence = Callable[[Counts, Counts, RiskOptions], float]
Choice = Callable[[Table, RiskOptions], float | None]


@dataclass(frozen=True, slots=True)
class World:
    """What a ranker makes of the log-odds; in a share of drafts nothing helps, however alike."""

    title: str
    slope: float = 1.0
    shift: float = 0.0
    misfiled: float = 0.0


@dataclass(frozen=True, slots=True)
class Test:
    """A way to choose a threshold, and its name in the tables."""

    title: str
    choose: Choice


@dataclass(frozen=True, slots=True)
class Trial:
    """One row of a table: a test in a world where a draft is shown so many."""

    world: World
    most_shown: int
    test: Test


@dataclass(frozen=True, slots=True)
class Cell:
    """What came of a trial with so many drafts: the mean share offered, its error, and breaks."""

    offered: float
    standard_error: float
    broken: float


Found = Mapping[Trial, Sequence[Cell]]


def drawn(world: World, seed: int, n: int, most_shown: int) -> tuple[Table, NDArray[np.bool_]]:
    """Return the candidates of n drafts, and which of the drafts have a right thread."""
    random = np.random.default_rng([seed, n])
    shape = (n, WIDEST)
    mood = random.normal(size=(n, 1))
    odds = -2.2 + random.normal(size=shape) + 0.8 * mood
    answerable = random.random(n) < 0.5
    right = np.zeros(shape, dtype=bool)
    right[:, 0] = answerable
    right[:, 1] = answerable & (random.random(n) < 0.15)
    odds = np.where(right, RIGHT_AT + 1.6 * random.normal(size=shape), odds)
    right &= random.random((n, 1)) >= world.misfiled
    order = np.argsort(-odds, axis=1)[:, :most_shown]
    odds = np.take_along_axis(odds, order, axis=1)
    wrong = ~np.take_along_axis(right, order, axis=1)
    return Table(1 / (1 + np.exp(-(world.slope * odds + world.shift))), wrong), answerable


@cache
def known(world: World, most_shown: int) -> dict[float, tuple[float, float]]:
    """Return each threshold's wrong among shown, and the share of answerable offered something."""
    table, answerable = drawn(world, 0, MANY, most_shown)
    shown = _reaching(table.probabilities)
    wrong = _reaching(table.probabilities[table.wrong]) / np.maximum(1, shown)
    offered = _reaching(table.probabilities[answerable, 0]) / answerable.sum()
    return dict(zip(GRID, zip(wrong.tolist(), offered.tolist(), strict=True), strict=True))


def most_allowed(world: World, most_shown: int) -> float:
    """Return the share offered at the loosest threshold whose true risk is within the options'."""
    risk = RiskOptions(most_shown=most_shown).risk
    within = (v for v, (wrong, _) in known(world, most_shown).items() if wrong <= risk)
    return known(world, most_shown)[min(within)][1]


def walk(evidence: Evidence, table: Table, options: RiskOptions) -> float | None:
    """Choose as the gate does, with another p-value: same grid, same start, first failure ends."""
    found, least = None, options.least(len(table.wrong))
    for value in GRID:
        offered, wrong = table.counts(value)
        if len(offered) < least:
            continue
        if evidence(offered, wrong, options) > 1 - options.confidence:
            break
        found = value
    return found


def bets_by_mean(offered: Counts, wrong: Counts, options: RiskOptions) -> float:
    """Bet in turn, each bet the mean so far by the mean square so far (theirs: aGRAPA).

    The rows are drawn independently, so that their order is random as it is.
    """
    gains = _gains(offered, wrong, options)
    place = np.arange(1, len(gains) + 1)
    mean = (options.risk / 2 + np.cumsum(gains)) / (place + 1)
    square = (0.05 / 2 + np.cumsum(gains * gains)) / (place + 1)
    return _won(gains, _before(mean, options.risk / 2) / _before(square, 0.05), options)


def bets_by_size(offered: Counts, wrong: Counts, options: RiskOptions) -> float:
    """Bet in turn, each bet by the sample's size and the variance so far (theirs: fixed n)."""
    gains = _gains(offered, wrong, options)
    place = np.arange(1, len(gains) + 1)
    edge = options.risk * (1 - options.risk)
    mean = np.cumsum(gains) / (place + 1)
    variance = (edge + np.cumsum((gains - mean) ** 2)) / (place + 1)
    stake = -2 * math.log(1 - options.confidence) / max(1, len(gains))
    return _won(gains, np.sqrt(stake / _before(variance, edge)), options)


def hoeffding_bentkus(offered: Counts, wrong: Counts, options: RiskOptions) -> float:
    """Return the p-value for a mean of values between 0 and 1, a draft being one value."""
    n, risk = len(offered), options.risk
    mean = risk - float(_gains(offered, wrong, options).mean()) / options.most_shown
    below = min(mean, risk)
    distance = (1 - below) * math.log((1 - below) / (1 - risk))
    distance += below * math.log(below / risk) if below > 0 else 0.0
    bentkus = math.e * float(binom.cdf(math.ceil(round(n * mean, 9)), n, risk))
    return min(math.exp(-n * distance), bentkus)


def one_by_one(offered: Counts, wrong: Counts, options: RiskOptions) -> float:
    """Count every suggestion as a piece of evidence of its own, which it is not."""
    return float(binom.cdf(wrong.sum(), offered.sum(), options.risk))


def _reaching(probabilities: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return how many of the probabilities each threshold of the grid lets pass."""
    rising = np.sort(probabilities, axis=None)
    return rising.size - np.searchsorted(rising, GRID, side="left")


def _gains(offered: Counts, wrong: Counts, options: RiskOptions) -> NDArray[np.float64]:
    return np.asarray(options.risk * offered - wrong, dtype=np.float64)


def _before(values: NDArray[np.float64], first: float) -> NDArray[np.float64]:
    """Return what was known before each place: a bet may not see what it is laid on."""
    return np.concatenate(([first], values[:-1]))


def _won(gains: NDArray[np.float64], bets: NDArray[np.float64], options: RiskOptions) -> float:
    """Return the inverse of the largest capital on the way, which is a p-value (Ville)."""
    largest = 0.95 / ((1 - options.risk) * options.most_shown)
    capital = np.cumsum(np.log1p(np.clip(bets, 0, largest) * gains))
    return math.exp(-max(0.0, float(capital.max(initial=0.0))))


FAIR = World("fair")
BOLD = World("bold", slope=1.6, shift=1.0)
MISFILED = World("3 % misfiled", misfiled=0.03)
MORE_MISFILED = World("5 % misfiled", misfiled=0.05)

BINOMIAL = Test("binomial (the gate's)", guaranteed_threshold)
ONE_BET = Test("one bet for all (the gate's)", guaranteed_threshold)
BY_SIZE = Test("bets in turn, by size", partial(walk, bets_by_size))
BY_MEAN = Test("bets in turn, by mean", partial(walk, bets_by_mean))
CONCENTRATION = Test("Hoeffding and Bentkus", partial(walk, hoeffding_bentkus))
ONE_BY_ONE = Test("suggestions one by one", partial(walk, one_by_one))

POWER = tuple(
    Trial(world, most_shown, test)
    for most_shown, tests in (
        (1, (BINOMIAL, BY_SIZE, BY_MEAN)),
        (3, (ONE_BET, BY_SIZE, BY_MEAN, CONCENTRATION)),
    )
    for world in (FAIR, MISFILED)
    for test in tests
)
PROMISE = tuple(
    Trial(world, most_shown, test)
    for most_shown, test in ((1, BINOMIAL), (3, ONE_BET), (3, ONE_BY_ONE))
    for world in (FAIR, BOLD, MORE_MISFILED)
)


def measured(trial: Trial, n: int, draws: int) -> Cell:
    """Choose a threshold in every draw of n drafts, and look up what it does in the world."""
    options = RiskOptions(most_shown=trial.most_shown)
    truth = known(trial.world, trial.most_shown)
    chosen = [
        trial.test.choose(drawn(trial.world, 1 + seed, n, trial.most_shown)[0], options)
        for seed in range(draws)
    ]
    offered = [0.0 if value is None else truth[value][1] for value in chosen]
    broken = [value is not None and truth[value][0] > options.risk for value in chosen]
    error = float(np.std(offered) / math.sqrt(draws))
    return Cell(float(np.mean(offered)), error, float(np.mean(broken)))


def measure(trials: Iterable[Trial], draws: int) -> Found:
    """Return each trial's cells, one for each of SIZES."""
    found = {}
    for trial in dict.fromkeys(trials):
        found[trial] = tuple(measured(trial, n, draws) for n in SIZES)
        _tell(f"{trial.world.title}, up to {trial.most_shown}, {trial.test.title}")
    return found


def power_table(found: Found) -> str:
    """Word the share of answerable drafts that are offered something, and the most there is."""
    lines = _head("most")
    for trial in POWER:
        cells = [f"{cell.offered:.2f}" for cell in found[trial]]
        lines.append(_row(trial, [*cells, f"{most_allowed(trial.world, trial.most_shown):.2f}"]))
    error = max(cell.standard_error for trial in POWER for cell in found[trial])
    return "\n".join([*lines, "", f"Largest standard error: {error:.3f}."])


def promise_table(found: Found, draws: int) -> str:
    """Word in how many of 100 draws the chosen threshold shows more wrong than was promised."""
    lines = _head()
    lines += [_row(t, [f"{100 * cell.broken:.1f}" for cell in found[t]]) for t in PROMISE]
    largest = max(cell.broken for t in PROMISE for cell in found[t])
    error = 100 * math.sqrt(largest * (1 - largest) / draws)
    return "\n".join([*lines, "", f"Largest standard error: {error:.1f}."])


def _head(*more: str) -> list[str]:
    heads = ["up to", "world", "test", *map(str, SIZES), *more]
    return [f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads)]


def _row(trial: Trial, cells: Sequence[str]) -> str:
    first = (str(trial.most_shown), trial.world.title, trial.test.title)
    return f"| {' | '.join([*first, *cells])} |"


def main() -> None:
    """Measure both tables and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=DRAWS)
    chosen = parser.parse_args()
    if chosen.draws < 1:
        parser.error("--draws is one or more.")
    found = measure(POWER + PROMISE, chosen.draws)
    sys.stdout.write(f"Offered something, mean of {chosen.draws} draws\n\n{power_table(found)}\n")
    sys.stdout.write(f"\nBroken, of 100 draws\n\n{promise_table(found, chosen.draws)}\n")


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    main()
