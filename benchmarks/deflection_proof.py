"""Whether the measures of deflection tell the truth, in worlds whose truth is known.

Simulates months of askers, sends every month's events, shuffled and with replays, through the
report, and compares it with what is true of them. Prints a table a world and writes both to
docs/deflection-proof.md. The same draws come every time. `--months`: how many of each world.
Exit code 1 when a promise is broken. Not here: the askers (askers).
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.askers import DAY, START, World, month_of, true_lift
from triage.outcomes import Gathering, Wanted, asks_of, report_of, settle
from triage.outcomes.asks import Asks
from triage.outcomes.bounds import seen_asks
from triage.outcomes.exclusion import counting
from triage.outcomes.lift import problems_of
from triage.outcomes.sequence import looks
from triage.outcomes.surveying import silent_asks

MONTHS = 500
PAGE = Path(__file__).resolve().parents[1] / "docs" / "deflection-proof.md"
_BEGIN, _END = "<!-- begin: python -m benchmarks.deflection_proof -->", "<!-- end -->"

WORLDS = (
    World("suggestions help"),
    World("no effect at all", settles=0, helps=0, offered=0.9),
    World("no effect, three in ten press solved", settles=0, helps=0, offered=0.9, dishonest=0.3),
    World("holdout of 5 %", persons=1000, holdout=0.05),
    World("who is not helped comes back", returns=0.3),
    World("few persons who ask much", persons=150, problems_each=4, alike=0.4),
    World("half of the posts come days later", slow=0.5),
    World("it helps, and two in ten press solved unhelped", dishonest=0.2),
    World("who is not helped seldom replies to the survey", replies_if_not=0.15),
    World("those who post more are more in the holdout", persons=1000, unequal=0.5),
    World(
        "the same without any effect", persons=1000, unequal=0.5, settles=0, helps=0, offered=0.9
    ),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What one month's report said, beside what was true; `misled` on any day of the month."""

    lift: float
    truth: float
    covered: bool
    width: float
    misled: bool
    low: float
    high: float
    settled: float
    naive: float
    split_p: float
    survey: "Surveyed"


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What a month's survey said of the silent, and what was true of them; nan: nobody asked."""

    settled: float
    replied: float
    said: float
    covered: float
    contained: float
    width: float


