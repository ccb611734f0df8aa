"""Which threads were shown where and opened -> how often a place is looked at, and what threads do.

In: showings, some of them at places that were drawn by lot. Out: how often each place is looked at
beside the first (`Looked`); per thread how often it would be opened, or settle, in the first place
(`Rates`). Pure.
Not here: drawing the places (decide.swapping), which words settle an ask (outcomes), threads.

Whether a thread is opened depends on whether anybody looks at its place, and on the thread
(Craswell and others, 2008). The first is known only from what stood at two places by lot, each
showing weighed by one over how likely its place was (Joachims, Swaminathan and Schnabel, 2017;
Agarwal and others, 2019). It is then taken out of the second: a showing in a place that is looked
at half as often counts for half a showing. Threads that were shown little are drawn towards what
threads usually do.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# So many persons must have opened something at two places by lot before these are compared, and
# so many at each of the two.
LEAST_OPENED = 20
LEAST_EACH = 5
DRAWS = 200
_CONFIDENCE = 0.95
# However alike threads seem, their rates are not taken to be nearer to each other than a fifth.
_MOST_ALIKE = 25.0
_NEAR_NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Showings:
    """Threads as they were shown to asks, one row each; `thread` and `who` count from 0 on.

    `rank` is the place (1 is the first), `own_rank` the place that it would have had if nothing was
    drawn by lot, `propensity` how likely `rank` was: 1 without any lot, nan where nobody knows.
    """

    ask: Ints
    thread: Ints
    who: Ints
    rank: Ints
    own_rank: Ints
    propensity: Floats
    opened: Flags


@dataclass(frozen=True, slots=True)
class Looked:
    """How often each place is looked at, the first being 1, with its interval.

    `drawn` counts the showings whose place was drawn by lot, `persons` those behind them.
    `spread` has what other persons might have shown, one row a draw.
    """

    share: Floats
    low: Floats
    high: Floats
    drawn: Ints
    persons: int
    spread: Floats


@dataclass(frozen=True, slots=True)
class Rates:
    """Per thread how often a look has the effect, with its interval, all from 0 to 1."""

    rate: Floats
    low: Floats
    high: Floats


def looked_at(shown: Showings, *, seed: int = 0) -> Looked | None:
    """Return how often places are looked at; None where too little was drawn by lot to know it."""
    most = int(shown.rank.max(initial=1))
    by_lot = (shown.propensity < 1) & (shown.rank > 0) & (shown.own_rank > 0)
    found = [_step(shown, by_lot, upper) for upper in range(1, most)]
    known = np.array([step is not None for step in found], dtype=bool)
    if not known.any():
        return None
    told = [step for step in found if step is not None]
    steps = np.array([step.log_ratio for step in told])
    # Of one person to all steps: what moves two of them together moves them together here too.
    influence = np.stack([step.influence for step in told])
    persons = _persons(shown.who[by_lot])
    spread = influence @ influence.T * (persons / max(persons - 1, 1))
    random = np.random.default_rng(seed)
    might = random.multivariate_normal(steps, spread, DRAWS, method="eigh")
    logs = _all_steps(np.vstack([steps, might]), np.diag(spread), known)
    share = np.exp(np.concatenate([np.zeros((DRAWS + 1, 1)), np.cumsum(logs, axis=1)], axis=1))
    ends = [100 * (1 - _CONFIDENCE) / 2, 100 * (1 + _CONFIDENCE) / 2]
    low, high = np.percentile(share[1:], ends, axis=0)
    drawn = np.bincount(shown.rank[by_lot], minlength=most + 1)[1:]
    return Looked(share[0], low, high, drawn, persons, share[1:])


def rates_of(shown: Showings, hit: Flags, looked: Looked) -> Rates:
    """Return per thread how often it would have the effect `hit` if it stood in the first place.

    A gamma prior of the rates of all threads, each counted by as many showings as its persons are
    worth: ten showings to one person are hardly more than one.
    """
    threads = int(shown.thread.max(initial=-1)) + 1
    places = len(looked.share)
    place = np.clip(shown.rank, 1, places) - 1
    hits = np.bincount(shown.thread, weights=hit, minlength=threads)
    cell = shown.thread * places + place
    at_place = np.bincount(cell, minlength=threads * places).reshape(threads, places)
    looks = at_place @ looked.share
    # What is not known of the places is not known of any thread.
    unsure = (at_place @ looked.spread.T).std(axis=1) / np.maximum(looks, _NEAR_NOTHING)
    worth = 1.0 / (repeated(shown.thread, shown.who, threads) + hits * np.square(unsure))
    hits, looks = hits * worth, looks * worth
    shape, rate = _prior(hits, looks)
    shapes, rates = shape + hits, rate + looks
    ends = ((1 - _CONFIDENCE) / 2, (1 + _CONFIDENCE) / 2)
    low, high = (gammaincinv(shapes, end) / rates for end in ends)
    return Rates(*(np.minimum(one, 1.0) for one in (shapes / rates, low, high)))


@dataclass(frozen=True, slots=True)
class _Step:
    """How much less often a place is looked at than the one above, and what each person adds."""

    log_ratio: float
    influence: Floats


def _step(shown: Showings, by_lot: Flags, upper: int) -> _Step | None:
    """Return the step from a place to the next one; None where too few opened anything there.

    Of both that could stand there something must be told, whichever stood where: that the lower
    one is told of at all may depend on how far down somebody looks.
    """
    pair = (upper, upper + 1)
    own = [by_lot & (shown.own_rank == at) for at in pair]
    at_place = [shown.rank == at for at in pair]
    asks = int(shown.ask.max(initial=-1)) + 1
    told = _marked(shown.ask[own[0]], asks) & _marked(shown.ask[own[1]], asks)
    both = (own[0] | own[1]) & (at_place[0] | at_place[1]) & told[shown.ask]
    opened = [_persons(shown.who[both & shown.opened & there]) for there in at_place]
    if sum(opened) < LEAST_OPENED or min(opened) < LEAST_EACH:
        return None
    means, influence = np.zeros(2), np.zeros((2, int(shown.who.max()) + 1))
    for mine in own:
        cells = [both & mine & there for there in at_place]
        sizes = [_worth(1.0 / shown.propensity[cell]) for cell in cells]
        if not all(sizes):
            continue
        # Each of the two by what it is worth (Mantel and Haenszel, 1959).
        size = sizes[0] * sizes[1] / sum(sizes)
        for at, cell in enumerate(cells):
            mean, by_person = _mean(shown, cell, influence.shape[1])
            means[at] += size * mean
            influence[at] += size * by_person
    if not means.all():
        return None
    parts = influence / means[:, None]
    return _Step(float(np.log(means[1] / means[0])), parts[1] - parts[0])


def _marked(places: Ints, size: int) -> Flags:
    marked = np.zeros(size, dtype=bool)
    marked[places] = True
    return marked


def _persons(who: Ints) -> int:
    return int(np.count_nonzero(np.bincount(who))) if len(who) else 0


def _mean(shown: Showings, rows: Flags, persons: int) -> tuple[float, Floats]:
    """Return how often these are opened, weighed by their places, and what each person adds."""
    who, weight = shown.who[rows], 1.0 / shown.propensity[rows]
    opened, total = shown.opened[rows], float(weight.sum())
    mean = float(weight[opened].sum()) / total
    away = weight * (opened - mean)
    return mean, np.bincount(who, weights=away, minlength=persons) / total


def _worth(weight: Floats) -> float:
    """Return as how many of equal weight these count (Kish, 1965)."""
    return float(np.square(weight.sum()) / np.square(weight).sum()) if len(weight) else 0.0


def _all_steps(steps: Floats, variance: Floats, known: Flags) -> Floats:
    """Return all steps, one row an estimate: what is not known is as the known ones usually are."""
    precision = 1.0 / np.maximum(variance, _NEAR_NOTHING)
    usual = steps @ precision / precision.sum()
    found = np.repeat(usual[:, None], len(known), axis=1)
    found[:, known] = steps
    return found


def repeated(thread: Ints, who: Ints, threads: int) -> Floats:
    """Return per thread as how many showings of one person each of them counts (Kish, 1965)."""
    persons = int(who.max(initial=0)) + 1
    pairs, times = np.unique(thread * persons + who, return_counts=True)
    total = np.bincount(pairs // persons, weights=times, minlength=threads)
    square = np.bincount(pairs // persons, weights=np.square(times), minlength=threads)
    return np.maximum(square / np.maximum(total, 1.0), 1.0)


def _prior(hits: Floats, looks: Floats) -> tuple[float, float]:
    """Return shape and rate of the gamma that the rates of threads are of, by their moments."""
    total = float(looks.sum())
    if total <= 0 or hits.sum() <= 0:
        # Nothing at all came of it: as if half a time in one look more.
        return 0.5, total + 1.0
    usual = float(hits.sum()) / total
    seen = looks > 0
    own = hits[seen] / looks[seen]
    apart = float(looks[seen] @ np.square(own - usual)) - usual * (int(seen.sum()) - 1)
    scale = total - float(np.square(looks).sum()) / total
    between = apart / scale if scale > 0 else usual**2
    shape = min(usual**2 / max(between, _NEAR_NOTHING), _MOST_ALIKE)
    return float(shape), float(shape / usual)
