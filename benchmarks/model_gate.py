"""How often the gate for new models refuses one that is as good, and catches one that is worse.

Two models are drawn that answer the same questions: each head is right with some probability, and
a share of the questions is answered otherwise by the challenger, as often better as worse, but for
one slice in which it loses. The answers go through the slices, margins and tests that training
uses; with `--whole` through all of the gate, decisions and calibration included, which takes ten
times as long. Nothing is trained: what is tried is the gate.

    python -m benchmarks.model_gate --runs 100
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from triage.classify import HARD, UNKNOWN
from triage.costs import Costs, cost_of
from triage.decide import Policy
from triage.decide.gate import shipped_gate
from triage.learn.contest.challenge import Margins, Trial, judge, margin_of
from triage.learn.contest.said import Routing, label_of
from triage.learn.contest.verdict import COST, Basis, Outcome, Tried, Verdict
from triage.learn.heads.labels import filed_labels
from triage.learn.statistics.losses import Pairs, compare_all
from triage.learn.statistics.slices import slices_of
from triage.records import HEADS, Case, Destination, Kind, Label, Target

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_START = datetime(2026, 1, 1, tzinfo=UTC)
_CLASSES = {
    Target.KIND: [str(k) for k in Kind],
    Target.TOPIC: [f"topic{i}" for i in range(12)],
    Target.SEVERITY: ["1", "2", "3", "4"],
    Target.DIFFICULTY: ["easy", HARD],
    Target.DESTINATION: ["community", "expert"],
    Target.TONE: ["calm", "angry", "at_risk"],
}
_RIGHT = {
    Target.KIND: 0.75,
    Target.TOPIC: 0.8,
    Target.SEVERITY: 0.7,
    Target.DIFFICULTY: 0.72,
    Target.DESTINATION: 0.82,
    Target.TONE: 0.88,
}
_ROUTING = Routing(Policy(), shipped_gate())
_LANGUAGES = (("en", 0.4), ("sv", 0.2), ("nb", 0.12), ("da", 0.12), ("fi", 0.08), ("de", 0.08))


@dataclass(frozen=True, slots=True)
class World:
    """New cases, known cases, the share answered otherwise, and the loss within a language."""

    name: str
    new: int
    known: int
    otherwise: float
    lang: str | None = None
    heads: tuple[Target, ...] = ()
    loss: float = 0.0


WORLDS = (
    World("as good, 60 new", 60, 700, 0.15),
    World("as good, 300 new", 300, 1500, 0.15),
    World("as good, 300 new, much answered otherwise", 300, 1500, 0.3),
    World("as good, no new", 0, 700, 0.15),
    World("sv kind -15 points", 300, 1500, 0.15, "sv", (Target.KIND,), 0.15),
    World("sv kind -30 points", 300, 1500, 0.15, "sv", (Target.KIND,), 0.3),
    World("sv kind -30 points, 60 new", 60, 700, 0.15, "sv", (Target.KIND,), 0.3),
    World("fi kind -30 points", 300, 1500, 0.15, "fi", (Target.KIND,), 0.3),
    World("fi all heads -30 points", 300, 1500, 0.15, "fi", HEADS, 0.3),
    World("fi all heads -30 points, 60 new", 60, 700, 0.15, "fi", HEADS, 0.3),
    World("en destination -10 points", 300, 1500, 0.15, "en", (Target.DESTINATION,), 0.1),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of one basis; which models answer them is drawn anew for every run."""

    basis: Basis
    cases: list[Case]
    sets: NDArray[np.int64]
    filed: dict[Target, list[str | None]]
    slices: Mapping[str, NDArray[np.int64]]

    def hours(self, costs: Costs) -> tuple[Floats, Floats]:
        """Return what deciding each question rightly costs, and wrongly."""
        found = []
        for swap in (False, True):
            row = []
            for case in self.cases:
                truth = Destination(case.destination or "")
                other = next(d for d in Destination if d is not truth)
                row.append(cost_of(truth, other if swap else truth, case.severity, costs))
            found.append(np.array(row))
        return found[0], found[1]


def draw_questions(world: World, rng: np.random.Generator) -> list[Asked]:
    """Draw the questions; many have a twin."""
    asked, begin = [], 0
    for basis, n in ((Basis.TIME, world.new), (Basis.FOLDS, world.known)):
        if n:
            cases = [_case(i, rng) for i in range(n)]
            sets = begin + np.sort(rng.integers(0, max(1, int(n * 0.75)), n))
            slices = slices_of(cases, [UNKNOWN] * n, [case.kind for case in cases])
            asked.append(Asked(basis, cases, sets, filed_labels(cases), slices))
        begin += n
    return asked


def draw_right(
    asked: Asked, world: World, rng: np.random.Generator
) -> dict[Target, tuple[Mask, Mask]]:
    """Draw which questions each head of either model answers rightly."""
    n = len(asked.cases)
    inside = np.array([case.lang == world.lang for case in asked.cases])
    found = {}
    for target, right in _RIGHT.items():
        was = rng.random(n) < right
        # As many are gained as lost, so no more than half of the wrong ones become right.
        moved = min(world.otherwise / 2, (1 - right) / 2)
        now = was ^ (rng.random(n) < moved / np.where(was, right, 1 - right))
        if target in world.heads:
            now &= ~(inside & (rng.random(n) < world.loss / right))
        found[target] = (was, now)
    return found