_NOBODY = Surveyed(*[float("nan")] * 6)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of all months of a world."""

    world: World
    months: int
    truth: float
    lift: float
    width: float
    covered: float
    misled: float
    contained: float
    low: float
    settled: float
    high: float
    naive: float
    split_alarms: float
    survey: Surveyed

    @property
    def honest(self) -> bool:
        """Say whether only those press "solved" whose problem is."""
        return self.world.dishonest == 0

    def broken(self) -> Iterator[str]:
        """Name the promises that this world breaks."""
        name = self.world.name
        if not 0.93 <= self.covered <= 0.97:
            yield f"{name}: intervals cover the truth in {self.covered:.1%} of months"
        if self.misled > 0.05:
            yield f"{name}: the sequence misleads in {self.misled:.1%} of months"
        if self.honest and self.contained < 1:
            yield f"{name}: the bounds hold the settled share in {self.contained:.1%} of months"
        if self.survey.contained < 0.95:
            yield f"{name}: the survey's bounds hold the truth in {self.survey.contained:.1%}"
        alike = self.world.replies_if_settled == self.world.replies_if_not
        if alike and self.survey.covered < 0.93:
            yield f"{name}: the survey's interval covers the truth in {self.survey.covered:.1%}"
        if abs(self.lift - self.truth) > 3 * self.width / 3.92 / self.months**0.5:
            yield f"{name}: the mean lift {self.lift:.4f} is not the true one {self.truth:.4f}"


def judge(world: World, months: int) -> Verdict:
    """Simulate the months of a world and judge their reports."""
    truth = true_lift(world)
    told = [_told(world, truth, seed) for seed in range(months)]

    def mean(name: str) -> float:
        return float(np.mean([getattr(month, name) for month in told]))

    return Verdict(
        world,
        months,
        **{name: mean(name) for name in ("truth", "lift", "width", "covered", "misled")},
        contained=float(np.mean([m.low <= m.settled <= m.high for m in told])),
        **{name: mean(name) for name in ("low", "settled", "high", "naive")},
        split_alarms=float(np.mean([m.split_p < 0.05 for m in told])),
        survey=_mean_survey([m.survey for m in told]),
    )


def _told(world: World, truth: tuple[NDArray[np.float64], NDArray[np.float64]], seed: int) -> Told:
    month = month_of(world, seed)
    gathering = Gathering()
    for row in month.rows:
        gathering.take(row)
    asks = asks_of(gathering.log())
    found = report_of(asks, Wanted(world.holdout))
    true = float(np.interp(found["lift_days"], *truth))
    return Told(
        lift=found["lift"],
        truth=true,
        covered=found["lift_low"] <= true <= found["lift_high"],
        width=found["lift_high"] - found["lift_low"],
        misled=_misled(asks, world, truth),
        low=found["deflection_low"],
        high=found["deflection_high"],
        settled=month.really_settled,
        naive=found["naive_deflection"],
        split_p=found["srm_p"],
        survey=_surveyed(asks, found["survey"], month.settled),
    )


def _surveyed(
    asks: Asks, survey: Mapping[str, Any] | None, settled: Mapping[str, bool]
) -> Surveyed:
    """Hold what the survey says of the silent against how many of them were settled.

    All of them: the sample speaks for the asks that were silent long enough to come to the draw.
    """
    if survey is None:
        return _NOBODY
    counted = seen_asks(asks, counting(asks).kept) & (asks.followed >= 2.0)
    places = np.flatnonzero(silent_asks(settle(asks), counted))
    truth = float(np.mean([settled.get(asks.ids[place], False) for place in places.tolist()]))
    said = survey["answered_share"]
    return Surveyed(
        settled=truth,
        replied=survey["answered"] / survey["asked"],
        said=float("nan") if said is None else said,
        covered=float(survey["answered_low"] <= truth <= survey["answered_high"]),
        contained=float(survey["low"] <= truth <= survey["high"]),
        width=survey["high"] - survey["low"],
    )


def _mean_survey(found: Sequence[Surveyed]) -> Surveyed:
    columns = zip(*(astuple(one) for one in found if one is not _NOBODY), strict=True)
    return Surveyed(*(float(np.nanmean(column)) for column in columns))


def _misled(
    asks: Asks, world: World, truth: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> bool:
    """Say whether who looks at the end of every day is ever shown an interval without the truth."""
    problems = problems_of(asks, counting(asks).kept, asks.person)
    evenings = [START + day * DAY for day in range(1, round(world.days) + 1)]
    return any(
        not look.low <= float(np.interp(look.days, *truth)) <= look.high
        for look in looks(problems, evenings)
    )


def table(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Word the verdicts as two tables."""
    yield f"{verdicts[0].months} months of each world.\n"
    yield (
        "| world | true lift | mean lift | width of the interval | covers the truth |"
        " daily looks misled | not posted, of offered |"
    )
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for v in verdicts:
        yield (
            f"| {v.world.name} | {v.truth:+.3f} | {v.lift:+.3f} | {v.width:.3f} |"
            f" {v.covered:.1%} | {v.misled:.1%} | {v.naive:.1%} |"
        )
    yield ""
    yield (
        "| world | lower bound | really settled | upper bound | months in which they hold it |"
        " split alarms at 5 % |"
    )
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for v in verdicts:
        yield (
            f"| {v.world.name} | {v.low:.1%} | {v.settled:.1%} | {v.high:.1%} |"
            f" {v.contained:.1%} | {v.split_alarms:.1%} |"
        )
    yield ""
    yield (
        "| world | settled, of the silent | replied, of the asked | settled, of the replies |"
        " its interval covers the truth | the bounds hold it | width of the bounds |"
    )
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for v in verdicts:
        s = v.survey
        yield (
            f"| {v.world.name} | {s.settled:.1%} | {s.replied:.1%} | {s.said:.1%} |"
            f" {s.covered:.1%} | {s.contained:.1%} | {s.width:.3f} |"
        )


def main() -> int:
    """Judge every world; return 1 when a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", type=int, default=MONTHS)
    parser.add_argument("--no-page", action="store_true", help="print only")
    options = parser.parse_args()
    verdicts = []
    for world in WORLDS:
        verdicts.append(judge(world, options.months))
        sys.stderr.write(f"{world.name}: covered {verdicts[-1].covered:.1%}\n")
    lines = "\n".join(table(verdicts))
    sys.stdout.write(lines + "\n")
    if not options.no_page:
        page = PAGE.read_text(encoding="utf-8")
        before, rest = page.split(_BEGIN)
        PAGE.write_text(f"{before}{_BEGIN}\n{lines}\n{_END}{rest.split(_END)[1]}", encoding="utf-8")
    broken = [promise for verdict in verdicts for promise in verdict.broken()]
    sys.stderr.writelines(f"BROKEN {promise}\n" for promise in broken)
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
