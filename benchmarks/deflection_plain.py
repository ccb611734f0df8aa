"""What the plain ways would say in the worlds of the proof: asks as independent, daily peeking.

Prints how often an interval covers the truth with and without persons as clusters, where few
persons ask much; and how often the plain interval, looked at every evening, claims an effect where
there is none. Beside `deflection_proof`, which has the ways that are used. `--months`.
"""

import argparse
import sys
from dataclasses import replace

import numpy as np

from benchmarks.askers import DAY, START, World, month_of, true_lift
from benchmarks.deflection_proof import WORLDS
from triage.outcomes import Gathering, asks_of
from triage.outcomes.exclusion import counting
from triage.outcomes.lift import Problems, lift_of, problems_of
from triage.outcomes.sequence import FEWEST_PERSONS, known_at

MONTHS = 300


def covered(world: World, months: int) -> tuple[float, float]:
    """Return in which share of months the truth is covered: persons as clusters, and asks alone."""
    days, truth = true_lift(world)
    found = np.zeros(2)
    for seed in range(months):
        clustered = _problems(world, seed)
        alone = replace(clustered, who=np.arange(len(clustered.who)))
        for place, problems in enumerate((clustered, alone)):
            lift = lift_of(problems)
            if lift is not None:
                found[place] += lift.low <= float(np.interp(lift.days, days, truth)) <= lift.high
    return float(found[0] / months), float(found[1] / months)


def misled(world: World, months: int) -> float:
    """Return in which share of months without an effect a plain interval ever claims one."""
    return sum(_ever_claims(_problems(world, seed), world.days) for seed in range(months)) / months


def _ever_claims(problems: Problems, days: float) -> bool:
    for day in range(1, round(days) + 1):
        lift = lift_of(known_at(problems, START + day * DAY))
        early = lift is None or min(lift.holdout.persons, lift.treatment.persons) < FEWEST_PERSONS
        if lift is not None and not early and not lift.low <= 0 <= lift.high:
            return True
    return False


def _problems(world: World, seed: int) -> Problems:
    gathering = Gathering()
    for row in month_of(world, seed).rows:
        gathering.take(row)
    asks = asks_of(gathering.log())
    return problems_of(asks, counting(asks).kept, asks.person)


def main() -> None:
    """Print the three shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", type=int, default=MONTHS)
    months = parser.parse_args().months
    worlds = {world.name: world for world in WORLDS}
    together, alone = covered(worlds["few persons who ask much"], months)
    sys.stdout.write(f"covers the truth: {together:.1%} by persons, {alone:.1%} by asks\n")
    wrong = misled(worlds["no effect at all"], months)
    sys.stdout.write(f"the plain interval looked at daily misleads: {wrong:.1%}\n")


if __name__ == "__main__":
    main()