def quick(asked: Sequence[Asked], world: World, rng: np.random.Generator) -> list[Tried]:
    """Draw answers and compare them in every slice."""
    margins, costs, every = Margins(), Costs(), []
    for one in asked:
        values: dict[str, tuple[Floats, Floats]] = {}
        for target, (was, now) in draw_right(one, world, rng).items():
            values[target.value] = (was.astype(float), now.astype(float))
            if target is Target.DESTINATION:
                right, wrong = one.hours(costs)
                values[COST] = (-np.where(was, right, wrong), -np.where(now, right, wrong))
        for measure, (before, after) in values.items():
            for name, places in one.slices.items():
                margin = margin_of(measure, name, margins)
                pairs = Pairs(one.sets[places], before[places], after[places], margin)
                every.append((one.basis, measure, name, pairs))
    found = compare_all([pairs for *_, pairs in every], int(rng.integers(2**31)))
    return [
        Tried(basis, measure, name, pairs.margin, one)
        for (basis, measure, name, pairs), one in zip(every, found, strict=True)
    ]


def draw_trial(asked: Asked, world: World, rng: np.random.Generator) -> Trial:
    """Draw what both models say, as labels."""
    before: list[dict[Target, Label]] = [{} for _ in asked.cases]
    after: list[dict[Target, Label]] = [{} for _ in asked.cases]
    for target, (was, now) in draw_right(asked, world, rng).items():
        for i, truth in enumerate(asked.filed[target]):
            assert truth is not None
            before[i][target] = label = _label(target, truth, bool(was[i]), rng)
            after[i][target] = label if was[i] == now[i] else _label(target, truth, now[i], rng)
    facts = [UNKNOWN] * len(asked.cases)
    return Trial(asked.basis, asked.cases, facts, asked.sets, before, after, asked.filed)


def _case(number: int, rng: np.random.Generator) -> Case:
    names, shares = zip(*_LANGUAGES, strict=True)
    drawn = {t: str(rng.choice(classes)) for t, classes in _CLASSES.items()}
    return Case(
        f"c{number}",
        "Question",
        "",
        lang=str(rng.choice(names, p=shares)),
        product=f"product{int(rng.integers(5))}",
        created=_START + timedelta(hours=number),
        kind=drawn[Target.KIND],
        topic=drawn[Target.TOPIC],
        severity=int(rng.choice([1, 2, 3, 4], p=[0.05, 0.15, 0.4, 0.4])),
        difficulty=0.9 if drawn[Target.DIFFICULTY] == HARD else 0.1,
        destination=str(rng.choice(["community", "expert"], p=[0.7, 0.3])),
        tone=drawn[Target.TONE],
    )


def _label(target: Target, truth: str, right: bool, rng: np.random.Generator) -> Label:
    """Return a calibrated label: a right one is surer, as often as its confidence says."""
    others = [c for c in _CLASSES[target] if c != truth]
    guess = truth if right else others[int(rng.integers(len(others)))]
    share = _RIGHT[target]
    spread = 0.12
    # Of two confidences, one above and one below the share of right ones, by Bayes' rule.
    high, low = share + spread * (1 - share) / 0.5, share - spread * share / 0.5
    surely = (share - low) / (high - low) * high / share
    surely = surely if right else (share - low) / (high - low) * (1 - high) / (1 - share)
    confidence = high if rng.random() < surely else max(low, 0.5)
    return label_of(target, guess, confidence, 0.5)


def measure(world: World, many: int, seed: int, *, whole: bool) -> dict[str, object]:
    """Return how often a world's challenger is refused, and for what."""
    began = time.process_time()
    asked = draw_questions(world, np.random.default_rng(seed))
    where, refused, named, by_calibration, undecided = f"language {world.lang}", 0, 0, 0, []
    for run in range(many):
        rng = np.random.default_rng([seed, run])
        if whole:
            verdict = judge("it", [draw_trial(a, world, rng) for a in asked], _ROUTING, (), run)
        else:
            tried = tuple(quick(asked, world, rng))
            outcome = Outcome.REFUSED if any(t.worse for t in tried) else Outcome.ACCEPTED
            verdict = Verdict(outcome, "it", tried=tried)
        refused += verdict.refused
        named += any(t.worse and t.slice == where for t in verdict.tried)
        by_calibration += any(c.worse for c in verdict.calibrated)
        undecided.append(len(verdict.undecided))
    return {
        "world": world.name,
        "runs": many,
        "refused": refused / many,
        "slice_named": named / many if world.lang else None,
        "by_calibration": by_calibration / many if whole else None,
        "undecided": float(np.mean(undecided)),
        "seconds_a_run": round((time.process_time() - began) / many, 2),
    }


def main() -> None:
    """Measure every world and say each as one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="worlds whose name has this in it")
    parser.add_argument("--whole", action="store_true", help="decisions and calibration as well")
    asked = parser.parse_args()
    for world in WORLDS:
        if asked.only in world.name:
            sys.stdout.write(
                json.dumps(measure(world, asked.runs, asked.seed, whole=asked.whole)) + "\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()
