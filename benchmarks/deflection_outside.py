"""Our Kaplan-Meier, split test and always-valid intervals beside those of lifelines and savvi.

Where both can say the same, they must; where they differ, the table says by how much and who keeps
the promise. Needs `pip install -e .[outside]`, which nothing else does. Prints a table; exit code 1
when what must be equal is not. The same draws come every time. `--months`.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from lifelines import KaplanMeierFitter
from lifelines.utils import median_survival_times
from numpy.typing import NDArray
from savvi.linear_regression import LinearRegression
from savvi.multinomial import Multinomial

from triage.outcomes.intervals import clustered_error, clusters_of
from triage.outcomes.lift import Problems, lift_of
from triage.outcomes.sequence import always_valid, known_at, split_p_always
from triage.outcomes.survival import ended_by
from triage.outcomes.told import HOLDOUT, TREATMENT
from triage.outcomes.waits import Waits

DAY = 86_400.0
ALPHA = 0.05
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was compared; `equal` where it must be so."""

    what: str
    ours: str
    theirs: str
    equal: bool = True


def survival(random: np.random.Generator, sets: int) -> Iterator[Row]:
    """Compare shares, their errors, and medians with lifelines."""
    apart, errors, held, width = 0.0, 0.0, np.zeros(2), np.zeros(2)
    for _ in range(sets):
        after, followed = random.exponential(6, 300), random.uniform(0, 28, 300)
        fitter = KaplanMeierFitter(alpha=ALPHA).fit(np.minimum(after, followed), after <= followed)
        for days in (1.0, 7.0, 14.0):
            ours = ended_by(after, followed, days)
            apart = max(apart, abs(1 - float(fitter.predict(days)) - ours.share))
            error = clustered_error(ours.influence, clusters_of(np.arange(300)))
            greenwood = float(fitter.predict(days)) * _greenwood(fitter, days)
            # Ours is corrected for few persons, 300 here.
            errors = max(errors, abs(error * (299 / 300) ** 0.5 / greenwood - 1))
        found = Waits(after, followed, np.arange(300)).quantile(0.5)
        low, high = median_survival_times(fitter.confidence_interval_).to_numpy()[0].tolist()
        ends = (found[1:] if found is not None else (np.inf, np.inf), (low, high))
        for place, (a, b) in enumerate(ends):
            held[place] += a <= 6 * np.log(2) <= b
            width[place] += b - a
    yield Row("share that ended, largest difference", f"{apart:.1e}", "", apart < 1e-9)
    yield Row("its error without clusters, ratio less 1", f"{errors:.1e}", "", errors < 1e-6)
    holds, wide = ([float(one) / sets for one in values] for values in (held, width))
    yield Row("interval of the median: holds it", f"{holds[0]:.1%}", f"{holds[1]:.1%}")
    yield Row("interval of the median: width in days", f"{wide[0]:.2f}", f"{wide[1]:.2f}")


def _greenwood(fitter: KaplanMeierFitter, days: float) -> float:
    """Return Greenwood's error relative to the share, from the fitter's own table."""
    table = fitter.event_table
    table = table[table.index <= days]
    at_risk, ended = table["at_risk"].to_numpy(), table["observed"].to_numpy()
    return float(np.sqrt(np.sum(ended / (at_risk * (at_risk - ended)))))


def split(random: np.random.Generator, sets: int) -> Iterator[Row]:
    """Compare the p-value of the split that may be looked at after every person with savvi."""
    apart = 0.0
    for number in range(sets):
        share = 0.05 if number % 2 else 0.2
        held = random.random(400) < (share if number % 3 else share * 1.8)
        theirs = Multinomial(ALPHA, np.array([share, 1 - share]))
        smallest = 1.0
        for one in held:
            theirs.update(np.array([int(one), int(not one)]))
            smallest = min(smallest, float(theirs.calculate_p_value()))
        ours = split_p_always(held, share)
        apart = max(apart, abs((ours or 0.0) / min(1.0, smallest) - 1))
    yield Row("p-value of the split, largest ratio less 1", f"{apart:.1e}", "", apart < 1e-6)


def sequences(random: np.random.Generator, months: int) -> Iterator[Row]:
    """Compare daily looks at independent, uncensored asks, which savvi's regression is for."""
    for name, effect in (("no effect", 0.0), ("a lift of 0.12", 0.12)):
        misled, width = np.zeros(3), np.zeros(3)
        for _ in range(months):
            problems = _month(random, effect)
            found = [_ours(problems), *(_theirs(problems, phi) for phi in (1.0, 100.0))]
            for place, looks in enumerate(found):
                misled[place] += any(not low <= effect <= high for low, high in looks)
                width[place] += looks[-1][1] - looks[-1][0]
        ours, *theirs = misled / months
        yield Row(f"{name}: daily looks misled", f"{ours:.1%}", _pair(theirs, ".1%"), ours <= ALPHA)
        ours, *theirs = width / months
        yield Row(f"{name}: width on the last day", f"{ours:.3f}", _pair(theirs, ".3f"))


def _pair(values: list[float], form: str) -> str:
    return " / ".join(format(value, form) for value in values)


def _month(random: np.random.Generator, effect: float) -> Problems:
    n = 480
    arm = np.where(random.random(n) < 0.2, HOLDOUT, TREATMENT)
    posts = random.random(n) < np.where(arm == HOLDOUT, 0.4, 0.4 - effect)
    start = np.sort(random.random(n)) * 30 * DAY
    # Posted at once, or never: nothing is open when it is looked at.
    after = np.where(posts, 0.0, np.inf)
    every = np.arange(n)
    return Problems(every, arm, every, start, after, np.full(n, 1e6))


def _ours(problems: Problems) -> list[tuple[float, float]]:
    found = []
    for day in range(1, 31):
        lift = lift_of(known_at(problems, day * DAY))
        interval = None if lift is None else always_valid(lift)
        found.append(interval or (-1.0, 1.0))
    return found


def _theirs(problems: Problems, phi: float) -> list[tuple[float, float]]:
    regression = LinearRegression(ALPHA, 2, phi)
    found, done = [], 0
    for day in range(1, 31):
        until = int(np.searchsorted(problems.start, day * DAY, side="right"))
        for place in range(done, until):
            held = float(problems.arm[place] == HOLDOUT)
            post = float(np.isfinite(problems.after[place]))
            regression.update(np.array([post, 1.0, held]))
        done = until
        low, high = regression.calculate_conf_int()[1].tolist()
        found.append((low, high))
    return found


def main() -> int:
    """Print the table; return 1 when what must be equal is not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", type=int, default=200)
    months = parser.parse_args().months
    random = np.random.default_rng(11)
    rows = [*survival(random, months), *split(random, 40), *sequences(random, months)]
    sys.stdout.write("| compared | here | lifelines, savvi | |\n| --- | ---: | ---: | --- |\n")
    for row in rows:
        kept = "" if row.equal else "BROKEN"
        sys.stdout.write(f"| {row.what} | {row.ours} | {row.theirs} | {kept} |\n")
    return 0 if all(row.equal for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
