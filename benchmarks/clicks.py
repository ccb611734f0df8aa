"""Whether the click model finds what is true in worlds where that is known, and plain shares not.

    python -m benchmarks.clicks --worlds 100

In: how many worlds. Out: for each number of asks and share of swapped ones, how often places are
looked at as estimated, how often the interval holds the truth, how often that of a thread does, and
how well the order of the threads is found (Spearman), beside plain shares of opened.
Not here: the model (insight.clicks), how places are drawn (decide.swapping).

In these worlds threads are worth differently much, the ranker is wrong about them (what it puts
first is worth less rather than more), one place is looked at less than the one above, some persons
ask often, and some open more than others.
"""

import argparse
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from triage.insight.clicks import Looked, Rates, Showings, looked_at, rates_of

LOOKS = (1.0, 0.55, 0.3)
_CASES = ((1_500, 0.2), (3_000, 0.1), (3_000, 0.2), (3_000, 0.5), (12_000, 0.2))


@dataclass(frozen=True, slots=True)
class World:
    """What is true: how often places are looked at, how many ask, how often places are drawn."""

    asks: int = 3_000
    swaps: float = 0.2
    looks: tuple[float, ...] = LOOKS
    threads: int = 60
    persons: int = 1_200
    # How wrong the ranker is: -1 puts what is worth least first.
    ranked: float = -0.5


def drawn(world: World, seed: int) -> tuple[Showings, NDArray[np.float64]]:
    """Return what was shown in a world, and how often each thread is opened if it stands first."""
    random = np.random.default_rng(seed)
    worth = random.beta(2, 5, world.threads)
    score = world.ranked * np.log(worth / (1 - worth)) + random.normal(size=world.threads)
    often = random.gamma(0.7, size=world.persons)
    eager = np.exp(random.normal(0, 0.4, world.persons) - 0.08)
    who = random.choice(world.persons, world.asks, p=often / often.sum())
    most = len(world.looks)
    number = random.integers(1, most + 1, world.asks)
    # So many of the threads, each with a score of its own for this ask, best first.
    near = score + random.normal(0, 0.5, (world.asks, world.threads))
    near[random.random(near.shape).argsort(axis=1) >= 2 * most] = -np.inf
    best = near.argsort(axis=1)[:, ::-1][:, :most]
    own = np.tile(np.arange(most), (world.asks, 1))
    rank, chance = own.copy(), np.ones(own.shape)
    pairs = number - 1
    several = pairs > 0
    upper = random.integers(0, np.maximum(pairs, 1))
    moved = several & (random.random(world.asks) < world.swaps)
    for step in (0, 1):
        rank[moved, upper[moved] + step] = upper[moved] + 1 - step
    each = np.where(several, world.swaps / np.maximum(pairs, 1), 0.0)[:, None]
    touched = (own > 0).astype(int) + (own < number[:, None] - 1)
    chance = np.where(rank != own, each, 1.0 - each * np.where(several[:, None], touched, 0))
    opens = np.array(world.looks)[rank] * worth[best] * eager[who][:, None]
    opened = random.random(own.shape) < opens
    there = own < number[:, None]
    ask = np.broadcast_to(np.arange(world.asks)[:, None], own.shape)
    by_whom = np.broadcast_to(who[:, None], own.shape)
    shown = Showings(
        ask=ask[there],
        thread=best[there],
        who=by_whom[there],
        rank=rank[there] + 1,
        own_rank=own[there] + 1,
        propensity=chance[there],
        opened=opened[there],
    )
    return shown, worth


@dataclass(frozen=True, slots=True)
class Found:
    """What the model makes of one world, beside what is true."""

    looked: Looked
    rates: Rates
    held_places: NDArray[np.bool_]
    held_threads: float
    order: float
    plain_order: float


def find(world: World, seed: int) -> Found | None:
    """Return how well the model does in a world; None where it says that it cannot know."""
    shown, worth = drawn(world, seed)
    looked = looked_at(shown)
    if looked is None:
        return None
    rates = rates_of(shown, shown.opened, looked)
    threads = len(rates.rate)
    times = np.bincount(shown.thread, minlength=threads)
    plain = np.bincount(shown.thread, weights=shown.opened, minlength=threads) / np.maximum(
        times, 1
    )
    true = worth[:threads]
    looks = np.array(world.looks)
    return Found(
        looked,
        rates,
        (looked.low <= looks) & (looks <= looked.high),
        float(np.mean((rates.low <= true) & (true <= rates.high))),
        float(spearmanr(rates.rate, true).statistic),
        float(spearmanr(plain, true).statistic),
    )


def main() -> None:
    """Print one line for each kind of world."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--worlds", type=int, default=100)
    worlds = parser.parse_args().worlds
    print("asks | swapped | looked 2, 3 | held 2, 3 | threads held | order | plain order")  # noqa: T201
    for asks, swaps in _CASES:
        found = [one for seed in range(worlds) if (one := find(World(asks, swaps), seed))]
        looked = np.mean([one.looked.share for one in found], axis=0)
        held = np.mean([one.held_places for one in found], axis=0)
        rest = [
            float(np.mean([getattr(one, name) for one in found]))
            for name in ("held_threads", "order", "plain_order")
        ]
        told = (f"{looked[1]:.2f}, {looked[2]:.2f}", f"{held[1]:.2f}, {held[2]:.2f}")
        print(f"{asks:,} | {swaps} |", " | ".join([*told, *(f"{one:.2f}" for one in rest)]))  # noqa: T201


if __name__ == "__main__":
    main()
