"""How soon drift is told that is there, and how often drift that is not.

Replays months of real texts by made-up persons (drift_worlds), some with a planted shift, and looks
as `python -m triage drift` does: at each week's end at inputs and predictions, on each day at the
precision of judged cases. Prints two tables and writes them to docs/watching.md with `--write`.
`--months`: quiet months of each world; a third as many of each shift. Exit code 1 when a promise is
broken. Not here: the worlds.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.drift_worlds import (
    PROMISE,
    SHIFTS,
    Material,
    Months,
    Shift,
    World,
    material,
    months,
)
from benchmarks.kept import KeptEncoder
from benchmarks.sets import ROOT, SHARED
from triage.encode import DEFAULT, open_encoder
from triage.insight.drift import WEEK, Drift, Part, Verdict, look, precise
from triage.outcomes.intervals import wilson

PAGE = ROOT / "docs" / "watching.md"
_BEGIN, _END = "<!-- begin: python -m benchmarks.drift -->", "<!-- end -->"
_MONTH = 4
_WRONG = 0.05
_NINETY_FIVE = 1.959964

WORLDS = (
    ("a forum as usual: 250 asks a week", World()),
    ("the same 60 persons ask eight of ten", World(returning=0.8, regulars=60)),
    ("topics with restless weeks", World(calm=3.0)),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What one month came to: after how many days drift was told, None: never, and where."""

    days: int | None
    drifts: Sequence[Drift] = ()


def quiet(made: Material, world: World, seed: int) -> Told:
    """Look at a month without a shift, at its end of each week and on each day."""
    there = months(made, world, seed, None, 0)
    start = there.reference.end
    for day in range(start + 1, start + _MONTH * WEEK + 1):
        found = _drifted(there, day, tuple(Part))
        if found:
            return Told(day - start, found)
    return Told(None)


def shifted(made: Material, shift: Shift, seed: int) -> Told:
    """Look until a shift is told, or the weeks are over."""
    begins = int(np.random.default_rng(seed).integers(0, 2 * WEEK)) + 8 * WEEK
    there = months(made, World(), seed, shift, begins)
    parts = (Part.INPUTS, Part.PREDICTIONS) if shift.comes else (Part.PRECISION,)
    for day in range(begins + 1, there.end + 1):
        found = _drifted(there, day, parts)
        if found:
            return Told(day - begins, found)
    return Told(None)


def _drifted(there: Months, day: int, parts: Sequence[Part]) -> list[Drift]:
    found: list[Drift] = []
    # Between two ends of weeks the verdicts stand.
    if Part.INPUTS in parts and (day - there.reference.end) % WEEK == 0:
        traffic = (
            (Part.INPUTS, there.inputs, there.reference),
            (Part.PREDICTIONS, there.predictions, there.reference),
        )
        found += look(traffic, day)
    if Part.PRECISION in parts:
        by_now = there.judged.day < day
        slices = {
            kind: [name for name, known in zip(names, by_now, strict=True) if known]
            for kind, names in there.judged.slices.items()
        }
        judged = replace(
            there.judged,
            day=there.judged.day[by_now],
            who=there.judged.who[by_now],
            right=there.judged.right[by_now],
            slices=slices,
        )
        found += precise({"topic": judged}, {"topic": PROMISE}, there.reference.end)
    return [one for one in found if one.verdict is Verdict.DRIFTED]


def measured(made: Material, count: int, seed: int, only: str | None) -> Iterator[tuple[str, bool]]:
    """Yield the lines of both tables, each with whether its promise was kept."""
    if only != "shifts":
        yield from _quiet_months(made, count, seed)
    if only is None:
        yield "", True
    if only != "quiet":
        yield from _shifts(made, max(1, count // 3), seed + 1000)


def _quiet_months(made: Material, count: int, seed: int) -> Iterator[tuple[str, bool]]:
    yield "| months without a shift | months | false alarms | 95 % interval | which |", True
    yield "| --- | --- | --- | --- | --- |", True
    for name, world in WORLDS:
        told = [quiet(made, world, seed + i) for i in range(count)]
        wrong = [one for one in told if one.days is not None]
        which = ", ".join(sorted({_named(one.drifts[0]) for one in wrong})) or "-"
        line = f"| {name} | {count} | {len(wrong)} | {_between(len(wrong), count)} | {which} |"
        yield line, len(wrong) <= _WRONG * count


def _shifts(made: Material, times: int, seed: int) -> Iterator[tuple[str, bool]]:
    yield "| shift | told in time | share, 95 % interval | days: median, most | first by |", True
    yield "| --- | --- | --- | --- | --- |", True
    for shift in SHIFTS:
        told = [shifted(made, shift, seed + i) for i in range(times)]
        days = [one.days for one in told if one.days is not None]
        soon = sum(day <= shift.days for day in days)
        first = sorted({one.drifts[0].measure for one in told if one.drifts})
        how_soon = f"{np.median(days):.0f}, {max(days)}" if days else "-"
        line = (
            f"| {shift.name} | {soon} of {times} within {shift.days} days |"
            f" {_between(soon, times)} | {how_soon} | {', '.join(first) or '-'} |"
        )
        yield line, soon >= 0.9 * times


def _named(one: Drift) -> str:
    return f"{one.measure} ({one.slice})"


def _between(part: int, whole: int) -> str:
    low, high = wilson(part / whole, whole, _NINETY_FIVE)
    return f"{part / whole:.0%} ({low:.0%} to {high:.0%})"


def _write(lines: Sequence[str]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(_BEGIN)
    _, after = rest.split(_END)
    page = f"{before}{_BEGIN}\n\n" + "\n".join(lines) + f"\n\n{_END}{after}"
    PAGE.write_text(page, encoding="utf-8")


def main() -> None:
    """Print the tables; say whether all promises were kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--only", choices=("quiet", "shifts"))
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if not (options.shared / "banking77").exists():
        raise SystemExit(f"There is no {options.shared / 'banking77'}; say --shared FOLDER.")
    encoder = open_encoder(DEFAULT)
    assert encoder is not None
    made = material(options.shared, KeptEncoder(encoder, ROOT / "build" / "vectors"))
    lines, kept = [], True
    for line, well in measured(made, options.months, options.seed, options.only):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        lines.append(line)
        kept &= well
    if options.write:
        _write(lines)
    if not kept:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
